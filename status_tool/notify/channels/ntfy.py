"""ntfy: a notification of a topic; a repeat replaces the first, from ntfy 2.16 on (https://docs.ntfy.sh/publish/)."""

from __future__ import annotations

import base64
from urllib.parse import quote

from status_tool.notify.channels import answers
from status_tool.notify.delivery import Delivery
from status_tool.notify.receipt import Outcome, Receipt


def send(delivery: Delivery) -> Receipt:
    title = base64.b64encode(answers.octets(delivery.words.subject)).decode()
    headers = {
        "X-Title": f"=?UTF-8?B?{title}?=",
        "X-Click": delivery.notice.url,
        "X-Sequence-ID": delivery.key,
        "Content-Type": "text/plain; charset=utf-8",
    }
    if token := delivery.secrets.get("token_env"):
        headers["Authorization"] = f"Bearer {token}"
    url = f"{delivery.channel.url.rstrip('/')}/{quote(delivery.recipient, safe='')}"
    answer = answers.send(delivery, url, answers.octets(delivery.words.text), headers)
    if failed := answers.failure(delivery, answer):
        return failed
    id = answers.label(answers.document(answer).get("id"), delivery)
    return Receipt(Outcome.DELIVERED, id) if id else answers.unreadable(answer)
