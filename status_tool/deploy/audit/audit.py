"""What an audit of a site says: everything is found out, then judged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from status_tool.deploy.audit import certificates, copies, declared, foreign_files, independence, survey, upkeep
from status_tool.deploy.audit.deadline import Deadline
from status_tool.deploy.audit.dns_lookup import Lookup, resolver
from status_tool.deploy.audit.facts import Role, attempt
from status_tool.deploy.audit.findings import Finding, Report
from status_tool.deploy.audit.probe import Probe
from status_tool.deploy.audit.survey import Facts
from status_tool.project import heartbeat
from status_tool.settings.settings import Settings


def report(settings: Settings, now: datetime, seconds: float, server: str = "", port: int = 53) -> Report:
    """The audit of a site at `now`, which asks for `seconds` at most; `server` answers for DNS instead of the usual."""
    deadline = Deadline(seconds)
    lookup = Lookup(attempt(resolver, server, port), deadline)
    facts = survey.facts(settings, lookup, Probe(lookup, deadline))
    return Report(
        at=now,
        places=[place.endpoint.url if place.role is not Role.MAIL else place.name for place in facts.page],
        monitors=[found.name for found in facts.product],
        findings=[*_findings(settings, facts, now)],
    )


def _findings(settings: Settings, facts: Facts, now: datetime) -> Iterator[Finding]:
    yield from independence.judge(facts)
    yield from certificates.judge(facts, now)
    yield from foreign_files.judge(facts)
    yield from declared.judge(settings)
    yield from copies.judge(facts)
    yield upkeep.link(facts)
    yield from upkeep.heartbeat(facts, settings, *heartbeat.check(settings), now)
