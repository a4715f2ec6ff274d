"""Telegram: a message of a bot in a channel or a group (https://core.telegram.org/bots/api#sendmessage)."""

from __future__ import annotations

from status_tool.notify.channels import answers
from status_tool.notify.delivery import Delivery
from status_tool.notify.receipt import Outcome, Receipt

DEFAULT = "https://api.telegram.org"


def send(delivery: Delivery) -> Receipt:
    base = (delivery.channel.url or DEFAULT).rstrip("/")
    document: dict[str, object] = {
        "chat_id": delivery.recipient,
        "text": delivery.words.text,
        "link_preview_options": {"is_disabled": True},
    }
    if delivery.parent.isdigit():
        document["reply_parameters"] = {"message_id": int(delivery.parent), "allow_sending_without_reply": True}
    answer = answers.post(delivery, f"{base}/bot{delivery.secrets['token_env']}/sendMessage", document)
    if failed := answers.failure(delivery, answer):
        return failed
    found = answers.document(answer)
    if found.get("ok") is False:
        return Receipt(Outcome.REJECTED, detail=answers.scrubbed(answers.words(answer), delivery))
    result = found.get("result")
    id = str(result.get("message_id") or "") if found.get("ok") is True and isinstance(result, dict) else ""
    if not id:
        return answers.unreadable(answer)
    name = delivery.recipient.removeprefix("@")
    return Receipt(Outcome.DELIVERED, id, f"https://t.me/{name}/{id}" if name != delivery.recipient else "")
