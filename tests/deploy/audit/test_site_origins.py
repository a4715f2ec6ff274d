"""What a built site loads from other hosts, in every way a browser has to load something."""

from __future__ import annotations

from pathlib import Path

import pytest
import sites

from status_tool.deploy.audit import site_origins
from status_tool.deploy.audit.facts import NotKnown, Origins
from status_tool.outputs import security_policy

OWN = ["status.example.org"]


def site(folder: Path, html: str = "", **files: str) -> Path:
    (folder / "index.html").write_text(html)
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text)
    return folder


@pytest.mark.parametrize(
    "html",
    [
        '<script src="https://x.example/a.js"></script>',
        "<script src=//x.example/a.js></script>",
        '<link rel="shortcut icon" href="https://x.example/i.png">',
        '<link rel=stylesheet href="HTTPS://X.example/s.css">',
        '<link rel="preconnect" href="https://x.example">',
        '<img alt="a > b" src="https://x.example/i.png">',
        '<img srcset="a.png 1x, https://x.example/i.png 2x">',
        '<picture><source srcset="//x.example/i.png 2x"></picture>',
        '<video poster="https://x.example/i.png"></video>',
        '<iframe src="https://x.example/"></iframe>',
        '<iframe srcdoc="&lt;img src=//x.example/i.png&gt;"></iframe>',
        '<object data="https://x.example/o"></object>',
        '<base href="https://x.example/">',
        '<meta http-equiv="refresh" content="0; url=https://x.example/">',
        '<p style="background: url(https://x.example/i.png)">',
        "<style>@import '//x.example/s.css';</style>",
        '<svg><use xlink:href="https://x.example/i.svg#a"/></svg>',
        "<img src='https://x.example:443/i.png'\n>",
        '<img src="https:&#47;/x.example/i.png">',
        "<script>'<!--'</script><img src=//x.example/i.png><!-- -->",
    ],
)
def test_a_page_that_loads_from_elsewhere_is_found(html: str, tmp_path: Path) -> None:
    found = site_origins.read(site(tmp_path, html), OWN)

    assert [host.removesuffix(":443") for host in found.loaded] == ["x.example"]


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://x.example/">elsewhere</a>',
        '<link rel="canonical" href="https://x.example/"><link rel="alternate" href="https://x.example/feed">',
        '<meta property="og:image" content="https://x.example/i.png">',
        '<img src="/assets/i.png"><script src="../a.js"></script>',
        '<img src="https://status.example.org/i.png">',
        "<link rel=icon href=\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'%3E\">",
        '<p title="//x.example/"><!-- <img src="https://x.example/"> --> // url',
        '<form action="https://x.example/">',
    ],
)
def test_what_is_not_loaded_is_no_foreign_file(html: str, tmp_path: Path) -> None:
    assert site_origins.read(site(tmp_path, html), OWN).loaded == {}


def test_stylesheets_and_pictures_are_read_too(tmp_path: Path) -> None:
    css, svg = "a{src:url( 'https://fonts.example/f.woff2')}", '<svg><image href="https://y.example/i.png"/></svg>'
    found = site_origins.read(site(tmp_path, a_css=css, b_svg=svg), OWN)

    assert found.loaded == {"fonts.example": "a.css", "y.example": "b.svg"}


SCRIPT = 'fetch("https://api.example/x"); const xmlns = "http://www.w3.org/2000/svg"; // https://comment.example/'


def test_the_policy_of_our_pages_forbids_what_a_script_names(tmp_path: Path) -> None:
    html = security_policy.with_policy("<head><meta charset=utf-8></head>")

    assert site_origins.read(site(tmp_path, html, a_js=SCRIPT), OWN) == Origins(blocked=("api.example",))


@pytest.mark.parametrize(
    "policy",
    [
        "",
        "img-src 'self'",
        "default-src *",
        "default-src 'self'; script-src https://api.example",
        "default-src 'self'; connect-src https:",
        "default-src 'self'; connect-src 'self' https://api.example",
    ],
)
def test_a_script_may_call_what_the_policy_does_not_forbid(policy: str, tmp_path: Path) -> None:
    html = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'

    assert site_origins.read(site(tmp_path, html, a_js=SCRIPT), OWN).in_scripts == {"api.example": "a.js"}


def test_one_page_without_a_policy_is_enough(tmp_path: Path) -> None:
    html = security_policy.with_policy("<head></head>")
    found = site_origins.read(site(tmp_path, html, other_html=f"<script>{SCRIPT}</script>"), OWN)

    assert found.in_scripts == {"api.example": "other.html"}


def test_calls_to_the_copies_are_no_foreign_calls(tmp_path: Path) -> None:
    html = (
        "<meta http-equiv=content-security-policy content=\"default-src 'self'; connect-src 'self' https://c.example\">"
    )

    assert site_origins.read(site(tmp_path, html, a_js="'https://c.example/x'"), [*OWN, "c.example"]) == Origins()


def test_a_site_that_is_not_built_is_unknown(tmp_path: Path) -> None:
    with pytest.raises(NotKnown, match="the site is not built"):
        site_origins.read(tmp_path, OWN)


@pytest.mark.slow
def test_a_site_that_is_built_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    """What the scripts of the theme would load, the policy of every page forbids."""
    built = sites.make(tmp_path / "s")
    assert sites.status(built, "build").code == 0
    found = site_origins.read(built / "site", OWN)

    assert (found.loaded, found.in_scripts) == ({}, {})
    assert "unpkg.com" in found.blocked
