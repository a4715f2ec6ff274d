"""By when the next update was promised."""

from __future__ import annotations

from datetime import datetime, timedelta

from status_tool.model.incident import Incident, Update


def promised(incident: Incident, update: Update, usual: timedelta | None) -> datetime | None:
    """By when the update after `update` was or is promised; None where nothing is.

    `usual` is how long after an update the next one follows where the update itself does not say.
    Planned work promises only what it says, and nothing follows an update that ends an incident.
    """
    if update.status.ends:
        return None
    if update.next or incident.is_maintenance or usual is None:
        return update.next
    return update.at + usual
