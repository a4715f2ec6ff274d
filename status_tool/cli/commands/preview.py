"""status preview: what readers will see of what was written."""

from __future__ import annotations

from collections.abc import Sequence

import click

from status_tool.cli import options, terminal
from status_tool.errors import StatusError
from status_tool.incident_files import store
from status_tool.model.incident import Incident
from status_tool.project import project
from status_tool.project.project import Project
from status_tool.project.repository import Repository


@click.command(name="preview")
@options.incident_argument
@click.option("--since", metavar="COMMIT", help="Every incident whose files differ from that commit: origin/main.")
def command(incident: str | None, since: str | None) -> None:
    """Show what readers will see of the last update: on the page, in the feeds, and as an SMS.

    It is Markdown, as pull requests of forges show it. Drafts are shown, and called so.

    INCIDENT is its id, or a part of its id or title that fits no other; left out, it is the only open one.

    Example: status preview --since origin/main
    """
    from status_tool.outputs import preview  # pages are rendered for it, which no other command line needs
    from status_tool.render import context

    site = project.load()
    chosen = _changed(site, since) if since else [store.read(site.settings, site.choose(incident).file_id)]
    if not chosen:
        terminal.say("No incident was changed, so readers will see nothing new.")
        return
    others = [known for known in store.readable(site.settings) if known.id not in {each.id for each in chosen}]
    made = context.make(site.settings, [*others, *chosen], site.summary_time(chosen))
    for each in chosen:
        if each.draft:
            terminal.say(f"**Draft:** no reader sees this until `status publish {each.id}`.", "")
        terminal.say(preview.markdown(made, each))


def _changed(site: Project, since: str) -> Sequence[Incident]:
    """The incidents whose files differ from the commit `since`, in the order of their ids."""
    repository = Repository.of(site.settings)
    commit = repository.commit(since)
    if not commit:
        raise StatusError(f'git knows no commit "{since}".', hint="In a workflow, check out with fetch-depth: 0.")
    base = repository.line("merge-base", commit, "HEAD") or commit
    output = repository.git(
        "diff", "--name-only", "--no-renames", "-z", "--diff-filter=AM", base, "--", repository.folder
    )
    paths = output.decode("utf-8", "replace").split("\0")
    ids = {repository.id_of(path) for path in paths if repository.is_incident_file(path)}
    return [store.read(site.settings, id) for id in sorted(ids & set(store.ids(site.settings)))]
