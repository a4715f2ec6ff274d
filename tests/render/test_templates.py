"""What templates show, and which of them show the present."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest

from status_tool.render import language
from status_tool.render.templates import Templates


def templates(folder: Path, code: str = "en", **own: str) -> Templates:
    """The templates of a site with templates of its own, by name without `.html`."""
    for name, text in own.items():
        file = folder / "own" / "pages" / f"{name}.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return Templates(folder / "own", language.get(code, UTC), folder / "compiled")


@pytest.mark.parametrize(
    ("template", "depends"),
    [
        ("{{ summary.open|length }}", True),
        ("{{ context.now|time }}", True),
        ("{{ context.by_last_published[0].title }}", True),
        ("{{ context.names_of_nothing }}", True),
        ("{{ context.names['api'] }} {{ context.promise(incident, update) }}", False),
        ("<link href='{{ context.asset_address('assets/status.css') }}'>", False),
        ("<p>Ours</p>", False),
    ],
)
def test_a_template_that_may_show_the_present_is_known(tmp_path: Path, template: str, depends: bool) -> None:
    assert templates(tmp_path, incident=template).depends_on_now is depends
