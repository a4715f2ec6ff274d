"""A site as of a chosen time says so wherever it says anything of the state; a step of a replay is such a page."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import jsonschema
import pytest
import sites
from lxml import etree
from sites import API_ERRORS, RESOLVED, context_at, files_of, planned

NOW = "2026-11-23T14:05:00Z"
FILES = {
    "2026-11-20-slow-website.yml": RESOLVED,
    "2026-11-23-api-errors.md": API_ERRORS,
    "2026-12-01-work.yml": sites.WORK,
}
STATELESS = {
    "_headers",
    "app-icon-192.png",
    "app-icon-512.png",
    "assets/cards/site.png",
    "assets/status.css",
    "assets/status.js",
    "embed.js",
    "sitemap.xml",
    "sitemap.xml.gz",
    "status.schema.json",
}
"""What says nothing of the state: lists of addresses, looks and scripts."""
MARK = re.compile(rb'\bReplay: |"replay": ?true')


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Mapping[str, bytes], Mapping[str, bytes]]:
    """The files of a replay, and those of the same site in an ordinary build at the same time."""
    site = sites.make(tmp_path_factory.mktemp("replay") / "s", FILES)
    return files_of(context_at(site, NOW, is_replay=True)), files_of(context_at(site, NOW))


def test_every_file_of_a_replay_that_says_anything_of_the_state_is_marked(built: tuple[Any, Any]) -> None:
    replay, _ = built

    assert {path for path, content in replay.items() if not MARK.search(content)} == STATELESS


def test_nothing_is_marked_in_an_ordinary_build(built: tuple[Any, Any]) -> None:
    _, ordinary = built

    assert {path for path, content in ordinary.items() if MARK.search(content) or b"data-replay" in content} <= {
        "assets/status.js"
    }


def test_a_page_of_a_replay_says_as_of_when_before_anything_else(built: tuple[Any, Any]) -> None:
    replay, _ = built
    for path in (path for path in replay if path.endswith("index.html")):
        body = replay[path].decode().partition("</head>")[2]
        words = " ".join(re.sub(r"<[^>]*>", " ", body).split())

        assert words.startswith("Replay: as of 23 November 2026, 14:05 UTC "), path
        assert "Page written" not in words, path


def test_the_title_of_the_home_page_and_of_the_frame_says_it_first(built: tuple[Any, Any]) -> None:
    replay, _ = built

    assert [re.findall("<title>(.*?)</title>", files["index.html"].decode())[0] for files in built] == [
        "Replay: Major outage",
        "Major outage",
    ]
    assert b"<title>Replay: Major outage \xe2\x80\x93 Example Status</title>" in replay["embed.html"]
    assert b"<h1>Replay: Major outage</h1>" in replay["embed.html"]


def test_plain_text_says_it_in_the_first_line(built: tuple[Any, Any]) -> None:
    replay, ordinary = (files["status.txt"].decode() for files in built)

    assert replay == f"Replay: as of 23 November 2026, 14:05 UTC\n{ordinary}"


def test_documents_say_it_in_a_key_and_are_as_their_schema_says(built: tuple[Any, Any]) -> None:
    for files, expected in zip(built, (True, False), strict=True):
        documents = [json.loads(files[path]) for path in ("status.json", "history/index.json", "history/2026-11.json")]

        assert [document["replay"] for document in documents] == [expected] * 3
        jsonschema.validate(documents[0], json.loads(files["status.schema.json"]))


def test_the_documents_of_statuspage_say_it_in_the_texts_that_programs_show(built: tuple[Any, Any]) -> None:
    replay, ordinary = (json.loads(files["api/v2/summary.json"]) for files in built)

    assert replay["page"] == {**ordinary["page"], "name": "Replay: Example Status", "replay": True}
    assert replay["status"] == {"indicator": "critical", "description": "Replay: Major Service Outage"}
    assert {**replay, "page": 0, "status": 0} == {**ordinary, "page": 0, "status": 0}


def test_feeds_and_the_calendar_say_it_in_their_name(built: tuple[Any, Any]) -> None:
    replay, _ = built
    atom, rss = (etree.fromstring(replay[f"feed.{kind}"]) for kind in ("atom", "rss"))

    assert atom.findtext("{*}title") == "Replay: Example Status: incidents and maintenance"
    assert rss.findtext("channel/title") == "Replay: Example Status: incidents and maintenance"
    assert json.loads(replay["components/api/feed.json"])["title"] == "Replay: API – Example Status"
    assert b"\r\nX-WR-CALNAME:Replay: Example Status: planned maintenance\r\n" in replay["maintenance.ics"]


def test_a_badge_says_it_before_its_status(built: tuple[Any, Any]) -> None:
    replay, _ = built
    svg = etree.fromstring(replay["badge.svg"])

    assert json.loads(replay["badge.json"])["message"] == "Replay: Major outage (2026-11-23 14:05 UTC)"
    assert svg.get("aria-label") == "Example Status: Replay: Major outage. As of 23 November 2026, 14:05 UTC"
    assert "Replay: Major outage" in [text.text for text in svg.iter("{*}text")]


def test_language_models_are_told_that_nothing_is_the_present_state(built: tuple[Any, Any]) -> None:
    replay, ordinary = (files["llms.txt"].decode() for files in built)
    note = "Replay: as of 23 November 2026, 14:05 UTC. Nothing in the files below is the present state.\n\n"

    assert replay.replace(note, "") == ordinary != replay


def test_a_replay_in_french_speaks_french(tmp_path: Path) -> None:
    files = files_of(context_at(sites.make(tmp_path / "s", FILES, language="fr"), NOW, is_replay=True))

    assert files["status.txt"].decode().startswith("Rejeu\N{NO-BREAK SPACE}: état au 23 novembre 2026, 14:05 UTC\n")


def test_two_replays_and_an_ordinary_build_share_no_file_that_is_not_made_again(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", FILES)
    contexts = [context_at(site, NOW), *(context_at(site, now, is_replay=True) for now in (NOW, "2026-11-23T14:06Z"))]

    assert len({context.input_digest for context in contexts}) == 3
    assert len({context.site.input_digest for context in contexts}) == 1


def test_a_text_that_was_corrected_after_the_time_of_a_replay_says_so_without_the_later_time(tmp_path: Path) -> None:
    text = RESOLVED.replace("  message: Pages load *slowly*.", "  edited: 2026-11-21T08:00:00Z\n  message: Slow.")
    site = sites.make(tmp_path / "s", {"2026-11-20-slow-website.yml": text})
    before, after = (
        files_of(context_at(site, now, is_replay=True))["incidents/2026-11-20-slow-website/index.html"].decode()
        for now in ("2026-11-20T11:00:00Z", "2026-11-22T00:00:00Z")
    )

    assert '<span class="st-edited">corrected later</span>' in before
    assert "2026-11-21" not in before
    assert '<span class="st-edited">edited <time datetime="2026-11-21T08:00:00Z">' in after


# -- the steps of a replay -----------------------------------------------------------------------

STORY = """\
---
title: API errors
replay: true
updates:
- {at: 2026-11-23T13:00:00Z, status: investigating, components: {api: major_outage}, message: We are looking into it.}
- {at: 2026-11-23T13:30:00Z, status: identified, components: {website: partial_outage}, message: We found the cause.}
- {at: 2026-11-24T01:00:00Z, status: resolved, message: All is well again.}
---
Why it happened.
"""
OTHER = """\
title: Mail is late
updates:
- {at: 2026-11-23T13:20:00Z, status: investigating, components: {website: degraded_performance}, message: It is late.}
- {at: 2026-11-23T14:00:00Z, status: resolved, edited: 2026-11-25T08:00:00Z, message: It is in time.}
"""
STORIES = {
    "2026-11-20-slow-website.yml": RESOLVED,
    "2026-11-23-api-errors.md": STORY,
    "2026-11-23-mail.yml": OTHER,
    "2026-11-24-work.yml": sites.work("2026-11-24T00:00:00Z", "2026-11-24T02:00:00Z", "website"),
}
TIMES = ("2026-11-23T13:00:00Z", "2026-11-23T13:30:00Z", "2026-11-24T01:00:00Z")
LATER = "2026-11-26T00:00:00Z"
URL = "https://status.example.org/"


def path_of(time: str) -> str:
    """The file of the step at that time."""
    return f"incidents/2026-11-23-api-errors/replay/{re.sub('[-:]', '', time)}/index.html"


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sites.make(tmp_path_factory.mktemp("steps") / "s", STORIES)


@pytest.fixture(scope="module")
def now_and_then(story: Path) -> dict[str, dict[str, bytes]]:
    """The files of an ordinary build after the story, and of replays before it, in its middle and after it."""
    replays = {time: context_at(story, time, is_replay=True) for time in ("2026-11-21T00:00:00Z", TIMES[0], LATER)}
    return {"ordinary": files_of(context_at(story, LATER)), **{time: files_of(replays[time]) for time in replays}}


def below_the_band(content: bytes) -> str:
    return content.decode().partition("</section>")[2]


def links(content: bytes, path: str) -> list[str]:
    """The addresses below the site to which a page leads, with `index.html`."""
    found = (
        urljoin(URL + path, link).removeprefix(URL) for link in re.findall('<a [^>]*?href="([^"]*)"', content.decode())
    )
    return [re.sub("(^|/)(#|$)", r"\1index.html\2", link) for link in found if ":" not in link]


def test_a_step_is_the_home_page_as_it_stood_at_its_update(
    story: Path, now_and_then: dict[str, dict[str, bytes]]
) -> None:
    for time in TIMES:
        home = files_of(context_at(story, time, is_replay=True))["index.html"]
        step = now_and_then["ordinary"][path_of(time)]

        assert below_the_band(step).replace("../../../../", "") == below_the_band(home)


def test_what_was_later_than_a_step_is_not_on_it(now_and_then: dict[str, dict[str, bytes]]) -> None:
    first, second, last = (below_the_band(now_and_then["ordinary"][path_of(time)]) for time in TIMES)

    assert "Mail is late" not in first and "found the cause" not in first
    assert "Mail is late" in second and "in time" not in second
    assert "It is in time." in last and "2026-11-25" not in last
    assert not any("Why it happened" in page or LATER in page for page in (first, second, last))


def test_a_step_leads_to_every_step_and_to_its_neighbours(now_and_then: dict[str, dict[str, bytes]]) -> None:
    for number, time in enumerate(TIMES):
        page = now_and_then["ordinary"][path_of(time)]
        found = {
            rel: links(match[0], path_of(time))
            for rel in ("prev", "next")
            if (match := re.search(rb'<a rel="%s" [^>]*>' % rel.encode(), page))
        }
        current = re.findall('href="([^"]*)" aria-current="page"', page.decode())

        assert set(map(path_of, TIMES)) <= set(links(page, path_of(time)))
        assert [urljoin(URL + path_of(time), link) + "index.html" for link in current] == [URL + path_of(time)]
        assert found == {
            **({"prev": [path_of(TIMES[number - 1])]} if number else {}),
            **({"next": [path_of(TIMES[number + 1])]} if number < 2 else {}),
        }


@pytest.mark.parametrize("build", ["ordinary", TIMES[0], LATER])
def test_every_link_of_a_step_leads_somewhere(build: str, now_and_then: dict[str, dict[str, bytes]]) -> None:
    files = now_and_then[build]
    for time in TIMES:
        for link in links(files[path_of(time)], path_of(time)):
            path, _, anchor = link.partition("#")
            assert path in files, (time, link)
            assert not anchor or f'id="{anchor}"'.encode() in files[path], (time, link)


def test_steps_cover_the_whole_record_as_soon_as_the_site_has_the_incident(
    now_and_then: dict[str, dict[str, bytes]],
) -> None:
    steps = {
        name: [path for path in files if "/replay/" in path and path.endswith(".html")]
        for name, files in now_and_then.items()
    }
    pages = {name: files["index.html"] for name, files in now_and_then.items()}

    assert steps.pop("2026-11-21T00:00:00Z") == []
    assert [sorted(paths) for paths in steps.values()] == [[path_of(time) for time in TIMES]] * 3
    for name in steps:
        assert set(links(pages[name], "")) & {path_of(time) for time in TIMES}, name
    assert b"Mail is late" in now_and_then[TIMES[0]][path_of(TIMES[2])]


def test_steps_of_an_ordinary_build_lead_to_the_present_and_those_of_a_replay_to_its_time(
    now_and_then: dict[str, dict[str, bytes]],
) -> None:
    ordinary, replay = (now_and_then[name][path_of(TIMES[1])].decode() for name in ("ordinary", TIMES[0]))

    assert '<a href="../../../../">Current state</a>' in ordinary
    assert '<a href="../../../../">As of 23 November 2026, 13:00 UTC</a>' in replay
    assert "Current state" not in replay
    assert json.loads(now_and_then["ordinary"]["status.json"])["replay"] is False
    assert b"data-replay" not in now_and_then["ordinary"]["index.html"]


def test_search_engines_leave_the_steps_out(now_and_then: dict[str, dict[str, bytes]]) -> None:
    files = now_and_then["ordinary"]
    for time in TIMES:
        assert files[path_of(time)].count(b'<meta name="robots" content="noindex">') == 1
        assert (
            f"<link rel=canonical href={URL}{path_of(time).removesuffix('index.html')}>".encode()
            in files[path_of(time)]
        )
    assert b"replay" not in files["sitemap.xml"]
    assert b"noindex" not in files["index.html"]


def test_the_incident_and_its_post_mortem_lead_to_the_steps(now_and_then: dict[str, dict[str, bytes]]) -> None:
    page = now_and_then["ordinary"]["incidents/2026-11-23-api-errors/index.html"]
    head, _, postmortem = page.partition(b'id="post-mortem"')

    assert {path_of(time) for time in TIMES} <= set(links(head, "incidents/2026-11-23-api-errors/"))
    assert links(postmortem, "incidents/2026-11-23-api-errors/")[0] == path_of(TIMES[0])


def test_the_home_page_leads_to_the_steps_for_as_long_as_it_shows_the_incident(story: Path) -> None:
    shown = {
        now: path_of(TIMES[0]) in links(files_of(context_at(story, now))["index.html"], "")
        for now in ("2026-11-23T13:10:00Z", "2026-12-06T23:00:00Z", "2026-12-09T00:00:00Z")
    }

    assert list(shown.values()) == [True, True, False]


def test_a_draft_and_an_incident_without_replay_have_no_steps(tmp_path: Path) -> None:
    files = {"2026-11-23-api-errors.md": STORY.replace("replay:", "draft: true\nreplay:"), "2026-11-23-mail.yml": OTHER}
    made = files_of(context_at(sites.make(tmp_path / "s", files), LATER))

    assert [path for path in made if "/replay/" in path] == []


def digests(site: Path, now: str = LATER) -> dict[str, str]:
    """Time of a step -> the digest of its inputs."""
    found = {file.path: file.input_digest for file in planned(context_at(site, now))}
    return {time: found[path_of(time)] for time in TIMES}


def test_a_step_is_made_again_only_when_what_it_shows_may_have_changed(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", STORIES)
    before = digests(site)
    assert len(set(before.values())) == 3 and all(before.values())
    assert digests(site, "2026-12-24T00:00:00Z") == before

    (site / "incidents" / "2026-11-23-night.yml").write_text(OTHER.replace("T13:20", "T22:00").replace("T14:", "T23:"))
    changed = digests(site)
    assert [changed[time] != before[time] for time in TIMES] == [False, False, True]

    (site / "incidents" / "2026-11-23-mail.yml").write_text(OTHER.replace("Mail", "Post"))
    again = digests(site)
    assert [again[time] != changed[time] for time in TIMES] == [False, True, True]


def test_a_step_that_is_later_than_the_site_is_made_again_with_the_site(tmp_path: Path) -> None:
    """Its links lead to pages that the site has only later."""
    site = sites.make(tmp_path / "s", STORIES)
    one, two = (digests(site, now) for now in ("2026-11-23T13:10:00Z", "2026-11-23T13:25:00Z"))

    assert [one[time] != two[time] for time in TIMES] == [False, True, True]


def test_a_step_leads_to_no_month_that_the_site_does_not_have_yet(tmp_path: Path) -> None:
    story = STORY.replace("11-23T13:00", "11-30T23:00").replace("11-23T13:30", "11-30T23:10").replace("11-24", "12-01")
    many = {
        f"2026-12-01-mail-{n}.yml": OTHER.replace("11-23T13:20", "12-01T00:20")
        .replace("11-23T14:00", "12-01T00:40")
        .replace("11-25", "12-02")
        for n in range(11)
    }
    site = sites.make(tmp_path / "s", {"2026-11-30-api-errors.md": story, **many})
    path = "incidents/2026-11-30-api-errors/replay/20261201T010000Z/index.html"
    before, after = (files_of(context_at(site, now)) for now in ("2026-11-30T23:30:00Z", "2026-12-02T00:00:00Z"))

    assert "1 more" in before[path].decode()
    assert [link for link in links(before[path], path) if link not in before and "#" not in link] == []
    assert "history/2026-12/index.html" in links(after[path], path)


@pytest.mark.slow
def test_a_step_of_a_long_replay_leads_to_those_around_it_and_the_incident_to_all(tmp_path: Path) -> None:
    updates = "".join(
        f"- {{at: 2026-11-23T{minute // 60:02}:{minute % 60:02}:00Z, status: investigating, message: m}}\n"
        for minute in range(120)
    )
    site = sites.make(tmp_path / "s", {"2026-11-23-long.yml": f"title: Long\nreplay: true\nupdates:\n{updates}"})
    files = files_of(context_at(site, NOW))
    link = re.compile(rb'replay/20261123T(\d{4})00Z/"[^>]* aria-label')

    def steps(path: str) -> list[str]:
        return [found.decode() for found in link.findall(files[f"{path}index.html"])]

    folder = "incidents/2026-11-23-long/"
    middle, first, last = (steps(f"{folder}replay/20261123T{time}00Z/") for time in ("0100", "0000", "0159"))
    assert (len(middle), middle[0], middle[-1]) == (50, "0035", "0124")
    assert (first[0], first[-1]) == ("0000", "0049")
    assert (last[0], last[-1]) == ("0110", "0159")
    assert steps("")[-1] == "0159"
    assert len(steps(folder)) == 120
