"""SMS by a provider: one request for each recipient, as the settings write it.

A name in `body` may have dots, where a provider wants JSON in JSON: `receivers.0` is the first of a list, and
`messages.0.text` the text in the first of several messages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode, urlsplit

from status_tool.notify.channels import answers
from status_tool.notify.delivery import Delivery
from status_tool.notify.receipt import Outcome, Receipt
from status_tool.system.web import Answer

_IDS = ("id", "sid", "message_id", "messageId", "message-id", "uuid")
"""The keys below which providers say how they know a message."""
_ERRORS = ("error", "errors", "error_code", "errorCode", "error-text", "error_message", "errorMessage")
_NO_ERROR: Sequence[object] = (None, "", 0, "0", [], {})
_BAD = ("error", "failed", "failure", "rejected", "invalid", "ko", "undelivered")
"""The states in which providers say, in an answer 200, that they send nothing."""


def send(delivery: Delivery) -> Receipt:
    answer = _answer(delivery)
    if failed := answers.failure(delivery, answer):
        return failed
    if answers.is_page(answer):
        return answers.unreadable(answer)
    found = list(_parts(answers.document(answer)))
    if any(_is_refusal(part) for part in found) or re.match(rb"\s*(?:KO|ERR(?:OR)?)\b", answer.content):
        return answers.refused(delivery, answer)
    ids = (answers.label(part.get(key), delivery) for part in found for key in _IDS)
    return Receipt(Outcome.ACCEPTED, next((id for id in ids if id), ""))


def _answer(delivery: Delivery) -> Answer:
    channel = delivery.channel
    values = {
        "{to}": delivery.recipient,
        "{text}": answers.octets(delivery.words.text).decode(),
        "{from}": delivery.secrets.get("sender_env") or channel.sender,
        "{token}": delivery.secrets.get("token_env", ""),
        "{key}": delivery.key,
    }

    def filled(template: str) -> str:
        return re.sub(r"\{(?:to|text|from|token|key)\}", lambda found: values[found[0]], template)

    body = {name: filled(value) for name, value in channel.body.items()}
    headers = {name: " ".join(filled(value).split()) for name, value in channel.headers.items()}
    if channel.idempotency_header:
        headers[channel.idempotency_header] = delivery.key
    if channel.method == "GET":
        url = f"{channel.url}{'&' if urlsplit(channel.url).query else '?'}{urlencode(body)}"
        return answers.send(delivery, url, b"", headers, "GET")
    if channel.encoding == "form":
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return answers.send(delivery, channel.url, urlencode(body).encode(), headers, channel.method)
    return answers.post(delivery, channel.url, nested(body), headers, channel.method)


def nested(flat: Mapping[str, str]) -> Any:
    """`{"a.0.b": "x"}` as `{"a": [{"b": "x"}]}`: where all names are numbers there is a list, in their order."""
    if "" in flat:
        return flat[""]
    parts: dict[str, dict[str, str]] = {}
    for name, value in flat.items():
        first, _, rest = name.partition(".")
        parts.setdefault(first, {})[rest] = value
    if parts and all(name.isdecimal() for name in parts):
        return [nested(parts[name]) for name in sorted(parts, key=int)]
    return {name: nested(rest) for name, rest in parts.items()}


def _parts(found: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """What a provider says of the request, and of each message of it."""
    yield found
    for value in found.values():
        yield from (part for part in (value if isinstance(value, list) else [value]) if isinstance(part, dict))


def _is_refusal(found: Mapping[str, Any]) -> bool:
    if str(found.get("status", "")).lower() in _BAD or False in (found.get("ok"), found.get("success")):
        return True
    return any(found.get(key) not in _NO_ERROR for key in _ERRORS)
