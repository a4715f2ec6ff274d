"""Updates in files of their own: what each means beside its incident's file, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from status_tool.errors import StatusError
from status_tool.incident_files import parser, update_files
from status_tool.incident_files.update_files import FileText
from status_tool.model.incident import Incident
from status_tool.model.update import Update
from status_tool.system import clock

CASES = sorted((Path(__file__).parents[1] / "cases" / "update_file").glob("*.yml"))


def read(case: dict[str, Any]) -> Incident | StatusError:
    """The incident of a case: a common file with the lines `record` added, and `files`."""
    record = f"{case['record']}\n" if "record" in case else ""
    update = (
        f"- at: 2026-11-23T13:00:00Z\n  status: {case.get('status', 'investigating')}\n  message: Looking into it.\n"
    )
    files = [FileText(f"incidents/x/{name}", text) for name, text in sorted(case["files"].items())]
    latest = clock.parse_time(case["latest"]) if "latest" in case else None
    try:
        return parser.parse(
            f"title: API errors\n{record}updates:\n{update}",
            "incidents/x.yml",
            components=case.get("components"),
            latest=latest,
            files=files,
            language="en",
        )
    except StatusError as error:
        return error


def outline(update: Update) -> dict[str, Any]:
    """What the case files say of an update."""
    texts = dict(update.message.translations)
    found: dict[str, Any] = {"status": update.status.value, "message": texts[""] if list(texts) == [""] else texts}
    optional = {
        "components": {id: status.value for id, status in update.components.items()},
        "next": update.next and clock.iso(update.next),
        "edited": update.edited and clock.iso(update.edited),
    }
    return {**found, **{key: value for key, value in optional.items() if value}}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_update_files_mean_what_their_case_says(path: Path) -> None:
    case = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)
    result = read(case)
    if isinstance(result, StatusError):
        assert f"{result}\n" == case.get("error")
    else:
        assert {update.stamp: outline(update) for update in result.updates} == case.get("gives")


@pytest.mark.parametrize(
    ("name", "what", "hint"),
    [
        ("20261123T140500Z.md", "", ""),
        ("20261123T140500Z.zh-Hant.md", "", ""),
        ("20261123t140500z.md", "is not the time of an update", "Rename it to 20261123T140500Z.md."),
        ("2026-11-23T14:05:00Z.md", "is not the time of an update", "Rename it to 20261123T140500Z.md."),
        ("20261123T140500.md", "is not the time", "Rename it to 20261123T140500Z.md, if that is the time in UTC."),
        ("20261123T140500.25Z.md", "is not the time of an update", "Rename it to 20261123T140500Z.md."),
        ("20261123T1405Z.md", "is not the time of an update", "Rename it to 20261123T140500Z.md."),
        ("20261123T140500Z.MD", "is not the time of an update", "Rename it to 20261123T140500Z.md."),
        ("20261123T140500Z.yml", "is not the time of an update", "Rename it to 20261123T140500Z.md."),
        ("20261123T140500+0100.md", "is not the time of an update", "Name it by the update's time in UTC"),
        ("20261323T140500Z.md", "is a time that does not exist", "Name it by the update's time in UTC"),
        ("20260230T140500Z.md", "is a time that does not exist", "Name it by the update's time in UTC"),
        ("20261123T240000Z.md", "is a time that does not exist", "Name it by the update's time in UTC"),
        ("20261123T140560Z.md", "is a time that does not exist", "Name it by the update's time in UTC"),
        ("99991123T140500Z.md", "is a time that does not exist", "Name it by the update's time in UTC"),
        ("٢٠٢٦1123T140500Z.md", "is not the time of an update", "Name it by the update's time in UTC"),
        ("20261123T140500Z.french.md", 'ends in the unknown language "french"', "Write a language code"),
        ("20261123T140500Z..md", 'ends in the unknown language ""', "Write a language code"),
        ("20261123T140500Z.fr.de.md", "is not the time of an update", "Name it by"),
        ("notes.txt", "is not the time of an update", "Name it by the update's time in UTC"),
        ("-rf\n.md", "is not the time of an update", "Name it by the update's time in UTC"),
    ],
)
def test_a_name_is_a_time_or_the_remedy_says_which(name: str, what: str, hint: str) -> None:
    problem = update_files.name_problem(name)

    assert (what in problem.what and hint in problem.hint and bool(what)) if problem else not what
