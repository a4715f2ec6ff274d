"""How the site gets to a host that has a program of its own."""

from __future__ import annotations

from status_tool.deploy.job import Job
from status_tool.errors import StatusError

LONGEST_LINE = 300
"""How much of a line of the program is shown."""


def deploy(job: Job) -> str:
    """Runs the program; returns the last line that it printed. StatusError when it fails."""
    values = {"{site}": str(job.snapshot.folder), "{url}": job.target.url, "{name}": job.target.name}
    command = [_filled(word, values) for word in job.target.run]
    job.report(f"running {job.target.run[0]}")
    answer = job.run(command, job.settings.folder, {"STATUS_SITE": values["{site}"]})
    lines = [*answer.output.decode("utf-8", "replace").splitlines(), *answer.said.splitlines()]
    printed = [line.strip()[:LONGEST_LINE] for line in lines if line.strip()]
    if answer.code:
        end = f"was ended by signal {-answer.code}" if answer.code < 0 else f"ended with the exit code {answer.code}"
        raise StatusError(f"{command[0]} {end}.", hint="\n".join(["It said:", *printed[-5:]]) if printed else "")
    return printed[-1] if printed else "done"


def _filled(word: str, values: dict[str, str]) -> str:
    for placeholder, value in values.items():
        word = word.replace(placeholder, value)
    return word
