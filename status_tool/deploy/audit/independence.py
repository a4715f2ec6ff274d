"""Whether the page shares its domain, its name servers, its host or its network with the product (checks 1 to 4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from status_tool.deploy.audit import domains
from status_tool.deploy.audit.facts import Gap, Role, Server, Zone
from status_tool.deploy.audit.findings import Check, Finding, Verdict, listed
from status_tool.deploy.audit.survey import Facts

NO_PLACE = "The page has no address: site_url is not set."
NO_PRODUCT = "It is not known what this page reports on."
HOW_TO_NAME_PRODUCT = "Name its servers in mkdocs.yml: monitors: [www.example.org, api.example.org]"
ASK_AGAIN = "Run the audit again where this can be asked; --resolver asks another DNS server."
CONNECT_AGAIN = "Run the audit again from a network that reaches these servers."


@dataclass
class Shared:
    """What a server has in common with one of the product, and what is not known about that."""

    whole: set[str] = field(default_factory=set)
    """Without any of these it does not work."""
    partly: set[str] = field(default_factory=set)
    """It has something else beside each of these."""
    gaps: list[str] = field(default_factory=list)

    def add(self, mine: frozenset[str], theirs: frozenset[str], label: Callable[[str], str] = str) -> None:
        """Adds what both `mine`, of which any one is enough, and `theirs` have."""
        found = self.whole if mine <= theirs else self.partly
        found.update(map(label, mine & theirs))


def judge(facts: Facts) -> Iterator[Finding]:
    """The findings of all four checks, at least one for each."""
    for check in COMPARISONS:
        if not facts.page:
            yield Finding(check, Verdict.UNKNOWN, NO_PLACE, remedy="Set site_url in mkdocs.yml.")
        elif not facts.product:
            yield Finding(check, Verdict.UNKNOWN, NO_PRODUCT, MEANINGS[check], HOW_TO_NAME_PRODUCT)
        else:
            yield from _of_check(check, facts)


def _of_check(check: Check, facts: Facts) -> Iterator[Finding]:
    gaps: dict[str, None] = {}
    verdicts = []
    for place in facts.page:
        found = {server.name: compare(check, place, server, facts) for server in facts.product}
        gaps.update((gap, None) for shared in found.values() for gap in shared.gaps)
        if whole := _by_servers({name: shared.whole for name, shared in found.items()}):
            what = _sentence(place, whole)
            verdicts.append(Finding(check, Verdict.FAIL, what, MEANINGS[check], _remedy(check, place)))
        if partly := _by_servers({name: shared.partly - shared.whole for name, shared in found.items()}):
            what = f"{_sentence(place, partly)} It has another one beside it."
            verdicts.append(Finding(check, Verdict.WARN, what, PARTLY, _remedy(check, place)))
    if check is Check.NAME_SERVERS:
        verdicts += _inside_themselves(facts.page)
    if gaps:
        what = f"Not known: {shortened(gaps)}."
        verdicts.append(Finding(check, Verdict.UNKNOWN, what, MEANINGS[check], ASK_AGAIN))
    yield from verdicts or [Finding(check, Verdict.OK, _summary(check, facts))]


def compare(check: Check, place: Server, server: Server, facts: Facts) -> Shared:
    """What `place` has in common with `server` by one check."""
    shared = Shared()
    COMPARISONS[check](place, server, shared, facts)
    return shared


def shortened(gaps: Iterable[str], at_most: int = 3) -> str:
    """The first gaps, and how many more there are."""
    gaps = list(gaps)
    more = len(gaps) - at_most
    return "; ".join([*gaps[:at_most], *([f"and {more} more"] if more > 0 else [])])


# -- the four comparisons --------------------------------------------------------------------------


def _domain(place: Server, server: Server, shared: Shared, facts: Facts) -> None:
    mine, theirs = (domains.registrable(found.endpoint.host) for found in (place, server))
    for found, domain in ((place, mine), (server, theirs)):
        if not domain and not found.endpoint.is_ip:
            shared.gaps.append(f"{found.name} is in no domain that somebody can register")
    if mine and mine == theirs:
        shared.whole.add(f"the domain {mine}")


def _name_servers(place: Server, server: Server, shared: Shared, facts: Facts) -> None:
    shared.gaps += [found.zones.reason for found in (place, server) if isinstance(found.zones, Gap)]
    if isinstance(place.zones, Gap) or isinstance(server.zones, Gap):
        return
    shared.gaps += [zone.networks.gap for zone in (*place.zones, *server.zones) if zone.networks.gap]
    pairs = [(mine, theirs) for mine in place.zones for theirs in server.zones]
    for mine, theirs in pairs:
        shared.add(mine.operators, theirs.operators, lambda operator: f"the name servers of {operator}")
    if not shared.whole and not shared.partly:  # names of their own may hide one operator
        for mine, theirs in pairs:
            networks = theirs.networks.values | server.networks.values
            if mine.networks.values:
                shared.add(mine.networks.values, networks, lambda number: f"name servers in {network(number, facts)}")


def _provider(place: Server, server: Server, shared: Shared, facts: Facts) -> None:
    mine, theirs = place.providers, server.providers
    shared.whole |= mine.values & theirs.values
    shared.gaps += filter(None, [mine.gap, theirs.gap])


def _network(place: Server, server: Server, shared: Shared, facts: Facts) -> None:
    mine, theirs = place.networks, server.networks
    shared.gaps += filter(None, [mine.gap, theirs.gap])
    if not isinstance(place.records, Gap) and not isinstance(server.records, Gap):
        addresses = frozenset(place.records.addresses), frozenset(server.records.addresses)
        shared.add(*addresses, lambda address: f"the address {address}")
    if mine.values:
        shared.add(mine.values, theirs.values, lambda number: network(number, facts))


COMPARISONS: Mapping[Check, Callable[[Server, Server, Shared, Facts], None]] = {
    Check.DOMAIN: _domain,
    Check.NAME_SERVERS: _name_servers,
    Check.PROVIDER: _provider,
    Check.NETWORK: _network,
}


def _inside_themselves(places: Sequence[Server]) -> list[Finding]:
    zones = {zone.name: zone for place in places if not isinstance(place.zones, Gap) for zone in place.zones}
    return [
        Finding(
            Check.NAME_SERVERS,
            Verdict.WARN,
            f"Every name server of {zone.name} has its name inside {zone.name} itself: {listed(zone.servers)}.",
            "When these few servers cannot be reached, no other answers in their place, as on 4 October 2021.",
            f"Add a name server of another operator to {zone.name}.",
        )
        for zone in zones.values()
        if zone.is_inside_itself
    ]


# -- words -----------------------------------------------------------------------------------------

MEANINGS = {
    Check.DOMAIN: "If that domain is gone from DNS, or its registration is blocked or lapses, the page goes with it.",
    Check.NAME_SERVERS: "When these name servers do not answer, nobody finds the page: not by its name, on any host.",
    Check.PROVIDER: "What takes this provider down takes the product and its page at the same time.",
    Check.NETWORK: "When this network is cut off or withdraws its routes, the product and its page are gone together.",
}
PARTLY = "When it fails, the page depends on the other one alone: some readers will see it late, or not."
_REMEDIES = {
    Check.DOMAIN: "in a domain of its own, at another registrar",
    Check.NAME_SERVERS: "in a domain whose name servers somebody else runs",
    Check.PROVIDER: "at another provider",
    Check.NETWORK: "on a host in another network",
}
_WHERE = {
    Role.PAGE: "Publish the page {}.",
    Role.COPY: "Publish this copy {}.",
    Role.MAIL: "Have the page’s mail {}.",
}


def _remedy(check: Check, place: Server) -> str:
    return _WHERE[place.role].format(_REMEDIES[check])


def _by_servers(found: Mapping[str, Iterable[str]]) -> dict[tuple[str, ...], list[str]]:
    """Servers of the product -> the things that all of them share with a place."""
    servers: dict[str, list[str]] = {}
    for server, things in found.items():
        for thing in sorted(things):
            servers.setdefault(thing, []).append(server)
    grouped: dict[tuple[str, ...], list[str]] = {}
    for thing, names in servers.items():
        grouped.setdefault(tuple(names), []).append(thing)
    return grouped


def _sentence(place: Server, shared: Mapping[tuple[str, ...], Sequence[str]]) -> str:
    """`status.example.org (the page) shares the domain example.org with www.example.org.`"""
    parts = [f"{listed(things)} with {listed(servers)}" for servers, things in shared.items()]
    return f"{place.name} ({place.role.value}) shares {listed(parts)}."


def network(number: str, facts: Facts) -> str:
    """`AS64500 (EXAMPLE-NET)`"""
    name = facts.network_names.get(number)
    return f"{number} ({name})" if name else number


def _summary(check: Check, facts: Facts) -> str:
    """What each side has: `The page: example.net. The product: example.org.`"""
    page, product = (listed(_things(check, servers, facts)) or _NONE[check] for servers in (facts.page, facts.product))
    return f"The page: {page}. The product: {product}."


_NONE = {
    Check.DOMAIN: "addresses without a domain",
    Check.NAME_SERVERS: "addresses without a domain",
    Check.PROVIDER: "none by its names in DNS",
    Check.NETWORK: "none",
}


def _things(check: Check, servers: Iterable[Server], facts: Facts) -> list[str]:
    found: set[str] = set()
    for server in servers:
        zones: tuple[Zone, ...] = () if isinstance(server.zones, Gap) else server.zones
        found |= {
            Check.DOMAIN: set(filter(None, [domains.registrable(server.endpoint.host)])),
            Check.NAME_SERVERS: {operator for zone in zones for operator in zone.operators},
            Check.PROVIDER: server.providers.values,
            Check.NETWORK: {network(number, facts) for number in server.networks.values},
        }[check]
    return sorted(found)
