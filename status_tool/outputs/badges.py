"""What a badge contains: the status as an SVG image, and as JSON for an image by Shields.

Unlike a page, a badge has no script that can mark it as out of date. So it always shows the time of the build.
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
"""The shortest cache time that Shields accepts (https://shields.io/badges/endpoint-badge)."""
MAX_NAME_LENGTH = 60
"""The largest number of characters of the name in the image; its title has the whole name."""

_HEIGHT, _FONT_SIZE, _PADDING, _ICON, _GAP = 20, 11, 6, 12, 4  # pixels
_GREY = "#3a424d"
_FONTS = "Verdana,Geneva,&apos;DejaVu Sans&apos;,sans-serif"


@dataclass(frozen=True)
class Badge:
    """The content of one badge."""

    name: str
    message: str
    status: ComponentStatus
    """The status whose colour and shape the badge has."""
    time: str
    """The time of the build in the site's time zone: `2026-11-23 14:05 UTC`."""
    sentence: str
    """The whole content, for screen readers."""
    language: str
    """The language of the phrases: `en`."""


def site(context: RenderContext) -> Badge:
    """The badge of the site: the headline, colour and shape of the home page."""
    headline = phrases.headline(context.language, context.summary)
    return _badge(context, context.settings.site_name, headline, context.summary.shown_status)


def component(context: RenderContext, summary: ComponentSummary) -> Badge:
    message = phrases.component_state(context.language, summary)
    return _badge(context, summary.component.name, message, summary.status)


def _badge(context: RenderContext, name: str, message: str, status: ComponentStatus) -> Badge:
    local = context.now.astimezone(context.language.zone)
    as_of = context.language.gettext("As of %(time)s") % {"time": context.language.date_time(context.now)}
    return Badge(
        name=name,
        message=context.marked(message),
        status=status,
        time=f"{local:%Y-%m-%d %H:%M} {zone_name(local)}",
        sentence=f"{context.language.labelled(name, context.marked(message))}. {as_of}",
        language=context.language.phrase_language,
    )


def endpoint(badge: Badge) -> bytes:
    """`badge.json`, the input of a Shields badge (https://shields.io/badges/endpoint-badge).

    With `isError`, Shields ignores a `color` in the address of the badge. So `?color=green` cannot make a status
    other than operational look operational.
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
    """`badge.svg`: the name, the status with its shape, and the time, side by side.

    Readers have different fonts. So each text has a fixed `textLength`, its width in Verdana, and the browser fits the
    font to it.
    """
    color, background, sign = icons.SHAPES[badge.status]
    texts = (shortened(badge.name), badge.message, badge.time)
    lengths = [round(text_width.em(text) * _FONT_SIZE, 1) for text in texts]
    left_margins = [_PADDING, _PADDING + _ICON + _GAP, _PADDING]
    edges = [0]
    for margin, length in zip(left_margins, lengths, strict=True):
        edges.append(edges[-1] + math.ceil(margin + length + _PADDING))
    width = edges[-1]
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{_HEIGHT}" viewBox="0 0 {width} {_HEIGHT}"'
        f' role="img" aria-label="{escape(badge.sentence)}" lang="{badge.language}">',
        f"<title>{escape(badge.sentence, quote=False)}</title>",
        f'<path fill="{_GREY}" d="M{edges[1]} 0H3a3 3 0 0 0-3 3v14a3 3 0 0 0 3 3H{edges[1]}Z"/>',
        f'<path fill="{color}" d="M{edges[1]} 0H{edges[2]}V20H{edges[1]}Z"/>',
        f'<path fill="{_GREY}" d="M{edges[2]} 0H{width - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H{edges[2]}Z"/>',
        f'<g transform="translate({edges[1] + _PADDING} 4) scale(.75)"><path fill="#fff" d="{background}"/>'
        f'<path fill="none" stroke="{color}" stroke-width="2" d="{sign}"/></g>',
        f'<g fill="#fff" font-family="{_FONTS}" font-size="{_FONT_SIZE}" text-anchor="middle">',
        *_texts(texts, lengths, [edge + margin for edge, margin in zip(edges, left_margins, strict=False)]),
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
    """Whether the first character that has a direction is written from right to left."""
    directions = (unicodedata.bidirectional(character) for character in text)
    return next((direction for direction in directions if direction in ("L", "R", "AL")), "L") != "L"


def shortened(text: str) -> str:
    """At most `MAX_NAME_LENGTH` characters of `text`, not cut inside an emoji or before an accent."""
    if len(text) <= MAX_NAME_LENGTH:
        return text
    end = MAX_NAME_LENGTH - 1
    while end and (text[end - 1] == "\u200d" or text_width.em(text[end]) == 0):
        end -= 1
    return text[:end].rstrip() + "…"
