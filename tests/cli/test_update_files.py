"""The commands with updates in files of their own: written whole, never over another, corrected where they are."""

from __future__ import annotations

import multiprocessing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sites
from sites import API_ERRORS, SETTINGS, WORK, Said, inside, status

from status_tool.incident_files import changes, store
from status_tool.model.incident import Incident
from status_tool.model.update import Text, Update, UpdateStatus
from status_tool.settings import settings as site_settings
from status_tool.system import clock

API, UPGRADE = "2026-11-23-api-errors", "2026-11-20-upgrade"
NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)


def make(folder: Path, updates: str = "files", **files: str) -> Path:
    settings = SETTINGS.replace("    components:", f"    updates: {updates}\n    components:")
    return sites.make(folder, {f"{API}.md": API_ERRORS, f"{UPGRADE}.yml": WORK, **files}, settings=settings)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return make(tmp_path / "s")


def say(folder: Path, *args: str, minutes: int = 0) -> Said:
    said = status(folder, *args, now=NOW + timedelta(minutes=minutes))
    assert said.code == 0, said.err
    return said


def text_of(site: Path, name: str, id: str = API) -> str:
    return (site / "incidents" / id / name).read_text("utf-8")


def names(site: Path) -> list[str]:
    return sorted(path.relative_to(site / "incidents").as_posix() for path in (site / "incidents").rglob("*"))


def test_each_update_is_a_file_of_its_own_and_no_other_file_changes(site: Path) -> None:
    before = sites.incident_text(site, f"{API}.md")
    said = say(
        site, "update", "api", "-m", "Found it.", "--status", "identified", "-c", "api=partial_outage", "--next", "30m"
    )

    assert f"Wrote incidents/{API}/20261123T140500Z.md" in said.out
    assert text_of(site, "20261123T140500Z.md") == (
        "---\nstatus: identified\ncomponents: {api: partial_outage}\nnext: 2026-11-23T14:35:00Z\n---\nFound it.\n"
    )
    say(site, "update", "api", "-m", "At the same second.")
    assert text_of(site, "20261123T140501Z.md") == "---\nstatus: identified\n---\nAt the same second.\n"
    said = say(site, "resolve", "api", "-m", "It works.", minutes=5)
    assert f"Wrote incidents/{API}/20261123T141000Z.md" in said.out
    assert f'below the second "---" of incidents/{API}.md' in said.out
    said = say(site, "reschedule", "upgrade", "--from", "2026-12-03T02:00Z", "-m", "Later.")
    assert f"Wrote incidents/{UPGRADE}/20261123T140500Z.md" in said.out
    assert sites.incident_text(site, f"{API}.md") == before
    assert "File: incidents/2026-11-23-api-errors/20261123T141000Z.md\n" in status(site, "show", "api").out
    assert not [name for name in names(site) if ".status" in name]


def test_an_earlier_update_gets_the_name_of_the_file_to_write(site: Path) -> None:
    said = status(site, "update", "api", "--at", "12:30", "-m", "Before.", now=NOW)
    assert f"write it as incidents/{API}/20261123T123000Z.md" in said.err
    (site / "incidents" / API).mkdir()
    posted = "---\nstatus: investigating\nposted: 2026-11-23T14:05:00Z\n---\nBefore.\n"
    (site / "incidents" / API / "20261123T123000Z.md").write_text(posted)
    assert "no errors" in say(site, "check").out


def test_both_ways_of_writing_say_the_same(tmp_path: Path) -> None:
    read: list[list[Incident]] = []
    for way in ("append", "files"):
        folder = make(tmp_path / way, way)
        say(folder, "update", "api", "-m", "---\n\n  a: b\n\n# not a comment", "--at", "13:50")
        say(folder, "amend", "api", "-m", "  Better\n\n---\nwords.", minutes=1)
        say(folder, "reschedule", "upgrade", "--until", "5h", "-m", "Longer.")
        say(folder, "update", "upgrade", "--status", "cancelled", "-m", "Never.", minutes=2)
        say(folder, "resolve", "api", "-m", "Done.", minutes=3)
        say(folder, "withdraw", "api", "-m", "It was nothing.", minutes=4)
        assert "no errors" in say(folder, "check", minutes=5).out
        read.append(store.load(site_settings.load(folder / "mkdocs.yml")))
    assert read[0] == read[1]


def test_a_correction_changes_the_file_that_has_the_words(site: Path) -> None:
    folder = site / "incidents" / API
    folder.mkdir()
    (folder / "20261123T140000Z.md").write_bytes(b"---\r\nstatus: identified # sure\r\n---\r\n\r\nOld.\r\n\r\n")
    (folder / "20261123T140000Z.fr.md").write_text("\n  Vieux.\n")

    assert "Unchanged: fr." in say(site, "amend", "api", "-m", "New\nwords.").out
    assert (folder / "20261123T140000Z.md").read_bytes() == (
        b"---\r\nstatus: identified # sure\r\nedited: 2026-11-23T14:05:00Z\r\n---\r\n\r\nNew\r\nwords.\r\n\r\n"
    )
    said = say(site, "amend", "api", "--language", "fr", "-m", "Neuf.", minutes=1)
    assert f"Wrote incidents/{API}/20261123T140000Z.fr.md" in said.out
    assert text_of(site, "20261123T140000Z.fr.md") == "---\nedited: 2026-11-23T14:06:00Z\n---\n\nNeuf.\n"
    say(site, "amend", "api", "--language", "fr", "-m", "Encore neuf.", minutes=2)
    assert text_of(site, "20261123T140000Z.fr.md") == "---\nedited: 2026-11-23T14:07:00Z\n---\n\nEncore neuf.\n"
    (folder / "20261123T140000Z.md").write_text("---\n{status: identified}\n---\nOld.")
    say(site, "amend", "api", "-m", "Newer.", minutes=3)
    assert text_of(site, "20261123T140000Z.md") == (
        "---\n{edited: 2026-11-23T14:08:00Z, status: identified}\n---\nNewer.\n"
    )


def test_a_translation_of_an_update_in_the_one_file_is_corrected_in_its_own(site: Path) -> None:
    (site / "incidents" / API).mkdir()
    (site / "incidents" / API / "20261123T130000Z.fr.md").write_text("Vieux.\n")

    say(site, "amend", "api", "--language", "fr", "-m", "Neuf.")
    assert text_of(site, "20261123T130000Z.fr.md") == "---\nedited: 2026-11-23T14:05:00Z\n---\nNeuf.\n"
    said = say(site, "amend", "api", "-m", "New.", minutes=1)
    assert f"Wrote incidents/{API}.md" in said.out
    assert "edited: 2026-11-23T14:06:00Z\n  message: |\n    New.\n" in sites.incident_text(site, f"{API}.md")


@pytest.mark.parametrize("way", ["append", "files"])
def test_a_message_that_would_be_read_as_the_record_is_refused_and_nothing_written(way: str, tmp_path: Path) -> None:
    site = make(tmp_path / "s", way)
    before = names(site)
    said = status(site, "update", "api", "-m", "next: 2026-11-23T15:00:00Z", now=NOW)

    assert (said.code, "looks like part of the record" in said.err) == (1, True)
    assert names(site) == before


def test_an_update_is_added_to_a_folder_that_is_empty_or_that_a_killed_command_left(site: Path) -> None:
    (site / "incidents" / API).mkdir()
    (site / "incidents" / ".status-new-folder").mkdir()
    (site / "incidents" / ".status-new-folder" / "x").write_text("half")

    say(site, "update", "api", "-m", "Found it.")
    say(site, "update", "upgrade", "-m", "As planned.")
    assert text_of(site, "20261123T140500Z.md", UPGRADE)
    assert not (site / "incidents" / ".status-new-folder").exists()


def test_the_words_of_another_program_are_never_overwritten(site: Path) -> None:
    settings = site_settings.load(site / "mkdocs.yml")
    calls: list[int] = []

    def make_update(before: Incident) -> Update:
        at = max(NOW, before.last.at + timedelta(seconds=1))
        if not calls:  # another program takes the second meanwhile
            (site / "incidents" / API).mkdir()
            (site / "incidents" / API / "20261123T140500Z.md").write_text("---\nstatus: identified\n---\nFirst.\n")
        calls.append(1)
        return Update(at, UpdateStatus.IDENTIFIED, Text({"": "Second."}))

    changed, update = changes.append(settings, API, make_update)
    assert [str(update.message) for update in changed.updates[1:]] == ["First.", "Second."]
    assert update.stamp == "20261123T140501Z"


def test_a_message_in_several_languages_gets_a_file_for_each(site: Path) -> None:
    settings = site_settings.load(site / "mkdocs.yml")
    text = Text({"fr": "Trouvé.", "en": "Found it."})
    update = Update(NOW, UpdateStatus.IDENTIFIED, text)

    assert changes.append(settings, API, lambda _: update)[1] == update
    assert store.read(settings, API).last == update
    assert text_of(site, "20261123T140500Z.fr.md") == "Trouvé.\n"


def _post(site: Path, number: int) -> None:
    settings = site_settings.load(site / "mkdocs.yml")
    for _ in range(5):
        changes.append(
            settings,
            API,
            lambda before: Update(
                max(NOW, before.last.at + timedelta(seconds=1)), UpdateStatus.IDENTIFIED, Text({"": str(number)})
            ),
        )


def test_several_commands_at_the_same_time_all_write_theirs(site: Path) -> None:
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=_post, args=(site, number)) for number in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    with inside(site):
        updates = store.read(site_settings.load(Path("mkdocs.yml")), API).updates

    assert sorted(str(update.message) for update in updates[1:]) == sorted("012" * 5)
    assert [clock.iso(update.at) for update in updates[1:]][:2] == ["2026-11-23T14:05:00Z", "2026-11-23T14:05:01Z"]


def test_a_draft_is_published_with_the_updates_in_files_of_their_own(site: Path) -> None:
    draft = API_ERRORS.replace("title", "draft: true\ntitle")
    (site / "incidents" / f"{API}.md").write_text(draft)
    folder = site / "incidents" / API
    folder.mkdir()
    (folder / "20261123T133000Z.md").write_text("---\n{status: identified, next: 20m}\n---\nFound it.\n")
    (folder / "20261123T133000Z.fr.md").write_text("Trouvé.\n")
    (folder / "20261123T140000Z.md").write_text(
        "---\nstatus: monitoring # sure\nnext: 2026-11-23T14:03:00Z\n---\nBetter.\n"
    )
    say(site, "publish", API, "--next", "30m")

    assert sites.incident_text(site, f"{API}.md") == API_ERRORS.replace(
        "  message", "  posted: 2026-11-23T14:05:00Z\n  message"
    )
    assert text_of(site, "20261123T133000Z.md") == (
        '---\n{"posted": "2026-11-23T14:05:00Z", status: identified}\n---\nFound it.\n'
    )
    assert text_of(site, "20261123T140000Z.md") == (
        "---\nposted: 2026-11-23T14:05:00Z\nstatus: monitoring # sure\nnext: 2026-11-23T14:35:00Z\n---\nBetter.\n"
    )
    assert "no errors" in say(site, "check", minutes=1).out
