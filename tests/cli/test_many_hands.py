"""Many clones push updates of the same incidents at once: each update survives once, in the order of time.

In full, as 8 clones with 25 updates each: STATUS_PROOF_CLONES=8 STATUS_PROOF_UPDATES=25.
"""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import repository
import sites
from repository import git

from status_tool.incident_files import store
from status_tool.settings import settings as site_settings

pytestmark = pytest.mark.slow
CLONES, UPDATES = (int(os.environ.get(f"STATUS_PROOF_{name}", few)) for name, few in (("CLONES", 3), ("UPDATES", 4)))
HOOK = """\
#!/bin/bash
sleep 0.$((RANDOM % 3))
if [ $((RANDOM % 20)) = 0 ]; then echo "this hook fails now and then"; exit 1; fi
"""
ENVIRONMENT = {name: value for name, value in {**os.environ, **repository.ENVIRONMENT}.items() if "DATE" not in name}


class Person(threading.Thread):
    """Somebody who posts updates in a clone, and pushes again when a push was refused or killed."""

    def __init__(self, clone: Path, number: int, ids: list[str], *, is_killed: bool) -> None:
        super().__init__()
        self.clone, self.number, self.ids, self.is_killed = clone, number, ids, is_killed
        self.random = random.Random(number)
        self.failures: list[str] = []

    def run(self) -> None:
        for n in range(UPDATES):
            word = f"word-{self.number}-{n}."
            while not self.is_written(word):
                self.status("update", self.random.choice(self.ids), "-m", word, "--next", "1h", "--push")
            self.push()

    def is_written(self, word: str) -> bool:
        return any(word in path.read_text() for path in (self.clone / "incidents").rglob("*.md"))

    def push(self) -> None:
        for _ in range(20):
            code, said = self.status("push")
            if code == 0:
                return
            if code > 0:
                self.failures.append(said)
        raise AssertionError(f"twenty pushes failed: {self.failures[-3:]}")

    def status(self, *args: str) -> tuple[int, str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "status_tool", *args],
            cwd=self.clone,
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        is_killed = self.is_killed and self.random.random() < 0.3
        try:
            said, _ = process.communicate(timeout=self.random.uniform(0.1, 1.5) if is_killed else None)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            said, _ = process.communicate()
        return process.returncode, said


@pytest.mark.parametrize("is_killed", [False, True], ids=["", "killed"])
@pytest.mark.parametrize("updates", ["append", "files"])
def test_every_update_survives_once_and_in_order(updates: str, is_killed: bool, tmp_path: Path) -> None:
    begin = datetime.now(UTC) - timedelta(hours=1)
    incident = (
        f"title: Trouble\nupdates:\n- at: {begin:%Y-%m-%dT%H:%M:%SZ}\n  status: investigating\n  message: Looking.\n"
    )
    ids = [f"2026-11-23-trouble-{letter}" for letter in "abc"]
    settings = sites.SETTINGS.replace("    renewed_by", f"    updates: {updates}\n    renewed_by")
    first = sites.make(tmp_path / "c0", {f"{id}.md": f"---\n{incident}---\n" for id in ids}, settings=settings)
    repository.create(first)
    hub = tmp_path / "hub.git"
    git(tmp_path, "clone", "-q", "--bare", str(first), str(hub))
    (hub / "hooks" / "pre-receive").write_text(HOOK)
    (hub / "hooks" / "pre-receive").chmod(0o755)
    clones = [tmp_path / f"clone{number}" for number in range(CLONES)]
    for clone in clones:
        git(tmp_path, "clone", "-q", str(hub), clone.name)
    people = [Person(clone, number, ids, is_killed=is_killed) for number, clone in enumerate(clones)]
    for person in people:
        person.start()
    for person in people:
        person.join()
        person.is_killed = False
        person.push()

    git(tmp_path, "clone", "-q", str(hub), "final")
    incidents = store.load(site_settings.load(tmp_path / "final" / "mkdocs.yml"))
    words = [str(update.message) for incident in incidents for update in incident.updates[1:]]
    assert sorted(words) == sorted(f"word-{number}-{n}." for number in range(CLONES) for n in range(UPDATES))
    for incident in incidents:
        for number in range(CLONES):
            of_one = [
                int(match[1])
                for update in incident.updates
                if (match := re.match(rf"word-{number}-(\d+)", str(update.message)))
            ]
            assert of_one == sorted(of_one)
    assert [git(clone, "status", "--porcelain") for clone in clones] == [""] * CLONES
