"""`status apply` says what a person filled into a form, and nothing that a stranger or a form can smuggle in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import repository
import sites
from sites import API_ERRORS, status

NAME = "2026-11-23-api-errors.md"
HOSTILE = (
    "$(touch pwned)", "`touch pwned`", "; touch pwned", "${{ secrets.TOKEN }}", "---\\ntitle: x\\n---", "{{ 7*7 }}",
    "<script>alert(1)</script>", "]]>", "'; drop", '"', "\\\\", "!!python/object:os.system x", "&a *a", "| x",
    "%0A::set-output",
)  # fmt: skip


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in (
        "GITHUB_EVENT_PATH",
        "GITHUB_ACTOR",
        "GITHUB_TRIGGERING_ACTOR",
        "GITLAB_USER_LOGIN",
        "GITHUB_STEP_SUMMARY",
    ):
        monkeypatch.delenv(name, raising=False)
    return sites.make(tmp_path / "s", {NAME: API_ERRORS})


def apply(site: Path, event: object = None, **inputs: object) -> sites.Said:
    path = site.parent / "event.json"
    path.write_text(json.dumps(event if event is not None else {"inputs": inputs, "sender": {"login": "ann"}}))
    return status(site, "apply", "--event", str(path), "--no-push")


def refused(site: Path, said: sites.Said, before: dict[str, bytes]) -> str:
    assert (said.code, sites.snapshot(site)) == (1, before), said
    assert "Traceback" not in said.err
    return said.err


def test_each_action_does_what_the_command_of_that_name_does(site: Path) -> None:
    said = apply(site, action="update", status="identified", message="Found it.\\nMore.", next="45m")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("Said by ann on the forge.\nAPI errors is identified now.")
    assert "**As an SMS:**" in said.out
    assert "    Found it.\n    More.\n" in sites.incident_text(site, NAME)

    assert apply(site, action="resolve", message="Over.", incident="api").code == 0
    said = apply(site, action="open", title="No logins", components="website=partial_outage", message="Down.")
    assert said.code == 0
    assert "components: {website: partial_outage}" in sites.incident_text(site, "2026-11-23-no-logins.md")


def test_the_variables_of_a_pipeline_are_a_form_too(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"ACTION": "update", "MESSAGE": "Found it.", "STATUS": "unchanged", "NEXT": ""}.items():
        monkeypatch.setenv(f"STATUS_{name}", value)
    monkeypatch.setenv("GITLAB_USER_LOGIN", "bob")
    summary = site.parent / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    said = status(site, "apply", "--no-push")

    assert (said.code, said.out.startswith("Said by bob on the forge.\n")) == (0, True)
    assert summary.read_text().startswith("### `API errors`")


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_hostile_is_text_and_nothing_else(text: str, site: Path) -> None:
    said = apply(site, action="open", title=text, components="website=partial_outage", message=text, next="30m")

    assert not list(site.parent.rglob("pwned"))
    assert said.code == 0, said.err
    (name,) = {path.name for path in (site / "incidents").iterdir()} - {NAME}
    shown = json.loads(status(site, "show", name.removesuffix(".md"), "--json").out)
    assert shown["title"] == text
    assert shown["updates"][0]["message"] == text.replace("\\n", "\n")
    assert status(site, "check").code == 0


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        (
            {"action": "delete", "message": "x"},
            'unknown action "delete".\nUse one of: open, update, resolve, open_another.\n',
        ),
        ({"action": "update"}, "the message is missing.\n"),
        ({"action": "update", "message": "  "}, "the message is missing.\n"),
        ({"action": "update", "message": "-"}, 'the message is "-"'),
        ({"action": "update", "message": ["x"]}, '"message" must be a text, not ["x"].\n'),
        ({"action": "update", "message": "a\x00b"}, '"message" contains the character U+0000.\n'),
        ({"action": "update", "message": "x" * 20_001}, '"message" has 20001 characters; 20000 are possible.\n'),
        ({"action": "update", "message": "x", "incident": "--help"}, 'No incident matches "--help".\n'),
        ({"action": "update", "message": "x", "incident": "nope"}, 'No incident matches "nope".\n'),
        ({"action": "update", "message": "x", "status": "fixed"}, 'Unknown status "fixed". Did you mean "resolved"?'),
        (
            {"action": "update", "message": "x", "components": "apy=major_outage"},
            'Unknown component "apy". Did you mean -c api=major_outage?',
        ),
        ({"action": "update", "message": "status: resolved\\nnext: 30m"}, "The message contains"),
        ({"action": "open", "message": "x"}, "the title is missing.\n"),
        ({"action": "open", "message": "x", "title": "a\nb"}, '"title" has several lines.\n'),
        (
            {"action": "open", "message": "x", "title": "Y", "components": "api=partial_outage"},
            "2026-11-23-api-errors (API errors) is open already on api",
        ),
    ],
)
def test_what_is_wrong_in_a_form_is_said_and_nothing_written(inputs: dict[str, object], said: str, site: Path) -> None:
    before = sites.snapshot(site)

    assert refused(site, apply(site, **inputs), before).startswith(said)


@pytest.mark.parametrize(
    "event",
    [
        {"issue": {"body": "x"}, "author_association": "NONE", "sender": {"login": "eve"}},
        {"inputs": {"action": "update", "message": "x"}, "author_association": "NONE", "sender": {"login": "eve"}},
        {"inputs": None},
        {"inputs": "x"},
        [],
        "x",
        None,
    ],
)
def test_an_event_that_is_none_of_a_form_is_refused(event: object, site: Path) -> None:
    before = sites.snapshot(site)

    refused(site, apply(site, event if event is not None else {}), before)


def test_only_those_speak_whom_the_settings_name(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = site / "mkdocs.yml"
    settings.write_text(settings.read_text().replace("    renewed_by", "    speakers: [Ann]\n    renewed_by"))
    before = sites.snapshot(site)
    form = {"action": "update", "message": "x"}

    for event in ({"inputs": form, "sender": {"login": "eve"}}, {"inputs": form}, {"inputs": form, "sender": "ann"}):
        assert "may not speak for this site." in refused(site, apply(site, event), before)
    monkeypatch.setenv("GITHUB_TRIGGERING_ACTOR", "eve")  # who has started Ann's run again
    assert "eve may not speak for this site." in refused(site, apply(site, **form), before)
    monkeypatch.delenv("GITHUB_TRIGGERING_ACTOR")
    assert apply(site, **form).code == 0


def test_a_file_that_is_no_event_is_refused_unread(site: Path) -> None:
    before = sites.snapshot(site)
    event = site.parent / "event.json"
    for content in (b"\xff\xfe", b"[" * 100_000, b" " * 10_000_000, b"{"):
        event.write_bytes(content)
        refused(site, status(site, "apply", "--event", str(event), "--no-push"), before)
    event.unlink()
    assert "cannot be read" in refused(site, status(site, "apply", "--event", str(event)), before)


@pytest.mark.slow
def test_it_pushes_what_it_wrote(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in repository.ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    repository.create(site)
    hub = site.parent / "hub.git"
    repository.git(site.parent, "init", "-q", "--bare", "-b", "main", str(hub))
    repository.git(site, "remote", "add", "origin", str(hub))
    event = site.parent / "event.json"
    event.write_text(json.dumps({"inputs": {"action": "update", "message": "Found it."}, "sender": {"login": "ann"}}))
    said = status(site, "apply", "--event", str(event))

    assert (said.code, said.err) == (0, "")
    assert "Pushed 2 commits to origin/main." in said.out
    assert "Found it." in repository.git(hub, "show", f"main:incidents/{NAME}")
