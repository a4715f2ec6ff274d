"""Signal: a message of a number of one's own, by signal-cli-rest-api (https://github.com/bbernhard/signal-cli-rest-api)."""

from __future__ import annotations

from status_tool.notify.channels import answers
from status_tool.notify.delivery import Delivery
from status_tool.notify.receipt import Outcome, Receipt


def send(delivery: Delivery) -> Receipt:
    document = {
        "message": delivery.words.text,
        "number": delivery.secrets["sender_env"],
        "recipients": [delivery.recipient],
        "text_mode": "normal",  # whatever the server does with `*` and `~` by default
    }
    token = delivery.secrets.get("token_env")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = answers.post(delivery, f"{delivery.channel.url.rstrip('/')}/v2/send", document, headers)
    if failed := answers.failure(delivery, answer):
        return failed
    stamp = answers.label(answers.document(answer).get("timestamp"), delivery)
    return Receipt(Outcome.ACCEPTED, stamp) if stamp else answers.unreadable(answer)
