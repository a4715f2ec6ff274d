"""A site with an outage, planned work and an unknown state, and four moments of its history."""

from __future__ import annotations

import sites

POST_MORTEM = sites.API_ERRORS.removesuffix("---\n") + (
    "- at: 2026-11-23T15:00:00Z\n  status: monitoring\n  components: {api: operational}\n  message: Better.\n"
    "- at: 2026-11-23T16:00:00Z\n  status: resolved\n  message: |\n    See [why](https://example.org/why).\n"
    "---\n## Why\n\nBecause.\n"
)
WORK = sites.work("2026-11-23T15:30:00Z", "2026-11-23T17:00:00Z", "website")
FILES = {
    "2026-11-20-slow-website.yml": sites.RESOLVED,
    "2026-11-23-api-errors.md": POST_MORTEM,
    "2026-11-23-work.yml": WORK,
    "2026-11-23-cannot-tell.yml": "title: Who knows\nupdates:\n- at: 2026-11-23T13:30:00Z\n  status: identified\n"
    "  components: {website: unknown}\n  message: Nobody.\n"
    "- {at: 2026-11-23T16:30:00Z, status: resolved, message: Fine.}\n",
}
MOMENTS = {
    "well": "2026-11-21T00:00:00Z",
    "critical": "2026-11-23T14:05:00Z",
    "working": "2026-11-23T15:45:00Z",
    "after": "2026-11-24T00:00:00Z",
}
