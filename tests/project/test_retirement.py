"""What names a component after its retirement: refused by the commands, a warning of the check in files."""

from __future__ import annotations

from pathlib import Path

import sites
from sites import Said, status

SETTINGS = sites.SETTINGS.replace("since: 2026-11-01}}", "retired: 2026-11-22}}").replace(
    "- {{id: api", "- {{id: tape, name: Tape, retired: 2027-01-01}}\n    - {{id: api"
)
OPEN = """\
title: Both
updates:
- {at: 2026-11-21T13:00:00Z, status: investigating, components: {website: major_outage, api: major_outage}, message: m}
"""


def made(tmp_path: Path, **files: str) -> Path:
    return sites.make(tmp_path / "s", {f"{id}.yml": text for id, text in files.items()}, settings=SETTINGS)


def warnings(site: Path) -> list[str]:
    said = status(site, "check")
    assert said.code == 0
    return said.err.splitlines()


RETIRED = '"website" is retired since 2026-11-22. If it still exists, correct "retired" in mkdocs.yml.'


def test_the_commands_refuse_it(tmp_path: Path) -> None:
    site = made(tmp_path, both=OPEN)
    before = sites.snapshot(site / "incidents")

    for args in (["open", "x"], ["update", "both"]):
        said = status(site, *args, "-c", "website=major_outage", "-m", "m")
        assert (said.code, said.err.splitlines()[-1]) == (2, f"Error: -c website=major_outage: {RETIRED}")
    said = status(site, "schedule", "x", "--from", "2027-01-01T00:00Z", "--until", "2h", "-c", "tape", "-m", "m")
    assert (said.code, '"tape" is retired since 2027-01-01.' in said.err) == (2, True)
    assert "Known: tape, api." in status(site, "open", "x", "-c", "nosuch=major_outage", "-m", "m").err
    assert sites.snapshot(site / "incidents") == before


def test_what_was_before_its_retirement_may_still_be_said(tmp_path: Path) -> None:
    site = made(tmp_path)
    early = ["--at", "2026-11-21T23:59:59Z"]

    assert status(site, "open", "x", "-c", "website=major_outage", "-m", "m", *early).code == 0
    assert status(site, "schedule", "y", "--from", "+1h", "--until", "2h", "-c", "tape", "-m", "m").code == 0


def test_what_is_open_at_its_retirement_can_be_ended_for_it(tmp_path: Path) -> None:
    site = made(tmp_path, both=OPEN)

    assert warnings(site) == [
        'Warning: incidents/both.yml: this is open and affects "website", which is retired since 2026-11-22.',
        "End it, or say that it no longer counts: status update both -c website=operational. "
        'If the component still exists, correct "retired" in mkdocs.yml.',
    ]
    assert status(site, "update", "both", "-c", "website=operational", "-m", "m").code == 0
    assert warnings(site) == []


def test_reopening_an_incident_leaves_it_out(tmp_path: Path) -> None:
    ended = f"{OPEN}- {{at: 2026-11-21T14:00:00Z, status: resolved, message: m}}\n"
    site = made(tmp_path, both=ended)
    said = status(site, "update", "both", "--status", "investigating", "-m", "m")

    assert "Components as before it was resolved: api major_outage." in said.out
    assert "components: {website: operational, api: major_outage}" in sites.incident_text(site, "both.yml")
    assert warnings(site) == []


def test_a_later_update_of_a_file_is_a_warning_with_its_line(tmp_path: Path) -> None:
    later = f"{OPEN}- {{at: 2026-11-22T00:00:00Z, status: monitoring, components: {{website: unknown}}, message: m}}\n"

    assert warnings(made(tmp_path, both=later))[0] == (
        'Warning: incidents/both.yml:4: this update says that "website" is unknown, but it is retired since 2026-11-22.'
    )


def test_planned_work_on_it_is_a_warning(tmp_path: Path) -> None:
    work = sites.work("2027-01-01T00:00:00Z", "2027-01-01T02:00:00Z", "tape")

    assert warnings(made(tmp_path, work=work))[0] == (
        'Warning: incidents/work.yml: this is planned and affects "tape", which is retired since 2027-01-01.'
    )


def test_a_component_taken_out_of_the_settings_is_an_error_that_says_how_to_retire_it(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {"both.yml": OPEN.replace("website", "fax")})

    assert status(site, "check") == Said(
        1,
        "",
        'incidents/both.yml:3: unknown component "fax".\nKnown: api, website. '
        "Add a new component below components: in mkdocs.yml. "
        "Keep one that no longer exists there: - {id: fax, name: fax, retired: 2024-05-01}\n",
    )
