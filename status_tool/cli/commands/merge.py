"""status merge: unites what two people wrote into one incident file, where git left a conflict."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from status_tool.cli import terminal
from status_tool.errors import Problem, StatusError, visible
from status_tool.incident_files import folded_files, formats, search, store
from status_tool.incident_files.merging import Merged
from status_tool.incident_files.union import Question, Side
from status_tool.project import conflicts, merge_driver, project
from status_tool.project.conflicts import Conflict
from status_tool.project.project import Project
from status_tool.project.repository import Repository


@click.command(name="merge")
@click.argument("files", nargs=-1, metavar="[FILE]...", type=click.Path())
@click.option(
    "--take", metavar="WHO", help="Whose version holds where both changed the same words: a name, or a commit."
)
@click.option("--fold", is_flag=True, help="Move updates that are files of their own into the file of their incident.")
@click.option("--install-driver", is_flag=True, help="Let git itself do this from now on, in this repository.")
@click.option("--driver", nargs=5, hidden=True, metavar="BASE OURS THEIRS SIZE PATH")
def command(
    files: tuple[str, ...],
    take: str | None,
    fold: bool,
    install_driver: bool,
    driver: tuple[str, str, str, str, str] | None,
) -> None:
    """Settle incident files in which git left a conflict.

    After git pull, rebase, cherry-pick or stash pop: the updates of both sides are united, in the order of
    time. What both changed in the same words is shown, with who wrote it, and asked; where nobody can answer,
    the exit code is 1, and no file is changed. Other files than those of incidents are left to you.

    With --fold, FILE is an incident, or a part of its id or title; without one, all are folded.

    Example: status merge
    """
    if driver:
        base, ours, theirs = map(Path, driver[:3])
        raise click.exceptions.Exit(0 if merge_driver.merge(base, ours, theirs, int(driver[3]), driver[4]) else 1)
    site = project.load()
    if fold:
        _fold(site, files)
        return
    repository = Repository.of(site.settings)
    if install_driver:
        _install(repository)
        return
    wanted = [_path(repository, name) for name in files] if files else None
    found = conflicts.find(repository, wanted)
    settled: list[tuple[Conflict, Merged]] = []
    settled += conflicts.misplaced(site, repository, wanted)
    contested = [] if files else folded_files.contested(site.settings)
    if not (found or settled or contested):
        what = "has no conflict." if files else "No incident file has a conflict."
        terminal.say(f"{', '.join(files)} {what}" if files else what)
        return
    problems: list[Problem] = []
    for conflict in found:
        try:
            settled.append((conflict, _settled(conflict, take)))
        except StatusError as error:
            problems += error.problems
    if problems:
        raise StatusError.of(problems)
    for conflict, merged in settled:
        moved = "" if merged.moved is None else os.path.relpath(repository.top / conflict.moved_to(repository))
        conflicts.settle(repository, conflict, merged)
        notes = [*merged.notes, *([f"Others have an update of this second, so yours is {moved}."] if moved else [])]
        terminal.say(
            f"Settled {os.path.relpath(repository.top / conflict.path)}", *(f"  {visible(note)}" for note in notes)
        )
    for old, new in contested:
        conflicts.rename(repository, old, new)
        what = "the incident's file has another update of this second"
        terminal.say(f"Renamed {site.shown(old)} to {new.name}: {what}.")
    if rest := conflicts.others(repository):
        terminal.say("", "Conflicts that are left to you:", *(f"  {path}" for path in rest))
    terminal.say("", f"Next: {conflicts.how_to_go_on(repository)}")


def _fold(site: Project, typed: Sequence[str]) -> None:
    ids = [_id(site, text) for text in typed] or folded_files.with_update_files(site.settings)
    problems: list[Problem] = []
    count = 0
    for id in ids:
        try:
            moved = folded_files.fold(site.settings, id)
        except StatusError as error:
            problems += error.problems
            continue
        count += len(moved)
        if moved:
            path = site.settings.shown(store.path_of(site.settings, id))
            terminal.say(f"{path} has what was in {len(moved)} file{'s' if len(moved) > 1 else ''}.")
    if problems:
        raise StatusError.of(problems)
    terminal.say("Next: status push" if count else "No update is a file of its own.")


def _id(site: Project, typed: str) -> str:
    """The id of an incident, of which a path may be typed, or a part of the id or title."""
    path = Path(typed)
    return (
        path.stem
        if path.is_file() and path.suffix in formats.SUFFIXES
        else search.find(store.ids(site.settings), typed, site.known_files)
    )


def _install(repository: Repository) -> None:
    attributes = merge_driver.install(repository)
    terminal.say(
        "git unites incident files by itself now, in this repository on this machine. "
        "The merge buttons of forges do not.",
        f"Wrote {os.path.relpath(attributes)} and the setting merge.{merge_driver.NAME} of git.",
    )


def _path(repository: Repository, typed: str) -> str:
    """The path from the top of the repository; StatusError when it is not that of an incident file."""
    path = Path(typed).resolve()
    name = (
        path.relative_to(repository.top.resolve()).as_posix() if path.is_relative_to(repository.top.resolve()) else ""
    )
    if not path.exists() or not repository.is_incident_file(name):
        raise StatusError("this is not an incident file of this site.", typed, hint="To see all: git status")
    return name


def _settled(conflict: Conflict, take: str | None) -> Merged:
    """The text of the file, and notes; StatusError with each question that nobody has answered."""
    answers: dict[str, Side] = {}
    while True:
        merged = conflict.merged(answers)
        if not merged.questions:
            return merged
        for question in merged.questions:
            side = _side(conflict, take) if take else _asked(conflict, question) if terminal.can_ask() else None
            if side is None:
                raise StatusError.of(_problems(conflict, merged.questions))
            if question.key == "file":
                text = conflict.ours if side is Side.OURS else conflict.theirs
                note = f"The other version was left out; it is in the commit of {_other(conflict, side)}."
                return Merged(text, notes=(note,))
            answers[question.key] = side


def _other(conflict: Conflict, side: Side) -> object:
    return conflict.their_author if side is Side.OURS else conflict.our_author


def _side(conflict: Conflict, take: str) -> Side | None:
    """The side of which `take` names the author or the commit; StatusError when it names none, or both."""
    sides = {Side.OURS: conflict.our_author, Side.THEIRS: conflict.their_author}
    meant = [side for side, author in sides.items() if author.is_meant_by(take)]
    if len(meant) == 1:
        return meant[0]
    hint = "\n".join(f"  {author}" for author in sides.values())
    what = f'"{take}" names {"both sides" if meant else "neither side"}.'
    raise StatusError(what, conflict.path, hint=f"Write a name, or the beginning of a commit, of one of them:\n{hint}")


def _asked(conflict: Conflict, question: Question) -> Side:
    terminal.say(
        f"{terminal.bold(conflict.path)}: both have changed {question.what}.",
        f"1  {visible(str(conflict.our_author))}",
        *_indented(question.ours),
        f"2  {visible(str(conflict.their_author))}",
        *_indented(question.theirs),
    )
    typed = click.prompt("Which one holds", type=click.Choice(["1", "2"]))
    return Side.OURS if typed == "1" else Side.THEIRS


def _problems(conflict: Conflict, questions: Iterable[Question]) -> Iterable[Problem]:
    for question in questions:
        lines = [
            f"{conflict.our_author}:",
            *_indented(question.ours),
            f"{conflict.their_author}:",
            *_indented(question.theirs),
            "Run status merge on a terminal and answer, or name whose version holds: status merge --take NAME",
        ]
        yield Problem(f"both have changed {question.what}.", conflict.path, hint="\n".join(lines))


def _indented(text: str) -> list[str]:
    lines = text.splitlines() or ["(removed)"]
    more = [f"     … {len(lines) - 12} more lines"] if len(lines) > 12 else []
    return [f"     {visible(line)}" for line in lines[:12]] + more
