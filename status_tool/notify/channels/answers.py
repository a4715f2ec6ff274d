"""What the answer of a service to a message means, and its words without secrets or contact data."""

from __future__ import annotations

import email.utils
import html
import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

from status_tool.notify.delivery import Delivery
from status_tool.notify.receipt import Outcome, Receipt
from status_tool.system import clock
from status_tool.system.web import Answer

TOO_MANY = (420, 429)
"""The codes with which a service says that there were too many messages: 420 is MeWe's."""
BUSY = (408, 425, 503, *TOO_MANY)
"""The codes with which a service has not taken the message, and wants to be asked again."""
LONGEST_WORDS = 200
LONGEST_ID = 500
_WORDS = (
    "errcode", "error", "error_code", "error_description", "error-text", "error_message", "description", "errors",
    "message", "msg", "messages", "detail", "title", "reason",
)  # fmt: skip
"""The keys below which services say what is wrong."""
_LEAST_SECRET, _LEAST_PART = 5, 6
_EPOCH = 1e9
"""More seconds than anybody waits: a number above it is a time, in seconds since 1970."""


def post(
    delivery: Delivery, url: str, document: object, headers: Mapping[str, str] | None = None, method: str = "POST"
) -> Answer:
    """The answer to a JSON document."""
    content = octets(json.dumps(document, ensure_ascii=False))
    return send(delivery, url, content, {"Content-Type": "application/json", **(headers or {})}, method)


def send(delivery: Delivery, url: str, content: bytes, headers: Mapping[str, str], method: str = "POST") -> Answer:
    return delivery.web.send(method, url, content, headers, delivery.seconds)


def octets(text: str) -> bytes:
    """UTF-8; half of a surrogate pair becomes a question mark, as no service takes it."""
    return text.encode("utf-8", "replace")


def continued(delivery: Delivery, begun: float, token: str) -> Delivery:
    """A delivery after a first request, which began at `begun` of the monotonic clock and brought a secret `token`."""
    seconds = max(delivery.seconds - (time.monotonic() - begun), 0.1)
    return replace(delivery, seconds=seconds, secrets={**delivery.secrets, "session": token})


def failure(delivery: Delivery, answer: Answer) -> Receipt | None:
    """What an answer other than 2xx means; None for one of these."""
    if answer.error:
        outcome = Outcome.UNKNOWN if answer.was_sent else Outcome.UNSENT
        return Receipt(outcome, detail=scrubbed(answer.error, delivery))
    if 200 <= answer.code < 300:
        return None
    said = scrubbed(words(answer), delivery)
    detail = f"it answers {answer.code}{f': {said}' if said else ''}"[:LONGEST_WORDS]
    if answer.code in BUSY:
        return Receipt(Outcome.UNSENT, detail=detail, retry_after=retry_after(answer))
    if 300 <= answer.code < 400:
        return Receipt(Outcome.REJECTED, detail=scrubbed(f"it redirects to {_host(answer)}", delivery))
    return Receipt(Outcome.REJECTED if answer.code < 500 else Outcome.UNKNOWN, detail=detail)


def refused(delivery: Delivery, answer: Answer) -> Receipt:
    """The receipt of an answer that is 2xx, and says all the same that the message was not taken."""
    return Receipt(Outcome.REJECTED, detail=scrubbed(words(answer), delivery) or "it says no, without a reason")


def unreadable(answer: Answer) -> Receipt:
    """The receipt of an answer that is not what the service documents, such as the page of a hotel's network."""
    return Receipt(Outcome.UNKNOWN, detail=f"it answers {answer.code} with something that is no answer of this service")


def unclear_before(receipt: Receipt) -> Receipt:
    """The receipt of a request that came before that of the message: whatever became of it, no message was sent."""
    is_unknown = receipt.outcome is Outcome.UNKNOWN
    return Receipt(Outcome.UNSENT, detail=receipt.detail, retry_after=receipt.retry_after) if is_unknown else receipt


def document(answer: Answer) -> dict[str, Any]:
    """The JSON object of an answer; empty when it is none."""
    try:
        found = json.loads(answer.content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def is_page(answer: Answer) -> bool:
    """Whether the content is a page for people, such as that of a hotel's network."""
    start = answer.content[:1_000].decode("utf-8-sig", "replace")
    return bool(re.match(r"(?:\s|<!--.*?-->|<\?xml[^>]*>)*<(?:!doctype\s+html|html|head|body)\b", start, re.I | re.S))


def words(answer: Answer) -> str:
    """What a service says is wrong; of a page, its text. It may have secrets in it: see `scrubbed`."""
    if found := document(answer):
        return _said(found, 4)
    text = _beginning(answer.content.decode("utf-8", "replace"), 5_000)
    return html.unescape(re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>", " ", text, flags=re.S | re.I))


def _said(value: object, depth: int) -> str:
    """The words in a value of JSON, each once."""
    if isinstance(value, str) or not depth:
        return value if isinstance(value, str) else ""
    found: list[str] = []
    if isinstance(value, list):
        found = [_said(item, depth - 1) for item in value[:5]]
    elif isinstance(value, dict):
        found = [_said(value[key], depth - 1) for key in _WORDS if key in value]
    return (", " if isinstance(value, list) else ": ").join(dict.fromkeys(text for text in found if text))


def label(value: object, delivery: Delivery) -> str:
    """A word by which a service knows something, such as an id; empty when it is none, or has a secret in it."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    text = str(value)
    if not 0 < len(text) <= LONGEST_ID or not text.isprintable() or _secrets(delivery).search(text):
        return ""
    return text


def address(value: object, delivery: Delivery) -> str:
    """Where a message can be read; empty when it is no full address."""
    text = label(value, delivery)
    return text if re.fullmatch(r"https?://[^\s<>\"]+", text) else ""


def retry_after(answer: Answer) -> float | None:
    """In how many seconds the service wants to be asked again; None when it does not say."""
    headers, body = answer.headers, document(answer)
    parameters = body.get("parameters")
    milliseconds = _number(body.get("retry_after_ms"))
    stated = [
        _number(headers.get("retry-after")),
        _seconds_until(headers.get("retry-after", "")),
        _number(headers.get("x-ratelimit-reset-after")),
        _number(body.get("retry_after")),
        _number(parameters.get("retry_after")) if isinstance(parameters, dict) else None,
        None if milliseconds is None else milliseconds / 1000,
    ]
    if answer.code in TOO_MANY:  # Mastodon says it like this alone, Bluesky too: every answer has it, of any code
        reset = headers.get("x-ratelimit-reset", headers.get("ratelimit-reset", ""))
        stated += [_number(reset), _seconds_until(reset)]
    return next((seconds for seconds in stated if seconds is not None), None)


def _number(value: object) -> float | None:
    """Seconds from now; None for what is no number."""
    try:
        number = float(str(value))
    except ValueError:
        return None
    if _EPOCH <= number < 1e11:
        return max(0.0, number - clock.now().timestamp())
    return number if 0 <= number < _EPOCH else None


def _seconds_until(date: str) -> float | None:
    """From a date of HTTP or of ISO 8601; None for what is none."""
    for read in (email.utils.parsedate_to_datetime, datetime.fromisoformat):
        try:
            return max(0.0, (read(date) - clock.now()).total_seconds())
        except (ValueError, TypeError, IndexError, OverflowError):
            pass
    return None


def _host(answer: Answer) -> str:
    try:
        return urlsplit(answer.headers.get("location", "")).hostname or "another address"
    except ValueError:
        return "another address"


def scrubbed(text: str, delivery: Delivery) -> str:
    """`text` in one line, without any secret or recipient, however it is written there."""
    line = _beginning(" ".join("".join(c if c.isprintable() else " " for c in text).split()), 4_000)
    return " ".join(_secrets(delivery).sub("…", line).split())[:LONGEST_WORDS].strip()


def _beginning(text: str, most: int) -> str:
    """At most `most` characters, and no part of a word, which might be half a secret."""
    return text if len(text) <= most else re.sub(r"\S*$", "", text[:most])


def _secrets(delivery: Delivery) -> re.Pattern[str]:
    """Every secret, its parts, and the recipient where it is one person's, in each way of writing them."""
    found: set[str] = set()
    for name, value in delivery.secrets.items():
        if name != "to_env":
            is_address = name == "url_env"
            parts = {part for part in re.split(r"[:/@?&=#,\s]", value) if len(part) >= _LEAST_PART}
            found |= {value} | {part for part in parts if not (is_address and part.isalpha())}
    if delivery.channel.to_env and delivery.recipient:
        found |= {delivery.recipient, delivery.recipient.partition("@")[0]}
    long = sorted((text for text in found if len(text) >= _LEAST_SECRET), key=len, reverse=True)
    patterns = [pattern for text in long for pattern in _writings(text)]
    return re.compile("|".join(patterns) or r"(?!)", re.IGNORECASE)


def _writings(text: str) -> Iterator[str]:
    """Patterns for each way of writing `text`: as it is, in an address, in JSON, in HTML, as a telephone number."""
    yield "".join(_writing(character) for character in text)
    if re.fullmatch(r"\+?\d{7,}", text):
        national = r"[\s.()/-]{0,3}".join(text[-7:])  # what comes before it is written in many ways
        yield rf"(?:\+|%2B|\\u002B|&#43;)?[\d\s.()/-]{{0,14}}{national}"


def _writing(character: str) -> str:
    if character.isascii() and character.isalnum():
        return character
    in_json = json.dumps(character)[1:-1]
    units = character.encode("utf-16-be", "surrogatepass").hex()
    escaped = "".join(f"\\u{units[place : place + 4]}" for place in range(0, len(units), 4))
    in_address = quote(character, safe="", errors="replace")
    percent = "".join(f"%{octet:02X}" for octet in octets(character))
    ways = {
        character, in_json, escaped, f"\\{character}", in_address, percent, percent.replace("%", "%25"),
        html.escape(character), f"&#{ord(character)};", f"&#x{ord(character):x};", *("+" if character == " " else ""),
    }  # fmt: skip
    return f"(?:{'|'.join(re.escape(way) for way in sorted(ways, key=len, reverse=True))})"
