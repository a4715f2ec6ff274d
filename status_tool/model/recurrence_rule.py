"""What a recurrence rule may say: the parts of RFC 5545, section 3.3.10, that a window of maintenance can have."""

from __future__ import annotations

import re
from collections.abc import Iterator

FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
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
    "UNTIL": (r"\d{8}T\d{6}Z", "a time in UTC, such as 20271231T000000Z"),
    "BYDAY": (rf"(?:[+-]?\d{{1,2}})?{_DAY}(?:,(?:[+-]?\d{{1,2}})?{_DAY})*", "days, such as MO,TH or 1TU"),
    "BYMONTHDAY": (_upto(31), "days of the month, such as 1,15 or -1"),
    "BYYEARDAY": (_upto(366), "days of the year, such as 1 or -1"),
    "BYWEEKNO": (_upto(53), "weeks of the year, such as 20"),
    "BYMONTH": (_upto(12, signed=False), "months, such as 1,7"),
    "BYSETPOS": (_upto(366), "places in the list, such as 1 or -1"),
    "WKST": (_DAY, "a day, such as MO"),
}
"""Part -> the pattern of its value, and how to write it."""
_UNFIT = {
    "BYMONTHDAY": {"WEEKLY"},
    "BYYEARDAY": {"DAILY", "WEEKLY", "MONTHLY"},
    "BYWEEKNO": {"DAILY", "WEEKLY", "MONTHLY"},
}
"""Part -> the frequencies with which it must not be."""
_OF_THE_CLOCK = ("BYHOUR", "BYMINUTE", "BYSECOND")


def parts(rule: str) -> dict[str, str]:
    """`{"FREQ": "WEEKLY", "COUNT": "8"}`."""
    return dict(part.partition("=")[::2] for part in rule.upper().split(";"))


def problem(rule: str) -> str:
    """The first mistake in the words of a rule, as a sentence; empty if there is none."""
    return next(_problems(rule), "")


def _problems(rule: str) -> Iterator[str]:
    pairs = [part.partition("=")[::2] for part in rule.upper().split(";")]
    found = dict(pairs)
    frequency = found.get("FREQ", "")
    if frequency not in FREQUENCIES or len(rule.split()) > 1:
        yield f'"{rule}" is not a daily, weekly, monthly or yearly rule.'
        return
    start = f'"{rule}" is not a valid rule: '
    names = [name for name, _ in pairs]
    for name, value in pairs:
        if not name:
            yield f"{start}it has an empty part. Remove a semicolon."
        elif names.count(name) > 1:
            yield f"{start}it has {name} twice."
        elif name in _OF_THE_CLOCK:
            yield f"{start}it has {name}, but each window begins at the time of day of the first one."
        elif name not in _VALUES:
            yield f"{start}it has an unknown part, {name}."
        elif not re.fullmatch(_VALUES[name][0], value, re.ASCII):
            yield f"{start}{name} must be {_VALUES[name][1]}."
        elif frequency in _UNFIT.get(name, ()):
            yield f"{start}{name} cannot be in a rule that is {frequency.lower()}."
    if "COUNT" in found and "UNTIL" in found:
        yield f"{start}it has COUNT and UNTIL. One of them ends it."
    if re.search(r"\d", found.get("BYDAY", "")) and (frequency not in ("MONTHLY", "YEARLY") or "BYWEEKNO" in found):
        yield f"{start}BYDAY has a number, which only monthly and yearly rules can have."
    if "BYSETPOS" in found and len([name for name in names if name.startswith("BY")]) == 1:
        yield f"{start}BYSETPOS chooses from other parts, such as BYDAY, and there is none."
