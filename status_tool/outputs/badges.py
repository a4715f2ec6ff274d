"""The state as a badge for other people's pages: a picture of our own, and the words for one by Shields.

A badge stands in a README for years and cannot know that it has grown old, as a page's script can. So it always
shows as of when it speaks.
"""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from status_tool.model.component import OPERATIONAL, ComponentStatus
from status_tool.model.uptime import ComponentSummary
from status_tool.outputs import text_width
from status_tool.render import icons, phrases
from status_tool.render.context import RenderContext
from status_tool.text.zones import zone_name

CACHE_SECONDS = 300
"""The shortest time for which Shields keeps a badge (https://shields.io/badges/endpoint-badge)."""
MOST = 60
"""Characters of a name; the rest is in the picture's title."""

_HEIGHT, _SIZE, _PADDING, _ICON, _GAP = 20, 11, 6, 12, 4
_GREY = "#3a424d"
_FONTS = "Verdana,Geneva,&apos;DejaVu Sans&apos;,sans-serif"


@dataclass(frozen=True)
class Badge:
    """What one badge says."""

    name: str
    message: str
    status: ComponentStatus
    """Whose colour and shape it has."""
    time: str
    """When it was written, in short: `2026-11-23 14:05 UTC`."""
    sentence: str
    """The whole of it, for those who listen."""
    language: str


def site(context: RenderContext) -> Badge:
    """The same words, colour and shape as stand on top of the home page."""
    headline = phrases.headline(context.language, context.summary)
    return _badge(context, context.settings.site_name, headline, context.summary.shown)


def component(context: RenderContext, part: ComponentSummary) -> Badge:
    return _badge(context, part.component.name, phrases.component_status(context.language, part.status), part.status)


def _badge(context: RenderContext, name: str, message: str, status: ComponentStatus) -> Badge:
    here = context.now.astimezone(context.language.zone)
    as_of = context.language.gettext("As of %(time)s") % {"time": context.language.when(context.now)}
    return Badge(
        name=name,
        message=message,
        status=status,
        time=f"{here:%Y-%m-%d %H:%M} {zone_name(here)}",
        sentence=f"{context.language.labelled(name, message)}. {as_of}",
        language=context.language.phrase_language,
    )


def endpoint(badge: Badge) -> bytes:
    """`badge.json`, from which Shields makes a badge (https://shields.io/badges/endpoint-badge).

    `isError` is how Shields is told that nobody may choose the colour: what is not operational stays so
    with `?color=green` as well.
    """
    document = {
        "schemaVersion": 1,
        "label": badge.name,
        "message": f"{badge.message} ({badge.time})",
        "color": icons.SHAPES[badge.status][0],
        "isError": badge.status is not OPERATIONAL,
        "cacheSeconds": CACHE_SECONDS,
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8") + b"\n"


def svg(badge: Badge) -> bytes:
    """`badge.svg`: the name, the state with its shape, and the time, side by side.

    The font is the reader's, so each text is given the width it will have in Verdana, into which a browser
    fits whatever font there is.
    """
    color, ground, sign = icons.SHAPES[badge.status]
    texts = (shortened(badge.name), badge.message, badge.time)
    lengths = [round(text_width.em(text) * _SIZE, 1) for text in texts]
    before = [_PADDING, _PADDING + _ICON + _GAP, _PADDING]  # each text's room on its left
    edges = [0]
    for room, length in zip(before, lengths, strict=True):
        edges.append(edges[-1] + math.ceil(room + length + _PADDING))
    width = edges[-1]
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{_HEIGHT}" viewBox="0 0 {width} {_HEIGHT}"'
        f' role="img" aria-label="{escape(badge.sentence)}" lang="{badge.language}">',
        f"<title>{escape(badge.sentence, quote=False)}</title>",
        f'<path fill="{_GREY}" d="M{edges[1]} 0H3a3 3 0 0 0-3 3v14a3 3 0 0 0 3 3H{edges[1]}Z"/>',
        f'<path fill="{color}" d="M{edges[1]} 0H{edges[2]}V20H{edges[1]}Z"/>',
        f'<path fill="{_GREY}" d="M{edges[2]} 0H{width - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H{edges[2]}Z"/>',
        f'<g transform="translate({edges[1] + _PADDING} 4) scale(.75)"><path fill="#fff" d="{ground}"/>'
        f'<path fill="none" stroke="{color}" stroke-width="2" d="{sign}"/></g>',
        f'<g fill="#fff" font-family="{_FONTS}" font-size="{_SIZE}" text-anchor="middle">',
        *_texts(texts, lengths, [edge + room for edge, room in zip(edges, before, strict=False)]),
        "</g>",
        "</svg>",
    ]
    return "\n".join(lines).encode("utf-8") + b"\n"


def _texts(texts: tuple[str, ...], lengths: list[float], begins: list[int]) -> Iterator[str]:
    for text, length, begin in zip(texts, lengths, begins, strict=True):
        direction = ' direction="rtl"' if is_rtl(text) else ""
        yield (
            f'<text x="{begin + length / 2:.2f}" y="14" textLength="{length}" lengthAdjust="spacingAndGlyphs"'
            f"{direction}>{escape(text, quote=False)}</text>"
        )


def is_rtl(text: str) -> bool:
    """Whether the first letter that has a direction is written from right to left."""
    directions = (unicodedata.bidirectional(character) for character in text)
    return next((found for found in directions if found in ("L", "R", "AL")), "L") != "L"


def shortened(text: str) -> str:
    """At most `MOST` characters of a text, and none of them torn from what belongs to it."""
    if len(text) <= MOST:
        return text
    end = MOST - 1
    while end and (text[end - 1] == "\u200d" or text_width.em(text[end]) == 0):
        end -= 1
    return text[:end].rstrip() + "…"
