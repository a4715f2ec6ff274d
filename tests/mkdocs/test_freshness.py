"""Whether anybody can tell what MkDocs' part of a site is made of, and so whether the last result still holds."""

from __future__ import annotations

from pathlib import Path

import pytest
import sites

from status_tool.mkdocs import freshness
from status_tool.outputs.host_pages import HostPages, SearchIndex, SitemapEntry
from status_tool.settings import settings

SEARCH = SearchIndex("search/search_index.json", {"config": {"lang": ["en"]}}, "docs", ({"location": ""},))
HOST_PAGES = HostPages(
    "id", {"": "<html>"}, {"a.png": b"\x89"}, (SitemapEntry("https://x/", (("lastmod", "y"),)),), SEARCH, (), ("W: x",)
)
OTHER = "a theme other than Material may show when the site was built"


def why(folder: Path, text: str = "", theme: str = "material") -> str:
    site = sites.make(folder / "s", settings=sites.SETTINGS.replace("name: material", f"name: {theme}"))
    file = site / "mkdocs.yml"
    file.write_text(f"{text}\n{file.read_text()}")
    return freshness.untraceable(settings.load(file))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", ""),
        ("hooks: [hook.py]", "hooks may read anything"),
        ("markdown_extensions: [toc, pymdownx.details]", ""),
        ("markdown_extensions: [pymdownx.snippets]", "the extension pymdownx.snippets may read anything"),
        ("extra: {x: !!python/name:hook.slug }", "hook.slug may be any code"),
        ("extra: {x: !!python/name:material.extensions.emoji.twemoji }", ""),
        ("extra: {custom_icons: [x]}", "icons of your own may be in any folder"),
    ],
)
def test_what_may_read_anything_is_named(text: str, reason: str, tmp_path: Path) -> None:
    assert why(tmp_path, text) == reason


@pytest.mark.parametrize(("theme", "reason"), [("material", ""), ("materialx", ""), ("readthedocs", OTHER)])
def test_both_themes_are_known(theme: str, reason: str, tmp_path: Path) -> None:
    assert why(tmp_path, theme=theme) == reason


@pytest.mark.parametrize(("plugin", "reason"), [("search", ""), ("materialx/search", ""), ("tags", "the plugin tags")])
def test_a_plugin_that_may_read_anything_is_named(plugin: str, reason: str, tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", settings=sites.SETTINGS.replace("- search", f"- {plugin}"))

    assert freshness.untraceable(settings.load(site / "mkdocs.yml")).startswith(reason)


def test_a_theme_of_ones_own_that_shows_the_day_is_noticed(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s")
    (site / "site_templates" / "theme").mkdir(parents=True)
    (site / "site_templates" / "theme" / "main.html").write_text("{{ build_date_utc }}")

    assert freshness.untraceable(settings.load(site / "mkdocs.yml")) == "the theme shows when the site was built"


def test_a_result_is_read_back_as_it_was_and_only_for_the_same_inputs(tmp_path: Path) -> None:
    freshness.save(HOST_PAGES, tmp_path / "kept", "inputs")

    assert freshness.load(tmp_path / "kept", "inputs") == HOST_PAGES
    assert freshness.load(tmp_path / "kept", "other inputs") is None
    assert freshness.load(tmp_path / "kept", "") is None
