"""A build from end to end: what it writes, what it leaves out the next time, and what it says of that."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
import sites

from status_tool.errors import StatusError
from status_tool.pipeline import build as builds
from status_tool.pipeline.build import BuildResult
from status_tool.project.project import Project
from status_tool.settings import settings
from status_tool.system import clock

NOW = clock.parse_time(sites.NOW)


class Watch:
    """Remembers the steps and the notes of a build."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.notes: list[str] = []

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        self.steps.append(name)
        yield

    def note(self, text: str) -> None:
        self.notes.append(text)

    def progress(self, done: int, of: int) -> None:
        assert 0 <= done <= of


def build(folder: Path, now: datetime = NOW) -> tuple[BuildResult, Watch]:
    watch = Watch()
    found = settings.load(folder / "mkdocs.yml")
    return builds.build(found, partial(Project(found, now).as_of, now), now, watch), watch


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a site that was built once."""
    folder = sites.make(tmp_path_factory.mktemp("build") / "s")
    build(folder)
    return folder


def test_a_second_build_writes_nothing_and_does_not_run_mkdocs(built: Path) -> None:
    before = sites.snapshot(built / "site")
    result, watch = build(built)

    assert (result.written.changed, result.written.removed, result.now, result.warnings) == (0, 0, NOW, ())
    assert watch.steps == [
        "Incident files",
        "Summary",
        "Templates",
        "Frame and own pages (MkDocs)",
        "Pages, feeds and documents",
    ]
    assert watch.notes[0] == "MkDocs did not run: its settings, pages and theme are the same."
    assert watch.notes[1].endswith(" files skipped: their inputs are the same.")
    assert sites.snapshot(built / "site") == before


def test_a_mistake_in_an_incident_leaves_the_site_as_it_is(built: Path) -> None:
    before, wrong = sites.snapshot(built / "site"), built / "incidents" / "2026-11-22-broken.yml"
    wrong.write_text("title: [")
    try:
        with pytest.raises(StatusError, match="not valid YAML"):
            build(built)
    finally:
        wrong.unlink()

    assert sites.snapshot(built / "site") == before


def test_settings_that_change_during_a_build_are_built_by_the_next(built: Path) -> None:
    file = built / "mkdocs.yml"
    old = file.read_text()
    found, watch = settings.load(file), Watch()

    def load(progress: object) -> object:
        file.write_text(old.replace("Example Status", "New Status"))
        return Project(found, NOW).as_of(NOW)

    builds.build(found, load, NOW, watch)  # type: ignore[arg-type]
    assert "Settings, templates or pages were changed during the build: the next one renders everything." in watch.notes
    _, watch = build(built)
    assert watch.notes[0].startswith("MkDocs ran: ")
    assert "New Status" in (built / "site" / "index.html").read_text()


def test_incidents_are_read_again_where_another_build_was_quicker(built: Path) -> None:
    found, watch, read = settings.load(built / "mkdocs.yml"), Watch(), []

    def load(progress: object) -> object:
        read.append(1)
        if len(read) == 1:
            (built / "incidents" / "2026-11-23-api-errors.md").write_text(sites.API_ERRORS)
            build(built)
            (built / "incidents" / "2026-11-23-late.md").write_text(sites.API_ERRORS.replace("API errors", "Late"))
        return Project(found, NOW).as_of(NOW)

    builds.build(found, load, NOW, watch)  # type: ignore[arg-type]

    assert len(read) == 2
    assert (built / "site" / "incidents" / "2026-11-23-late" / "index.html").exists()
