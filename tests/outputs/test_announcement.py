"""Where readers find the owner's announcement, and where the owner's own text on the home page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sites

from status_tool.outputs import frame, pages
from status_tool.outputs.frame import Frame, Page
from status_tool.render.context import RenderContext

ANNOUNCEMENT = """\
    announcement:
      text: {en: "Closed on **1 May**.", fr: "Fermé le 1er mai."}
      until: 2026-11-23
"""


def context_of(
    folder: Path, more: str = ANNOUNCEMENT, now: str = sites.NOW, language: str = "en", *, is_replay: bool = False
) -> RenderContext:
    text = sites.SETTINGS.replace("    components:", more.replace("{", "{{").replace("}", "}}") + "    components:")
    site = sites.make(folder / "s", {"2026-11-23-e.md": sites.API_ERRORS}, language=language, settings=text)
    return sites.context_at(site, now, is_replay=is_replay)


def order(body: str) -> list[str]:
    return re.findall(r'class="(st-hero|st-announcement|st-card|st-own|st-section)\b', body)


def test_an_announcement_stands_below_the_state_and_above_what_is_open(tmp_path: Path) -> None:
    body = pages.home(context_of(tmp_path)).body

    assert order(body) == ["st-hero", "st-announcement", "st-card", "st-own", "st-section", "st-section"]
    assert "<p>Closed on <strong>1 May</strong>.</p>" in body
    assert 'data-until="2026-11-24T00:00:00Z"' in body


@pytest.mark.parametrize(("now", "is_replay"), [("2026-11-24T00:00:00Z", False), ("2026-11-23T14:05:00Z", True)])
def test_it_is_not_shown_after_its_last_day_and_in_no_replay(now: str, is_replay: bool, tmp_path: Path) -> None:
    files = sites.files_of(context_of(tmp_path, now=now, is_replay=is_replay))

    assert [path for path, content in files.items() if b"Closed on" in content] == []


def test_status_txt_says_it_last(tmp_path: Path) -> None:
    french = sites.files_of(context_of(tmp_path, language="fr"))["status.txt"].decode()
    listed = context_of(tmp_path / "b", '    announcement: "- one\\n- two"\n')

    assert french.split("\n\n")[-2] == "Annonce\u00a0: Fermé le 1er mai."
    assert sites.files_of(listed)["status.txt"].decode().split("\n\n")[-2] == "Announcement:\n- one\n- two"


def test_an_open_page_is_told_when_the_announcement_changes(tmp_path: Path) -> None:
    texts = ["", ANNOUNCEMENT, ANNOUNCEMENT.replace("Closed", "Open")]

    assert len({context_of(tmp_path / str(n), text).digest for n, text in enumerate(texts)}) == 3


OWN = f"<head></head><main>{frame.BODY_ELEMENT}\n<p>Mine.</p>\n{frame.END_ELEMENT}</main>"


def filled(html: str, body: str) -> str:
    return Frame(html).fill(Page("", "", "", body), "https://x/").decode()


def test_what_the_owner_wrote_goes_where_the_page_has_its_place() -> None:
    assert filled(OWN, f"A <i>{frame.OWN_PAGE}</i> B") == "<head></head><main>A <i><p>Mine.</p></i> B</main>"


def test_what_the_owner_wrote_follows_a_page_without_a_place_for_it() -> None:
    assert filled(OWN, "A") == "<head></head><main>A<p>Mine.</p></main>"


def test_a_theme_that_drops_the_end_of_it_loses_nothing() -> None:
    html = OWN.replace(frame.END_ELEMENT, "")

    assert filled(html, f"A{frame.OWN_PAGE}B") == "<head></head><main>AB\n<p>Mine.</p>\n</main>"
