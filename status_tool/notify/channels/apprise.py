"""Whatever Apprise speaks to, by an address of its own kind (https://github.com/caronc/apprise): an optional extra.

The only user of apprise, which is imported when it is needed.
"""

from __future__ import annotations

import logging

from status_tool.notify.delivery import Delivery
from status_tool.notify.receipt import Outcome, Receipt

HOW_TO_INSTALL = 'apprise is not installed: pip install "incident-status[apprise]"'


def send(delivery: Delivery) -> Receipt:
    try:
        import apprise
    except ImportError:
        return Receipt(Outcome.UNSENT, detail=HOW_TO_INSTALL)
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)  # it writes addresses, which are secrets
    service = apprise.Apprise()
    if not service.add(delivery.secrets["url_env"]):
        return Receipt(Outcome.REJECTED, detail="apprise does not know this kind of address")
    words = delivery.words
    answer = service.notify(body=words.text, title=words.subject, body_format=apprise.NotifyFormat.TEXT)
    if answer is None:
        return Receipt(Outcome.REJECTED, detail="apprise has nobody to tell at this address")
    return Receipt(Outcome.ACCEPTED) if answer else Receipt(Outcome.UNKNOWN, detail="apprise says that it failed")
