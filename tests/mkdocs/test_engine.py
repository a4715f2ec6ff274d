"""Which engine runs, and one clear error where what a site needs is not installed."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import sites

from status_tool.errors import StatusError
from status_tool.mkdocs import engine, material
from status_tool.settings import mkdocs_yml, settings

ROOT = Path(__file__).parents[2]
WITHOUT = """\
import sys
class Hidden:
    def find_spec(self, name, path, target=None):
        if name.partition(".")[0] in ("mkdocs", "properdocs", "material"):
            raise ModuleNotFoundError(name=name)
sys.meta_path.insert(0, Hidden())
import importlib.util
find = importlib.util.find_spec
engine_names = ("mkdocs", "properdocs")
importlib.util.find_spec = lambda name, package=None: None if name in engine_names else find(name, package)
from status_tool.cli.main import main
main(sys.argv[1:])
"""
"""The command line, where neither engine can be imported."""


def status(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", WITHOUT, *args], cwd=folder, capture_output=True, text=True)


def test_what_messages_tell_to_install_is_what_the_extras_install() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]

    assert {name: tuple(extras[name]) for name in material.THEMES} == engine.PACKAGES
    assert set(engine.PACKAGES["material"]) <= set(extras["dev"])


@pytest.mark.parametrize("command", [["build"], ["serve", "--port", "0"]])
def test_without_an_engine_a_build_says_so_and_touches_nothing(command: list[str], tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s")
    (site / "site").mkdir()
    (site / "site" / "index.html").write_text("the last good one")
    done = status(site, *command)

    assert (done.returncode, done.stdout, done.stderr) == (
        1,
        "",
        "neither MkDocs nor ProperDocs is installed; a build needs one of them.\n"
        'Install both: pip install "mkdocs>=1.6.1,<2" "mkdocs-material>=9.6,<10"\n',
    )
    assert sites.snapshot(site / "site") == {"index.html": b"the last good one"}


def test_without_an_engine_every_other_command_works(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s")
    opened = status(site, "open", "API errors", "-c", "api=major_outage", "-m", "We are looking into it.")

    assert (opened.returncode, status(site, "check").returncode, status(site, "list").returncode) == (0, 0, 0)


@pytest.mark.parametrize(
    ("theme", "remedy"),
    [
        ("materialx", 'Install both: pip install "properdocs>=1.6.7,<2" "mkdocs-materialx>=10.2,<11"'),
        ("no-such-theme", "Install the package it is in, or correct theme in mkdocs.yml."),
    ],
)
def test_a_theme_that_is_not_installed_is_named_with_its_line(
    theme: str, remedy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = sites.SETTINGS.replace("name: material", f"name: {theme}")
    monkeypatch.chdir(sites.make(tmp_path / "s", settings=text))
    monkeypatch.setattr(engine, "installed_themes", lambda: {"material", "mkdocs"})
    with pytest.raises(StatusError) as raised:
        engine.require_theme(settings.load(Path("mkdocs.yml")))

    assert str(raised.value) == (
        f'mkdocs.yml:3: the theme "{theme}" is not installed.\n{remedy}\n'
        "Or use the theme that is installed, with name: material below theme in mkdocs.yml."
    )


def test_the_theme_that_is_installed_is_found(tmp_path: Path) -> None:
    loaded = settings.load(sites.make(tmp_path / "s") / "mkdocs.yml")
    engine.require_theme(loaded)  # raises nothing

    theme = mkdocs_yml.theme_of(loaded.configuration)
    assert theme is not None
    assert mkdocs_yml.text_of(theme) in engine.installed_themes()


def options(**values: Any) -> dict[str, Any]:
    return {"provider": "pagefind", **values}


def test_a_search_that_can_find_incidents_is_chosen() -> None:
    found = options()
    material.choose_search(found, [{}], "mkdocs.yml")

    assert found == {"provider": "lunr"}


def test_a_search_that_cannot_is_refused_where_the_owner_asks_for_it() -> None:
    with pytest.raises(StatusError, match=r"^mkdocs\.yml: the search cannot be pagefind: "):
        material.choose_search(options(), [{"provider": "pagefind"}], "mkdocs.yml")


@pytest.mark.parametrize(
    ("installed", "theme"), [({"material", "materialx"}, "material"), ({"materialx"}, "materialx"), (set(), "material")]
)
def test_a_new_site_has_the_theme_that_is_installed(
    installed: set[str], theme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "installed_themes", lambda: installed)

    assert engine.default_theme() == theme
