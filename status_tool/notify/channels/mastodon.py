"""Mastodon: a post, or a reply to the one before (https://docs.joinmastodon.org/methods/statuses/#create)."""

from __future__ import annotations

from status_tool.notify.channels import answers, mentions
from status_tool.notify.delivery import Delivery
from status_tool.notify.receipt import Outcome, Receipt


def send(delivery: Delivery) -> Receipt:
    channel = delivery.channel
    headers = {"Authorization": f"Bearer {delivery.secrets['token_env']}", "Idempotency-Key": delivery.key}
    document = {
        "status": mentions.without(delivery.words.text),
        "visibility": channel.visibility,
        "language": delivery.words.language.split("-")[0],
    }
    url = f"{channel.url.rstrip('/')}/api/v1/statuses"
    reply = {**document, "in_reply_to_id": delivery.parent} if delivery.parent else document
    answer = answers.post(delivery, url, reply, headers)
    if answer.code == 404 and delivery.parent:  # somebody deleted what we answer: nothing was posted
        answer = answers.post(delivery, url, document, headers)
    if failed := answers.failure(delivery, answer):
        return failed
    found = answers.document(answer)
    id = answers.label(found.get("id"), delivery)
    if not id:
        return answers.unreadable(answer)
    return Receipt(Outcome.DELIVERED, id, answers.address(found.get("url"), delivery))
