"""Where a page leads, when not all that it is about fits on it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sites

from status_tool.outputs import pages


@pytest.mark.parametrize(
    ("now", "links"),
    [("2026-11-25T18:00:00Z", {"history/2026-11/"}), ("2026-10-25T18:00:00Z", {"history/2026-10/"})],
)
def test_a_day_with_more_incidents_leads_to_its_month(now: str, links: set[str], tmp_path: Path) -> None:
    """Eleven that go on since October."""
    text = sites.API_ERRORS.replace("2026-11-23", "2026-10-20")
    site = sites.make(tmp_path / "s", {f"2026-10-20-x{number}.md": text for number in range(11)})
    body = pages.home(sites.context_at(site, now)).body

    assert set(re.findall('<a href="([^"]*)">1 more</a>', body)) == links
