"""Arbitrary updates and incidents, and files that hold them in the many ways people lay them out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from status_tool.model.component import ComponentStatus, Impact
from status_tool.model.incident import Incident
from status_tool.model.update import UNDER_WAY, Kind, Text, Update
from status_tool.model.window import Window
from status_tool.system import clock
from status_tool.text import visibility, yaml_text

START = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
PARTS = ("api", "website", "mobile")
HOSTILE = (
    "---", "--- ", "- at: 14:05", "a: b", "# not a comment", "no", "1.10", "~", "'", '"', "|", "> x",
    "&amp; <script>", "🚒 مرحبا", "\u202eevil", "tab\there", "  indented", "%", "@x", "`x`", "*x*", "\\n", "!tag x",
)  # fmt: skip

lines = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60))
texts = (
    st.lists(lines, min_size=1, max_size=5)
    .map(lambda found: yaml_text.tidy("\n".join(found)))
    .filter(lambda text: not visibility.shows_nothing(text))
)
titles = texts.map(lambda text: " ".join(yaml_text.without_turning(text).split())).filter(bool)
words = st.one_of(
    texts.map(lambda text: Text({"": text})),
    st.dictionaries(st.sampled_from(["en", "fr", "pt-BR", "ar"]), texts, min_size=1).map(Text),
)
states = st.dictionaries(st.sampled_from(PARTS), st.sampled_from(tuple(ComponentStatus)), max_size=3)
steps = st.integers(1, 60 * 60 * 24 * 3).map(lambda seconds: timedelta(seconds=seconds))


@st.composite
def updates(draw: st.DrawFn, after: datetime = START, kind: Kind = Kind.INCIDENT) -> Update:
    at = after + draw(steps)
    status = draw(st.sampled_from(kind.statuses))
    changed = draw(states) if not status.ends else {}
    promised = at + draw(steps) if draw(st.booleans()) else None
    edited = at + draw(steps) if draw(st.booleans()) else None
    posted = draw(st.none() | st.just(min(time for time in (at + draw(steps), promised, edited) if time)))
    if posted and posted == promised:
        posted = None
    return Update(at, status, draw(words), changed, promised, edited, posted=posted)


@st.composite
def incidents(draw: st.DrawFn, id: str = "x", kinds: Sequence[Kind] = tuple(Kind)) -> Incident:
    kind = draw(st.sampled_from(kinds))
    made = [draw(updates(START, kind))]
    for _ in range(draw(st.integers(0, 5))):
        made.append(draw(updates(made[-1].at, kind)))
    if kind is Kind.MAINTENANCE:
        rest = enumerate(made[1:], 1)
        made[1:] = [draw(moves(update)) if may_move(made[:n], update) else update for n, update in rest]
    begin, last = START + draw(steps), max(update.published_at for update in made)
    return Incident(
        id=id,
        title=Text({"": draw(titles)}),
        updates=tuple(made),
        kind=kind,
        scheduled=Window(begin, begin + draw(steps)) if kind is Kind.MAINTENANCE else None,
        started=made[0].at - draw(steps) if kind is Kind.INCIDENT and draw(st.booleans()) else None,
        stated_impact=draw(st.none() | st.sampled_from(Impact)),
        who=draw(st.none() | words),
        workaround=draw(st.none() | words),
        contact=draw(st.none() | words),
        draft=draw(st.booleans()),
        replay=draw(st.booleans()),
        **draw(st.just({}) | st.builds(_withdrawal, st.just(last), steps, words)),
        **draw(st.just({}) | st.builds(_review, st.just(last), steps)),
    )


def may_move(earlier: Sequence[Update], update: Update) -> bool:
    """Whether `update` may move planned work to any time."""
    return not update.status.ends and UNDER_WAY.isdisjoint(each.status for each in [*earlier, update])


@st.composite
def moves(draw: st.DrawFn, update: Update) -> Update:
    """`update`, or the same with a window that it moves the work to."""
    begin = update.at + draw(steps)
    return replace(update, scheduled=draw(st.none() | st.just(Window(begin, begin + draw(steps)))))


def _withdrawal(last: datetime, after: timedelta, reason: Text) -> dict[str, Any]:
    return {"withdrawn": last + after, "withdrawal_posted": last + 2 * after, "reason": reason}


def _review(last: datetime, after: timedelta) -> dict[str, Any]:
    return {"postmortem": "## Why\n\nBecause.", "reviewed": last + after}


@st.composite
def layouts(draw: st.DrawFn) -> tuple[str, str]:
    """`(text, path)` of a valid file, laid out as somebody might have typed it."""
    style = draw(st.sampled_from(["|", "|-", "|+", ">", "'", '"', "plain", "json"]))
    if style == "json":
        record = {
            "title": "x",
            "updates": [{"at": clock.iso(START), "status": "investigating", "message": draw(texts)}],
        }
        return json.dumps(record, indent=draw(st.sampled_from([None, 2])), ensure_ascii=False), "x.yml"
    column = " " * draw(st.sampled_from([0, 2, 4]))
    comment = draw(st.sampled_from(["", "  # why"]))
    blank = draw(st.sampled_from(["", "\n", "\n\n", f"{column}# between\n"]))
    body = {
        "'": f"'it is\n{column}    one text'{comment}\n",
        '"': f'"it is\n{column}    one \\"text\\""{comment}\n',
        "plain": f"it is\n{column}    one text{comment}\n",
    }.get(style, f"{style}\n{column}    it is\n\n{column}      one text\n")
    item = f"{column}- at: {{at}}\n{column}  status: investigating{comment}\n{column}  message: {body}{blank}"
    items = "".join(
        item.format(at=clock.iso(START - timedelta(hours=n))) for n in range(draw(st.integers(1, 3)), 0, -1)
    )
    after = draw(st.sampled_from(["", "contact: us\n", "# the end\nwho: you\n"]))
    text = f"title: x # it\nupdates:{comment}\n{items}{after}"
    path = draw(st.sampled_from(["x.yml", "x.md"]))
    if path == "x.md":
        text = f"---\n{text}---\n" + draw(st.sampled_from(["", "\n## Why\n\n---\n- at: x\n"]))
    elif draw(st.booleans()):
        text = text.rstrip("\n")
    if draw(st.booleans()):
        text = "\ufeff" + text
    return (text.replace("\n", "\r\n") if draw(st.booleans()) else text), path
