"""ntfy: a notification of a topic; a repeat replaces the first, from ntfy 2.16 on (https://docs.ntfy.sh/publish/)."""

from __future__ import annotations

import base64
from urllib.parse import quote

from status_tool.notify.channels import answers
from status_tool.notify.delivery import Delivery
from status_tool.notify.receipt import Outcome, Receipt


def send(delivery: Delivery) -> Receipt:
    title = base64.b64encode(delivery.words.subject.encode("utf-8", "replace")).decode()
    headers = {
        "X-Title": f"=?UTF-8?B?{title}?=",
        "X-Click": delivery.notice.url,
        "X-Sequence-ID": delivery.key,
        "Content-Type": "text/plain; charset=utf-8",
    }
    if token := delivery.secrets.get("token_env"):
        headers["Authorization"] = f"Bearer {token}"
    url = f"{delivery.channel.url.rstrip('/')}/{quote(delivery.recipient, safe='')}"
    answer = answers.send(delivery, url, delivery.words.text.encode("utf-8", "replace"), headers)
    if failed := answers.failure(delivery, answer):
        return failed
    id = str(answers.document(answer).get("id") or "")
    return Receipt(Outcome.DELIVERED, id) if id else answers.unreadable(answer)
