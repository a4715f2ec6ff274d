"""What a chat or a social network shows for a link to a page: its card, by Open Graph (https://ogp.me/).

A preview in a chat stays there for ever. So a card that says how things are also says as of when. The picture of an
incident depends only on its status, so that many incidents share a few pictures.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

from status_tool.model.component import OPERATIONAL, ComponentStatus
from status_tool.model.incident import Incident
from status_tool.model.update import UpdateStatus
from status_tool.model.uptime import ComponentSummary
from status_tool.outputs.pictures import SIZE, Picture
from status_tool.render import phrases
from status_tool.render.context import RenderContext
from status_tool.system import clock, fingerprint
from status_tool.text.zones import zone_name

FOLDER = "assets/cards/"
SITE, HOME = f"{FOLDER}site.png", f"{FOLDER}home.png"
MAX_NAMED = 3
"""The largest number of incidents that the card of the home page names."""


@dataclass(frozen=True)
class Card:
    """What a link to a page shows. All texts are plain."""

    title: str
    description: str
    picture: str
    """The path of the picture below the site's root."""
    picture_text: str
    """What the picture says, for those who do not see it."""
    changed: str = ""
    """When the subject of the page last changed, in ISO 8601; empty if the page has no subject of its own."""
    languages: tuple[str, ...] = ()
    """The other languages in which the page says it: `("fr",)`."""


def tags(context: RenderContext, path: str, card: Card) -> str:
    """The `<meta>` elements for the card of the page at `path`."""
    properties = [
        ("og:type", "article" if card.changed else "website"),
        ("og:site_name", context.settings.site_name),
        ("og:title", card.title),
        ("og:description", card.description),
        ("og:url", context.site_url + path),
        ("og:locale", context.language.territory_tag),
        *(("og:locale:alternate", context.language.territory_tag_of(code)) for code in card.languages),
        ("og:image", context.site_url + card.picture),
        ("og:image:type", "image/png"),
        ("og:image:width", str(SIZE[0])),
        ("og:image:height", str(SIZE[1])),
        ("og:image:alt", card.picture_text),
        *([("article:modified_time", card.changed)] if card.changed else []),
    ]
    lines = [f'<meta property="{name}" content="{escape(content)}">' for name, content in properties if content]
    return "\n".join([*lines, '<meta name="twitter:card" content="summary_large_image">', ""])


# -- the card of each kind of page -----------------------------------------------------------------


def page(context: RenderContext, title: str, description: str) -> Card:
    """The card of a page about no status."""
    name = context.settings.site_name
    return Card(f"{title} – {name}" if title and title != name else name, description or name, SITE, name)


def home(context: RenderContext, description: str, picture: str) -> Card:
    """The card of the home page, or of a step of a replay; `description` is for the time when nothing is going on."""
    language, summary, name = context.language, context.summary, context.settings.site_name
    headline = phrases.headline(language, summary)
    named = [
        f"{found.title.in_language(language.code)[1]} – {phrases.update_status(language, found.status_at(summary.now))}"
        for found in (*summary.open, *summary.running)[:MAX_NAMED]
    ]
    return Card(
        title=f"{_as_of(context)} – {headline}",
        description=language.labelled(name, "; ".join(named)) if named else description,
        picture=picture,
        picture_text=f"{language.labelled(name, headline)}. {_as_of(context)}",
    )


def home_address(context: RenderContext) -> str:
    """The path of the picture of the home page, with a version: programs keep a picture by its address."""
    return f"{HOME}?v={fingerprint.digest_of(of_home(context))[:8]}"


def component(context: RenderContext, summary: ComponentSummary, description: str) -> Card:
    status = phrases.component_state(context.language, summary)
    state = context.language.labelled(summary.component.name, status)
    picture = SITE if summary.status is OPERATIONAL or summary.retired_at else _status_path(summary.status)
    name = context.settings.site_name
    return Card(
        title=f"{_as_of(context)} – {state}",
        description=context.language.labelled(name, description),
        picture=picture,
        picture_text=name if picture == SITE else context.language.labelled(name, context.marked(status)),
    )


def incident(context: RenderContext, incident: Incident, title: str, text: str) -> Card:
    """The card of an incident with this `title`; `text` is its newest text in a few words, which may be empty."""
    language, name = context.language, context.settings.site_name
    state = _state(context, incident)
    lead = _lead(context, incident)
    return Card(
        title=context.marked(title),
        description=language.labelled(lead, text) if text else lead,
        picture=_path(state),
        picture_text=language.labelled(name, _label(context, state)),
        changed=clock.iso(incident.last_published_at),
        languages=tuple(code for code, _ in incident.title.other_translations(language.code) if code),
    )


def _lead(context: RenderContext, incident: Incident) -> str:
    """`Investigating, 4 October 2021, 16:07 UTC`: the status, and the time of the newest text or of the work."""
    language, now = context.language, context.now
    if incident.withdrawn:
        return f"{language.gettext(phrases.WITHDRAWN)}, {language.date_time(incident.withdrawn)}"
    if not incident.is_maintenance or incident.last_status.ends:
        return f"{phrases.update_status(language, incident.last.status)}, {language.date_time(incident.last.at)}"
    extent = phrases.extent(language, incident.extent_at(now))
    if now < incident.start:
        return phrases.planned(language, extent)
    return f"{phrases.update_status(language, incident.status_at(now))}, {extent}"


def _as_of(context: RenderContext) -> str:
    """`As of 4 October 2021, 20:00 UTC`, or `Replay: as of ...`."""
    if context.is_replay:
        return phrases.replay(context.language, context.now)
    as_of = context.language.gettext("As of %(time)s") % {"time": context.language.date_time(context.now)}
    return context.marked(as_of)


# -- the pictures ----------------------------------------------------------------------------------


def pictures(context: RenderContext) -> dict[str, Picture]:
    """Path below the site's root -> picture, for all pages but the steps of replays."""
    incidents = {_state(context, incident) for incident in context.summary.incidents}
    components = {component.status for component in context.summary.components} - {OPERATIONAL}
    return {
        SITE: _picture(context, context.settings.site_name, "", None),
        HOME: of_home(context),
        **{
            _path(state): _picture(context, _label(context, state), status=state[1])
            for state in sorted(incidents, key=_path)
        },
        **{
            _status_path(status): _picture(
                context, context.marked(phrases.component_status(context.language, status)), status=status
            )
            for status in sorted(components)
        },
    }


def of_home(context: RenderContext) -> Picture:
    """The picture of the home page, or of a step of a replay."""
    local = context.now.astimezone(context.language.zone)
    plain = context.marked(f"{local:%Y-%m-%d %H:%M} {zone_name(local)}")
    headline = phrases.headline(context.language, context.summary)
    return _picture(context, headline, status=context.summary.shown_status, times=(_as_of(context), plain))


def _picture(
    context: RenderContext,
    headline: str,
    name: str | None = None,
    status: ComponentStatus | None = None,
    times: Iterable[str] = (),
) -> Picture:
    parts = urlsplit(context.site_url)
    name = context.settings.site_name if name is None else name
    return Picture(headline, name, f"{parts.netloc}{parts.path}".rstrip("/"), tuple(times), status)


_State = tuple[UpdateStatus | None, ComponentStatus | None]
"""What the picture of an incident shows: its status, or None if it is withdrawn; and of which colour."""


def _state(context: RenderContext, incident: Incident) -> _State:
    status = incident.status_at(context.now)
    if incident.withdrawn or status is UpdateStatus.CANCELLED:
        return None if incident.withdrawn else status, None
    return status, OPERATIONAL if status.ends else incident.shown_severity_at(context.now)


def _label(context: RenderContext, state: _State) -> str:
    status, language = state[0], context.language
    return context.marked(phrases.update_status(language, status) if status else language.gettext(phrases.WITHDRAWN))


def _path(state: _State) -> str:
    """`assets/cards/investigating-major_outage.png`, `assets/cards/resolved.png`"""
    status, shape = state
    if status is None:
        return f"{FOLDER}withdrawn.png"
    return f"{FOLDER}{status}.png" if status.ends else f"{FOLDER}{status}-{shape}.png"


def _status_path(status: ComponentStatus) -> str:
    return f"{FOLDER}{status}.png"
