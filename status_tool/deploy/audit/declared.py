"""What the settings say: services that product and page share, and a way to people without the Internet (7 and 8)."""

from __future__ import annotations

from collections.abc import Iterator

from status_tool.deploy.audit.findings import Check, Finding, Verdict, listed
from status_tool.model.dependencies import Dependencies, Services
from status_tool.settings.settings import Settings

_LOCKED_OUT = "When it fails, the product is down and nobody can say so on the page: no login, no push, no mail."
_NO_CHANNEL = "When the Internet is gone for you or for your readers, nobody hears anything."


def judge(settings: Settings) -> Iterator[Finding]:
    yield from _services(settings.depends_on or Dependencies())
    yield _offline(settings.offline_channels, settings.depends_on or Dependencies())


def _services(found: Dependencies) -> Iterator[Finding]:
    missing = [name for name, services in (("product", found.product), ("page", found.page)) if not services]
    for shared in found.shared:
        uses = f"the product as {listed(shared.by_product)}, the page as {listed(shared.by_page)}"
        remedy = f"Use another {listed(shared.by_page)} for the page. Or rehearse to publish without it, and remove it."
        yield Finding(Check.SERVICES, Verdict.FAIL, f"Both need {shared.name}: {uses}.", _LOCKED_OUT, remedy)
    if missing:
        what = f"Not known: depends_on does not say what the {' and the '.join(missing)} cannot do without."
        remedy = "Say so in mkdocs.yml: depends_on: {product: {forge: …, login: …}, page: {forge: …, mail: …}}"
        yield Finding(Check.SERVICES, Verdict.UNKNOWN, what, _LOCKED_OUT, remedy)
    elif not found.shared:
        what = f"The product needs {_named(found.product)}; the page needs {_named(found.page)}."
        yield Finding(Check.SERVICES, Verdict.OK, what)


def _named(services: Services) -> str:
    return listed(dict.fromkeys(name for names in services.values() for name in names))


def _offline(channels: tuple[str, ...] | None, found: Dependencies) -> Finding:
    """A channel counts unless it names a service that the product needs."""
    remedy = "Have a recorded message on a telephone, or printed cards, and name it: offline_channels: [printed cards]"
    if channels is None:
        what = "Not known: offline_channels does not say how people are reached without the Internet."
        return Finding(Check.OFFLINE, Verdict.UNKNOWN, what, _NO_CHANNEL, remedy)
    services = {name for names in found.product.values() for name in names}
    shared = {
        channel: service for channel in channels for service in services if service.casefold() in channel.casefold()
    }
    if others := [channel for channel in channels if channel not in shared]:
        return Finding(Check.OFFLINE, Verdict.OK, f"There is: {listed(others)}.")
    parts = [f"{channel}, which needs {service} as the product does" for channel, service in shared.items()]
    what = f"There is only {listed(parts)}." if shared else "There is no way to reach people without the Internet."
    return Finding(Check.OFFLINE, Verdict.FAIL, what, _NO_CHANNEL, remedy)
