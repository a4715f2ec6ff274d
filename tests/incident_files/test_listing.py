"""Folders of update files on a real disk: everything in them is read, or named with its remedy."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
import sites
from sites import API_ERRORS, RESOLVED

from status_tool.errors import StatusError
from status_tool.incident_files import store
from status_tool.model.incident import Incident
from status_tool.settings import settings as site_settings
from status_tool.settings.settings import Settings
from status_tool.system import clock

API, SLOW = "2026-11-23-api-errors", "2026-11-20-slow-website"
UPDATE = "---\nstatus: monitoring\n---\nThe old version is back.\n"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A site with two incidents, of which one has a folder with an update."""
    monkeypatch.chdir(sites.make(tmp_path / "s", {f"{SLOW}.yml": RESOLVED, f"{API}.md": API_ERRORS}))
    settings = site_settings.load(tmp_path / "s" / "mkdocs.yml")
    folder_of(settings).mkdir()
    (folder_of(settings) / "20261123T140500Z.md").write_text(UPDATE)
    return settings


def folder_of(site: Settings, id: str = API) -> Path:
    return site.incidents / id


def refusal(site: Settings) -> str:
    with pytest.raises(StatusError) as refused:
        store.load(site)
    return str(refused.value)


def loaded(site: Settings, id: str = API) -> Incident:
    return next(incident for incident in store.load(site) if incident.id == id)


def test_an_update_file_is_read_with_its_incident(site: Settings) -> None:
    (site.incidents / SLOW).mkdir()
    (folder_of(site, SLOW) / "20261120T130000Z.md").write_text(UPDATE)

    assert [update.stamp for update in loaded(site).updates] == ["20261123T130000Z", "20261123T140500Z"]
    assert loaded(site, SLOW).last.status == "monitoring"
    assert store.read(site, API) == loaded(site)
    assert store.readable(site) == store.load(site)
    assert store.ids(site) == [SLOW, API]


def test_everything_else_in_the_folder_is_named_at_once(site: Settings) -> None:
    folder = folder_of(site)
    (folder / "nested").mkdir()
    (folder / "2026-11-23.md").write_text(UPDATE)
    (folder / "notes.txt").write_text("by the way")
    (folder / "20261123T150000Z.md").symlink_to("nowhere")
    (folder / "20261123T160000Z.md").write_text("x" * 1_000_001)
    os.mkfifo(folder / "20261123T170000Z.md")
    (folder / "20261123T180000Z.md").write_bytes(b"---\nstatus: monitoring\n---\ncaf\xe9\n")
    for name in (".20261123T150000Z.md.swp", "20261123T150000Z.md~", "#20261123T150000Z.md#", ".gitattributes"):
        (folder / name).write_text("x")
    shown = f"incidents/{API}"
    name_it = "Name it by the update's time in UTC, for example 20261123T140500Z.md, or move it elsewhere."

    assert refusal(site).splitlines() == [
        f'{shown}/2026-11-23.md: the file name "2026-11-23.md" is not the time of an update.',
        name_it,
        f"{shown}/20261123T150000Z.md: this is not a readable file.",
        "Remove it, or repair the link.",
        f"{shown}/20261123T160000Z.md: this file has 1.0 MB, and that of an update at most 1 MB.",
        "Write what readers should know, and link to the rest.",
        f"{shown}/20261123T170000Z.md: this is not a readable file.",
        "Remove it, or repair the link.",
        f"{shown}/nested: a folder among the updates of an incident.",
        "Move its files up one level, or move the folder elsewhere.",
        f'{shown}/notes.txt: the file name "notes.txt" is not the time of an update.',
        name_it,
        f"{shown}/20261123T180000Z.md:4: not UTF-8 text.",
        "Save the file as UTF-8.",
    ]
    with pytest.raises(StatusError, match=r"notes.txt: the file name"):
        store.read(site, API)
    assert [incident.id for incident in store.readable(site)] == [SLOW]


def test_a_folder_needs_its_incident(site: Settings) -> None:
    folder_of(site).rename(site.incidents / "2026-11-23-api-error")
    (site.incidents / f"{SLOW}-20261208t0200z").mkdir()
    (site.incidents / "2025").mkdir()
    (site.incidents / SLOW).mkdir()

    assert refusal(site).splitlines() == [
        "incidents/2025: a folder among the incident files.",
        "Move its files up one level, or move the folder elsewhere.",
        f"incidents/{SLOW}: this folder of updates is empty.",
        "Remove it, or put an update into it, for example 20261123T140500Z.md.",
        f"incidents/{SLOW}-20261208t0200z: a folder for one window of recurring maintenance; its incident file is one "
        "for all.",
        f"Move its files to the folder {SLOW}, and say which window each means: window: 2026-12-08T02:00:00Z.",
        'incidents/2026-11-23-api-error: a folder of updates, but there is no incident file "2026-11-23-api-error.md" '
        "beside it.",
        f'Did you mean "{API}"? Name the folder by the id of the incident, or restore the file.',
    ]
    assert len(store.readable(site)) == 2


def test_a_new_incident_does_not_get_the_updates_of_a_folder_that_was_left(site: Settings) -> None:
    incident = loaded(site)
    (site.incidents / f"{API}.md").unlink()

    assert not store.is_free(site, API, incident)
    assert store.is_free(site, f"{API}-2", incident)


def test_links_lead_to_files_and_folders_elsewhere(site: Settings, tmp_path: Path) -> None:
    whole = folder_of(site).rename(tmp_path / "elsewhere")
    folder_of(site).symlink_to(whole)
    (whole / "20261123T150500Z.md").symlink_to(whole / "20261123T140500Z.md")

    assert len(loaded(site).updates) == 3


def test_an_unreadable_folder_is_named(site: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    scan = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith(API):
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert refusal(site) == (
        f"incidents/{API}: cannot be read: Permission denied.\nCheck that you may read the folder."
    )


def test_whatever_changes_in_the_folder_is_seen_by_the_next_run(
    site: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "tick", lambda: time.time_ns() + 10**10)  # so that each run trusts the stamps

    def stamps() -> list[str]:
        return [f"{update.stamp} {update.message}" for update in loaded(site).updates][1:]

    folder = folder_of(site)
    assert stamps() == stamps() == ["20261123T140500Z The old version is back."]
    (folder / "20261123T150500Z.md").write_text(UPDATE)
    assert len(stamps()) == len(stamps()) == 2
    (folder / "20261123T140500Z.md").rename(folder / "20261123T140600Z.md")
    assert stamps()[0] == "20261123T140600Z The old version is back."
    (folder / "20261123T140600Z.md").write_text(UPDATE.replace("old", "new"))
    assert stamps()[0] == "20261123T140600Z The new version is back."
    (folder / "20261123T150500Z.md").unlink()
    assert len(stamps()) == 1
    (folder / "20261123T140600Z.md").unlink()
    folder.rmdir()
    assert stamps() == []


@pytest.mark.parametrize("name", [".2026-11-24-outage.md", ".outage.yml", ".outage.yaml", "#outage.md", ".md"])
@pytest.mark.parametrize("is_update", [False, True])
def test_a_hidden_file_is_not_left_out_in_silence(name: str, is_update: bool, site: Settings) -> None:
    (folder_of(site) if is_update else site.incidents).joinpath(name).write_text(API_ERRORS)

    assert "a hidden file, so it would not be published." in refusal(site)


@pytest.mark.parametrize(
    "name", [".#outage.md", "._outage.md", ".~lock.outage.md#", "#outage.md#", ".outage.md.swp", "outage.md~", ".git"]
)
def test_what_editors_and_systems_leave_behind_is_no_incident(name: str, site: Settings) -> None:
    for folder in (site.incidents, folder_of(site)):
        (folder / name).write_text("x")

    assert store.ids(site) == [SLOW, API]
    assert len(loaded(site).updates) == 2
