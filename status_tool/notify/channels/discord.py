"""Discord: a message by a webhook, or of a bot, which a repeat finds again (https://discord.com/developers/docs)."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from status_tool.notify.channels import answers
from status_tool.notify.delivery import Delivery
from status_tool.notify.receipt import Outcome, Receipt

DEFAULT = "https://discord.com"
_WITHOUT_PREVIEWS = 1 << 2
_MARKS = re.compile(r"(https?://\S+)|([\\*_~`|<>\[\]])|(?m:^(\s*)([#-]))")
"""What Discord reads as Markdown; within an address, nothing is."""


def send(delivery: Delivery) -> Receipt:
    document: dict[str, object] = {
        "content": plain(delivery.words.text),
        "allowed_mentions": {"parse": []},
        "flags": _WITHOUT_PREVIEWS,
    }
    if delivery.channel.url_env:
        url, headers = delivery.secrets["url_env"], {}
        url += f"{'&' if urlsplit(url).query else '?'}wait=true"
    else:
        base = (delivery.channel.url or DEFAULT).rstrip("/")
        url = f"{base}/api/v10/channels/{quote(delivery.recipient, safe='')}/messages"
        headers = {"Authorization": f"Bot {delivery.secrets['token_env']}"}
        document |= {"nonce": delivery.key[:25], "enforce_nonce": True}
        if delivery.parent:
            document["message_reference"] = {"message_id": delivery.parent, "fail_if_not_exists": False}
    answer = answers.post(delivery, url, document, headers)
    if failed := answers.failure(delivery, answer):
        return failed
    id = answers.label(answers.document(answer).get("id"), delivery)
    return Receipt(Outcome.DELIVERED, id) if id else answers.unreadable(answer)


def plain(text: str) -> str:
    """`text` so that Discord shows it as it is, instead of reading it as Markdown: `__init__` as \\_\\_init\\_\\_."""

    def escaped(found: re.Match[str]) -> str:
        address, mark, blanks, first = found.groups()
        return address or (f"\\{mark}" if mark else f"{blanks}\\{first}")

    return _MARKS.sub(escaped, text)


def length(text: str) -> int:
    return len(plain(text))
