"""How everything is found out that an audit needs: all servers at once, within a time limit."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from status_tool.deploy.audit import networks, places, site_origins, status_links
from status_tool.deploy.audit.dns_lookup import Lookup
from status_tool.deploy.audit.facts import (
    Freshness,
    Gap,
    Known,
    Links,
    NotKnown,
    Origins,
    Records,
    Role,
    Server,
    Zone,
    attempt,
)
from status_tool.deploy.audit.probe import Page, Probe
from status_tool.model.endpoint import Endpoint
from status_tool.settings.settings import Settings
from status_tool.system import clock
from status_tool.system.threads import Task

_GATE = threading.BoundedSemaphore(16)
"""How many servers are asked at the same time."""

MAX_ADDRESSES = 16
"""Of how many addresses of a host the network is looked up."""
MAX_SERVERS = 8
"""Of how many name servers of a zone the networks are looked up."""


@dataclass(frozen=True)
class Facts:
    """Everything that was found out, or why it is not known."""

    page: Sequence[Server]
    product: Sequence[Server]
    origins: Origins | Gap
    origin_servers: Mapping[str, Server]
    """By its host, each server that the built site loads something from."""
    freshness: Mapping[str, Freshness | Gap]
    """By the address of the page, or of a copy."""
    links: Links | Gap
    network_names: Mapping[str, str]
    """`AS64500` -> `EXAMPLE-NET`, of those whose name is known."""


def facts(settings: Settings, lookup: Lookup, probe: Probe) -> Facts:
    """Asks everybody; StatusError when an address in the settings is none."""
    page, product = places.of_page(settings), places.of_product(settings)
    published = [endpoint for endpoint, role in page.items() if role is not Role.MAIL]
    origins = attempt(site_origins.read, settings.site, {endpoint.authority for endpoint in published})
    foreign = {} if isinstance(origins, Gap) else _endpoints(origins.loaded)
    wanted = [
        *page.items(),
        *((endpoint, Role.MONITORED) for endpoint in product),
        *((endpoint, Role.ORIGIN) for endpoint in foreign.values()),
    ]
    links = Task(_links, probe, product, gate=_GATE)
    fresh = {endpoint.url: Task(_freshness, probe, endpoint, gate=_GATE) for endpoint in published}
    asked = [Task(_server, lookup, probe, endpoint, role, gate=_GATE) for endpoint, role in wanted]
    servers = [task.result() for task in asked]
    numbers = sorted({number for server in servers for number in _networks(server)})
    names = {number: Task(_network_name, lookup, number, gate=_GATE) for number in numbers}
    after_product = len(page) + len(product)
    return Facts(
        page=servers[: len(page)],
        product=servers[len(page) : after_product],
        origins=origins,
        origin_servers=dict(zip(foreign, servers[after_product:], strict=True)),
        freshness={url: task.result() for url, task in fresh.items()},
        links=links.result(),
        network_names={number: name for number, task in names.items() if (name := task.result())},
    )


def _endpoints(hosts: Iterable[str]) -> dict[str, Endpoint]:
    """By its host, each server that has a valid name."""
    found = {}
    for host in hosts:
        with contextlib.suppress(ValueError):
            found[host] = Endpoint.of(host)
    return found


# -- a server --------------------------------------------------------------------------------------


def _server(lookup: Lookup, probe: Probe, endpoint: Endpoint, role: Role) -> Server:
    records = Records((), (endpoint.host,)) if endpoint.is_ip else attempt(lookup.records, endpoint.host)
    chain = () if isinstance(records, Gap) else records.chain
    names = () if endpoint.is_ip else (endpoint.host, *chain)
    has_certificate = endpoint.has_tls and not endpoint.is_ip and role in (Role.PAGE, Role.COPY, Role.MONITORED)
    return Server(
        endpoint=endpoint,
        role=role,
        records=records,
        zones=attempt(_zones, lookup, names),
        networks=_networks_of(lookup, records),
        certificate=attempt(probe.certificate, endpoint) if has_certificate else None,
    )


def _zones(lookup: Lookup, names: Iterable[str]) -> tuple[Zone, ...]:
    found = dict(map(lookup.zone, names))
    return tuple(Zone(name, servers, _networks_of_servers(lookup, servers)) for name, servers in found.items())


def _networks_of_servers(lookup: Lookup, servers: Sequence[str]) -> Known:
    parts = [_networks_of(lookup, attempt(lookup.records, name)) for name in servers[:MAX_SERVERS]]
    if len(servers) > MAX_SERVERS:
        parts.append(Known(gap=f"only {MAX_SERVERS} of {len(servers)} name servers were looked up"))
    return Known.union(parts)


def _networks_of(lookup: Lookup, records: Records | Gap) -> Known:
    if isinstance(records, Gap):
        return Known(gap=records.reason)
    parts = [_network(lookup, address) for address in records.addresses[:MAX_ADDRESSES]]
    if len(records.addresses) > MAX_ADDRESSES:
        parts.append(Known(gap=f"only {MAX_ADDRESSES} of {len(records.addresses)} addresses were looked up"))
    return Known.union(parts)


def _network(lookup: Lookup, address: str) -> Known:
    try:
        numbers = networks.numbers(lookup.texts(networks.query(address)))
    except (NotKnown, ValueError) as error:
        return Known(gap=f"the network of {address} is not known: {error}")
    if not numbers:
        return Known(gap=f"no network is known to announce {address}")
    return Known(frozenset(f"AS{number}" for number in numbers))


def _network_name(lookup: Lookup, number: str) -> str:
    found = attempt(lambda: networks.name(lookup.texts(networks.name_query(number))))
    return "" if isinstance(found, Gap) else found


def _networks(server: Server) -> frozenset[str]:
    zones = () if isinstance(server.zones, Gap) else server.zones
    return Known.union([server.networks, *(zone.networks for zone in zones)]).values


# -- pages -----------------------------------------------------------------------------------------


def _links(probe: Probe, product: Sequence[Endpoint]) -> Links | Gap:
    """Where the product's pages lead; a gap if none of them could be read."""
    pages = [attempt(probe.page, endpoint) for endpoint in product]
    read = [page for page in pages if isinstance(page, Page)]
    gap = next((page.reason for page in pages if isinstance(page, Gap)), "")
    if not read:
        return Gap(gap or "no server of the product is named")
    targets = [
        target
        for page in read
        for target in status_links.targets(page.url, page.links, page.body.decode("utf-8", "replace"))
    ]
    return Links(tuple(page.url for page in read), tuple(dict.fromkeys(targets)), gap)


def _freshness(probe: Probe, endpoint: Endpoint) -> Freshness | Gap:
    return attempt(lambda: _age(probe.page(replace(endpoint, path=f"{endpoint.path}status.json"))))


def _age(page: Page) -> Freshness:
    try:
        document = json.loads(page.body)
        return Freshness(clock.parse_time(document["written"]), timedelta(seconds=int(document["stale_after"])))
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        raise NotKnown(f"{page.url} is not a status.json of this program") from None
