"""Whatever the commands accept leaves files that a build accepts; whatever they refuse leaves every file as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
import sites
from hypothesis import given, settings
from hypothesis import strategies as st
from sites import snapshot, status
from strategies import HOSTILE

SERIES = sites.work("2026-11-24T02:00:00Z", "2026-11-24T03:00:00Z, repeat: FREQ=WEEKLY")
STRAY = "- at: 2026-11-23T14:05:00Z\n  status: resolved\n  message: x"
CONFLICT = "<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs"

LINKS = ["[a](nosuch.md)", "[a](#nosuch)", "[a](../docs/about.md)", "[a]: nosuch/", "![a](../a.png)", "[a](about.md#x)"]

texts = st.one_of(
    st.sampled_from(
        [*LINKS, *HOSTILE, STRAY, CONFLICT, "a\n---\nb", "\ud800", "\x00", "\x85", "\u2028", "\ufffe", "\ufeff", " "]
    ),
    st.text(max_size=30),
)
titles = st.one_of(
    texts, st.sampled_from(["Upgrade 20261124t0200z", "20261124T0200Z", "Upgrade", "x" * 300, "../x", "."])
)
times = st.sampled_from(
    ["-5m", "+4m", "+5m", "+301s", "+6m", "14:05", "1969-12-31T23:59Z", "1970-01-01T00:00Z", "2999-12-31T23:59Z",
     "2026-11-23T14:05:00Z", "2026-02-30T00:00Z", "-20000d"]
)  # fmt: skip
components = st.sampled_from(["api=major_outage", "website=unknown", "nosuch=major_outage", "api=operational", "api"])


def option(name: str, values: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    return st.one_of(st.just([]), values.map(lambda value: [f"{name}={value}"]))


def command(name: str, *arguments: st.SearchStrategy[list[str]]) -> st.SearchStrategy[list[str]]:
    return st.tuples(*arguments).map(lambda parts: [name, *(argument for part in parts for argument in part)])


message = texts.map(lambda text: [f"--message={text}"])
title = titles.map(lambda text: ["--", text])
at, next_update = option("--at", times), option("--next", times)
some_components = st.lists(components, max_size=2).map(lambda found: [f"-c{component}" for component in found])
statuses = option("--status", st.sampled_from(["identified", "monitoring", "resolved", "in_progress", "completed"]))
which = st.sampled_from([["api"], ["website"], ["series"], ["series-20261124t0200z"], ["series-20261201t0200z"], []])
ends = st.sampled_from(["1h", "+1h", "2026-11-24T05:00Z", "2999-12-31T23:59Z"])
commands = st.one_of(
    command("open", message, some_components, next_update, option("--started", times), at, title),
    command(
        "schedule", message, some_components, at,
        times.map(lambda time: [f"--from={time}"]), ends.map(lambda end: [f"--until={end}"]),
        option("--repeat", st.sampled_from(["FREQ=DAILY", "FREQ=WEEKLY;COUNT=2", "FREQ=MINUTELY"])), title,
    ),
    command("update", which, message, some_components, statuses, next_update, at),
    command("resolve", which, message, at),
    command("reschedule", which, message, option("--from", times), option("--until", ends), at),
    command("amend", which, message),
    command("withdraw", which, message, at),
)  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sites.make(tmp_path_factory.mktemp("site") / "s")


FILES = {
    "2026-11-23-api-errors.md": sites.API_ERRORS,
    "website.yml": sites.RESOLVED,
    "series.yml": SERIES,
    "2026-11-23-upgrade-20261201t0200z.yml": sites.RESOLVED,
}


@settings(max_examples=40)
@given(typed=st.lists(commands, min_size=1, max_size=4))
def test_a_command_leaves_files_that_a_build_accepts_or_changes_nothing(typed: list[list[str]], site: Path) -> None:
    folder = site / "incidents"
    for path in folder.iterdir():
        path.unlink()
    for name, text in FILES.items():
        (folder / name).write_text(text)
    for args in typed:
        before = snapshot(folder)
        said = status(site, *args)
        assert said.code in (0, 1, 2), said
        assert said.code == 0 or snapshot(folder) == before
        checked = status(site, "check")
        assert checked.code == 0, checked.err


def test_a_rule_gets_an_id_of_which_no_other_file_has_a_window(site: Path) -> None:
    site = sites.make(site.parent / "rule", {"2026-11-24-upgrade-20261201t0200z.yml": sites.RESOLVED})
    when = ["--from=2026-11-24T02:00Z", "--until=1h", "--repeat=FREQ=WEEKLY"]

    assert "incidents/2026-11-24-upgrade-2.md" in status(site, "schedule", "Upgrade", "-m", "x", *when).out
    assert status(site, "check").code == 0


def test_an_update_is_not_moved_out_of_the_tolerance_of_clocks(site: Path) -> None:
    site = sites.make(site.parent / "late", {"2026-11-23-api-errors.md": sites.API_ERRORS})
    status(site, "update", "-m", "x", "--at=+5m")
    before = snapshot(site / "incidents")
    said = status(site, "update", "-m", "y")

    assert (said.code, '"at" is in the future: 2026-11-23T14:10:01Z.' in said.err) == (1, True)
    assert snapshot(site / "incidents") == before
    assert status(site, "check").code == 0
