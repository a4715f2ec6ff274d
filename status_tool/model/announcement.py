"""What an announcement on the home page is, and until when it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from status_tool.model.days import midnight
from status_tool.model.update import Text


@dataclass(frozen=True)
class Announcement:
    """A text of the owner that is about no incident and no state."""

    text: Text
    """Markdown."""
    until: date | None = None
    """The last day on which it is shown, in the site's zone; None means until it is removed."""

    def end(self, zone: tzinfo) -> datetime | None:
        """The moment from which it is no longer shown; None if there is none."""
        return midnight(self.until + timedelta(days=1), zone) if self.until else None

    def is_shown_at(self, now: datetime, zone: tzinfo) -> bool:
        end = self.end(zone)
        return end is None or now < end
