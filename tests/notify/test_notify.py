"""`status notify`: everything is said once on each channel, by whoever runs it, whatever happens to the runs."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import channel_stub
import http_channels
import pytest
import repository
import sites
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from channel_stub import Reply, Service
from http_channels import Case

pytestmark = pytest.mark.slow  # git, often

AUTO = "On the channels of mode auto, everything is said.\n"
POSTED = Reply(200, {"id": "7", "url": "https://social.example/7"})
SECRETS = {"T_TOKEN": "a-secret-token", "T_TO": "+33199001234,+33199005678", "STATUS_LEDGER_KEY": "0123456789abcdef"}


class Site:
    """A site in a repository with a remote, and one service for all of its channels."""

    def __init__(self, folder: Path, service: Service, *channels: str) -> None:
        self.service, self.folder = service, folder / "s"
        lines = "".join(f"    - {line}\n" for line in channels).replace("HOST/", service.url)
        lines = lines.replace("{", "{{").replace("}", "}}")
        settings = sites.SETTINGS.replace("    components:", f"    channels:\n{lines}    components:")
        sites.make(self.folder, {"2026-11-23-api-errors.md": sites.API_ERRORS}, settings=settings)
        repository.create(self.folder)
        repository.git(folder, "init", "-q", "--bare", "-b", "main", "hub.git")
        repository.git(self.folder, "remote", "add", "origin", str(folder / "hub.git"))
        repository.git(self.folder, "push", "-q", "origin", "main")
        self.environment = {
            **os.environ,
            **repository.ENVIRONMENT,
            **SECRETS,
            "T_URL": service.url,
            "SOURCE_DATE_EPOCH": sites.EPOCH,
        }

    def start(self, *args: str, folder: Path | None = None) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "status_tool", *args]
        pipe = subprocess.PIPE
        return subprocess.Popen(
            command, cwd=folder or self.folder, env=self.environment, stdin=pipe, stdout=pipe, stderr=pipe, text=True
        )

    def status(self, *args: str, typed: str | None = None) -> sites.Said:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.environment.items():
                patch.setenv(name, value)
            return sites.status(self.folder, *args, typed=typed)

    def update(self, message: str, at: str) -> None:
        """Adds an update to the incident."""
        file = self.folder / "incidents" / "2026-11-23-api-errors.md"
        text = file.read_text().removesuffix("---\n")
        file.write_text(f"{text}- at: {at}\n  status: identified\n  message: {message}\n---\n")


MASTODON = "{name: toot, kind: mastodon, url: 'HOST/', token_env: T_TOKEN, mode: auto}"
SLACK = "{name: chat, kind: slack, url_env: T_URL, mode: auto}"
SMS = "{name: sms, kind: sms, url: HOST/sms, to_env: T_TO, body: {to: '{to}', text: '{text}'}, mode: auto}"
CONFIRMED = "{name: hook, kind: webhook, url_env: T_URL, token_env: T_TOKEN}"


@pytest.fixture
def service() -> Iterator[Service]:
    with channel_stub.serving(POSTED) as found:
        yield found


def test_what_was_written_is_said_once_and_a_reply_follows_it(tmp_path: Path, service: Service) -> None:
    site = Site(tmp_path, service, MASTODON)
    first = site.status("notify", "--yes")
    again = site.status("notify", "--yes")
    site.update("We found it.", "2026-11-23T14:00:00Z")
    second = site.status("notify", "--yes")

    assert (first.code, again.code, second.code) == (0, 0, 0)
    assert "toot: delivered  https://social.example/7" in first.out
    assert again.out == AUTO
    posts = [request.json for request in service.requests]
    assert [post.get("in_reply_to_id") for post in posts] == [None, "7"]
    assert "We are looking into it." in posts[0]["status"]
    assert "We found it." in posts[1]["status"]
    assert len({request.headers["idempotency-key"] for request in service.requests}) == 2


def test_yes_speaks_on_automatic_channels_and_on_those_named(tmp_path: Path, service: Service) -> None:
    site = Site(tmp_path, service, MASTODON, CONFIRMED)
    site.status("notify", "--yes")
    assert [request.path for request in service.requests] == ["/api/v1/statuses"]

    site.status("notify", "--yes", "--channel", "hook")
    assert [request.path for request in service.requests] == ["/api/v1/statuses", "/"]


def test_without_a_person_nothing_is_said(tmp_path: Path, service: Service) -> None:
    site = Site(tmp_path, service, MASTODON)
    asked = site.status("notify")
    shown = site.status("notify", "--dry-run")

    assert (asked.code, shown.code, service.requests) == (1, 0, [])
    assert "nobody can be asked here, so nothing was said." in asked.err
    assert "  | Investigating: API errors\n" in shown.out


def test_a_person_reads_it_and_decides(tmp_path: Path, service: Service) -> None:
    site = Site(tmp_path, service, MASTODON, CONFIRMED)
    for typed, paths in (("n\n", []), ("c\nn\ny\n", ["/"]), ("y\n", ["/", "/api/v1/statuses"])):
        said = site.status("notify", typed=typed)
        assert [request.path for request in service.requests] == paths, said


def test_recipients_and_secrets_are_nowhere_but_in_the_message(tmp_path: Path, service: Service) -> None:
    site = Site(tmp_path, service, SMS, MASTODON)
    service.replies = [lambda request: Reply(400, {"error": f"no {request.body.decode()} {SECRETS['T_TOKEN']}"})]
    said = site.status("notify", "--yes")
    ledger = site.status("ledger")
    kept = repository.git(tmp_path / "hub.git", "show", "refs/status/ledger:ledger.jsonl")

    assert said.code == 1
    assert "sms: refused: it answers 400: no " in said.err
    assert len(service.requests) == 3
    for text in (said.out, said.err, ledger.out, ledger.err, kept):
        assert not [secret for secret in ("33199001234", "33199005678", "a-secret-token") if secret in text]


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("T_TOKEN", "", "the channel toot cannot be used: T_TOKEN is not set, which the channel toot needs."),
        ("T_TO", "+33199001234, 0199", "the recipient 2 of T_TO is no telephone number"),
        ("STATUS_LEDGER_KEY", "short", "STATUS_LEDGER_KEY has fewer than 16 characters."),
    ],
)
def test_a_channel_that_lacks_something_does_not_stop_the_others(
    name: str, value: str, error: str, tmp_path: Path, service: Service
) -> None:
    site = Site(tmp_path, service, MASTODON, SMS, SLACK)
    service.replies = [lambda request: Reply(200, b"ok") if request.path == "/" else POSTED]
    site.environment[name] = value
    said = site.status("notify", "--yes")

    assert said.code == 1
    assert error in said.err
    assert "0199" not in said.err + said.out
    assert "/" in [request.path for request in service.requests]


def test_what_was_refused_waits_for_a_person(tmp_path: Path, service: Service) -> None:
    site = Site(tmp_path, service, MASTODON)
    service.replies = [Reply(401, {"error": "The access token is invalid"})]
    refused = site.status("notify", "--yes")
    later = site.status("notify", "--yes")
    service.replies = [POSTED]
    resent = site.status("notify", "--yes", "--resend")

    assert "toot: refused: it answers 401: The access token is invalid." in refused.err
    assert (later.code, "toot: Investigating, API errors: was refused." in later.err) == (1, True)
    assert (resent.code, len(service.requests)) == (0, 2)


def test_an_old_update_is_no_news(tmp_path: Path, service: Service) -> None:
    site = Site(tmp_path, service, MASTODON.replace("auto", "auto, max_age: 1h"))

    assert site.status("notify", "--yes").out == (
        "toot: 1 update of an open incident is older than max_age, and not said there.\nThere is nothing else to say.\n"
    )
    assert service.requests == []


@pytest.mark.parametrize(
    ("filter", "is_said"),
    [
        ("impact: critical", True),
        ("components: [website]", False),
        ("components: [website, api]", True),
        ("kinds: [maintenance]", False),
        ('quiet: "14:00-14:10"', True),  # the impact is critical
        ("languages: [fr]", True),
    ],
)
def test_a_channel_hears_what_it_is_for(filter: str, is_said: bool, tmp_path: Path, service: Service) -> None:
    site = Site(tmp_path, service, MASTODON.replace("mode", f"{filter}, mode"))
    site.status("notify", "--yes")

    assert [request.json["language"] for request in service.requests] == (
        [] if not is_said else ["fr" if "fr" in filter else "en"]
    )


def test_at_night_only_what_is_critical_is_said(tmp_path: Path, service: Service) -> None:
    site = Site(tmp_path, service, MASTODON.replace("mode", 'quiet: "14:00-14:10", mode'))
    file = site.folder / "incidents" / "2026-11-23-api-errors.md"
    file.write_text(file.read_text().replace("major_outage", "partial_outage"))
    held = site.status("notify", "--yes")
    site.environment["SOURCE_DATE_EPOCH"] = str(int(sites.EPOCH) + 600)
    said = site.status("notify", "--yes")

    assert "toot: quiet until 14:10: Investigating, API errors" in held.out
    assert (held.code, said.code, len(service.requests)) == (0, 0, 1)


def test_a_correction_is_said_on_request_only(tmp_path: Path, service: Service) -> None:
    site = Site(tmp_path, service, MASTODON)
    site.status("notify", "--yes")
    file = site.folder / "incidents" / "2026-11-23-api-errors.md"
    file.write_text(file.read_text().replace("  message: |", "  edited: 2026-11-23T14:01:00Z\n  message: |"))

    assert site.status("notify", "--yes").out == AUTO
    assert site.status("notify", "--yes", "--corrections").code == 0
    assert "Corrected: Investigating: API errors" in service.requests[1].json["status"]
    assert site.status("notify", "--yes", "--corrections").out == AUTO


def test_a_withdrawal_is_said_where_the_incident_was(tmp_path: Path, service: Service) -> None:
    site = Site(tmp_path, service, MASTODON, "{name: late, kind: mastodon, url: 'HOST/', token_env: T_TOKEN}")
    site.status("notify", "--yes")
    file = site.folder / "incidents" / "2026-11-23-api-errors.md"
    text = file.read_text().replace("updates:", "withdrawn: 2026-11-23T14:01:00Z\nreason: A false alarm.\nupdates:")
    file.write_text(text)
    site.status("notify", "--yes", "--channel", "toot", "--channel", "late")

    assert len(service.requests) == 2
    assert "Withdrawn: API errors" in service.requests[1].json["status"]
    assert "A false alarm." in service.requests[1].json["status"]


def test_a_remote_that_is_down_stops_it_until_a_person_says_otherwise(tmp_path: Path, service: Service) -> None:
    site = Site(tmp_path, service, MASTODON)
    (tmp_path / "hub.git").rename(tmp_path / "gone.git")
    stopped = site.status("notify", "--yes")
    forced = site.status("notify", "--yes", "--no-claim")
    (tmp_path / "gone.git").rename(tmp_path / "hub.git")
    later = site.status("notify", "--yes")
    site.status("ledger", "--push")

    assert (stopped.code, len(service.requests)) == (1, 1)
    assert "the ledger cannot be reached, so nothing was said." in stopped.err
    assert (forced.code, "it is said twice" in forced.err) == (0, True)
    assert later.out == AUTO
    assert "delivered" in repository.git(tmp_path / "hub.git", "show", "refs/status/ledger:ledger.jsonl")


def test_a_channel_that_is_missing_or_manual_is_named(tmp_path: Path, service: Service) -> None:
    site = Site(tmp_path, service, MASTODON, "{name: yubo, kind: person, mode: manual}")

    assert 'there is no channel "tot".' in site.status("notify", "--channel", "tot").err
    assert "on the channel yubo a person speaks by hand." in site.status("notify", "--channel", "yubo").err


RECOGNISED = {"sms", "mastodon", "webhook", "discord-bot", "matrix", "ntfy", "bluesky"}
"""Where a repeat does no harm, so that it is sent again without asking."""


def line_of(case: Case) -> tuple[str, dict[str, str]]:
    """A channel as the settings have it, and its part of the environment."""
    names = {"sender": "from", "sender_env": "from_env"}
    variables = {key: f"X_{key.upper()}" for key in case.secrets}
    values = {**case.keys, **variables, **({"to_env": "T_TO"} if case.recipient.startswith("+") else {})}
    keys = {names.get(key, key): value for key, value in values.items()}
    written = json.dumps({"name": "here", "kind": case.kind.value, "mode": "auto", **keys}).replace("{url}", "HOST/")
    return written, {variables[key]: value for key, value in case.secrets.items()}


@pytest.mark.parametrize("case", http_channels.CASES, ids=lambda case: case.name)
def test_killed_between_written_and_answered_it_is_said_once_more_at_most(
    case: Case, tmp_path: Path, service: Service
) -> None:
    """Where the channel knows a repeat, it is sent again by itself; where not, a person decides."""
    line, variables = line_of(case)
    site = Site(tmp_path, service, line)
    site.environment |= {name: value.replace("{url}", service.url) for name, value in variables.items()}
    site.environment["T_TO"] = "+33199001234"
    each = len(case.before) + 1
    service.replies = [*case.before, Reply(200, b"", pause=30.0)]
    process = site.start("notify", "--yes")
    for _ in range(400):
        if len(service.requests) == each:
            break
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    service.replies = [*case.before, case.good]
    again = site.status("notify", "--yes")
    is_recognised = case.name in RECOGNISED

    assert len(service.requests) == (2 * each if is_recognised else each), again
    if is_recognised:
        first, second = service.requests[each - 1], service.requests[-1]
        stamped = ("webhook-timestamp", "webhook-signature", "host")
        kept = [{n: v for n, v in request.headers.items() if n not in stamped} for request in (first, second)]
        assert (first.path, first.body, kept[0]) == (second.path, second.body, kept[1])
        assert "AGAIN, as nobody knows whether it was said" in again.out
    else:
        assert (again.code, "may have been said already: nobody knows." in again.err) == (1, True)
        assert site.status("notify", "--yes", "--resend").code == 0
        assert len(service.requests) == 2 * each
    assert site.status("notify", "--yes").out == AUTO


class _Slow:
    """A mail server that takes a message, and answers when nobody waits any more."""

    def __init__(self) -> None:
        self.taken, self.seconds = 0, 30.0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.taken += 1
        await asyncio.sleep(self.seconds)
        return "250 queued"


@pytest.mark.parametrize("header", ["", ", idempotency_header: Resend-Idempotency-Key"], ids=["plain", "relay"])
def test_a_mail_that_was_handed_over_is_not_written_again_without_a_word(
    header: str, tmp_path: Path, service: Service
) -> None:
    mail = f"{{name: mail, kind: email, mode: auto, from: a@example.org, to_env: T_TO, server_env: T_SMTP{header}}}"
    site, server = Site(tmp_path, service, mail), _Slow()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    site.environment |= {"T_TO": "ann@example.org", "T_SMTP": f"smtp://127.0.0.1:{port}"}
    process = site.start("notify", "--yes")
    for _ in range(400):
        if server.taken:
            break
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    server.seconds = 0
    again = site.status("notify", "--yes")
    controller.stop()

    assert (again.code, server.taken) == ((0, 2) if header else (1, 1)), again.err
    assert ("may have been said already" in again.err) is not bool(header)


def test_two_clones_and_a_workflow_at_once_say_everything_once(tmp_path: Path, service: Service) -> None:
    site = Site(tmp_path, service, MASTODON, SLACK, SMS)
    service.replies = [lambda request: Reply(200, b"ok") if request.path == "/" else POSTED]
    rounds = int(os.environ.get("STATUS_PROOF_ROUNDS", "4"))
    with ExitStack() as stack:
        clones = [site.folder]
        for name in ("other", "runner"):
            repository.git(tmp_path, "clone", "-q", "hub.git", name)
            clones.append(tmp_path / name)
        for number in range(rounds):
            site.update(f"Word {number}.", f"2026-11-23T13:{number + 10}:00Z")
            text = (site.folder / "incidents" / "2026-11-23-api-errors.md").read_text()
            for clone in clones[1:]:
                (clone / "incidents" / "2026-11-23-api-errors.md").write_text(text)
            processes = [stack.enter_context(site.start("notify", "--yes", folder=clone)) for clone in clones]
            said = [process.communicate() for process in processes]
            assert [err for _, err in said if "Traceback" in err] == []

    texts = [request.body.decode() for request in service.requests]
    for number in range(rounds):
        assert len([text for text in texts if f"Word {number}." in text]) == 4, number
    assert len(texts) == 4 * (rounds + 1)


def test_check_names_what_channels_lack_and_shows_nothing(tmp_path: Path, service: Service) -> None:
    site = Site(tmp_path, service, MASTODON, SMS)
    good = site.status("check", "--channels")
    site.environment |= {"T_TOKEN": "", "T_TO": "ann@example.org", "STATUS_LEDGER_KEY": ""}
    bad = site.status("check", "--channels")

    assert (good.code, "2 channels have what they need from the environment." in good.out) == (0, True)
    assert bad.code == 1
    assert "T_TOKEN is not set, which the channel toot needs." in bad.err
    assert "the recipient 1 of T_TO is no telephone number with + and country code." in bad.err
    assert "STATUS_LEDGER_KEY is not set" in bad.err
    assert "ann@" not in bad.err
    assert service.requests == []


def test_a_run_that_is_stopped_ends_at_once_and_says_what_is_not_known(tmp_path: Path, service: Service) -> None:
    site = Site(tmp_path, service, SLACK)
    service.replies = [Reply(200, b"ok", pause=30.0)]
    process = subprocess.Popen(
        [sys.executable, "-m", "status_tool", "notify", "--yes"],
        cwd=site.folder,
        env=site.environment,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    for _ in range(400):
        if service.requests:
            break
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=15)  # the service answers after 30 s

    assert process.returncode == 130
    assert "Nobody knows what became of that which was being sent: status ledger" in err
    assert "chat: unknown" in site.status("ledger").out


def test_a_long_list_is_told_in_one_line(tmp_path: Path, service: Service) -> None:
    site = Site(tmp_path, service, SMS)
    site.environment["T_TO"] = ",".join(f"+331990012{number:02}" for number in range(20))
    service.replies = [lambda request: Reply(400, b"no") if b"1207" in request.body else POSTED]
    said = site.status("notify", "--yes")

    assert said.out.count("sms: accepted") == 0
    assert "sms: 19 of 20 messages said" in said.out
    assert (said.code, "sms: refused: it answers 400" in said.err) == (1, True)


def test_another_ledger_key_would_say_everything_again_so_it_is_refused(tmp_path: Path, service: Service) -> None:
    site = Site(tmp_path, service, SMS, MASTODON)
    assert site.status("notify", "--yes").code == 0
    site.environment["STATUS_LEDGER_KEY"] = "another-key-of-16"
    site.update("We found it.", "2026-11-23T14:00:00Z")
    said = site.status("notify", "--yes")

    assert (said.code, len(service.requests)) == (1, 4)  # Mastodon has the update
    assert "the channel sms cannot be used: STATUS_LEDGER_KEY is not the one with which it was used before." in said.err


def test_a_template_that_says_nothing_is_named_and_nothing_is_sent(tmp_path: Path, service: Service) -> None:
    site = Site(tmp_path, service, MASTODON)
    folder = site.folder / "site_templates" / "notify"
    folder.mkdir(parents=True)
    (folder / "post.txt").write_text("{# nothing #}\n")
    said = site.status("notify", "--yes")

    assert (said.code, service.requests) == (1, [])
    assert said.err.startswith("site_templates/notify/post.txt: this template says nothing.\n")


def test_a_channel_that_the_ledger_does_not_know_is_named(tmp_path: Path, service: Service) -> None:
    said = Site(tmp_path, service, MASTODON).status("ledger", "--channel", "tot")

    assert (said.code, 'there is no channel "tot".' in said.err, "toot" in said.err) == (1, True, True)
