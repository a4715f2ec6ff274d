"""What a person needs to say an update by hand: the words for each place, counted, with a link that opens it there."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from status_tool.notify import limits, wording
from status_tool.notify.notice import Notice
from status_tool.notify.words import Limit
from status_tool.render.templates import Templates

SHORT_WORDS, LONG_WORDS = 50, 140
"""What is read aloud in 20 and in 60 seconds."""


@dataclass(frozen=True)
class Place:
    """Where a person says it, and how much fits there."""

    name: str
    form: str
    limit: Limit
    share: str = ""
    """An address that opens the place with the text: `{text}`, `{url}` and `{subject}` are filled in."""


PLACES = (
    Place("X", "post", limits.x(), "https://x.com/intent/post?text={text}"),
    Place("Bluesky", "post", limits.characters(300), "https://bsky.app/intent/compose?text={text}"),
    Place("Mastodon", "post", limits.mastodon(500), "https://mastodon.social/share?text={text}"),
    Place("Threads", "post", limits.characters(500), "https://www.threads.net/intent/post?text={text}"),
    Place("LinkedIn", "post", limits.characters(3_000)),
    Place("Telegram", "post", limits.utf_16_units(4_096), "https://t.me/share/url?url={url}&text={text}"),
    Place("Signal", "post", limits.characters(2_000)),
    Place("Trust Café", "post", limits.characters(500)),
    Place("MeWe", "post", limits.characters(3_000), "https://mewe.com/share?link={url}"),
    Place("Yubo", "subject", limits.characters(100)),
    Place("SMS", "sms", limits.sms(2), "sms:?&body={text}"),
    Place("E-mail", "mail", limits.UNLIMITED, "mailto:?subject={subject}&body={text}"),
)


@dataclass(frozen=True)
class PlaceText:
    """The words for a place."""

    place: Place
    text: str
    subject: str
    """Of an e-mail; empty elsewhere."""
    size: str
    """`141 of 280 characters`"""
    share: str
    """The address that opens the place; empty where there is none."""
    is_cut: bool


@dataclass(frozen=True)
class Kit:
    """Everything of one notice."""

    notice: Notice
    places: tuple[PlaceText, ...]
    short: str
    """To read aloud in 20 seconds, as on the telephone, or in a live."""
    long: str
    """In 60 seconds."""
    press: str


def make(notice: Notice, templates: Templates) -> Kit:
    """StatusError when a template of the site has a mistake."""

    def spoken(most: int) -> str:
        return wording.words(notice, limits.spoken(most), templates, "speech").text

    places = tuple(_place_text(place, notice, templates) for place in PLACES)
    press = wording.words(notice, limits.UNLIMITED, templates, "press").text
    return Kit(notice, places, spoken(SHORT_WORDS), spoken(LONG_WORDS), press)


def _place_text(place: Place, notice: Notice, templates: Templates) -> PlaceText:
    words = wording.words(notice, place.limit, templates, place.form)
    count = place.limit.measure(words.text)
    is_bounded = place.limit is not limits.UNLIMITED
    size = f"{count:,} of {place.limit.most:,} {place.limit.unit}" if is_bounded else f"{count:,} {place.limit.unit}"
    subject = words.subject if place.form == "mail" else ""
    values = {"text": words.text, "url": notice.url, "subject": words.subject}
    share = place.share.format(**{name: quote(value, safe="") for name, value in values.items()})
    return PlaceText(place, words.text, subject, size, share, words.is_cut)
