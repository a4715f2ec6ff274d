"""A webhook of anybody: the notice as JSON, signed as Standard Webhooks has it (https://www.standardwebhooks.com).

The document has every attribute of `Notice`, by its name; `at` as ISO 8601, `level` as a word or null; and `text` and
`subject`, the words as mail has them. `Webhook-Id` is the same for each attempt of the same notice.
"""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import hashlib
import hmac
import json

from status_tool.notify.channels import answers
from status_tool.notify.delivery import Delivery
from status_tool.notify.receipt import Outcome, Receipt
from status_tool.system import clock

_PREFIX = "whsec_"


def send(delivery: Delivery) -> Receipt:
    notice, words = delivery.notice, delivery.words
    values = {**dataclasses.asdict(notice), "at": clock.iso(notice.at), "level": notice.level}
    document = {"type": "status.update", **values, "subject": words.subject, "text": words.text}
    content = answers.octets(json.dumps(document, ensure_ascii=False, sort_keys=True))
    stamp = str(int(clock.now().timestamp()))
    headers = {
        "Content-Type": "application/json",
        "Webhook-Id": delivery.key,
        "Webhook-Timestamp": stamp,
        "Webhook-Signature": signature(delivery.secrets["token_env"], delivery.key, stamp, content),
    }
    answer = answers.send(delivery, delivery.secrets["url_env"], content, headers)
    if failed := answers.failure(delivery, answer):
        return failed
    return answers.unreadable(answer) if answers.is_page(answer) else Receipt(Outcome.ACCEPTED, delivery.key)


def signature(secret: str, id: str, stamp: str, content: bytes) -> str:
    """`v1,` and the HMAC-SHA256 in base64; the key is the text, or what follows `whsec_` in base64."""
    key = secret.encode()
    if secret.startswith(_PREFIX):
        with contextlib.suppress(ValueError):
            key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    signed = hmac.new(key, f"{id}.{stamp}.".encode() + content, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"
