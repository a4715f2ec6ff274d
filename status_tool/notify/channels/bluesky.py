"""Bluesky: a post, whose key is made from the time of the update, so that a repeat is the same record.

See https://docs.bsky.app/docs/api/com-atproto-repo-put-record and https://atproto.com/specs/tid
"""

from __future__ import annotations

import time
from datetime import datetime

from status_tool.notify.channels import answers
from status_tool.notify.delivery import Delivery
from status_tool.notify.receipt import Outcome, Receipt
from status_tool.system import clock

DEFAULT = "https://bsky.social"
_POST, _LINK = "app.bsky.feed.post", "app.bsky.richtext.facet#link"
_DIGITS = "234567abcdefghijklmnopqrstuvwxyz"


def send(delivery: Delivery) -> Receipt:
    base, handle = (delivery.channel.url or DEFAULT).rstrip("/"), delivery.channel.sender.removeprefix("@")
    begun = time.monotonic()
    login = {"identifier": handle, "password": delivery.secrets["token_env"]}
    answer = answers.post(delivery, f"{base}/xrpc/com.atproto.server.createSession", login)
    if failed := answers.failure(delivery, answer):
        return answers.unclear_before(failed)
    session = answers.document(answer)
    token, did = session.get("accessJwt"), answers.label(session.get("did"), delivery)
    if not isinstance(token, str) or not token or not did:
        return answers.unclear_before(answers.unreadable(answer))
    delivery = answers.continued(delivery, begun, token)
    key = record_key(delivery.notice.at, delivery.key)
    document = {"repo": did, "collection": _POST, "rkey": key, "record": _record(delivery)}
    headers = {"Authorization": f"Bearer {token}"}
    answer = answers.post(delivery, f"{base}/xrpc/com.atproto.repo.putRecord", document, headers)
    if failed := answers.failure(delivery, answer):
        return failed
    found = answers.document(answer)
    uri, cid = (answers.label(found.get(name), delivery) for name in ("uri", "cid"))
    if not uri or not cid:
        return answers.unreadable(answer)
    return Receipt(Outcome.DELIVERED, f"{uri} {cid}", f"https://bsky.app/profile/{handle}/post/{key}")


def _record(delivery: Delivery) -> dict[str, object]:
    text, url = delivery.words.text, delivery.notice.url
    record: dict[str, object] = {
        "$type": _POST,
        "text": text,
        "createdAt": clock.iso(delivery.notice.at),
        "langs": [delivery.words.language],
    }
    begin = text.rfind(url)
    if begin >= 0:
        first = len(answers.octets(text[:begin]))
        index = {"byteStart": first, "byteEnd": first + len(answers.octets(url))}
        record["facets"] = [{"index": index, "features": [{"$type": _LINK, "uri": url}]}]
    root, parent = _reference(delivery.root), _reference(delivery.parent)
    if root and parent:
        record["reply"] = {"root": root, "parent": parent}
    return record


def _reference(id: str) -> dict[str, str]:
    uri, _, cid = id.partition(" ")
    return {"uri": uri, "cid": cid} if cid else {}


def record_key(at: datetime, key: str) -> str:
    """A TID of the time `at`; its last ten bits tell apart what has the same time."""
    number = int(at.timestamp()) * 1_000_000 << 10 | int(key[:8], 16) & 1023
    return "".join(_DIGITS[number >> shift & 31] for shift in range(60, -1, -5))
