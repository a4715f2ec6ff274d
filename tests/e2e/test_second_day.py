"""A new site from `status init` to its readers: the first push publishes it, and it is still true a day later."""

from __future__ import annotations

import functools
import re
from datetime import timedelta
from pathlib import Path
from random import Random

import machines
import pytest
import workflows
from browsing import served
from machines import Machine
from playwright.sync_api import Browser, expect
from sites import NOW

from status_tool.mkdocs.engine import PACKAGES
from status_tool.project import new_site
from status_tool.project.new_site import Place
from status_tool.system import clock

pytestmark = pytest.mark.slow

BEGIN = clock.parse_time(NOW)
OUT_OF_DATE = "Not known: this page is out of date"


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    return machines.with_uv(tmp_path_factory.mktemp("runner"))


@pytest.fixture(scope="module")
def owner(tmp_path_factory: pytest.TempPathFactory, runner: Machine) -> Machine:
    return machines.of_an_owner(tmp_path_factory.mktemp("owner"), runner)


def after(hours: float) -> int:
    """Unix seconds, that many hours after the site was made."""
    return int((BEGIN + timedelta(hours=hours)).timestamp())


def push_a_new_site(owner: Machine, folder: Path, language: str = "en") -> Path:
    """Types what `status init` says comes next; returns the repository to which the site was pushed."""
    said = owner.type(f"status init my-status --language {language}", folder, after(0))
    remote = folder / "remote.git"
    owner.type(f"git init -q --bare -b main {remote}", folder)
    for command in re.findall(r"^  (git .*)$", said, re.MULTILINE):
        owner.type(command.replace("ADDRESS", str(remote)), folder / "my-status")
    return remote


def publish(runner: Machine, remote: Path, folder: Path, hours: float) -> Path:
    """A run of the workflow that many hours after the site was made, as on a new machine; returns the site it built."""
    runner.type(f"git clone -q {remote} {folder}", remote.parent)
    text = (folder / ".github" / "workflows" / "publish.yml").read_text("utf-8")
    ran = workflows.run(text, folder, runner.env(after(hours)))

    assert [name for name, done in ran if machines.printed(done) is not None] == ["Install", "Check", "Build", "Deploy"]
    return folder / "site"


def test_a_new_site_is_green_the_next_day_if_it_was_renewed_and_grey_if_not(
    owner: Machine, runner: Machine, browser: Browser, tmp_path: Path
) -> None:
    remote = push_a_new_site(owner, tmp_path)
    build = functools.partial(publish, runner, remote)
    shown = {}
    for name, hours in (("pushed", 0.1), ("renewed", 24)):
        with served(build(tmp_path / name, hours)) as address:
            page = browser.new_page(timezone_id="UTC")
            page.clock.install(time=BEGIN + timedelta(hours=25))
            page.goto(address)
            page.clock.run_for(5_000)
            shown[name] = page.locator(".st-hero h1").inner_text()
            expect(page.locator(".st-stale")).to_be_visible(visible=name == "pushed")
            page.close()

    assert shown == {"pushed": OUT_OF_DATE, "renewed": "All systems operational"}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_colleague_can_type_what_the_readme_says(owner: Machine, tmp_path: Path, language: str) -> None:
    remote = push_a_new_site(owner, tmp_path, language)
    (tmp_path / "home").mkdir()
    colleague = Machine(tmp_path / "home")
    colleague.type(f"git clone -q {remote} clone", tmp_path)
    readme = (tmp_path / "clone" / "README.md").read_text("utf-8")
    blocks = re.findall(r"^```bash\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)
    said = colleague.type("".join(blocks), tmp_path / "clone")

    assert len(blocks) == 5
    assert "Checked 2 incident files: no errors." in said
    assert (tmp_path / "clone" / "site" / "index.html").exists()
    subjects = colleague.type(f"git -C {remote} log --format=%s", tmp_path).splitlines()
    assert len(subjects) == 4
    assert [subject.split()[0] for subject in reversed(subjects)] == ["A", "Open", "Update", "Resolve"]


@pytest.mark.parametrize("theme", PACKAGES)
def test_the_lock_of_each_theme_is_complete(runner: Machine, tmp_path: Path, theme: str) -> None:
    place = Place(tmp_path, tmp_path, "main", is_new=True)
    for path, content in new_site.files(place, "en", theme, BEGIN, Random(0)).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    said = runner.type("uv venv -q && uv pip install --dry-run --require-hashes -r requirements.lock 2>&1", tmp_path)

    assert f" + mkdocs-{theme}==" in said
    assert " + incident-status @ file:" in said
