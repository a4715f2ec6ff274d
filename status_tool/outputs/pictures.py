"""How the pictures of the site are drawn: those of links that are shared, and the icon of the site as an app.

The only user of Pillow and of the font. A picture has one colour and white, so it is small. A text that the font cannot
write is left out: the shape, the colour and the address say enough.
"""

from __future__ import annotations

import importlib.util
import io
import unicodedata
from bisect import bisect
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from status_tool.outputs import svg_path
from status_tool.render import icons

if TYPE_CHECKING:
    from PIL import Image, ImageDraw, ImageFont

    from status_tool.model.component import ComponentStatus

SIZE = (1200, 630)
"""Width and height, in pixels, that the programs showing previews recommend (https://ogp.me/ names none)."""
APP_ICON_SIZES = (192, 512)
NEUTRAL = "#1c2430"
"""The colour of a picture that shows no status."""
PULSE = "M2 8.5h3l2-5 2.500 9 2-4h2.500"

_MARGIN, _ICON = 80, 150
_LEVELS = 16
"""The number of shades between the colour and white: those of a PNG with four bits for each pixel."""
_FAINT = 90
_FONT = "font_source_sans_pro"


@dataclass(frozen=True)
class Picture:
    """What a picture says. Any of the texts may be empty."""

    headline: str
    name: str
    """Of the site."""
    host: str
    """The address of the site as people read it: `status.example.org`."""
    times: tuple[str, ...]
    """As of when it is true, in several ways; it says the first that the font can write."""
    status: ComponentStatus | None
    """The status whose colour and shape it has; None for a picture about no status."""

    @property
    def text(self) -> str:
        """All that it says, in one line."""
        return ". ".join(filter(None, (self.name, self.headline, *self.times[:1], self.host)))


def png(picture: Picture) -> bytes:
    """`picture` as a PNG of `SIZE`."""
    image, draw = _canvas(SIZE)
    width = SIZE[0]
    if picture.name:
        _line(draw, (_MARGIN, 105), picture.name, "Semibold", (52, 44, 36), width - 2 * _MARGIN)
    left = _MARGIN
    if picture.status is not None:
        image.paste(_shape(icons.SHAPES[picture.status], _ICON), (left, 285 - _ICON // 2))
        left += _ICON + 50
    _headline(draw, picture.headline, left, 285)
    draw.line((_MARGIN, 465, width - _MARGIN, 465), fill=_FAINT, width=3)
    time = next((time for time in picture.times if _shown(time)), "")
    for text, middle in ((time, 520), (picture.host, 572 if time else 535)):
        _line(draw, (_MARGIN, middle), text, "Regular", (40, 34, 28), width - 2 * _MARGIN)
    colour = icons.SHAPES[picture.status][0] if picture.status is not None else NEUTRAL
    return _encoded(image, colour, picture.text)


def app_icon(size: int) -> bytes:
    """The icon of the site as an app: a square PNG, which says nothing of a status and may be cut to a circle."""
    image, draw = _canvas((size, size))
    for outline in svg_path.outlines(PULSE):
        scaled = [(size * (0.15 + 0.7 * x / 16), size * (0.15 + 0.7 * y / 16)) for x, y in outline]
        draw.line(scaled, fill=255, width=size // 16, joint="curve")
    return _encoded(image, NEUTRAL)


def _canvas(size: tuple[int, int]) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """An empty image of shades: 0 is the colour of the picture, 255 is white."""
    from PIL import Image, ImageDraw  # takes 30 ms, so only if a picture is drawn

    image = Image.new("L", size, 0)
    return image, ImageDraw.Draw(image)


def _encoded(image: Image.Image, colour: str, description: str = "") -> bytes:
    """The shades of `image` in `colour` and white as a PNG, with a description for programs."""
    from PIL import Image, PngImagePlugin

    levels = image.point([round(shade * (_LEVELS - 1) / 255) for shade in range(256)])
    indexed = Image.frombytes("P", image.size, levels.tobytes())
    channels = [int(colour[begin : begin + 2], 16) for begin in (1, 3, 5)]
    indexed.putpalette(
        [round(c + (255 - c) * level / (_LEVELS - 1)) for level in range(_LEVELS) for c in channels],
    )
    texts = PngImagePlugin.PngInfo()
    if description:
        texts.add_itxt("Description", description)
    file = io.BytesIO()
    indexed.save(file, "PNG", bits=4, pnginfo=texts)
    return file.getvalue()


@cache
def _shape(shape: tuple[str, str, str], size: int) -> Image.Image:
    """The shape of a status in white, with its sign cut out."""
    from PIL import Image

    scale = size / 16 * 4  # four times as large, then reduced, so that edges are smooth
    image, draw = _canvas((size * 4, size * 4))
    for outline in svg_path.outlines(shape[1]):
        draw.polygon([(x * scale, y * scale) for x, y in outline], fill=255)
    for outline in svg_path.outlines(shape[2]):
        draw.line([(x * scale, y * scale) for x, y in outline], fill=0, width=round(2 * scale), joint="curve")
    return image.resize((size, size), Image.Resampling.BOX)


# -- texts -----------------------------------------------------------------------------------------

Weight = Literal["Bold", "Semibold", "Regular"]


@lru_cache
def _font(weight: Weight, size: int) -> ImageFont.FreeTypeFont:
    from PIL import ImageFont

    spec = importlib.util.find_spec(_FONT)
    if spec is None or not spec.submodule_search_locations:
        raise AssertionError(f"{_FONT} is a dependency of the program")
    file = Path(spec.submodule_search_locations[0], "files", f"SourceSansPro-{weight}.ttf")
    return ImageFont.truetype(file, size, layout_engine=ImageFont.Layout.BASIC)


def _shown(text: str) -> str:
    """`text` without emoji and invisible characters; empty if the font lacks a letter of it."""
    composed = unicodedata.normalize("NFC", " ".join(text.split()))
    kept = (c for c in composed if _has_glyph(c) or unicodedata.category(c) not in ("So", "Sk", "Cf", "Mn", "Me"))
    line = " ".join("".join(kept).split())
    return line if all(map(_has_glyph, line)) else ""


@lru_cache(maxsize=5_000)
def _has_glyph(character: str) -> bool:
    font = _font("Regular", 20)
    drawn, missing = font.getmask(character), font.getmask("\uffff")
    return character == " " or (drawn.size, bytes(drawn)) != (missing.size, bytes(missing))


def _line(
    draw: ImageDraw.ImageDraw, at: tuple[int, int], text: str, weight: Weight, sizes: tuple[int, ...], width: int
) -> None:
    """One line of text, with its middle at the height `at[1]`: in the first of `sizes` in which it fits, else cut."""
    text = _shown(text)
    fonts = [_font(weight, size) for size in sizes]
    font = next((font for font in fonts if font.getlength(text) <= width), fonts[-1])
    draw.text(at, _cut(text, font, width), fill=255, font=font, anchor="lm")


def _headline(draw: ImageDraw.ImageDraw, text: str, left: int, middle: int) -> None:
    """At most two lines around the height `middle`, as large as they fit."""
    text, width = _shown(text), SIZE[0] - _MARGIN - left
    for size in (104, 92, 80, 68, 56):
        font = _font("Bold", size)
        lines = _wrapped(text, font, width)
        if len(lines) <= 2 and all(font.getlength(line) <= width for line in lines):
            break
    else:
        lines = [*lines[:1], " ".join(lines[1:])]
    top = middle - (len(lines) - 1) * size * 0.55
    for number, line in enumerate(lines):
        draw.text((left, top + number * size * 1.1), _cut(line, font, width), fill=255, font=font, anchor="lm")


def _wrapped(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        if lines and font.getlength(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _cut(text: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    """`text` as far as it fits, with an ellipsis if it does not."""
    if font.getlength(text) <= width:
        return text
    lengths = range(1, len(text))  # by bisection: a measurement takes as long as the text
    kept = bisect(lengths, float(width), key=lambda length: font.getlength(f"{text[:length]}…"))
    return f"{text[:kept].rstrip()}…"
