"""The state on the pages of a product: a script that puts it there, and a small page for a frame."""

from __future__ import annotations

import json

from markupsafe import Markup

from status_tool.outputs import security_policy
from status_tool.render import icons, phrases
from status_tool.render.context import Edition


def script(edition: Edition) -> bytes:
    """`/embed.js`: says on any page what `/status.json` has to say, in the reader's language."""
    shapes = json.dumps({status.value: shape for status, shape in icons.SHAPES.items()}, separators=(",", ":"))
    return edition.templates.render("embed.js", shapes=Markup(shapes)).encode("utf-8")


def page(edition: Edition) -> bytes:
    """`/embed.html`: the state as of the build; our script keeps it true as it does every page."""
    summary = edition.summary
    html = edition.templates.render(
        "embed.html",
        edition=edition,
        summary=summary,
        settings=edition.settings,
        headline=phrases.headline(edition.language, summary),
        icon=icons.address(summary.shown),
        turns=json.dumps(edition.turns, ensure_ascii=False, separators=(",", ":")) if edition.turns else "",
        current=(*summary.open, *summary.running),
        update_label=lambda status: phrases.update_status(edition.language, status),
    )
    return security_policy.guarded(html).encode("utf-8")
