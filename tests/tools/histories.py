"""Long histories for the benchmark: made up, or of real incidents; as incident files of ours, and as plain Markdown."""

from __future__ import annotations

import json
import os
import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PARTS = ("api", "website", "mobile", "login", "search", "payments", "storage", "mail")
STATES = ("degraded_performance", "partial_outage", "major_outage")
SENTENCES = (
    "We are investigating elevated error rates.",
    "Engineers found the cause and are rolling back the last change.",
    "Requests may be slow or fail; retries usually succeed.",
    "A fix is in place, and we are watching the results.",
    "See [the runbook](https://example.org/runbook) for what to do meanwhile.",
    "Queues are *draining* and should be empty in about twenty minutes.",
)
RECORDED = Path(
    os.environ.get("BENCH_HISTORY")
    or Path(__file__).parents[3] / "shared" / "data" / "github-history" / "incidents.jsonl"
)
"""Real incidents, one a line; they are somebody else's, and lie outside of the project."""
AGAIN = timedelta(days=29, minutes=7)
"""How much earlier a recorded history is told each further time."""
IMPACTS = {"minor": STATES[0], "major": STATES[1], "critical": STATES[2], "maintenance": "under_maintenance"}
SETTINGS = """site_name: Bench
site_url: https://status.example.org/
theme: {name: material, font: false}
"""


@dataclass(frozen=True)
class Story:
    """One incident, as it is told."""

    id: str
    title: str
    components: Mapping[str, str]
    """Component id -> state, from the first update on."""
    updates: tuple[tuple[datetime, str, str], ...]
    """`(time, status, message)`, oldest first."""
    is_planned: bool = False


@dataclass(frozen=True)
class History:
    """Incidents, the newest first, as of a moment soon after the last word."""

    stories: tuple[Story, ...]
    now: datetime

    @property
    def parts(self) -> list[str]:
        return sorted({part for story in self.stories for part in story.components})


def made_up(count: int) -> History:
    """The same every time, spread over five years; the newest is still open."""
    dice = random.Random(count)
    stories = []
    for number in range(count):
        begin = NOW - timedelta(days=1825 * number / count, minutes=80 + dice.randrange(600))
        part, state = dice.choice(PARTS), dice.choice(STATES)
        words = ("investigating", "identified", "monitoring", "resolved")[: 4 if number else 3]
        updates = tuple(
            (begin + timedelta(minutes=25 * step), status, " ".join(dice.sample(SENTENCES, dice.randint(1, 3))))
            for step, status in enumerate(words)
        )
        id = f"{begin:%Y-%m-%d}-{part}-{number}"
        stories.append(Story(id, f"Trouble with {part} {number}", {part: state}, updates))
    return History(tuple(stories), NOW)


def wide() -> History:
    """One incident of 200 components with 600 updates, the last of which is a megabyte long."""
    dice = random.Random(1)
    updates = [
        (NOW - timedelta(minutes=5 * step), "investigating", dice.choice(SENTENCES)) for step in range(600, 0, -1)
    ]
    updates[-1] = (*updates[-1][:2], "\n\n".join(dice.choices(SENTENCES, k=17_000)))
    components = {f"part-{number}": dice.choice(STATES) for number in range(200)}
    return History((Story(f"{NOW:%Y-%m-%d}-long", "A long incident", components, tuple(updates)),), NOW)


def recorded(file: Path, count: int = 0) -> History:
    """What `file` holds; or `count` incidents, the same ones told again and again, each time earlier."""
    once = sorted((_story(json.loads(line)) for line in file.read_text("utf-8").splitlines()), key=_end, reverse=True)
    many = [_again(once[number % len(once)], number // len(once)) for number in range(count or len(once))]
    return History(tuple(many), _end(once[0]) + timedelta(hours=1))


def _story(record: Mapping[str, Any]) -> Story:
    planned = record["impact"] == "maintenance"
    state = IMPACTS.get(record["impact"], STATES[0])
    updates: list[tuple[datetime, str, str]] = []
    for update in record["updates"]:
        at, status = datetime.fromisoformat(update["at"]), update["status"].lower().replace(" ", "_")
        if updates:
            at = max(at, updates[-1][0] + timedelta(seconds=1))  # no two updates share a second
            status = updates[-1][1] if status == "update" else status
        updates.append((at, status, update["message"].strip() or "No words."))
    names = () if updates[0][1] == "resolved" else record.get("components") or ()  # told when it was over
    parts = {re.sub(r"[^a-z0-9]+", "-", name.lower()): state for name in names}
    return Story(f"{updates[0][0]:%Y-%m-%d}-{record['id']}", record["title"], parts, tuple(updates), planned)


def _again(story: Story, times: int) -> Story:
    if not times:
        return story
    updates = tuple((at - times * AGAIN, status, message) for at, status, message in story.updates)
    return replace(story, id=f"{updates[0][0]:%Y-%m-%d}-{story.id[11:]}-{times}", updates=updates)


def _end(story: Story) -> datetime:
    return story.updates[-1][0]


def write_ours(folder: Path, history: History) -> None:
    """A status site with that history."""
    (folder / "docs").mkdir(parents=True)
    (folder / "incidents").mkdir()
    parts = "".join(f"    - {{id: {part}, name: {part.title()}}}\n" for part in history.parts)
    (folder / "mkdocs.yml").write_text(
        f"{SETTINGS}plugins:\n- search\n- status:\n    renewed_by: the benchmark\n    components:\n{parts}"
    )
    for story in history.stories:
        (folder / "incidents" / f"{story.id}.yml").write_text("\n".join(lines(story)) + "\n", "utf-8")


def lines(story: Story) -> Iterator[str]:
    yield f"title: {_quoted(story.title)}"
    if story.is_planned:
        begin, until = story.updates[0][0], story.updates[-1][0]
        yield f"kind: maintenance\nscheduled: {{from: {begin:%Y-%m-%dT%H:%M:%SZ}, until: {until:%Y-%m-%dT%H:%M:%SZ}}}"
    yield "updates:"
    components = ", ".join(f"{part}: {state}" for part, state in story.components.items())
    for at, status, message in story.updates:
        yield f"- at: {at:%Y-%m-%dT%H:%M:%SZ}\n  status: {status}"
        if components:
            yield f"  components: {{{components}}}"
            components = ""
        yield f"  message: {_quoted(message)}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # JSON is YAML


def add_a_word(folder: Path, story: Story, at: datetime, message: str = "One more word.") -> None:
    """What somebody does in an outage: an incident gets one more update."""
    status = "in_progress" if story.is_planned else "investigating"
    with (folder / "incidents" / f"{story.id}.yml").open("a", encoding="utf-8") as file:
        file.write(f"- at: {at:%Y-%m-%dT%H:%M:%SZ}\n  status: {status}\n  message: {message}\n")


def write_plain(folder: Path, history: History) -> None:
    """The same words as pages of plain MkDocs Material."""
    (folder / "docs").mkdir(parents=True)
    # Without a nav every page would list every other, and the plain build would grow with the square.
    (folder / "mkdocs.yml").write_text(SETTINGS + 'plugins: [search]\nnav: [index.md]\nnot_in_nav: "*"\n')
    (folder / "docs" / "index.md").write_text("# Status\n")
    for story in history.stories:
        parts = [f"## {status} {at:%Y-%m-%d %H:%M} UTC\n\n{message}\n" for at, status, message in story.updates]
        (folder / "docs" / f"{story.id}.md").write_text(f"# {story.title}\n\n" + "\n".join(parts), "utf-8")
