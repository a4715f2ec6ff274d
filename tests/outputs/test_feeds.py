"""The feeds: one entry per update, the same words in three formats, valid to the letter."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import feedparser
import jsonschema
import pytest
import sites
from hypothesis import given
from hypothesis import settings as example_settings
from lxml import etree
from strategies import incidents

from status_tool.incident_files import parser
from status_tool.model.incident import Incident
from status_tool.model.update import Text
from status_tool.outputs import feeds, pages
from status_tool.render import context
from status_tool.render.context import RenderContext
from status_tool.settings import settings
from status_tool.system import clock

NOW = clock.parse_time("2026-12-24T00:00:00Z")
SCHEMAS = Path(__file__).parents[3] / "shared" / "data" / "schemas"
ATOM = "{http://www.w3.org/2005/Atom}"
LONG = f"{'Word and word. ' * 1300}\n\nSecond.\n\n{'A word that is never in a feed. ' * 100}"
EVIL = "Quote \" & <b>tag</b> ]]> 🚒 مرحبا \u202e ' é"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> settings.Settings:
    return settings.load(sites.make(tmp_path_factory.mktemp("feeds") / "s") / "mkdocs.yml")


def made(site: settings.Settings, *found: Incident, now: datetime = NOW) -> RenderContext:
    return context.make(site, found, now)


def parsed(text: str, id: str = "2026-11-20-x") -> Incident:
    return parser.parse(text, f"{id}.md" if text.startswith("---") else f"{id}.yml")


def documents(site: settings.Settings, *found: Incident) -> tuple[bytes, bytes, bytes]:
    feed = feeds.site(made(site, *found))
    return (
        feeds.atom(feed, site.site_url, "Example"),
        feeds.rss(feed, site.site_url),
        feeds.json_feed(feed, site.site_url, "Example"),
    )


def test_an_update_is_an_entry_of_its_own_the_newest_first(site: settings.Settings) -> None:
    feed = feeds.site(made(site, parsed(sites.RESOLVED, "2026-11-20-slow"), parsed(sites.API_ERRORS, "2026-11-23-api")))

    assert [(entry.title, entry.url, clock.iso(entry.updated)) for entry in feed.entries] == [
        (
            "Investigating: API errors",
            "https://status.example.org/incidents/2026-11-23-api/#u-20261123T130000Z",
            "2026-11-23T13:00:00Z",
        ),
        (
            "Resolved: Slow website",
            "https://status.example.org/incidents/2026-11-20-slow/#u-20261120T120000Z",
            "2026-11-20T12:00:00Z",
        ),
        (
            "Investigating: Slow website",
            "https://status.example.org/incidents/2026-11-20-slow/#u-20261120T100000Z",
            "2026-11-20T10:00:00Z",
        ),
    ]


def test_an_entry_tells_the_message_and_what_changed(site: settings.Settings) -> None:
    assert feeds.site(made(site, parsed(sites.API_ERRORS))).entries[0].content == (
        '<div class="st-text" dir="auto"><p>We are looking into it.</p>\n</div>\n<p>API: Major outage</p>'
    )


def test_an_id_depends_on_the_incident_and_the_second_alone(site: settings.Settings) -> None:
    before = parsed(sites.API_ERRORS, "x")
    after = replace(before, title=Text({"": "Other"}), updates=(replace(before.first, message=Text({"": "Other"})),))
    moved = site.built_at(site.site, "https://elsewhere.example.org/sub/")
    ids = [feeds.site(made(where, what)).entries[0].id for where in (site, moved) for what in (before, after)]

    assert set(ids) == {feeds.entry_id("x", before.first.at)}


def test_the_ids_of_today_are_the_ids_of_ever() -> None:
    at = clock.parse_time("2021-10-04T16:07:50Z")

    assert feeds.entry_id("2021-10-04-facebook-outage", at) == "urn:uuid:5416e0a3-ade0-5aad-8a63-1ecefb527969"


def test_an_edited_update_keeps_its_id_and_place_and_says_when(site: settings.Settings) -> None:
    text = sites.API_ERRORS.replace("  message", "  edited: 2026-11-23T13:30:00Z\n  message")
    entry = feeds.site(made(site, parsed(text))).entries[0]

    assert (clock.iso(entry.published), clock.iso(entry.updated)) == ("2026-11-23T13:00:00Z", "2026-11-23T13:30:00Z")


def test_a_post_mortem_is_an_entry_with_an_id_of_its_own(site: settings.Settings) -> None:
    found = replace(parsed(sites.RESOLVED, "x"), postmortem="## Why\n\nBecause.")
    when = clock.parse_time("2026-11-22T09:00:00Z")
    for reviewed, published in ((None, found.last.at), (when, when)):
        entry = feeds.site(made(site, replace(found, reviewed=reviewed))).entries[0]

        assert (entry.title, entry.url, entry.published) == (
            "Post-mortem: Slow website",
            "https://status.example.org/incidents/x/#post-mortem",
            published,
        )
        assert "<h3" in entry.content
        assert entry.id == "urn:uuid:57ff9864-0309-5e0a-8127-c494fb1835c5"


def test_a_post_mortem_of_later_does_not_exist_yet(site: settings.Settings) -> None:
    when = clock.parse_time("2026-11-22T09:00:00Z")
    found = replace(parsed(sites.RESOLVED, "x"), postmortem="## Why", reviewed=when)
    titles = [entry.title for entry in feeds.site(made(site, found, now=when - timedelta(seconds=1))).entries]

    assert titles == ["Resolved: Slow website", "Investigating: Slow website"]


def test_a_feed_holds_the_newest_fifty(site: settings.Settings) -> None:
    one = parsed(sites.API_ERRORS)
    many = tuple(replace(one.first, at=one.first.at + timedelta(minutes=n)) for n in range(60))
    found = feeds.site(made(site, replace(one, updates=many)))

    assert len(found.entries) == 50
    assert clock.iso(found.entries[0].published) == "2026-11-23T13:59:00Z"


def test_a_components_feed_tells_of_that_component_only(site: settings.Settings) -> None:
    found = made(site, parsed(sites.RESOLVED, "a"), parsed(sites.API_ERRORS, "b"))

    assert [entry.title for entry in feeds.component(found, "api").entries] == ["Investigating: API errors"]


def test_a_long_text_is_cut_after_a_paragraph_and_leads_to_the_whole(site: settings.Settings) -> None:
    one = parsed(f"{sites.API_ERRORS}## Why\n\n{LONG}", "x")
    feed = feeds.site(made(site, replace(one, updates=(replace(one.first, message=Text({"": LONG})),))))
    link = '<p><a href="https://status.example.org/incidents/x/#{}">The whole text is on the page</a></p>'

    postmortem, update = (entry.content for entry in feed.entries)
    assert update.startswith('<div class="st-text" dir="auto"><p>Word and')
    assert link.format("u-20261123T130000Z") in update
    assert postmortem.endswith("<p>Second.</p>\n" + link.format("post-mortem"))
    assert "never" not in update + postmortem


def test_the_links_of_a_cut_post_mortem_keep_the_addresses_that_are_defined_below_the_cut(
    site: settings.Settings,
) -> None:
    text = f"{sites.API_ERRORS}See [it][1].\n\n{LONG}\n\n[1]: https://example.org/why\n"
    postmortem = feeds.site(made(site, parsed(text, "x"))).entries[0].content

    assert postmortem.startswith('<p>See <a href="https://example.org/why"')
    assert "never" not in postmortem


def test_a_text_without_paragraphs_is_not_cut_within_its_mark_up(site: settings.Settings) -> None:
    one = parsed(sites.API_ERRORS)
    message = Text({"": f"~~{'All is well. ' * 3000}~~"})
    content = feeds.site(made(site, replace(one, updates=(replace(one.first, message=message),)))).entries[0].content

    assert "All is well" not in content
    assert "The whole text is on the page" in content


def test_the_feeds_of_many_components_share_their_entries(site: settings.Settings, tmp_path: Path) -> None:
    many = "".join(f"    - {{{{id: part-{number}}}}}\n" for number in range(20))
    wide = settings.load(sites.make(tmp_path / "s", settings=sites.SETTINGS + many) / "mkdocs.yml")
    parts = ", ".join(f"part-{number}: major_outage" for number in range(20))
    found = made(wide, parsed(sites.API_ERRORS.replace("api: major_outage", parts)))
    contents = [feeds.component(found, f"part-{number}").entries[0].content for number in range(20)]

    assert len({id(content) for content in contents}) == 1


@pytest.mark.parametrize(("days", "has"), [(0, True), (89, True), (91, False)])
def test_an_incident_keeps_its_feed_for_ninety_days(site: settings.Settings, days: int, has: bool) -> None:
    found = parsed(sites.RESOLVED)
    now = found.last.at + timedelta(days=days)

    assert feeds.has_feed(made(site, found, now=now), found) is has


def test_two_constants_of_this_module_decide_what_feeds_hold(
    site: settings.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "MAX_ENTRIES", 3)
    monkeypatch.setattr(feeds, "FEED_DAYS", timedelta(days=30))
    found = [parsed(sites.RESOLVED, "a"), parsed(sites.RESOLVED, "b")]
    month_later = made(site, *found, now=found[0].last.at + timedelta(days=31))

    assert len(feeds.site(month_later).entries) == 3
    assert not feeds.has_feed(month_later, found[0])
    assert "Follow this incident" not in pages.incident(month_later, found[0]).body


def said(entry: Any) -> str:
    return str(entry.content[0].value if "content" in entry else entry.summary)


def test_three_formats_say_the_same_to_a_reader_of_somebody_elses(site: settings.Settings) -> None:
    evil = replace(parsed(sites.API_ERRORS), title=Text({"": EVIL}))
    atom, rss, plain = documents(site, evil, parsed(sites.RESOLVED, "y"))
    told = []
    for document in (atom, rss):
        found = feedparser.parse(document)
        assert not found.bozo
        told.append([(e.id, e.title, e.link, said(e), e.published_parsed[:6]) for e in found.entries])
    items = json.loads(plain)["items"]
    times = [clock.parse_time(item["date_published"]).timetuple()[:6] for item in items]
    told.append([(i["id"], i["title"], i["url"], i["content_html"], t) for i, t in zip(items, times, strict=True)])

    assert told[0] == told[1]
    assert [entry[:3] for entry in told[0]] == [entry[:3] for entry in told[2]]
    assert told[0][0][1] == f"Investigating: {EVIL}"


def check_atom(document: bytes) -> None:
    """The rules of RFC 4287 that its RELAX NG holds, and two that it cannot."""
    root = etree.fromstring(document)
    assert root.tag == f"{ATOM}feed"
    for holder in (root, *root.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(holder.findall(f"{ATOM}{name}")) == 1, name
        assert re.fullmatch(r"[a-z]+:\S+", holder.findtext(f"{ATOM}id") or "")
        for time in (*holder.findall(f"{ATOM}updated"), *holder.findall(f"{ATOM}published")):
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", time.text or "")
        alternates = [link for link in holder.findall(f"{ATOM}link") if link.get("rel", "alternate") == "alternate"]
        assert len(alternates) == 1
    assert [link.get("rel") for link in root.findall(f"{ATOM}link")].count("self") == 1
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    ids = [entry.findtext(f"{ATOM}id") for entry in root.iter(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))


def check_rss(document: bytes) -> None:
    """RSS 2.0, https://www.rssboard.org/rss-specification, and the Best Practices Profile's self link."""
    root = etree.fromstring(document)
    assert (root.tag, root.get("version"), len(root)) == ("rss", "2.0", 1)
    channel = root[0]
    assert all(channel.findtext(name) for name in ("title", "link", "description"))
    assert channel.find(f"{ATOM}link[@rel='self']") is not None
    for item in channel.findall("item"):
        assert item.findtext("title")
        assert item.find("guid").get("isPermaLink") == "false"  # type: ignore[union-attr]
        assert parsedate_to_datetime(item.findtext("pubDate") or "").tzinfo is not None


def check_json(document: bytes) -> None:
    found: dict[str, Any] = json.loads(document)
    assert found["version"] == "https://jsonfeed.org/version/1.1"
    assert isinstance(found["title"], str)
    for item in found["items"]:
        assert isinstance(item["id"], str)
        assert item["content_html"]


@given(incidents())
@example_settings(max_examples=40)
def test_whatever_was_written_every_feed_is_valid(site: settings.Settings, found: Incident) -> None:
    atom, rss, plain = documents(site, replace(found, draft=False))
    check_atom(atom)
    check_rss(rss)
    check_json(plain)


def test_an_empty_feed_is_valid_too(site: settings.Settings) -> None:
    atom, rss, plain = documents(site)
    check_atom(atom)
    check_rss(rss)
    check_json(plain)


@pytest.mark.skipif(not SCHEMAS.is_dir(), reason="the recorded schemas are not here; the rules above are their twin")
def test_the_feeds_meet_the_published_schemas(site: settings.Settings) -> None:
    evil = replace(parsed(sites.API_ERRORS), title=Text({"": EVIL}))
    for found in ([evil, parsed(sites.RESOLVED, "y")], []):
        atom, _, plain = documents(site, *found)
        rules = etree.RelaxNG(etree.parse(SCHEMAS / "atom-rfc4287.rng"))
        assert rules.validate(etree.fromstring(atom)), rules.error_log
        jsonschema.validate(json.loads(plain), json.loads((SCHEMAS / "jsonfeed-v1.1.schema.json").read_text()))


def test_the_same_files_give_the_same_bytes_whenever_they_are_built(site: settings.Settings) -> None:
    found = parsed(sites.RESOLVED)
    early, late = (feeds.site(made(site, found, now=NOW + timedelta(days=days))) for days in (0, 30))

    assert feeds.atom(early, site.site_url, "x") == feeds.atom(late, site.site_url, "x")
    assert feeds.rss(early, site.site_url) == feeds.rss(late, site.site_url)
    assert early.updated == datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_a_feed_names_its_hubs_and_the_mirrors(site: settings.Settings) -> None:
    hubs = ("https://hub.example.org/", "https://hub.example.net/x")
    elsewhere = replace(site, hubs=hubs, mirrors=("https://status.example.net/",))
    atom, rss, json_feed = documents(elsewhere, parsed(sites.RESOLVED))

    for document in (atom, rss):
        found = feedparser.parse(document).feed
        assert {link.href for link in found.links if link.rel == "hub"} == set(hubs)
        assert found.subtitle.endswith("the newest first. Also at https://status.example.net/")
    assert [hub["url"] for hub in json.loads(json_feed)["hubs"]] == list(hubs)
    check_atom(atom)
    check_rss(rss)
    check_json(json_feed)
