"""Whether the product's site leads to the page (RFC 8631), and whether the page is renewed (checks 10 and 11)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from status_tool.deploy.audit.facts import Freshness, Gap, Role
from status_tool.deploy.audit.findings import Check, Finding, Verdict, listed
from status_tool.deploy.audit.independence import (
    CONNECT_AGAIN,
    HOW_TO_NAME_PRODUCT,
    NO_PLACE,
    NO_PRODUCT,
    shortened,
)
from status_tool.deploy.audit.survey import Facts
from status_tool.errors import Problem, Unchecked
from status_tool.model.endpoint import Endpoint
from status_tool.settings.settings import Settings
from status_tool.system import clock

CLOCK_TOLERANCE = timedelta(minutes=5)
_NOT_FOUND = "Readers of the product, and programs, do not find the page when they need it."
_OUTDATED = "Pages that nothing builds again turn grey and claim nothing any more."
_BUILD = "Build and publish it now, and look why nothing did."


def link(facts: Facts) -> Finding:
    """What the product's pages say of where their status is."""
    if not facts.product:
        return Finding(Check.LINK, Verdict.UNKNOWN, NO_PRODUCT, _NOT_FOUND, HOW_TO_NAME_PRODUCT)
    if isinstance(facts.links, Gap):
        return Finding(Check.LINK, Verdict.UNKNOWN, f"Not known: {facts.links.reason}.", _NOT_FOUND, CONNECT_AGAIN)
    places = [place for place in facts.page if place.role is not Role.MAIL]
    own = {place.name for place in places}
    if leading := [target for target in facts.links.targets if _authority(target) in own]:
        return Finding(Check.LINK, Verdict.OK, f'{listed(facts.links.read)}: rel="status" leads to {leading[0]}.')
    address = places[0].endpoint.url if places else "https://status.example.org/"
    remedy = f'Add to the product’s pages: <link rel="status" href="{address}">'
    if facts.links.gap:
        what = f"Not known: {facts.links.gap}; {listed(facts.links.read)} does not lead here."
        return Finding(Check.LINK, Verdict.UNKNOWN, what, _NOT_FOUND, remedy)
    what = f'{listed(facts.links.read)}: no rel="status" leads to this page.'
    if facts.links.targets:
        what = f'{listed(facts.links.read)}: rel="status" leads to {listed(facts.links.targets)}, not to this page.'
    return Finding(Check.LINK, Verdict.WARN, what, _NOT_FOUND, remedy)


def _authority(url: str) -> str:
    try:
        return Endpoint.of(url).authority
    except ValueError:
        return ""


def heartbeat(
    facts: Facts, settings: Settings, problems: Sequence[Problem], unchecked: Sequence[Unchecked], now: datetime
) -> Iterator[Finding]:
    """What builds the site again, as `project/heartbeat.py` sees it, and how old the published pages are."""
    found = [
        Finding(Check.HEARTBEAT, Verdict.WARN, _capital(problem.what), _OUTDATED, problem.hint) for problem in problems
    ]
    found += [
        Finding(Check.HEARTBEAT, Verdict.UNKNOWN, f"Not known: {gap.what} ({gap.reason}).", _OUTDATED, gap.hint)
        for gap in unchecked
    ]
    if not facts.freshness:
        found.append(Finding(Check.HEARTBEAT, Verdict.UNKNOWN, NO_PLACE, _OUTDATED, "Set site_url in mkdocs.yml."))
    gaps = dict.fromkeys(_gaps(facts, now))
    if gaps:
        what = f"Not known: how old the published pages are ({shortened(gaps)})."
        found.append(Finding(Check.HEARTBEAT, Verdict.UNKNOWN, what, _OUTDATED, CONNECT_AGAIN))
    ages = {url: age for url, age in facts.freshness.items() if isinstance(age, Freshness)}
    found += [_outdated(url, age, now) for url, age in ages.items() if now - age.written >= age.stale_after]
    by = f"{settings.renewed_by or 'A schedule in the repository'} renews the pages"
    parts = [f"{url} was written {clock.short(abs(now - age.written))} ago" for url, age in ages.items()]
    yield from found or [Finding(Check.HEARTBEAT, Verdict.OK, f"{by}. {listed(parts)}.")]


def _gaps(facts: Facts, now: datetime) -> Iterator[str]:
    """Why the age of a copy is not known."""
    for url, age in facts.freshness.items():
        if isinstance(age, Gap):
            yield age.reason
        elif age.written > now + CLOCK_TOLERANCE:
            yield f"by its own words {url} was written {clock.short(age.written - now)} from now"


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _outdated(url: str, age: Freshness, now: datetime) -> Finding:
    what = f"{url} was written {clock.short(now - age.written)} ago and says that it is out of date."
    return Finding(Check.HEARTBEAT, Verdict.FAIL, what, "Readers see grey; the page claims nothing.", _BUILD)
