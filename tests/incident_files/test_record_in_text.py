"""Lines of the record are found in any text, and prose is not taken for them."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import histories
import pytest
import strategies
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from status_tool.incident_files import fields, record_in_text
from status_tool.incident_files.record_in_text import Line
from status_tool.model.update import Update
from status_tool.text import yaml_text

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "data"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("- at: 2026-11-23T14:05:00Z\n  status: resolved\n  message: Fixed.", 0),
        ("Fixed.\n\n    - at: 2026-11-23T14:05:00+01:00", 2),
        ("at: '2026-11-23T14:05:00Z'", 0),
        ("\tat: 2026-11-23T14:05:00Z\r\n\tstatus: resolved\r\n", 0),
        ("\xa0\xa0- at:\xa02026-11-23T14:05:00Z\n\u3000\xa0\xa0status: resolved", 0),
        ("- At: 2026-11-23T14:05:00Z\n  Status: resolved\n", 0),
        ("- status: resolved\n  message: |\n    It is: fixed.\n  at: 2026-11-23T14:05:00Z\n", 0),
        ("- {at: 2026-11-23T14:05:00Z, status: resolved, message: Fixed.}", 0),
        ("- {status: resolved,\n   at: 2026-11-23T14:05:00Z}\n", 0),
        ('{"title": "x", "updates": [{"at": "2026-11-23T14:05:00Z", "status": "resolved", "message": "x"}]}', 0),
        ('{\n  "updates": [\n    {\n      "at": "2026-11-23T14:05:00Z",\n', 3),
        ("updates:\n  - at: 2026-11-23T14:05:00Z\n    status: resolved\n    message: Fixed.", 0),
        ('- {message: "Fixed", at: 2026-11-23T14:05:00Z, status: "resolved}', 0),
        ("components: {api: major_outage}", 0),
        ("Fixed.\n  components:\n    api: major_outage\n    web: operational\n", 1),
        ("We see errors.  components: {api: major_outage}", 0),
        ("ended: 2026-11-23T14:05:00Z", 0),
        ("next: 2026-11-23T14:05:00Z", 0),
        ("scheduled: {from: 2026-12-01T02:00:00Z, until: 2026-12-01T04:00:00Z}", 0),
        ("x\n\nstatus: resolved\nmessage: Fixed.", 2 + 1),
        ("draft: true\nimpact: major", 1),
        ("title: API errors\nkind: maintenance", 1),
        ("- status: resolved\n  message: Fixed.", 0),
        ("```\nnever closed\nat: 2026-11-23T14:05:00Z", 2),
        ("```yaml\na\n```\nat: 2026-11-23T14:05:00Z", 3),
        ("at: 2026-11-23T14:05:00Z\n```\na\n```", 0),
    ],
)
def test_lines_of_the_record_are_found(text: str, number: int) -> None:
    found = record_in_text.find(text)

    assert found is not None
    assert found.number == number


@pytest.mark.parametrize(
    "text",
    [
        "Status: resolved at 12:00.\nNext: we will look at the logs.",
        "status: resolved",
        "next: 30m\nMore then.",
        "at: 14:05\nstatus: back to normal\ncomponents: all of them\nnext: we look\nupdates: none",
        "- at: 14:05 we saw errors\n- status: unclear\n- message: see above",
        "at 2026-11-23T14:05:00Z: errors\nAt: 14:05, we saw errors.",
        "Started: 2026-11-23T14:05:00Z\nEnded: 2026-11-23T15:05:00Z",
        "contact: Call us.\nwho: Customers in the EU.",
        "status: resolved\n\nmessage: Fixed.",
        "> at: 2026-11-23T14:05:00Z\n| at: | 2026-11-23 |\n`at: 2026-11-23T14:05:00Z`\n# at: 2026-11-23T14:05:00Z",
        "The line `components: {api: major_outage}` was missing.",
        "[The log](log.txt) at: 2026, and {at: noon}",
        "components: {api: red}\ncomponents: {}\n",
        "```yaml\nat: 2026-11-23T14:05:00Z\n```",
        "1. So:\n\n   ~~~~\n   ~~~\n   at: 2026-11-23T14:05:00Z\n   ~~~~~\n",
        "- Our file:\n- ```yaml\n  at: 2026-11-23T14:05:00Z\n  ```\n\n> ```\n> at: x\n> ```\n",
        "```\n```x\nat: 2026-11-23T14:05:00Z\n```",
        '{"message": "Not found", "status": 404}\nmessage: "Not found"',
        "",
    ],
)
def test_prose_and_fenced_code_are_not_taken_for_the_record(text: str) -> None:
    assert record_in_text.find(text) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("contact: Call us.\n---\nWhat happened", Line(0, "contact: Call us.")),
        ("\r\n  \r\n  status: resolved\r\n", Line(2, "status: resolved")),
        ('"title": "API errors"', Line(0, '"title": "API errors"')),
        ("next: we will look at the logs.", None),
        ("Contact: Call us.", None),
        ("- contact: Call us.", None),
        ("What happened\nstatus: resolved", None),
        ("```\nstatus: resolved\n```", None),
        (" \n", None),
    ],
)
def test_a_text_that_begins_with_a_key_of_the_record_is_found(text: str, found: Line | None) -> None:
    assert record_in_text.at_start(text) == found


def test_of_a_long_line_the_beginning_is_shown() -> None:
    found = record_in_text.find(
        "components: {api: major_outage, " + ", ".join(f"c{n}: operational" for n in range(9)) + "}"
    )

    assert found == Line(0, "components: {api: major_outage, c0: operational, c1: operati…")


@pytest.mark.parametrize("line", [" ", "- ", "[", "{ ", "components: {", "at :", "`", "=", "{at ", "- at: x\n"])
def test_a_megabyte_of_anything_is_searched_in_no_time(line: str) -> None:
    text = f"x\n{line[:-1]}{line[-1] * 200_000}x\n{line * 5_000}\n"
    started = time.process_time()

    assert record_in_text.find(text) is None
    assert time.process_time() - started < 5


@given(
    strategies.texts, strategies.updates(), st.sampled_from(["", "  ", "    ", "      "]), st.booleans(), st.booleans()
)
def test_an_update_is_found_wherever_it_is_in_a_text(
    prose: str, update: Update, indent: str, is_flow: bool, is_crlf: bool
) -> None:
    assume("```" not in prose and "~~~" not in prose)
    item = fields.UPDATE.write(update)
    written = yaml_text.write([item])
    if is_flow:
        written = f"- {json.dumps(yaml.safe_load(written)[0], default=str)}\n".replace("+00:00", "Z")
    text = f"{prose}\n" + "".join(f"{indent}{line}" for line in written.splitlines(keepends=True))
    found = record_in_text.find(text.replace("\n", "\r\n") if is_crlf else text)

    assert found is not None
    assert found.number == len(prose.splitlines())


PAGES = sorted([*(ROOT / "docs").glob("*.md"), *(ROOT / "incidents").glob("*.md"), ROOT / "README.md"])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_of_the_manual_and_no_post_mortem_of_the_demo_is_taken_for_a_record(page: Path) -> None:
    text = re.sub(r"\A---\n.*?\n---\n", "", page.read_text("utf-8"), flags=re.DOTALL)

    assert (record_in_text.find(text), record_in_text.at_start(text)) == (None, None)


@pytest.mark.skipif(
    not histories.RECORDED.is_file(), reason="the recorded incidents are not here; the manual is their twin"
)
def test_no_recorded_message_is_taken_for_a_record() -> None:
    messages = [message for story in histories.recorded(histories.RECORDED).stories for *_, message in story.updates]

    assert [message for message in messages if record_in_text.find(message) or record_in_text.at_start(message)] == []


@pytest.mark.skipif(
    not (SHARED / "import").is_dir(), reason="the recorded pages are not here; the manual is their twin"
)
def test_no_recorded_page_is_taken_for_a_record() -> None:
    for page in sorted((SHARED / "import").rglob("*.md*")):
        # some have front matter without its first line
        text = re.sub(r"\A(?:---\s*\n|(?=title:)).*?\n---\s*\n", "", page.read_text("utf-8"), flags=re.DOTALL)
        assert (record_in_text.find(text), record_in_text.at_start(text)) == (None, None), page
