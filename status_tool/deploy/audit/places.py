"""Which servers an audit looks at: those of the page, of its copies and of its mail, and those of the product."""

from __future__ import annotations

import re
from collections.abc import Iterable

from status_tool.deploy.audit.facts import Role
from status_tool.errors import StatusError
from status_tool.model.endpoint import Endpoint
from status_tool.settings.settings import Settings

_HOST_NAME = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?")
_MAIL = "mail"


def of_page(settings: Settings) -> dict[Endpoint, Role]:
    """The servers that readers are sent to, and the mail servers that `depends_on` names for the page."""
    mail = settings.depends_on.page.get(_MAIL, ()) if settings.depends_on else ()
    found = {_endpoint(settings, name): Role.MAIL for name in mail if _HOST_NAME.fullmatch(name)}
    for url in reversed(settings.mirrors):
        found[_endpoint(settings, url)] = Role.COPY
    if settings.site_url:
        page = _endpoint(settings, settings.site_url)
        found.pop(page, None)
        found[page] = Role.PAGE
    return dict(reversed(found.items()))


def of_product(settings: Settings) -> tuple[Endpoint, ...]:
    """The servers that the page reports on, and the owner's own site."""
    homepage = [_endpoint(settings, settings.homepage)] if settings.homepage else []
    return _one_for_each_server([*homepage, *settings.monitors])


def _one_for_each_server(endpoints: Iterable[Endpoint]) -> tuple[Endpoint, ...]:
    found = {(endpoint.host, endpoint.port): endpoint for endpoint in reversed([*endpoints])}
    return tuple(reversed(found.values()))


def _endpoint(settings: Settings, text: str) -> Endpoint:
    try:
        return Endpoint.of(text)
    except ValueError as error:
        raise StatusError(f"{error}.", settings.shown(settings.file), hint="Correct this address.") from None
