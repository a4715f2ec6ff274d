"""Work that several processes share is done once, whole, and by whoever is free; nothing of it stays behind."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

MANY = len(os.sched_getaffinity(0)) > 1 if hasattr(os, "sched_getaffinity") else False
several = pytest.mark.skipif(not MANY, reason="there is one processor")

HEAD = """
import os, signal, sys, time
from status_tool.system import parallel
here = os.getpid()
def is_alone():
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return True
    return False
"""


def alone(program: str) -> list[str]:
    """What a program prints that runs alone: a process with threads, as that of a test may be, makes no others."""
    done = subprocess.run([sys.executable, "-c", HEAD + program], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split()


@pytest.mark.parametrize("count", [0, 1, 5, 16, 999, 1000, 1001, 4321])
def test_every_item_is_worked_on_once(count: int) -> None:
    printed = alone(f"""
shares = parallel.map_shares(list, range({count}), few=5)
print(len(shares), sorted(item for share in shares for item in share) == list(range({count})), is_alone())
""")

    assert printed == [str(max(1, min(count // 5, len(os.sched_getaffinity(0))))), "True", "True"]


@pytest.mark.parametrize("few", [20, 1000])
def test_the_parent_hears_how_far_it_is(few: int) -> None:
    heard = alone(f"""
def work(items):
    return [time.sleep(0.001) for _ in items]
parallel.map_shares(work, range(300), {few}, lambda done, of: print(here == os.getpid(), done, of))
""")
    told, done, of = heard[::3], [int(number) for number in heard[1::3]], heard[2::3]

    assert {*told} == {"True"} and {*of} == {"300"}
    assert done == sorted(done) and done[0] < 5 and 280 < done[-1] < 300


@several
def test_whoever_is_free_takes_the_next() -> None:
    assert alone("""
waiting, telling = os.pipe()
def work(items):
    found = []
    for item in items:
        if item == 0:
            os.read(waiting, 1)  # as long as the other takes for all the rest
        if item == 39:
            os.write(telling, b"x")
        found.append(item)
    return found
print(*sorted(len(share) for share in parallel.map_shares(work, range(40), few=20)))
""") == ["1", "39"]


@several
@pytest.mark.parametrize("wrong", [1, 150, 299])
def test_a_mistake_in_any_process_is_raised_and_nobody_goes_on(wrong: int) -> None:
    done, said, is_alone = alone(f"""
def work(items):
    for item in items:
        if item == {wrong}:
            raise ValueError("wrong")
        time.sleep(0.002)
        os.write(1, b".")
try:
    parallel.map_shares(work, range(300), few=20)
except ValueError as error:
    print("", error, is_alone())
""")

    assert (said, is_alone) == ("wrong", "True")
    assert len(done) < wrong + 20


@several
@pytest.mark.slow
def test_where_a_process_dies_everything_is_done_again() -> None:
    assert alone("""
def work(items):
    found = []
    for item in items:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        found.append(item)
        time.sleep(0.001)
    return found
print(*(share == list(range(300)) for share in parallel.map_shares(work, range(300), few=20)))
""") == ["True"]


@several
def test_the_children_of_a_killed_process_end_with_what_they_are_at() -> None:
    killed = f"""{HEAD}
def work(items):
    for item in items:
        if item > 5 and os.getpid() == here:
            os.kill(here, signal.SIGKILL)
        time.sleep(0.02)
    os.write(1, str(item).encode() + b" ")
parallel.map_shares(work, range(2_000), few=20)
"""
    done = subprocess.run([sys.executable, "-c", killed], capture_output=True, text=True, timeout=20)

    assert int(done.stdout) < 200


def test_what_is_made_beside_is_there_when_it_is_asked_for() -> None:
    beside, died, is_alone = alone("""
with parallel.BackgroundTask(os.getpid) as work:
    found = work.result()
print("here" if found == here else "another")
with parallel.BackgroundTask(lambda: os.kill(os.getpid(), signal.SIGKILL) if os.getpid() != here else None) as work:
    try:
        print(work.result(), is_alone())
    except parallel.WorkerDied:
        print("died", is_alone())
""")

    assert (beside == "another") == MANY
    assert (died, is_alone) == ("died" if MANY else "None", "True")


@several
def test_who_is_stopped_while_waiting_waits_for_the_end_of_what_is_made_beside() -> None:
    assert alone("""
signal.signal(signal.SIGALRM, signal.default_int_handler)
with parallel.BackgroundTask(lambda: time.sleep(0.3)) as work:
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    try:
        work.result()
    except KeyboardInterrupt:
        print(is_alone())
""") == ["True"]


def test_what_goes_wrong_beside_is_raised_when_it_is_asked_for_and_never_before() -> None:
    assert alone("""
def wrong():
    raise ValueError("wrong")
with parallel.BackgroundTask(wrong) as work:
    print("so", "far")
    try:
        work.result()
    except ValueError as error:
        print(error)
with parallel.BackgroundTask(wrong) as work:
    pass
print(is_alone())
""") == ["so", "far", "wrong", "True"]


@pytest.mark.parametrize("call", ["fork", "pipe"])
def test_where_the_system_gives_no_more_one_process_does_it_alone(call: str) -> None:
    assert alone(f"""
def refused(*args):
    raise BlockingIOError(11, "Resource temporarily unavailable")
given = os.listdir("/proc/self/fd")
os.{call} = refused
with parallel.BackgroundTask(os.getpid) as work:
    print(work.result() == here)
print(parallel.map_shares(list, range(300), few=20) == [list(range(300))], os.listdir("/proc/self/fd") == given)
""") == ["True", "True", "True"]
