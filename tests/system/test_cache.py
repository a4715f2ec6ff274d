"""What one run keeps for the next saves time, and can mislead nobody."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
import sites
from sites import API_ERRORS, RESOLVED, status

from status_tool.incident_files import parser, store
from status_tool.model.incident import Incident
from status_tool.settings import settings
from status_tool.settings.settings import Settings
from status_tool.system import cache, clock, fingerprint

FILES = {"2026-11-20-slow-website.yml": RESOLVED, "2026-11-23-api-errors.md": API_ERRORS}


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A site whose files were written some time ago, and read once."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(sites.make(tmp_path / "s", FILES))
    found = settings.load(tmp_path / "s" / "mkdocs.yml")
    monkeypatch.setattr(clock, "tick", lambda: 2**62)  # long after
    store.load(found)
    return found


def shelves(site: Settings) -> list[Path]:
    return sorted(site.cache.glob("incidents-*"))


def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are parsed from now on."""
    names: list[str] = []
    parse = parser.parse

    def noted(text: str, path: str, **how: object) -> Incident:
        names.append(Path(path).name)
        return parse(text, path, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(parser, "parse", noted)
    return names


def test_a_file_is_parsed_once_for_all_runs(site: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    before = store.load(site)
    names = parsed(monkeypatch)

    assert store.load(site) == before
    assert [incident.source for incident in store.load(site)] == [incident.source for incident in before]
    assert names == []


def test_a_changed_file_alone_is_parsed_again(site: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    names = parsed(monkeypatch)
    file = site.incidents / "2026-11-20-slow-website.yml"
    file.write_text(RESOLVED.replace("Slow website", "Slow WEBSITE"))  # no longer than before
    found = store.load(site)

    assert (names, str(found[0].title)) == ([file.name], "Slow WEBSITE")


def test_a_fresh_checkout_is_known_by_its_content(site: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    names = parsed(monkeypatch)
    for file in site.incidents.iterdir():
        os.utime(file, (1_700_000_000, 1_700_000_000))
    store.load(site)

    assert names == []


def test_a_file_that_was_changed_this_moment_is_looked_at_again(
    site: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("XDG_CACHE_HOME", str(site.folder.parent / "cache"))
    file = site.incidents / "2026-11-20-slow-website.yml"
    for title in ("Slow website", "Slow WEBSITE", "SLOW website"):  # of one length, and within one tick of most clocks
        file.write_text(RESOLVED.replace("Slow website", title))
        assert str(store.load(site)[0].title) == title


def test_what_was_in_order_once_is_judged_by_the_settings_of_today(site: Settings) -> None:
    text = site.file.read_text().replace("{id: api,", "{id: api-v2,")
    site.file.write_text(text)
    said = status(site.folder, "check")

    assert (said.code, "incidents/2026-11-23-api-errors.md:6: unknown component" in said.err) == (1, True)


@pytest.mark.slow
def test_what_lies_in_the_future_is_refused_though_it_was_built_for_then(site: Settings) -> None:
    (site.incidents / "2026-11-23-api-errors.md").write_text(API_ERRORS.replace("11-23T13", "11-24T13"))
    assert status(site.folder, "build", "--now", "2026-11-25T00:00:00Z").code == 0
    said = status(site.folder, "check")

    assert (said.code, '"at" is in the future' in said.err) == (1, True)


@pytest.mark.parametrize("harm", ["nothing", "nonsense", "a bit", "another type", "another program", "no rights"])
def test_a_run_does_without_what_another_kept(harm: str, site: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = shelves(site)
    assert kept
    for file in kept:
        if harm == "nonsense":
            file.write_bytes(b"\x92\xd9\xff")
        elif harm == "a bit":
            file.write_bytes(file.read_bytes().replace(b"Slow", b"Fast").replace(b"API e", b"CPI e"))
        elif harm == "another type":
            cache.write(file, {"2026-11-20-slow-website.yml": ["x", {"id": 5}]}, fingerprint.program())
        elif harm in ("nothing", "no rights"):
            file.unlink()
    if harm == "no rights":
        site.cache.rmdir()
        site.cache.write_text("a file where the folder should be")
    if harm == "another program":
        monkeypatch.setattr(fingerprint, "program", lambda: "another")
    names = parsed(monkeypatch)

    assert [incident.id for incident in store.load(site)] == [
        "2026-11-20-slow-website",
        "2026-11-23-api-errors",
    ]
    assert sorted(names) == sorted(FILES)


def test_a_mistake_keeps_nothing(site: Settings) -> None:
    before = [file.read_bytes() for file in shelves(site)]
    (site.incidents / "2026-11-24-x.yml").write_text("title: [")
    assert status(site.folder, "check").code == 1

    assert [file.read_bytes() for file in shelves(site)] == before


def test_it_lies_outside_the_site_where_nobody_else_may_write(site: Settings) -> None:
    assert not site.cache.is_relative_to(site.folder)
    assert site.cache.stat().st_mode & 0o077 == 0


def test_the_program_is_another_with_every_change_of_its_code(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("1")
    first = fingerprint.tree(tmp_path, ".py")
    (tmp_path / "b.txt").write_text("no code")
    assert fingerprint.tree(tmp_path, ".py") == first
    (tmp_path / "a.py").rename(tmp_path / "c.py")
    assert fingerprint.tree(tmp_path, ".py") != first

    assert re.fullmatch("[0-9a-f]{32}", fingerprint.program())


def test_a_link_that_leads_back_is_followed_once(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("x")
    (tmp_path / "again").symlink_to(tmp_path)

    assert [Path(path).name for path in fingerprint.files(tmp_path)] == ["page.md"]


def test_no_two_cache_files_have_the_same_path(tmp_path: Path) -> None:
    site = cache.SiteCache(tmp_path)
    outputs = [site.of_output(tmp_path / "a"), site.of_output(tmp_path / "b")]
    paths = [site.years, site.months, site.templates, *map(site.incidents, range(16))]
    paths += [path for output in outputs for path in (output.records, output.host_pages)]

    assert len(set(paths)) == len(paths)
    assert [path for path in paths if tmp_path not in path.parents] == []
