"""What the answer of a service to a message means, and its words without secrets or contact data."""

from __future__ import annotations

import email.utils
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from status_tool.notify.delivery import Delivery
from status_tool.notify.receipt import Outcome, Receipt
from status_tool.system import clock
from status_tool.system.web import Answer

BUSY = (408, 420, 425, 429, 503)
"""The codes with which a service has not taken the message, and wants to be asked again: 420 is MeWe's."""
LONGEST_WORDS = 200
_WORDS = ("error_description", "description", "error", "errors", "message", "msg", "detail", "title")
"""The keys below which services say what is wrong."""
_LEAST_SECRET = 5


def post(
    delivery: Delivery, url: str, document: object, headers: Mapping[str, str] | None = None, method: str = "POST"
) -> Answer:
    """The answer to a JSON document."""
    content = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
    return send(delivery, url, content, {"Content-Type": "application/json", **(headers or {})}, method)


def send(delivery: Delivery, url: str, content: bytes, headers: Mapping[str, str], method: str = "POST") -> Answer:
    return delivery.web.send(method, url, content, headers, delivery.seconds)


def failure(delivery: Delivery, answer: Answer) -> Receipt | None:
    """What an answer other than 2xx means; None for one of these."""
    if answer.error:
        outcome = Outcome.UNKNOWN if answer.was_sent else Outcome.UNSENT
        return Receipt(outcome, detail=scrubbed(answer.error, delivery))
    if 200 <= answer.code < 300:
        return None
    said = scrubbed(words(answer), delivery)
    detail = f"it answers {answer.code}{f': {said}' if said else ''}"
    if answer.code in BUSY:
        return Receipt(Outcome.UNSENT, detail=detail, retry_after=retry_after(answer))
    if 300 <= answer.code < 400:
        host = urlsplit(answer.headers.get("location", "")).hostname or "another address"
        return Receipt(Outcome.REJECTED, detail=scrubbed(f"it redirects to {host}", delivery))
    return Receipt(Outcome.REJECTED if answer.code < 500 else Outcome.UNKNOWN, detail=detail)


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


def words(answer: Answer) -> str:
    """What a service says is wrong, in one line."""
    found: object = document(answer)
    while isinstance(found, dict):
        found = next((found[key] for key in _WORDS if found.get(key)), "")
    if isinstance(found, list):
        found = ", ".join(str(item.get("message", item) if isinstance(item, dict) else item) for item in found)
    if not found and not document(answer):
        found = re.sub(
            r"<(script|style)\b.*?</\1>|<[^>]*>",
            " ",
            answer.content[:5_000].decode("utf-8", "replace"),
            flags=re.S | re.I,
        )
    return " ".join(str(found).split())[:LONGEST_WORDS]


def retry_after(answer: Answer) -> float | None:
    """In how many seconds the service wants to be asked again; None when it does not say."""
    body = document(answer)
    parameters = body.get("parameters")
    inner = parameters.get("retry_after") if isinstance(parameters, dict) else None
    milliseconds = _number(body.get("retry_after_ms"))
    stated = [
        _number(answer.headers.get("retry-after")),
        _seconds_until(answer.headers.get("retry-after", "")),
        _number(answer.headers.get("x-ratelimit-reset-after")),
        _number(body.get("retry_after")),
        _number(inner),
        None if milliseconds is None else milliseconds / 1000,
    ]
    return next((seconds for seconds in stated if seconds is not None), None)


def _number(value: object) -> float | None:
    try:
        number = float(str(value))
    except ValueError:
        return None
    return number if 0 <= number < 1e9 else None


def _seconds_until(date: str) -> float | None:
    try:
        return max(0.0, (email.utils.parsedate_to_datetime(date) - clock.now()).total_seconds())
    except (ValueError, TypeError):
        return None


def scrubbed(text: str, delivery: Delivery) -> str:
    """`text` in one line, without any secret or recipient, however it is written there."""
    for secret in sorted(_secrets(delivery), key=len, reverse=True):
        text = text.replace(secret, "…")
    return "".join(character if character.isprintable() else " " for character in text)[:LONGEST_WORDS].strip()


def _secrets(delivery: Delivery) -> set[str]:
    """Every secret, its parts, and the recipient where it is one person's, in each way of writing them."""
    values: list[str] = [value for name, value in delivery.secrets.items() if name != "to_env"]
    parts = [part for value in values for part in re.split(r"[:/@?&=]", value) if len(part) >= 8]
    people: Sequence[str] = [delivery.recipient] if delivery.channel.to_env and delivery.recipient else []
    plain = {text for text in (*values, *parts, *people) if len(text) >= _LEAST_SECRET}
    return (
        plain
        | {quote(text, safe="") for text in plain}
        | {quote(text) for text in plain}
        | {json.dumps(text)[1:-1] for text in plain}
    )
