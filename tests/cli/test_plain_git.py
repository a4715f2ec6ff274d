"""Three people use plain `git pull` and `status merge`, and nothing that anyone said is lost.

In full: `STATUS_PROOF_UPDATES=25 STATUS_PROOF_SEEDS=8 pytest tests/cli/test_plain_git.py -s`.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
import repository
import sites
from repository import git
from sites import API_ERRORS, status

from status_tool.system import clock

UPDATES = int(os.environ.get("STATUS_PROOF_UPDATES", "4"))
"""How many each person posts."""
SEEDS = int(os.environ.get("STATUS_PROOF_SEEDS", "1"))
PEOPLE = {"ann": "merge", "bob": "rebase", "carl": "merge or rebase"}
"""Each of them, and how `git pull` brings their commits together with those of others. Carl has the merge driver."""
INCIDENTS = ("2026-11-23-api-errors", "2026-11-23-website")
NOW = clock.parse_time(sites.NOW)


class Outage:
    """Three clones of one site, in which updates are posted at random, often in the same second."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.random, self.folder, self.second = random.Random(seed), folder, 0
        self.said: list[str] = []
        self.settled = 0
        first = sites.make(folder / "ann", {f"{id}.md": API_ERRORS for id in INCIDENTS})
        repository.create(first)
        git(folder, "init", "-q", "--bare", "-b", "main", "hub.git")
        git(first, "remote", "add", "origin", str(folder / "hub.git"))
        git(first, "push", "-q", "-u", "origin", "main")
        for name in list(PEOPLE)[1:]:
            git(folder, "clone", "-q", "hub.git", name)
        for name in PEOPLE:
            git(folder / name, "config", "core.editor", "true")
        assert status(folder / "carl", "merge", "--install-driver").code == 0

    def post(self, name: str) -> None:
        """Posts an update and commits it."""
        words = f"{name} says {len(self.said):03}"
        self.second += self.random.choice([0, 0, 1, 40])
        command = "resolve" if self.random.random() < 0.1 else "update"
        how = ["--status", self.random.choice(["identified", "monitoring"])] if command == "update" else []
        id = self.random.choice(INCIDENTS)
        said = status(self.folder / name, command, id, "-m", words, *how, now=NOW + timedelta(seconds=self.second))
        if said.code and "is already" in said.err:  # resolved: somebody else was first
            return
        assert said.code == 0, said.err
        self.said.append(words)
        git(self.folder / name, "commit", "-q", "-am", words)

    def bring_together(self, name: str) -> None:
        """`git pull`, `status merge` as long as it is needed, and `git push`."""
        site, how = self.folder / name, PEOPLE[name]
        is_rebase = how == "rebase" or (how != "merge" and self.random.random() < 0.5)
        done = run(site, "pull", "-q", "--rebase" if is_rebase else "--no-rebase", "--no-edit")
        for _ in range(4 * UPDATES):
            said = status(site, "merge", now=NOW + timedelta(hours=2))
            assert said.code == 0, said.err
            self.settled += said.out.count("Settled ")
            step = said.out.rpartition("Next: ")[2].split()
            if done.returncode == 0:
                break
            done = run(site, *step[1:])
        assert done.returncode == 0, done.stderr
        if git(site, "status", "--porcelain", "--untracked-files=no"):
            git(site, "commit", "-q", "-am", "Put updates into the order of time")
        git(site, "push", "-q")


def run(site: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["git", *args], cwd=site, capture_output=True, text=True)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(SEEDS))
def test_every_update_of_three_people_survives_once_and_in_order(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in repository.ENVIRONMENT.items():
        monkeypatch.setenv(variable, value)
    outage = Outage(tmp_path, seed)
    left = [name for name in PEOPLE for _ in range(UPDATES)]
    outage.random.shuffle(left)
    while left:
        outage.post(left.pop())
        if outage.random.random() < 0.3:
            outage.bring_together(outage.random.choice(list(PEOPLE)))
    for name in [*PEOPLE, *PEOPLE]:
        outage.bring_together(name)

    texts = {name: [(tmp_path / name / "incidents" / f"{id}.md").read_text() for id in INCIDENTS] for name in PEOPLE}
    assert texts["ann"] == texts["bob"] == texts["carl"]
    words = re.findall(r"\w+ says \d+", "".join(texts["ann"]))
    assert sorted(words) == sorted(outage.said)
    for text in texts["ann"]:
        times = re.findall(r"- at: (\S+)", text)
        assert times == sorted(set(times))
    for name in PEOPLE:
        assert git(tmp_path / name, "status", "--porcelain") == ""
        assert git(tmp_path / name, "stash", "list") == ""
        assert status(tmp_path / name, "check", now=NOW + timedelta(hours=2)).code == 0
    print(f"seed {seed}: {len(outage.said)} updates, {outage.settled} files settled by status merge")
