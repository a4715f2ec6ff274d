"""Microsoft Teams: a card by a webhook of Workflows, whose text is not read as Markdown.

See https://learn.microsoft.com/en-us/connectors/teams/?tabs=text1#microsoft-teams-webhook; it answers 202 and nothing
else. The webhooks of connectors, which said in an answer 200 that they had failed, ended in 2026.
"""

from __future__ import annotations

import json

from status_tool.notify.channels import answers
from status_tool.notify.delivery import Delivery
from status_tool.notify.receipt import Outcome, Receipt


def send(delivery: Delivery) -> Receipt:
    document = card(delivery.words.text, delivery.notice.url)
    answer = answers.post(delivery, delivery.secrets["url_env"], document)
    if failed := answers.failure(delivery, answer):
        return failed
    said = answer.content.strip()
    return Receipt(Outcome.ACCEPTED) if not said or answers.document(answer) else answers.unreadable(answer)


def card(text: str, url: str) -> dict[str, object]:
    """The message, with `url` as a button: no address in a text without Markdown is a link."""
    lines = [line for line in text.split("\n") if line.strip()]
    content = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [{"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": line}]} for line in lines],
        "actions": [{"type": "Action.OpenUrl", "title": url, "url": url}],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": content}
    return {"type": "message", "attachments": [attachment]}


def size(text: str) -> int:
    """The bytes of the message, of which Teams takes 28 KB, with the address."""
    return len(answers.octets(json.dumps(card(text, ""), ensure_ascii=False)))
