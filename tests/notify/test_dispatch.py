"""How messages are sent: again after a pause, as the channel says, one after the other, in a time that ends."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import messages
import pytest
from hypothesis import given
from hypothesis import strategies as st

from status_tool.model.channel import Channel, ChannelKind
from status_tool.notify import dispatch, limits
from status_tool.notify.channels.driver import Driver
from status_tool.notify.delivery import Delivery
from status_tool.notify.due import Message, Speaker
from status_tool.notify.ledger import Entry, Event, Ledger, State
from status_tool.notify.receipt import Outcome, Receipt
from status_tool.notify.words import Words
from status_tool.system import clock
from status_tool.system.web import Web

SAID = Receipt(Outcome.DELIVERED, "1")
BUSY, UNKNOWN, NO = Receipt(Outcome.UNSENT), Receipt(Outcome.UNKNOWN), Receipt(Outcome.REJECTED)


def later(seconds: float) -> Receipt:
    return Receipt(Outcome.UNSENT, retry_after=seconds)


@dataclass
class Time:
    """Time that passes when somebody sleeps, or when `takes` says that an attempt takes some."""

    now: float = 1_000.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def sleep(self, seconds: float) -> None:
        with self.lock:
            self.now += seconds

    @property
    def clock(self) -> dispatch.Clock:
        return dispatch.Clock(lambda: self.now, self.sleep)


@dataclass
class Service:
    """What is sent when, and what it says to each attempt; the last answer is repeated."""

    answers: Sequence[Receipt] = (SAID,)
    takes: float = 0.0
    time: Time = field(default_factory=Time)
    attempts: list[tuple[float, Delivery]] = field(default_factory=list)

    def send(self, delivery: Delivery) -> Receipt:
        number = len(self.attempts)
        self.attempts.append((self.time.now - 1_000, delivery))
        self.time.sleep(self.takes)
        return self.answers[min(number, len(self.answers) - 1)]

    @property
    def times(self) -> list[float]:
        return [at for at, _ in self.attempts]


def speaker(send: Callable[[Delivery], Receipt], recognises: float = 0, **keys: object) -> Speaker:
    driver = Driver(send, "post", lambda channel: limits.UNLIMITED, "", lambda channel: timedelta(seconds=recognises))
    return Speaker(Channel("toot", ChannelKind.MASTODON, **keys), driver, {})  # type: ignore[arg-type]


def message(speaker: Speaker, number: int = 0, recipient: str = "", incident: str = "") -> Message:
    at = messages.NOTICE.at + timedelta(minutes=number)
    notice = replace(messages.NOTICE, at=at, update=clock.iso(at), incident=incident or messages.NOTICE.incident)
    return Message(speaker, notice, Words(f"word {number}", "", "en"), recipient, State.DUE)


def sent(to_send: Sequence[Message], time: Time, ledger: Ledger | None = None) -> list[tuple[Message, Receipt]]:
    done: list[tuple[Message, Receipt]] = []

    def record(message: Message, receipt: Receipt) -> None:
        done.append((message, receipt))

    dispatch.send(to_send, ledger or Ledger(), record, Web(), time.clock)
    return done


def outcome(service: Service, recognises: float = 0, **keys: object) -> Outcome:
    [(_, receipt)] = sent([message(speaker(service.send, recognises, **keys))], service.time)
    return receipt.outcome


def test_pauses_grow_until_the_time_is_over() -> None:
    service = Service([BUSY])

    assert outcome(service) is Outcome.UNSENT
    assert service.times == [0, 1, 3, 7, 15, 31, 61, 91]


def test_the_time_of_a_channel_is_its_own() -> None:
    service = Service([BUSY])
    outcome(service, timeout=timedelta(seconds=10))

    assert service.times == [0, 1, 3, 7]


def test_what_is_said_or_refused_is_not_tried_again() -> None:
    for answer in (SAID, Receipt(Outcome.ACCEPTED), NO):
        service = Service([BUSY, answer, UNKNOWN])

        assert outcome(service) is answer.outcome
        assert service.times == [0, 1]


@pytest.mark.parametrize(
    ("seconds", "times"),
    [(7.0, [0, 7]), (0.0, [0, 1]), (0.2, [0, 1]), (119.0, [0, 119]), (120.0, [0]), (3_600.0, [0])],
)
def test_a_channel_is_asked_again_when_it_says(seconds: float, times: list[float]) -> None:
    service = Service([later(seconds), SAID])

    assert outcome(service) is (SAID.outcome if len(times) == 2 else Outcome.UNSENT)
    assert service.times == times


def test_a_channel_that_always_says_at_once_is_not_asked_at_once() -> None:
    service = Service([later(0.0)])
    outcome(service)

    assert service.times == [0, 1, 3, 7, 15, 31, 61, 91]


def test_nobody_else_is_told_anything_while_a_channel_wants_to_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "AT_ONCE", 1)
    service = Service([SAID, later(500.0), SAID])
    voice = speaker(service.send)
    done = sent([message(voice, recipient=name) for name in "abcd"], service.time)

    assert [receipt.outcome for _, receipt in done] == [Outcome.DELIVERED, *[Outcome.UNSENT] * 3]
    assert [delivery.recipient for _, delivery in service.attempts] == ["a", "b"]


def test_what_nobody_knows_is_repeated_only_where_that_is_harmless() -> None:
    here, there = Service([UNKNOWN, SAID]), Service([UNKNOWN, SAID])

    assert (outcome(here), here.times) == (Outcome.UNKNOWN, [0])
    assert (outcome(there, recognises=600), there.times) == (Outcome.DELIVERED, [0, 1])


def test_it_is_repeated_as_long_as_the_channel_remembers() -> None:
    service = Service([UNKNOWN], takes=20)

    assert outcome(service, recognises=120, timeout=timedelta(hours=1)) is Outcome.UNKNOWN
    assert service.times == [0, 21, 43, 67, 95]


def test_what_nobody_knows_stays_so_when_the_repeat_is_not_sent() -> None:
    service = Service([UNKNOWN, BUSY])

    assert outcome(service, recognises=600) is Outcome.UNKNOWN


def test_a_mistake_of_the_program_leaves_it_unknown() -> None:
    def broken(delivery: Delivery) -> Receipt:
        raise KeyError("secret-word")

    [(_, receipt)] = sent([message(speaker(broken))], Time())

    assert (receipt.outcome, receipt.detail) == (Outcome.UNKNOWN, "the program failed: KeyError")


@pytest.mark.parametrize(
    ("takes", "seconds"), [(0.0, [20, 20, 20, 20, 15]), (40.0, [20, 20, 20]), (50.0, [20, 20, 17])]
)
def test_an_attempt_never_takes_longer_than_what_is_left(takes: float, seconds: list[float]) -> None:
    service = Service([BUSY], takes=takes)
    outcome(service, timeout=timedelta(seconds=120) if takes else timedelta(seconds=30))

    assert [delivery.seconds for _, delivery in service.attempts] == seconds


def test_a_limit_per_minute_is_kept() -> None:
    service = Service()
    voice = speaker(service.send, per_minute=6, timeout=timedelta(seconds=45))
    done = sent([message(voice, number) for number in range(8)], service.time)

    assert service.times == [0, 10, 20, 30, 40]
    assert [receipt.outcome for _, receipt in done] == [*[Outcome.DELIVERED] * 5, *[Outcome.UNSENT] * 3]
    assert done[5][1].detail == "its turn did not come within 45 s"


def test_attempts_count_in_a_limit_per_minute() -> None:
    service = Service([BUSY, SAID])
    voice = speaker(service.send, per_minute=6)
    sent([message(voice, number) for number in range(2)], service.time)

    assert service.times == [0, 10, 20]


def test_what_is_not_sent_keeps_back_what_comes_later() -> None:
    service = Service([SAID, BUSY])
    voice = speaker(service.send)
    done = sent([message(voice, number) for number in range(4)], service.time)

    assert [receipt.outcome for _, receipt in done] == [Outcome.DELIVERED, *[Outcome.UNSENT] * 3]
    assert [receipt.detail for _, receipt in done][2:] == ["an earlier message is not sent yet"] * 2
    assert {delivery.words.text for _, delivery in service.attempts} == {"word 0", "word 1"}


@pytest.mark.parametrize("answer", [NO, UNKNOWN])
def test_what_is_refused_or_unclear_keeps_nothing_back(answer: Receipt) -> None:
    service = Service([answer, SAID])
    voice = speaker(service.send)
    done = sent([message(voice, number) for number in range(2)], service.time)

    assert [receipt.outcome for _, receipt in done] == [answer.outcome, Outcome.DELIVERED]


def test_one_recipient_does_not_keep_back_another() -> None:
    def send(delivery: Delivery) -> Receipt:
        return BUSY if delivery.recipient == "ann" else SAID

    voice = speaker(send)
    done = sent([message(voice, number, name) for number in range(2) for name in ("ann", "bob")], Time())
    by_name = {(message.recipient, message.words.text): receipt.outcome for message, receipt in done}

    assert by_name == {
        ("ann", "word 0"): Outcome.UNSENT,
        ("ann", "word 1"): Outcome.UNSENT,
        ("bob", "word 0"): Outcome.DELIVERED,
        ("bob", "word 1"): Outcome.DELIVERED,
    }


def test_a_slow_channel_does_not_keep_back_a_quick_one() -> None:
    quick_is_done = threading.Event()

    def slow(delivery: Delivery) -> Receipt:
        return SAID if quick_is_done.wait(10) else NO

    voices = {name: speaker(slow if name == "slow" else lambda delivery: SAID) for name in ("slow", "quick")}
    to_send = [
        message(replace(voice, channel=replace(voice.channel, name=name)), number)
        for number in range(3)
        for name, voice in voices.items()
    ]
    done: list[tuple[str, Outcome]] = []

    def record(message: Message, receipt: Receipt) -> None:
        done.append((message.speaker.channel.name, receipt.outcome))
        if len(done) == 3:
            quick_is_done.set()

    dispatch.send(to_send, Ledger(), record, Web())

    assert done == [*[("quick", Outcome.DELIVERED)] * 3, *[("slow", Outcome.DELIVERED)] * 3]


def test_replies_name_what_was_said_before_of_the_same_incident() -> None:
    service = Service([Receipt(Outcome.DELIVERED, str(number)) for number in range(10, 20)])
    voice = speaker(service.send)
    earlier = message(voice, -1, incident="a")
    ledger = Ledger((Entry(messages.NOTICE.at, earlier.key, Event.DELIVERED, "r", id="9").line,))
    order = [message(voice, number, incident=name) for number, name in enumerate("abab")]
    sent(order, service.time, ledger)

    threads = [(delivery.notice.incident, delivery.root, delivery.parent) for _, delivery in service.attempts]
    assert threads == [("a", "9", "9"), ("b", "", ""), ("a", "9", "10"), ("b", "11", "11")]


def test_a_repeat_is_no_reply_to_itself() -> None:
    service = Service([UNKNOWN, SAID])
    outcome(service, recognises=600)

    assert [(delivery.root, delivery.parent) for _, delivery in service.attempts] == [("", ""), ("", "")]


def test_nothing_to_send_is_nothing() -> None:
    assert sent([], Time()) == []


receipts = st.sampled_from([SAID, Receipt(Outcome.ACCEPTED), BUSY, UNKNOWN, NO, later(0), later(5), later(500)])


@given(
    answers=st.lists(receipts, min_size=1, max_size=12),
    people=st.integers(1, 6),
    updates=st.integers(1, 4),
    recognises=st.sampled_from([0, 10, 600]),
    per_minute=st.sampled_from([None, 6, 600]),
    takes=st.sampled_from([0, 7]),
)
def test_each_message_has_one_last_receipt(
    answers: list[Receipt], people: int, updates: int, recognises: int, per_minute: int | None, takes: float
) -> None:
    service = Service(answers, takes)
    voice = speaker(service.send, recognises, per_minute=per_minute)
    to_send = [message(voice, number, f"p{person}") for number in range(updates) for person in range(people)]
    done = sent(to_send, service.time)

    assert sorted(message.key for message, _ in done) == sorted(message.key for message in to_send)
    for each in {message.recipient for message in to_send}:
        mine = [(message.words.text, receipt.outcome) for message, receipt in done if message.recipient == each]
        assert [text for text, _ in mine] == [f"word {number}" for number in range(updates)]
        outcomes = [outcome for _, outcome in mine]
        if Outcome.UNSENT in outcomes:
            assert set(outcomes[outcomes.index(Outcome.UNSENT) :]) == {Outcome.UNSENT}


@given(answers=st.lists(st.sampled_from([SAID, UNKNOWN]), min_size=1, max_size=6), updates=st.integers(1, 6))
def test_where_no_repeat_is_recognised_everything_is_written_once(answers: list[Receipt], updates: int) -> None:
    service = Service(answers)
    voice = speaker(service.send)
    sent([message(voice, number) for number in range(updates)], service.time)

    assert [delivery.words.text for _, delivery in service.attempts] == [f"word {number}" for number in range(updates)]
