"""status apply: says what a person has filled into a form of a forge."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import click

from status_tool.cli import pushing, terminal
from status_tool.cli.already_open import AlreadyOpen
from status_tool.cli.commands import open as opening
from status_tool.cli.commands import resolve, update
from status_tool.errors import StatusError
from status_tool.project import project, speech
from status_tool.project.speech import Speech


@click.command(name="apply")
@click.option(
    "--event",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The event as the forge wrote it; else $GITHUB_EVENT_PATH, else the variables STATUS_ACTION and so on.",
)
@pushing.push_option
@click.pass_context
def command(context: click.Context, event: Path | None, pushes: bool | None) -> None:
    """Write what a workflow was started with: open, update or resolve an incident.

    It checks who speaks, writes the file as the command of that name does, and pushes it. It answers with
    what readers will see, also in the summary of the run. Nothing in the form is run or read as an option.

    Example: status apply --event "$GITHUB_EVENT_PATH"
    """
    site = project.load()
    path = event or (Path(os.environ["GITHUB_EVENT_PATH"]) if os.environ.get("GITHUB_EVENT_PATH") else None)
    said = speech.read(path, os.environ, site.settings.speakers)
    before = {incident.id: incident.source for incident in site.published()}
    if said.speaker:
        terminal.say(f"Said by {said.speaker} on the forge.")
    try:
        _say(context, said, pushes if pushes is not None else True)
    except AlreadyOpen as error:
        hint = "To post it as an update, choose the action update, and write its name into the field incident.\n"
        hint += "To open another incident, choose the action open_another."
        raise StatusError(error.problems[0].what, hint=hint) from None
    except click.UsageError as error:  # what is wrong is in the form, and not in the command line of the workflow
        raise StatusError(error.message, hint="Fill in the form again.") from None
    changed = [incident for incident in site.at_present().published() if before.get(incident.id) != incident.source]
    _summarise(context, [incident.id for incident in changed])


def _say(context: click.Context, said: Speech, pushes: bool) -> None:
    shared = {"message": said.message, "pushes": pushes, "template": None, "blanks": (), "at": None}
    if said.action.startswith("open"):
        context.invoke(
            opening.command,
            title=said.title,
            components=said.components,
            next_update=said.next or None,
            impact=None,
            started=None,
            anyway=said.action == "open_another",
            is_draft=False,
            is_drill=False,
            **shared,
        )
    elif said.action == "update":
        context.invoke(
            update.command,
            incident=said.incident or None,
            new_status=said.status or None,
            components=said.components,
            next_update=said.next or None,
            **shared,
        )
    else:
        context.invoke(resolve.command, incident=said.incident or None, **shared)


def _summarise(context: click.Context, ids: list[str]) -> None:
    """Prints what readers will see, and adds it to the summary of the run, if there is one."""
    from status_tool.outputs import preview
    from status_tool.render import context as rendering

    site = project.load()
    incidents = site.published()
    made = rendering.make(site.settings, incidents, site.summary_time(incidents))
    text = "\n".join(preview.markdown(made, incident) for incident in incidents if incident.id in ids)
    terminal.say("", text)
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        with contextlib.suppress(OSError), Path(summary).open("a", encoding="utf-8") as file:
            file.write(f"{text}\n")
