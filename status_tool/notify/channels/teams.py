"""Microsoft Teams: a card by a webhook of Workflows, whose text is not read as Markdown.

See https://learn.microsoft.com/en-us/connectors/teams/?tabs=text1#microsoft-teams-webhook
"""

from __future__ import annotations

from status_tool.notify.channels import answers
from status_tool.notify.delivery import Delivery
from status_tool.notify.receipt import Outcome, Receipt


def send(delivery: Delivery) -> Receipt:
    lines = [line for line in delivery.words.text.split("\n") if line.strip()]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [{"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": line}]} for line in lines],
        "actions": [{"type": "Action.OpenUrl", "title": delivery.notice.url, "url": delivery.notice.url}],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    document = {"type": "message", "attachments": [attachment]}
    answer = answers.post(delivery, delivery.secrets["url_env"], document)
    if failed := answers.failure(delivery, answer):
        return failed
    is_plain = not answer.content.lstrip().startswith(b"<")
    return Receipt(Outcome.ACCEPTED) if is_plain else answers.unreadable(answer)
