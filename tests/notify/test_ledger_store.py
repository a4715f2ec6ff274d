"""The ledger's store: what was written stays, and of several machines that want to say the same, one does."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from repository import git

from status_tool.errors import StatusError
from status_tool.notify import run
from status_tool.notify.ledger import Entry, Event, Key, Ledger, State
from status_tool.notify.ledger_store import REFERENCE, LedgerStore, Unreachable
from status_tool.notify.run import Run

pytestmark = pytest.mark.slow  # git, often

NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)


def key(number: int = 0) -> Key:
    return Key("2026-11-23-api-errors", f"2026-11-23T13:{number:02}:00Z", "en", "mail", "")


def entry(who: str, event: Event = Event.CLAIMED, number: int = 0, by: str = "") -> Entry:
    return Entry(NOW, key(number), event, who, by, NOW + timedelta(minutes=5) if event is Event.CLAIMED else None)


def if_due(who: str, numbers: range = range(1)) -> Callable[[Ledger], Sequence[Entry]]:
    """Claims what nobody has claimed."""
    return lambda ledger: [
        entry(who, number=number) for number in numbers if ledger.state(key(number), NOW) is State.DUE
    ]


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "hub.git")
    return tmp_path / "hub.git"


def clone(hub: Path, name: str) -> LedgerStore:
    git(hub.parent, "clone", "-q", str(hub), name)
    return LedgerStore(hub.parent / name)


def test_of_many_who_claim_the_same_one_gets_it(hub: Path) -> None:
    stores = [clone(hub, name) for name in "abc"]
    numbers = range(20)

    def claim_all(who: int) -> list[int]:
        mine = []
        for number in numbers:
            ledger = stores[who].claim(if_due(str(who), range(number, number + 1)))
            mine += [number for each in ledger.of(key(number)) if each.run == str(who)]
        return mine

    with ThreadPoolExecutor(3) as threads:
        claimed = [number for mine in threads.map(claim_all, range(3)) for number in mine]

    assert sorted(claimed) == list(numbers)
    for store in stores:
        store.publish()
    assert len({store.read().text for store in stores}) == 1


def test_what_is_kept_here_reaches_the_others_later(hub: Path) -> None:
    here, there = clone(hub, "a"), clone(hub, "b")
    here.claim(if_due("a"), offline=True)
    here.append([entry("a", Event.DELIVERED)])
    there.append([entry("b", Event.ACCEPTED, 1)])

    assert there.read().state(key(), NOW) is State.DUE
    here.publish()
    there.publish()
    here.publish()

    assert here.read() == there.read()
    assert [each.event for each in here.read().entries] == ["claimed", "delivered", "accepted"]
    assert git(hub, "log", "--format=%s", REFERENCE) == "What was said on other channels\n" * 2


def test_without_a_remote_the_ledger_is_kept_here(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main", "a")
    store = LedgerStore(tmp_path / "a")

    assert [each.run for each in store.claim(if_due("a")).entries] == ["a"]
    assert [each.run for each in store.claim(if_due("b")).entries] == ["a"]


def test_a_remote_that_does_not_answer_is_an_error_and_nothing_is_claimed(hub: Path) -> None:
    store = clone(hub, "a")
    shutil.move(hub, hub.with_name("gone.git"))
    with pytest.raises(Unreachable, match="does not appear to be a git repository"):
        store.claim(if_due("a"))

    assert store.read().state(key(), NOW) is State.DUE


def test_a_push_that_is_refused_releases_what_it_wanted(hub: Path) -> None:
    store = clone(hub, "a")
    (hub / "hooks").mkdir(exist_ok=True)
    (hub / "hooks" / "pre-receive").write_text("#!/bin/sh\necho no room at all >&2\nexit 1\n")
    (hub / "hooks" / "pre-receive").chmod(0o755)
    with pytest.raises(Unreachable, match="no room at all"):
        store.claim(if_due("a"))

    assert store.read().state(key(), NOW) is State.DUE


def test_a_push_whose_answer_was_lost_counts(hub: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The remote has taken it, and the connection broke."""
    store = clone(hub, "a")
    (hub.parent / "bin").mkdir()
    real = shutil.which("git")
    script = (
        f'#!/bin/sh\n{real} "$@"\ncode=$?\ncase " $* " in *" push "*) echo broken pipe >&2; exit 1;; esac\nexit $code\n'
    )
    (hub.parent / "bin" / "git").write_text(script)
    (hub.parent / "bin" / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{hub.parent / 'bin'}{os.pathsep}{os.environ['PATH']}")

    assert [each.event for each in store.claim(if_due("a")).entries] == ["claimed"]
    assert store.read().state(key(), NOW) is State.CLAIMED


def test_a_line_that_a_full_disk_cut_off_harms_no_other(hub: Path) -> None:
    store = clone(hub, "a")
    store.append([entry("a")])
    with store.journal.open("ab") as stream:
        stream.write(b'{"at":"2026')
    store.append([entry("a", Event.DELIVERED)])

    assert store.read().state(key(), NOW) is State.SAID


def test_a_work_tree_shares_the_ledger_of_its_repository(hub: Path) -> None:
    store = clone(hub, "a")
    git(store.folder, "commit", "-q", "--allow-empty", "-m", "x")
    git(store.folder, "worktree", "add", "-q", str(hub.parent / "tree"))
    store.append([entry("a", Event.DELIVERED)])

    assert LedgerStore(hub.parent / "tree").read() == store.read()


def test_without_a_repository_it_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(StatusError, match="no git repository"):
        LedgerStore(tmp_path)


def test_a_run_that_was_killed_is_known_to_have_ended() -> None:
    ended = os.fork()
    if not ended:
        os._exit(0)
    os.waitpid(ended, 0)
    here = Run.begin()
    machine, boot, _, began = here.by.split("/")
    gone = [f"{machine}/{boot}/{ended}/{began}", f"{machine}/{boot}/{os.getpid()}/1", f"{machine}/before/1/1"]
    others = [here.by, f"elsewhere/{boot}/{ended}/{began}", "", "person"]
    ledger = Ledger.union("".join(f"{entry(by, number=at, by=by).line}\n" for at, by in enumerate([*gone, *others])))

    assert run.dead(ledger) == set(gone)
