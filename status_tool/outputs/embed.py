"""The state on other people's pages: a script that shows it there, and a small page for a frame."""

from __future__ import annotations

import json

from markupsafe import Markup

from status_tool.outputs import security_policy
from status_tool.render import icons, phrases
from status_tool.render.context import RenderContext


def script(context: RenderContext) -> bytes:
    """`/embed.js`: shows on any page the state that `/status.json` contains, in the reader's language."""
    shapes = json.dumps({status.value: shape for status, shape in icons.SHAPES.items()}, separators=(",", ":"))
    return context.templates.render("embed.js", shapes=Markup(shapes)).encode("utf-8")


def page(context: RenderContext) -> bytes:
    """`/embed.html`: the state at the time of the build; `status.js` keeps it true, as on every page."""
    summary = context.summary
    html = context.templates.render(
        "embed.html",
        context=context,
        summary=summary,
        settings=context.settings,
        headline=phrases.headline(context.language, summary),
        icon=icons.address(summary.shown),
        transitions=json.dumps(context.transitions, ensure_ascii=False, separators=(",", ":"))
        if context.transitions
        else "",
        current=(*summary.open, *summary.running),
        update_label=lambda status: phrases.update_status(context.language, status),
    )
    return security_policy.guarded(html).encode("utf-8")
