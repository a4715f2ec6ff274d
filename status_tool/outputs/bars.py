"""What a component's bar shows: runs of days with the same status, and the days that were not fully operational."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from status_tool.model.component import OPERATIONAL, ComponentStatus
from status_tool.model.uptime import Day

JOINED_STATUSES = (OPERATIONAL, None)
"""The statuses of days that a bar joins to one run; None means no data."""


@dataclass(frozen=True)
class Run:
    """Consecutive days with the same status in a component's bar.

    Only days with a status in `JOINED_STATUSES` are joined; every other day is a run of its own.
    """

    offset: int
    """The number of days before it in the bar."""
    length: int
    """In days."""
    days: tuple[Day, ...]

    @property
    def status(self) -> ComponentStatus | None:
        return self.days[0].status


class Bar(tuple[Run, ...]):
    """The runs of a component's bar, oldest first."""

    @property
    def affected_days(self) -> int:
        """The number of days that were not fully operational."""
        return len(self.affected)

    @property
    def affected(self) -> list[Day]:
        """The days that were not fully operational, newest first."""
        return [run.days[0] for run in reversed(self) if run.status not in JOINED_STATUSES]

    @property
    def recorded_from(self) -> date | None:
        """The first day with data, if the bar has days without data; None if it has none."""
        without_data = [run.days[-1].date for run in self if run.status is None]
        return without_data[-1] + timedelta(days=1) if without_data else None


def bar_of(days: Sequence[Day]) -> Bar:
    """The bar of `days`, which are oldest first."""
    groups = groupby(enumerate(days), key=lambda item: item[1].status if item[1].status in JOINED_STATUSES else item[0])
    runs = (list(group) for _, group in groups)
    return Bar(Run(run[0][0], len(run), tuple(day for _, day in run)) for run in runs)
