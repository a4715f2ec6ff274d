"""Slack: a message by an incoming webhook (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks)."""

from __future__ import annotations

from status_tool.notify.channels import answers
from status_tool.notify.delivery import Delivery
from status_tool.notify.receipt import Outcome, Receipt


def send(delivery: Delivery) -> Receipt:
    text = delivery.words.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    document = {"text": text, "mrkdwn": False, "link_names": False, "unfurl_links": False, "unfurl_media": False}
    answer = answers.post(delivery, delivery.secrets["url_env"], document)
    if failed := answers.failure(delivery, answer):
        return failed
    if answers.document(answer).get("ok") is False:
        return answers.refused(delivery, answer)
    is_ok = answer.content.strip() == b"ok" or answers.document(answer).get("ok") is True
    return Receipt(Outcome.DELIVERED) if is_ok else answers.unreadable(answer)
