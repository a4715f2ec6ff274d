"""Matrix: a message in a room, in the thread of the incident (https://spec.matrix.org/latest/client-server-api/)."""

from __future__ import annotations

from urllib.parse import quote

from status_tool.notify.channels import answers
from status_tool.notify.delivery import Delivery
from status_tool.notify.receipt import Outcome, Receipt


def send(delivery: Delivery) -> Receipt:
    base, room = delivery.channel.url.rstrip("/"), quote(delivery.recipient, safe="")
    url = f"{base}/_matrix/client/v3/rooms/{room}/send/m.room.message/{delivery.key}"
    document: dict[str, object] = {"msgtype": "m.text", "body": delivery.words.text, "m.mentions": {}}
    if delivery.root:
        document["m.relates_to"] = {
            "rel_type": "m.thread",
            "event_id": delivery.root,
            "is_falling_back": True,
            "m.in_reply_to": {"event_id": delivery.parent},
        }
    headers = {"Authorization": f"Bearer {delivery.secrets['token_env']}"}
    answer = answers.post(delivery, url, document, headers, "PUT")
    if failed := answers.failure(delivery, answer):
        return failed
    event = answers.label(answers.document(answer).get("event_id"), delivery)
    return Receipt(Outcome.DELIVERED, event) if event else answers.unreadable(answer)
