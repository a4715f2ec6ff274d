"""Messages from templates: what is missing is asked or named, and what is typed explicitly wins."""

from __future__ import annotations

import json
import re
import shlex
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sites
from sites import API_ERRORS, WORK, status

from status_tool.incident_files import store
from status_tool.model.incident import Incident
from status_tool.settings import settings as site_settings

OPEN = {"2026-11-23-api-errors.md": API_ERRORS}
FAILOVER = """\
---
title: "Database fails in {region}"
impact: major
components: {api: partial_outage}
next: 45m
blanks:
  region: {hint: "Which region, as readers call it"}
---
No orders in {region}. Please wait. We will write again by {next}.
"""
_ABOVE = "    components:"
RHYTHM = sites.SETTINGS.replace(_ABOVE, f"    rhythm: {{{{critical: 20m, minor: 1h, none: 2h}}}}\n{_ABOVE}")
PROMISE = sites.SETTINGS.replace(_ABOVE, f"    promise: 30m\n{_ABOVE}")


def make(folder: Path, incidents: dict[str, str] | None = None, **options: Any) -> Path:
    """A site with the template `db-failover`."""
    site = sites.make(folder / "s", {} if incidents is None else incidents, **options)
    (site / "site_templates" / "messages").mkdir(parents=True)
    (site / "site_templates" / "messages" / "db-failover.md").write_text(FAILOVER)
    return site


def only(site: Path) -> Incident:
    settings = site_settings.load(site / "mkdocs.yml")
    return store.read(settings, store.ids(settings)[-1])


def test_an_incident_is_opened_with_the_words_of_a_template(tmp_path: Path) -> None:
    site = make(tmp_path)
    said = status(site, "open", "--template", "db-failover", "--set", "region=eu-west")

    assert (said.code, said.err) == (0, "")
    assert sites.incident_text(site, "2026-11-23-database-fails-in-eu-west.md") == (
        "---\ntitle: Database fails in eu-west\nimpact: major\nupdates:\n- at: 2026-11-23T14:05:00Z\n"
        "  status: investigating\n  components: {api: partial_outage}\n  next: 2026-11-23T14:50:00Z\n  message: |\n"
        "    No orders in eu-west. Please wait. We will write again by 14:50 UTC.\n---\n"
    )


def test_explicit_options_win(tmp_path: Path) -> None:
    site = make(tmp_path)
    explicit = ["No orders", "-m", "We are on it.", "--impact", "minor", "--next", "10m", "-c", "website=unknown"]
    said = status(site, "open", *explicit, "-c", "api=degraded_performance", "--template", "db-failover")
    incident = only(site)

    assert said.code == 0, said.err
    assert (str(incident.title), incident.stated_impact) == ("No orders", "minor")
    assert (str(incident.last.message), incident.last.components) == (
        "We are on it.",
        {"api": "degraded_performance", "website": "unknown"},
    )
    assert f"{incident.last.next:%H:%M}" == "14:15"


def test_every_blank_that_is_missing_is_named(tmp_path: Path) -> None:
    site = make(tmp_path)
    before = sites.snapshot(site)
    said = status(site, "open", "--template", "security")

    assert (said.code, said.out, sites.snapshot(site)) == (2, "", before)
    assert re.findall(r"--set (\w+)=\.\.\.   \w", said.err) == ["components", "facts", "advice"]


def test_what_is_missing_is_asked_with_its_hint(tmp_path: Path) -> None:
    site = make(tmp_path)
    said = status(site, "open", "--template", "db-failover", typed="\nEurope\n")

    assert said.code == 0
    assert said.err == (
        "Which region, as readers call it\nregion:\n> This needs an answer. ? explains, < goes back, Ctrl-C stops.\n> "
    )
    assert str(only(site).title) == "Database fails in Europe"


def test_answers_survive_somebody_who_stops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    site = make(tmp_path)
    before = sites.snapshot(site)
    said = status(site, "open", "--template", "security", typed="Sign-in\nSomebody's {guess}: *x*\n")
    kept = next(tmp_path.glob("status-message-*"))
    command = shlex.split(said.err.partition("To use it:\n")[2].splitlines()[0])

    assert (said.code, sites.snapshot(site)) == (130, before)
    assert kept.read_text() == "components: Sign-in\nfacts: Somebody's {guess}: *x*\n"
    assert status(site, *command[1:], "--set", "advice=Wait.", "--next", "1h").code == 0
    assert r"What we know: Somebody's \{guess\}: \*x\*" in str(only(site).last.message)


@pytest.mark.parametrize(
    ("args", "error"),
    [
        (["--template", "outrage"], 'No template "outrage".\nDid you mean "outage"?'),
        (["--template", "db-failover", "--set", "regoin=x"], 'Unknown blank "regoin". Did you mean "region"?'),
        (["--template", "db-failover", "--set", "region"], "--set region: the value is missing."),
        (["--template", "db-failover", "--set", "region= "], "--set region: the value is empty."),
        (["--template", "db-failover", "--set", "region=a", "--set", "region=b"], '"region" is given twice.'),
        (["--template", "db-failover", "--set", "next=14:50"], "Write --next 30m."),
        (["--template", "db-failover", "--set", "region=a", "--next", "none"], "but none is promised."),
        (["--template", "no-news", "--next", "1h", "-c", "api=unknown"], "has no title. Give one"),
        (["--template", "resolved"], 'The template "resolved" is for incident with the status resolved.'),
        (["--template", "planned-work"], 'The template "planned-work" is for maintenance.'),
        (["x", "--set", "region=a", "-m", "x"], "Name one: --template NAME."),
        (["--template", "../../../etc/passwd"], 'No template "../../../etc/passwd".'),
    ],
)
def test_a_mistake_says_how_to_put_it_right_and_changes_nothing(args: list[str], error: str, tmp_path: Path) -> None:
    site = make(tmp_path)
    before = sites.snapshot(site)
    said = status(site, "open", *args)

    assert said.code in (1, 2)
    assert error in said.err
    assert sites.snapshot(site) == before


def test_a_value_is_data_in_the_file_and_in_the_title(tmp_path: Path) -> None:
    site = make(tmp_path)
    value = "{{ 7*7 }}: 'a' # b\n- at: 2026-11-23T14:05:00Z\n  status: resolved\n---\n[x](y) {next}"
    said = status(site, "open", "--template", "db-failover", "--set", f"region={value}")
    incident = only(site)

    assert said.code == 0, said.err
    assert str(incident.title) == f"Database fails in {' '.join(value.split())}"
    assert (len(incident.updates), incident.last.status, incident.postmortem) == (1, "investigating", "")
    assert status(site, "check").code == 0


def test_each_command_takes_the_templates_that_are_for_it(tmp_path: Path) -> None:
    site = make(tmp_path, {**OPEN, "2026-12-01-upgrade.yml": WORK})
    runs = [
        ["update", "api-errors", "--template", "cause-found", "--set", "cause=A cable is cut.", "--next", "30m"],
        [
            "update",
            "api-errors",
            "--template",
            "repaired",
            "-c",
            "api=operational",
            "-c",
            "website=unknown",
            "--next",
            "1h",
        ],
        ["update", "upgrade", "--template", "cancelled"],
        ["resolve", "api-errors", "--template", "resolved"],
        ["schedule", "--template", "planned-work", "--from", "2026-12-05T02:00Z", "--until", "2h", "-c", "api"],
        ["open", "--template", "reports", "-c", "api=unknown", "--next", "5m"],
        ["withdraw", "api-problems", "--template", "mistake", "--set", "reason=Our probe failed."],
    ]
    for args in runs:
        assert (status(site, *args).code, args) == (0, args)
    shown = [json.loads(status(site, "show", id, "--json").out) for id in ("api-errors", "upgrade", "planned-work-api")]

    assert [[update["status"] for update in document["updates"]] for document in shown] == [
        ["investigating", "identified", "monitoring", "resolved"],
        ["scheduled", "cancelled"],
        ["scheduled"],
    ]
    assert "whether it holds: Website." in shown[0]["updates"][2]["message"], "what is affected after the update"
    assert shown[0]["updates"][3]["message"].startswith("Working again: API, Website.")


def test_a_reader_in_french_reads_french_and_a_reader_in_german_marked_english(tmp_path: Path) -> None:
    for language, begins in (("fr", "Indisponible en ce moment"), ("de", "Not available at present")):
        site = sites.make(tmp_path / language, {}, language=language)
        assert status(site, "open", "--template", "outage", "-c", "api=major_outage", "--next", "1h").code == 0
        message = only(site).last.message
        assert str(message).startswith(begins)
        assert list(message.translations) == ([""] if language == "fr" else ["en"])


def test_a_template_of_the_site_is_written_in_all_its_languages(tmp_path: Path) -> None:
    site = make(tmp_path)
    (site / "site_templates" / "messages" / "outage.md").write_text(
        "---\ntitle: {en: '{x} fails', fr: '{x} en panne'}\n"
        "blanks: {x: {default: {en: All, fr: Tout}}}\nmessage: {en: 'Wait, {x}.', fr: 'Attendez, {x}.'}\n---\n"
    )
    assert status(site, "open", "--template", "outage").code == 0
    incident = only(site)

    assert incident.title.translations == {"en": "All fails", "fr": "Tout en panne"}
    assert incident.last.message.translations == {"en": "Wait, All.", "fr": "Attendez, Tout."}


def test_a_second_report_becomes_an_update_with_the_same_words(tmp_path: Path) -> None:
    site = make(tmp_path, OPEN)
    args = ["open", "--template", "db-failover", "--set", "region=EU"]
    said = status(site, *args)
    command = next(line for line in said.err.splitlines() if line.startswith("  status update"))

    assert said.code == 1
    assert shlex.split(command)[3:7] == ["--template", "db-failover", "--set", "region=EU"]
    assert status(site, *args, typed="1\n").code == 0
    assert str(only(site).last.message) == "No orders in EU. Please wait. We will write again by 14:50 UTC."


def test_templates_are_listed_and_shown(tmp_path: Path) -> None:
    site = make(tmp_path)
    listed, shown = status(site, "templates"), status(site, "templates", "db-failover")

    assert (
        "db-failover  status open  (site_templates/messages/db-failover.md)\n"
        "  Database fails in {region}\n"
        "  Blanks: region, next?\n"
    ) in listed.out
    assert "outage  status open  (comes with status)\n" in listed.out
    assert shown.out == (
        "db-failover  (site_templates/messages/db-failover.md)\n"
        "For:         status open\n"
        "Impact:      major\n"
        "Components:  api=partial_outage\n"
        "Next update: 45 min later\n"
        "Blanks:\n"
        "  region  Which region, as readers call it\n"
        "  next    by when the next update comes, from --next or the rhythm\n"
        "\n"
        "As it will read:\n"
        "\n"
        "  Database fails in {region}\n"
        "\n"
        "  No orders in {region}. Please wait. We will write again by {next}.\n"
    )


def test_a_link_in_a_template_that_leads_nowhere_is_found_before_it_is_needed(tmp_path: Path) -> None:
    site = make(tmp_path, OPEN)
    file = site / "site_templates" / "messages" / "db-failover.md"
    file.write_text(f"{FAILOVER}See [how](../docs/about.md) and [x](../docs/gone.md).\n")
    said = status(site, "check")

    assert said.code == 1
    assert said.err.startswith('site_templates/messages/db-failover.md:10: the link "../docs/gone.md"')
    file.write_text(FAILOVER)
    assert status(site, "check").code == 0


def test_a_broken_template_is_an_error_of_check_and_hides_no_other(tmp_path: Path) -> None:
    site = make(tmp_path)
    folder = site / "site_templates" / "messages"
    (folder / "broken.md").write_text("---\nimpact: huge\n---\nHello\n")
    (folder / "notes.txt").write_text("x")
    (site / "incidents" / "x.yml").write_text("title: x\n")
    checked, listed = status(site, "check"), status(site, "templates")

    assert (checked.code, listed.code) == (1, 1)
    assert 'site_templates/messages/broken.md:2: unknown impact "huge".\n' in checked.err
    assert "site_templates/messages/notes.txt: this file is no message template.\n" in checked.err
    assert 'incidents/x.yml:1: "updates" is missing.' in checked.err
    assert "db-failover" in listed.out


# -- the rhythm ----------------------------------------------------------------------------------


def next_minutes(site: Path) -> int | None:
    last = only(site).last
    return last.next and round((last.next - last.published_at) / timedelta(minutes=1))


@pytest.mark.parametrize(
    ("args", "minutes"),
    [
        (["-c", "api=major_outage"], 20),
        (["-c", "api=degraded_performance"], 60),
        (["-c", "api=partial_outage"], None),  # the rhythm is silent on this impact
        ([], None),  # the impact is not known
        (["--impact", "critical"], 20),
        (["-c", "api=major_outage", "--next", "5m"], 5),
        (["-c", "api=major_outage", "--next", "none"], None),
        (["-c", "api=major_outage", "--at", "-10m"], 20),
    ],
)
def test_the_rhythm_promises_by_impact_unless_told_otherwise(
    args: list[str], minutes: int | None, tmp_path: Path
) -> None:
    site = sites.make(tmp_path / "s", {}, settings=RHYTHM)

    assert status(site, "open", "API errors", "-m", "x", *args).code == 0
    assert next_minutes(site) == minutes


def test_an_update_promises_by_the_impact_that_it_leaves(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", OPEN, settings=RHYTHM)
    minutes = []
    for args in (
        [],
        ["-c", "api=degraded_performance"],
        ["--status", "monitoring", "-c", "api=operational"],
        ["--status", "resolved"],
        ["--status", "investigating"],  # reopens it as before the end
        ["--status", "investigating", "-c", "api=major_outage"],
    ):
        assert status(site, "update", "-m", "x", "api-errors", *args).code == 0
        minutes.append(next_minutes(site))

    assert minutes == [20, 60, 120, None, None, 20]


def test_the_question_for_the_promise_offers_the_rhythm(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", OPEN, settings=RHYTHM)
    said = status(site, "update", "-m", "x", typed="\n")

    assert said.err == "Next update, for example 30m or 16:07, or none (Enter: in 20 min): "
    assert next_minutes(site) == 20
    assert status(site, "update", "-m", "y", typed="none\n").code == 0
    assert next_minutes(site) is None


def test_without_a_rhythm_no_promise_is_written(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {}, settings=PROMISE)

    assert status(site, "open", "x", "-m", "x", "-c", "api=major_outage").code == 0
    assert next_minutes(site) is None


def test_a_template_that_names_the_time_states_the_default_promise(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {}, settings=PROMISE)

    assert status(site, "open", "--template", "outage", "-c", "api=major_outage").code == 0
    assert next_minutes(site) == 30
    assert "again by 14:35 UTC" in str(only(site).last.message)
