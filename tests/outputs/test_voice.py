"""What a telephone reads aloud: a few sentences that stay true, and XML whatever anybody wrote."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import sites

from status_tool.outputs import voice
from status_tool.system import clock

NOW = clock.parse_time(sites.NOW)
END = ["This is out of date after 24 November 2026, 14:05 UTC.", "The page with everything is status.example.org."]


def of(folder: Path, incidents: dict[str, str], language: str = "en") -> list[str]:
    """The lines of voice.txt, which are those of voice.xml."""
    context = sites.context_at(sites.make(folder, incidents, language=language))
    lines = voice.text(context).decode().splitlines()
    document = ET.fromstring(voice.twiml(context))
    assert document.tag == "Response"
    (said,) = document
    assert (said.tag, said.get("language"), said.text) == (
        "Say",
        {"en": "en-GB", "fr": "fr-FR"}[language],
        " ".join(lines),
    )
    return lines


def test_all_is_well_as_of_a_time_and_not_for_ever(tmp_path: Path) -> None:
    assert of(tmp_path / "s", {"2026-11-20-slow-website.yml": sites.RESOLVED}) == [
        "Example Status.",
        "As of 23 November 2026, 14:05 UTC: All systems operational.",
        *END,
    ]


def test_what_is_open_and_planned_is_told_with_its_times(tmp_path: Path) -> None:
    promised = sites.API_ERRORS.replace("  components:", "  next: 2026-11-23T14:30:00Z\n  components:")
    assert of(tmp_path / "s", {"2026-11-23-api-errors.md": promised, "2026-12-01-db.yml": sites.WORK}) == [
        "Example Status.",
        "As of 23 November 2026, 14:05 UTC: Major outage.",
        "API errors: Investigating, since 23 November 2026, 13:00 UTC. We are looking into it. "
        "Next update by 23 November 2026, 14:30 UTC.",
        "Database upgrade: Planned: 1 December 2026, 02:00–04:00 UTC.",
        *END,
    ]


def test_it_speaks_the_language_of_the_site(tmp_path: Path) -> None:
    lines = of(tmp_path / "s", {"2026-11-23-api-errors.md": sites.API_ERRORS}, "fr")

    assert lines[1].startswith("En date du 23 novembre 2026") or "23 novembre 2026" in lines[1]
    assert lines[-1] == "La page complète se trouve sur status.example.org."


def test_what_takes_longer_than_a_minute_is_counted(tmp_path: Path) -> None:
    many = {f"2026-11-23-api-errors-{number}.md": sites.API_ERRORS for number in range(20)}
    lines = of(tmp_path / "s", many)

    assert sum(len(line.split()) for line in lines) <= voice.MAX_WORDS
    assert any(line.endswith(" more on the page.") for line in lines)
    assert lines[-2:] == END


@pytest.mark.parametrize(
    ("message", "spoken"),
    [
        ("See https://www.example.org/a/b?c=d#e now.", "See example.org now."),
        ('[The docs](https://example.org/x) say <b>no</b> & "so".', 'The docs example.org say <b>no</b> & "so".'),
        ("**Broken** ~~whole~~\n\n- one\n- two", "Broken ~~whole~~ - one - two."),
        ("]]> <!-- -->", "]]> <!-- -->."),
    ],
)
def test_no_text_breaks_the_document_and_addresses_are_spoken_by_name(
    message: str, spoken: str, tmp_path: Path
) -> None:
    text = sites.API_ERRORS.replace(
        "    We are looking into it.", "\n".join(f"    {line}" for line in message.split("\n"))
    )

    assert spoken in of(tmp_path / "s", {"2026-11-23-api-errors.md": text})[2]
