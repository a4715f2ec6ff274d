"""A message says what happened, since when, by when there is more, and where, however little a channel takes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import messages
import pytest
import repository
import sites
import yaml
from hypothesis import given
from hypothesis import strategies as st

from status_tool.errors import StatusError
from status_tool.notify import limits, notices, wording
from status_tool.notify.notice import Notice
from status_tool.notify.words import Limit, Words
from status_tool.render.context import RenderContext, SiteContext
from status_tool.render.templates import Templates
from status_tool.text import sms_text

ROOT = Path(__file__).parents[2]
CASES: list[dict[str, Any]] = yaml.safe_load((ROOT / "tests" / "cases" / "wording.yml").read_text("utf-8"))
LIMITS: dict[str, Callable[[int], Limit]] = {
    "characters": limits.characters,
    "utf_16_units": limits.utf_16_units,
    "octets": limits.octets,
    "mastodon": limits.mastodon,
    "sms": limits.sms,
    "words": limits.spoken,
}


@cache
def demo(language: str) -> RenderContext:
    """The context of the demo, the day after the outage."""
    found = sites.context_at(ROOT, "2021-10-06T00:00:00Z")
    return replace(found, site=SiteContext.of(replace(found.settings, language=language)))


def of_case(case: dict[str, Any]) -> Notice:
    """The notice of the update of the demo's outage at that time, with other texts where the case has them."""
    context = demo(case.get("language", "en"))
    incident = next(found for found in context.record if found.id == "2021-10-04-facebook-outage")
    update = next(each for each in incident.updates if f"{each.at:%H:%M:%S}" == case.get("update", "16:07:50"))
    return replace(notices.update(context, incident, update), **dict(map(changed, case.get("change", {}).items())))


def changed(item: tuple[str, Any]) -> tuple[str, Any]:
    key, value = item
    return key, value["of"] * value["times"] if isinstance(value, dict) else value


def of_words(case: dict[str, Any]) -> tuple[Words, Limit]:
    unit, most = case["limit"].split()
    limit = LIMITS[unit](int(most))
    return wording.words(of_case(case), limit, demo(case.get("language", "en")).templates, case["form"]), limit


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['form']} {case['limit']}: {case['case']}")
def test_the_words_of_a_case(case: dict[str, Any]) -> None:
    found, limit = of_words(case)

    assert found.text == case["text"].removesuffix("\n")
    assert found.is_cut is case.get("cut", False)
    assert "subject" not in case or found.subject == case["subject"]
    assert limit.measure(found.text) <= limit.most or case.get("too_small", False)


# -- laws ----------------------------------------------------------------------------------------

hostile = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=400),
    st.lists(
        st.sampled_from(
            [
                "It fails.",
                "@everyone",
                "#down",
                messages.URL,
                "~~no~~",
                "\n\n",
                "x" * 300,
                "ê",
                "—",
                "🔥",
                "👩‍🚒",
                "障害。",
                "تعطل",
            ]
        ),
        max_size=40,
    ).map(" ".join),
)
lines = hostile.map(lambda text: " ".join(text.split()))
notices_to_cut = st.builds(
    replace,
    st.just(messages.NOTICE),
    site=lines.filter(bool),
    label=st.sampled_from(["Investigating", "En cours d’analyse", "Drill: Resolved"]),
    title=lines.filter(bool),
    since=st.sampled_from(
        ["since 4 October 2021, 15:39 UTC", "depuis le 4 octobre 2021, 15:39 UTC", "15:39–22:33 UTC"]
    ),
    next=st.sampled_from(["", "Next update by 4 October 2021, 16:37 UTC", "Prochaine nouvelle au plus tard le 4 août"]),
    message=hostile.map(str.strip),
    components=st.sampled_from(["", "API: Major outage", "API\u00a0: Panne majeure, " * 20]),
    url=st.sampled_from([messages.URL, "https://example.org/status/incidents/x~y_[1]/#u-20211004T160750Z"]),
)
FORMS = st.sampled_from(sorted(set(wording.FORMS) - {"subject"}))


def english() -> Templates:
    return demo("en").templates


@given(notices_to_cut, FORMS, st.sampled_from(sorted(LIMITS)), st.integers(0, 400))
def test_what_since_when_next_and_link_survive_in_this_order(notice: Notice, form: str, unit: str, more: int) -> None:
    least = wording.words(replace(notice, site="", title="", message="", components=""), ALL, english(), form).text
    limit = LIMITS[unit](LIMITS[unit](1).measure(least) + more)
    found = wording.words(notice, limit, english(), form)
    link = notice.url.partition("://")[2].partition("/")[0] if form == "speech" else notice.url

    assert limit.measure(found.text) <= limit.most
    assert has_in_order(found.text, [notice.label, notice.since, notice.next, link])
    assert form == "speech" or re.search(rf"(?:\A|\s){re.escape(link)}(?:\s|\Z)", found.text)
    assert found.is_cut == (found.text != wording.words(notice, ALL, english(), form).text)


ALL = limits.UNLIMITED


def has_in_order(text: str, parts: list[str]) -> bool:
    """Whether `text` has these parts, as they are or as an SMS has them, one after the other."""
    end = 0
    for part in parts:
        places = [text.find(form, end) for form in (part, sms_text.transliterated(part)) if text.find(form, end) >= 0]
        if not places:
            return False
        end = min(places) + len(part)
    return True


@given(notices_to_cut, FORMS, st.integers(0, 300))
def test_however_little_there_is_room_for_no_part_of_an_address_is_cut(notice: Notice, form: str, most: int) -> None:
    found = wording.words(notice, limits.characters(most), english(), form).text
    page, site = notice.url.partition("#")[0], notice.url.partition("incidents/")[0]

    assert form == "speech" or found.split()[-1] in (notice.url, page, site) or notice.site in found
    assert len(found) <= max(most, len(site))


@given(notices_to_cut)
def test_a_subject_is_one_short_line_that_says_the_label(notice: Notice) -> None:
    subject = wording.words(notice, ALL, english(), "mail").subject

    assert "\n" not in subject
    assert len(subject) <= wording.LONGEST_SUBJECT
    assert notice.label in subject


@given(notices_to_cut, FORMS, st.integers(0, 2000))
def test_more_room_never_drops_the_end_of_the_title(notice: Notice, form: str, most: int) -> None:
    """A title is cut only where nothing but the title is left to be cut."""
    found = wording.words(notice, limits.characters(most), english(), form).text

    assert notice.title in found or form == "sms" or all(part not in found for part in (notice.components,) if part)


@pytest.mark.slow
@pytest.mark.parametrize("field", ["message", "title", "site", "components"])
@pytest.mark.parametrize(
    "of", ["word ", "x", "https://status.example.org/", "a.", "~~", "障害", "e\u0301", "A. ", "\n"]
)
@pytest.mark.parametrize(
    ("form", "unit", "most"), [("post", "mastodon", 500), ("sms", "sms", 3), ("mail", "octets", 5000)]
)
def test_100_000_characters_of_anything_are_cut(field: str, of: str, form: str, unit: str, most: int) -> None:
    text = of * (100_000 // len(of))
    notice = replace(messages.NOTICE, **{field: text.strip() if field == "message" else " ".join(text.split())})
    found = wording.words(notice, LIMITS[unit](most), english(), form)

    assert LIMITS[unit](most).measure(found.text) <= most
    assert messages.URL in found.text.split()


# -- templates of the site -----------------------------------------------------------------------


def site_with(folder: Path, **own: str) -> Path:
    """A site that has templates of its own in `site_templates/notify`, and a channel."""
    channel = "{{name: chat, kind: slack, url_env: T_URL}}"
    settings = sites.SETTINGS.replace("    components:", f"    channels:\n    - {channel}\n    components:")
    sites.make(folder / "s", {"2026-11-23-api-errors.md": sites.API_ERRORS}, settings=settings)
    repository.create(folder / "s")
    for name, text in own.items():
        file = folder / "s" / "site_templates" / "notify" / f"{name}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return folder / "s"


def test_a_template_of_the_site_replaces_ours_and_nothing_in_it_is_escaped(tmp_path: Path) -> None:
    folder = site_with(tmp_path, post="{{ notice.title }} & <{{ notice.label }}>\n{{ notice.url }}\n")
    templates = sites.context_at(folder).templates
    notice = replace(messages.NOTICE, title="<b>API</b> & co")

    assert wording.words(notice, ALL, templates, "post").text == f"<b>API</b> & co & <Investigating>\n{messages.URL}"
    assert wording.words(notice, ALL, templates, "mail").text.startswith("Investigating: <b>API</b> & co\n")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("{{ notice.title }}\n{{ notice.nothing }}\n", "site_templates/notify/post.txt:2"),
        ("{{ notice.title }\n", "site_templates/notify/post.txt:1"),
        ("\n\n{{ notice.title / 2 }}\n", "site_templates/notify/post.txt:3"),
        ("{% include 'notify/absent.txt' %}\n", "notify/post.txt"),
    ],
)
def test_a_mistake_in_it_is_one_message_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, where: str
) -> None:
    monkeypatch.setenv("T_URL", "http://127.0.0.1:9/")
    said = sites.status(site_with(tmp_path, post=text), "notify", "--dry-run")

    assert (said.code, said.out) == (1, "")
    assert said.err.startswith(where)
    assert "Traceback" not in said.err


def test_a_template_that_is_no_text_is_said_to_be_none(tmp_path: Path) -> None:
    folder = site_with(tmp_path, post="")
    (folder / "site_templates" / "notify" / "post.txt").write_bytes(b"\xff")

    with pytest.raises(StatusError, match=r"site_templates/notify.*UTF-8"):
        wording.words(messages.NOTICE, ALL, sites.context_at(folder).templates, "post")
