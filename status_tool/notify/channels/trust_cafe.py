"""Trust Café, WT.Social's successor: a post in the trunk or in a branch, as an application of one's own.

`token_env` has the id and the secret of that application: `id:secret`.
"""

from __future__ import annotations

import time

from status_tool.notify.channels import answers
from status_tool.notify.delivery import Delivery
from status_tool.notify.receipt import Outcome, Receipt

TRUNK = "maintrunk#maintrunk"
"""Where a post is seen by everybody; a branch is `subwiki#pink-floyd`. Both keys of its parent are that word."""


def send(delivery: Delivery) -> Receipt:
    begun = time.monotonic()
    id, _, secret = delivery.secrets["token_env"].partition(":")
    asked = {"client_id": id, "client_secret": secret, "grant_type": "client_credentials"}
    answer = answers.post(
        delivery, f"{delivery.channel.auth_url.rstrip('/')}/token", asked, {"Authorization": "Bearer guest"}
    )
    if failed := answers.failure(delivery, answer):
        return answers.unclear_before(failed)
    token = answers.document(answer).get("tokenData")
    access = token.get("accessToken") if isinstance(token, dict) else None
    if not isinstance(access, str) or not access:
        return answers.unclear_before(answers.unreadable(answer))
    delivery = answers.continued(delivery, begun, access)
    place = delivery.recipient or TRUNK
    document = {
        "postText": delivery.words.text,
        "cardUrl": delivery.notice.url,
        "blurLabel": "",
        "collaborative": False,
        "parent": {"pk": place, "sk": place},
    }
    url = f"{delivery.channel.url.rstrip('/')}/post"
    answer = answers.post(delivery, url, document, {"Authorization": f"Bearer {access}"})
    if failed := answers.failure(delivery, answer):
        return failed
    found = answers.document(answer)
    if not found:
        return answers.unreadable(answer)
    return Receipt(Outcome.DELIVERED, answers.label(found.get("postId"), delivery))
