"""The channels of the settings: what is refused, and how that is said."""

from __future__ import annotations

from pathlib import Path

import pytest
import sites
from sites import status


def make(folder: Path, line: str) -> Path:
    """A site whose channels are `line`, as YAML has them within braces."""
    channels = f"    channels:\n    - {{{line}}}\n".replace("{", "{{").replace("}", "}}")
    settings = sites.SETTINGS.replace("    components:", f"{channels}    components:")
    return sites.make(folder, {"a.md": sites.API_ERRORS}, settings=settings)


MAIL = "name: mail, kind: email, from: status@example.org, to_env: STATUS_TO, server_env: STATUS_SMTP"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (MAIL, ""),
        (f"{MAIL}, mode: always", '"mode" is "always".'),
        (f"{MAIL}, url: https://example.org/", 'a channel of kind email has no "url".\nRemove url:.'),
        ("name: mail, kind: email, to_env: STATUS_TO, server_env: STATUS_SMTP", '"from" is missing.'),
        ("name: mail, kind: pigeon", '"kind" is "pigeon".'),
        ("kind: email", '"name" is missing.'),
        (f"{MAIL}, components: [nothing]", 'the channel "mail" names an unknown component "nothing".'),
        (f"{MAIL}, kinds: [outage]", '"kinds" has "outage".'),
        (f"{MAIL}, languages: [xx]", 'unknown language "xx".'),
        (f"{MAIL}, quiet: 22-7", '"quiet" is "22-7".'),
        (f'{MAIL}, quiet: "22:00-22:00"', '"quiet" is "22:00-22:00".'),
        (f"{MAIL}, per_minute: 0", '"per_minute" is "0".'),
        (f"{MAIL}, per_minute: -1", '"per_minute" is "-1".'),
        (f"{MAIL}, timeout: soon", '"timeout": '),
        (f"{MAIL}, impact: bad", '"impact" is "bad".'),
        ("name: d, kind: discord", "a channel of kind discord is a webhook or a bot."),
        ("name: d, kind: discord, url_env: A, token_env: B, to: C", "a channel of kind discord is a webhook or a bot."),
        ("name: yubo, kind: person", "on a channel of kind person only a person speaks."),
        ("name: yubo, kind: person, mode: manual", ""),
        ("name: m, kind: mastodon, url: mastodon.example, token_env: T", 'url is not a full URL: "mastodon.example".'),
        (
            "name: s, kind: sms, url: 'https://sms.example.org/', to_env: T, body: {a: '{number}'}",
            '"body" has the placeholder {number}, which nothing fills.',
        ),
        (
            "name: s, kind: sms, url: 'https://sms.example.org/', to_env: T, body: x",
            '"body" must have names and values.',
        ),
        (
            "name: s, kind: sms, url: 'https://sms.example.org/', to_env: T, body: {a: '+33 1 99 00 12 34'}",
            '"body" has an address or a telephone number in it.',
        ),
        (
            "name: n, kind: ntfy, url: 'https://ntfy.example/', to: ann@example.org",
            '"to" is an address or a telephone number, which does not belong into the settings.',
        ),
        (
            "name: s, kind: sms, url: 'https://sms.example.org/', to_env: T, body: {a: '{to}', a.b: '{text}'}",
            '"body" has both "a.b" and "a", of which one is a part of the other.',
        ),
        ("name: t, kind: telegram, token_env: T, to: '@example_status'", ""),
        (
            "name: m, kind: matrix, url: 'https://m.example/', token_env: T, to: '#status:example.org'",
            '"#status:example.org" is no room of Matrix; an alias is none.',
        ),
        ("name: m, kind: matrix, url: 'https://m.example/', token_env: T, to: '!room:example.org'", ""),
        (f"{MAIL}}}\n    - {{{MAIL}", 'a second channel "mail".'),
    ],
)
def test_what_a_channel_cannot_be_is_refused(line: str, said: str, tmp_path: Path) -> None:
    checked = status(make(tmp_path, line), "check")

    assert (checked.code, said in checked.err) == (1 if said else 0, True)
    assert "Traceback" not in checked.err


def test_a_secret_in_the_place_of_a_variable_is_not_repeated(tmp_path: Path) -> None:
    line = f"{MAIL.replace('STATUS_SMTP', 'smtp://me:hunter2@mail.example.org')}"
    checked = status(make(tmp_path, line), "check")

    assert (checked.code, "hunter2" in checked.err) == (1, False)
    assert '"server_env" is not the name of an environment variable.' in checked.err
