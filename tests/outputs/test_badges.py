"""Badges: the home page's words, in a picture that measures right and says as of when it speaks."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
import sites
from hypothesis import given
from lxml import etree
from strategies import titles

from status_tool.incident_files import parser
from status_tool.model.component import ComponentStatus
from status_tool.outputs import badges
from status_tool.outputs.badges import Badge
from status_tool.render import context, icons, phrases
from status_tool.render.context import RenderContext
from status_tool.settings import settings
from status_tool.system import clock

SVG = "{http://www.w3.org/2000/svg}"
API = Badge(
    name="API",
    message="Major outage",
    status=ComponentStatus.MAJOR_OUTAGE,
    time="2026-11-23 14:05 UTC",
    sentence="API: Major outage. As of 23 November 2026, 14:05 UTC",
    language="en",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> settings.Settings:
    return settings.load(sites.make(tmp_path_factory.mktemp("badges") / "s") / "mkdocs.yml")


def made(site: settings.Settings, *texts: str, now: str = sites.NOW) -> RenderContext:
    found = [parser.parse(text, f"2026-11-{n:02}-x.md") for n, text in enumerate(texts, 1)]
    return context.make(site, found, clock.parse_time(now))


def read(svg: bytes) -> etree._Element:
    return etree.fromstring(svg, etree.XMLParser(resolve_entities=False))


def test_a_badge_is_a_picture_with_its_words_for_those_who_listen() -> None:
    assert badges.svg(API).decode() == (
        '<svg xmlns="http://www.w3.org/2000/svg" width="270" height="20" viewBox="0 0 270 20"'
        ' role="img" aria-label="API: Major outage. As of 23 November 2026, 14:05 UTC" lang="en">\n'
        "<title>API: Major outage. As of 23 November 2026, 14:05 UTC</title>\n"
        '<path fill="#3a424d" d="M30 0H3a3 3 0 0 0-3 3v14a3 3 0 0 0 3 3H30Z"/>\n'
        '<path fill="#c1121f" d="M30 0H132V20H30Z"/>\n'
        '<path fill="#3a424d" d="M132 0H267a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H132Z"/>\n'
        '<g transform="translate(36 4) scale(.75)"><path fill="#fff" d="M5 0h6l5 5v6l-5 5H5l-5-5V5Z"/>'
        '<path fill="none" stroke="#c1121f" stroke-width="2" d="m5 5 6 6m0-6-6 6"/></g>\n'
        '<g fill="#fff" font-family="Verdana,Geneva,&apos;DejaVu Sans&apos;,sans-serif" font-size="11"'
        ' text-anchor="middle">\n'
        '<text x="14.70" y="14" textLength="17.4" lengthAdjust="spacingAndGlyphs">API</text>\n'
        '<text x="88.65" y="14" textLength="73.3" lengthAdjust="spacingAndGlyphs">Major outage</text>\n'
        '<text x="200.90" y="14" textLength="125.8" lengthAdjust="spacingAndGlyphs">2026-11-23 14:05 UTC</text>\n'
        "</g>\n"
        "</svg>\n"
    )


def test_the_endpoint_has_the_fields_of_shields_and_no_other() -> None:
    assert json.loads(badges.endpoint(API)) == {
        "schemaVersion": 1,
        "label": "API",
        "message": "Major outage (2026-11-23 14:05 UTC)",
        "color": "#c1121f",
        "isError": True,
        "cacheSeconds": 300,
    }


def test_the_site_s_badge_says_what_the_home_page_says(site: settings.Settings) -> None:
    unclear = sites.API_ERRORS.replace("  components: {api: major_outage}\n", "")
    watched = unclear.replace("---\n", "---\nimpact: none\n", 1)
    for texts in ([], [sites.API_ERRORS], [unclear], [watched]):
        found = made(site, *texts)
        badge = badges.site(found)

        assert badge.name == "Example Status"
        assert badge.message == phrases.headline(found.language, found.summary)
        assert badge.status is found.summary.shown_status
    assert badge.message == "Operational, with an incident still open"
    assert json.loads(badges.endpoint(badge))["color"] == icons.SHAPES[ComponentStatus.UNKNOWN][0]


def test_a_component_s_badge_says_how_it_is(site: settings.Settings) -> None:
    found = made(site, sites.API_ERRORS)

    assert badges.component(found, found.summary.of_component("api")) == API
    assert badges.component(found, found.summary.of_component("website")) == Badge(
        name="Website",
        message="Operational",
        status=ComponentStatus.OPERATIONAL,
        time="2026-11-23 14:05 UTC",
        sentence="Website: Operational. As of 23 November 2026, 14:05 UTC",
        language="en",
    )


def test_before_its_first_day_a_component_is_unknown_and_not_green(site: settings.Settings) -> None:
    found = made(site, now="2026-10-31T12:00:00Z")
    badge = badges.component(found, found.summary.of_component("website"))

    assert badge.message == "Unknown"
    assert b"#1a7f4b" not in badges.svg(badge) and b"#1a7f4b" not in badges.endpoint(badge)


def test_only_what_is_operational_lets_shields_choose_another_colour() -> None:
    errors = [json.loads(badges.endpoint(replace(API, status=status)))["isError"] for status in ComponentStatus]

    assert errors == [status is not ComponentStatus.OPERATIONAL for status in ComponentStatus]


def test_a_badge_speaks_the_site_s_language_in_the_site_s_zone(tmp_path: Path) -> None:
    text = sites.SETTINGS.replace("    components:", "    timezone: Europe/Paris\n    components:")
    french = settings.load(sites.make(tmp_path / "s", language="fr", settings=text) / "mkdocs.yml")
    found = made(french, sites.API_ERRORS)
    badge = badges.component(found, found.summary.of_component("api"))

    assert (badge.message, badge.time) == ("Panne majeure", "2026-11-23 15:05 CET")
    assert badge.sentence == "API\u00a0: Panne majeure. Au 23 novembre 2026, 15:05 CET"
    assert read(badges.svg(badge)).get("lang") == "fr"


@given(titles)
def test_any_name_is_an_image_that_loads_and_runs_nothing(name: str) -> None:
    root = read(badges.svg(replace(API, name=name, sentence=name)))

    assert {element.tag for element in root.iter()} == {SVG + tag for tag in ("svg", "title", "g", "path", "text")}
    assert {name for element in root.iter() for name in element.attrib} <= {
        *("width", "height", "viewBox", "role", "aria-label", "lang", "fill", "d", "transform", "stroke"),
        *("stroke-width", "font-family", "font-size", "text-anchor", "x", "y", "textLength", "lengthAdjust"),
        "direction",
    }
    assert root[0].tag == f"{SVG}title"
    assert root[0].text == root.get("aria-label") == name
    assert root.findall(f".//{SVG}text")[0].text == badges.shortened(name)


@given(titles)
def test_every_text_has_its_room(name: str) -> None:
    root = read(badges.svg(replace(API, name=name)))
    texts = [(float(t.get("x")), float(t.get("textLength"))) for t in root.findall(f".//{SVG}text")]
    begins = [float(path.get("d")[1:].split(" ")[0]) for path in root.findall(f"{SVG}path")]
    edges = [0, *begins[1:], float(root.get("width"))]

    for (middle, length), begin, end in zip(texts, edges[:-1], edges[1:], strict=True):
        assert begin + 5.9 < middle - length / 2
        assert middle + length / 2 < end - 5.9


@pytest.mark.parametrize("character", ["a", "W", "é", "支", "🚒", "م", "&", '"'])
def test_a_badge_weighs_less_than_two_kilobytes(character: str) -> None:
    name = character * badges.MAX_NAME_LENGTH

    assert len(badges.svg(replace(API, name=name, sentence=API.sentence.replace("API", name)))) < 2048


def test_a_long_name_is_shortened_and_its_title_keeps_it_whole() -> None:
    name = "The service that answers every question of every customer, always"
    root = read(badges.svg(replace(API, name=name, sentence=f"{name}: x")))

    assert root.findall(f".//{SVG}text")[0].text == "The service that answers every question of every customer,…"
    assert root[0].text == f"{name}: x"


@pytest.mark.parametrize("end", ["👩‍🚒", "👍🏽", "e\u0301\u0302", "❤️"])
def test_nothing_is_torn_from_what_it_belongs_to(end: str) -> None:
    for before in range(badges.MAX_NAME_LENGTH - 4, badges.MAX_NAME_LENGTH):
        shown = badges.shortened("x" * before + end + "y" * 9)

        assert re.fullmatch(f"x+({end}y*)?…", shown), shown
        assert len(shown) <= badges.MAX_NAME_LENGTH


@pytest.mark.parametrize(
    ("name", "direction"),
    [("API", None), ("خدمة الدفع", "rtl"), ("שירות", "rtl"), ("1 خدمة API", "rtl"), ("API خدمة", None), ("42", None)],
)
def test_a_name_is_read_from_the_side_its_letters_are(name: str, direction: str | None) -> None:
    assert read(badges.svg(replace(API, name=name))).findall(f".//{SVG}text")[0].get("direction") == direction


def luminance(color: str) -> float:
    """Relative luminance (WCAG 2.2) of `#rgb` or `#rrggbb`."""
    digits = color[1:] if len(color) == 7 else "".join(digit * 2 for digit in color[1:])
    parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("status", ComponentStatus)
def test_words_stand_out_from_every_ground(status: ComponentStatus) -> None:
    root = read(badges.svg(replace(API, status=status)))
    white = luminance(root.findall(f"{SVG}g")[1].get("fill")) + 0.05
    grounds = [path.get("fill") for path in root.findall(f"{SVG}path")]

    assert len(grounds) == 3
    assert all(white / (luminance(ground) + 0.05) >= 4.5 for ground in grounds)


def test_every_state_has_a_shape_of_its_own() -> None:
    shapes = {re.search(r"<g transform.*</g>", badges.svg(replace(API, status=s)).decode())[0] for s in ComponentStatus}

    assert len({re.sub("#[0-9a-f]{6}", "", shape) for shape in shapes}) == len(ComponentStatus)
