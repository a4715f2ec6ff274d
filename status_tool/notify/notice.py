"""One update in one language, as any channel may say it: single plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from status_tool.model.component import Impact


@dataclass(frozen=True)
class Notice:
    """What is to be said. Every text is plain, of one line except for `message`, and complete."""

    incident: str
    """The incident's id."""
    update: str
    """`2021-10-04T16:07:50Z`: the update's time, which with the incident's id identifies it everywhere. Of a
    withdrawal: `withdrawn/2021-10-04T16:07:50Z`; of a correction: the update's time, `/edited/` and its own."""
    at: datetime
    """The time in `update`, aware: when it was, or was corrected."""
    language: str
    """BCP 47, of all texts."""
    is_rtl: bool
    """Whether that language is written from right to left."""
    site: str
    """The name of the site."""
    label: str
    """`Investigating`, `Withdrawn`, `Corrected`, ..., with `Drill: ` before it in a drill."""
    title: str
    since: str
    """`since 4 October 2021, 15:39 UTC`, or from when to when it lasted, or is planned."""
    next: str
    """`Next update by 4 October 2021, 16:37 UTC`; empty when nothing is promised."""
    message: str
    """Paragraphs, each on one line, as the page has them without mark-up; addresses in full."""
    components: str
    """`Facebook: Major outage, Instagram: Major outage`: what the update says of components; empty if nothing."""
    impact: str
    """`Major impact`; of maintenance: `Maintenance`."""
    url: str
    """The update on its page, in full."""
    status: str
    """The word of the update's status: `investigating`; of a withdrawal: `withdrawn`."""
    kind: str
    """`incident` or `maintenance`."""
    level: Impact | None
    """The impact at the time of the update; None if it is not known."""
    affected: tuple[str, ...]
    """The ids of the incident's components."""
    is_first: bool
    """Whether it is the incident's first word."""
    has_ended: bool
    """Whether the incident is over with it."""
    is_drill: bool

    @property
    def key(self) -> str:
        """Incident, update and language: the same for the same words, for ever."""
        return f"{self.incident}/{self.update}/{self.language}"
