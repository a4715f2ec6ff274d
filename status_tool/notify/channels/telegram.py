"""Telegram: a message of a bot in a channel or a group (https://core.telegram.org/bots/api#sendmessage)."""

from __future__ import annotations

from dataclasses import replace

from status_tool.notify.channels import answers, mentions
from status_tool.notify.delivery import Delivery
from status_tool.notify.receipt import Outcome, Receipt

DEFAULT = "https://api.telegram.org"


def send(delivery: Delivery) -> Receipt:
    base = (delivery.channel.url or DEFAULT).rstrip("/")
    document: dict[str, object] = {
        "chat_id": delivery.recipient,
        "text": mentions.without(delivery.words.text),
        "link_preview_options": {"is_disabled": True},
    }
    if delivery.parent.isdigit():
        document["reply_parameters"] = {"message_id": int(delivery.parent), "allow_sending_without_reply": True}
    answer = answers.post(delivery, f"{base}/bot{delivery.secrets['token_env']}/sendMessage", document)
    if failed := answers.failure(delivery, answer):
        return failed
    found = answers.document(answer)
    if found.get("ok") is False:
        code = found.get("error_code")
        stated = replace(answer, code=code) if isinstance(code, int) and 300 <= code < 600 else answer
        return answers.failure(delivery, stated) or answers.refused(delivery, answer)
    result = found.get("result")
    number = result.get("message_id") if found.get("ok") is True and isinstance(result, dict) else None
    id = answers.label(number, delivery)
    if not id:
        return answers.unreadable(answer)
    name = delivery.recipient.removeprefix("@")
    return Receipt(Outcome.DELIVERED, id, f"https://t.me/{name}/{id}" if name != delivery.recipient else "")
