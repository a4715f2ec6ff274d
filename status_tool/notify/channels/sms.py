"""SMS by a provider: one request for each recipient, as the settings write it."""

from __future__ import annotations

import json
import re
from urllib.parse import urlencode, urlsplit

from status_tool.notify.channels import answers
from status_tool.notify.delivery import Delivery
from status_tool.notify.receipt import Outcome, Receipt

_IDS = ("id", "sid", "message_id", "messageId", "message-id", "uuid")
"""The keys below which providers say how they know a message."""


def send(delivery: Delivery) -> Receipt:
    channel = delivery.channel
    values = {
        "{to}": delivery.recipient,
        "{text}": delivery.words.text,
        "{from}": delivery.secrets.get("sender_env") or channel.sender,
        "{token}": delivery.secrets.get("token_env", ""),
        "{key}": delivery.key,
    }

    def filled(template: str) -> str:
        return re.sub(r"\{(?:to|text|from|token|key)\}", lambda found: values[found[0]], template)

    body = {name: filled(value) for name, value in channel.body.items()}
    headers = {name: filled(value).replace("\n", " ") for name, value in channel.headers.items()}
    if channel.idempotency_header:
        headers[channel.idempotency_header] = delivery.key
    url, content = channel.url, b""
    if channel.method == "GET":
        url += f"{'&' if urlsplit(url).query else '?'}{urlencode(body)}"
    elif channel.encoding == "form":
        headers["Content-Type"], content = "application/x-www-form-urlencoded", urlencode(body).encode()
    else:
        headers["Content-Type"], content = "application/json", json.dumps(body).encode()
    answer = answers.send(delivery, url, content, headers, channel.method)
    if failed := answers.failure(delivery, answer):
        return failed
    if answer.content.lstrip().lower().startswith((b"<!doctype", b"<html")):
        return answers.unreadable(answer)
    found = answers.document(answer)
    return Receipt(Outcome.ACCEPTED, next((str(found[key]) for key in _IDS if found.get(key)), ""))
