"""The pages readers see, as bodies to be poured into the frame."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup

from status_tool.model import metrics
from status_tool.model.component import OPERATIONAL, ComponentStatus
from status_tool.model.incident import Incident, Text
from status_tool.model.uptime import DOWNTIME, ComponentSummary, Day
from status_tool.outputs import feeds, frame, statuspage_api
from status_tool.outputs.frame import Page
from status_tool.render import icons, phrases, transitions
from status_tool.render.context import PAST, RenderContext
from status_tool.text import markdown_text

FEEDS = ("feed.atom", "feed.rss", "feed.json")
LISTED = 50
"""How many incidents a component's page lists; the history has the rest."""
LISTED_IN_MONTH = 100
LISTED_IN_DAY = 10
"""How many incidents of a day the home page lists; the month has the rest."""
QUIET = (OPERATIONAL, None)
"""How a day was of which a bar has nothing to say."""


def home(context: RenderContext) -> Page:
    title = phrases.headline(context.language, context.summary)
    shown = context.summary.shown
    _ = context.language.gettext
    description = _("Current state of %(name)s, open incidents, planned work and the last days.") % {
        "name": context.settings.site_name
    }
    return _page(
        context,
        "",
        "home.html",
        title,
        description,
        icon=icons.address(shown),
        transitions=context.transitions,
        headline=title,
        shown=shown,
        groups=_groups(context.summary.components),
        most=LISTED_IN_DAY,
    )


def is_present(context: RenderContext, month: date) -> bool:
    """Whether the page of a month speaks of the present: it is not over, or something of it is not."""
    here = (context.now - PAST).astimezone(context.summary.zone).date().replace(day=1)
    return month >= here or month not in context.past_months


def beside(context: RenderContext, month: date) -> tuple[date | None, date | None]:
    """The months before and after it in which anything began."""
    months = list(context.summary.by_month)
    place = months.index(month)
    return (months[place + 1] if place + 1 < len(months) else None), (months[place - 1] if place else None)


def incident(context: RenderContext, incident: Incident) -> Page:
    code = context.language.code
    title = incident.title.within(code)[1]
    described = _excerpt(markdown_text.plain(incident.last.message.within(code)[1]), 160)
    has_feed = feeds.has_feed(context, incident)
    return _page(
        context,
        f"incidents/{incident.id}/",
        "incident.html",
        title,
        described,
        icon=icons.address(incident.severity) if incident.is_open_at(context.now) else "",
        present=not context.is_past(incident),
        changed=incident.changed_at,
        transitions=transitions.of_page(context.transitions, (), (incident.id,)),
        incident=incident,
        figures=None
        if incident.is_maintenance
        else metrics.of_incident(incident, context.settings.promise, context.now),
        status=incident.status_at(context.now),
        has_feed=has_feed,
        feeds=("feed.atom",) if has_feed else (),
    )


def component(context: RenderContext, part: ComponentSummary) -> Page:
    _ = context.language.gettext
    title = part.component.name
    description = _("State of %(name)s, its uptime by month and its incidents.") % {"name": title}
    known = [uptime for uptime in part.uptime if uptime.share is not None]
    years = [(year, list(months)) for year, months in groupby(known, key=lambda uptime: uptime.month.year)]
    return _page(
        context,
        f"components/{part.component.id}/",
        "component.html",
        title,
        description,
        icon=icons.address(part.status),
        transitions=transitions.of_page(
            context.transitions, (part.component.id,), [found.id for found in part.incidents[:LISTED]]
        ),
        part=part,
        feeds=FEEDS,
        years=years,
        weights=DOWNTIME,
        weights_label=phrases.weights(context.language, DOWNTIME),
        listed=part.incidents[:LISTED],
    )


def history(context: RenderContext) -> Page:
    _ = context.language.gettext
    years, sections = [], []
    for year, group in groupby(context.summary.by_month.items(), key=lambda item: item[0].year):
        months = list(group)
        sum, section = context.years.get(_name_of_year(context, months), partial(_year, context, year, months))
        years.append((year, months, sum))
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


def _name_of_year(context: RenderContext, months: Months) -> str:
    """A name for all that the history says of these months; none where it may say something else tomorrow."""
    here = [month for month, _ in months]
    is_over = context.past_months.issuperset(here) and not context.templates.depends_on_now
    return context.digest_of_months(here) if is_over else ""


def _year(context: RenderContext, year: int, months: Months) -> tuple[metrics.YearMetrics, str]:
    """The figures of a year, and its section in the history."""
    each: list[metrics.Metrics] = []
    maintenance = 0
    for month, found in months:
        name = context.months[month] if month in context.past_months else ""
        known = context.figures.get(name, partial(metrics.of_all, found, context.settings.promise, context.now))
        each += known
        maintenance += len(found) - len(known)
    sum = metrics.of_year(each, maintenance)
    values = _sayable(context, "history/")
    return sum, context.templates.render("_year.html", **values, year=year, months=months, sum=sum)


@dataclass(frozen=True)
class Part:
    """A page of a month: so many of its incidents, the newest first; `number` counts from 1 to `of`."""

    month: date
    number: int
    of: int
    incidents: tuple[Incident, ...]

    @property
    def path(self) -> str:
        return part_path(self.month, self.number)


def parts(context: RenderContext, month: date) -> list[Part]:
    """The pages of a month, each with so many incidents that a telephone can show it."""
    incidents = context.summary.by_month[month]
    pages = [incidents[begin : begin + LISTED_IN_MONTH] for begin in range(0, len(incidents), LISTED_IN_MONTH)]
    return [Part(month, number, len(pages), found) for number, found in enumerate(pages, 1)]


def part_path(month: date, number: int) -> str:
    """`history/2021-10/`, `history/2021-10-2/`"""
    return f"history/{month:%Y-%m}/" if number == 1 else f"history/{month:%Y-%m}-{number}/"


def month(context: RenderContext, part: Part) -> Page:
    _ = context.language.gettext
    month, incidents = part.month, part.incidents
    earlier, later = beside(context, month)
    title = context.language.month(month)
    if part.of > 1:
        title = _("%(month)s, page %(number)d of %(all)d") % {"month": title, "number": part.number, "all": part.of}
    return _page(
        context,
        part.path,
        "month.html",
        title,
        _("All incidents and maintenance that began in %(month)s.") % {"month": context.language.month(month)},
        transitions=transitions.of_page(context.transitions, (), [found.id for found in incidents]),
        present=is_present(context, month),
        part=part,
        part_path=part_path,
        changed=max(incident.changed_at for incident in incidents),
        month=month,
        days=_by_day(context, incidents),
        later=later,
        earlier=earlier,
    )


def subscribe(context: RenderContext) -> Page:
    _ = context.language.gettext
    described = _("Feeds, calendar, badges, embedding and documents for programs.")
    calendar = "webcal:" + urlsplit(f"{context.site_url}maintenance.ics")._replace(scheme="").geturl()
    return _page(
        context,
        "subscribe/",
        "subscribe.html",
        _("Subscribe"),
        described,
        url=context.site_url,
        calendar=calendar,
        most_recent=statuspage_api.MOST_RECENT,
    )


def llms(context: RenderContext) -> bytes:
    """`/llms.txt` (https://llmstxt.org/): what this site is, and where its text, JSON and feeds are."""
    text = context.templates.render("llms.txt", settings=context.settings, url=context.site_url)
    return re.sub(r"\n{3,}", "\n\n", text).strip().encode("utf-8") + b"\n"


def feed_links(context: RenderContext, base: str, own: str = "", own_files: Sequence[str] = ()) -> str:
    """The `<link>`s of a page's own feeds, called `own`, and of the site's, `base` being the way to its root."""
    return context.templates.render("_feed_links.html", base=base, context=context, own=own, own_files=own_files)


def _page(
    context: RenderContext,
    path: str,
    template: str,
    title: str,
    description: str,
    feeds: Sequence[str] = (),
    icon: str = "",
    transitions: Sequence[dict[str, Any]] = (),
    present: bool = True,
    **values: Any,
) -> Page:
    """`present` says whether the page speaks of the present, and so must say when it was written."""
    body = context.templates.render(
        template,
        **_sayable(context, path),
        title=title,
        present=present,
        old_icon=icons.address(ComponentStatus.UNKNOWN) if icon else "",
        transitions=json.dumps(transitions, ensure_ascii=False, separators=(",", ":")) if transitions else "",
        **values,
    )
    head = feed_links(context, frame.base(path), title if feeds else "", feeds)
    return Page(path, title, description, body, head, icon)


def _sayable(context: RenderContext, path: str) -> dict[str, Any]:
    """What every template of the page at `path` can say."""
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
        "runs": bar_runs,
        "excerpt": lambda text: _marked_excerpt(context, text),
    }


@dataclass(frozen=True)
class Run:
    """Neighbouring days of the same state in a component's bar; a day that was not fine stands alone."""

    place: int
    """How many days lie before it."""
    length: int
    days: tuple[Day, ...]

    @property
    def status(self) -> ComponentStatus | None:
        return self.days[0].status


class Bar(tuple[Run, ...]):
    """A component's days as its bar shows them, the oldest first."""

    @property
    def bad(self) -> int:
        """How many days were not fully operational."""
        return sum(run.status not in QUIET for run in self)


def bar_runs(days: Sequence[Day]) -> Bar:
    groups = groupby(enumerate(days), key=lambda item: item[1].status if item[1].status in QUIET else item[0])
    found = (list(group) for _, group in groups)
    return Bar(Run(group[0][0], len(group), tuple(day for _, day in group)) for group in found)


def _groups(parts: Sequence[ComponentSummary]) -> list[tuple[str, list[ComponentSummary]]]:
    """Components under their headings, in the order of the settings; a heading stands where it first appears."""
    groups: dict[str, list[ComponentSummary]] = {}
    for part in parts:
        groups.setdefault(part.component.group, []).append(part)
    return list(groups.items())


def _by_day(context: RenderContext, incidents: Sequence[Incident]) -> list[tuple[date, list[Incident]]]:
    zone = context.summary.zone
    return [(day, list(found)) for day, found in groupby(incidents, key=lambda i: i.start.astimezone(zone).date())]


def _marked_excerpt(context: RenderContext, text: Text) -> Markup:
    code, words = text.within(context.language.code)
    return context.templates.marked(code, _excerpt(markdown_text.plain(words), 240))


def _excerpt(text: str, longest: int) -> str:
    """The beginning of `text` on one line, cut between words."""
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    return line[: longest - 1].rsplit(" ", 1)[0].rstrip(",;:.") + "…"
