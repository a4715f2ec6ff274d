"""What programs read of an incident: every key of its file."""

from __future__ import annotations

from pathlib import Path

import sites

from incidents import at, incident
from status_tool.incident_files.fields import RECORD, UPDATE
from status_tool.render import incident_json
from status_tool.settings import settings

NOT_IN_JSON = {"draft", "drill", "replay", "window"}
"""Keys that only sort an incident or an update, into the drafts or a window of recurring maintenance, or add pages."""


def test_the_json_of_an_incident_has_every_key_of_its_file(tmp_path: Path) -> None:
    site = settings.load(sites.make(tmp_path / "s") / "mkdocs.yml")
    document = incident_json.document(incident("1 investigating api=major_outage"), site, at(2))

    assert {field.key for field in RECORD.fields} - NOT_IN_JSON <= document.keys()
    assert {field.key for field in UPDATE.fields} - NOT_IN_JSON <= document["updates"][0].keys()
