"""MeWe: a post on a page of one's own or in a group, as an application of its developer programme.

The token ends, and then a person has to log in again.
"""

from __future__ import annotations

from urllib.parse import quote

from status_tool.notify.channels import answers
from status_tool.notify.delivery import Delivery
from status_tool.notify.receipt import Outcome, Receipt

DEFAULT = "https://mewe.com"


def send(delivery: Delivery) -> Receipt:
    id, _, key = delivery.secrets["app_env"].partition(":")
    place = f"group/{quote(delivery.recipient, safe='')}" if delivery.recipient else "me"
    headers = {"X-App-Id": id, "X-Api-Key": key, "Authorization": f"Bearer {delivery.secrets['token_env']}"}
    url = f"{(delivery.channel.url or DEFAULT).rstrip('/')}/api/dev/{place}/post"
    answer = answers.post(delivery, url, {"text": delivery.words.text}, headers)
    if failed := answers.failure(delivery, answer):
        return failed
    found = answers.document(answer)
    if answer.code != 204 and not found:
        return answers.unreadable(answer)
    return Receipt(Outcome.DELIVERED, answers.label(found.get("postItemId"), delivery))
