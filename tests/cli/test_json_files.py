"""A file that a program wrote as JSON stays JSON, whatever the commands add to it or change in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sites
from sites import status

RECORD = {
    "title": "Outage 🔥",
    "updates": [{"at": "2026-11-20T10:00:00Z", "status": "investigating", "message": "One 🔥\ntwo \\ud83d"}],
}


@pytest.mark.parametrize("indent", [None, "\t"])
@pytest.mark.parametrize("suffix", [".yml", ".md"])
def test_json_stays_json(suffix: str, indent: str | None, tmp_path: Path) -> None:
    marks = "" if suffix == ".yml" else "---\n"
    name, text = f"2026-11-20-outage{suffix}", json.dumps(RECORD, indent=indent)
    site = sites.make(tmp_path / "s", {name: f"{marks}{text}\n{marks}"})
    update, amend = ("update", "-m", "More 🔥"), ("amend", "-m", "Less")

    assert status(site, *update).code == 0
    assert [status(site, *command).code for command in (amend, amend, ("withdraw", "-m", "None"))] == [0, 0, 0]
    record = json.loads(sites.incident_text(site, name).replace("---\n", ""))
    times = {"at": sites.NOW, "edited": sites.NOW}
    assert record["updates"] == [*RECORD["updates"], {**times, "status": "investigating", "message": "Less"}]
    assert record["reason"] == "None"
