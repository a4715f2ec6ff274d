"""Which points an SVG path has, for a program that draws polygons: of the commands and circles that our icons use."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

Point = tuple[float, float]

_TOKEN = re.compile(r"[A-Za-z]|-?(?:\d+\.?\d*|\.\d+)")
_DEGREES = 6
"""The largest angle between two points of an arc."""


def outlines(path: str) -> list[list[Point]]:
    """The points of each subpath: `outlines("M1 2h3v4Z")` is `[[(1, 2), (4, 2), (4, 6), (1, 2)]]`.

    Knows M, L, H, V, A of a circle, and Z (https://www.w3.org/TR/SVG2/paths.html), absolute and relative. Raises
    ValueError for any other command.
    """
    found: list[list[Point]] = []
    x = y = 0.0
    for command, values in _commands(path):
        dx, dy = (x, y) if command.islower() else (0.0, 0.0)
        match command.upper():
            case "M":
                found.append([])
                x, y = dx + values[0], dy + values[1]
            case "L":
                x, y = dx + values[0], dy + values[1]
            case "H":
                x = dx + values[0]
            case "V":
                y = dy + values[0]
            case "A":
                end = (dx + values[5], dy + values[6])
                found[-1] += _arc((x, y), end, values[0], large=values[3] == 1, clockwise=values[4] == 1)
                x, y = end
            case "Z":
                x, y = found[-1][0]
        found[-1].append((x, y))
    return found


_LENGTHS = {"M": 2, "L": 2, "H": 1, "V": 1, "A": 7, "Z": 0}


def _commands(path: str) -> Iterator[tuple[str, list[float]]]:
    """`("h", [3.0])`: each command with its numbers; numbers without a command repeat the one before."""
    tokens = _TOKEN.findall(path)
    command = ""
    while tokens:
        if tokens[0].isalpha():
            command = tokens.pop(0)
        elif command in "Mm":
            command = "L" if command == "M" else "l"
        if command.upper() not in _LENGTHS:
            raise ValueError(f"unknown command {command} in the path {path}")
        length = _LENGTHS[command.upper()]
        yield command, [float(token) for token in tokens[:length]]
        del tokens[:length]


def _arc(start: Point, end: Point, radius: float, *, large: bool, clockwise: bool) -> list[Point]:
    """Points on the arc of a circle from `start` to `end`, without both."""
    (x1, y1), (x2, y2) = start, end
    half = math.dist(start, end) / 2
    radius = max(radius, half)
    height = math.sqrt(radius**2 - half**2) * (1 if large != clockwise else -1)
    x, y = (x1 + x2) / 2 - height * (y2 - y1) / (2 * half), (y1 + y2) / 2 + height * (x2 - x1) / (2 * half)
    begin, until = math.atan2(y1 - y, x1 - x), math.atan2(y2 - y, x2 - x)
    angle = (until - begin) % math.tau if clockwise else -((begin - until) % math.tau)
    steps = max(math.ceil(abs(math.degrees(angle)) / _DEGREES), 1)
    angles = (begin + angle * step / steps for step in range(1, steps))
    return [(x + radius * math.cos(turn), y + radius * math.sin(turn)) for turn in angles]
