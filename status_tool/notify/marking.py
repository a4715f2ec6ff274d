"""What a person has said by hand, as the ledger keeps it."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta

from status_tool.model.channel import Channel, Mode
from status_tool.notify import secrets
from status_tool.notify.channels import CHANNELS
from status_tool.notify.due import Speaker, Wanted
from status_tool.notify.ledger import Entry, Event
from status_tool.notify.ledger_store import LedgerStore
from status_tool.notify.notification import Notification
from status_tool.project.project import Project
from status_tool.system import clock

PERSON = "person"
"""In the place of a run."""
_EVER = timedelta(days=36_500)


def by_hand(channel: Channel) -> Speaker:
    """A channel on which a person speaks: it needs nothing from the environment."""
    return Speaker(channel, CHANNELS[channel.kind], {})


def mark(site: Project, store: LedgerStore, channel: Channel, incident: str) -> int:
    """Notes that everything of an incident is said on a channel; how many messages that are that nobody had said."""
    found = by_hand(channel) if channel.mode is Mode.MANUAL else secrets.speaker(channel, os.environ)
    everything = replace(channel, max_age=_EVER, quiet=None, components=(), impact=None, kinds=())
    speaker = replace(found, channel=everything)
    run = Notification(site, [speaker], Wanted(incident, resend=True))
    due = run.due(store.read())
    now = clock.now()
    entries = [Entry(now, message.key, Event.DELIVERED, PERSON) for message in (*due.messages, *due.claimed)]
    store.append(entries)
    return len(entries)
