"""The Statuspage documents: just the keys, types, words and order that clients know."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import sites
from hypothesis import given
from hypothesis import strategies as st
from moments import FILES, MOMENTS

from status_tool.errors import StatusError
from status_tool.outputs import statuspage_api

RECORDED = Path(__file__).parents[3] / "shared" / "data" / "statuspage"
ID = "id"
TEXT, TIME, COUNT, FLAG, NULL = str, "time", int, bool, type(None)
MAYBE_TEXT, MAYBE_TIME, MAYBE_ID = (str, NULL), ("time", NULL), (ID, NULL)
# key -> what it holds, in the order of the recorded documents
PAGE = {"id": ID, "name": TEXT, "url": TEXT, "time_zone": TEXT, "updated_at": TIME}
COMPONENT = {
    "id": ID,
    "name": TEXT,
    "status": {"operational", "degraded_performance", "partial_outage", "major_outage", "under_maintenance"},
    "created_at": TIME,
    "updated_at": TIME,
    "position": COUNT,
    "description": MAYBE_TEXT,
    "showcase": FLAG,
    "start_date": MAYBE_TEXT,
    "group_id": MAYBE_ID,
    "page_id": ID,
    "group": FLAG,
    "only_show_if_degraded": FLAG,
}
UPDATE = {
    "id": ID,
    "status": {
        *("investigating", "identified", "monitoring", "resolved", "postmortem"),
        *("scheduled", "in_progress", "verifying", "completed"),
    },
    "body": TEXT,
    "incident_id": ID,
    "created_at": TIME,
    "updated_at": TIME,
    "display_at": TIME,
    "affected_components": (list, NULL),
    "deliver_notifications": FLAG,
    "custom_tweet": NULL,
    "tweet_id": NULL,
}
INCIDENT = {
    "id": ID,
    "name": TEXT,
    "status": UPDATE["status"],
    "created_at": TIME,
    "updated_at": TIME,
    "monitoring_at": MAYBE_TIME,
    "resolved_at": MAYBE_TIME,
    "impact": {"none", "minor", "major", "critical", "maintenance"},
    "shortlink": TEXT,
    "started_at": TIME,
    "page_id": ID,
    "incident_updates": list,
    "components": list,
}
MAINTENANCE = {**INCIDENT, "scheduled_for": TIME, "scheduled_until": TIME}
AFFECTED = {"code": ID, "name": TEXT, "old_status": COMPONENT["status"], "new_status": COMPONENT["status"]}
DOCUMENTS = {
    "summary": ["components", "incidents", "scheduled_maintenances", "status"],
    "status": ["status"],
    "components": ["components"],
    "incidents": ["incidents"],
    "incidents/unresolved": ["incidents"],
    "scheduled-maintenances": ["scheduled_maintenances"],
    "scheduled-maintenances/upcoming": ["scheduled_maintenances"],
    "scheduled-maintenances/active": ["scheduled_maintenances"],
}


@pytest.fixture(scope="module", params=["UTC", "America/Denver"])
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Moment -> name -> document."""
    folder = tmp_path_factory.mktemp("api")
    text = sites.SETTINGS.replace("    components:", f"    timezone: {request.param}\n    components:")
    site = sites.make(folder / "s", FILES, settings=text)
    found: dict[str, dict[str, Any]] = {"zone": request.param}
    for moment, now in MOMENTS.items():
        files = dict(statuspage_api.documents(sites.context_at(site, now)))
        found[moment] = {name: json.loads(files[f"api/v2/{name}.json"]()) for name in DOCUMENTS}
    return found


TIMES = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d:\d\d)")


def fits(value: Any, kind: Any) -> bool:
    if isinstance(kind, tuple):
        return any(fits(value, each) for each in kind)
    if isinstance(kind, set):
        return value in kind
    if kind == ID:
        return isinstance(value, str) and re.fullmatch("[0123456789bcdfghjklmnpqrstvwxyz]{12}", value) is not None
    if kind == "time":
        zone = r"(Z|[+-]\d\d:\d\d)"
        return (
            isinstance(value, str)
            and re.fullmatch(rf"\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{{3}}{zone}", value) is not None
        )
    return type(value) is kind


def wrong(found: dict[str, Any], table: dict[str, Any], older: bool = False) -> list[str]:
    """What is not as the table has it; recordings of before some keys existed may lack them."""
    table = {key: kind for key, kind in table.items() if not older or key in found}
    faults = [] if list(found) == list(table) else [f"keys {list(found)}"]
    return faults + [
        f"{key}: {found[key]!r}" for key, kind in table.items() if key in found and not fits(found[key], kind)
    ]


def all_wrong(document: dict[str, Any], older: bool = False) -> list[str]:
    faults = wrong(document["page"], PAGE, older)
    for component in document.get("components", []):
        table = {**COMPONENT, "components": list} if component["group"] else COMPONENT
        faults += wrong(component, table, older)
    for key, table in (("incidents", INCIDENT), ("scheduled_maintenances", MAINTENANCE)):
        for incident in document.get(key, []):
            faults += wrong(incident, table, older)
            for component in incident["components"]:
                faults += wrong(component, COMPONENT, older)
            for update in incident["incident_updates"]:
                faults += wrong(update, UPDATE, older)
                for affected in update["affected_components"] or []:
                    faults += wrong(affected, AFFECTED, older)
    return faults


@pytest.mark.parametrize("moment", MOMENTS)
def test_every_document_has_just_the_keys_and_words_clients_know(told: dict[str, Any], moment: str) -> None:
    for name, keys in DOCUMENTS.items():
        document = told[moment][name]

        assert list(document) == ["page", *keys]
        assert all_wrong(document) == []
        assert document["page"]["url"] == "https://status.example.org"


@pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded documents are not here; the table above is their twin")
def test_the_table_is_that_of_recorded_documents() -> None:
    for path in sorted(RECORDED.glob("*.json")):
        assert all_wrong(json.loads(path.read_text()), older=True) == [], path.name


@pytest.mark.parametrize(
    ("moment", "indicator", "description"),
    [
        ("well", "none", "All Systems Operational"),
        ("critical", "critical", "Major Service Outage"),
        ("working", "minor", "Minor Service Outage"),
        ("after", "none", "All Systems Operational"),
    ],
)
def test_the_rollup_says_the_whole(told: dict[str, Any], moment: str, indicator: str, description: str) -> None:
    status = {"indicator": indicator, "description": description}

    assert (told[moment]["status"]["status"], told[moment]["summary"]["status"]) == (status, status)


@pytest.mark.parametrize(
    ("moment", "unresolved", "upcoming", "active"),
    [
        ("well", [], ["Database upgrade"], []),
        ("critical", ["Who knows", "API errors"], ["Database upgrade"], []),
        ("working", ["Who knows", "API errors"], [], ["Database upgrade"]),
        ("after", [], [], []),
    ],
)
def test_each_list_holds_what_is_so_at_that_moment(
    told: dict[str, Any], moment: str, unresolved: list[str], upcoming: list[str], active: list[str]
) -> None:
    def names(name: str, key: str) -> list[str]:
        return [found["name"] for found in told[moment][name][key]]

    assert names("incidents/unresolved", "incidents") == names("summary", "incidents") == unresolved
    assert names("scheduled-maintenances/upcoming", "scheduled_maintenances") == upcoming
    assert names("scheduled-maintenances/active", "scheduled_maintenances") == active
    assert names("summary", "scheduled_maintenances") == active + upcoming
    assert names("scheduled-maintenances", "scheduled_maintenances") == ["Database upgrade"]


def test_what_is_unknown_is_never_told_as_fine(told: dict[str, Any]) -> None:
    states = {part["name"]: part["status"] for part in told["critical"]["components"]["components"]}

    assert states == {"Platform": "major_outage", "API": "major_outage", "Website": "degraded_performance"}


def test_updates_come_newest_first_and_the_post_mortem_before_them(told: dict[str, Any]) -> None:
    incident = next(found for found in told["after"]["incidents"]["incidents"] if found["name"] == "API errors")

    assert incident["status"] == "postmortem"
    assert [(update["status"], update["body"]) for update in incident["incident_updates"]] == [
        ("postmortem", "Why\n\nBecause."),
        ("resolved", "See why (https://example.org/why)."),
        ("monitoring", "Better."),
        ("investigating", "We are looking into it."),
    ]
    assert [
        [(part["name"], part["old_status"], part["new_status"]) for part in update["affected_components"] or []]
        for update in incident["incident_updates"]
    ] == [
        [],
        [("Platform - API", "operational", "operational")],
        [("Platform - API", "major_outage", "operational")],
        [("Platform - API", "operational", "major_outage")],
    ]
    assert incident["shortlink"] == "https://status.example.org/incidents/2026-11-23-api-errors/"


def test_times_are_those_of_the_pages_zone(told: dict[str, Any]) -> None:
    incident = told["critical"]["incidents"]["incidents"][-1]
    zone, time = ("Etc/UTC", "2026-11-20T10:00:00.000Z")
    if told["zone"] != "UTC":
        zone, time = told["zone"], "2026-11-20T03:00:00.000-07:00"

    assert (told["critical"]["summary"]["page"]["time_zone"], incident["created_at"]) == (zone, time)


def test_groups_stand_by_their_position_and_name_their_parts(told: dict[str, Any]) -> None:
    parts = told["well"]["components"]["components"]
    group = next(part for part in parts if part["group"])
    inside = [part for part in parts if part["group_id"] == group["id"]]

    assert [part["position"] for part in parts] == sorted(part["position"] for part in parts)
    assert group["components"] == [part["id"] for part in inside] == [statuspage_api.id_of("component/api")]


@given(st.text(), st.text())
def test_ids_are_twelve_letters_and_differ(one: str, other: str) -> None:
    assert fits(statuspage_api.id_of(one), ID)
    assert (statuspage_api.id_of(one) == statuspage_api.id_of(other)) == (one == other)


def test_the_ids_of_today_are_the_ids_of_ever() -> None:
    assert statuspage_api.id_of("component/api") == "nsc71q1w42cq"


def test_two_of_ours_with_one_id_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statuspage_api, "id_of", lambda name: "000000000000")
    with pytest.raises(StatusError, match=r"have the same id in the API\.\nRename one of them\."):
        [make() for _, make in statuspage_api.documents(sites.context_at(sites.make(tmp_path / "s")))]
