"""Links that only a build can check, as MkDocs decides what it publishes; and links in the settings."""

from __future__ import annotations

from pathlib import Path

import pytest
import sites

from status_tool.errors import StatusError
from status_tool.project import dead_links

NAME = "2026-11-23-api-errors.md"
PLACE = f"incidents/{NAME}:8:"


def refused(folder: Path, address: str, files: dict[str, bytes]) -> str:
    """What is said of a link to `address`, when MkDocs has made `files`; empty when it leads somewhere."""
    text = sites.API_ERRORS.replace("We are looking into it.", f"See [it]({address}).")
    site = sites.make(folder / "s", {NAME: text})
    (site / "docs" / "plan.pdf").touch()
    (site / "docs" / "index.md").touch()
    context = sites.context_at(site)
    try:
        with sites.inside(site):
            dead_links.refuse_unpublished(context.settings, context.record, files)
    except StatusError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("../docs/about.md", ""),
        ("../docs/about.md#how", ""),
        ("/about/#d%C3%A9j%C3%A0", ""),
        ("/docs/#any", ""),
        ("/components/api/#any", ""),
        (
            "../docs/plan.pdf",
            f'{PLACE} the link "../docs/plan.pdf" leads to a file that MkDocs does not publish.',
        ),
        (
            "/about/#hwo",
            f'{PLACE} the link "/about/#hwo" leads to no place on that page.\nDid you mean "#how"?',
        ),
    ],
)
def test_a_build_refuses_links_to_what_is_not_published(tmp_path: Path, address: str, problem: str) -> None:
    pages = {"about/index.html": '<h2 id="how">How</h2><h2 id=d&eacute;jà>Déjà</h2>'.encode()}
    found = refused(tmp_path, address, pages)

    assert found.startswith(problem)
    assert bool(found) == bool(problem)


def test_links_in_the_announcement_are_seen_from_the_settings(tmp_path: Path) -> None:
    lines = '    announcement: "See [a](docs/about.md), [b](/about/) and [c](docs/abuot.md)."\n    components:'
    site = sites.make(tmp_path / "s", settings=sites.SETTINGS.replace("    components:", lines))
    said = sites.status(site, "check")

    assert said.err.startswith(
        'mkdocs.yml:8: the link "docs/abuot.md" leads nowhere.\n'
        'Did you mean "docs/about.md"? Write a file as seen from this one (docs/about.md)'
    )
    settings = (site / "mkdocs.yml").read_text().replace("abuot", "about")
    (site / "mkdocs.yml").write_text(settings)
    files = sites.files_of(sites.context_at(site))

    assert files["index.html"].count(b'<a href="about/"') == 3
    assert b"See a (https://status.example.org/about/), b" in files["status.txt"]
