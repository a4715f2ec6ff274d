"""One run of the engine: what is in its pages, with an owner's theme around it."""

from __future__ import annotations

import errno
import re
from pathlib import Path

import pytest
import sites

from status_tool.mkdocs import run
from status_tool.outputs.frame import BODY_ELEMENT, DEEP, DEEPER
from status_tool.outputs.host_pages import HostPages
from status_tool.render import context
from status_tool.settings import settings
from status_tool.system import clock

MAIN = """\
{% extends "base.html" %}
{% block extrahead %}<meta name="owner" content="said first">{% endblock %}
{% block scripts %}{{ super() }}<script src="own.js"></script>{% endblock %}
"""
PLAIN = '{% extends "main.html" %}{% block extrahead %}<meta name="plain">{% endblock %}'
ABOUT = "---\ntemplate: plain.html\n---\n# About\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
HEAD = re.compile(r'type="application/atom\+xml".*<script src="[^"]*status\.js\?v=\w+" defer', re.DOTALL)
BUNDLE = re.compile(r'<script type="text/plain" class="st-late" data-src="[^"]*assets/javascripts/bundle\.[^"]*">')
SETTINGS = sites.SETTINGS.replace("font: false", "font: false, custom_dir: custom") + "markdown_extensions: [tables]\n"
FILES = {"site_templates/theme/main.html": MAIN, "custom/plain.html": PLAIN, "docs/about.md": ABOUT}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> HostPages:
    """What the engine makes of a site whose owner has templates of their own, of both kinds."""
    site = sites.make(tmp_path_factory.mktemp("run") / "s", settings=SETTINGS)
    for name, text in FILES.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text)
    found = settings.load(site / "mkdocs.yml")
    return run.render(context.make(found, (), clock.parse_time(sites.NOW)))


def test_frames_have_a_place_for_our_pages_and_a_script_before_them(made: HostPages) -> None:
    assert set(made.frames) == {"", "history/", "subscribe/", DEEP, DEEPER}
    for html in made.frames.values():
        before, _, after = html.partition(BODY_ELEMENT)
        assert '<script src="' in before and "status.js?v=" in before
        assert '<meta name="owner" content="said first">' in before
        assert BUNDLE.search(after) and '<script src="own.js"></script>' in after
        assert 'http-equiv="Content-Security-Policy"' in before[:200]
        assert "feed.atom" not in html  # comes with the page that is poured into it


@pytest.mark.parametrize(("path", "owner"), [("404.html", "said first"), ("about/index.html", 'name="plain"')])
def test_pages_have_our_parts_whatever_the_owners_templates_leave_out(path: str, owner: str, made: HostPages) -> None:
    html = made.files[path].decode()

    assert owner in html
    assert HEAD.search(html.partition("</head>")[0])
    assert BUNDLE.search(html)
    assert html.count("status.js") == 1
    assert 'role="dialog" aria-label="Search"' in html


def test_a_page_says_nothing_of_the_wrapper_around_it(made: HostPages) -> None:
    assert '<table tabindex="0">' in made.files["about/index.html"].decode()
    assert 'scrollwrap" tabindex' in made.files["404.html"].decode().replace("md-search__scrollwrap", "")
    assert [path for path in made.files if "status" in path or path.endswith(".gz")] == []


def test_lists_are_values(made: HostPages) -> None:
    assert "https://status.example.org/about/" in [entry.address for entry in made.sitemap]
    assert made.search is not None
    assert [entry["title"] for entry in made.search.entries] == ["About", "Status"]
    assert made.warnings == ()


def test_a_failed_disk_is_told_apart_from_a_failed_plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(sites.make(tmp_path / "s"))
    found = settings.load(Path("mkdocs.yml"))
    full = OSError(errno.ENOSPC, "No space left on device", "/tmp/x/a.png")

    assert str(run.foreign_failure(full, found, ())).startswith(
        "/tmp/x/a.png: MkDocs could not build the site: No space left on device.\n"
    )
    assert str(run.foreign_failure(KeyError("nav"), found, ["Read this."])) == (
        "mkdocs.yml: MkDocs could not build the site: KeyError: 'nav'.\nRead this."
    )


@pytest.mark.slow
def test_what_the_theme_needs_is_there_whatever_the_owner_excludes(tmp_path: Path) -> None:
    named = "extra_css: [assets/own.css, https://x.example.org/a.css, /b.css]\n"
    excluded = "exclude_docs: |\n  assets/\n  '*.css'\n  about.md\n"
    folder = sites.make(tmp_path / "s", settings=f"{sites.SETTINGS}{named}{excluded}")
    (folder / "docs/assets").mkdir()
    (folder / "docs/assets/own.css").write_text("a {}")
    made = run.render(sites.context_at(folder))

    assert any(path.startswith("assets/stylesheets/") for path in made.files)
    assert any(path.startswith("assets/javascripts/") for path in made.files)
    assert not any(path.startswith("about") for path in made.files)
    (warning,) = made.warnings
    assert warning.endswith(
        "the site does not have assets/own.css, which extra_css names. "
        "Put the file into docs, correct the name, or take it out of exclude_docs."
    )
