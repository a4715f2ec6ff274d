"""The points of SVG paths: exact ones of lines, and arcs on their circle."""

from __future__ import annotations

import math

import pytest

from status_tool.outputs import pictures
from status_tool.outputs.svg_path import outlines
from status_tool.render import icons

PATHS = [path for _, *paths in icons.SHAPES.values() for path in paths] + [pictures.PULSE]


@pytest.mark.parametrize(
    ("path", "points"),
    [
        ("M1 2h3v4Z", [[(1, 2), (4, 2), (4, 6), (1, 2)]]),
        ("m1 2 3 3 5-6", [[(1, 2), (4, 5), (9, -1)]]),
        ("M1 2L3 4H0V.5", [[(1, 2), (3, 4), (0, 4), (0, 0.5)]]),
        ("M1 1v1m0 2v2", [[(1, 1), (1, 2)], [(1, 4), (1, 6)]]),
    ],
)
def test_lines_lead_from_point_to_point(path: str, points: list[list[tuple[float, float]]]) -> None:
    assert outlines(path) == points


@pytest.mark.parametrize(("large", "clockwise", "centre"), [(0, 1, (0, 1)), (1, 1, (0, 1)), (0, 0, (1, 0))])
def test_an_arc_lies_on_its_circle(large: int, clockwise: int, centre: tuple[int, int]) -> None:
    end = "0 2" if large else "1 1"
    (points,) = outlines(f"M0 0a1 1 0 {large} {clockwise} {end}")

    assert all(math.isclose(math.dist(point, centre), 1) for point in points)
    assert points[-1] == tuple(map(float, end.split()))
    assert len(points) > 10


@pytest.mark.parametrize("path", PATHS)
def test_the_paths_of_our_icons_stay_in_their_square(path: str) -> None:
    assert all(-0.01 <= value <= 16.01 for outline in outlines(path) for point in outline for value in point)


def test_a_command_that_we_do_not_draw_is_named() -> None:
    with pytest.raises(ValueError, match="unknown command c"):
        outlines("M0 0c1 1 2 2 3 3")
