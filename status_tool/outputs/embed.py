"""How other sites show the status: a script, and a small page for an iframe."""

from __future__ import annotations

import json

from markupsafe import Markup

from status_tool.outputs import cards, security_policy
from status_tool.outputs.status_schema import VERSION
from status_tool.render import icons, phrases
from status_tool.render.context import RenderContext


def script(context: RenderContext) -> bytes:
    """`/embed.js`: shows the status from `/status.json` on any page, in the reader's language."""
    shapes = json.dumps({status.value: shape for status, shape in icons.SHAPES.items()}, separators=(",", ":"))
    return context.templates.render("embed.js", shapes=Markup(shapes), version=VERSION).encode("utf-8")


def page(context: RenderContext) -> bytes:
    """`/embed.html`: the status at the time of the build; `status.js` updates it, as on every page."""
    summary = context.summary
    html = context.templates.render(
        "embed.html",
        context=context,
        summary=summary,
        settings=context.settings,
        headline=context.marked(phrases.headline(context.language, summary)),
        card=Markup(_card(context)),
        icon=context.tab_icon(summary.shown_status),
        transitions=json.dumps(context.transitions, ensure_ascii=False, separators=(",", ":"))
        if context.transitions
        else "",
        current=(*summary.open, *summary.running),
        update_label=lambda status: phrases.update_status(context.language, status),
    )
    return security_policy.with_policy(html).encode("utf-8")


def _card(context: RenderContext) -> str:
    """The card of the home page, for a link to the page in the frame."""
    return cards.tags(context, "", cards.home(context, context.settings.site_name, cards.home_address(context)))
