"""A build that is killed leaves a site in which every link leads to a page, whatever was changed before it."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sites
from sites import dead_links, snapshot, status

from status_tool.system import clock

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("STATUS_PROOF_KILLS", "30"))
BUILD = """
import os, signal, sys
from pathlib import Path
steps = int(sys.argv[1])
def killing(call):
    def instead(*args, **how):
        global steps
        steps -= 1
        if steps == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*args, **how)
    return instead
os.replace, Path.unlink, Path.rmdir = map(killing, (os.replace, Path.unlink, Path.rmdir))
from status_tool.cli.main import run
sys.exit(run(["build", "--now", sys.argv[2]]))
"""
NOW = clock.parse_time(sites.NOW)


def add(site: Path, number: int, dice: random.Random) -> None:
    """Most often in a month of its own."""
    begun = clock.iso(NOW - timedelta(days=dice.randrange(3000)))
    text = sites.API_ERRORS.replace("2026-11-23T13:00:00Z", begun).replace("api:", f"{part(site)}:")
    (site / "incidents" / f"{begun[:10]}-news-{number}.md").write_text(text)


def remove(site: Path, number: int, dice: random.Random) -> None:
    files = sorted((site / "incidents").glob("*-news-*"))
    if files:
        dice.choice(files).unlink()


def rename_component(site: Path, number: int, dice: random.Random) -> None:
    old, new = part(site), f"part-{number}"
    for file in (site / "mkdocs.yml", *(site / "incidents").iterdir()):
        file.write_text(file.read_text().replace(f"{old},", f"{new},").replace(f"{old}:", f"{new}:"))


def part(site: Path) -> str:
    """The id of the first component."""
    return (site / "mkdocs.yml").read_text().partition("{id: ")[2].partition(",")[0]


CHANGES: list[Callable[[Path, int, random.Random], None]] = [add, add, add, remove, remove, rename_component]


def test_after_each_kill_every_link_leads_to_a_page(tmp_path: Path) -> None:
    site, dice, killed = sites.make(tmp_path / "s"), random.Random(1), 0
    assert status(site, "build").code == 0
    for number in range(KILLS):
        for change in dice.choices(CHANGES, k=2):
            change(site, number, dice)
        now = clock.iso(NOW + timedelta(minutes=number))
        args = [sys.executable, "-c", BUILD, str(dice.randrange(1, 90)), now]
        code = subprocess.run(args, cwd=site, stdout=subprocess.DEVNULL, env=os.environ).returncode

        assert code in (0, -signal.SIGKILL)
        assert dead_links(site / "site") == []
        killed += code != 0
    assert killed > KILLS / 2

    assert status(site, "build").code == 0
    rebuilt = tmp_path / "rebuilt"
    assert status(site, "build", "--site-dir", str(rebuilt)).code == 0
    assert snapshot(site / "site") == snapshot(rebuilt)
