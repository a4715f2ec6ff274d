"""Which relative links an incident file contains, and on which lines."""

from __future__ import annotations

from pathlib import Path

import sites

from status_tool.incident_files import parser, store
from status_tool.settings import settings as site_settings

TEXT = """\
---
title: "[not Markdown](title.md)"
who: "[a](a.md)"
workaround:
  en: See [b](b%20c.md) and https://example.org/x.
  fr: >-
    Voir
    ![c](../c.png).
updates:
- at: 2026-11-23T13:00:00Z
  status: investigating
  message: |
    [Whole](https://example.org/), [mail](mailto:a@example.org), `[code](x.md)`.

    > [d](<日 本.md>) and
    > [e]()

    [API]: down
- {at: 2026-11-23T13:10:00Z, status: resolved, message: "\\n\\n[f](#f)"}
---
[g][1]

[1]: ../docs/g.md
"""


def test_every_relative_link_has_its_line() -> None:
    assert [(link.address, link.line) for link in parser.parse(TEXT, "x.md").links] == [
        ("a.md", 3),
        ("b%20c.md", 5),
        ("../c.png", 8),
        ("%E6%97%A5%20%E6%9C%AC.md", 15),
        ("", 16),
        ("#f", 19),
        ("../docs/g.md", 23),
    ]


def test_the_cache_of_what_was_read_has_them_too(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {"2026-11-23-x.md": TEXT})
    settings = site_settings.load(site / "mkdocs.yml")
    first, again = store.load(settings)[0], store.load(settings)[0]

    assert first.links == again.links == parser.parse(TEXT, "x.md").links
