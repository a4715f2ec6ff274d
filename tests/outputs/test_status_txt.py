"""The page for curl: whole, narrow and short."""

from __future__ import annotations

from pathlib import Path

import pytest
import sites

from status_tool.outputs import status_txt

MIRROR = sites.SETTINGS.replace("    components:", "    mirrors: [https://status.example.net/]\n    components:")
OPEN = sites.API_ERRORS.replace(
    "updates:", "who: Customers in the *EU*.\nworkaround: Use [the app](https://example.org/app).\nupdates:"
).replace("  message", "  next: 2h\n  message")


def told(folder: Path, files: dict[str, str], now: str = sites.NOW, language: str = "en") -> str:
    site = sites.make(folder / "s", files, settings=MIRROR, language=language)
    return status_txt.status(sites.context_at(site, now)).decode("utf-8")


def test_everything_a_reader_needs_is_there(tmp_path: Path) -> None:
    assert told(tmp_path, {"2026-11-23-api-errors.md": OPEN, "2026-12-01-work.yml": sites.WORK}) == (
        "Example Status: Major outage\n"
        "As of 23 November 2026, 14:05 UTC\n"
        "\n"
        "API errors\n"
        "  Investigating, Critical impact, since 23 November 2026, 13:00 UTC\n"
        "  23 November 2026, 13:00 UTC: We are looking into it.\n"
        "  Next update by 23 November 2026, 15:00 UTC\n"
        "  Who is affected: Customers in the EU.\n"
        "  What you can do: Use the app (https://example.org/app).\n"
        "  https://status.example.org/incidents/2026-11-23-api-errors/\n"
        "\n"
        "Database upgrade\n"
        "  Planned: 1 December 2026, 02:00–04:00 UTC\n"
        "  https://status.example.org/incidents/2026-12-01-work/\n"
        "\n"
        "API: Major outage\n"
        "\n"
        "https://status.example.org/\n"
        "Also at https://status.example.net/\n"
    )


def test_a_broken_promise_is_told(tmp_path: Path) -> None:
    text = told(tmp_path, {"2026-11-23-api-errors.md": OPEN}, now="2026-11-23T15:00:00Z")

    assert "  Overdue: the next update was promised by 23 November 2026, 15:00 UTC\n" in text


def test_all_well_is_four_lines(tmp_path: Path) -> None:
    assert told(tmp_path, {"2026-11-20-slow.yml": sites.RESOLVED}).splitlines()[:3] == [
        "Example Status: All systems operational",
        "As of 23 November 2026, 14:05 UTC",
        "",
    ]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_it_is_never_wide_nor_long(language: str, tmp_path: Path) -> None:
    long = "We are looking into it, and into everything else as well. " * 40
    files = {f"2026-11-{n:02}-errors.md": OPEN.replace("We are looking into it.", long) for n in range(1, 12)}
    text = told(tmp_path, files, language=language)

    assert len(text.encode()) <= 2048
    assert max(map(len, text.splitlines())) <= 72
    assert ("more on the page" if language == "en" else "de plus sur la page") in text
    assert text.endswith("https://status.example.net/\n")
