"""A message as the modules of channels are given it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from status_tool.model.channel import Channel
from status_tool.model.component import Impact
from status_tool.notify.delivery import Delivery
from status_tool.notify.notice import Notice
from status_tool.notify.words import Words
from status_tool.system.web import Web

URL = "https://status.example.org/incidents/2026-11-23-api-errors/#u-20261123T130000Z"
NOTICE = Notice(
    incident="2026-11-23-api-errors",
    update="2026-11-23T13:00:00Z",
    at=datetime(2026, 11, 23, 13, tzinfo=UTC),
    language="en",
    is_rtl=False,
    site="Example Status",
    label="Investigating",
    title="API errors",
    since="since 13:00 UTC",
    next="",
    message="We are looking into it.",
    components="",
    impact="Major impact",
    url=URL,
    status="investigating",
    kind="incident",
    level=Impact.MAJOR,
    affected=("api",),
    is_first=True,
    has_ended=False,
    is_drill=False,
)


def delivery(channel: Channel, secrets: dict[str, str], **more: Any) -> Delivery:
    """`NOTICE` on `channel`, to be sent within five seconds."""
    words = Words(f"Investigating: API errors – ça dure\n.\n{URL}", "[Example Status] Investigating: API – été", "en")
    return replace(Delivery(channel, secrets, "", NOTICE, words, "", "", Web(), 5.0), **more)
