"""What the current time is, and what a time or a duration means that a person wrote."""

from __future__ import annotations

import os
import re
import time
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

from status_tool.errors import StatusError

_DURATION = re.compile(r"(?:(\d{1,4})d)?(?:(\d{1,5})h)?(?:(\d{1,6})m)?(?:(\d{1,7})s)?", re.ASCII)
_ISO = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}(?::\d{2})?)(?:\.\d{1,9})? ?([Zz]|[+-]\d{2}(?::?\d{2})?)?", re.ASCII
)
_OF_DAY = re.compile(r"\d{1,2}:\d{2}(:\d{2})?", re.ASCII)
EXAMPLE = "2026-11-23T14:05:00Z"
YEARS = range(1970, 3000)
"""The valid years of a time: far from the limits of `datetime`, so that sums do not overflow."""


def now() -> datetime:
    """The current time in UTC, to the second; `SOURCE_DATE_EPOCH` (Unix seconds) replaces it."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH") or time.time()
    try:
        return _in_range(datetime.fromtimestamp(int(epoch), UTC), epoch)
    except (ValueError, OverflowError, OSError):
        raise StatusError(
            f'SOURCE_DATE_EPOCH is "{epoch}".',
            hint="Set it to whole seconds since 1970, for example 1633377600, or unset it.",
        ) from None


def tick() -> int:
    """The current time in nanoseconds since 1970, for comparison with the times of files."""
    return time.time_ns()


def parse_time(text: str) -> datetime:
    """An ISO 8601 time with its zone, as UTC to the second.

    Raises ValueError, whose message is a sentence, when `text` is not such a time.
    """
    match = _ISO.fullmatch(text.strip())
    if match is None:
        raise ValueError(f'"{text}" is not a time.')
    day, time_of_day, zone = match.groups()
    if zone is None:
        raise ValueError(f"this time has no zone: {text}.")
    try:
        parsed = datetime.fromisoformat(f"{day}T{time_of_day}{zone.upper()}").astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f'"{text}" is not a time that exists.') from None
    return _in_range(parsed, text)


def _in_range(time: datetime, text: object) -> datetime:
    if time.year not in YEARS:
        raise ValueError(f'"{text}" is not in the years {YEARS[0]} to {YEARS[-1]}.')
    return time


def parse_duration(text: str) -> timedelta:
    """`30m`, `1h30m`, `2d` or `45s` as a duration; ValueError, with a sentence, for anything else and for `0m`."""
    match = _DURATION.fullmatch(text)
    if not text or match is None:
        raise ValueError(f'"{text}" is not a duration.')
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    length = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    if not length:
        raise ValueError(f'"{text}" is a duration of zero.')
    return length


def written(length: timedelta) -> str:
    """`1h30m`: a duration of a second or more as `parse_duration` reads it."""
    seconds = round(length.total_seconds())
    counts = {"d": seconds // 86400, "h": seconds // 3600 % 24, "m": seconds // 60 % 60, "s": seconds % 60}
    return "".join(f"{count}{unit}" for unit, count in counts.items() if count)


def is_time_of_day(text: str) -> bool:
    """Whether `text` is a time without a day, such as `16:07`; `parse_typed` takes it for today's."""
    return _OF_DAY.fullmatch(text.strip()) is not None


def parse_typed(text: str, now: datetime, zone: tzinfo) -> datetime:
    """A time that was typed on a command line, as UTC to the second; ValueError, with a sentence, if it is invalid.

    `2026-11-23T14:05:00Z`; `2026-11-23 15:05` or `16:07` (today) in `zone`; `-5m` and `+30m` from `now`.
    """
    text = text.strip()
    if text[:1] in ("+", "-"):
        length = parse_duration(text[1:])
        try:
            return _in_range(now + length if text[0] == "+" else now - length, text)
        except OverflowError:
            raise ValueError(f'"{text}" is too far away.') from None
    if is_time_of_day(text):
        return _in_zone(f"{now.astimezone(zone):%Y-%m-%d}T{text if text[2] == ':' else '0' + text}", zone)
    match = _ISO.fullmatch(text)
    if match and match[3] is None:
        return _in_zone(f"{match[1]}T{match[2]}", zone)
    return parse_time(text)


def next_of_day(text: str, after: datetime, zone: tzinfo) -> datetime:
    """The first time after `after` at which it is `text`, such as `16:07`, in `zone`; in UTC.

    ValueError, with a sentence, when that time does not exist, also not because clocks are set forward past it.
    """
    today = parse_typed(text, after, zone)
    return today if today > after else parse_typed(text, _next_day(after, zone), zone)


def _next_day(time: datetime, zone: tzinfo) -> datetime:
    """Noon of the day after `time` in `zone`."""
    local = time.astimezone(zone)
    return (local.replace(hour=12, minute=0, second=0, tzinfo=None) + timedelta(days=1)).replace(tzinfo=zone)


def _in_zone(text: str, zone: tzinfo) -> datetime:
    try:
        typed = datetime.fromisoformat(text).replace(tzinfo=zone)
        utc = typed.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f'"{text}" is not a time that exists.') from None
    if utc.astimezone(zone).replace(tzinfo=None) != typed.replace(tzinfo=None):
        raise ValueError(f'"{text}" does not exist: the clocks were set forward past it.')
    return _in_range(utc, text)


def iso(time: datetime) -> str:
    """`2021-10-04T16:07:50Z`: a time in UTC in ISO 8601, as in files, feeds and pages."""
    return _iso(time.astimezone(UTC))


@lru_cache(maxsize=5_000)
def _iso(time: datetime) -> str:
    return f"{time.isoformat()[:19]}Z"


def short(length: timedelta) -> str:
    """`7 h 11 min`, `3 d 4 h` or `under a minute`: a duration of zero or more, for a terminal."""
    minutes = round(length.total_seconds()) // 60
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [f"{n} {unit}" for n, unit in ((days, "d"), (hours, "h"), (minutes, "min")) if n]
    return " ".join(parts[:2]) or "under a minute"
