"""status deploy: the built site goes to its hosts."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from status_tool.cli import terminal
from status_tool.errors import Problem, StatusError
from status_tool.model.target import Target
from status_tool.project import project

if TYPE_CHECKING:
    from status_tool.deploy.deployment import Outcome


@click.command(name="deploy")
@click.argument("targets", nargs=-1, metavar="[TARGET]...")
@click.option(
    "--site-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder with the site (default: site_dir in mkdocs.yml).",
)
@click.option(
    "--sign",
    "key",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="STATUS_SIGN_KEY",
    help="Sign the manifest with this key of ssh, or with the agent's for this public key (or STATUS_SIGN_KEY).",
)
@click.option("--all", "renew", is_flag=True, help="Upload every file, also those that the host says it has.")
@click.option("--if-any", is_flag=True, help="Without a target in the settings, say so, and end well: for workflows.")
@click.option("--force", is_flag=True, help="Deploy even if the host has a newer site, or another one.")
def command(
    targets: tuple[str, ...], site_dir: Path | None, key: Path | None, renew: bool, if_any: bool, force: bool
) -> None:
    """Put the built site on its hosts: on all targets of the settings, or on those named.

    Exit code 1 when a target that is required has failed. All others have the site then.

    Example: status build && status deploy && status verify
    """
    from status_tool.deploy import deployment, signature, snapshot

    site = project.load()
    settings = site.settings
    if if_any and not any(not target.is_scratch for target in settings.targets):
        terminal.say("No target is configured, so nothing was deployed.")
        return
    chosen = deployment.chosen(settings, targets)
    width = max(len(target.name) for target in chosen)
    lock = threading.Lock()

    def report(target: Target, text: str) -> None:
        with lock:
            terminal.say(f"{target.name.ljust(width)}  {text}")

    with snapshot.take(settings, site_dir.absolute() if site_dir else settings.site) as taken:
        if taken.state.is_replay and not force:
            hint = "Build the present: status build\nOr, if readers are to see a past day: status deploy --force"
            what = "this site is a replay, which does not show the present."
            raise StatusError(what, settings.shown(site_dir or settings.site), hint=hint)
        if key:
            signature.sign(taken.folder, key)
        elif settings.signing_key:
            click.echo("Readers expect a signature, and this copy has none: status deploy --sign KEY", err=True)
        terminal.say(f"The site of {site.time(taken.state.written)}, {len(taken.manifest.digests) + 1} files:")
        outcomes = deployment.deploy(settings, chosen, taken, report, force=force, renew=renew)
    _refuse_failed(outcomes)
    terminal.say("Look whether the public sees it: status verify")


def _refuse_failed(outcomes: Sequence[Outcome]) -> None:
    """Says which deployments have failed; StatusError when one of them was required."""
    failed = [outcome for outcome in outcomes if outcome.error]
    if any(outcome.target.required for outcome in failed):
        raise StatusError.of(problem for outcome in failed for problem in _problems(outcome))
    for outcome in failed:
        for problem in _problems(outcome):
            click.echo(f"{problem}\nIt is not required, so the deployment has not failed.", err=True)


def _problems(outcome: Outcome) -> Iterator[Problem]:
    for problem in outcome.error.problems if outcome.error else ():
        yield replace(problem, path=outcome.target.name)
