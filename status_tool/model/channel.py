"""A way to reach people other than the site: what the owner configured of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from enum import StrEnum

from status_tool.model.component import Impact
from status_tool.model.update import Kind


class ChannelKind(StrEnum):
    """How a channel is spoken to."""

    EMAIL = "email"
    SMS = "sms"
    GAMMU = "gammu"
    MASTODON = "mastodon"
    SIGNAL = "signal"
    TELEGRAM = "telegram"
    TRUST_CAFE = "trustcafe"
    MEWE = "mewe"
    WEBHOOK = "webhook"
    SLACK = "slack"
    DISCORD = "discord"
    TEAMS = "teams"
    MATRIX = "matrix"
    NTFY = "ntfy"
    BLUESKY = "bluesky"
    APPRISE = "apprise"
    PERSON = "person"
    """No program may use it: `status kit` has the words, and a person says them."""


class Mode(StrEnum):
    """Who decides that something is said on a channel."""

    CONFIRM = "confirm"
    """A person, each time; with `--yes`, whoever typed it. No workflow speaks there."""
    AUTO = "auto"
    """Nobody: a workflow may speak there, too."""
    MANUAL = "manual"
    """A person says it by hand, with the words of `status kit`."""


@dataclass(frozen=True)
class Channel:
    """A channel; what its kind does not need is empty. Secrets and contact data are in the environment.

    An attribute that ends in `_env` is the name of an environment variable.
    """

    name: str
    kind: ChannelKind
    mode: Mode = Mode.CONFIRM
    url: str = ""
    """The address of the service, as configured; empty for that of its kind. Of an SMS, that of the request."""
    url_env: str = ""
    """Holds the address, where that is the secret."""
    auth_url: str = ""
    """Where Trust Café gives tokens."""
    server_env: str = ""
    """Holds the mail server: `smtp://user:password@host:587`."""
    token_env: str = ""
    """Holds the secret with which the service knows us."""
    app_env: str = ""
    """Holds the id and the key of an application of MeWe: `id:key`."""
    sender: str = ""
    """Who speaks: a mail address, a name on an SMS, a handle."""
    sender_env: str = ""
    """Holds the sender, where that is a telephone number."""
    to: str = ""
    """A public place: a room, a topic, a public channel, a group."""
    to_env: str = ""
    """Holds the recipients, separated by commas."""
    spool: str = ""
    """The folder from which gammu-smsd sends."""
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, str] = field(default_factory=dict)
    """The request for an SMS: values with the placeholders `{to}`, `{text}`, `{from}`, `{token}` and `{key}`."""
    encoding: str = "json"
    """How the body of that request is written: `json` or `form`."""
    idempotency_header: str = ""
    """A header by which a mail relay or a provider of SMS recognises a repeat."""
    visibility: str = "public"
    """Who sees a post on Mastodon: `public`, `unlisted`, `private` or `direct`."""
    limit: int | None = None
    """The largest number of characters, where it differs from that of the kind."""
    segments: int = 2
    """The largest number of messages that an SMS may be charged as."""
    components: tuple[str, ...] = ()
    """Only what affects one of these is said; empty: everything."""
    impact: Impact | None = None
    """Only what has at least this impact is said."""
    kinds: tuple[Kind, ...] = ()
    """Only these kinds are spoken of; empty: both."""
    languages: tuple[str, ...] = ()
    """The languages in which everything is said; empty: the site's own."""
    quiet: tuple[time, time] | None = None
    """From when to when nothing is said, in the site's zone, except for a critical impact."""
    per_minute: int | None = None
    """The largest number of messages in a minute."""
    timeout: timedelta = timedelta(minutes=2)
    """How long all attempts of one run may take."""
    max_age: timedelta = timedelta(hours=24)
    """An update that is older is no news here."""
    is_drill: bool = False
    """Whether it is for drills only."""
