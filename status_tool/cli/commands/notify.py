"""status notify: what was written is said on the other channels, once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from status_tool.cli import terminal
from status_tool.errors import Problem, StatusError
from status_tool.project import project
from status_tool.project.project import Project

if TYPE_CHECKING:
    from status_tool.notify.due import Due, Message, Wanted
    from status_tool.notify.ledger_store import LedgerStore
    from status_tool.notify.notification import Notification
    from status_tool.notify.receipt import Receipt

FEW = 10
"""Up to how many messages of a channel are told one by one."""
SHOWN = 40
"""How many lines of one text are shown."""


@click.command(name="notify")
@click.option("--channel", "channels", multiple=True, metavar="NAME", help="On this channel only; may be repeated.")
@click.option("--incident", metavar="INCIDENT", help="Of this incident only.")
@click.option("--yes", "agrees", is_flag=True, help="Do not ask: speak on channels of mode auto, and on those named.")
@click.option("--dry-run", is_flag=True, help="Show what would be said, and say nothing.")
@click.option("--corrections", is_flag=True, help="Also say what was corrected after it was said.")
@click.option("--resend", is_flag=True, help="Also what may have been said already, or was refused.")
@click.option("--no-claim", is_flag=True, help="Do not ask the remote who has said it: while the forge is down.")
def command(
    channels: tuple[str, ...],
    incident: str | None,
    agrees: bool,
    dry_run: bool,
    corrections: bool,
    resend: bool,
    no_claim: bool,
) -> None:
    """Say on the other channels what was not said there yet, in their words, after you have read it.

    Shows each text in full, then asks. The ledger, which is pushed with the repository's own remote, knows what
    was said, so that two people and a workflow say everything once. Exit code 1 when something was not said.

    Example: status notify --incident api --channel mail
    """
    from status_tool.notify import notification
    from status_tool.notify.due import Wanted
    from status_tool.notify.ledger_store import LedgerStore
    from status_tool.notify.notification import Notification

    site = project.load()
    wanted = Wanted(site.choose(incident).id if incident else None, corrections, resend)
    chosen = notification.chosen(site.settings, channels)
    if agrees and not channels:
        chosen = [channel for channel in chosen if channel.mode == "auto"]
    speakers, unusable = notification.speakers(chosen)
    store = LedgerStore(site.settings.folder)
    _look_at_the_remote(store, no_claim=no_claim)
    speakers, other_keys = notification.refuse_other_keys(speakers, store.read(), site.now)
    unusable |= other_keys
    found = Notification(site, speakers, wanted)
    due = found.due(store.read())
    _show(site, due, unusable)
    by_hand = [] if channels else list(_by_hand(site, wanted, store))
    terminal.say(*by_hand)
    failures = [_as_problem(name, error) for name, error in unusable.items()]
    failures += [_unclear(message) for message in due.unclear]
    if not due.messages:
        is_all = not (failures or due.held or due.too_old or due.claimed or by_hand)
        where = "On the channels of mode auto, everything" if agrees and not channels else "Everything"
        terminal.say(f"{where} is said." if is_all else "There is nothing else to say.")
    elif not dry_run:
        approved = due.messages if agrees else _approved(due.messages)
        failures += _say(found, store, approved, no_claim=no_claim)
    failures = list(dict.fromkeys(failures))
    if failures and not dry_run:
        raise StatusError.of(failures)
    for failure in failures:
        click.echo(str(failure), err=True)


# -- what is shown -------------------------------------------------------------------------------


def _show(site: Project, due: Due, unusable: dict[str, StatusError]) -> None:
    from itertools import groupby

    for _, group in groupby(due.messages, key=lambda message: (message.speaker.channel.name, message.notice.key)):
        messages = list(group)
        terminal.say(*_text(messages[0], len(messages)), "")
    for held in due.held:
        terminal.say(f"{held.channel.name}: {held.why}: {held.notice.label}, {held.notice.title}")
    for name, number in due.too_old.items():
        what = "1 update of an open incident is" if number == 1 else f"{number} updates of open incidents are"
        terminal.say(f"{name}: {what} older than max_age, and not said there.")
    for message in due.claimed:
        terminal.say(
            f"{message.speaker.channel.name}: another run is saying it: {message.notice.label}, {message.notice.title}"
        )


def _by_hand(site: Project, wanted: Wanted, store: LedgerStore) -> Iterator[str]:
    """A line for each word that a person has still to say on a channel of theirs."""
    from status_tool.notify import marking
    from status_tool.notify.notification import Notification

    manual = [channel for channel in site.settings.channels if channel.mode == "manual" and not channel.is_drill]
    if manual:
        due = Notification(site, [marking.by_hand(channel) for channel in manual], wanted).due(store.read())
        for message in (*due.messages, *due.unclear):
            notice, name = message.notice, message.speaker.channel.name
            words = f"status kit {notice.incident}; when it is said: status kit {notice.incident} --mark-sent {name}"
            yield f"{terminal.bold(name)}, by hand: {notice.label}, {notice.title}. Its words: {words}"


def _text(message: Message, recipients: int) -> Iterator[str]:
    """The lines of a message as it will be said."""
    speaker, words = message.speaker, message.words
    limit = speaker.driver.limit(speaker.channel)
    size = f"{limit.measure(words.text):,} of {limit.most:,} {limit.unit}"
    to = f", to {recipients} recipients" if recipients > 1 else ", to 1 recipient" if speaker.ledger_key else ""
    cut = ", cut" if words.is_cut else ""
    again = " AGAIN, as nobody knows whether it was said" if message.state == "unknown" else ""
    again = " AGAIN, as it was refused" if message.state == "rejected" else again
    yield f"{terminal.bold(speaker.channel.name)} ({speaker.channel.kind}{to}){again}: {size}{cut}"
    if speaker.driver.form == "mail":
        yield f"  | {words.subject}"
        yield "  |"
    lines = words.text.split("\n")
    yield from (f"  | {line}".rstrip() for line in lines[:SHOWN])
    if len(lines) > SHOWN:
        yield f"  | ... and {len(lines) - SHOWN} more lines"


def _approved(messages: Sequence[Message]) -> list[Message]:
    """Those that the person agrees to."""
    if not terminal.can_ask():
        hint = "Agree without a question: status notify --yes --channel NAME\nOnly look: status notify --dry-run"
        raise StatusError("nobody can be asked here, so nothing was said.", hint=hint)
    names = list(dict.fromkeys(message.speaker.channel.name for message in messages))
    choices = click.Choice(["y", "n", "c"] if len(names) > 1 else ["y", "n"], case_sensitive=False)
    which = "[y]es, [n]o, or [c]hoose channels" if len(names) > 1 else "[y]es or [n]o"
    try:
        answer = click.prompt(f"Say this? {which}", type=choices, show_choices=False)
        agreed = names if answer == "y" else []
        if answer == "c":
            agreed = [name for name in names if click.confirm(f"On {name}?", default=False)]
    except click.Abort:
        agreed = []
        click.echo()
    if not agreed:
        terminal.say("Nothing was said. To say it later: status notify")
    return [message for message in messages if message.speaker.channel.name in agreed]


# -- what is said --------------------------------------------------------------------------------


def _look_at_the_remote(store: LedgerStore, *, no_claim: bool) -> None:
    """Takes what others said, if the remote answers; the claim says it when it does not."""
    from status_tool.notify.ledger_store import Unreachable

    if no_claim or not store.remote:
        return
    try:
        store.fetch()
    except Unreachable as error:
        click.echo(f"What others said is not known: {error}", err=True)


def _say(found: Notification, store: LedgerStore, approved: Sequence[Message], *, no_claim: bool) -> list[Problem]:
    """Claims, sends and records; what was not said, and why."""
    from status_tool.notify.ledger_store import Unreachable

    if not approved:
        return []
    if no_claim:
        warning = "Nobody else is asked. If another person or a workflow says the same now, it is said twice."
        click.echo(click.style(warning, fg="yellow"), err=True)
    try:
        mine = found.claim(store, approved, offline=no_claim)
    except Unreachable as error:
        hint = f"Try again. While the forge is down: status notify --no-claim\nGit said: {error}"
        raise StatusError("the ledger cannot be reached, so nothing was said.", store.remote, hint=hint) from None
    if len(mine) < len(approved):
        terminal.say(f"{len(approved) - len(mine)} of them were claimed or said by somebody else meanwhile.")
    lock = threading.Lock()

    crowd = Counter(message.speaker.channel.name for message in mine)

    def report(message: Message, receipt: Receipt) -> None:
        with lock:
            if crowd[message.speaker.channel.name] <= FEW or not receipt.is_said:
                terminal.say(_result(message, receipt))

    try:
        done = found.send(mine, store.read(), store.append, report)
    except KeyboardInterrupt:
        click.echo("Nobody knows what became of that which was being sent: status ledger", err=True)
        raise
    for name, number in crowd.items():
        said = sum(receipt.is_said for message, receipt in done if message.speaker.channel.name == name)
        if number > FEW:
            terminal.say(f"{name}: {said} of {number} messages said")
    if not no_claim:
        try:
            store.publish()
        except Unreachable as error:
            what = "What came of it is kept here only: others see it as not known."
            click.echo(f"{what} To bring it to them: status ledger --push\nGit said: {error}", err=True)
    return [_not_said(message, receipt) for message, receipt in done if not receipt.is_said]


def _result(message: Message, receipt: Receipt) -> str:
    color = "green" if receipt.is_said else "red"
    outcome = click.style(receipt.outcome.value, fg=color)
    parts = [f"{message.speaker.channel.name}: {outcome}", receipt.url, receipt.detail]
    return "  ".join(filter(None, parts))


def _as_problem(name: str, error: StatusError) -> Problem:
    problems = error.problems
    hint = "\n".join(filter(None, [problems[0].hint, *(problem.what for problem in problems[1:])]))
    return Problem(f"the channel {name} cannot be used: {problems[0].what}", hint=hint)


def _unclear(message: Message) -> Problem:
    name, notice = message.speaker.channel.name, message.notice
    what = "was refused" if message.state == "rejected" else "may have been said already: nobody knows"
    hint = (
        f"Look there. Then, to say it: status notify --resend --channel {name}\n"
        f"If it is there: status kit {notice.incident} --mark-sent {name}"
    )
    return Problem(f"{name}: {notice.label}, {notice.title}: {what}.", hint=hint)


def _not_said(message: Message, receipt: Receipt) -> Problem:
    name = message.speaker.channel.name
    if receipt.outcome == "unsent":
        return Problem(f"{name}: not said: {receipt.detail}.", hint="Nothing was sent. To try again: status notify")
    if receipt.outcome == "rejected":
        hint = f"Put it right; then: status notify --resend --channel {name}"
        return Problem(f"{name}: refused: {receipt.detail}.", hint=hint)
    if message.speaker.driver.recognises(message.speaker.channel):
        hint = "A repeat does no harm there. To try again: status notify"
    else:
        hint = f"Look there. If it is not there: status notify --resend --channel {name}"
    return Problem(f"{name}: nobody knows whether it was said: {receipt.detail}.", hint=hint)
