"""What an update is: a dated message in one or more languages, with the status that it sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from status_tool.model.component import ComponentStatus
from status_tool.model.window import Window


class UpdateStatus(StrEnum):
    """The status that an update sets."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    VERIFYING = "verifying"
    COMPLETED = "completed"
    CANCELLED = "cancelled"

    @property
    def ends(self) -> bool:
        """Whether an update with this status ends its incident."""
        return self in FINAL


FINAL = frozenset({UpdateStatus.RESOLVED, UpdateStatus.COMPLETED, UpdateStatus.CANCELLED})
"""The statuses that end an incident."""
UNDER_WAY = frozenset({UpdateStatus.IN_PROGRESS, UpdateStatus.VERIFYING})
"""The statuses of maintenance that has begun and has not ended."""


class Kind(StrEnum):
    INCIDENT = "incident"
    MAINTENANCE = "maintenance"

    @property
    def statuses(self) -> tuple[UpdateStatus, ...]:
        """The statuses that an update of this kind may have, in their usual order."""
        statuses = tuple(UpdateStatus)
        return statuses[:4] if self is Kind.INCIDENT else statuses[4:]


@dataclass(frozen=True, slots=True)
class Text:
    """A text in one or more languages.

    `translations` maps a language (BCP 47, e.g. `fr`) to the text; the key `""` means the site's own language.
    """

    translations: Mapping[str, str]

    def __str__(self) -> str:
        return self.in_language("")[1]

    def in_language(self, language: str) -> tuple[str, str]:
        """`(language of the text, text)`: in `language`, else in the site's own language, English, or the first one."""
        for code in (language, language.split("-")[0], "", "en"):
            if code in self.translations:
                return code, self.translations[code]
        return next(iter(self.translations.items()))

    def other_translations(self, language: str) -> list[tuple[str, str]]:
        """`(language, text)` of all translations except the one `in_language` returns, in the order of the file."""
        shown, _ = self.in_language(language)
        return [(other, text) for other, text in self.translations.items() if other != shown]


@dataclass(frozen=True, slots=True)
class Update:
    """A message with its time; the incident's id and `at`, to the second, identify it everywhere.

    It holds from `at` on, which may be earlier than `published_at`: what was said late.
    """

    at: datetime
    status: UpdateStatus
    message: Text
    components: Mapping[str, ComponentStatus] = field(default_factory=dict)
    """Only the components this update changes."""
    next: datetime | None = None
    """When the next update was promised."""
    edited: datetime | None = None
    """When the message was last corrected; None if it never was."""
    window: datetime | None = None
    """A time in the window that this update is about, if the maintenance recurs and `at` is not in that window."""
    scheduled: Window | None = None
    """The planned window from this update on, if it moves it; it never has a rule."""
    posted: datetime | None = None
    """When it was published, if later than `at`; None if at that time."""

    @property
    def published_at(self) -> datetime:
        """When readers could see it first."""
        return self.posted or self.at

    @property
    def stamp(self) -> str:
        """`20211004T160750Z`: its time as part of an address; it never changes."""
        return f"{self.at:%Y%m%dT%H%M%SZ}"

    @property
    def anchor(self) -> str:
        """`u-20211004T160750Z`: the HTML id of this update on its incident's page."""
        return f"u-{self.stamp}"
