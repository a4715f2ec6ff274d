"""What an owner's mistakes in templates of the theme lead to: one message with the file, and the site unchanged."""

from __future__ import annotations

from pathlib import Path

import pytest
import sites
from sites import status

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("main.html", '{% extends "base.html" %}{% block content %}Ours{% endblock %}', "does not show the content"),
        ("main.html", "{% block", "TemplateSyntaxError"),
        ("main.html", '{% extends "base.html" %}{% block extrahead %}{{ no.such }}{% endblock %}', "UndefinedError"),
        ("status_page.html", "{{", "TemplateSyntaxError"),
    ],
)
def test_a_mistake_in_a_template_of_the_theme_is_named_with_its_file(
    file: str, text: str, said: str, tmp_path: Path
) -> None:
    site = sites.make(tmp_path / "s")
    template = site / "site_templates" / "theme" / file
    template.parent.mkdir(parents=True)
    template.write_text(text)
    build = status(site, "build")

    assert (build.code, build.err.startswith(f"site_templates/theme/{file}:"), said in build.err) == (1, True, True)
    assert not (site / "site").exists()
