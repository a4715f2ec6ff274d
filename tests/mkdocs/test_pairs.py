"""The demo under each pair of engine and theme that the registry has, each in an environment of its own.

Environments are made once and kept in `.venv/pairs`.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import environments
import pytest

from status_tool.mkdocs.engine import PACKAGES
from status_tool.system import clock

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
NOW = "2021-10-04T20:00:00Z"
AFTERWARDS = clock.parse_time("2021-10-06T12:00:00Z")
"""When nothing in the demo lies in the future, which an engine's own command could not show."""


@dataclass(frozen=True)
class Pair:
    engine: str
    theme: str

    @property
    def packages(self) -> tuple[str, ...]:
        engines = {packages[0].partition(">")[0]: packages[0] for packages in PACKAGES.values()}
        return engines[self.engine], PACKAGES[self.theme][1]

    @property
    def other_engine(self) -> str:
        """Which the theme brings along, and which is removed: the engine shall have nothing to lean on."""
        return "mkdocs" if self.engine == "properdocs" else "properdocs"


PAIRS = [Pair(engine, theme) for theme in ("material", "materialx") for engine in ("mkdocs", "properdocs")]


@pytest.fixture(params=PAIRS, ids=lambda pair: f"{pair.engine}-{pair.theme}")
def pair(request: pytest.FixtureRequest) -> Pair:
    found: Pair = request.param
    return found


@pytest.fixture
def python(pair: Pair) -> Path:
    """The interpreter of an environment with this program and that pair."""
    name = f"pairs/{pair.engine}-{pair.theme}"
    state = (ROOT / "pyproject.toml").read_text()
    return environments.made(name, "-e", str(ROOT), *pair.packages, without=pair.other_engine, state=state) / "python"


def run(python: Path, *args: str, cache: Path) -> str:
    env = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    done = subprocess.run([python, *args], cwd=ROOT, capture_output=True, text=True, env=env)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def settings(pair: Pair, folder: Path) -> Path:
    """The demo in that theme."""
    for name in ("docs", "incidents", "theme"):
        (folder / name).symlink_to(ROOT / name)
    file = folder / "mkdocs.yml"
    file.write_text(
        (ROOT / "mkdocs.yml").read_text("utf-8").replace("name: material\n", f"name: {pair.theme}\n"), "utf-8"
    )
    return file


CODE = """
import os, sys
os.chdir(sys.argv[1])
from status_tool.cli.main import run
code = run(["build", "--now", sys.argv[2]])
from status_tool.mkdocs import engine
engine.start()
import mkdocs.config.defaults
print(mkdocs.config.defaults.__file__, engine.__file__)
sys.exit(code)
"""


def test_the_demo_is_built(pair: Pair, python: Path, tmp_path: Path) -> None:
    site = settings(pair, tmp_path).parent
    said = run(python, "-c", CODE, str(site), NOW, cache=tmp_path / "cache")
    home = (site / "site" / "index.html").read_text("utf-8")
    index = json.loads((site / "site" / "search" / "search_index.json").read_text("utf-8"))

    assert said.startswith("Built ")
    assert f"/{pair.engine}/config/defaults.py {ROOT}/status_tool/" in said  # the other one is not there to be imported
    assert (
        f"{pair.engine if pair.engine == 'mkdocs' else 'ProperDocs'}"
        in re.findall(r'name="generator" content=".*', home)[0]
    )
    assert re.search(r"<h1[^>]*>Major outage</h1>", home)
    assert 'http-equiv="Content-Security-Policy" content="default-src' in home.partition("<title>")[0]
    assert 'type="application/atom+xml"' in home.partition("</head>")[0]
    assert '<script type="text/plain" class="st-late" data-src="assets/javascripts/bundle.' in home
    assert home.count("status.js?v=") == 1
    assert "incidents/2021-10-04-facebook-outage/" in [entry["location"] for entry in index["docs"]]
    assert 'role="dialog" aria-label="Search"' in home
    for path in ("feed.atom", "feed.rss", "feed.json", "sitemap.xml", "404.html", "settings/index.html", "_headers"):
        assert (site / "site" / path).stat().st_size > 100, path


def test_the_engines_own_command_builds_the_same(pair: Pair, python: Path, tmp_path: Path) -> None:
    file = settings(pair, tmp_path)
    run(python, "-c", CODE, str(tmp_path), clock.iso(AFTERWARDS), cache=tmp_path / "cache")
    epoch = str(int(AFTERWARDS.timestamp()))
    subprocess.run(
        [python, "-m", pair.engine, "build", "-q", "-f", file, "-d", tmp_path / "plain"],
        check=True, cwd=tmp_path, capture_output=True,
        env={**os.environ, "SOURCE_DATE_EPOCH": epoch, "XDG_CACHE_HOME": str(tmp_path / "cache")},
    )  # fmt: skip
    made = {path.relative_to(tmp_path / "plain").as_posix() for path in (tmp_path / "plain").rglob("*")}

    assert made == {path.relative_to(tmp_path / "site").as_posix() for path in (tmp_path / "site").rglob("*")}


def test_the_page_of_licences_is_right_about_the_pair(pair: Pair, python: Path, tmp_path: Path) -> None:
    names = [pair.engine, f"mkdocs-{pair.theme}"]
    code = (
        "import sys, importlib.metadata as m; print(*[m.metadata(n).get('License-Expression') for n in sys.argv[1:]])"
    )
    stated = run(python, "-c", code, *names, cache=tmp_path).split()
    page = (ROOT / "docs" / "licences.md").read_text("utf-8")

    assert [name for name, licence in zip(names, stated, strict=True) if f"| `{name}` | {licence} |" not in page] == []
