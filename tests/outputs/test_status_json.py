"""status.json: whole, as its schema says, and true by the clock to come."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import sites
from moments import FILES, MOMENTS

from status_tool.outputs import status_json

MIRRORS = sites.SETTINGS.replace("    components:", "    mirrors: [https://status.example.net/]\n    components:")
OPEN = sites.API_ERRORS.replace("title: API errors", "title: {en: API errors, fr: Erreurs de l’API}").replace(
    "  message", "  next: 2h\n  message"
)


def read(site: Path, now: str = sites.NOW) -> tuple[dict[str, Any], dict[str, Any]]:
    """The document of a site and its schema."""
    context = sites.context_at(site, now)
    return json.loads(status_json.status(context)), json.loads(status_json.schema(context))


def test_it_says_everything_a_program_needs(tmp_path: Path) -> None:
    files = {"2026-11-23-api-errors.md": OPEN, "2026-12-01-work.yml": sites.WORK}
    document, _ = read(sites.make(tmp_path / "s", files, settings=MIRRORS))

    assert {**document, "digest": len(document["digest"])} == {
        "$schema": "https://status.example.org/status.schema.json",
        "version": 2,
        "replay": False,
        "name": "Example Status",
        "url": "https://status.example.org/",
        "written": sites.NOW,
        "content": "2026-11-23T13:00:00Z",
        "stale_after": 86400,
        "digest": 16,
        "status": "major_outage",
        "headline": "Major outage",
        "headlines": {"en": "Major outage", "fr": "Panne majeure"},
        "components": [
            {"id": "api", "name": "API", "status": "major_outage"},
            {"id": "website", "name": "Website", "status": "operational"},
        ],
        "open": [
            {
                "id": "2026-11-23-api-errors",
                "title": "API errors",
                "titles": {"en": "API errors", "fr": "Erreurs de l’API"},
                "url": "https://status.example.org/incidents/2026-11-23-api-errors/",
                "status": "investigating",
                "impact": "critical",
                "started": "2026-11-23T13:00:00Z",
                "updated": "2026-11-23T13:00:00Z",
                "until": None,
                "next": "2026-11-23T15:00:00Z",
            }
        ],
        "planned": [
            {
                "id": "2026-12-01-work",
                "title": "Database upgrade",
                "titles": {},
                "url": "https://status.example.org/incidents/2026-12-01-work/",
                "from": "2026-12-01T02:00:00Z",
                "until": "2026-12-01T04:00:00Z",
                "next": None,
            }
        ],
        "cancelled": [],
        "withdrawn": [],
        "transitions": [
            {"at": at, "status": "major_outage", "headlines": {"en": "Major outage", "fr": "Panne majeure"}}
            for at in ("2026-12-01T02:00:00Z", "2026-12-01T04:00:00Z")
        ],
        "mirrors": ["https://status.example.net/"],
    }


def test_it_foretells_what_the_clock_will_change(tmp_path: Path) -> None:
    document, _ = read(sites.make(tmp_path / "s", {"2026-12-01-work.yml": sites.WORK}))

    assert [
        (transition["at"], transition["status"], transition["headlines"]["fr"])
        for transition in document["transitions"]
    ] == [
        ("2026-12-01T02:00:00Z", "under_maintenance", "Maintenance en cours"),
        ("2026-12-01T04:00:00Z", "operational", "Tous les systèmes sont opérationnels"),
    ]


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
@pytest.mark.parametrize("now", MOMENTS.values(), ids=MOMENTS)
def test_it_is_as_its_schema_says(tmp_path: Path, now: str, language: str) -> None:
    document, schema = read(sites.make(tmp_path / "s", FILES, language=language), now)

    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    validator.validate(document)
    assert schema["$id"] == document["$schema"]
    for key in document:
        assert not validator.is_valid({name: value for name, value in document.items() if name != key}), key
