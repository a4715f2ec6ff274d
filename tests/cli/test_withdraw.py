"""status withdraw: an incident that was opened by mistake is taken back, and stays where everybody can see it."""

from __future__ import annotations

from pathlib import Path

import pytest
import sites
from sites import API_ERRORS, EPOCH, RESOLVED, Said, status

NAME = "2026-11-23-api-errors.md"
KEYS = "withdrawn: 2026-11-23T14:05:00Z\nreason: |\n  Our probe was wrong.\n"
WITHDRAWN = API_ERRORS.replace("updates:", f"{KEYS}updates:")
WEEKLY = sites.work("2026-11-24T02:00:00Z", "2026-11-24T04:00:00Z").replace("00Z}", "00Z, repeat: FREQ=WEEKLY}")
UNDO = f'remove "withdrawn:" and "reason:" with its text from incidents/{NAME}, then say so in an update.\n'


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return sites.make(tmp_path / "s", {NAME: API_ERRORS, "2026-11-20-slow-website.yml": RESOLVED})


def test_it_writes_two_keys_and_says_what_readers_will_see(site: Path) -> None:
    assert status(site, "withdraw", "-m", "Our probe was wrong.") == Said(
        0,
        f"Withdrew API errors. Wrote incidents/{NAME}\n"
        "Its page and the feeds will say so, with the reason. It counts for nothing.\n"
        "\n"
        "See it:      status serve\n"
        "Publish it:  status push\n"
        f"To undo it:  {UNDO}",
        "",
    )
    assert sites.incident_text(site, NAME) == WITHDRAWN


def test_the_reason_comes_from_standard_input_or_an_editor(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    status(site, "withdraw", "api", "-m", "-", stdin="Our probe was wrong.\n")
    assert sites.incident_text(site, NAME) == WITHDRAWN

    (site / "incidents" / NAME).write_text(API_ERRORS)
    for name, value in sites.editor(site, "echo 'Our probe was wrong.' > \"$1\"").items():
        monkeypatch.setenv(name, value)
    assert status(site, "withdraw", "api", typed="").code == 0
    assert sites.incident_text(site, NAME) == WITHDRAWN


def test_its_time_can_be_given_and_comes_after_the_last_update(site: Path) -> None:
    assert status(site, "withdraw", "api", "-m", "x", "--at", "13:00").code == 0
    text = sites.incident_text(site, NAME)
    assert "withdrawn: 2026-11-23T13:00:01Z\nwithdrawal_posted: 2026-11-23T14:05:00Z\nreason" in text


def test_list_and_show_say_so(site: Path) -> None:
    (site / "incidents" / NAME).write_text(WITHDRAWN)

    assert status(site, "list").out.splitlines()[:4] == [
        "Nothing is open or planned.",
        "",
        "Past",
        "  2026-11-23-api-errors    withdrawn     none         13:00 UTC until 14:05 UTC",
    ]
    assert status(site, "show", "api").out.splitlines()[:3] == [
        "API errors",
        "withdrawn, impact none, 13:00 UTC until 14:05 UTC",
        "Withdrawn 14:05 UTC: Our probe was wrong.",
    ]
    assert status(site, "overdue").code == 0


@pytest.mark.parametrize("command", ["update", "resolve", "amend", "withdraw"])
def test_nothing_more_is_written_and_the_way_back_is_named(command: str, site: Path) -> None:
    (site / "incidents" / NAME).write_text(WITHDRAWN)
    before = sites.snapshot(site)

    assert status(site, command, "api", "-m", "x") == Said(
        1, "", f"2026-11-23-api-errors was withdrawn (14:05 UTC).\nTo undo that, {UNDO}"
    )
    assert sites.snapshot(site) == before


def test_amend_without_a_name_takes_no_older_incident_instead(site: Path) -> None:
    (site / "incidents" / NAME).write_text(WITHDRAWN)

    assert "2026-11-23-api-errors was withdrawn (14:05 UTC)." in status(site, "amend", "-m", "x").err


@pytest.mark.parametrize("command", ["update", "resolve", "amend"])
def test_what_was_withdrawn_while_somebody_typed_stays_as_it_is(
    command: str, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    withdrawn = site / "withdrawn.md"
    withdrawn.write_text(WITHDRAWN)
    script = f"cp '{withdrawn}' '{site / 'incidents' / NAME}'\necho 'We found it.' > \"$1\""
    for name, value in sites.editor(site, script).items():
        monkeypatch.setenv(name, value)
    said = status(site, command, "api", typed="\n")

    assert (said.code, "2026-11-23-api-errors was withdrawn (14:05 UTC)." in said.err) == (1, True)
    assert "Your text is kept in" in said.err
    assert sites.incident_text(site, NAME) == WITHDRAWN


def test_what_was_undone_takes_updates_again(site: Path) -> None:
    status(site, "withdraw", "api", "-m", "Our probe was wrong.")
    (site / "incidents" / NAME).write_text(sites.incident_text(site, NAME).replace(KEYS, ""))

    assert status(site, "update", "-m", "It was no mistake.").code == 0


MISTAKES = [
    (["withdraw", "slow", "-m", "x", "--at", "2026-11-20T11:00Z"], 1, "an update at 2026-11-20 12:00 UTC, after"),
    (["withdraw", "slow", "-m", "x", "--at", "2026-11-20T11:00Z"], 1, "It cannot be withdrawn before its last update"),
    (["withdraw", "api", "-m", "x", "--at", "+2h"], 2, "is in the future"),
    (["withdraw", "api", "-m", "  "], 2, "The message is empty."),
    (["withdraw", "api"], 2, "No message."),
    (["withdraw", "nothing", "-m", "x"], 1, 'No incident matches "nothing".'),
    (["withdraw", "secret", "-m", "x"], 1, "2026-11-23-secret is a draft, so nobody has seen it.\nDelete incidents/"),
    (["withdraw", "weekly-20261124t0200z", "-m", "x"], 1, "2026-11-24-weekly-20261124t0200z is one window of "),
    (
        ["withdraw", "weekly-20261124t0200z", "-m", "x"],
        1,
        "To cancel it: status update 2026-11-24-weekly-20261124t0200z",
    ),
    (["withdraw", "weekly-20261124t0200z", "-m", "x"], 1, "every window: status withdraw 2026-11-24-weekly\n"),
]


@pytest.mark.parametrize(("args", "code", "message"), MISTAKES)
def test_a_mistake_is_one_message_and_changes_nothing(args: list[str], code: int, message: str, site: Path) -> None:
    (site / "incidents" / "2026-11-23-secret.md").write_text(API_ERRORS.replace("title:", "draft: true\ntitle:"))
    (site / "incidents" / "2026-11-24-weekly.yml").write_text(WEEKLY)
    before = sites.snapshot(site)
    said = status(site, *args)

    assert (said.code, said.out) == (code, "")
    assert message in said.err
    assert sites.snapshot(site) == before


def test_a_rule_is_withdrawn_as_a_whole_and_only_by_its_name(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (site / "incidents" / NAME).unlink()
    (site / "incidents" / "2026-11-24-weekly.yml").write_text(WEEKLY)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(EPOCH) + 13 * 3600))  # 03:05, in the first window

    assert "is one window of recurring maintenance." in status(site, "withdraw", "-m", "x").err
    said = status(site, "withdraw", "weekly", "-m", "Wrong rule.")
    assert (said.code, "With it, every window of its rule is withdrawn." in said.out) == (0, True)
    assert status(site, "list").out.startswith("Nothing is open or planned.")
