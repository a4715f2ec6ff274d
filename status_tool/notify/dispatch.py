"""How messages are sent: all channels at once, each in its own time, the oldest message first."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from status_tool.notify.delivery import Delivery
from status_tool.notify.due import Message, Speaker
from status_tool.notify.ledger import Ledger
from status_tool.notify.receipt import Outcome, Receipt
from status_tool.system import threads
from status_tool.system.web import Web

ATTEMPT_SECONDS = 20.0
"""How long one attempt may take."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds before the second attempt, which double, where the channel does not say when it wants to be asked again."""
AT_ONCE = 4
"""To how many recipients of a channel messages are sent at the same time."""
Record = Callable[[Message, Receipt], None]


@dataclass(frozen=True)
class Clock:
    """The time that passes, for tests to replace."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass
class _Channel:
    """One channel while its messages are sent."""

    speaker: Speaker
    clock: Clock
    web: Web
    said: dict[tuple[str, ...], list[str]]
    """The ids of what was said before, by incident and recipient, for replies."""
    record: Record
    deadline: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)
    next_turn: float = 0.0
    """When the next message may be sent: by the limit of messages in a minute, or as the channel itself says."""

    def send_all(self, messages: Sequence[Message]) -> None:
        self.deadline = self.clock.now() + self.speaker.channel.timeout.total_seconds()
        by_recipient = sorted(messages, key=lambda message: message.recipient)
        queues = [list(group) for _, group in groupby(by_recipient, key=lambda message: message.recipient)]
        threads.run_all(self._send_queue, queues, AT_ONCE)

    def _send_queue(self, messages: Sequence[Message]) -> None:
        """To one recipient: what comes later waits for what comes first."""
        is_stuck = False
        for message in messages:
            receipt = (
                Receipt(Outcome.UNSENT, detail="an earlier message is not sent yet")
                if is_stuck
                else self._sent(message)
            )
            is_stuck = receipt.outcome is Outcome.UNSENT
            self.record(message, receipt)

    def _sent(self, message: Message) -> Receipt:
        """The receipt of the last attempt."""
        driver, channel = self.speaker.driver, self.speaker.channel
        thread = self.said.setdefault((message.key.incident, *message.key[2:]), [])
        pause, begun = FIRST_PAUSE, self.clock.now()
        receipt = Receipt(Outcome.UNSENT, detail=f"its turn did not come within {channel.timeout.total_seconds():g} s")
        unclear: Receipt | None = None
        while self._waits_for_its_turn():
            seconds = min(ATTEMPT_SECONDS, self.deadline - self.clock.now())
            delivery = Delivery(
                channel,
                self.speaker.secrets,
                message.recipient,
                message.notice,
                message.words,
                root=thread[0] if thread else "",
                parent=thread[-1] if thread else "",
                web=self.web,
                seconds=max(seconds, 0.1),
            )
            receipt = _attempt(delivery, self.speaker)
            if receipt.is_said and receipt.id:
                thread.append(receipt.id)
            if receipt.outcome is Outcome.UNKNOWN:
                unclear = receipt
            elif receipt.outcome is not Outcome.UNSENT:
                return receipt
            wait = max(pause, receipt.retry_after or 0.0)
            if receipt.retry_after:
                self._hold(wait)
            again = self.clock.now() + wait
            is_too_late = unclear is not None and again - begun >= driver.recognises(channel).total_seconds()
            if is_too_late or again >= self.deadline:
                break
            self.clock.sleep(wait)
            pause = min(pause * 2, LONGEST_PAUSE)
        return unclear or receipt

    def _hold(self, seconds: float) -> None:
        """Sends nothing at all for so long: whom a channel tells to wait, it does not want to hear from others."""
        with self.lock:
            self.next_turn = max(self.next_turn, self.clock.now() + seconds)

    def _waits_for_its_turn(self) -> bool:
        """Waits until one more message in this minute is allowed; False when that is after the deadline."""
        with self.lock:
            turn = max(self.next_turn, self.clock.now())
            if turn >= self.deadline:
                return False
            if self.speaker.channel.per_minute:
                self.next_turn = turn + 60 / self.speaker.channel.per_minute
        if (wait := turn - self.clock.now()) > 0:
            self.clock.sleep(wait)
        return True


def _attempt(delivery: Delivery, speaker: Speaker) -> Receipt:
    """What came of one attempt; a mistake in our own program leaves it unknown."""
    try:
        return speaker.driver.send(delivery)
    except Exception as error:
        return Receipt(Outcome.UNKNOWN, detail=f"the program failed: {type(error).__name__}")


def send(messages: Sequence[Message], ledger: Ledger, record: Record, web: Web, clock: Clock | None = None) -> None:
    """Sends each message and tells `record` what came of it, one at a time; from threads of its own.

    A channel that is slow does not hold up another one. `ledger` has what was said before, for replies.
    """
    lock = threading.Lock()

    def recorded(message: Message, receipt: Receipt) -> None:
        with lock:
            record(message, receipt)

    by_channel: dict[str, list[Message]] = {}
    for message in messages:
        by_channel.setdefault(message.speaker.channel.name, []).append(message)
    channels = [
        _Channel(queue[0].speaker, clock or Clock(), web, _said(queue, ledger), recorded)
        for queue in by_channel.values()
    ]
    queues = list(zip(channels, by_channel.values(), strict=True))
    threads.run_all(lambda pair: pair[0].send_all(pair[1]), queues, len(queues))


def _said(messages: Sequence[Message], ledger: Ledger) -> dict[tuple[str, ...], list[str]]:
    """For each recipient and incident, by which ids the channel knows what was said, the oldest first."""
    found: dict[tuple[str, ...], list[str]] = {}
    for message in messages:
        key = message.key
        said = ledger.said(key.incident, key.language, key.channel, key.to)
        found[(key.incident, *key[2:])] = [entry.id for entry in said if entry.id]
    return found
