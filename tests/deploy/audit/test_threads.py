"""Questions at the same time: in threads, with their results, and never longer than somebody waits."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import dns_stub
import pytest
import sites

from status_tool.system.threads import Task


def test_a_task_has_the_result_of_its_call_or_raises_its_error() -> None:
    tasks = [Task(int, str(number)) for number in range(40)]

    assert [task.result() for task in tasks] == list(range(40))
    with pytest.raises(ValueError, match="invalid literal"):
        Task(int, "x").result()


def test_an_interrupted_audit_waits_for_nobody(tmp_path: Path) -> None:
    program = "import sys; from status_tool.cli.main import main; main(sys.argv[1:])"
    with dns_stub.serving(misbehave=dns_stub.silent) as stub:
        command = [sys.executable, "-c", program, "audit", "--resolver", stub.option]
        process = subprocess.Popen(command, cwd=sites.make(tmp_path / "s"), stderr=subprocess.PIPE)
        while not stub.asked:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=25)  # the audit's own limit is 30 s

    assert process.returncode == 130
    assert said.strip().startswith(b"Stopped.")
