"""The incident that a person means is found by any part of its id, or of its title in any script."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest

from status_tool.errors import StatusError
from status_tool.incident_files import search
from status_tool.incident_files.search import Known
from status_tool.model.update import Text

SLOW = "2026-11-20-website-slow"
API = "2026-11-23-api-errors"
CHINESE = "2026-11-24-deng-lu-cuo-wu"
GREEK = "2026-11-25-outage"
MAIL = "2026-11-26-mail"
FILES = {
    SLOW: Known(Text({"": "The website is slow", "fr": "Le site est lent"}), False),
    API: Known(Text({"": "API errors"}), False),
    CHINESE: Known(Text({"": "登录错误"}), False),
    MAIL: Known(Text({"": "Outage of mail"}), False),
    "2026-11-27-x": Known(Text({"": "Outage of mail and calendars"}), False),
    GREEK: Known(Text({"": "Διακοπή στην Αθήνα"}), False),
}


def refusal(find: Callable[..., object], *args: object) -> str:
    with pytest.raises(StatusError) as caught:
        find(*args)
    return str(caught.value)


def find(query: str) -> str:
    return search.find(list(FILES), query, lambda: FILES)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (API, API),
        ("api", API),
        (f"incidents/{API}.md", API),
        (f"incidents/{API}/20261123T140500Z.fr.md", API),
        ("API-Errors", API),
        ("11-20", SLOW),
        ("API Errors", API),
        ("ＡＰＩ　errors", API),
        ("site est", SLOW),
        ("登录", CHINESE),
        ("登錄 ", CHINESE),
        ("outage of mail", MAIL),
        ("deng-lu", CHINESE),
        ("ΑΘΗΝΑ", GREEK),
        (unicodedata.normalize("NFD", "Αθήνα"), GREEK),
        ("athina", GREEK),
    ],
)
def test_an_incident_is_found_by_any_part_that_fits_it_alone(query: str, found: str) -> None:
    assert find(query) == found


def test_a_whole_id_is_found_though_another_begins_with_it() -> None:
    assert search.find([f"{API}-2", API, SLOW], API, dict) == API


def test_titles_are_not_read_when_one_id_fits() -> None:
    assert search.find([SLOW, API], "api", lambda: pytest.fail("read")) == API


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("api-eror", f'No incident matches "api-eror".\nDid you mean "{API}"?'),
        ("2026-11-23-apo-errors", f'No incident matches "2026-11-23-apo-errors".\nDid you mean "{API}"?'),
        ("Le sit est lant", f'No incident matches "Le sit est lant".\nDid you mean "{SLOW}"?'),
        ("zzz", 'No incident matches "zzz".\nList all incidents: status list --all'),
        ("\u200b ", "The name of the incident is empty.\nOmit it, or write a part of an id or a title."),
    ],
)
def test_a_part_that_fits_none_is_refused(query: str, message: str) -> None:
    assert refusal(find, query) == message


def test_each_incident_that_fits_is_named_by_what_finds_it_alone() -> None:
    ids = [API, f"{API}-2"]

    assert refusal(search.find, ids, "api-errors", lambda: {API: FILES[API]}) == (
        f'"api-errors" matches 2 incidents.\nType the whole id of the one you mean:\n  {API}  (API errors)\n  {API}-2'
    )


def test_of_many_that_fit_the_open_ones_and_the_last_are_named() -> None:
    ids = [f"2026-11-0{n}-x" for n in range(1, 9)]
    files = {ids[0]: Known(Text({"": "X"}), True)}

    assert refusal(search.find, ids, "x", lambda: files) == (
        '"x" matches 8 incidents.\nType the whole id of the one you mean; some of them:\n'
        "  2026-11-05-x\n  2026-11-06-x\n  2026-11-07-x\n  2026-11-08-x\n  2026-11-01-x  (X, open)"
    )


def test_a_shell_completes_a_part_of_a_title() -> None:
    assert search.completions([API, CHINESE], "登", lambda: FILES) == [CHINESE]
    assert search.completions([API, SLOW], "11-2", lambda: pytest.fail("read")) == [API, SLOW]


def test_a_title_in_a_file_that_cannot_be_read_is_said_to_be_unknown() -> None:
    assert refusal(search.find, [API, SLOW], "zzz", lambda: {API: FILES[API]}) == (
        'No incident matches "zzz".\nList all incidents: status list --all\n'
        "Titles were not compared in 1 file with errors: status check"
    )
