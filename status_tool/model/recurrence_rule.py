"""What a recurrence rule may say: the parts of RFC 5545, section 3.3.10, that a window of maintenance can have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

_DAYS = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 31, "YEARLY": 366}
"""Frequency -> the largest number of days from which BYSETPOS chooses."""
FREQUENCIES = tuple(_DAYS)
_DAY = r"(?:MO|TU|WE|TH|FR|SA|SU)"
_NUMBER = r"0*[1-9]\d{0,5}"


def _upto(largest: int, *, signed: bool = True) -> str:
    """The pattern of a list of numbers from 1 to `largest`."""
    number = "|".join(map(str, range(largest, 0, -1)))
    one = rf"{'[+-]?' if signed else ''}0?(?:{number})"
    return rf"{one}(?:,{one})*"


_VALUES = {
    "FREQ": ("|".join(FREQUENCIES), f"one of {', '.join(FREQUENCIES)}"),
    "INTERVAL": (_NUMBER, "a number, 1 or larger"),
    "COUNT": (_NUMBER, "a number, 1 or larger"),
    "BYDAY": (rf"(?:[+-]?\d{{1,2}})?{_DAY}(?:,(?:[+-]?\d{{1,2}})?{_DAY})*", "days, such as MO,TH or 1TU"),
    "BYMONTHDAY": (_upto(31), "days of the month, such as 1,15 or -1"),
    "BYYEARDAY": (_upto(366), "days of the year, such as 1 or -1"),
    "BYWEEKNO": (_upto(53), "weeks of the year, such as 20"),
    "BYMONTH": (_upto(12, signed=False), "months, such as 1,7"),
    "BYSETPOS": (_upto(366), "places in the list, such as 1 or -1"),
    "WKST": (_DAY, "a day, such as MO"),
}
"""Part -> the pattern of its value, and how to write it."""
_PARTS = (*list(_VALUES)[:3], "UNTIL", *list(_VALUES)[3:])
_FIT = {"BYMONTHDAY": ("DAILY", "MONTHLY", "YEARLY"), "BYYEARDAY": ("YEARLY",), "BYWEEKNO": ("YEARLY",)}
"""Part -> the frequencies with which it can be; one that is not here can be with each."""
_OF_THE_CLOCK = ("BYHOUR", "BYMINUTE", "BYSECOND")


def parts(rule: str) -> dict[str, str]:
    """`{"FREQ": "WEEKLY", "COUNT": "8"}`."""
    return dict(part.partition("=")[::2] for part in rule.upper().split(";"))


def until(rule: str) -> datetime | None:
    """The time after which no window begins; None if `rule` has none, or one that is not written as RFC 5545 wants."""
    return _time(parts(rule).get("UNTIL", ""))


def _time(value: str) -> datetime | None:
    if not re.fullmatch(r"\d{8}T\d{6}Z", value, re.ASCII):
        return None
    try:
        return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:  # a time that does not exist
        return None


def problem(rule: str) -> str:
    """The first mistake in the words of a rule, and how to put it right, as sentences; empty if there is none."""
    if not rule.strip():
        return "the rule is empty."
    if rule.upper().startswith("RRULE:"):
        return f'"{rule}" is not a valid rule: it begins with "RRULE:". Remove that.'
    if parts(rule).get("FREQ") not in FREQUENCIES or len(rule.split()) > 1:
        return f'"{rule}" is not a daily, weekly, monthly or yearly rule.'
    pairs = [part.partition("=")[::2] for part in rule.upper().split(";")]
    mistake = next(_mistakes_of_parts(pairs), "") or next(_mistakes_together(dict(pairs)), "")
    return f'"{rule}" is not a valid rule: {mistake}' if mistake else ""


def _mistakes_of_parts(pairs: list[tuple[str, str]]) -> Iterator[str]:
    names = [name for name, _ in pairs]
    for name, value in pairs:
        if not name:
            yield "it has an empty part. Remove a semicolon."
        elif names.count(name) > 1:
            yield f"it has {name} more than once. Remove all but one."
        elif name in _OF_THE_CLOCK:
            yield f'it has {name}, but each window begins at the time of day of "from". Remove {name}.'
        elif name not in _PARTS:
            yield f"it has an unknown part, {name}. Use {', '.join(_PARTS)}."
        elif name == "UNTIL":
            if not _time(value):
                yield f"UNTIL must be a time in UTC, such as {_nearest_time(value)}."
        elif not re.fullmatch(_VALUES[name][0], value, re.ASCII):
            yield f"{name} must be {_VALUES[name][1]}."


def _nearest_time(value: str) -> str:
    """The end of the day with which `value` begins, else an example."""
    time = f"{value.replace('-', '')[:8]}T235959Z"
    return time if _time(time) else "20271231T000000Z"


def _mistakes_together(found: dict[str, str]) -> Iterator[str]:
    """The mistakes in parts that are right one by one."""
    frequency, days = found["FREQ"], found.get("BYDAY", "")
    if "COUNT" in found and "UNTIL" in found:
        yield "it has COUNT and UNTIL. One of them ends it: remove the other."
    for name in found.keys() & _FIT.keys():
        if frequency not in _FIT[name]:
            fit = " or ".join(f"FREQ={each}" for each in _FIT[name])
            yield f"{name} cannot be in a rule that is {frequency.lower()}. Write {fit}, or remove {name}."
    if numbers := [int(number) for number in re.findall(r"[+-]?\d+", days)]:
        plain_days = re.sub(r"[+-]?\d", "", days)
        largest = 53 if frequency == "YEARLY" and "BYMONTH" not in found else 5
        if frequency not in ("MONTHLY", "YEARLY"):
            yield f"BYDAY has a number, which only monthly and yearly rules can have. Write BYDAY={plain_days}."
        if "BYWEEKNO" in found:
            yield f"BYDAY has a number, which it cannot have beside BYWEEKNO. Write BYDAY={plain_days}."
        if not all(1 <= abs(number) <= largest for number in numbers):
            yield f"the numbers in BYDAY must be 1 to {largest}, or -1 to -{largest} to count from the end."
    places = [abs(int(place)) for place in found.get("BYSETPOS", "0").split(",")]
    if max(places) > _DAYS[frequency]:
        yield f"the numbers in BYSETPOS must be at most {_DAYS[frequency]} in a rule that is {frequency.lower()}."
    if "BYSETPOS" in found and len([name for name in found if name.startswith("BY")]) == 1:
        yield "BYSETPOS chooses from other parts, and there is none. Add one, such as BYDAY=MO,TU, or remove BYSETPOS."
