"""`make bench`: what a build costs as the history grows, beside plain MkDocs Material on the same Markdown.

Every figure is a whole process: seconds by the wall, and the largest memory it ever held.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

SIZES = [int(size) for size in os.environ.get("BENCH_SIZES", "100,1000,10000").split(",")]
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
SETTINGS = """site_name: Bench
site_url: https://status.example.org/
theme: {name: material, font: false}
"""


class Cost(NamedTuple):
    seconds: float
    megabytes: float
    files: int
    bytes: int


def incidents(count: int) -> list[tuple[str, str, list[tuple[datetime, str, str]], str]]:
    """`(id, title, [(time, status, message)], component line)`: the same every time, spread over five years."""
    dice = random.Random(count)
    made = []
    for number in range(count):
        begin = NOW - timedelta(days=1825 * (number + 1) / count, minutes=dice.randrange(600))
        part, state = dice.choice(PARTS), dice.choice(STATES)
        updates = []
        for step, status in enumerate(("investigating", "identified", "monitoring", "resolved")):
            message = " ".join(dice.sample(SENTENCES, dice.randint(1, 3)))
            updates.append((begin + timedelta(minutes=25 * step), status, message))
        made.append(
            (f"{begin:%Y-%m-%d}-{part}-{number}", f"Trouble with {part} {number}", updates, f"{{{part}: {state}}}")
        )
    return made


def write_ours(folder: Path, count: int) -> None:
    (folder / "docs").mkdir(parents=True)
    (folder / "incidents").mkdir()
    parts = "".join(f"    - {{id: {part}, name: {part.title()}}}\n" for part in PARTS)
    (folder / "mkdocs.yml").write_text(f"{SETTINGS}plugins:\n- search\n- status:\n    components:\n{parts}")
    for id, title, updates, components in incidents(count):
        lines = [f"title: {title}", "updates:"]
        for step, (at, status, message) in enumerate(updates):
            lines += [f"- at: {at:%Y-%m-%dT%H:%M:%SZ}", f"  status: {status}"]
            lines += [f"  components: {components}"] if step == 0 else []
            lines += ["  message: |", f"    {message}"]
        (folder / "incidents" / f"{id}.yml").write_text("\n".join(lines) + "\n")


def write_plain(folder: Path, count: int) -> None:
    (folder / "docs").mkdir(parents=True)
    # Without a nav every page would list every other, and the plain build would grow with the square.
    (folder / "mkdocs.yml").write_text(SETTINGS + 'plugins: [search]\nnav: [index.md]\nnot_in_nav: "*"\n')
    (folder / "docs" / "index.md").write_text("# Status\n")
    for id, title, updates, _ in incidents(count):
        parts = [f"## {status} {at:%Y-%m-%d %H:%M} UTC\n\n{message}\n" for at, status, message in updates]
        (folder / "docs" / f"{id}.md").write_text(f"# {title}\n\n" + "\n".join(parts))


def cost(command: Sequence[str], folder: Path, output: Path) -> Cost:
    begun = time.perf_counter()
    child = os.posix_spawn(
        command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    )
    _, status, usage = os.wait4(child, 0)
    if status:
        sys.exit(f"{' '.join(command)} failed in {folder}")
    seconds = time.perf_counter() - begun
    files = [path for path in output.rglob("*") if path.is_file()]
    return Cost(seconds, usage.ru_maxrss / 1024, len(files), sum(path.stat().st_size for path in files))


def row(name: str, count: int, found: Cost, plain: float | None = None) -> None:
    beside = f"{found.seconds / plain:>8.2f}" if plain else f"{'':>8}"
    print(
        f"{count:>9,}  {name:<28}{found.seconds:>8.2f}{found.megabytes:>8.0f}{found.files:>9,}{found.bytes / 1e6:>9.1f}"
        f"{found.bytes / 1e3 / count:>9.1f}{beside}",
        flush=True,
    )


def main() -> None:
    os.environ["NO_MKDOCS_2_WARNING"] = "1"
    programs = Path(sys.executable).parent
    print(f"{'incidents':>9}  {'':<28}{'s':>8}{'MB':>8}{'files':>9}{'site MB':>9}{'KB each':>9}{'ratio':>8}")
    for count in SIZES:
        with tempfile.TemporaryDirectory(prefix="bench-") as place:
            ours, plain = Path(place, "ours"), Path(place, "plain")
            write_ours(ours, count)
            write_plain(plain, count)
            mkdocs = cost(
                [str(programs / "mkdocs"), "build", "-q", "-f", str(plain / "mkdocs.yml")], plain, plain / "site"
            )
            os.chdir(ours)
            status = str(programs / "status")
            now = ["--now", f"{NOW:%Y-%m-%dT%H:%M:%SZ}"]
            row("status check", count, cost([status, "check"], ours, ours / "incidents"), mkdocs.seconds)
            row("status build, from nothing", count, cost([status, "build", *now], ours, ours / "site"), mkdocs.seconds)
            row("status build, no change", count, cost([status, "build", *now], ours, ours / "site"), mkdocs.seconds)
            row("plain MkDocs Material", count, mkdocs)
            os.chdir("/")


if __name__ == "__main__":
    main()
