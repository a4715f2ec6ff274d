"""What a channel needs from the environment is checked, and no value of it is ever shown."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from status_tool.errors import StatusError
from status_tool.model.channel import Channel, ChannelKind
from status_tool.notify import secrets

KEY = {"STATUS_LEDGER_KEY": "0123456789abcdef"}
MAIL = Channel("mail", ChannelKind.EMAIL, sender="s@example.org", server_env="T_SMTP", to_env="T_TO")
SMS = Channel("sms", ChannelKind.SMS, url="https://sms.example/", token_env="T_TOKEN", to_env="T_TO")
SIGNAL = Channel("signal", ChannelKind.SIGNAL, url="http://x/", sender_env="T_FROM", to_env="T_TO")
SLACK = Channel("chat", ChannelKind.SLACK, url_env="T_URL")
MEWE = Channel("mewe", ChannelKind.MEWE, app_env="T_APP", token_env="T_TOKEN")
CAFE = Channel("cafe", ChannelKind.TRUST_CAFE, url="https://x/", auth_url="https://x/", token_env="T_TOKEN")
SMTP = {"T_SMTP": "smtp://user:pass-word@mail.example.org:587"}


def problems(channel: Channel, **environment: str) -> list[str]:
    return [problem.what for problem in secrets.problems(channel, environment)]


def test_a_channel_has_its_secrets_and_recipients() -> None:
    found = secrets.speaker(MAIL, {**SMTP, **KEY, "T_TO": " ann@example.org, bob@example.org ", "OTHER": "x"})

    assert found.secrets == {"server_env": SMTP["T_SMTP"], "to_env": "ann@example.org, bob@example.org"}
    assert found.recipients == ("ann@example.org", "bob@example.org")
    assert found.ledger_key == KEY["STATUS_LEDGER_KEY"]


def test_a_public_place_needs_no_key_of_the_ledger() -> None:
    place = Channel("room", ChannelKind.NTFY, url="https://x/", to="status")
    found = secrets.speaker(place, {})

    assert (found.recipients, found.ledger_key, found.to("status")) == (("status",), "", "")


def test_no_representation_shows_a_secret() -> None:
    found = secrets.speaker(MAIL, {**SMTP, **KEY, "T_TO": "ann@example.org"})

    assert "pass-word" not in repr(found)
    assert KEY["STATUS_LEDGER_KEY"] not in repr(found)


def test_everything_that_is_missing_is_said_at_once() -> None:
    assert problems(MAIL) == [
        "T_SMTP is not set, which the channel mail needs.",
        "T_TO is not set, which the channel mail needs.",
        "STATUS_LEDGER_KEY is not set, without which the ledger would have the recipients of mail in it.",
    ]
    with pytest.raises(StatusError):
        secrets.speaker(MAIL, {"T_SMTP": "  "})


@pytest.mark.parametrize(
    ("channel", "environment", "what"),
    [
        (MAIL, {**SMTP, "T_TO": "ann@example.org, bob"}, "the recipient 2 of T_TO is no mail address."),
        (MAIL, {**SMTP, "T_TO": "a b@example.org"}, "the recipient 1 of T_TO is no mail address."),
        (MAIL, {**SMTP, "T_TO": "<ann@example.org>"}, "the recipient 1 of T_TO is no mail address."),
        (MAIL, {**SMTP, "T_TO": ", ;"}, "T_TO names nobody."),
        (MAIL, {"T_SMTP": "post.example.org", "T_TO": "a@example.org"}, "T_SMTP is not the address of a mail server."),
        (MAIL, {"T_SMTP": "smtp://a:b@h:99:9", "T_TO": "a@example.org"}, "T_SMTP is not the address of a mail server."),
        (
            SMS,
            {"T_TOKEN": "x-token", "T_TO": "0199001234"},
            "the recipient 1 of T_TO is no telephone number with + and country code.",
        ),
        (
            SIGNAL,
            {"T_FROM": "+33199009999", "T_TO": "group.x"},
            "the recipient 1 of T_TO is no telephone number with + and country code.",
        ),
        (SLACK, {"T_URL": "hooks.slack.example/T0/secret-path"}, "T_URL is not a full address."),
        (SLACK, {"T_URL": "https:///"}, "T_URL is not a full address."),
        (SLACK, {"T_URL": "https://x.example/a\x00b"}, "T_URL has a line break or another invisible character."),
        (SLACK, {"T_URL": "https://x.example/a\nb"}, "T_URL has a line break or another invisible character."),
        (SLACK, {"T_URL": "https://x.example/a\u200bb"}, "T_URL has a line break or another invisible character."),
        (SLACK, {"T_URL": "https://x.example/a\udcffb"}, "T_URL has a line break or another invisible character."),
        (MEWE, {"T_APP": "id", "T_TOKEN": "t"}, "T_APP is not the id and the secret of an application."),
        (MEWE, {"T_APP": ":key", "T_TOKEN": "t"}, "T_APP is not the id and the secret of an application."),
        (CAFE, {"T_TOKEN": "id-alone"}, "T_TOKEN is not the id and the secret of an application."),
    ],
)
def test_a_value_that_cannot_be_right_is_refused_without_a_word_of_it(
    channel: Channel, environment: dict[str, str], what: str
) -> None:
    found = list(secrets.problems(channel, {**KEY, **environment}))
    shown = " ".join(f"{problem.what} {problem.hint}" for problem in found)

    assert [problem.what for problem in found] == [what]
    assert [value for value in environment.values() if len(value) > 8 and value in shown] == []


@pytest.mark.parametrize("length", [0, 1, 15])
def test_a_short_key_of_the_ledger_is_refused(length: int) -> None:
    found = problems(SMS, T_TOKEN="x-token", T_TO="+33199001234", STATUS_LEDGER_KEY="k" * length)

    assert len(found) == 1
    assert found[0].startswith("STATUS_LEDGER_KEY")


@pytest.mark.parametrize(
    ("channel", "text", "recipients"),
    [
        (SMS, "+33199001234;+33199005678", ("+33199001234", "+33199005678")),
        (SMS, "+33199001234\r\n+33199005678\r\n", ("+33199001234", "+33199005678")),
        (SMS, "+33199001234,,+33199001234", ("+33199001234",)),
        (MAIL, "Ann@example.org\nbob@example.org\nann@EXAMPLE.org", ("Ann@example.org", "bob@example.org")),
        (MAIL, "ann@bücher.example", ("ann@bücher.example",)),
        (MAIL, "o'neil+x@mail.example.org", ("o'neil+x@mail.example.org",)),
        (SIGNAL, "+33199001234,group.aGVsbG8gd29ybGQgaGVsbG8=", ("+33199001234", "group.aGVsbG8gd29ybGQgaGVsbG8=")),
    ],
)
def test_recipients_are_each_there_once(channel: Channel, text: str, recipients: tuple[str, ...]) -> None:
    environment = {**SMTP, **KEY, "T_TOKEN": "x-token", "T_FROM": "+33199009999", "T_TO": text}

    assert secrets.speaker(channel, environment).recipients == recipients


@pytest.mark.parametrize(
    "server",
    [
        "smtp://mail.example.org",
        "smtps://user:p%40ss@mail.example.org:465/",
        "smtp://[2001:db8::1]:25",
        "smtp://user:a:b%2Fc@10.0.0.1:2525",
    ],
)
def test_addresses_of_mail_servers_are_taken(server: str) -> None:
    assert problems(MAIL, **KEY, T_SMTP=server, T_TO="ann@example.org") == []


def test_the_ledger_knows_recipients_by_a_word_that_needs_the_key() -> None:
    def to(recipient: str, key: str) -> str:
        environment: dict[str, Any] = {**SMTP, "T_TO": "ann@example.org", "STATUS_LEDGER_KEY": key}
        return secrets.speaker(MAIL, environment).to(recipient)

    here, there = to("ann@example.org", "0123456789abcdef"), to("ann@example.org", "fedcba9876543210")

    assert here == to("Ann@Example.org", "0123456789abcdef")
    assert len({here, there, to("bob@example.org", "0123456789abcdef")}) == 3
    assert "ann" not in here


def test_apprise_that_is_not_installed_is_known_before_anything_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    channel = Channel("rest", ChannelKind.APPRISE, url_env="T_URL")
    assert problems(channel, T_URL="json://example.org") == []

    monkeypatch.setattr(sys, "path", [])
    monkeypatch.delitem(sys.modules, "apprise", raising=False)
    assert problems(channel, T_URL="json://example.org") == ["apprise is not installed, which the channel rest needs."]
