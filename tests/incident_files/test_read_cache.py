"""An incident that an earlier run read is the same incident, and its words are unpacked when somebody asks."""

from __future__ import annotations

from dataclasses import fields, replace

from hypothesis import given
from strategies import incidents

from status_tool.incident_files import read_cache
from status_tool.incident_files.read_cache import DERIVED, Reading
from status_tool.model.incident import Incident
from status_tool.system import cache

STAMP = (1, 2, 3)


def again(incident: Incident) -> Incident:
    """The incident as another run knows it."""
    return read_cache.unpack(read_cache.pack({"a.md": Reading(STAMP, incident)}))["a.md"].incident


@given(incidents())
def test_what_was_read_is_read_again(incident: Incident) -> None:
    found = read_cache.unpack(read_cache.pack({"a.md": Reading(STAMP, incident)}))

    assert found == {"a.md": Reading(STAMP, incident)}
    assert again(again(incident)) == incident
    assert again(replace(incident, source="1a2b")).source == "1a2b"
    assert {field.name for field in fields(Incident)} <= vars(found["a.md"].incident).keys()


@given(incidents())
def test_what_was_worked_out_is_what_its_words_say(incident: Incident) -> None:
    found = again(incident)
    fresh = replace(found, updates=tuple(found.updates))

    for name in DERIVED:
        assert getattr(found, name) == getattr(fresh, name) == getattr(incident, name), name


@given(incidents())
def test_its_words_stay_packed_until_somebody_asks(incident: Incident) -> None:
    found = again(incident)
    assert isinstance(found.updates, cache.LazySequence)
    assert all(getattr(found, name) == getattr(incident, name) for name in DERIVED)
    assert "values" not in vars(found.updates)

    assert (found.first, found.last, len(found.updates)) == (incident.first, incident.last, len(incident.updates))
    assert list(reversed(found.updates)) == list(reversed(incident.updates))
