"""A site that has a page of every kind, with everything that a page may show."""

from __future__ import annotations

from pathlib import Path

import sites
from sites import API_ERRORS

REPLAYED = """\
---
title: Replayed & looked at
replay: true
updates:
- {at: 2026-11-19T09:00:00Z, status: investigating, components: {api: partial_outage}, message: "`GET /` fails."}
- {at: 2026-11-19T10:00:00Z, status: resolved, message: It answers again.}
---
- [What happened](#what-happened)
- [And then](#and-then)

## What happened

See [how](../docs/about.md) we report, [the update](#u-20261119T090000Z), [slow][1] and down[^1], down[^1].

[1]: 2026-11-20-slow-website.yml
[^1]: In the ~~US~~ EU.
[^"|]: Not mentioned.

- [x] Mended
- [ ] Understood

| when | what |
| ---- | ---: |
| 9:00 | *it* |

```
GET /
```

1. We [broke](https://example.org/?a=1&b=2) it.
2. We mended it.

> A quote.

### And then
"""
EVERYTHING = {
    "2026-11-23-api-errors.md": API_ERRORS.replace(
        "title: API errors",
        "title: {en: API errors, fr: Erreurs de l’API, ar: أخطاء}\n"
        "who: Customers in the EU.\nworkaround: Use the *mobile* app.\ncontact: Call +1 555 0100.",
    ).replace("  message", "  next: 10m\n  message")
    + "## What happened\n\nWe [broke](https://example.org/) it.\n\n| when | what |\n|---|---|\n| 13:00 | it |\n",
    "2026-11-20-slow-website.yml": sites.RESOLVED,
    "2026-11-23-work.yml": sites.work("2026-11-23T13:00:00Z", "2026-11-23T16:00:00Z", "website"),
    "2026-12-01-more-work.yml": """\
title: More work
kind: maintenance
scheduled: {from: 2026-12-01T13:00:00Z, until: 2026-12-01T16:00:00Z}
updates:
- {at: 2026-11-20T09:00:00Z, status: scheduled, components: {website: under_maintenance}, message: And more.}
""",
    "2026-11-22-mistake.yml": """\
title: Website unreachable
withdrawn: 2026-11-22T09:20:00Z
reason: Our *probe* was wrong.
updates:
- {at: 2026-11-22T09:00:00Z, status: investigating, components: {website: major_outage}, message: We look into it.}
""",
    "2026-11-19-replayed.md": REPLAYED,
    "2026-11-21-cannot-tell.yml": """\
title: We cannot tell
updates:
- {at: 2026-11-21T09:00:00Z, status: investigating, components: {website: unknown}, message: Nobody knows.}
""",
}
KINDS = {
    "home": "",
    "open": "incidents/2026-11-23-api-errors/",
    "resolved": "incidents/2026-11-20-slow-website/",
    "withdrawn": "incidents/2026-11-22-mistake/",
    "planned": "incidents/2026-12-01-more-work/",
    "replayed": "incidents/2026-11-19-replayed/",
    "step": "incidents/2026-11-19-replayed/replay/20261119T090000Z/",
    "component": "components/website/",
    "history": "history/",
    "month": "history/2026-11/",
    "subscribe": "subscribe/",
    "own": "about/",
    "missing": "404.html",
}

MODE = '{{media: "(prefers-color-scheme: %s)", scheme: %s, primary: %s, toggle: {{icon: material/eye, name: Other}}}}'
PALETTE = f"[{MODE % ('light', 'default', 'white')}, {MODE % ('dark', 'slate', 'black')}]"


def make(folder: Path, language: str) -> Path:
    """The folder of a site in `language`, to be built as of `sites.NOW`."""
    settings = sites.SETTINGS.replace("    components:", "    mirrors: [https://status.example.net/]\n    components:")
    settings = settings.replace("language: {language}", "language: {language}, palette: " + PALETTE)
    return sites.make(folder, EVERYTHING, language=language, settings=settings)
