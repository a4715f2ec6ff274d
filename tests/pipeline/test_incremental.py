"""A build that makes only what changed gives the same bytes as one from nothing, whatever was changed before."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sites
from sites import snapshot, status

from status_tool.mkdocs import run
from status_tool.model.incident import Incident
from status_tool.outputs.host_pages import HostPages
from status_tool.pipeline import build as builds
from status_tool.project import project
from status_tool.render.context import RenderContext
from status_tool.render.templates import Templates
from status_tool.system import clock

pytestmark = pytest.mark.slow

EDITS = 50
SEEDS = range(int(os.environ.get("STATUS_PROOF_SEEDS", "2")))
WORK = """\
title: Database upgrade
kind: maintenance
scheduled: {from: 2026-11-25T02:00:00Z, until: 2026-11-25T04:00:00Z, repeat: FREQ=WEEKLY;COUNT=6}
updates:
- {at: 2026-11-20T09:00:00Z, status: scheduled, components: {api: under_maintenance}, message: Reads keep working.}
"""
TEMPLATES = {
    "pages/_foot.html": "<p>Call us: {{ settings.site_name }}</p>\n",
    "pages/_year.html": "<h2>{{ year }}: {{ metrics.duration|duration }}</h2>\n",
    "assets/status.css": ".st { color: red }\n",
    "theme/main.html": '{% extends "base.html" %}{% block announce %}Drill{% endblock %}\n',
}


class Site:
    """A site under random edits; `now` goes on with each of them."""

    def __init__(self, folder: Path, seed: int) -> None:
        files = {f"2026-{6 + n // 5:02}-{n % 5 * 5 + 1:02}-trouble-{n}.yml": self.incident(n, seed) for n in range(25)}
        files |= {f"2025-06-0{n}-old.yml": self.incident(n).replace("2026", "2025") for n in range(3)}
        files["2026-11-25-upgrade.yml"] = WORK
        self.folder = sites.make(folder / "s", files)
        self.dice = random.Random(seed)
        self.now = clock.parse_time(sites.NOW)
        self.number = 25

    def incident(self, n: int, seed: int = 0) -> str:
        day = f"2026-{6 + n // 5:02}-{n % 5 * 5 + 1:02}"
        part = "api" if (n + seed) % 3 else "website"
        lines = [f"title: Trouble {n}", "updates:", f"- at: {day}T10:00:00Z", "  status: investigating"]
        lines += [f"  components: {{{part}: partial_outage}}", "  message: Looking at *it*."]
        if n in (3, 5):
            lines.insert(1, "replay: true")
        if n % 7 != 3:
            lines += [f"- at: {day}T12:00:00Z", "  status: resolved", "  message: Gone."]
        return "\n".join(lines) + "\n"

    @property
    def files(self) -> list[Path]:
        return sorted((self.folder / "incidents").glob("*.yml"))

    @property
    def settings(self) -> Path:
        return self.folder / "mkdocs.yml"

    # -- what somebody may do between two builds -------------------------------------------------------

    def add(self) -> None:
        self.number += 1
        begun = self.now - timedelta(days=self.dice.choice([0, 0, 1, 40, 100]), minutes=5)
        text = sites.API_ERRORS.replace("2026-11-23T13:00:00Z", clock.iso(begun)).replace("API errors", "News")
        (self.folder / "incidents" / f"{begun:%Y-%m-%d}-news-{self.number}.md").write_text(text)

    def change(self) -> None:
        file = self.dice.choice(self.files)
        file.write_text(file.read_text().replace("Trouble", self.dice.choice(["Woe", "Trouble", "Grief"])))

    def update(self) -> None:
        said = status(self.folder, "list", "--json")
        assert said.code in (0, 1), said.err
        file = self.dice.choice(self.files)
        text = file.read_text()
        if "kind:" not in text:
            word = self.dice.choice(["investigating", "monitoring", "resolved"])
            text += f"- at: {clock.iso(self.now)}\n  status: {word}\n  message: More of it.\n"
            file.write_text(text)

    def replay(self) -> None:
        file = self.dice.choice(self.files)
        text = file.read_text()
        if "kind:" not in text:
            without = text.replace("replay: true\n", "")
            file.write_text(without if without != text else text.replace("updates:", "replay: true\nupdates:"))

    def delete(self) -> None:
        if len(self.files) > 5:
            self.dice.choice(self.files).unlink()

    def rename(self) -> None:
        file = self.dice.choice(self.files)
        self.number += 1
        file.rename(file.with_name(f"{file.name[:10]}-renamed-{self.number}.yml"))

    def configure(self) -> None:
        text = self.settings.read_text()
        change = self.dice.choice(
            [
                ("name: Website", "name: Shop"),
                ("name: Shop", "name: Website"),
                ("language: en", "language: fr"),
                ("language: fr", "language: en"),
                ("    components:", "    promise: 30m\n    components:"),
                ("    promise: 30m\n", ""),
                ("    components:", "    timezone: Asia/Tokyo\n    components:"),
                ("    timezone: Asia/Tokyo\n", ""),
                ("group: Platform", "group: Backend"),
            ]
        )
        once = text.replace(*change, 1)
        doubled = any(once.count(key) > 1 for key in ("promise:", "timezone:"))
        self.settings.write_text(text if doubled else once)

    def write_a_page(self) -> None:
        (self.folder / "docs" / "about.md").write_text(f"# About\n\nWritten {self.dice.random()}.\n")

    def write_a_template(self) -> None:
        name, text = self.dice.choice(list(TEMPLATES.items()))
        file = self.folder / "site_templates" / name
        if file.exists():
            file.unlink()
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)

    def harm_the_site(self) -> None:
        """What nobody should do: the next build mends it."""
        page = self.dice.choice([file for file in (self.folder / "site").rglob("*.html") if file.is_file()])
        self.dice.choice([page.unlink, lambda: page.write_text("Hello."), lambda: shutil.rmtree(page.parent)])()

    def wait(self) -> None:
        self.now += self.dice.choice([timedelta(minutes=1), timedelta(hours=30), timedelta(days=45)])

    def edit(self) -> str:
        kinds: list[Callable[[], None]] = [self.add, self.change, self.update, self.delete, self.rename, self.wait]
        rare = [self.configure, self.write_a_page, self.write_a_template, self.harm_the_site, self.replay]
        chosen = self.dice.choice([*kinds, *kinds, *rare])
        chosen()
        self.now += timedelta(minutes=1)
        return chosen.__name__

    def fresh(self) -> dict[str, bytes]:
        """The site as a build from nothing gives it."""
        with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as place:
            patch.setenv("XDG_CACHE_HOME", f"{place}/cache")
            self.built("--site-dir", f"{place}/site")
            return snapshot(Path(place, "site"))

    def built(self, *args: str) -> None:
        said = status(self.folder, "build", *args, now=self.now)
        assert (said.code, said.err) == (0, "")


def files_of(folder: Path) -> dict[str, Path]:
    return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("seed", SEEDS)
def test_after_any_edits_the_site_is_the_one_a_fresh_build_gives(seed: int, tmp_path: Path) -> None:
    site, compared = Site(tmp_path, seed), random.Random(-seed)
    site.built()
    for number in range(EDITS):
        edit = site.edit()
        site.built()
        if number < EDITS - 1 and compared.random() < 0.5:
            continue  # what is wrong mostly stays so until the next comparison, and a fresh build takes the most time
        found, wanted = snapshot(site.folder / "site"), site.fresh()
        assert [path for path in found.keys() | wanted.keys() if found.get(path) != wanted.get(path)] == [], (
            number,
            edit,
        )


def test_an_update_writes_a_handful_of_files_and_leaves_the_others_alone(tmp_path: Path) -> None:
    site = Site(tmp_path, 0)
    site.built()
    built = site.folder / "site"
    for path in built.rglob("*"):
        os.utime(path, (1, 1))
    site.built()
    for path in built.rglob("*"):
        os.utime(path, (1, 1))
    site.add()
    site.now += timedelta(minutes=1)
    site.built()
    touched = {path for path, file in files_of(built).items() if file.stat().st_mtime > 1}
    still_open = {f"incidents/2026-0{6 + n // 5}-{n % 5 * 5 + 1:02}-trouble-{n}/index.html" for n in (3, 10, 17)}

    assert {path for path in touched if path.startswith("incidents/2026-0")} == still_open
    assert "about/index.html" not in touched
    assert "history/2026-07/index.html" not in touched


def test_mkdocs_does_not_run_for_an_incident(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = Site(tmp_path, 0)
    site.built()
    log = tmp_path / "ran"
    log.touch()
    render = run.render

    def noted(context: RenderContext) -> HostPages:
        with log.open("a") as file:  # it may run in a process of its own
            file.write("ran\n")
        return render(context)

    monkeypatch.setattr(run, "render", noted)
    site.add()
    site.built()
    assert log.read_text() == ""
    site.write_a_page()
    site.built()
    assert log.read_text() == "ran\n"


@pytest.mark.parametrize("what", ["settings", "settings, put back", "template", "page", "page, put back"])
def test_what_changes_during_a_build_is_not_taken_for_what_was_built(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site(tmp_path, 0)
    foot, page = site.folder / "site_templates/pages/_foot.html", site.folder / "docs/about.md"
    for file in (foot, page):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("# Old words\n")
    edited = {"settings": site.settings, "template": foot, "page": page}[what.partition(",")[0]]
    old = edited.read_text()
    new = old.replace("Old words", "New words").replace("site_name: ", "site_name: New ")
    owner, name = (builds.writer, "write") if what == "template" else (run, "render")
    call = getattr(owner, name)

    def edits(*args: object, **how: object) -> object:
        """What it does, while somebody edits the file."""
        edited.write_text(new)
        found = call(*args, **how)
        if what.endswith("put back"):
            edited.write_text(old)
        return found

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, edits)
        site.built()
    site.built()

    assert snapshot(site.folder / "site") == site.fresh()


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("import sys; sys.exit(0)", "MkDocs could not build the site: SystemExit: 0."),
        ("import sys; sys.exit('bye')", "MkDocs could not build the site: SystemExit: bye."),
        ("import os; os._exit(0)", "MkDocs ended before the site was built."),
    ],
)
def test_a_hook_that_ends_the_process_is_named_and_no_site_is_built(code: str, says: str, tmp_path: Path) -> None:
    folder = sites.make(tmp_path / "s")
    (folder / "hook.py").write_text(f"def on_post_build(config):\n    {code}\n")
    (folder / "mkdocs.yml").write_text("hooks: [hook.py]\n" + (folder / "mkdocs.yml").read_text())
    done = subprocess.run([sys.executable, "-m", "status_tool", "build"], cwd=folder, capture_output=True, text=True)

    if len(os.sched_getaffinity(0)) > 1 or "_exit" not in code:
        assert (done.returncode, done.stderr.partition("\n")[0]) == (1, f"mkdocs.yml: {says}")
    assert not (folder / "site").exists()


def test_a_build_needs_no_open_streams(tmp_path: Path) -> None:
    folder = sites.make(tmp_path / "s")
    command = f'"{sys.executable}" -m status_tool build <&- >&- 2>&-'

    assert subprocess.run(["sh", "-c", command], cwd=folder).returncode == 0
    assert (folder / "site/index.html").exists()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("hooks: [hook.py]", "hooks may read anything"),
        ("markdown_extensions: [toc]", ""),
        ("markdown_extensions: [pymdownx.snippets]", "the extension pymdownx.snippets may read anything"),
        ("markdown_extensions:\n- toc:\n    slugify: !!python/name:markdown.extensions.toc.slugify_unicode", ""),
        ("markdown_extensions:\n- toc:\n    slugify: !!python/name:hook.slug", "hook.slug may be any code"),
    ],
)
def test_mkdocs_runs_where_nobody_can_tell_what_it_reads(
    line: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site(tmp_path, 0)
    (site.folder / "hook.py").write_text("def slug(text, separator):\n    return text\n")
    monkeypatch.syspath_prepend(site.folder)
    site.settings.write_text(f"{line}\n{site.settings.read_text()}")
    site.built()
    said = status(site.folder, "build", "-v", now=site.now)

    assert said.code == 0
    assert (f"MkDocs ran, as {why}." if why else "MkDocs did not run") in said.out


def test_two_builds_at_once_leave_one_whole_site(tmp_path: Path) -> None:
    site = Site(tmp_path, 0)
    site.built()
    site.add()
    command = [
        sys.executable,
        "-c",
        "from status_tool.cli.main import main; main()",
        "build",
    ]
    env = {**os.environ, "SOURCE_DATE_EPOCH": sites.epoch(site.now)}
    running = [subprocess.Popen(command, cwd=site.folder, stdout=subprocess.DEVNULL, env=env) for _ in range(3)]
    assert [process.wait() for process in running] == [0, 0, 0]
    left = snapshot(site.folder / "site")
    site.built("--site-dir", str(tmp_path / "fresh"))

    assert left == snapshot(tmp_path / "fresh")


def differs(site: Site, folder: Path) -> list[str]:
    """The paths at which an incremental build differs from one from nothing."""
    site.built()
    kept = os.environ["XDG_CACHE_HOME"]
    os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
    try:
        site.built("--site-dir", str(folder / "fresh"))
    finally:
        os.environ["XDG_CACHE_HOME"] = kept
    found, wanted = snapshot(site.folder / "site"), snapshot(folder / "fresh")
    return [path for path in found.keys() | wanted.keys() if found.get(path) != wanted.get(path)]


def test_a_second_way_to_the_same_pages_is_seen(tmp_path: Path) -> None:
    site = Site(tmp_path, 0)
    (site.folder / "docs" / "a").mkdir()
    (site.folder / "docs" / "a" / "x.md").write_text("# X\n")
    site.built()
    (site.folder / "docs" / "b").symlink_to("a")

    assert differs(site, tmp_path) == []
    assert (site.folder / "site" / "b" / "x" / "index.html").exists()


def test_a_template_that_shows_the_present_shows_it_on_every_page(tmp_path: Path) -> None:
    site = Site(tmp_path, 0)
    own = site.folder / "site_templates" / "pages"
    own.mkdir(parents=True)
    (own / "_foot.html").write_text("<p>Open now: {{ summary.open|length }}</p>\n")
    site.built()
    site.add()
    site.now += timedelta(minutes=1)

    assert differs(site, tmp_path) == []


def test_a_year_that_is_over_is_told_from_what_was_kept_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = Site(tmp_path, 0)
    own = site.folder / "site_templates" / "pages" / "_year.html"
    own.parent.mkdir(parents=True)
    own.write_text("<h2>{{ year }}{{ months[0][1][0].title }}</h2>\n")
    site.built()
    made: list[int] = []
    render = Templates.render

    def noted(templates: Templates, name: str, **values: Any) -> str:
        if name == "_year.html":
            made.append(values["year"])
        return render(templates, name, **values)

    monkeypatch.setattr(Templates, "render", noted)
    site.add()
    site.built()
    assert made == [2026]

    own.write_text("<h2>{{ year }}{{ summary.open|length }}</h2>\n")
    site.add()
    site.built()
    assert made == [2026, 2026, 2025]
    assert differs(site, tmp_path) == []


def test_a_mistake_in_a_template_leaves_the_site_as_it_was(tmp_path: Path) -> None:
    site = Site(tmp_path, 0)
    site.built()
    before = snapshot(site.folder / "site")
    own = site.folder / "site_templates" / "pages"
    own.mkdir(parents=True)
    (own / "history.html").write_text("{{ summary.nosuch }}")
    site.add()
    said = status(site.folder, "build", now=site.now)

    assert (said.code, "pages/history.html:1" in said.err) == (1, True)
    assert snapshot(site.folder / "site") == before


def test_the_slower_of_two_builds_takes_nothing_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = Site(tmp_path, 0)
    site.built()
    read = project.Project.as_of
    quick: list[str] = []

    def slow(here: project.Project, *how: Any) -> tuple[list[Incident], datetime]:
        found = read(here, *how)
        if not quick:  # after the first reading, somebody else reports and builds
            quick.append("done")
            site.add()
            site.now += timedelta(minutes=1)
            site.built()
        return found

    monkeypatch.setattr(project.Project, "as_of", slow)
    later = site.now + timedelta(minutes=2)
    said = status(site.folder, "build", now=later)

    assert said.code == 0
    assert [path for path in snapshot(site.folder / "site") if "-news-" in path and path.endswith(".html")] != []
