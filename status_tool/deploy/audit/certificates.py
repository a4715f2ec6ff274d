"""Whether readers can trust the connection to the page, until when, and by whose word (check 5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from status_tool.deploy.audit.facts import Certificate, Gap, Refused, Role, Server
from status_tool.deploy.audit.findings import Check, Finding, Verdict, listed
from status_tool.deploy.audit.independence import CONNECT_AGAIN, HOW_TO_NAME_PRODUCT, NO_PLACE, NO_PRODUCT, shortened
from status_tool.deploy.audit.survey import Facts
from status_tool.system.web import RENEWED_BEFORE

_REFUSED = "Browsers show an error instead of the page, which most readers cannot pass."
_SAME = "If that authority revokes by mistake, or browsers stop trusting it, the product and its page fail together."
_OTHER = "Have the certificate of the page from another authority."


def judge(facts: Facts, now: datetime) -> Iterator[Finding]:
    places = [place for place in facts.page if place.role is not Role.MAIL]
    found = [*(finding for place in places for finding in _of(place, now)), *_same_issuer(places, facts)]
    if gaps := _gaps(places, facts):
        what = f"Not known: {shortened(gaps)}."
        remedy = HOW_TO_NAME_PRODUCT if set(gaps) == {NO_PRODUCT.rstrip(".")} else CONNECT_AGAIN
        found.append(Finding(Check.CERTIFICATE, Verdict.UNKNOWN, what, _REFUSED, remedy))
    yield from found or [Finding(Check.CERTIFICATE, Verdict.OK, _summary(places, now))]


def _of(place: Server, now: datetime) -> Iterator[Finding]:
    """What is wrong with the certificate of one place."""
    found = place.certificate
    if isinstance(found, Refused):
        remedy = f"Renew or replace the certificate of {place.endpoint.host} at its host."
        what = f"The certificate of {place.name} is refused: {found.reason}."
        yield Finding(Check.CERTIFICATE, Verdict.FAIL, what, _REFUSED, remedy)
    elif found is None and not place.endpoint.has_tls:
        meaning = "Anybody on the way can change what readers see, and browsers call the page not secure."
        what = f"{place.endpoint.url} is without TLS."
        yield Finding(Check.CERTIFICATE, Verdict.WARN, what, meaning, "Publish it by https.")
    elif isinstance(found, Certificate) and found.expires - now < RENEWED_BEFORE:
        what = f"The certificate of {place.name} ends {_days(found, now)}, on {found.expires:%Y-%m-%d}."
        remedy = "Renew it, and look why that was not done by itself."
        yield Finding(Check.CERTIFICATE, Verdict.WARN, what, f"After that: {_REFUSED[0].lower()}{_REFUSED[1:]}", remedy)


def _same_issuer(places: list[Server], facts: Facts) -> Iterator[Finding]:
    certificates = ((server.name, server.certificate) for server in facts.product)
    issuers = {name: found.issuer for name, found in certificates if isinstance(found, Certificate)}
    for place in places:
        if isinstance(place.certificate, Certificate):
            issuer = place.certificate.issuer
            if same := [name for name, other in issuers.items() if other == issuer]:
                what = f"{place.name} and {listed(same)} have certificates of the same authority: {issuer}."
                yield Finding(Check.CERTIFICATE, Verdict.WARN, what, _SAME, _OTHER)


def _gaps(places: list[Server], facts: Facts) -> dict[str, None]:
    """Why a certificate is not known, or has nothing to be compared with."""
    gaps: dict[str, None] = {}
    for server in (*places, *facts.product):
        if isinstance(server.certificate, Gap):
            gaps[server.certificate.reason] = None
        elif isinstance(server.certificate, Refused) and server.role is Role.MONITORED:
            gaps[f"the authority of {server.name}, whose certificate is refused: {server.certificate.reason}"] = None
        elif server.certificate is None and server.endpoint.has_tls and server in places:
            gaps[f"{server.name} is an IP address, for which no certificate was asked"] = None
    if not places:
        gaps[NO_PLACE.rstrip(".")] = None
    if not facts.product:
        gaps[NO_PRODUCT.rstrip(".")] = None
    return gaps


def _days(certificate: Certificate, now: datetime) -> str:
    days = (certificate.expires - now).days
    return "today" if days < 1 else f"in {days} day{'s' * (days > 1)}"


def _summary(places: list[Server], now: datetime) -> str:
    found = ((place, place.certificate) for place in places)
    parts = [
        f"{place.name}: {certificate.issuer}, {(certificate.expires - now).days} days left"
        for place, certificate in found
        if isinstance(certificate, Certificate)
    ]
    return f"{'; '.join(parts)}."
