"""How each kind of channel is spoken to: a module with a function `send` for each, and what is known of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from status_tool.model.channel import Channel, ChannelKind
from status_tool.notify import limits
from status_tool.notify.channels import (
    apprise,
    bluesky,
    by_hand,
    discord,
    email,
    gammu,
    mastodon,
    matrix,
    mewe,
    ntfy,
    signal,
    slack,
    sms,
    teams,
    telegram,
    trust_cafe,
    webhook,
)
from status_tool.notify.channels.driver import Driver
from status_tool.notify.words import Limit

_NOTHING = "Nothing is known by which it would recognise a repeat: a person looks, and decides."
_MOST = 3_000
"""Characters, where a service states no limit, or a very large one: more is for the page."""


def _limit(limit: Callable[[int], Limit], most: int) -> Callable[[Channel], Limit]:
    """The limit of the kind, or the channel's own where it is smaller or the owner knows better."""
    return lambda channel: limit(channel.limit or most)


def _by_header(channel: Channel) -> timedelta:
    return timedelta(hours=12) if channel.idempotency_header else timedelta()


CHANNELS: dict[ChannelKind, Driver] = {
    ChannelKind.EMAIL: Driver(
        email.send,
        "mail",
        _limit(limits.characters, 20_000),
        "By `idempotency_header`, with a relay that honours one; otherwise a person looks, and decides.",
        _by_header,
    ),
    ChannelKind.SMS: Driver(
        sms.send,
        "sms",
        lambda channel: limits.sms(channel.segments),
        "By `idempotency_header`, with a provider that honours one; otherwise a person looks, and decides.",
        _by_header,
    ),
    ChannelKind.GAMMU: Driver(
        gammu.send,
        "sms",
        lambda channel: limits.sms(channel.segments),
        "By the name of the file, as long as gammu has not taken it; after that, a person looks, and decides.",
    ),
    ChannelKind.MASTODON: Driver(
        mastodon.send,
        "post",
        _limit(limits.mastodon, 500),
        "By the header `Idempotency-Key`, for an hour.",
        lambda channel: timedelta(minutes=50),
    ),
    ChannelKind.SIGNAL: Driver(signal.send, "post", _limit(limits.characters, 2_000), _NOTHING),
    ChannelKind.TELEGRAM: Driver(telegram.send, "post", _limit(limits.utf_16_units, _MOST), _NOTHING),
    ChannelKind.TRUST_CAFE: Driver(trust_cafe.send, "post", _limit(limits.characters, 500), _NOTHING),
    ChannelKind.MEWE: Driver(mewe.send, "post", _limit(limits.characters, _MOST), _NOTHING),
    ChannelKind.WEBHOOK: Driver(
        webhook.send,
        "mail",
        _limit(limits.characters, 20_000),
        "By the header `Webhook-Id`, which the receiver compares.",
        lambda channel: timedelta(days=1),
    ),
    ChannelKind.SLACK: Driver(slack.send, "post", _limit(limits.characters, _MOST), _NOTHING),
    ChannelKind.DISCORD: Driver(
        discord.send,
        "post",
        lambda channel: Limit(channel.limit or 2_000, discord.length, "characters"),
        "As a bot, by the nonce, for some minutes; by a webhook, not at all: a person looks, and decides.",
        lambda channel: timedelta(minutes=2) if channel.token_env else timedelta(),
    ),
    ChannelKind.TEAMS: Driver(
        teams.send,
        "post",
        lambda channel: limits.characters(channel.limit) if channel.limit else Limit(20_000, teams.size, "bytes"),
        _NOTHING,
    ),
    ChannelKind.MATRIX: Driver(
        matrix.send,
        "post",
        _limit(limits.characters, _MOST),
        "By the transaction id, for half an hour at least.",
        lambda channel: timedelta(minutes=30),
    ),
    ChannelKind.NTFY: Driver(
        ntfy.send,
        "post",
        _limit(limits.octets, 4_000),
        "By the sequence id, with ntfy from 2.16 on: a repeat replaces the first. Older servers publish it twice.",
        lambda channel: timedelta(hours=3),
    ),
    ChannelKind.BLUESKY: Driver(
        bluesky.send,
        "post",
        _limit(limits.characters, 300),
        "By the key of the record, which is made from the time of the update: for ever.",
        lambda channel: timedelta(days=365),
    ),
    ChannelKind.PERSON: Driver(
        by_hand.send,
        "post",
        _limit(limits.characters, _MOST),
        "A person speaks, and notes it: `status kit --mark-sent NAME`.",
    ),
    ChannelKind.APPRISE: Driver(apprise.send, "mail", _limit(limits.characters, 1_000), _NOTHING),
}
"""Every kind."""
