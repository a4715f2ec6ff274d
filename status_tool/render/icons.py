"""The shape and colour of each component status, and the icon of a browser tab, with or without the owner's."""

from __future__ import annotations

import base64
from pathlib import PurePath
from urllib.parse import quote

from status_tool.model.component import ComponentStatus

_DISC = "M8 0a8 8 0 1 1 0 16A8 8 0 0 1 8 0Z"
SHAPES = {  # colour, SVG path of the background, SVG path of the sign
    ComponentStatus.OPERATIONAL: ("#1a7f4b", _DISC, "m4 8 3 3 5-6"),
    ComponentStatus.UNDER_MAINTENANCE: ("#2f5fd0", "M2 0h12l2 2v12l-2 2H2l-2-2V2Z", "M8 3v5l4 3"),
    ComponentStatus.UNKNOWN: ("#5f6b7a", _DISC, "M5 6a3 3 0 1 1 3 3v1m0 2v2"),
    ComponentStatus.DEGRADED_PERFORMANCE: ("#946200", "m8 0 8 8-8 8-8-8Z", "M8 3v6m0 2v2"),
    ComponentStatus.PARTIAL_OUTAGE: ("#b94a00", "m8 0 8 16H0Z", "M8 5v6m0 1v2"),
    ComponentStatus.MAJOR_OUTAGE: ("#c1121f", "M5 0h6l5 5v6l-5 5H5l-5-5V5Z", "m5 5 6 6m0-6-6 6"),
}


IMAGE_TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".gif": "image/gif",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
}
"""Suffix -> media type of the icons of owners that a tab's icon may contain."""


def data_uri(status: ComponentStatus) -> str:
    """The icon of the browser tab as a data URI, `data:image/svg+xml,...`, which needs no request."""
    color, background, sign = SHAPES[status]
    svg = (
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'>"
        f"<path fill='{color}' d='{background}'/><path fill='none' stroke='#fff' stroke-width='2' d='{sign}'/></svg>"
    )
    return "data:image/svg+xml," + quote(svg, safe="='/:-.,")


def with_badge(image: bytes, media_type: str, status: ComponentStatus) -> bytes:
    """An SVG of the owner's `image` with the shape of `status` in its lower right corner.

    It contains the image, as an SVG that is shown as an icon may load nothing.
    """
    color, background, sign = SHAPES[status]
    data = base64.b64encode(image).decode()
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        f'<image width="32" height="32" href="data:{media_type};base64,{data}"/>'
        '<g transform="translate(13 13) scale(1.1875)" stroke="#fff">'
        f'<path fill="{color}" stroke-width="3" paint-order="stroke" d="{background}"/>'
        f'<path fill="none" stroke-width="2" d="{sign}"/></g></svg>\n'
    ).encode()


def media_type(name: str) -> str:
    """The media type of an owner's icon by its name; empty if a tab's icon cannot contain it."""
    return IMAGE_TYPES.get(PurePath(name).suffix.lower(), "")
