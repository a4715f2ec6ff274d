"""What each service over HTTP is sent, to the byte; and what becomes there of texts that a service reads as more."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from typing import Any

import channel_stub
import messages
import pytest
from channel_stub import Request
from http_channels import BY_NAME, CASES, NUMBER, PATH, SENDER, TOKEN, Case

from status_tool.model.channel import Channel, ChannelKind
from status_tool.notify import limits
from status_tool.notify.channels import CHANNELS, bluesky, discord, mentions, sms, teams, webhook
from status_tool.notify.words import Words
from status_tool.system import clock

TEXT = f"Investigating: API errors – ça dure\n.\n{messages.URL}"
ALWAYS = {"host", "accept-encoding", "user-agent", "content-length"}
JSON = {"content-type": "application/json"}
BEARER = {"authorization": f"Bearer {TOKEN}"}
KEYS = {name: case.delivery("http://x/").key for name, case in BY_NAME.items()}


def requests_of(name: str, **more: Any) -> list[Request]:
    case = BY_NAME[name]
    with channel_stub.serving(*case.before, case.good) as service:
        assert case.send(service.url, **more).outcome is case.said
        return service.requests


def plain(request: Request) -> tuple[str, str, dict[str, str], Any]:
    """Method, path, headers that say something, and the document."""
    headers = {name: value for name, value in request.headers.items() if name not in ALWAYS}
    return request.method, request.path, headers, json.loads(request.body)


def with_text(text: str, language: str = "en") -> dict[str, Any]:
    return {"words": Words(text, "Subject", language)}


EXPECTED: dict[str, tuple[str, str, dict[str, str], Any]] = {
    "sms": (
        "POST",
        "/send",
        {**JSON, **BEARER, "idempotency-key": KEYS["sms"]},
        {"to": [NUMBER], "text": TEXT, "from": "Example"},
    ),
    "mastodon": (
        "POST",
        "/api/v1/statuses",
        {**JSON, **BEARER, "idempotency-key": KEYS["mastodon"]},
        {"status": TEXT, "visibility": "public", "language": "en"},
    ),
    "signal": (
        "POST",
        "/v2/send",
        {**JSON, **BEARER},
        {"message": TEXT, "number": SENDER, "recipients": [NUMBER], "text_mode": "normal"},
    ),
    "telegram": (
        "POST",
        "/bot123456:AAtokenOfABot-x/sendMessage",
        JSON,
        {"chat_id": "@example", "text": TEXT, "link_preview_options": {"is_disabled": True}},
    ),
    "trustcafe": (
        "POST",
        "/post",
        {**JSON, "authorization": "Bearer access-token-of-an-hour"},
        {
            "postText": TEXT,
            "cardUrl": messages.URL,
            "blurLabel": "",
            "collaborative": False,
            "parent": {"pk": "maintrunk#maintrunk", "sk": "maintrunk#maintrunk"},
        },
    ),
    "mewe": (
        "POST",
        "/api/dev/me/post",
        {**JSON, **BEARER, "x-app-id": "app-id-1", "x-api-key": "api-key-of-the-app"},
        {"text": TEXT},
    ),
    "slack": (
        "POST",
        f"/{PATH}",
        JSON,
        {"text": TEXT, "mrkdwn": False, "link_names": False, "unfurl_links": False, "unfurl_media": False},
    ),
    "discord-webhook": (
        "POST",
        f"/{PATH}?wait=true",
        JSON,
        {"content": TEXT, "allowed_mentions": {"parse": []}, "flags": 4},
    ),
    "discord-bot": (
        "POST",
        "/api/v10/channels/99/messages",
        {**JSON, "authorization": f"Bot {TOKEN}"},
        {
            "content": TEXT,
            "allowed_mentions": {"parse": []},
            "flags": 4,
            "nonce": KEYS["discord-bot"][:25],
            "enforce_nonce": True,
        },
    ),
    "teams": ("POST", f"/{PATH}", JSON, teams.card(TEXT, messages.URL)),
    "matrix": (
        "PUT",
        f"/_matrix/client/v3/rooms/%21room%3Aexample.org/send/m.room.message/{KEYS['matrix']}",
        {**JSON, **BEARER},
        {"msgtype": "m.text", "body": TEXT, "m.mentions": {}},
    ),
    "bluesky": (
        "POST",
        "/xrpc/com.atproto.repo.putRecord",
        {**JSON, "authorization": "Bearer jwt-header.jwt-payload.jwt-signature"},
        {
            "repo": "did:plc:abc",
            "collection": "app.bsky.feed.post",
            "rkey": bluesky.record_key(messages.NOTICE.at, KEYS["bluesky"]),
            "record": {
                "$type": "app.bsky.feed.post",
                "text": TEXT,
                "createdAt": "2026-11-23T13:00:00Z",
                "langs": ["en"],
                "facets": [
                    {
                        "index": {"byteStart": 41, "byteEnd": 41 + len(messages.URL)},
                        "features": [{"$type": "app.bsky.richtext.facet#link", "uri": messages.URL}],
                    }
                ],
            },
        },
    ),
}


@pytest.mark.parametrize("name", [case.name for case in CASES if case.name not in ("webhook", "ntfy")])
def test_the_request_is_the_one_that_is_documented(name: str) -> None:
    assert plain(requests_of(name)[-1]) == EXPECTED[name]


def test_ntfy_is_sent_the_text_itself() -> None:
    request = requests_of("ntfy")[0]
    headers = {name: value for name, value in request.headers.items() if name not in ALWAYS}
    title = base64.b64encode("[Example Status] Investigating: API – été".encode()).decode()

    assert (request.method, request.path, request.body.decode()) == ("POST", "/status", TEXT)
    assert headers == {
        **BEARER,
        "content-type": "text/plain; charset=utf-8",
        "x-title": f"=?UTF-8?B?{title}?=",
        "x-click": messages.URL,
        "x-sequence-id": KEYS["ntfy"],
    }


def test_a_webhook_is_sent_all_of_the_notice_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: clock.parse_time("2026-11-23T13:00:05Z"))
    request = requests_of("webhook")[0]
    stamp, id = request.headers["webhook-timestamp"], request.headers["webhook-id"]
    signed = hmac.new(TOKEN.encode(), f"{id}.{stamp}.".encode() + request.body, hashlib.sha256).digest()

    assert (request.path, stamp, id) == (f"/{PATH}", "1795438805", KEYS["webhook"])
    assert request.headers["webhook-signature"] == f"v1,{base64.b64encode(signed).decode()}"
    assert request.json == {
        "type": "status.update",
        "incident": "2026-11-23-api-errors",
        "update": "2026-11-23T13:00:00Z",
        "at": "2026-11-23T13:00:00Z",
        "language": "en",
        "is_rtl": False,
        "site": "Example Status",
        "label": "Investigating",
        "title": "API errors",
        "since": "since 13:00 UTC",
        "next": "",
        "message": "We are looking into it.",
        "components": "",
        "impact": "Major impact",
        "url": messages.URL,
        "status": "investigating",
        "kind": "incident",
        "level": "major",
        "affected": ["api"],
        "is_first": True,
        "has_ended": False,
        "is_drill": False,
        "subject": "[Example Status] Investigating: API – été",
        "text": TEXT,
    }


def test_a_signature_is_the_one_of_the_specification() -> None:
    """The example of standardwebhooks/spec/standard-webhooks.md."""
    signature = webhook.signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}'
    )

    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("secret", ["whsec_not base64!", "whsec_é", "whsec_abc", "plain"])
def test_a_secret_that_is_not_in_base64_is_the_key_itself(secret: str) -> None:
    signed = hmac.new(secret.encode(), b"a.1.{}", hashlib.sha256).digest()

    assert webhook.signature(secret, "a", "1", b"{}") == f"v1,{base64.b64encode(signed).decode()}"


def test_logins_are_what_is_documented() -> None:
    cafe, sky = requests_of("trustcafe")[0], requests_of("bluesky")[0]

    assert plain(cafe) == (
        "POST",
        "/auth/token",
        {**JSON, "authorization": "Bearer guest"},
        {"client_id": "client-id-1", "client_secret": TOKEN, "grant_type": "client_credentials"},
    )
    assert plain(sky) == (
        "POST",
        "/xrpc/com.atproto.server.createSession",
        JSON,
        {"identifier": "status.example.org", "password": TOKEN},
    )


THREAD = {"root": "11", "parent": "12"}


@pytest.mark.parametrize(
    ("name", "thread", "added"),
    [
        ("mastodon", THREAD, {"in_reply_to_id": "12"}),
        ("telegram", THREAD, {"reply_parameters": {"message_id": 12, "allow_sending_without_reply": True}}),
        ("discord-bot", THREAD, {"message_reference": {"message_id": "12", "fail_if_not_exists": False}}),
        (
            "matrix",
            {"root": "$r", "parent": "$p"},
            {
                "m.relates_to": {
                    "rel_type": "m.thread",
                    "event_id": "$r",
                    "is_falling_back": True,
                    "m.in_reply_to": {"event_id": "$p"},
                }
            },
        ),
        *((name, THREAD, {}) for name in ("sms", "signal", "trustcafe", "mewe", "slack", "discord-webhook", "teams")),
    ],
)
def test_a_later_message_belongs_to_the_first(name: str, thread: dict[str, str], added: dict[str, Any]) -> None:
    method, path, headers, document = EXPECTED[name]

    assert plain(requests_of(name, **thread)[-1]) == (method, path, headers, document | added)


def test_a_reply_on_bluesky_names_both_records() -> None:
    posted = {"root": "at://a/b/1 cid1", "parent": "at://a/b/2 cid2"}
    record = requests_of("bluesky", **posted)[1].json["record"]

    assert record["reply"] == {
        "root": {"uri": "at://a/b/1", "cid": "cid1"},
        "parent": {"uri": "at://a/b/2", "cid": "cid2"},
    }
    assert "reply" not in requests_of("bluesky", root="x", parent="x")[1].json["record"]


def test_the_same_message_has_the_same_keys_and_another_has_others() -> None:
    def key(name: str, **more: Any) -> str:
        request = requests_of(name, **more)[-1]
        found = request.headers.get("idempotency-key") or request.headers.get("x-sequence-id") or request.path
        document = {} if name == "ntfy" else request.json
        return f"{found} {document.get('nonce', '')} {document.get('rkey', '')}"

    other = replace(messages.NOTICE, update="2026-11-23T13:00:01Z", at=clock.parse_time("2026-11-23T13:00:01Z"))
    french = replace(messages.NOTICE, language="fr")
    for name in ("mastodon", "sms", "ntfy", "matrix", "discord-bot", "bluesky"):
        assert key(name) == key(name, words=Words("Other words", "", "en"))
        assert len({key(name), key(name, notice=other), key(name, notice=french)}) == 3, name


@pytest.mark.parametrize(
    ("method", "encoding", "path", "content"),
    [
        ("GET", "json", "/send?a=1&to=%2B33199001234&text=%C3%A7a+%26+%3F&key=KEY", ""),
        ("POST", "form", "/send?a=1", "to=%2B33199001234&text=%C3%A7a+%26+%3F&key=KEY"),
        ("PUT", "json", "/send?a=1", '{"to": "+33199001234", "text": "ça & ?", "key": "KEY"}'),
    ],
)
def test_a_provider_of_sms_is_asked_as_the_settings_say(method: str, encoding: str, path: str, content: str) -> None:
    body = {"to": "{to}", "text": "{text}", "key": "{key}"}
    channel = Channel("sms", ChannelKind.SMS, method=method, encoding=encoding, body=body)
    with channel_stub.serving() as service:
        delivery = messages.delivery(
            replace(channel, url=f"{service.url}send?a=1"), {}, recipient=NUMBER, words=Words("ça & \ud800", "", "fr")
        )
        sms.send(delivery)
        request = service.requests[0]

    assert (request.method, request.path) == (method, path.replace("KEY", delivery.key))
    assert request.body.decode() == content.replace("KEY", delivery.key)


@pytest.mark.parametrize(
    ("flat", "document"),
    [
        ({"a": "1", "b": "2"}, {"a": "1", "b": "2"}),
        ({"receivers.0": "x", "message": "y"}, {"receivers": ["x"], "message": "y"}),
        (
            {"m.0.to.0.n": "x", "m.0.text": "y", "m.0.to.1.n": "z"},
            {"m": [{"to": [{"n": "x"}, {"n": "z"}], "text": "y"}]},
        ),
        ({"l.10": "b", "l.9": "a"}, {"l": ["a", "b"]}),
        ({"o.1": "a", "o.x": "b"}, {"o": {"1": "a", "x": "b"}}),
        ({}, {}),
    ],
)
def test_names_with_dots_are_json_in_json(flat: dict[str, str], document: Any) -> None:
    assert sms.nested(flat) == document


def test_a_placeholder_in_a_message_stays_as_it_is() -> None:
    request = requests_of("sms", **with_text("{token} {to}"))[0]

    assert request.json["text"] == "{token} {to}"


@pytest.mark.parametrize(
    ("body", "outcome", "id"),
    [
        ({"messages": [{"message-id": "1", "status": "0"}]}, "accepted", "1"),
        ({"messages": [{"status": "4", "error-text": "Bad Credentials"}]}, "rejected", ""),
        ({"sid": "SM1", "status": "queued", "error_code": None, "error_message": None}, "accepted", "SM1"),
        ({"success": False, "message": "no credit"}, "rejected", ""),
        ({"status": "error", "error": "no credit"}, "rejected", ""),
        ({"id": 12, "errors": []}, "accepted", "12"),
        (b"KO\nno credit", "rejected", ""),
        (b"OK\n123", "accepted", ""),
        (b"KOALA", "accepted", ""),
        (b"", "accepted", ""),
    ],
)
def test_a_provider_of_sms_that_answers_200_is_read(body: object, outcome: str, id: str) -> None:
    with channel_stub.serving(channel_stub.Reply(200, body)) as service:
        receipt = BY_NAME["sms"].send(service.url)

    assert (receipt.outcome, receipt.id) == (outcome, id)


@pytest.mark.parametrize(
    ("code", "body", "outcome", "detail"),
    [
        (200, {"ok": False, "error": "channel_not_found"}, "rejected", "channel_not_found"),
        (200, b"no_text", "unknown", "it answers 200 with something that is no answer of this service"),
        (403, b"invalid_token", "rejected", "it answers 403: invalid_token"),
    ],
)
def test_slack_says_no_in_its_own_words(code: int, body: object, outcome: str, detail: str) -> None:
    with channel_stub.serving(channel_stub.Reply(code, body)) as service:
        receipt = BY_NAME["slack"].send(service.url)

    assert (receipt.outcome, receipt.detail) == (outcome, detail)


@pytest.mark.parametrize(
    ("body", "outcome", "seconds"),
    [
        ({"ok": False, "error_code": 400, "description": "Bad Request: chat not found"}, "rejected", None),
        ({"ok": False, "error_code": 429, "description": "x", "parameters": {"retry_after": 9}}, "unsent", 9.0),
        ({"ok": False, "error_code": 500, "description": "x"}, "unknown", None),
        ({"ok": False}, "rejected", None),
        ({"ok": True, "result": True}, "unknown", None),
    ],
)
def test_telegram_says_no_in_an_answer_200(body: object, outcome: str, seconds: float | None) -> None:
    with channel_stub.serving(channel_stub.Reply(200, body)) as service:
        receipt = BY_NAME["telegram"].send(service.url)

    assert (receipt.outcome, receipt.retry_after) == (outcome, seconds)


def test_a_post_whose_parent_was_deleted_is_no_reply() -> None:
    gone = channel_stub.Reply(404, {"error": "Record not found"})
    with channel_stub.serving(gone, BY_NAME["mastodon"].good) as service:
        receipt = BY_NAME["mastodon"].send(service.url, **THREAD)

    assert (receipt.outcome, [request.json.get("in_reply_to_id") for request in service.requests]) == (
        "delivered",
        ["12", None],
    )


def test_a_place_that_is_configured_is_posted_to() -> None:
    group = replace(BY_NAME["mewe"], recipient="group/1")
    branch = replace(BY_NAME["trustcafe"], recipient="subwiki#pink-floyd")
    with channel_stub.serving(group.good) as service:
        group.send(service.url)
        assert service.requests[0].path == "/api/dev/group/group%2F1/post"
    with channel_stub.serving(*branch.before, branch.good) as service:
        branch.send(service.url)
        assert service.requests[1].json["parent"] == {"pk": "subwiki#pink-floyd", "sk": "subwiki#pink-floyd"}


HOSTILE = (
    "@everyone <!channel> <@U1> @alice@example.org a@b.org *a* _b_ `c` ~~d~~ ||e|| [f](https://evil.example/) &amp;\n"
    "# head\n- item\n> quote\n\x00\x1b[31m \ud800 😀 مرحبا \u202e \n"
    f"https://x.example/@user/__init__?a=*b* {messages.URL}"
)
TAME = HOSTILE.replace("\ud800", "?")


def text_of(name: str, text: str) -> str:
    request = requests_of(name, **with_text(text))[-1]
    if name == "ntfy":
        return request.body.decode()
    document = request.json
    if name == "bluesky":
        return str(document["record"]["text"])
    keys = ("text", "status", "message", "postText", "content", "body")
    return next(str(document[key]) for key in keys if key in document)


@pytest.mark.parametrize("name", ["sms", "signal", "trustcafe", "mewe", "matrix", "ntfy", "bluesky", "webhook"])
def test_services_that_read_text_as_text_get_it_as_it_is(name: str) -> None:
    assert text_of(name, HOSTILE) == TAME


@pytest.mark.parametrize("name", ["mastodon", "telegram"])
def test_names_call_nobody(name: str) -> None:
    tame = TAME.replace("@everyone", "＠everyone").replace("<@U1>", "<＠U1>").replace(" @alice@", " ＠alice@")

    assert text_of(name, HOSTILE) == tame
    assert len(tame) == len(TAME)


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("@babel/core fails", "＠babel/core fails"),
        ("(@x) .@y", "(＠x) .＠y"),
        ("a@b.org https://x.org/@user ?u=@me @ home @", "a@b.org https://x.org/@user ?u=@me @ home @"),
        ("@équipe", "＠équipe"),
    ],
)
def test_a_name_keeps_its_length(text: str, without: str) -> None:
    assert mentions.without(text) == without


def test_slack_is_sent_no_command() -> None:
    assert text_of("slack", HOSTILE) == TAME.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("__init__ *a* ~~b~~ `c` ||d||", r"\_\_init\_\_ \*a\* \~\~b\~\~ \`c\` \|\|d\|\|"),
        ("# head\n  - item\n-# small\na # b - c", "\\# head\n  \\- item\n\\-# small\na # b - c"),
        ("[a](https://b.example/x_y)", r"\[a\](https://b.example/x_y)"),
        ("> q <@1> <t:1:R> \\", r"\> q \<@1\> \<t:1:R\> " + "\\\\"),
        ("https://x.example/__init__?a=*b*#c", "https://x.example/__init__?a=*b*#c"),
    ],
)
def test_discord_shows_the_text_as_it_is(text: str, plain: str) -> None:
    assert (discord.plain(text), discord.length(text)) == (plain, len(plain))


def test_a_card_of_teams_has_no_markup_and_no_mention() -> None:
    card = requests_of("teams", **with_text(HOSTILE))[0].json["attachments"][0]["content"]
    lines = [block["inlines"][0]["text"] for block in card["body"]]

    assert lines == [line for line in TAME.split("\n") if line.strip()]
    assert {block["type"] for block in card["body"]} == {"RichTextBlock"}
    assert "msteams" not in card
    assert card["actions"] == [{"type": "Action.OpenUrl", "title": messages.URL, "url": messages.URL}]


@pytest.mark.parametrize(
    ("language", "text"),
    [("fr", "Été : « ça – œuvre »"), ("ar", "انقطاع الخدمة"), ("zh-TW", "服務中斷"), ("el", "Διακοπή λειτουργίας")],
)
def test_each_language_arrives_with_its_name(language: str, text: str) -> None:
    words = f"{text}\n{messages.URL}"
    mastodon = requests_of("mastodon", **with_text(words, language))[0].json
    record = requests_of("bluesky", **with_text(words, language))[1].json["record"]

    assert (mastodon["status"], mastodon["language"]) == (words, language.partition("-")[0])
    assert (record["text"], record["langs"]) == (words, [language])
    index = record["facets"][0]["index"]
    assert words.encode()[index["byteStart"] : index["byteEnd"]].decode() == messages.URL


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_the_limit_of_a_channel_counts_what_is_sent(case: Case) -> None:
    limit = CHANNELS[case.kind].limit(case.delivery("http://x.example/").channel)
    longest = {"mastodon": 500, "bluesky": 300, "discord": 2_000, "signal": 2_000, "trustcafe": 500, "ntfy": 4_000}
    text = "*" * 100

    assert limit.most == longest.get(case.kind.value, limit.most)
    if case.kind is ChannelKind.DISCORD:
        assert limit.measure(text) == 200
    elif case.kind is ChannelKind.TEAMS:
        assert limit.measure(text) == len(requests_of("teams", **with_text(text))[0].body) - 2 * len(messages.URL)
    elif case.kind is not ChannelKind.SMS:
        assert limit.measure(text) == 100


def test_lengths_are_counted_as_the_services_do() -> None:
    assert limits.mastodon().measure(f"x {messages.URL}") == 2 + 23
    assert limits.mastodon().measure("http://a.example https://b.example/c") == 23 + 1 + 23
    assert limits.utf_16_units(9).measure("a😀é\U0001f1eb\U0001f1f7") == 1 + 2 + 1 + 4
    assert limits.octets(9).measure("aé😀") == 7


def test_a_record_key_is_a_tid_of_its_time() -> None:
    """https://atproto.com/specs/tid: 13 digits, sorted as their times, and the first below j."""
    times = [clock.parse_time(f"2026-11-23T13:00:0{second}Z") for second in range(3)]
    keys = [bluesky.record_key(at, "ffffffff") for at in times]
    digits = "234567abcdefghijklmnopqrstuvwxyz"
    number = 0
    for character in keys[0]:
        number = number * 32 + digits.index(character)

    assert keys == sorted(keys)
    assert all(len(key) == 13 and key[0] in "234567abcdefghij" for key in keys)
    assert (number >> 10, number & 1023) == (int(times[0].timestamp()) * 1_000_000, 1023)
