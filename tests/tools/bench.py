"""`make bench`: what a build, a check, a list and a live view cost as the history grows, beside plain MkDocs Material.

Every figure is of whole processes: seconds by the wall and of the processors, and the most memory that the largest of
them held; of what is quick, the fastest of three runs. Each run keeps what it keeps below a temporary folder.
"1, long" is one incident of 200 components, with 600 updates and a message of a megabyte; BENCH_LONG= leaves it out.
BENCH_SIZES=100,1000 takes other sizes, BENCH_RUNS and BENCH_PUSHED make the first rows quicker,
BENCH_LARGE=1 adds 50,000, and BENCH_HISTORY names the file of real incidents.
"""

from __future__ import annotations

import contextlib
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path

import costs
import histories
import hosts
from costs import Cost
from histories import History, Story
from hosts import Host
from workflows import steps

SIZES = [int(size) for size in os.environ.get("BENCH_SIZES", "100,1000,10000").split(",")]
LARGE = 50_000
WIDTHS = (13, 27, 7, 7, 5, 7, 7, 7, 7, 6)
RUNS = int(os.environ.get("BENCH_RUNS", "11"))
PUSHED = int(os.environ.get("BENCH_PUSHED", "1000"))
"""How often what is quick is run, and how many incidents a site has that is pushed and deployed."""
PUSHES = 5
"""How many pushes the workflow is measured for."""
OF_PUSHED = f"{PUSHED:,}"
JUST_NOW = 2.1
"""Seconds within which the program trusts no file's stamp."""
TOOLS = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
NOTHING = Cost(0)
STATUS, MKDOCS = (str(Path(sys.executable).with_name(name)) for name in ("status", "mkdocs"))
KINDS = {
    "home": ("index.html",),
    "incident": ("incidents/*/index.html",),
    "component": ("components/*/index.html",),
    "month": ("history/????-*/index.html",),
    "history": ("history/index.html",),
    "feed": ("*feed.atom", "*feed.rss", "*feed.json"),
    "status.json": ("status.json",),
    "API document": ("api/v2/*.json",),
    "search index": ("search/search_index.json",),
    "sitemap": ("sitemap*.xml",),
    "month JSON": ("history/????-*.json",),
    "list of months": ("history/index.json",),
    "manifest": ("manifest.json",),
}


@dataclass
class Site:
    """A site in a temporary folder, what it is made of, and what was measured on it."""

    name: str
    place: Path
    count: int
    newest: Story
    now: datetime
    plain: float = 0.0
    """What plain MkDocs Material worked; the ratio is of work, as other programs slow the clock on the wall."""
    kinds: dict[str, int] = field(default_factory=dict)

    @property
    def ours(self) -> Path:
        return self.place / "ours"

    def forget(self) -> Site:
        shutil.rmtree(self.place / "cache", ignore_errors=True)
        return self

    def with_a_word(self) -> Site:
        histories.add_a_word(self.ours, self.newest, self.now)
        return self

    def checked_out(self) -> Site:
        """Every file has a new stamp, as git gives it one, and some time goes by, as on a runner."""
        for path in (self.ours / "incidents").iterdir():
            path.touch()
        time.sleep(JUST_NOW)
        return self

    def with_a_template(self) -> Site:
        file = self.ours / "site_templates" / "pages" / "_foot.html"
        file.parent.mkdir(parents=True)
        file.write_text("<p>Another foot.</p>\n")
        return self

    def status(self, *words: str) -> Cost:
        return costs.of([STATUS, *words], self.ours, self.place / "cache", self.now)

    def build(self) -> Cost:
        """A minute after the last one."""
        self.now += timedelta(minutes=1)
        before = costs.stamps(self.ours / "site")
        spent = self.status("build")
        return replace(spent, written=len(costs.stamps(self.ours / "site").items() - before.items()))

    def row(self, what: str, spent: Cost) -> None:
        row(self.name, what, spent, self.plain, self.count)


def row(name: str, what: str, spent: Cost, plain: float = 0.0, incidents: int = 0) -> None:
    cells = (
        f"{name:>13}",
        f"{what:<27}",
        f"{spent.seconds:>7.2f}",
        f"{spent.work:>7.2f}" if spent.work else "",
        f"{spent.megabytes:>5.0f}" if spent.megabytes else "",
        f"{spent.written if spent.written is not None else '':>7}",
        f"{spent.files or '':>7}",
        f"{spent.size / 1e6:>7.1f}" if spent.size else "",
        f"{spent.size / 1e3 / incidents:>7.1f}" if spent.size else "",
        f"{spent.work / plain:>6.3f}" if plain and spent.work else "",
    )
    print(f"| {' | '.join(cell or ' ' * width for cell, width in zip(cells, WIDTHS, strict=True))} |", flush=True)


def head() -> None:
    names = ("incidents", "what", "s", "CPU s", "MB", "written", "files", "site MB", "KB each", "ratio")
    print("| " + " | ".join(f"{name:<{width}}" for name, width in zip(names, WIDTHS, strict=True)) + " |")
    print("| " + " | ".join("-" * (width - 1) + ":" for width in WIDTHS) + " |", flush=True)


def measure(name: str, place: Path, history: Callable[[], History]) -> Site:
    """Every row of one history."""
    # The writer is a process of its own: what a process ever held counts as held by those it starts.
    with ProcessPoolExecutor(1) as apart:
        site = Site(name, place, *apart.submit(_write, history, place).result())
    time.sleep(JUST_NOW)
    plain = costs.of([MKDOCS, "build", "-q"], place / "plain", place / "cache")
    site.plain = plain.work
    site.row("plain MkDocs Material", costs.with_size(plain, place / "plain" / "site"))
    read(site, "check")
    read(site, "list")
    build(site)
    serve(site)
    return site


def _write(history: Callable[[], History], place: Path) -> tuple[int, Story, datetime]:
    made = history()
    histories.write_ours(place / "ours", made)
    histories.write_plain(place / "plain", made)
    return len(made.stories), made.stories[0], made.now


def read(site: Site, command: str) -> None:
    site.row(f"status {command}, cold", best(lambda: site.forget().status(command)))
    site.row(f"status {command}, warm", best(lambda: site.status(command)))


def best(run: Callable[[], Cost]) -> Cost:
    """The fastest of three: whatever else the machine does only adds to it."""
    return min((run() for _ in range(3)), key=lambda cost: cost.seconds)


def build(site: Site) -> None:
    site.row("status build, from nothing", costs.with_size(site.forget().build(), site.ours / "site"))
    for path in (site.ours / "site").rglob("*"):
        shown = path.relative_to(site.ours / "site").as_posix()
        kind = next((kind for kind, forms in KINDS.items() if any(fnmatchcase(shown, form) for form in forms)), "")
        site.kinds[kind] = max(site.kinds.get(kind, 0), path.stat().st_size)
    site.row("  no change", best(site.build))
    site.row("  one change", best(lambda: site.with_a_word().build()))
    site.row("  one change, new checkout", best(lambda: site.with_a_word().checked_out().build()))
    site.row("  one template changed", site.with_a_template().build())


def serve(site: Site) -> None:
    """From saving a file until an open page has heard of it and holds the new words; the median of five."""
    command = [STATUS, "serve", "--port", "0"]
    env = costs.surroundings(site.place / "cache", site.now + timedelta(hours=1))
    with subprocess.Popen(command, cwd=site.ours, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        assert server.stdout
        address = server.stdout.readline().decode().split()[1]
        with urllib.request.urlopen(f"{address}.reload") as events:
            _next(events)
            took = [_saved_to_seen(site, address, events, number) for number in range(5)]
        held = Path(f"/proc/{server.pid}/status")
        lines = held.read_text().splitlines() if held.exists() else []
        server.terminate()
    megabytes = next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)
    site.row("status serve, saved to seen", Cost(statistics.median(took), megabytes=megabytes))


def _saved_to_seen(site: Site, address: str, events: Iterable[bytes], number: int) -> float:
    begun = time.perf_counter()
    histories.add_a_word(site.ours, site.newest, site.now + timedelta(seconds=number + 1), f"Word {number}.")
    while True:
        _next(events)
        with urllib.request.urlopen(f"{address}incidents/{site.newest.id}/") as page:
            if f"Word {number}." in page.read().decode():
                return time.perf_counter() - begun


def _next(events: Iterable[bytes]) -> None:
    """Waits for the next event, as an open page does."""
    for line in events:
        if line.startswith(b"data:"):
            return


def start(place: Path) -> None:
    """What a person waits for at the command line: the median of eleven."""
    histories.write_ours(place / "ours", histories.made_up(100))
    cache, folder = place / "cache", place / "ours"
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "All"]):
        costs.of(["git", *words], folder, cache)
    _median("status --version", lambda _: costs.of([STATUS, "--version"], folder, cache))
    said = f'"{STATUS}" open "Trouble $0" --anyway -c api=major_outage -m "Looking."'
    script = f'{said} && git add incidents && git commit -qm "Open"'
    _median("status open, git commit", lambda number: costs.of(["sh", "-c", script, str(number)], folder, cache))


def push(place: Path) -> None:
    """From the command to pushed, with 1,000 incidents and the remote on the same disk; beside it, git alone.

    For a replay, somebody else pushes an update of the same incident before each push.
    """
    histories.write_ours(place / "ours", histories.made_up(PUSHED))
    cache, ours, other = place / "cache", place / "ours", place / "other"
    said = f'"{STATUS}" update trouble -m "Word $0." --next 30m'
    for script in (
        f'git init -q && "{STATUS}" open Trouble --anyway -c api=major_outage -m "Looking." && git add . && '
        "git commit -qm All && git clone -q --bare . ../hub && git remote add origin ../hub && "
        "git fetch -q && git branch -q --set-upstream-to origin/$(git symbolic-ref --short HEAD) && "
        "git clone -q ../hub ../other",
    ):
        costs.of(["sh", "-c", script], ours, cache)
    by_hand = f"{said} && git add incidents && git commit -qm Update && git push -q"
    _median(
        "status update, git push",
        lambda number: costs.of(["sh", "-c", by_hand, str(number)], ours, cache),
        OF_PUSHED,
    )
    _median(
        "status update --push",
        lambda number: costs.of(["sh", "-c", f"{said} --push", str(number)], ours, cache),
        OF_PUSHED,
    )

    def replayed(number: int) -> Cost:
        costs.of(["sh", "-c", f"{said} --push", f"other {number}"], other, cache)
        return costs.of(["sh", "-c", f"{said} --push", str(number)], ours, cache)

    _median("update --push, replay", replayed, OF_PUSHED)


@contextlib.contextmanager
def web_server(folder: Path) -> Iterator[str]:
    """nginx, or Python's own server where there is none; then most of the time of `status verify` is the server's."""
    if not shutil.which("nginx"):
        with hosts.served(Host(folder)) as host:
            yield host.url
        return
    with hosts.nginx_serving(folder) as url:
        yield url


def deploy(place: Path) -> None:
    """From an update of 1,000 incidents to seen by the public, on a folder behind a web server of this machine.

    Beside it, rclone alone puts the same build into another folder, without a look at what leads to what.
    """
    histories.write_ours(place / "ours", histories.made_up(PUSHED))
    cache, ours, www = place / "cache", place / "ours", place / "www"
    www.mkdir()
    with web_server(www) as url:
        settings = ours / "mkdocs.yml"
        target = f"- {{name: folder, kind: rclone, path: {www}, url: '{url}'}}"
        settings.write_text(
            settings.read_text().replace("    components:", f"    targets:\n    {target}\n    components:")
        )
        commands = ('update trouble -m "$0"', "build", "deploy", "verify folder")
        say, build, deploy, verify = (f'"{STATUS}" {words}' for words in commands)
        first = f'"{STATUS}" open Trouble --anyway -c api=major_outage -m "Looking."'
        costs.of(["sh", "-c", f"{first} && {build} && {deploy} && {verify}"], ours, cache)
        whole = f"{say} && {build} && {deploy} && {verify} --wait 5s"
        _median(
            "update to verified", lambda number: costs.of(["sh", "-c", whole, f"A{number}"], ours, cache), OF_PUSHED
        )

        def after_a_word(*command: str) -> Callable[[int], Cost]:
            def run(number: int) -> Cost:
                costs.of(["sh", "-c", f"{say} && {build}", f"B{number}"], ours, cache)
                return costs.of(command, ours, cache)

            return run

        _median("status deploy", after_a_word(STATUS, "deploy"), OF_PUSHED)
        _median("rclone sync", after_a_word(hosts.RCLONE, "sync", "--checksum", "site", f"{place}/plain"), OF_PUSHED)
        costs.of([STATUS, "deploy"], ours, cache)
        _median("status verify", lambda _: costs.of([STATUS, "verify", "folder"], ours, cache), OF_PUSHED)


def workflow(place: Path) -> None:
    """From a push to verified: each step of the workflow of a new site, as a runner with what earlier runs kept.

    The target is a folder behind a web server of this machine. The clone is no step of ours, and is not measured.
    """
    if not shutil.which("uv", path=TOOLS):
        print("Without uv the steps of the workflow are left out: pip install uv")
        return
    cache, ours, runner, www = place / "cache", place / "ours", place / "runner", place / "www"
    histories.write_ours(ours, histories.made_up(PUSHED))
    www.mkdir()
    costs.of([STATUS, "init", str(place / "new")], place, cache)
    for name in (".github", "vendor", "requirements.lock"):
        (place / "new" / name).rename(ours / name)
    text = (ours / ".github" / "workflows" / "publish.yml").read_text()
    jobs = [(step["name"], step["run"]) for job in ("build", "verify") for step in steps(text, job) if "run" in step]
    spent: dict[tuple[str, int], Cost] = {}
    with web_server(www) as url:
        settings = (ours / "mkdocs.yml").read_text()
        target = (
            f"    targets:\n    - {{name: folder, kind: command, run: [cp, -r, '{{site}}/.', {www}], url: '{url}'}}\n"
        )
        settings = settings.replace("    components:", f"{target}    components:")
        (ours / "mkdocs.yml").write_text(re.sub("(?m)^site_url: .*", f"site_url: {url}", settings))
        (ours / "docs" / "about.md").write_text("# About\n")
        opened = f'"{STATUS}" open Trouble --anyway -m "Looking." --no-push'
        costs.of(["sh", "-c", f"git init -q && {opened} && git add . && git commit -qm All"], ours, cache)
        for number in range(PUSHES + 1):
            say = f'"{STATUS}" update trouble --no-push -m "Word {number}." && git commit -qam Update'
            costs.of(["sh", "-c", say], ours, cache)
            if (runner / "site").exists():
                (runner / "site").rename(place / "kept")
            clone = f"rm -rf {runner} && git clone -q {ours} {runner} && mkdir {runner}/published"
            costs.of(["sh", "-c", clone], place, cache)
            if (place / "kept").exists():
                (place / "kept").rename(runner / "site")
            for name, script in jobs:
                if name == "Install":  # each job has a machine of its own
                    shutil.rmtree(runner / ".venv", ignore_errors=True)
                if name == "Verify":  # what the actions between the jobs do
                    costs.of(["tar", "-cf", "published/artifact.tar", "-C", "site", "."], runner, cache)
                    shutil.rmtree(runner / "site")
                words = ["env", f"PATH={TOOLS}", "bash", "-e", "-o", "pipefail", "-c", script]
                cost = costs.of(words, runner, cache)
                if number:  # the first run fills the caches
                    spent[name, number] = spent.get((name, number), NOTHING) + cost
    names, numbers = dict(jobs), range(1, PUSHES + 1)
    for name in names:
        _middle(f"workflow: {name}", [spent[name, number] for number in numbers])
    _middle("workflow: all steps", [sum((spent[name, number] for name in names), NOTHING) for number in numbers])


def _middle(what: str, spent: list[Cost], name: str = OF_PUSHED) -> None:
    """The row of the cost whose time is the median."""
    row(name, what, sorted(spent, key=lambda cost: cost.seconds)[len(spent) // 2])


def _median(what: str, run: Callable[[int], Cost], name: str = "100") -> None:
    _middle(what, [run(number) for number in range(RUNS)], name)


def largest(sites: Sequence[Site]) -> None:
    """The most bytes that one file of each kind has, for each history."""
    print(f"\n| {'largest, bytes':<15} | " + " | ".join(f"{site.name:>13}" for site in sites) + " |")
    print(f"| {'-' * 15} | " + " | ".join("-" * 12 + ":" for _ in sites) + " |")
    for kind in KINDS:
        print(f"| {kind:<15} | " + " | ".join(f"{site.kinds.get(kind, 0):>13,}" for site in sites) + " |")


def wanted() -> Iterator[tuple[str, Callable[[], History]]]:
    """The largest last: what this process ever held counts as held by those it starts."""
    for size in SIZES:
        yield f"{size:,}", partial(histories.made_up, size)
    if os.environ.get("BENCH_LONG", "1"):
        yield "1, long", histories.wide
    if histories.RECORDED.exists():
        yield "real", partial(histories.recorded, histories.RECORDED)
        yield f"real {max(SIZES):,}", partial(histories.recorded, histories.RECORDED, max(SIZES))
    if os.environ.get("BENCH_LARGE"):
        yield f"{LARGE:,}", partial(histories.made_up, LARGE)


def machine() -> str:
    """Figures are of an idle machine, or they say how busy it was."""
    return f"{os.cpu_count()} processors, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"


def main() -> None:
    print(f"{machine()}\n")
    if not histories.RECORDED.exists():
        print(f"No real incidents at {histories.RECORDED}: their rows are left out.\n")
    sites = []
    head()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        start(Path(folder, "start"))
        push(Path(folder, "push"))
        deploy(Path(folder, "deploy"))
        workflow(Path(folder, "workflow"))
        for number, (name, history) in enumerate(wanted()):
            # Nothing is removed until the end: some file systems are slow to make files soon after many are gone.
            sites.append(measure(name, Path(folder, str(number)), history))
    largest(sites)
    print(f"\n{machine()}")


if __name__ == "__main__":
    main()
