"""When days and months begin in a time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo


def next_month(month: date) -> date:
    """The first day of the month after the month that begins on `month`."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def month_number(day: date) -> int:
    """The number of the month of `day`; consecutive months have consecutive numbers."""
    return day.year * 12 + day.month - 1


def month_of_number(number: int) -> date:
    """The first day of the month with this number."""
    return date(number // 12, number % 12 + 1, 1)


def midnight(day: date, zone: tzinfo) -> datetime:
    """The start of `day` in `zone`, as a time in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
