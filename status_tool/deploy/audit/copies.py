"""Whether one failure of anybody takes all copies of the page away (check 9)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from status_tool.deploy.audit import domains
from status_tool.deploy.audit.facts import Gap, Known, Role, Server
from status_tool.deploy.audit.findings import Check, Finding, Verdict, listed
from status_tool.deploy.audit.independence import ASK_AGAIN, NO_PLACE, network, shortened
from status_tool.deploy.audit.survey import Facts

_MEANING = "When that fails, every copy is gone at once."
_REMEDY = "Publish to one more host that shares nothing with the others, under a name of its own: targets, or mirrors."


def judge(facts: Facts) -> Iterator[Finding]:
    places = [place for place in facts.page if place.role is not Role.MAIL]
    if len(places) < 2:
        yield _too_few(places)
        return
    found, gaps = [], dict[str, None]()
    for label, needs in _NEEDS.items():
        needed = [needs(place) for place in places]
        common = sorted(frozenset.intersection(*(known.values for known in needed)))
        gaps.update((known.gap, None) for known in needed if known.gap)
        if common:
            names = listed(network(name, facts) for name in common)
            copies = "Both copies" if len(places) == 2 else f"All {len(places)} copies"
            what = f"{copies} need the same {label}: {names}."
            found.append(Finding(Check.COPIES, Verdict.WARN, what, _MEANING, _REMEDY))
    if gaps:
        what = f"Not known: {shortened(gaps)}."
        found.append(Finding(Check.COPIES, Verdict.UNKNOWN, what, _MEANING, ASK_AGAIN))
    what = f"{listed(place.name for place in places)}: nothing that all of them need."
    yield from found or [Finding(Check.COPIES, Verdict.OK, what)]


def _too_few(places: list[Server]) -> Finding:
    if not places:
        return Finding(Check.COPIES, Verdict.UNKNOWN, NO_PLACE, remedy="Set site_url in mkdocs.yml.")
    what = f"There is one copy of the page: {places[0].name}."
    meaning = "When its host fails, there is no page, even where it shares nothing with the product."
    return Finding(Check.COPIES, Verdict.WARN, what, meaning, _REMEDY)


def _operators(place: Server) -> Known:
    """The operators without which its name is not found: those who answer for a zone alone."""
    if isinstance(place.zones, Gap):
        return Known(gap=place.zones.reason)
    alone = (zone.operators for zone in place.zones if len(zone.operators) == 1)
    return Known(frozenset(operator for operators in alone for operator in operators))


def _networks(place: Server) -> Known:
    """Its network, if it is in one only."""
    return place.networks if len(place.networks.values) == 1 else Known(gap=place.networks.gap)


def _domain(place: Server) -> Known:
    return Known(frozenset(filter(None, [domains.registrable(place.endpoint.host)])))


_NEEDS: dict[str, Callable[[Server], Known]] = {
    "domain": _domain,
    "operator of name servers": _operators,
    "provider": lambda place: place.providers,
    "network": _networks,
}
