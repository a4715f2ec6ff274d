"""A file's name is the incident's address: which names can be one, and which one a title gives."""

from __future__ import annotations

import pytest

from status_tool.incident_files import file_names
from status_tool.outputs import frame


@pytest.mark.parametrize(
    ("words", "slug"),
    [("API errors", "api-errors"), ("Été à Zürich!", "ete-a-zurich"), ("🚒", "incident"), ("a" * 90, "a" * 60)],
)
def test_a_title_becomes_an_address(words: str, slug: str) -> None:
    assert file_names.slug(words) == slug


def test_a_name_that_cannot_be_an_address_comes_with_one_that_can() -> None:
    problem = file_names.problem("API Errors.md")

    assert str(problem) == (
        'the file name "API Errors" cannot be part of a URL.\n'
        "Rename it in lower-case letters, digits and hyphens, for example api-errors.md."
    )


def test_no_incident_has_the_address_of_the_frame_that_all_are_rendered_with() -> None:
    folder = frame.DEEP.removeprefix("incidents/").strip("/")

    assert file_names.problem(f"{folder}.md")
    assert file_names.problem("frame-of-every-page.md") is None
