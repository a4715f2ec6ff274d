"""Incidents in one line each, their times as hours of one day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from status_tool.incident_files import parser
from status_tool.model.incident import Incident

DAY = datetime(2026, 12, 1, tzinfo=UTC)


def at(hour: float) -> datetime:
    return DAY + timedelta(hours=hour)


def incident(*updates: str, **keys: str) -> Incident:
    """`incident("1 investigating api=major_outage", ...)`: hour, status, components."""
    lines = [f"{key}: {value}" for key, value in {"title": "x", **keys}.items()] + ["updates:"]
    for update in updates:
        hour, status, *parts = update.split()
        lines.append(f"- {{at: {at(float(hour)):%Y-%m-%dT%H:%M:%SZ}, status: {status}, message: m")
        if parts:
            lines[-1] += f", components: {{{', '.join(part.replace('=', ': ') for part in parts)}}}"
        lines[-1] += "}"
    return parser.parse("\n".join(lines), "x.yml")


def work(*updates: str) -> Incident:
    """Maintenance planned from 2 to 4 o'clock."""
    return incident(
        *updates, kind="maintenance", scheduled=f"{{from: {at(2):%Y-%m-%dT%H:%MZ}, until: {at(4):%Y-%m-%dT%H:%MZ}}}"
    )
