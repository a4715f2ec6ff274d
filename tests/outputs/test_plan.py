"""Whole sites, built and read: every page there, every link alive, nothing from elsewhere, nothing lost."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import histories
import pytest
import sites
from lxml import etree
from sites import API_ERRORS, RESOLVED, snapshot, status

pytestmark = pytest.mark.slow

MKDOCS = Path(sys.executable).parent / "mkdocs"
FILES = {"2026-11-20-slow-website.yml": RESOLVED, "2026-11-23-api-errors.md": API_ERRORS}
EVIL = "\"><script>alert(1)</script><img src=x onerror=alert(1)>' onmouseover='alert(1) {{ 7*7 }}"


class Read(HTMLParser):
    """What a page links to, loads and runs."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.ids: set[str] = set()
        self.canonical = ""
        self.feeds: list[str] = []
        self.attributes: Counter[str] = Counter()
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.attributes.update(found.keys())
        if "id" in found:
            self.ids.add(found["id"])
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        elif tag == "link" and found.get("rel") == "canonical":
            self.canonical = found["href"]
        elif tag == "link" and found.get("rel") == "alternate":
            self.feeds.append(found["href"])
        elif tag == "link" and "href" in found:
            self.loads.append(found["href"])
        elif "src" in found:
            self.loads.append(found["src"])

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(site: Path, path: str) -> Read:
    return Read((site / "site" / path).read_text("utf-8"))


def build(site: Path, *args: str) -> dict[str, bytes]:
    said = status(site, "build", *args)
    assert (said.code, said.err) == (0, "")
    return snapshot(site / "site")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    site = sites.make(tmp_path_factory.mktemp("built") / "s", FILES)
    (site / "docs" / "index.md").write_text("Our own words *below* the state.\n")
    build(site)
    return site


def test_every_page_and_feed_of_the_site_map_is_there(built: Path) -> None:
    pages = [path for path in snapshot(built / "site") if not path.startswith(("assets/", "search/"))]

    assert sorted(pages) == [
        "404.html",
        "_headers",
        "about/index.html",
        "api/v2/components.json",
        "api/v2/incidents.json",
        "api/v2/incidents/unresolved.json",
        "api/v2/scheduled-maintenances.json",
        "api/v2/scheduled-maintenances/active.json",
        "api/v2/scheduled-maintenances/upcoming.json",
        "api/v2/status.json",
        "api/v2/summary.json",
        "app-icon-192.png",
        "app-icon-512.png",
        "app.webmanifest",
        "badge.json",
        "badge.svg",
        "components/api/badge.json",
        "components/api/badge.svg",
        "components/api/feed.atom",
        "components/api/feed.json",
        "components/api/feed.rss",
        "components/api/index.html",
        "components/website/badge.json",
        "components/website/badge.svg",
        "components/website/feed.atom",
        "components/website/feed.json",
        "components/website/feed.rss",
        "components/website/index.html",
        "embed.html",
        "embed.js",
        "feed.atom",
        "feed.json",
        "feed.rss",
        "history/2026-11.json",
        "history/2026-11/index.html",
        "history/index.html",
        "history/index.json",
        "incidents/2026-11-20-slow-website/feed.atom",
        "incidents/2026-11-20-slow-website/index.html",
        "incidents/2026-11-23-api-errors/feed.atom",
        "incidents/2026-11-23-api-errors/index.html",
        "index.html",
        "llms.txt",
        "maintenance.ics",
        "manifest.json",
        "sitemap.xml",
        "sitemap.xml.gz",
        "status.json",
        "status.schema.json",
        "status.txt",
        "subscribe/index.html",
        "voice.txt",
        "voice.xml",
    ]


def test_language_models_are_told_where_everything_is(tmp_path: Path) -> None:
    settings = sites.SETTINGS.replace("name: API,", "name: 'A[P]I',").replace(
        "    components:", "    mirrors: [https://status.example.net/]\n    components:"
    )
    site = sites.make(tmp_path / "s", FILES, settings=settings)
    files = build(site)
    text = files["llms.txt"].decode()
    addresses = re.findall(r"\]\(([^)\s]+)\)", text)

    assert text.startswith("# Example Status\n\n> What works and what does not")
    assert r"- [A\[P\]I](https://status.example.org/components/api/feed.atom): REST" in text
    assert "- [https://status.example.net/](https://status.example.net/llms.txt)" in text
    assert [
        address
        for address in addresses
        if address.startswith("https://status.example.org/")
        and re.sub("/$", "/index.html", address).removeprefix("https://status.example.org/") not in files
    ] == []


def test_the_history_is_there_for_machines_month_by_month(built: Path) -> None:
    index = json.loads((built / "site/history/index.json").read_text())
    month = json.loads((built / "site/history/2026-11.json").read_text())

    assert index == {
        "version": 2,
        "replay": False,
        "months": [
            {"month": "2026-11", "url": "https://status.example.org/history/2026-11.json", "incidents": 2},
        ],
    }
    assert [(found["id"], found["status"], len(found["updates"])) for found in month["incidents"]] == [
        ("2026-11-23-api-errors", "investigating", 1),
        ("2026-11-20-slow-website", "resolved", 2),
    ]
    assert month["incidents"][1]["updates"][0]["message"] == "Pages load *slowly*."


def test_the_digest_changes_with_the_words_and_not_with_the_clock(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", FILES)
    digests = []
    for now in ("2026-11-23T14:05:00Z", "2026-11-23T14:45:00Z"):
        status(site, "build", "--now", now)
        digests.append(json.loads((site / "site" / "status.json").read_text())["digest"])
    status(site, "update", "-m", "Found it.")
    build(site)
    digests.append(json.loads((site / "site" / "status.json").read_text())["digest"])

    assert digests[0] == digests[1] != digests[2]


def test_the_owners_own_words_stand_on_the_home_page(built: Path) -> None:
    html = (built / "site" / "index.html").read_text()

    assert html.index("Major outage</h1>") < html.index("Our own words <em>below</em> the state.")


@pytest.mark.parametrize("url", ["https://status.example.org/", "https://example.org/project/"])
def test_every_link_leads_somewhere_at_a_root_and_below_a_path(url: str, tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", FILES, url=url)
    files = build(site)
    prefix = urlsplit(url).path
    dead = []
    for path in files:
        if not path.endswith(".html"):
            continue
        page, here = read(site, path), url + path.removesuffix("index.html")
        for link in (*page.links, *page.loads, *page.feeds):
            target = urlsplit(urljoin(here, link))
            if target.netloc != urlsplit(url).netloc:
                continue
            name = unquote(target.path).removeprefix(prefix)
            name = name + "index.html" if name.endswith("/") or not name else name
            anchors = read(site, name).ids if name in files and name.endswith(".html") and target.fragment else set()
            lost = target.fragment and anchors and target.fragment not in anchors
            if lost or name not in files or not target.path.startswith(prefix):
                dead.append((path, link))

    assert dead == []


def test_nothing_is_loaded_from_anybody_else(built: Path) -> None:
    foreign = []
    for path, content in snapshot(built / "site").items():
        if path.endswith(".html"):
            foreign += [(path, load) for load in read(built, path).loads if urlsplit(load).netloc]
        elif path.endswith(".css"):
            foreign += [(path, url) for url in re.findall(r"url\([\"']?(?!data:)(?:https?:)?//[^)]*", content.decode())]

    assert foreign == []


def test_every_page_has_one_address_and_the_feeds_in_its_head(built: Path) -> None:
    for path in snapshot(built / "site"):
        if not path.endswith("index.html"):
            continue
        page = read(built, path)
        assert page.canonical == "https://status.example.org/" + path.removesuffix("index.html")
        found = {urljoin(page.canonical, feed).removeprefix("https://status.example.org/") for feed in page.feeds}
        assert {"feed.atom", "feed.rss", "feed.json"} <= found
        if path.startswith("components/api/"):
            assert {"components/api/feed.atom", "components/api/feed.rss", "components/api/feed.json"} <= found
        if path.startswith("incidents/"):
            assert path.replace("index.html", "feed.atom") in found


def test_the_sitemap_lists_every_page_once(built: Path) -> None:
    root = etree.parse(built / "site" / "sitemap.xml").getroot()
    found = sorted(element.text.removeprefix("https://status.example.org/") for element in root.iter("{*}loc"))
    pages = [path.removesuffix("index.html") for path in snapshot(built / "site") if path.endswith("index.html")]

    assert found == sorted(pages)


def test_the_search_index_knows_incidents_and_no_frame(built: Path) -> None:
    text = (built / "site" / "search" / "search_index.json").read_text()
    docs = {doc["location"]: doc for doc in json.loads(text)["docs"]}

    assert "status-frame" not in text
    assert "incidents/_frame" not in text
    assert docs["incidents/2026-11-20-slow-website/"]["title"] == "Slow website"
    assert "Pages load slowly." in docs["incidents/2026-11-20-slow-website/"]["text"]


def test_no_placeholder_is_left_in_any_page(built: Path) -> None:
    assert [path for path, content in snapshot(built / "site").items() if b"status-frame-" in content] == []


def test_a_component_that_never_failed_has_a_page(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s")
    build(site)
    words = " ".join(" ".join(read(site, "components/api/index.html").words).split())

    assert "No incidents reported." in words
    assert "November 2026 100%" in words


def test_the_same_moment_gives_the_same_bytes(tmp_path: Path) -> None:
    one, two = (sites.make(tmp_path / name / "s", FILES) for name in ("one", "two"))

    assert build(one, "--now", "2026-11-21T00:00Z") == build(two, "--now", "2026-11-21T00:00Z")


def test_only_a_build_for_a_chosen_time_is_a_replay(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", FILES)
    chosen, ordinary = build(site, "--now", sites.NOW), build(site)

    assert [json.loads(files["status.json"])["replay"] for files in (chosen, ordinary)] == [True, False]
    for path in ("index.html", "incidents/2026-11-20-slow-website/index.html", "feed.atom", "history/2026-11.json"):
        assert chosen[path] != ordinary[path], path
    assert chosen["about/index.html"] == ordinary["about/index.html"]


def test_what_is_later_than_now_does_not_exist_yet(tmp_path: Path) -> None:
    text = f"---\n{RESOLVED}---\nThe post-mortem.\n"
    site = sites.make(tmp_path / "s", {"2026-11-20-slow-website.md": text, "2026-11-23-api-errors.md": API_ERRORS})
    files = build(site, "--now", "2026-11-20T11:00:00Z")
    everything = b"".join(content for path, content in files.items() if not path.startswith("assets/")).decode(
        "utf-8", "replace"
    )

    assert "incidents/2026-11-23-api-errors/index.html" not in files
    for later in ("API errors", "load quickly again", "The post-mortem"):
        assert later not in everything
    assert "Degraded performance</h1>" in files["index.html"].decode()


def test_a_moment_to_come_can_be_looked_at(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", FILES)

    assert b'As of <time datetime="2027-01-01T00:00:00Z"' in build(site, "--now", "2027-01-01T00:00Z")["index.html"]


def test_an_update_of_the_future_is_refused_when_now_is_now(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {"x.yml": RESOLVED.replace("2026-11-20", "2027-11-20")})
    said = status(site, "build")

    assert said.code == 1
    assert 'incidents/x.yml:4: "at" is in the future: 2027-11-20T10:00:00Z.' in said.err


@pytest.mark.parametrize("command", [["status", "build"], ["mkdocs", "build"]])
def test_a_broken_file_leaves_the_site_as_it_was(command: list[str], tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", FILES)
    before = build(site)
    (site / "incidents" / "2026-11-23-broken.yml").write_text("title: [")
    done = subprocess.run(
        [str(MKDOCS.with_name(command[0])), *command[1:]], cwd=site, capture_output=True, text=True,
        env={**os.environ, "SOURCE_DATE_EPOCH": sites.EPOCH},
    )  # fmt: skip

    assert done.returncode == 1
    assert "incidents/2026-11-23-broken.yml:2: not valid YAML" in done.stderr
    assert "Traceback" not in done.stderr
    assert snapshot(site / "site") == before


@pytest.mark.parametrize("args", [["build"], ["build", "--strict"], ["build", "--dirty"]])
def test_plain_mkdocs_builds_the_same_site(args: list[str], tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", FILES)
    ours = build(site)
    done = subprocess.run(
        [MKDOCS, *args, "-d", "plain"], cwd=site, capture_output=True, text=True,
        env={**os.environ, "SOURCE_DATE_EPOCH": sites.EPOCH},
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert snapshot(site / "plain") == ours


def test_pages_that_are_no_folders_are_refused(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", FILES)
    with (site / "mkdocs.yml").open("a") as file:
        file.write("use_directory_urls: false\n")
    for said in (status(site, "build").err, status(site, "check").err):
        assert said == (
            "mkdocs.yml: use_directory_urls: false is not supported: every page is a folder.\nRemove the line.\n"
        )


@pytest.mark.parametrize(
    ("folder", "source"),
    [
        (".", "incidents"),
        ("..", "incidents"),
        ("incidents", "incidents"),
        ("docs/site", "docs"),
        ("site_templates", "site_templates"),
    ],
)
def test_a_site_is_never_built_over_what_it_is_made_of(folder: str, source: str, tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", FILES)
    before = snapshot(site)
    said = status(site, "build", "--site-dir", folder)

    assert (said.code, said.err) == (
        1,
        f"{folder}: the site cannot be built in this folder: it is in, or contains, {source}.\n"
        "Choose another folder: site_dir in mkdocs.yml, or --site-dir.\n",
    )
    assert snapshot(site) == before


@pytest.mark.parametrize("now", ["1970-01-01T00:00:00Z", "2999-12-31T23:59:59Z"])
def test_the_time_machine_reaches_as_far_as_a_record_may(now: str, tmp_path: Path) -> None:
    assert status(sites.make(tmp_path / "s", FILES), "build", "--now", now).code == 0


def test_a_missing_or_empty_folder_is_no_spotless_record(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {})
    assert status(site, "build").err.startswith("incidents: this folder contains no published incident.\n")
    (site / "incidents").rmdir()
    assert status(site, "build").err.startswith("incidents: this folder does not exist.\n")
    assert not (site / "site").exists()


def test_a_new_site_may_say_that_its_record_is_empty(tmp_path: Path) -> None:
    site = sites.make(
        tmp_path / "s", {}, settings=sites.SETTINGS.replace("components:", "allow_empty: true\n    components:")
    )

    assert b"All systems operational</h1>" in build(site)["index.html"]


def test_drafts_alone_are_no_spotless_record(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {"x.yml": f"draft: true\n{RESOLVED}"})

    assert status(site, "build").err.startswith("incidents: this folder contains no published incident.")


def test_another_site_is_not_overwritten(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", FILES)
    (site / "site").mkdir()
    (site / "site" / "index.html").write_text("Somebody else's.")
    said = status(site, "build")

    message = "site: this folder contains another site, which the build would overwrite."
    assert (said.code, said.err.splitlines()[0]) == (1, message)
    assert snapshot(site / "site") == {"index.html": b"Somebody else's."}


def test_a_name_of_a_site_is_text(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", FILES, settings=sites.SETTINGS.replace("Example Status", "'A & <b>B</b>'"))
    files = build(site)

    for path in ("index.html", "about/index.html", "404.html"):
        assert b"<b>B" not in files[path]
        assert b"A &amp; &lt;b&gt;B&lt;/b&gt;</title>" in files[path]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("theme: {name: material, language: xx}", 'mkdocs.yml:3: unknown language "xx".'),
        ("theme: {name: material, language: tlh}", 'mkdocs.yml:3: unknown language "tlh".'),
        ("theme: {name: material, language: qu}", "mkdocs.yml: MkDocs could not build the site: TemplateNotFound: "),
        ("theme: {name: no-such-theme}", 'mkdocs.yml:3: the theme "no-such-theme" is not installed.'),
        ("docs_dir: nowhere", "nowhere: this folder does not exist. A site needs it for its own pages."),
        ("site_dir: .git/site", ".git/site: the site cannot be built in a folder of git."),
    ],
)
def test_what_mkdocs_cannot_build_is_told_in_one_message(line: str, said: str, tmp_path: Path) -> None:
    text = sites.SETTINGS.replace(
        "theme: {{name: material, font: false, language: {language}}}", line.replace("{", "{{").replace("}", "}}")
    )
    found = status(sites.make(tmp_path / "s", FILES, settings=text), "build")

    assert (found.code, found.err.startswith(said)) == (1, True), found.err


def test_a_page_of_the_owners_at_one_of_our_addresses_is_refused(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", FILES)
    (site / "docs" / "history.md").write_text("# Our company's history\n")

    assert status(site, "build").err == (
        "docs/history.md: the status pages use this address themselves.\nMove the file to another name or folder.\n"
    )


def test_a_sites_own_templates_and_stylesheet_come_first(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", FILES)
    (site / "site_templates" / "pages").mkdir(parents=True)
    (site / "site_templates" / "assets").mkdir()
    (site / "site_templates" / "pages" / "_foot.html").write_text("<p>Call us: +1 555 0100</p>")
    (site / "site_templates" / "assets" / "status.css").write_text(".st { color: teal }")
    files = build(site)

    assert b"Call us: +1 555 0100" in files["incidents/2026-11-23-api-errors/index.html"]
    part = Path(__file__).parents[2] / "site_templates" / "theme" / "assets" / "status.css"
    assert files["assets/status.css"] == b".st { color: teal }" + part.read_bytes()


def test_what_the_theme_needs_beside_our_assets_may_be_the_sites_own_too(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", FILES)
    (site / "site_templates" / "theme" / "assets").mkdir(parents=True)
    (site / "site_templates" / "theme" / "assets" / "status.css").write_text("/* own */")
    (site / "site_templates" / "theme" / "assets" / "logo.svg").write_text("<svg/>")
    files = build(site)

    assert files["assets/status.css"].endswith(b"}\n/* own */")
    assert files["assets/logo.svg"] == b"<svg/>"


def test_a_template_says_its_phrases_in_the_language_of_the_site(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", FILES, language="fr")
    (site / "site_templates" / "pages").mkdir(parents=True)
    (site / "site_templates" / "pages" / "subscribe.html").write_text(
        "{% trans %}History{% endtrans %}. {% trans name='<b>' %}Subscribe to {{ name }}:{% endtrans %} "
        "{% trans n=settings.site_name|length, link='<hr>'|safe %}{{ n }} % of {{ n }}{{ link }}{% endtrans %}"
    )
    french = build(site)["subscribe/index.html"].decode()
    settings = (site / "mkdocs.yml").read_text()
    (site / "mkdocs.yml").write_text(settings.replace("language: fr", "language: en"))
    english = build(site)["subscribe/index.html"].decode()

    assert "Historique. S’abonner à &lt;b&gt;\N{NO-BREAK SPACE}: 14 % of 14<hr>" in french
    assert "History. Subscribe to &lt;b&gt;: 14 % of 14<hr>" in english


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{% if %}", "site_templates/pages/_foot.html:1: Expected an expression, got 'end of statement block'."),
        ("x\n{{ nothing.here }}", "site_templates/pages/_foot.html:2: 'nothing' is undefined."),
        ("{% include 'no.html' %}", 'no template "no.html".'),
        ("\n\n{{ 1 / 0 }}", "site_templates/pages/_foot.html:3: ZeroDivisionError: division by zero."),
        ("{% include '_foot.html' %}", "site_templates/pages/_foot.html:1: RecursionError: "),
        ("café", "site_templates/pages: a template is not UTF-8 text."),
        ("{{ summary.now|markdown }}", "site_templates/pages/_foot.html:1: AttributeError: "),
    ],
)
def test_a_mistake_in_a_template_has_its_place(template: str, message: str, tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", FILES)
    (site / "site_templates" / "pages").mkdir(parents=True)
    (site / "site_templates" / "pages" / "_foot.html").write_text(template, "latin-1")
    said = status(site, "build")

    assert said.code == 1
    assert message in said.err
    assert not (site / "site" / "index.html").exists()


def test_no_word_of_an_incident_can_run(tmp_path: Path) -> None:
    evil = json.dumps(EVIL)
    text = f"title: {evil}\nwho: {evil}\nworkaround: {evil}\ncontact: {evil}\nupdates:\n"
    for hour, state in (("10", "investigating"), ("11", "identified")):
        text += (
            f"- {{at: 2026-11-20T{hour}:00:00Z, status: {state}, components: {{api: major_outage}}, message: {evil}}}\n"
        )
    settings = sites.SETTINGS.replace("name: API", f"name: {json.dumps(EVIL)}").replace("Example Status", "Example")
    settings = settings.replace("{{ 7*7 }}", "{{{{ 7*7 }}}}")
    site = sites.make(tmp_path / "s", {"x.md": f"---\n{text}---\n{EVIL}\n"}, settings=settings)
    clean = sites.make(tmp_path / "clean" / "s", {"x.md": f"---\n{text.replace(evil, 'words')}---\nwords\n"})
    files, harmless = build(site), build(clean)
    for path, content in files.items():
        if not path.endswith(".html"):
            continue
        page, twin = Read(content.decode()), Read(harmless[path].decode())
        assert [load for load in page.loads if load == "x"] == []
        assert {name for name in page.attributes if name.startswith("on")} <= {
            name for name in twin.attributes if name.startswith("on")
        }
        assert content.count(b"<script") == harmless[path].count(b"<script")


def test_a_french_site_speaks_french(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", FILES, language="fr")
    files = build(site)

    assert "Panne majeure</h1>" in files["index.html"].decode()
    assert "En cours d’analyse\u00a0: API errors" in json.loads(files["feed.json"])["items"][0]["title"]


@pytest.mark.skipif(
    not (Path(__file__).parents[3] / "shared" / "data" / "github-history").is_dir(),
    reason="the recorded history is not here; the benchmark's own history is its twin",
)
def test_a_history_of_real_incidents_builds(tmp_path: Path) -> None:
    source = Path(__file__).parents[3] / "shared" / "data" / "github-history" / "incidents.jsonl"
    files = {}
    for line in source.read_text("utf-8").splitlines():
        found = json.loads(line)
        updates: dict[str, dict[str, str]] = {}
        for update in found["updates"]:
            words = "resolved" if update["status"] in ("Resolved", "Completed") else "investigating"
            updates[update["at"]] = {"at": update["at"], "status": words, "message": update["message"] or "-"}
        record = {"title": found["title"], "updates": list(updates.values())}
        files[f"{found['published_at'][:10]}-{found['id']}.yml"] = json.dumps(record)
    site = sites.make(tmp_path / "s", files)

    assert len([path for path in build(site) if path.startswith("incidents/") and path.endswith(".html")]) == len(files)


def test_a_long_synthetic_history_builds(tmp_path: Path) -> None:
    histories.write_ours(tmp_path / "s", histories.made_up(300))
    files = build(tmp_path / "s")

    assert len([path for path in files if re.fullmatch(r"incidents/[^/]+/index\.html", path)]) == 300


def test_every_folder_of_pages_is_kept_out_of_strangers_frames(tmp_path: Path) -> None:
    lines = build(sites.make(tmp_path / "s"))["_headers"].decode().splitlines()
    framed = [path for path, value in pairwise(lines) if value == "  X-Frame-Options: SAMEORIGIN"]

    assert framed == ["/", "/about/*", "/components/*", "/history/*", "/incidents/*", "/subscribe/*"]
