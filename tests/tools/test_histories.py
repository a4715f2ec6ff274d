"""The benchmark's histories are such as people write: the program accepts them, and what is added to them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import histories
import pytest
from sites import status

RECORDS = [
    {
        "id": "77",
        "title": 'Delays: "Pages" & more',
        "impact": "major",
        "components": ["Pages", "API Requests"],
        "updates": [
            {"at": "2026-08-20T10:00:00Z", "status": "Investigating", "message": "- Looking: into #it"},
            {"at": "2026-08-20T10:20:00Z", "status": "Update", "message": "First line.\n\n  Second “line”."},
            {"at": "2026-08-20T10:20:00Z", "status": "Resolved", "message": "Gone."},
        ],
    },
    {
        "id": "78",
        "title": "Work on the database",
        "impact": "maintenance",
        "updates": [
            {"at": "2026-08-01T10:00:00Z", "status": "Scheduled", "message": "Reads keep working."},
            {"at": "2026-08-02T10:00:00Z", "status": "In progress", "message": "It has begun."},
            {"at": "2026-08-02T11:00:00Z", "status": "Completed", "message": "Done."},
        ],
    },
    {
        "id": "79",
        "title": "Slow pages, told afterwards",
        "impact": "minor",
        "components": ["Pages"],
        "updates": [{"at": "2026-07-30T10:00:00Z", "status": "Resolved", "message": "It was short."}],
    },
]


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    file = tmp_path / "incidents.jsonl"
    file.write_text("".join(json.dumps(record) + "\n" for record in RECORDS), "utf-8")
    return file


def checked(folder: Path, history: histories.History) -> str:
    """What `status check` says of `history`, and of it with another word."""
    histories.write_ours(folder, history)
    first = status(folder, "check")
    histories.add_a_word(folder, history.stories[0], history.now)
    said = status(folder, "check")
    return f"{first.code} {first.err}{said.code} {said.err}{said.out}"


def test_a_made_up_history_is_valid_with_its_next_word(tmp_path: Path) -> None:
    assert checked(tmp_path / "s", histories.made_up(40)).startswith("0 0 Checked 40 incident files: no errors")


def test_a_wide_history_is_valid_with_its_next_word(tmp_path: Path) -> None:
    assert checked(tmp_path / "s", histories.wide()).startswith("0 0 Checked 1 incident file: no errors")


def test_a_recorded_history_is_valid_with_its_next_word(tmp_path: Path, recorded: Path) -> None:
    assert checked(tmp_path / "s", histories.recorded(recorded)).startswith("0 0 Checked 3 incident files: no errors")


def test_a_recorded_history_told_again_has_as_many_incidents_as_asked_for(tmp_path: Path, recorded: Path) -> None:
    history = histories.recorded(recorded, 7)

    assert [story.id for story in history.stories][:3] == ["2026-08-20-77", "2026-08-01-78", "2026-07-30-79"]
    assert [story.id for story in history.stories][3:] == [
        "2026-07-22-77-1",
        "2026-07-03-78-1",
        "2026-07-01-79-1",
        "2026-06-23-77-2",
    ]
    assert checked(tmp_path / "s", history).startswith("0 0 Checked 7 incident files: no errors")


def test_recorded_updates_keep_their_words_and_an_update_keeps_the_status(recorded: Path) -> None:
    told = histories.recorded(recorded).stories[0]

    assert [(f"{at:%H:%M:%S}", status) for at, status, _ in told.updates] == [
        ("10:00:00", "investigating"),
        ("10:20:00", "investigating"),
        ("10:20:01", "resolved"),
    ]
    assert told.components == {"pages": "partial_outage", "api-requests": "partial_outage"}
    assert [message for _, _, message in told.updates] == [u["message"] for u in RECORDS[0]["updates"]]


def test_plain_pages_hold_the_same_words(tmp_path: Path, recorded: Path) -> None:
    histories.write_plain(tmp_path / "p", histories.recorded(recorded))

    assert "# Work on the database\n\n## scheduled 2026-08-01 10:00 UTC\n\nReads keep working.\n" in (
        tmp_path / "p" / "docs" / "2026-08-01-78.md"
    ).read_text("utf-8")


@pytest.mark.slow
def test_the_benchmark_runs(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, Path(__file__).with_name("bench.py")],
        env={
            **os.environ,
            "BENCH_SIZES": "4",
            "BENCH_LARGE": "",
            "BENCH_LONG": "",
            "BENCH_RUNS": "1",
            "BENCH_PUSHED": "100",
            "PYTHONPATH": str(Path(__file__).parents[1] / "support"),
            "BENCH_HISTORY": str(tmp_path / "none"),
        },
        check=True,
        capture_output=True,
        text=True,
    )
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in ran.stdout.splitlines()]

    assert Counter(row[0] for row in rows if len(row) == 10)["4"] == 11
    assert [kind for kind, *sizes in (row for row in rows if len(row) == 2) if sizes == ["0"]] == []
