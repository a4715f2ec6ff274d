"""Which template and which values each HTML page is rendered with, before it gets its frame."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import accumulate, groupby
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup

from status_tool.model import metrics
from status_tool.model.component import ComponentStatus
from status_tool.model.days import midnight
from status_tool.model.incident import Incident
from status_tool.model.update import Text, Update
from status_tool.model.uptime import DOWNTIME_WEIGHTS, ComponentSummary
from status_tool.outputs import cards, feeds, frame, replay, statuspage_api
from status_tool.outputs.bars import bar_of
from status_tool.outputs.cards import Card
from status_tool.outputs.frame import Page
from status_tool.outputs.groups import groups_of
from status_tool.outputs.replay import Replay, Step
from status_tool.render import phrases, transitions
from status_tool.render.context import PAST_AFTER, RenderContext
from status_tool.text import plain_text
from status_tool.text.relative_links import NO_LINKS

NOINDEX = '<meta name="robots" content="noindex">'
FEEDS = ("feed.atom", "feed.rss", "feed.json")
MAX_LISTED = 50
"""The largest number of incidents on a component's page; the history has all of them."""
INCIDENTS_PER_MONTH_PAGE = 100
"""The largest number of incidents on one page of a month."""
MAX_LISTED_PER_DAY = 10
"""The largest number of incidents per day on the home page; the page of the month has all of them."""
MAX_LISTED_DAYS = 10
"""The largest number of days that the list below a bar has on the home page; that of a component has all of them."""
MAX_EARLIER = 10
"""The largest number of earlier updates below the newest one on the home page; the incident's page has all of them."""
MAX_EARLIER_LENGTH = 10_000
"""The largest number of characters of all these together, in Markdown."""


def home(context: RenderContext) -> Page:
    title = context.marked(phrases.headline(context.language, context.summary))
    return _home(context, "", title, cards.home_address(context), replays=replay.on_home(context))


def step(context: RenderContext, step: Step) -> Page:
    """The home page as it stood at a step of a replay, with links to the other steps; search engines leave it out."""
    then = context.as_of(step.update.published_at)
    title = f"{phrases.replay(context.language, then.now)} – {phrases.headline(context.language, then.summary)}"
    page = _home(then, step.path, title, step.picture, step=step)
    return replace(page, head=NOINDEX + page.head)


def _home(
    context: RenderContext,
    path: str,
    title: str,
    picture: str,
    replays: Sequence[Replay] = (),
    step: Step | None = None,
) -> Page:
    """The home page, with links into `replays`; or the same as a `step` of a replay. `picture` is that of its card."""
    shown_status = context.summary.shown_status
    _ = context.language.gettext
    description = _("Current state of %(name)s, open incidents, planned work and the last days.") % {
        "name": context.settings.site_name
    }
    return _page(
        context,
        path,
        "home.html",
        title,
        description,
        card=cards.home(context, description, picture),
        icon=shown_status,
        transitions=context.transitions,
        headline=phrases.headline(context.language, context.summary),
        shown_status=shown_status,
        groups=groups_of(context.summary.components),
        max_listed=MAX_LISTED_PER_DAY,
        max_days=MAX_LISTED_DAYS,
        earlier_updates=earlier_updates,
        announcement=context.announcement,
        own_page=Markup(frame.OWN_PAGE),
        replays=replays,
        step=step,
    )


def earlier_updates(incident: Incident) -> list[Update]:
    """The updates that the home page has below the newest one, newest first, as far as they are not too long."""
    updates = list(reversed(incident.updates[:-1]))[:MAX_EARLIER]
    lengths = accumulate(sum(map(len, update.message.translations.values())) for update in updates)
    return [update for update, length in zip(updates, lengths, strict=True) if length <= MAX_EARLIER_LENGTH]


def may_change(context: RenderContext, month: date) -> bool:
    """Whether the page of a month may still change with the time: the month is not past, or one of its incidents."""
    current_month = (context.now - PAST_AFTER).astimezone(context.summary.zone).date().replace(day=1)
    return month >= current_month or month not in context.settled_months


def adjacent_months(context: RenderContext, month: date) -> tuple[date | None, date | None]:
    """`(earlier, later)`: the nearest months with incidents before and after `month`; None if there is none."""
    months = list(context.summary.by_month)
    index = months.index(month)  # newest first
    return (months[index + 1] if index + 1 < len(months) else None), (months[index - 1] if index else None)


def incident(context: RenderContext, incident: Incident) -> Page:
    code = context.language.code
    newest_text = incident.reason or incident.last.message
    title = phrases.withdrawn_title(context.language, incident)
    excerpt = plain_text.one_line(newest_text.in_language(code)[1], 160, context.links(incident))
    has_feed = feeds.has_feed(context, incident)
    return _page(
        context,
        f"incidents/{incident.id}/",
        "incident.html",
        title,
        excerpt or title,
        card=cards.incident(context, incident, title, excerpt),
        icon=incident.shown_severity_at(context.now) if incident.is_open_at(context.now) else None,
        present=not context.is_past(incident),
        changed=incident.changed_at,
        transitions=transitions.of_page(context.transitions, (), (incident.id,)),
        incident=incident,
        metrics=None
        if incident.is_maintenance or incident.withdrawn
        else metrics.of_incident(incident, context.settings.counted_promise, context.now),
        status=incident.status_at(context.now),
        has_feed=has_feed,
        replay=replay.of_incident(context, incident),
        feeds=("feed.atom",) if has_feed else (),
    )


def component(context: RenderContext, summary: ComponentSummary) -> Page:
    _ = context.language.gettext
    title = summary.component.name
    description = (
        _("State of %(name)s, its uptime by month and its incidents.")
        if context.settings.shows_uptime
        else _("State of %(name)s and its incidents.")
    ) % {"name": title}
    known = [uptime for uptime in summary.uptime if uptime.outage_durations]
    years = [(year, list(months)) for year, months in groupby(known, key=lambda uptime: uptime.month.year)]
    return _page(
        context,
        f"components/{summary.component.id}/",
        "component.html",
        title,
        description,
        card=cards.component(context, summary, description),
        icon=summary.status,
        transitions=transitions.of_page(
            context.transitions, (summary.component.id,), [incident.id for incident in summary.incidents[:MAX_LISTED]]
        ),
        component_summary=summary,
        state_label=phrases.component_state(context.language, summary),
        feeds=FEEDS,
        years=years,
        weights=DOWNTIME_WEIGHTS,
        weights_label=phrases.weights(context.language, DOWNTIME_WEIGHTS),
        listed=summary.incidents[:MAX_LISTED],
    )


def history(context: RenderContext) -> Page:
    _ = context.language.gettext
    years, sections = [], []
    for year, group in groupby(context.summary.by_month.items(), key=lambda item: item[0].year):
        months = list(group)
        year_metrics, section = context.past_year_cache.get(
            _year_digest(context, months), partial(_year, context, year, months)
        )
        years.append((year, months, year_metrics))
        sections.append(Markup(section))
    return _page(
        context,
        "history/",
        "history.html",
        _("History"),
        _("All incidents and maintenance, by month."),
        years=years,
        sections=sections,
    )


Months = Sequence[tuple[date, Sequence[Incident]]]
"""`(first day of a month, its incidents)`, newest first."""


def _year_digest(context: RenderContext, months: Months) -> str:
    """The digest of the inputs of a year's section in the history; empty if the section may still change."""
    first_days = [month for month, _ in months]
    is_past = context.past_months.issuperset(first_days) and not context.templates.depends_on_now
    return context.digest_of_months(first_days) if is_past else ""


def _year(context: RenderContext, year: int, months: Months) -> tuple[metrics.YearMetrics, str]:
    """The metrics of a year, and its section in the history as HTML."""
    zone = context.summary.zone
    period = metrics.Period(midnight(date(year, 1, 1), zone), midnight(date(year + 1, 1, 1), zone))
    incident_metrics: list[metrics.Metrics] = []
    maintenance = 0
    for incidents in _by_first_month(months):
        digest = context.digest_of(incidents, year) if all(map(context.is_past, incidents)) else ""
        compute = partial(metrics.of_all, incidents, context.settings.counted_promise, context.now, period)
        incident_metrics += context.past_month_cache.get(digest, compute)
        maintenance += sum(incident.is_maintenance and not incident.withdrawn for incident in incidents)
    year_metrics = metrics.of_year(incident_metrics, maintenance)
    values = _template_values(context, "history/")
    return year_metrics, context.templates.render(
        "_year.html", **values, year=year, months=months, metrics=year_metrics
    )


def _by_first_month(months: Months) -> Iterator[list[Incident]]:
    """For each month, oldest first, the incidents that no earlier one of `months` lists."""
    seen: set[str] = set()
    for _, incidents in reversed(months):
        yield [incident for incident in incidents if incident.id not in seen]
        seen.update(incident.id for incident in incidents)


@dataclass(frozen=True)
class MonthPage:
    """One page of a month: some of its incidents, newest first; `number` is from 1 to `count`."""

    month: date
    number: int
    count: int
    incidents: tuple[Incident, ...]

    @property
    def path(self) -> str:
        return month_path(self.month, self.number)


def month_pages(context: RenderContext, month: date) -> list[MonthPage]:
    """The pages of a month, each small enough for a mobile phone."""
    incidents = context.summary.by_month[month]
    size = INCIDENTS_PER_MONTH_PAGE
    pages = [incidents[begin : begin + size] for begin in range(0, len(incidents), size)]
    return [MonthPage(month, number, len(pages), listed) for number, listed in enumerate(pages, 1)]


def month_path(month: date, number: int) -> str:
    """The path of page `number` of a month: `history/2021-10/`, `history/2021-10-2/`."""
    return f"history/{month:%Y-%m}/" if number == 1 else f"history/{month:%Y-%m}-{number}/"


def month(context: RenderContext, month_page: MonthPage) -> Page:
    _ = context.language.gettext
    month, incidents = month_page.month, month_page.incidents
    earlier, later = adjacent_months(context, month)
    title = context.language.month(month)
    if month_page.count > 1:
        numbers = {"number": month_page.number, "all": month_page.count}
        title = _("%(month)s, page %(number)d of %(all)d") % {"month": title, **numbers}
    return _page(
        context,
        month_page.path,
        "month.html",
        title,
        _("All incidents and maintenance in %(month)s.") % {"month": context.language.month(month)},
        transitions=transitions.of_page(context.transitions, (), [incident.id for incident in incidents]),
        present=may_change(context, month),
        month_page=month_page,
        month_path=month_path,
        changed=max(incident.changed_at for incident in incidents),
        month=month,
        days=_by_day(context, month, incidents),
        later=later,
        earlier=earlier,
    )


def subscribe(context: RenderContext) -> Page:
    _ = context.language.gettext
    description = _("Feeds, calendar, badges, embedding and documents for programs.")
    calendar = "webcal:" + urlsplit(f"{context.site_url}maintenance.ics")._replace(scheme="").geturl()
    return _page(
        context,
        "subscribe/",
        "subscribe.html",
        _("Subscribe"),
        description,
        url=context.site_url,
        components=[component.component for component in context.summary.components],
        calendar=calendar,
        most_recent=statuspage_api.MOST_RECENT,
    )


def llms(context: RenderContext) -> bytes:
    """`/llms.txt` (https://llmstxt.org/): a description of the site, and the URLs of its texts, documents and feeds."""
    replay = phrases.replay(context.language, context.now) if context.is_replay else ""
    text = context.templates.render(
        "llms.txt",
        settings=context.settings,
        components=[component.component for component in context.summary.components],
        url=context.site_url,
        replay=replay,
    )
    return re.sub(r"\n{3,}", "\n\n", text).strip().encode("utf-8") + b"\n"


def feed_links(context: RenderContext, base: str, title: str = "", files: Sequence[str] = ()) -> str:
    """The `<link>`s to feeds: the page's own feeds `files` with `title`, then the site's feeds, below `base`."""
    return context.templates.render("_feed_links.html", base=base, context=context, title=title, files=files)


def _page(
    context: RenderContext,
    path: str,
    template: str,
    title: str,
    description: str,
    feeds: Sequence[str] = (),
    icon: ComponentStatus | None = None,
    transitions: Sequence[dict[str, Any]] = (),
    present: bool = True,
    replays: Sequence[Replay] = (),
    step: Step | None = None,
    card: Card | None = None,
    **values: Any,
) -> Page:
    """`present` is whether the page may change with the time, so that it must show when it was written.

    `replays` are those to whose steps it leads; `step` is the step that it is. Without a `card`, it gets one that
    says nothing about a status.
    """
    shared = {**_template_values(context, path), "replays": replays, "step": step}
    band = context.templates.render("_replay.html", **shared) if context.is_replay else ""
    band += context.templates.render("_drill.html", **shared) if context.is_drill else ""
    body = band + context.templates.render(
        template,
        **shared,
        title=title,
        present=present,
        old_icon=context.tab_icon(ComponentStatus.UNKNOWN) if icon is not None else "",
        transitions=json.dumps(transitions, ensure_ascii=False, separators=(",", ":")) if transitions else "",
        **values,
    )
    head = cards.tags(context, path, card or cards.page(context, context.marked(title), description))
    head += feed_links(context, frame.base(path), title if feeds else "", feeds)
    address = "" if icon is None else context.tab_icon(icon)
    is_file = address and not address.startswith("data:")
    return Page(path, title, description, body, head, frame.base(path) + address if is_file else address)


def _template_values(context: RenderContext, path: str) -> dict[str, Any]:
    """The values for every template of the page at `path`."""
    return {
        "context": context,
        "summary": context.summary,
        "settings": context.settings,
        "base": frame.base(path),
        "path": path,
        "component_label": lambda status: phrases.component_status(context.language, status),
        "update_label": lambda status: phrases.update_status(context.language, status),
        "impact_label": lambda incident: phrases.impact(context.language, incident, context.now),
        "help_texts": lambda incident: phrases.help_texts(context.language, incident),
        "runs": bar_of,
        "statuses": (*ComponentStatus, None),
        "excerpt": lambda text, incident=None: _marked_excerpt(context, text, incident),
    }


def _by_day(
    context: RenderContext, month: date, incidents: Sequence[Incident]
) -> list[tuple[date | None, list[Incident]]]:
    """`(day, the incidents that began on it)`, in the order of `incidents`; None is for those from before `month`."""
    zone = context.summary.zone

    def day(incident: Incident) -> date | None:
        began = incident.start.astimezone(zone).date()
        return began if began >= month else None

    return [(began, list(group)) for began, group in groupby(incidents, key=day)]


def _marked_excerpt(context: RenderContext, text: Text, incident: Incident | None) -> Markup:
    code, source = text.in_language(context.language.code)
    return context.templates.marked(
        code, plain_text.one_line(source, 240, context.links(incident) if incident else NO_LINKS)
    )
