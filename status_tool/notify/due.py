"""What has not been said yet: which update, on which channel, to whom, in which words."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from status_tool.model.channel import Channel
from status_tool.model.component import Impact
from status_tool.model.incident import Incident
from status_tool.model.update import Kind
from status_tool.notify import notices, wording
from status_tool.notify.channels.driver import Driver
from status_tool.notify.ledger import Key, Ledger, State
from status_tool.notify.notice import Notice
from status_tool.notify.words import Words
from status_tool.render.context import RenderContext


@dataclass(frozen=True)
class Speaker:
    """A channel with what it needs: its secrets, and whom it reaches."""

    channel: Channel
    driver: Driver
    secrets: Mapping[str, str] = field(repr=False)
    recipients: tuple[str, ...] = ("",)
    ledger_key: str = field(default="", repr=False)
    """With it, nobody learns the recipients from the ledger."""

    def to(self, recipient: str) -> str:
        """What stands in the ledger for a recipient; nothing for a place that everybody may know."""
        return f"{self.mark}-{self._code(recipient.casefold(), 16)}" if self.ledger_key else ""

    @cached_property
    def mark(self) -> str:
        """What tells one ledger key from another; empty without one."""
        return self._code("", 4) if self.ledger_key else ""

    def _code(self, text: str, length: int) -> str:
        return hmac.new(self.ledger_key.encode(), text.encode(), hashlib.sha256).hexdigest()[:length]


@dataclass(frozen=True)
class Message:
    """One notice on one channel to one recipient."""

    speaker: Speaker
    notice: Notice
    words: Words
    recipient: str = field(repr=False)
    state: State

    @cached_property
    def key(self) -> Key:
        notice = self.notice
        to = self.speaker.to(self.recipient)
        return Key(notice.incident, notice.update, notice.language, self.speaker.channel.name, to)


@dataclass(frozen=True)
class Held:
    """What is not said now, and why."""

    channel: Channel
    notice: Notice
    why: str


@dataclass(frozen=True)
class Due:
    """Everything that the channels lack, the oldest first."""

    messages: tuple[Message, ...] = ()
    """To be sent. Where the channel recognises a repeat, also what may have been sent already."""
    unclear: tuple[Message, ...] = ()
    """What may have been sent already, or was refused: a person looks, and decides."""
    claimed: tuple[Message, ...] = ()
    """What another run is sending now."""
    held: tuple[Held, ...] = ()
    too_old: Mapping[str, int] = field(default_factory=dict)
    """Channel -> how many updates of open incidents were never said there, and are no news any more."""


@dataclass(frozen=True)
class Wanted:
    """What is asked for."""

    incident: str | None = None
    """An id; None for all."""
    corrections: bool = False
    resend: bool = False
    """Also what may have been sent already, or was refused."""


class Finder:
    """Finds what is due. `contexts`: language -> the context in which notices are written; `""` for the site's own."""

    def __init__(self, contexts: Callable[[str], RenderContext], now: datetime, zone: ZoneInfo, wanted: Wanted) -> None:
        self._contexts, self._now, self._zone, self._wanted = contexts, now, zone, wanted
        self._longest = timedelta()
        self._notices: dict[str, list[tuple[datetime, Notice]]] = {}

    def find(self, speakers: Sequence[Speaker], ledger: Ledger, dead: Iterable[str]) -> Due:
        """What `ledger` lacks on these channels. `dead`: runs that are known to have ended."""
        ended = frozenset(dead)
        self._longest = max((speaker.channel.max_age for speaker in speakers), default=timedelta())
        messages: list[Message] = []
        held: list[Held] = []
        too_old: dict[str, int] = {}
        for speaker in speakers:
            for published, notice in self._of(speaker, ledger):
                if self._now - published > speaker.channel.max_age:
                    if not notice.has_ended and any(self._unsaid(speaker, notice, ledger, ended)):
                        too_old[speaker.channel.name] = too_old.get(speaker.channel.name, 0) + 1
                    continue
                found = list(self._unsaid(speaker, notice, ledger, ended))
                if found and (why := _quiet(speaker.channel, notice, self._now, self._zone)):
                    held.append(Held(speaker.channel, notice, why))
                else:
                    messages += found
        send, unclear, claimed = [], [], []
        for message in messages:
            is_harmless = message.state is State.UNKNOWN and self._is_recognised(message, ledger)
            if message.state is State.CLAIMED:
                claimed.append(message)
            elif message.state is State.DUE or is_harmless or self._wanted.resend:
                send.append(message)
            else:
                unclear.append(message)
        return Due(tuple(send), tuple(unclear), tuple(claimed), tuple(held), too_old)

    def _is_recognised(self, message: Message, ledger: Ledger) -> bool:
        """Whether the channel would still know a repeat of what may have been sent."""
        speaker = message.speaker
        first = min((entry.at for entry in ledger.of(message.key)), default=self._now)
        return self._now - first < speaker.driver.recognises(speaker.channel)

    def _unsaid(self, speaker: Speaker, notice: Notice, ledger: Ledger, dead: frozenset[str]) -> Iterator[Message]:
        words: Words | None = None
        for recipient in speaker.recipients:
            message = Message(speaker, notice, Words("", "", ""), recipient, State.DUE)
            state = ledger.state(message.key, self._now, dead)
            if state is State.SAID:
                continue
            words = words or self._words(speaker, notice)
            yield replace(message, words=words, state=state)

    def _words(self, speaker: Speaker, notice: Notice) -> Words:
        templates = self._contexts(notice.language).templates
        return wording.words(notice, speaker.driver.limit(speaker.channel), templates, speaker.driver.form)

    def _of(self, speaker: Speaker, ledger: Ledger) -> Iterator[tuple[datetime, Notice]]:
        """`(when it was published, notice)` of what is for this channel, the oldest first, in each of its languages."""
        channel = speaker.channel
        found = [pair for code in channel.languages or ("",) for pair in self._in_language(code)]
        for published, notice in sorted(found, key=lambda pair: pair[0]):
            if is_wanted(channel, notice, ledger):
                yield published, notice

    def _in_language(self, code: str) -> list[tuple[datetime, Notice]]:
        """`(when it was published, notice)` of everything that is news, the oldest first."""
        if code not in self._notices:
            context = self._contexts(code)
            incidents: Sequence[Incident] = context.summary.incidents
            if self._wanted.incident:
                incidents = [incident for incident in incidents if incident.id == self._wanted.incident]
            found = (pair for incident in incidents for pair in self._of_incident(context, incident))
            self._notices[code] = sorted(found, key=lambda pair: pair[0])
        return self._notices[code]

    def _of_incident(self, context: RenderContext, incident: Incident) -> Iterator[tuple[datetime, Notice]]:
        """What was published of an incident; what is withdrawn has nothing to say but that.

        A drill speaks of its own incident only, and everything else of none of a drill.
        """
        since = self._now - self._longest
        if incident.is_open_at(self._now) and not incident.is_maintenance:
            since = incident.first.published_at
        if incident.changed_at < since or incident.drill != context.is_drill:
            return
        if incident.withdrawn:
            yield incident.withdrawal_published_at or incident.withdrawn, notices.withdrawal(context, incident)
            return
        for update in incident.updates:
            if since <= update.published_at <= self._now:
                yield update.published_at, notices.update(context, incident, update)
            if self._wanted.corrections and update.edited:
                yield update.edited, notices.correction(context, incident, update)


def is_wanted(channel: Channel, notice: Notice, ledger: Ledger) -> bool:
    """Whether a channel is for a notice. Whoever has heard of an incident hears the rest of it, too."""
    if ledger.has_said(notice.incident, channel.name):
        return True
    if notice.status == notices.WITHDRAWN:
        return False
    if channel.kinds and Kind(notice.kind) not in channel.kinds:
        return False
    if channel.components and not set(channel.components) & set(notice.affected):
        return False
    is_incident = notice.kind == Kind.INCIDENT
    is_too_small = channel.impact and notice.level and _IMPACTS.index(notice.level) < _IMPACTS.index(channel.impact)
    return not (is_incident and is_too_small)


_IMPACTS = list(Impact)


def _quiet(channel: Channel, notice: Notice, now: datetime, zone: ZoneInfo) -> str:
    """Until when nothing is said on a channel; empty when it may be said now."""
    if channel.quiet is None or notice.level is Impact.CRITICAL:
        return ""
    begin, end = channel.quiet
    local = now.astimezone(zone).time()
    is_quiet = begin <= local < end if begin < end else local >= begin or local < end
    return f"quiet until {end:%H:%M}" if is_quiet else ""
