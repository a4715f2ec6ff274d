"""What templates show, and which of them show the present."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest
from jinja2 import nodes

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


def test_a_phrase_is_translated_when_its_template_is_compiled(tmp_path: Path) -> None:
    """Fails when another Jinja2 makes other nodes of `{% trans %}` than those which the compiler looks for."""
    tree = templates(tmp_path, "fr").environment.parse("{% trans time=when %}As of {{ time }}{% endtrans %}")

    assert list(tree.find_all(nodes.Call)) == []
    assert [part.data for part in tree.find_all(nodes.TemplateData)] == ["Au ", ""]
    assert [part.name for part in tree.find_all(nodes.Name)] == ["when"]


def test_what_a_phrase_shows_is_escaped_and_what_is_html_is_not(tmp_path: Path) -> None:
    made = templates(tmp_path, page="{% trans name='<b>'|own %}100 % {{ name }}{% endtrans %} {{ '<i>' }} {{ 1|iso }}")
    made.environment.filters["iso"] = lambda _: nodes.Markup("<u>")

    assert made.render("page.html") == "100 % &lt;b&gt; &lt;i&gt; <u>"
