"""Mastodon: a post, or a reply to the one before (https://docs.joinmastodon.org/methods/statuses/#create)."""

from __future__ import annotations

from status_tool.notify.channels import answers
from status_tool.notify.delivery import Delivery
from status_tool.notify.receipt import Outcome, Receipt


def send(delivery: Delivery) -> Receipt:
    channel = delivery.channel
    headers = {"Authorization": f"Bearer {delivery.secrets['token_env']}", "Idempotency-Key": delivery.key}
    document = {
        "status": delivery.words.text,
        "visibility": channel.visibility,
        "language": delivery.words.language.split("-")[0],
        **({"in_reply_to_id": delivery.parent} if delivery.parent else {}),
    }
    answer = answers.post(delivery, f"{channel.url.rstrip('/')}/api/v1/statuses", document, headers)
    if failed := answers.failure(delivery, answer):
        return failed
    found = answers.document(answer)
    if not found.get("id"):
        return answers.unreadable(answer)
    return Receipt(Outcome.DELIVERED, str(found["id"]), str(found.get("url") or ""))
