"""What every channel over HTTP makes of an answer: the outcome, with no secret and no number in any word of it."""

from __future__ import annotations

import html
import json
import re
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote, unquote

import channel_stub
import http_channels
import pytest
import tls_server
from channel_stub import Reply, Request, Service
from http_channels import ACCESS, CASES, LOGIN, NUMBER, PATH, SENDER, TOKEN, Case

from status_tool.model.channel import ChannelKind
from status_tool.notify.channels import CHANNELS, answers
from status_tool.notify.receipt import Outcome, Receipt
from status_tool.system import clock
from status_tool.system.web import Answer

pytestmark = pytest.mark.slow  # some seven hundred connections
EACH = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
UNKNOWN, UNSENT, REJECTED = Outcome.UNKNOWN, Outcome.UNSENT, Outcome.REJECTED
PORTAL = b"\xef\xbb\xbf<!-- hotel --> \n<!DOCTYPE html><html><body>Please log in to our network</body></html>"
DEEP = b'{"a":' * 100_000 + b"1" + b"}" * 100_000


SERVICE = Service()
"""One for all of these tests, as each has its own answers."""


@pytest.fixture(autouse=True, scope="module")
def service() -> Iterator[None]:
    with channel_stub.serving() as serving:
        SERVICE.url = serving.url
        serving.next = SERVICE.next  # type: ignore[method-assign]
        yield


def sent(case: Case, *last: Reply | Callable[[Request], Reply], seconds: float = 5.0) -> tuple[Receipt, list[Request]]:
    """What came of a message when the service answers it with `last`, and what the service was asked."""
    SERVICE.replies, SERVICE.requests = [*case.before, *last], []
    return case.send(SERVICE.url, seconds=seconds), SERVICE.requests


def test_every_kind_over_http_is_here() -> None:
    others = {ChannelKind.EMAIL, ChannelKind.GAMMU, ChannelKind.APPRISE, ChannelKind.PERSON}

    assert {case.kind for case in CASES} == set(CHANNELS) - others


@EACH
def test_what_the_service_documents_is_read(case: Case) -> None:
    receipt, requests = sent(case, case.good)

    assert (receipt.outcome, receipt.detail, len(requests)) == (case.said, "", len(case.before) + 1)
    assert receipt.id == (requests[-1].headers["webhook-id"] if case.id == "*" else case.id)


@EACH
def test_any_success_with_the_documented_content_is_one(case: Case) -> None:
    for code in (200, 201, 202):
        receipt, requests = sent(case, Reply(code, case.good.body or {"ok": True}))

        assert (receipt.outcome, len(requests)) == (case.said, len(case.before) + 1)


@EACH
@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (Reply(204), None),
        (Reply(200, PORTAL, {"Content-Type": "text/html"}), UNKNOWN),
        (Reply(200, b"[]"), None),
        (Reply(200, b"null"), None),
        (Reply(200, b'{"'), None),
        (Reply(200, b"\xff\xfe\x00"), None),
        (Reply(200, DEEP), None),
        (Reply(200, b"9" * 6_000), None),
        (Reply(200, {"id": {"a": 1}, "ok": True, "result": [], "timestamp": None, "event_id": 1.5, "cid": True}), None),
    ],
    ids=["204", "portal", "list", "null", "half", "octets", "deep", "number", "shape"],
)
def test_a_success_that_is_no_answer_of_the_service_is_unknown(
    case: Case, reply: Reply, outcome: Outcome | None
) -> None:
    receipt, requests = sent(case, reply)

    is_taken = case.takes_anything or (case.takes_nothing and reply.code == 204)
    is_taken |= case.kind is ChannelKind.TEAMS and reply.code == 204
    assert receipt.outcome is (outcome or (case.said if is_taken else _of_any_object(case, reply)))
    assert (receipt.id == "" or is_taken, len(requests)) == (True, len(case.before) + 1)


def _of_any_object(case: Case, reply: Reply) -> Outcome:
    """Services whose answers have no documented content: an object of JSON is one."""
    has_no_id = case.kind in (ChannelKind.MEWE, ChannelKind.TRUST_CAFE, ChannelKind.TEAMS, ChannelKind.SLACK)
    return case.said if has_no_id and isinstance(reply.body, dict) else UNKNOWN


CODES = {
    **dict.fromkeys((301, 302, 307, 400, 401, 403, 404, 409, 410, 413, 422, 451), REJECTED),
    **dict.fromkeys((408, 420, 425, 429, 503), UNSENT),
    **dict.fromkeys((500, 501, 502, 504, 520), UNKNOWN),
}


@EACH
def test_a_code_has_one_meaning(case: Case) -> None:
    for code, outcome in CODES.items():
        receipt, requests = sent(case, Reply(code, {"error": "no_luck", "description": "Try again"}))

        detail = "it redirects to another address" if code < 400 else f"it answers {code}: no_luck: Try again"
        assert (receipt.outcome, receipt.id, receipt.detail) == (outcome, "", detail)
        assert len(requests) == len(case.before) + 1


@EACH
@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({"Retry-After": "7"}, b"", 7.0),
        ({"Retry-After": "Mon, 23 Nov 2026 14:00:09 GMT"}, b"", 9.0),
        ({"Retry-After": "Mon, 23 Nov 2026 13:00:00 GMT"}, b"", 0.0),
        ({"Retry-After": "soon"}, b"", None),
        ({"Retry-After": "-5"}, b"", None),
        ({"Retry-After": "inf"}, {"retry_after": "nan"}, None),
        ({"X-RateLimit-Reset-After": "1.5"}, b"", 1.5),
        ({}, {"message": "You are being rate limited.", "retry_after": 0.65, "global": False}, 0.65),
        ({}, {"ok": False, "error_code": 429, "parameters": {"retry_after": 35}}, 35.0),
        ({}, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 2_500}, 2.5),
        ({"X-RateLimit-Reset": "2026-11-23T14:05:00.000000Z"}, b"", 300.0),
        ({"RateLimit-Reset": "1795442520"}, b"", 120.0),
        ({"RateLimit-Reset": "60"}, b"", 60.0),
        ({}, [1], None),
    ],
)
def test_too_many_messages_say_when_to_ask_again(
    case: Case, headers: dict[str, str], body: object, seconds: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: clock.parse_time("2026-11-23T14:00:00Z"))
    receipt, _ = sent(case, Reply(429, body, headers))

    assert (receipt.outcome, receipt.retry_after) == (UNSENT, seconds)


def test_a_limit_that_every_answer_states_is_no_time_to_wait_for() -> None:
    assert answers.retry_after(Answer(503, b"", {"ratelimit-reset": "3000"})) is None


@EACH
def test_no_answer_in_time_is_unknown(case: Case) -> None:
    receipt, requests = sent(case, Reply(200, b"", pause=0.8), seconds=0.25)
    for _ in range(100):  # a busy machine may read it late
        if len(requests) > len(case.before):
            break
        time.sleep(0.05)

    assert (receipt.outcome, receipt.detail, len(requests)) == (UNKNOWN, "no answer in time", len(case.before) + 1)


@EACH
def test_a_connection_that_breaks_after_the_request_is_unknown(case: Case) -> None:
    receipt, requests = sent(case, Reply(resets=True))

    assert (receipt.outcome, len(requests)) == (UNKNOWN, len(case.before) + 1)


@EACH
def test_a_connection_that_breaks_at_once_is_never_said(case: Case) -> None:
    """Whether the request was on its way by then, nobody knows; before a login, it was not the message."""
    with channel_stub.slamming() as url:
        assert case.send(url).outcome in ((UNSENT,) if case.before else (UNKNOWN, UNSENT))


@EACH
def test_nobody_who_listens_is_unsent(case: Case) -> None:
    receipt = case.send(channel_stub.nobody())

    assert (receipt.outcome, receipt.detail) == (UNSENT, "the connection is refused")


@EACH
def test_a_name_that_nobody_knows_is_unsent(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*args: object, **more: object) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    receipt = case.send("https://gone.example.org/")

    assert (receipt.outcome, receipt.detail) == (UNSENT, "its name cannot be resolved")


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with a certificate that nobody trusts."""
    certificate = tls_server.Authority(tmp_path_factory.mktemp("authority")).certificate("localhost")
    with tls_server.serving(lambda host, path: (200, {}, b"ok"), certificate) as port:
        yield f"https://localhost:{port}/"


@EACH
def test_a_certificate_that_is_not_valid_is_unsent(case: Case, stranger: str) -> None:
    receipt = case.send(stranger)

    assert receipt.outcome is UNSENT
    assert receipt.detail.startswith("its certificate is not valid: ")


@EACH
def test_a_service_without_tls_is_unsent(case: Case) -> None:
    with channel_stub.serving(case.good) as service:
        receipt = case.send(service.url.replace("http:", "https:"))

        assert (receipt.outcome, service.requests) == (UNSENT, [])


@EACH
def test_a_huge_answer_is_not_read_to_its_end(case: Case) -> None:
    receipt, requests = sent(case, Reply(200, b"a" * 5_000_000))

    assert receipt.outcome is (case.said if case.takes_anything else UNKNOWN)
    assert (len(receipt.detail) <= 200, len(requests)) == (True, len(case.before) + 1)


@EACH
def test_an_answer_that_trickles_for_a_minute_is_not_waited_for(case: Case) -> None:
    receipt, requests = sent(case, Reply(429, b"x" * 6_000, {"Retry-After": "3"}, trickles="content"), seconds=0.2)

    assert (receipt.outcome, receipt.retry_after, len(requests)) == (UNSENT, 3.0, len(case.before) + 1)


def test_headers_that_trickle_for_a_minute_are_not_waited_for() -> None:
    receipt, requests = sent(http_channels.BY_NAME["slack"], Reply(200, b"ok", trickles="headers"), seconds=0.2)

    assert (receipt.outcome, receipt.detail, len(requests)) == (UNKNOWN, "no answer in time", 1)


def test_a_name_that_is_resolved_too_slowly_is_unsent_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.getaddrinfo

    def slow(*args: Any, **more: Any) -> Any:
        time.sleep(0.9)
        return real(*args, **more)

    with channel_stub.serving(Reply(200, b"ok")) as service:
        monkeypatch.setattr(socket, "getaddrinfo", slow)
        receipt = http_channels.BY_NAME["slack"].send(service.url.replace("127.0.0.1", "localhost"), seconds=0.1)
        time.sleep(0.6)

        assert (receipt.outcome, receipt.detail) == (UNSENT, "no answer in time")
        assert [request.body for request in service.requests if request.body] == []


@EACH
def test_a_redirect_is_not_followed(case: Case) -> None:
    with channel_stub.serving(Reply(200, b"ok")) as other:
        place = other.url.replace("127.0.0.1", "localhost") + PATH
        for code in (301, 302, 303, 307, 308):
            receipt, requests = sent(case, Reply(code, b"", {"Location": place}))

            assert (receipt.outcome, receipt.detail) == (REJECTED, "it redirects to localhost")
            assert (len(requests), other.requests) == (len(case.before) + 1, [])


@pytest.mark.parametrize("place", ["", "/other", "//[bad", "https://[::1", "mailto:x"])
def test_a_redirect_to_no_host_is_told_without_it(place: str) -> None:
    receipt, _ = sent(http_channels.BY_NAME["slack"], Reply(302, b"", {"Location": place}))

    assert (receipt.outcome, receipt.detail) == (REJECTED, "it redirects to another address")


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [(Reply(200, b"", pause=0.8), UNSENT), (Reply(resets=True), UNSENT), (Reply(500), UNSENT), (Reply(401), REJECTED)],
    ids=["hang", "reset", "500", "401"],
)
@pytest.mark.parametrize("name", ["trustcafe", "bluesky"])
def test_a_login_that_fails_sends_nothing(name: str, reply: Reply, outcome: Outcome) -> None:
    with channel_stub.serving(reply) as service:
        receipt = http_channels.BY_NAME[name].send(service.url, seconds=0.25)

    assert (receipt.outcome, len(service.requests)) == (outcome, 1)


@pytest.mark.parametrize("name", ["trustcafe", "bluesky"])
@pytest.mark.parametrize("body", [PORTAL, b"[]", {"tokenData": 7, "accessJwt": 7, "did": "x"}, {"tokenData": {}}])
def test_a_login_that_brings_no_token_sends_nothing(name: str, body: object) -> None:
    with channel_stub.serving(Reply(200, body)) as service:
        receipt = http_channels.BY_NAME[name].send(service.url)

    assert (receipt.outcome, len(service.requests)) == (UNSENT, 1)


def test_a_login_and_a_message_share_the_time_of_an_attempt() -> None:
    slow_login = Reply(LOGIN.code, LOGIN.body, pause=0.4)
    with channel_stub.serving(slow_login, Reply(200, http_channels.BY_NAME["bluesky"].good.body, pause=0.5)) as service:
        receipt = http_channels.BY_NAME["bluesky"].send(service.url, seconds=0.7)

        assert (receipt.outcome, len(service.requests)) == (UNKNOWN, 2)


HIDDEN = {
    TOKEN, NUMBER, SENDER, PATH, "123456:AAtokenOfABot-x", "AAtokenOfABot-x", "s3cr3t-Path-0fURL", "api-key-of-the-app",
    str(LOGIN.body["accessJwt"]), str(ACCESS.body["tokenData"]["accessToken"]),  # type: ignore[index]
}  # fmt: skip


def shown(receipt: Receipt) -> str:
    """Every word of a receipt, in each way in which somebody might read it."""
    text = " ".join([receipt.id, receipt.url, receipt.detail])
    for _ in range(3):
        text += html.unescape(unquote(text)).replace("\\/", "/").replace('\\"', '"')
    unescaped = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
    return f"{text}{unescaped} {re.sub(r'[^0-9a-zA-Z]', '', unescaped)}"


def everything(request: Request) -> str:
    headers = " ".join(f"{name}: {value}" for name, value in request.headers.items())
    return f"{request.path} {headers} {request.body.decode()}"


def _echo(code: int, what: str, echo: Callable[[str], object]) -> Callable[[Request], Reply]:
    return lambda request: Reply(code, echo(what or everything(request)))


def in_json(text: str) -> str:
    """As programs in PHP and .NET write JSON."""
    escaped = json.dumps(text)[1:-1].replace("/", "\\/")
    return re.sub(r"[+&=]", lambda found: f"\\u{ord(found[0]):04X}", escaped)


ECHOES: dict[str, Callable[[str], object]] = {
    "text": lambda text: text.encode(),
    "error": lambda text: {"error": text},
    "errors": lambda text: {"errors": [{"message": text}]},
    "encoded": lambda text: quote(text, safe="").encode(),
    "twice": lambda text: {"message": quote(quote(text, safe=""), safe="")},
    "half": lambda text: f'{{"error": "{in_json(text)}'.encode(),
    "page": lambda text: f"<html><style>p{{}}</style><p>{html.escape(text)}</p></html>".encode(),
    "shout": lambda text: text.upper().encode(),
}


@EACH
@pytest.mark.parametrize("echo", ECHOES.values(), ids=list(ECHOES))
def test_what_the_service_repeats_is_not_shown(case: Case, echo: Callable[[str], object]) -> None:
    written = [secret for secret in HIDDEN if secret in f"{case.secrets} {case.recipient} {case.before}"]
    for what in ("", *written):
        for code in (200, 400, 429, 500):
            receipt, _ = sent(
                case, lambda request, code=code, what=what: Reply(code, echo(what or everything(request)))
            )
            words = shown(receipt).lower()
            assert [secret for secret in written if secret.lower() in words] == [], receipt


@EACH
def test_an_id_or_address_with_a_secret_in_it_is_none(case: Case) -> None:
    secret = NUMBER if case.recipient == NUMBER else "s3cr3t-Path-0fURL" if "url_env" in case.secrets else TOKEN
    if case.kind is ChannelKind.TELEGRAM:
        secret = "AAtokenOfABot-x"
    text = f"https://x.example/{secret}"
    body = dict.fromkeys(
        ("id", "url", "event_id", "uri", "cid", "timestamp", "postId", "postItemId", "message_id"), text
    )
    receipt, _ = sent(case, Reply(200, {**body, "ok": True, "result": {"message_id": text}}))

    assert secret not in receipt.id + receipt.url + receipt.detail


@pytest.mark.parametrize(
    "said",
    [
        "call +33 1 99 00 12 34 back",
        "33199001234 is wrong",
        "to 0033199001234",
        "0199001234",
        "+33.1.99.00.12.34",
        "(+33)199-001-234",
    ],
)
def test_a_number_is_not_shown_however_it_is_written(said: str) -> None:
    receipt, _ = sent(http_channels.BY_NAME["sms"], Reply(400, {"message": said}))

    assert re.search(r"\d{3}", receipt.detail.replace("400", "").replace(" ", "")) is None, receipt.detail


@pytest.mark.parametrize("length", [*range(150, 215, 7), 4_990, 99_990])
@pytest.mark.parametrize("way", [lambda text: text.encode(), lambda text: {"error": text}], ids=["text", "json"])
def test_a_secret_at_the_place_of_a_cut_is_not_shown_in_part(length: int, way: Callable[[str], object]) -> None:
    for filler in ("a " * (length // 2), " " * length + "b ", "<p>" * (length // 3) + "c "):
        receipt, _ = sent(http_channels.BY_NAME["mastodon"], Reply(400, way(f"{filler}{TOKEN} {TOKEN}")))

        assert TOKEN[:6] not in receipt.detail


@pytest.mark.parametrize(
    "written",
    [
        'a"/b+c&d<é',
        'a\\"\\/b\\u002Bc\\u0026d\\u003C\\u00e9',
        "a&quot;/b+c&amp;d&lt;é",
        "a&#34;&#x2f;b&#43;c&#38;d&#60;&#233;",
        "a%22/b%2Bc%26d%3C%C3%A9",
        "a%2522%252fb%252bc%2526d%253c%25c3%25a9",
    ],
)
def test_a_secret_is_found_in_each_way_of_writing_it(written: str) -> None:
    delivery = http_channels.BY_NAME["mastodon"].delivery("http://x/")
    secret = replace(delivery, secrets={"token_env": 'a"/b+c&d<é'})

    assert answers.scrubbed(f"no {written} here", secret) == "no … here"


def test_many_secrets_in_a_long_answer_come_to_an_end() -> None:
    for body in ({"error": f"{TOKEN[:-1]} " * 5_000}, b"<script " * 12_000, f"{NUMBER[:-1]}".encode() * 8_000):
        sent(http_channels.BY_NAME["sms"], Reply(400, body))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"errcode": "M_FORBIDDEN", "error": "You are not in the room."}, "M_FORBIDDEN: You are not in the room."),
        (
            {"error": "InvalidRequest", "message": "Record/text must not be longer"},
            "InvalidRequest: Record/text must not be longer",
        ),
        ({"message": "Invalid Form Body", "code": 50035, "errors": {"content": {"_errors": [1]}}}, "Invalid Form Body"),
        ({"ok": False, "error_code": 400, "description": "Bad Request: chat not found"}, "Bad Request: chat not found"),
        ({"error": True, "message": "no"}, "no"),
        ({"code": 7}, ""),
        (b"invalid_payload", "invalid_payload"),
        (b"<html><head><title>502 Bad Gateway</title></head><center>nginx</center>", "502 Bad Gateway nginx"),
        (b"a\x00b\x1b[31mred\n\tc\xe2\x80\xae", "a b [31mred c"),
    ],
)
def test_the_words_of_a_service_are_one_line(body: object, words: str) -> None:
    receipt, _ = sent(http_channels.BY_NAME["slack"], Reply(400, body))

    assert receipt.detail == f"it answers 400{f': {words}' if words else ''}"
