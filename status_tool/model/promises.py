"""By which time the next update is promised."""

from __future__ import annotations

from datetime import datetime, timedelta

from status_tool.model.incident import Incident
from status_tool.model.update import Update


def promised(incident: Incident, update: Update, default_interval: timedelta | None) -> datetime | None:
    """The time by which the update after `update` is or was promised; None if none is.

    `default_interval` is the time from the publication of an update to that of the next one, for updates that state no
    `next`; None means that those promise nothing. Maintenance promises only what it states. An update that ends an
    incident promises none, and neither does one of an incident that is withdrawn.
    """
    if update.status.ends or incident.withdrawn:
        return None
    if update.next or incident.is_maintenance or default_interval is None:
        return update.next
    return update.published_at + default_interval
