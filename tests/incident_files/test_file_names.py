"""A file's name is the incident's address: which names can be one, and which one a title gives."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from status_tool.incident_files import file_names
from status_tool.outputs import frame


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("API errors", "api-errors"),
        ("Été à Zürich!", "ete-a-zurich"),
        ("Straße: 50 % – don’t 'go'", "strasse-50-dont-go"),
        ("登录错误", "deng-lu-cuo-wu"),
        ("データベース停止", "detabesu-ting-zhi"),
        ("오류 API", "o-lyu-api"),
        ("СБОЙ базы данных", "sboy-bazy-dannykh"),
        ("Διακοπή", "diakopi"),
        ("עברית", "vryt"),
        ("عطل في الخدمة", "tl-fy-lkhdmh"),
        ("ล็อกอิน", "lokoin"),
        ("लॉगिन", "login"),
        ("ＡＰＩ　１２", "api-12"),
        ("🔥 API", "api"),
        ("🚒", "fire-engine"),
        ("???", "incident"),
        ("\ue000\udcff", "incident"),
        ("a" * 90, "a" * 60),
        ("錯" * 90, "cuo-" * 14 + "cuo"),
        ("20261208T0200Z", "20261208-0200z"),
    ],
)
def test_a_title_becomes_an_address(words: str, slug: str) -> None:
    assert file_names.slug(words) == slug


def test_the_day_of_an_id_is_that_of_the_site() -> None:
    begin = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)

    assert file_names.new_id("Login errors", begin, ZoneInfo("Pacific/Auckland")) == "2026-11-21-login-errors"
    assert file_names.new_id("Login errors", begin, UTC) == "2026-11-20-login-errors"


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
