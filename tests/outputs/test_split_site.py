"""A site whose updates are files of their own is the same, byte for byte, as one whose updates are in one file each."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
import sites

from status_tool.errors import StatusError
from status_tool.incident_files import writer
from status_tool.project import dead_links
from status_tool.project.project import END_OF_TIME, Project
from status_tool.settings import settings as site_settings
from status_tool.system import clock

LATER = "2026-11-26T12:00:00Z"
API, UPGRADE, PROBE = "2026-11-23-api-errors", "2026-11-20-upgrade", "2026-11-22-probe"
FILES = {
    f"{API}.md": """\
---
title: API errors
replay: true
ended: 2026-11-23T15:00:00Z
updates:
- at: 2026-11-23T13:00:00Z
  status: investigating
  components: {api: major_outage}
  message: {en: "We look. See [us](../docs/about.md).", fr: Nous cherchons.}
- at: 2026-11-23T13:30:00Z
  posted: 2026-11-23T13:40:00Z
  status: identified
  components: {api: partial_outage, website: degraded_performance}
  next: 30m
  edited: 2026-11-23T13:50:00Z
  message: "[How](../docs/about.md#how), [here](../../docs/about.md), [first](#u-20261123T130000Z),
    [at](2026-11-23-api-errors/20261123T130000Z.md)"
- at: 2026-11-23T15:10:00Z
  status: resolved
  message: {en: It works., fr: Tout marche.}
---
## Why

Because.
""",
    f"{UPGRADE}.yml": """\
title: Upgrade
kind: maintenance
scheduled: {from: 2026-11-24T02:00:00Z, until: 2026-11-24T04:00:00Z, repeat: FREQ=WEEKLY;COUNT=8}
updates:
- at: 2026-11-20T09:00:00Z
  status: scheduled
  components: {api: under_maintenance}
  message: Every week.
- at: 2026-11-23T12:00:00Z
  status: scheduled
  window: 2026-12-01T02:00:00Z
  scheduled: {from: 2026-12-01T05:00:00Z, until: 2026-12-01T06:00:00Z}
  message: Later, this once.
""",
    f"{PROBE}.md": """\
---
title: Website
withdrawn: 2026-11-22T11:00:00Z
reason: Our probe was wrong.
updates:
- at: 2026-11-22T10:00:00Z
  status: investigating
  message: Hm.
- at: 2026-11-22T10:30:00Z
  status: monitoring
  message: Oh.
---
""",
}


def split(folder: Path) -> None:
    """Takes the updates out of the one files, all but the first, or of the first incident all but the last."""
    settings = site_settings.load(folder / "mkdocs.yml")
    for incident in Project(settings, clock.parse_time(sites.NOW)).incidents(latest=END_OF_TIME):
        path = next((folder / "incidents").glob(f"{incident.id}.*"))
        kept = incident.last if incident.id == PROBE else incident.first
        first, *items = path.read_text().split("- at: ")
        last, dashes, rest = items[-1].partition("\n---\n")
        items[-1] = f"{last}\n".replace("\n\n", "\n")
        path.write_text(f"{first}- at: {items[incident.updates.index(kept)]}{dashes[1:]}{rest}")
        (folder / "incidents" / incident.id).mkdir()
        for update in incident.updates:
            for name, text in writer.update_files(update, "en") if update is not kept else ():
                (folder / "incidents" / incident.id / name).write_text(text)


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    whole = sites.make(tmp_path / "whole", FILES)
    (whole / "docs" / "about.md").write_text("# About\n\n## How\n")
    divided = Path(shutil.copytree(whole, tmp_path / "divided"))
    split(divided)
    return whole, divided


@pytest.mark.slow
@pytest.mark.parametrize("now", ["2026-11-23T13:45:00Z", LATER])
def test_every_file_of_the_site_is_the_same(now: str, folders: tuple[Path, Path]) -> None:
    whole, divided = (sites.files_of(sites.context_at(folder, now)) for folder in folders)

    assert len(list((folders[1] / "incidents").rglob("*Z*.md"))) == 5
    assert whole.keys() == divided.keys()
    assert [path for path in whole if whole[path] != divided[path]] == []
    assert b'href="../../about/#how"' in whole[f"incidents/{API}/index.html"]
    assert whole[f"incidents/{API}/index.html"].count(b"#u-20261123T130000Z") >= 2


def test_what_the_commands_print_is_the_same_but_for_the_files(folders: tuple[Path, Path]) -> None:
    for args in (["show", API, "--json"], ["list", "--all", "--json"], ["list", "--all"], ["overdue"]):
        whole, divided = (sites.status(folder, *args, now=clock.parse_time(LATER)) for folder in folders)
        assert whole == divided


def test_a_link_that_leads_nowhere_is_named_by_the_file_that_has_it(folders: tuple[Path, Path]) -> None:
    folder = folders[1]
    file = folder / "incidents" / API / "20261123T133000Z.md"
    file.write_text(file.read_text().replace("about.md#how", "abuot.md"))
    settings = site_settings.load(folder / "mkdocs.yml")
    project = Project(settings, clock.parse_time(LATER))
    (found,) = dead_links.problems(settings, project.incidents())

    assert (found.path, found.line) == (os.path.relpath(file), 8)
    with pytest.raises(StatusError, match="leads nowhere"):
        project.as_of(None)
