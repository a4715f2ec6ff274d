"""Incident files on a real disk: all mistakes at once, nothing lost, nothing half written."""

from __future__ import annotations

import multiprocessing
import multiprocessing.synchronize
import os
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest
import sites
from sites import API_ERRORS, RESOLVED

from status_tool.errors import StatusError
from status_tool.incident_files import changes, parser, store
from status_tool.model.component import ComponentStatus
from status_tool.model.incident import Incident
from status_tool.model.update import Text, Update, UpdateStatus
from status_tool.settings import settings
from status_tool.settings.settings import Settings
from status_tool.system import compare_and_swap

AT = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
API = "2026-11-23-api-errors"
SLOW = "2026-11-20-slow-website"
FILES = {f"{SLOW}.yml": RESOLVED, f"{API}.md": API_ERRORS}


def configured(folder: Path) -> Settings:
    return settings.load(folder / "mkdocs.yml")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A site with two incidents; messages name files as somebody standing in it sees them."""
    monkeypatch.chdir(sites.make(tmp_path / "s", FILES))
    return configured(tmp_path / "s")


def update(second: int = 0, message: str = "Found it.") -> Update:
    return Update(AT + timedelta(seconds=second), UpdateStatus.IDENTIFIED, Text({"": message}))


def file_of(site: Settings, name: str) -> Path:
    return site.incidents / name


def names(site: Settings) -> list[str]:
    return sorted(path.name for path in site.incidents.iterdir())


def refusal(call: object, *args: object, **keys: object) -> str:
    with pytest.raises(StatusError) as refused:
        call(*args, **keys)  # type: ignore[operator]
    return str(refused.value)


def test_every_incident_is_read_in_the_order_of_the_ids(site: Settings) -> None:
    assert [incident.id for incident in store.load(site)] == [SLOW, API]
    assert store.ids(site) == [SLOW, API]


def test_all_mistakes_of_all_files_are_named_at_once(site: Settings) -> None:
    file_of(site, "a.yml").write_text("title: x\nupdate: []\n")
    file_of(site, "b.md").write_text("Hello\n")
    file_of(site, "c.yml").write_bytes(b"title: x\nwho: caf\xe9\n")
    file_of(site, "notes.txt").write_text("by the way")
    file_of(site, "Big Outage.md").write_text(API_ERRORS)
    (site.incidents / "2025").mkdir()
    file_of(site, "gone.md").symlink_to("nowhere")
    file_of(site, "ring.md").symlink_to("ring.md")
    os.mkfifo(file_of(site, "pipe.md"))

    assert refusal(store.load, site) == (
        "incidents/2025: a folder among the incident files.\n"
        "Move its files up one level, or move the folder elsewhere.\n"
        'incidents/Big Outage.md: the file name "Big Outage" cannot be part of a URL.\n'
        "Rename it in lower-case letters, digits and hyphens, for example big-outage.md.\n"
        "incidents/gone.md: this is not a readable file.\n"
        "Remove it, or repair the link.\n"
        "incidents/notes.txt: this is not an incident file, so it would not be published.\n"
        "End its name in .md or .yml or .yaml, or move it elsewhere.\n"
        "incidents/pipe.md: this is not a readable file.\n"
        "Remove it, or repair the link.\n"
        "incidents/ring.md: this is not a readable file.\n"
        "Remove it, or repair the link.\n"
        'incidents/a.yml:1: "updates" is missing.\n'
        "Write, for example:\n"
        "updates:\n"
        "- at: 2026-11-23T14:05:00Z\n"
        "  status: investigating\n"
        "  message: Looking into it.\n"
        'incidents/a.yml:2: unknown key "update".\n'
        'Did you mean "updates"? Use one of: title, kind, scheduled, started, ended, reviewed, impact, draft, drill, '
        "withdrawn, withdrawal_posted, reason, replay, who, workaround, contact, updates.\n"
        "incidents/b.md:1: the front matter is missing.\n"
        'Write "---" on the first line, then the record, then another line "---".\n'
        "incidents/c.yml:2: not UTF-8 text.\n"
        "Save the file as UTF-8."
    )


@pytest.mark.parametrize("name", ["a.yml~", ".a.yml.swp", ".DS_Store", "#a.yml#", ".git"])
def test_what_editors_and_git_leave_behind_is_not_read(name: str, site: Settings) -> None:
    file_of(site, name).write_text("not: an incident")

    assert [incident.id for incident in store.load(site)] == [SLOW, API]


def test_two_files_of_one_id_are_a_mistake(site: Settings) -> None:
    file_of(site, f"{API}.yml").write_text(RESOLVED)

    assert refusal(store.load, site) == (
        f'incidents/{API}.yml: a second file with the id "{API}".\nRename or remove one of them.'
    )


def test_an_update_of_the_future_is_a_mistake_only_beyond_the_latest_time(site: Settings) -> None:
    file_of(site, f"{SLOW}.yml").unlink()
    posted = datetime(2026, 11, 23, 13, tzinfo=UTC)

    assert len(store.load(site, latest=posted)) == 1
    assert refusal(store.load, site, latest=posted - timedelta(seconds=1)) == (
        f'incidents/{API}.md:4: "at" is in the future: 2026-11-23T13:00:00Z.\n'
        "Correct it, or set this machine's clock. For planned work, write kind: maintenance."
    )


def test_one_incident_is_read_though_another_file_is_broken(site: Settings) -> None:
    file_of(site, "broken.yml").write_text("[")

    assert store.read(site, API).title == Text({"": "API errors"})


def test_a_folder_that_is_not_there_is_a_mistake_unless_none_is_expected(site: Settings) -> None:
    lost = replace(site, incidents=site.folder / "lost")

    assert refusal(store.load, lost) == (
        "lost: this folder does not exist.\nCreate it, or correct incidents: in mkdocs.yml."
    )
    assert store.load(replace(lost, allow_empty=True)) == []


def test_a_file_in_place_of_the_folder_is_a_mistake(site: Settings) -> None:
    wrong = replace(site, incidents=site.file, allow_empty=True)

    assert refusal(store.load, wrong) == (
        "mkdocs.yml: this is a file, not a folder.\nMake it a folder, or correct incidents: in mkdocs.yml."
    )


def test_a_site_without_incidents_is_refused_unless_it_is_allowed(site: Settings) -> None:
    assert refusal(store.refuse_empty, site, []) == (
        "incidents: this folder contains no published incident.\n"
        "Restore the files; or, if there never was an incident, set allow_empty: true in mkdocs.yml."
    )
    store.refuse_empty(replace(site, allow_empty=True), [])
    store.refuse_empty(site, store.load(site))


def new(id: str, **components: ComponentStatus) -> Incident:
    return Incident(id, Text({"": "New"}), (replace(update(), components=components),))


def test_a_new_incident_takes_the_next_free_name_whatever_the_suffix(site: Settings) -> None:
    taken = [changes.write_new(site, new(SLOW)).name for _ in range(2)]

    assert taken == [f"{SLOW}-2.md", f"{SLOW}-3.md"]
    assert [incident.id for incident in store.load(site)] == [f"{SLOW}-2", f"{SLOW}-3", SLOW, API]
    assert file_of(site, f"{SLOW}.yml").read_text() == RESOLVED


def test_a_new_incident_makes_its_folder(site: Settings) -> None:
    path = changes.write_new(replace(site, incidents=site.folder / "a" / "b"), new("x"))

    assert parser.parse(path.read_text(), str(path)) == new("x")


def test_a_new_incident_that_could_not_be_read_again_is_not_written(site: Settings) -> None:
    before = names(site)

    assert refusal(changes.write_new, site, new("x", apo=ComponentStatus.MAJOR_OUTAGE)) == (
        'incidents/x.md:6: unknown component "apo".\n'
        'Did you mean "api"? Known: api, website. Add a new component below components: in mkdocs.yml. '
        "Keep one that no longer exists there: - {id: apo, name: apo, retired: 2024-05-01}"
    )
    assert names(site) == before


def test_appending_gives_back_the_incident_with_its_update_as_the_file_holds_it(site: Settings) -> None:
    seen: list[Incident] = []

    def decide(incident: Incident) -> Update:
        seen.append(incident)
        return update()

    before = store.read(site, API)
    after = replace(before, updates=(*before.updates, update()))

    assert changes.append(site, API, decide) == (after, update())
    assert (seen, store.read(site, API)) == ([before], after)


def test_an_update_that_is_refused_leaves_the_file_and_frees_the_lock(site: Settings) -> None:
    def decide(_: Incident) -> Update:
        raise StatusError("Changed my mind.")

    before = sites.snapshot(site.folder)

    assert refusal(changes.append, site, API, decide) == "Changed my mind."
    assert sites.snapshot(site.folder) == before
    assert changes.append(site, API, lambda _: update())[1] == update()


def test_a_broken_file_is_never_written_to(site: Settings) -> None:
    file_of(site, f"{API}.md").write_text(API_ERRORS.replace("major_outage", "down"))
    before = sites.snapshot(site.folder)

    assert refusal(changes.append, site, API, lambda _: update()).startswith(
        f'incidents/{API}.md:6: unknown component status "down".\n'
    )
    assert sites.snapshot(site.folder) == before


@pytest.mark.parametrize(("module", "step"), [(compare_and_swap, "exchange"), (os, "fsync")])
def test_a_write_that_fails_leaves_the_file_and_no_leftover(
    module: ModuleType, step: str, site: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sites.snapshot(site.folder)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, step, full)

    assert refusal(changes.append, site, API, lambda _: update()) == (
        f"incidents/{API}.md: cannot be written: No space left on device.\n"
        "Nothing was changed. Check the free disk space and the folder's permissions, then run the command again."
    )
    assert sites.snapshot(site.folder) == before


def test_a_key_press_in_the_middle_of_a_write_leaves_no_leftover(
    site: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sites.snapshot(site.folder)

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(compare_and_swap, "exchange", interrupted)
    with pytest.raises(KeyboardInterrupt):
        changes.append(site, API, lambda _: update())

    assert sites.snapshot(site.folder) == before


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o664])
def test_a_file_keeps_its_mode(mode: int, site: Settings) -> None:
    file_of(site, f"{API}.md").chmod(mode)
    changes.append(site, API, lambda _: update())

    assert file_of(site, f"{API}.md").stat().st_mode & 0o777 == mode


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600)])
def test_a_new_file_has_the_mode_that_others_get(umask: int, mode: int, site: Settings) -> None:
    before = os.umask(umask)
    try:
        path = changes.write_new(site, new("x"))
    finally:
        os.umask(before)

    assert path.stat().st_mode & 0o777 == mode


def test_a_link_stays_a_link_and_its_target_is_written(site: Settings, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere.md"
    link = file_of(site, f"{API}.md")
    link.rename(target)
    link.symlink_to(target)
    changes.append(site, API, lambda _: update())

    assert (link.is_symlink(), link.resolve()) == (True, target)
    assert target.read_text() != API_ERRORS
    assert sorted(path.name for path in tmp_path.iterdir()) == ["elsewhere.md", "s"]


def _append(folder: str, number: int, gate: multiprocessing.synchronize.Barrier) -> None:
    site = configured(Path(folder))
    gate.wait(30)

    def decide(incident: Incident) -> Update:
        time.sleep(0.005)  # long enough for two writers without a lock to read the same file
        return replace(update(message=f"From process {number}."), at=max(AT, incident.last.at + timedelta(seconds=1)))

    changes.append(site, API, decide)


def test_twenty_processes_at_once_all_get_their_words_in(site: Settings) -> None:
    fork = multiprocessing.get_context("fork")
    gate = fork.Barrier(20)
    writers = [fork.Process(target=_append, args=(str(site.folder), number, gate)) for number in range(20)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(30)

    assert [writer.exitcode for writer in writers] == [0] * 20
    updates = store.read(site, API).updates
    assert [found.at for found in updates[1:]] == [AT + timedelta(seconds=n) for n in range(20)]
    assert sorted(str(found.message) for found in updates[1:]) == sorted(f"From process {n}." for n in range(20))
    assert names(site) == sorted(FILES)


def _write_new(folder: str, gate: multiprocessing.synchronize.Barrier) -> None:
    site = configured(Path(folder))
    gate.wait(30)
    changes.write_new(site, new("x"))


def test_ten_processes_that_open_one_name_get_ten_files(site: Settings) -> None:
    fork = multiprocessing.get_context("fork")
    gate = fork.Barrier(10)
    writers = [fork.Process(target=_write_new, args=(str(site.folder), gate)) for _ in range(10)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(30)

    assert names(site) == sorted([*FILES, "x.md", *(f"x-{number}.md" for number in range(2, 11))])


COMMENT = "# seen by the editor\n"


def with_comment(text: str) -> str:
    return text.replace("updates:\n", f"updates:\n{COMMENT}")


def typed(message: str) -> Callable[[Incident], Update]:
    """The next update, with that message."""
    return lambda incident: replace(update(message=message), at=incident.last.at + timedelta(seconds=1))


def test_what_an_editor_saves_while_a_command_appends_is_kept(site: Settings) -> None:
    file, readings = file_of(site, f"{API}.md"), []
    edited = with_comment(API_ERRORS).replace("We are looking into it.", "We are on it.")

    def decide(incident: Incident) -> Update:
        readings.append(len(incident.updates))
        if len(readings) == 1:
            file.write_text(edited)
        return update()

    changes.append(site, API, decide)

    assert readings == [1, 1]
    assert file.read_text() == edited.replace(
        "it.\n---\n",
        "it.\n- at: 2026-11-23T14:05:00Z\n  status: identified\n  message: |\n    Found it.\n---\n",
    )


def test_an_update_that_an_editor_overwrites_at_once_is_added_again(
    site: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, real, calls = file_of(site, f"{API}.md"), compare_and_swap.swap, iter(range(9))

    def swap(target: Path, old: bytes, new: bytes) -> bool:
        done = real(target, old, new)
        if next(calls) == 0:
            file.write_text(with_comment(API_ERRORS))  # what the editor holds does not have the update
        return done

    monkeypatch.setattr(compare_and_swap, "swap", swap)
    changed = changes.append(site, API, typed("Found it."))

    assert changed == (store.read(site, API), changed[1])
    assert [str(found.message) for found in changed[0].updates] == ["We are looking into it.", "Found it."]
    assert COMMENT in file.read_text()


def test_an_update_to_which_an_editor_adds_something_at_once_is_not_added_again(
    site: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, real = file_of(site, f"{API}.md"), compare_and_swap.swap

    def swap(target: Path, old: bytes, new: bytes) -> bool:
        done = real(target, old, new)
        file.write_text(with_comment(new.decode()))
        return done

    monkeypatch.setattr(compare_and_swap, "swap", swap)
    changes.append(site, API, typed("Found it."))

    assert (file.read_text().count("Found it."), file.read_text().count(COMMENT)) == (1, 1)


def test_a_file_that_is_half_written_is_read_again(site: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    file = file_of(site, f"{API}.md")
    file.write_text(API_ERRORS[:-40])
    monkeypatch.setattr(time, "sleep", lambda _: file.write_text(API_ERRORS))  # the other program goes on meanwhile

    assert store.read(site, API).title == Text({"": "API errors"})


def test_a_program_that_never_stops_writing_is_named_and_loses_nothing(site: Settings) -> None:
    file = file_of(site, f"{API}.md")

    def decide(incident: Incident) -> Update:
        file.write_text(f"{file.read_text()}\n")
        return update()

    assert refusal(changes.append, site, API, decide) == (
        f"incidents/{API}.md: another program writes this file again and again.\n"
        "Close that program. Look whether your text is in the file; if it is not, run the command again."
    )
    assert file.read_text() == API_ERRORS + "\n" * changes.MAX_ATTEMPTS
    assert names(site) == sorted(FILES)


def test_two_programs_at_once_are_named_and_lose_nothing(site: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def swap(target: Path, *_: bytes) -> bool:
        raise compare_and_swap.Overwritten(target.with_name(".kept-1"))

    monkeypatch.setattr(compare_and_swap, "swap", swap)

    assert refusal(changes.append, site, API, lambda _: update()) == (
        f"incidents/{API}.md: two programs have changed this file at the same time; nothing was added to it.\n"
        "One version is kept in incidents/.kept-1. Put both together, then run the command again."
    )


def _comment(file: str, number_of_comments: int, save: Callable[[Path, int], None]) -> None:
    for number in range(number_of_comments):
        save(Path(file), number)
        time.sleep(0.02)


def _add_comment(file: Path, number: int) -> None:
    with file.open("a") as opened:
        opened.write(f"# comment {number}.\n")


def _save_with_comment(file: Path, number: int) -> None:
    new = file.with_name(".editor")
    new.write_text(f"{file.read_text()}# comment {number}.\n")
    new.replace(file)


@pytest.mark.slow
@pytest.mark.parametrize("save", [_add_comment, _save_with_comment])
def test_beside_a_fast_writer_nothing_is_lost(save: Callable[[Path, int], None], site: Settings) -> None:
    file = file_of(site, f"{SLOW}.yml")
    editor = multiprocessing.get_context("fork").Process(target=_comment, args=(str(file), 100, save))
    editor.start()
    added = []
    while editor.is_alive():
        added.append(str(changes.append(site, SLOW, typed(f"Word {len(added)}."))[1].message))
    editor.join()
    text = file.read_text()

    assert [number for number in range(100) if f"# comment {number}.\n" not in text] == []
    if save is _add_comment:  # the other may read the file before an update is added, and save it much later
        assert [message for message in added if text.count(f"{message}\n") != 1] == []
    assert len(added) > 5


def test_a_component_is_suggested_by_its_name(site: Settings) -> None:
    named = replace(site, components=tuple(replace(known, name=f"The {known.id} of ours") for known in site.components))
    file_of(site, f"{API}.md").write_text(API_ERRORS.replace("{api:", '{"The API of ours":'))

    assert 'unknown component "The API of ours".\nDid you mean "api"?' in refusal(store.load, named)
