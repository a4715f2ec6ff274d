"""Relative links that lead nowhere: named by `status check`, and refused before they are written."""

from __future__ import annotations

from pathlib import Path

import pytest
import sites

NAME = "2026-11-23-api-errors.md"
DEAD = sites.API_ERRORS.replace("We are looking into it.", "See [how](../docs/abuot.md).")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return sites.make(tmp_path / "s", {NAME: sites.API_ERRORS})


def test_check_names_a_dead_link_with_its_line(site: Path) -> None:
    (site / "incidents" / NAME).write_text(DEAD)
    said = sites.status(site, "check")

    assert said.code == 1
    assert said.err.startswith(
        f'incidents/{NAME}:8: the link "../docs/abuot.md" leads nowhere.\nDid you mean "../docs/about.md"?'
    )


def test_check_notices_that_a_page_is_gone_although_no_incident_file_changed(site: Path) -> None:
    (site / "incidents" / NAME).write_text(DEAD.replace("abuot", "about"))
    assert sites.status(site, "check").code == 0

    (site / "docs" / "about.md").unlink()
    assert f"incidents/{NAME}:8: the link" in sites.status(site, "check").err


@pytest.mark.parametrize(
    "arguments",
    [
        ["open", "Slow website", "-c", "website=degraded_performance", "--next", "30m"],
        ["schedule", "Upgrade", "-c", "api", "--from", "2026-12-01T02:00:00Z", "--until", "2026-12-01T04:00:00Z"],
        ["update", "api-errors", "--next", "30m"],
        ["amend", "api-errors"],
        ["resolve", "api-errors"],
        ["withdraw", "api-errors"],
    ],
)
def test_a_dead_link_is_refused_before_it_is_written(site: Path, arguments: list[str]) -> None:
    before = sites.snapshot(site / "incidents")
    said = sites.status(site, *arguments, "-m", "See [it](www.example.org).")

    assert said.code == 1
    assert 'the link "www.example.org" leads nowhere.\nDid you mean https://www.example.org?' in said.err
    assert sites.snapshot(site / "incidents") == before


def test_a_link_is_not_refused_while_another_file_has_a_mistake(site: Path) -> None:
    (site / "incidents" / "2026-11-01-broken.yml").write_text("title: x\n")

    assert sites.status(site, "update", "api-errors", "--next", "30m", "-m", "See [it](nowhere.md).").code == 0
