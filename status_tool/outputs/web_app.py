"""How a browser shows the site as an app: its manifest, its icons, and the links to them.

The icons say nothing of a status, as a device keeps them.
"""

from __future__ import annotations

import json

from status_tool.outputs.pictures import APP_ICON_SIZES
from status_tool.render.context import RenderContext

MANIFEST = "app.webmanifest"
ICONS = {f"app-icon-{size}.png": size for size in APP_ICON_SIZES}
"""Path below the site's root -> width and height in pixels."""
BACKGROUND = "#ffffff"


def manifest(context: RenderContext) -> bytes:
    """`/app.webmanifest` (https://www.w3.org/TR/appmanifest/). Its addresses are relative: it works below any path."""
    name = context.marked(context.settings.site_name)
    document = {
        "name": name,
        "short_name": name,
        "lang": context.language.code,
        "dir": context.language.direction,
        "start_url": "./",
        "scope": "./",
        "display": "minimal-ui",  # with a button that loads the page again
        "background_color": BACKGROUND,
        "theme_color": BACKGROUND,
        "icons": [
            {"src": path, "sizes": f"{size}x{size}", "type": "image/png", "purpose": "any maskable"}
            for path, size in ICONS.items()
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8") + b"\n"


def links(base: str) -> str:
    """The `<link>`s in the head of a page; `base` is the relative address of the site's root."""
    icon = next(iter(ICONS))
    return f'<link rel="manifest" href="{base}{MANIFEST}">\n<link rel="apple-touch-icon" href="{base}{icon}">\n'
