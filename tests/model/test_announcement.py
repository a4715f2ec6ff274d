"""Until when an announcement is shown."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from status_tool.model.announcement import Announcement
from status_tool.model.update import Text

TEXT = Text({"": "Closed on 1 May."})


def test_an_announcement_is_shown_until_the_end_of_its_last_day_in_the_site_zone() -> None:
    paris, announcement = ZoneInfo("Europe/Paris"), Announcement(TEXT, date(2026, 5, 1))
    last, after = datetime(2026, 5, 1, 21, 59, tzinfo=UTC), datetime(2026, 5, 1, 22, tzinfo=UTC)

    assert announcement.end(paris) == after
    assert announcement.is_shown_at(last, paris)
    assert not announcement.is_shown_at(after, paris)
    assert announcement.is_shown_at(after, UTC)


def test_without_a_last_day_it_is_shown_for_ever() -> None:
    assert Announcement(TEXT).is_shown_at(datetime(2999, 1, 1, tzinfo=UTC), UTC)
