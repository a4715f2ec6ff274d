"""What is known of each message: lines that are only ever added, and the state that follows from them.

A line is one JSON object. Lines of several machines are united by leaving out what stands twice, so that the order in
which they meet does not matter.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from status_tool.notify.receipt import Outcome, Receipt
from status_tool.system import clock


class Event(StrEnum):
    """What a line says."""

    CLAIMED = "claimed"
    """A run is about to send it, until the time in the line."""
    RELEASED = "released"
    """That run has not sent it."""
    DELIVERED = "delivered"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


class State(StrEnum):
    """What becomes of a message now."""

    DUE = "due"
    """Nobody has sent it."""
    CLAIMED = "claimed"
    """Another run is sending it."""
    SAID = "said"
    REJECTED = "rejected"
    """The channel has refused it."""
    UNKNOWN = "unknown"
    """It may have been sent; nobody knows."""


class Key(NamedTuple):
    """A message to a recipient."""

    incident: str
    update: str
    language: str
    channel: str
    to: str
    """A recipient, which nobody can tell from it; empty where the channel itself is the place."""


@dataclass(frozen=True, order=True)
class Entry:
    """One line of the ledger."""

    at: datetime
    key: Key
    event: Event
    run: str
    """The run that wrote it; `person` for what a person says to have done."""
    by: str = ""
    """The machine and the process of that run: `host-2/4711/88123`."""
    until: datetime | None = field(default=None, compare=False)
    id: str = ""
    url: str = ""
    detail: str = ""

    @property
    def line(self) -> str:
        """JSON, without a line break; what is empty is left out."""
        values = {
            "at": clock.iso(self.at),
            **self.key._asdict(),
            "event": self.event.value,
            "run": self.run,
            "by": self.by,
            "until": clock.iso(self.until) if self.until else "",
            "id": self.id,
            "url": self.url,
            "detail": self.detail,
        }
        kept = {name: value for name, value in values.items() if value}
        return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def of(cls, line: str) -> Entry | None:
        """The entry in a line; None when it is none, as one that a full disk has cut off."""
        try:
            found = json.loads(line)
            texts = {name: str(found.get(name, "")) for name in ("run", "by", "id", "url", "detail")}
            key = Key(*(str(found.get(name, "")) for name in Key._fields))
            until = clock.parse_time(found["until"]) if found.get("until") else None
            return cls(clock.parse_time(found["at"]), key, Event(found["event"]), until=until, **texts)
        except (ValueError, KeyError, TypeError, AttributeError):
            return None


EVENT_OF = {
    Outcome.DELIVERED: Event.DELIVERED,
    Outcome.ACCEPTED: Event.ACCEPTED,
    Outcome.REJECTED: Event.REJECTED,
    Outcome.UNKNOWN: Event.UNKNOWN,
    Outcome.UNSENT: Event.RELEASED,
}
_SAID = (Event.DELIVERED, Event.ACCEPTED)


def entry_of(receipt: Receipt, key: Key, at: datetime, run: str, by: str) -> Entry:
    return Entry(at, key, EVENT_OF[receipt.outcome], run, by, None, receipt.id, receipt.url, receipt.detail)


@dataclass(frozen=True)
class Ledger:
    """All lines, in the order of their times; `lines` keeps those that this version cannot read, too."""

    lines: tuple[str, ...] = ()

    @classmethod
    def union(cls, *texts: str) -> Ledger:
        """Every line of each text once."""
        lines = dict.fromkeys(line for text in texts for line in text.split("\n") if line.strip())
        return cls(tuple(sorted(lines, key=_order)))

    @property
    def text(self) -> str:
        return "".join(f"{line}\n" for line in self.lines)

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(entry for line in self.lines if (entry := Entry.of(line)))

    @cached_property
    def _by_key(self) -> dict[Key, list[Entry]]:
        found: dict[Key, list[Entry]] = {}
        for entry in self.entries:
            found.setdefault(entry.key, []).append(entry)
        return found

    def of(self, key: Key) -> list[Entry]:
        return self._by_key.get(key, [])

    def state(self, key: Key, now: datetime, dead: Iterable[str] = ()) -> State:
        """What is known of a message at `now`. `dead`: the runs that are known to have ended.

        It was said if any run says so. A run that claimed it and never said what came of it may have sent it.
        """
        last: dict[str, Entry] = {}
        for entry in self.of(key):
            if entry.event is not Event.CLAIMED or entry.run not in last:  # also when a clock was put back in between
                last[entry.run] = entry
        events = {_settled(entry, now, frozenset(dead)) for entry in last.values()}
        order = ((_SAID, State.SAID), ((Event.CLAIMED,), State.CLAIMED), ((Event.UNKNOWN,), State.UNKNOWN))
        for wanted, state in (*order, ((Event.REJECTED,), State.REJECTED)):
            if events.intersection(wanted):
                return state
        return State.DUE

    def said(self, incident: str, language: str, channel: str, to: str) -> list[Entry]:
        """What was said of an incident there, in the order in which it was said."""
        wanted = (incident, language, channel, to)
        return [
            entry for entry in self.entries if entry.event in _SAID and (entry.key.incident, *entry.key[2:]) == wanted
        ]

    def has_said(self, incident: str, channel: str) -> bool:
        """Whether anything of an incident was said on a channel."""
        return (incident, channel) in self._spoken

    @cached_property
    def _spoken(self) -> frozenset[tuple[str, str]]:
        return frozenset((entry.key.incident, entry.key.channel) for entry in self.entries if entry.event in _SAID)

    def open_claims(self) -> Iterator[Entry]:
        """The claims of runs that did not say what came of them."""
        for entries in self._by_key.values():
            settled = {entry.run for entry in entries if entry.event is not Event.CLAIMED}
            yield from (entry for entry in entries if entry.run not in settled)


def _settled(entry: Entry, now: datetime, dead: frozenset[str]) -> Event:
    """The last event of a run, of which an old claim means that nobody knows."""
    if entry.event is not Event.CLAIMED:
        return entry.event
    is_over = entry.run in dead or entry.until is None or entry.until <= now
    return Event.UNKNOWN if is_over else Event.CLAIMED


def _order(line: str) -> tuple[str, int, str]:
    """By time; of one time, a claim comes before what came of it."""
    entry = Entry.of(line)
    return (clock.iso(entry.at), int(entry.event is not Event.CLAIMED), line) if entry else ("", 0, line)
