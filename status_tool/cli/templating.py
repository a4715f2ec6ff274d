"""Which words a message template gives to a command, and what is asked of the person who fills in its blanks."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import click

from status_tool.cli import editor, options, terminal
from status_tool.errors import StatusError, did_you_mean
from status_tool.incident_files import template_store
from status_tool.incident_files.message_templates import COMPONENTS, NEXT, MessageTemplate
from status_tool.model.component import OPERATIONAL, ComponentStatus
from status_tool.model.update import Kind, Text, UpdateStatus
from status_tool.project.project import Project
from status_tool.text import yaml_text

if TYPE_CHECKING:
    from status_tool.cli.questions import Question

Command = TypeVar("Command", bound=Callable[..., Any])


def template_options(command: Command) -> Command:
    """--template and --set."""
    template = click.option(
        "--template",
        metavar="NAME",
        shell_complete=_complete_template,
        help="A message template: status templates lists them. Other options win over what it says.",
    )
    blank = click.option(
        "--set",
        "blanks",
        multiple=True,
        metavar="BLANK=TEXT",
        help="What to write into a blank of the template; may be given more than once.",
    )
    return template(blank(command))


def _complete_template(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from status_tool.project import project

    try:
        return [name for name in template_store.paths(project.load().settings) if name.startswith(incomplete)]
    except StatusError:
        return []


@dataclass(frozen=True)
class Words:
    """A template, and what is written into its blanks."""

    site: Project
    template: MessageTemplate
    values: Mapping[str, str]
    """What somebody typed, by the names of the blanks."""
    asked: Mapping[str, str] = field(default_factory=dict)
    """Those of `values` that were typed as answers."""
    automatic: Mapping[str, str] = field(default_factory=dict)
    """What blanks say that nobody filled in."""

    @property
    def states(self) -> Mapping[str, ComponentStatus]:
        return self.template.components

    def refuse_except(self, kind: Kind, *statuses: UpdateStatus) -> None:
        """StatusError when the template is for another kind, or sets another status than one of `statuses`."""
        status, name = self.template.status, self.template.name
        if (self.template.kind is kind or status is None) and (status is None or status in statuses):
            return
        what = f"{kind} with the status {status}" if self.template.kind is kind else self.template.kind
        hint = f"It is meant for: {command_for(self.template)}\nTo see the others: status templates"
        raise StatusError(f'The template "{name}" is for {what}.', hint=hint)

    def completed(self, affected: Iterable[str], *, title: bool, message: bool) -> Words:
        """These words with a value for each blank of the title and of the message, as far as they are used.

        What is missing is asked at a terminal; UsageError, which lists all of it, elsewhere.
        `affected` are the ids of the components whose names are the value of `{components}`.
        """
        names = self.site.settings.component_names
        automatic = {COMPONENTS: ", ".join(names.get(id, id) for id in affected)}
        words = replace(self, automatic={name: value for name, value in automatic.items() if value})
        known = {NEXT, *words.automatic, *words.values}
        empty = [name for name in self.template.names(title=title, message=message) if name not in known]
        missing = [name for name in empty if self.template.blank(name).default is None]
        if missing and not terminal.can_ask():
            raise click.UsageError("\n".join(["The template has blanks without a value:", *map(self._needed, missing)]))
        return words.answered(missing) if missing else words

    def answered(self, missing: Iterable[str]) -> Words:
        """These words with the answer of a person for each of the blanks `missing`."""
        from status_tool.cli import questions  # most commands ask nothing

        names, answers, number = list(missing), dict[str, str](), 0
        try:
            while number < len(names):
                try:
                    answers[names[number]] = questions.ask(self._question(names[number]))
                    number += 1
                except questions.Back:
                    number = max(0, number - 1)
        except questions.Unfinished as stopped:
            if stopped.line.strip():
                answers[names[number]] = stopped.line
            replace(self, asked=answers).keep(stopped)
            raise click.exceptions.Exit(stopped.exit_code) from None
        return replace(self, values={**self.values, **answers}, asked=answers)

    def _question(self, name: str) -> Question[str]:
        from status_tool.cli.questions import Question

        hint, _ = self.described(name)
        help_text = "Readers see what you type exactly so; Markdown means nothing here."
        return Question("\n".join(filter(None, [hint, f"{name}:"])), help_text, str)

    def _needed(self, name: str) -> str:
        """`  --set region=...   Which region`."""
        hint = self.template.blank(name).hint
        return f"  --set {name}=...{f'   {self._shown(hint)}' if hint else ''}"

    def _shown(self, text: Text) -> str:
        return text.in_language(self.site.settings.language)[1]

    def described(self, name: str) -> tuple[str, str | None]:
        """The hint for a blank, which may be empty, and its default, or None."""
        blank = self.template.blank(name)
        return self._shown(blank.hint) if blank.hint else "", self._shown(blank.default) if blank.default else None

    def title(self) -> Text:
        """The title of a new incident; UsageError when the template has none."""
        title = self.template.filled_title({**self.automatic, **self.values})
        if title is None:
            raise click.UsageError(f'The template "{self.template.name}" has no title. Give one, in quotes.')
        return title

    @property
    def has_promise(self) -> bool:
        """Whether the message says when the next update comes."""
        return NEXT in self.template.names(title=False)

    def usual(self, rhythm: timedelta | None) -> timedelta | None:
        """How long after the update the next one is promised: by the template, by the rhythm, else by `promise`."""
        otherwise = self.site.settings.promise if self.has_promise else None
        return self.template.next or rhythm or otherwise

    def message(self, promised_at: datetime | None) -> Text:
        """The message of an update that promises the next one by then; UsageError when it needs a promise."""
        if promised_at is None and self.has_promise:
            raise click.UsageError(
                "The template says when the next update comes ({next}), but none is promised. Give a time: --next 30m. "
                "Where there is no --next, use another template."
            )
        promised = {NEXT: self.site.time(promised_at)} if promised_at else {}
        text = self.template.filled_message({**self.automatic, **self.values, **promised})
        for words in text.translations.values():
            editor.refuse_unsuitable(words)
        return text

    @property
    def options(self) -> list[tuple[str, str | None]]:
        """The options that give these words again."""
        return [
            ("--template", self.template.name),
            *(("--set", f"{name}={value}") for name, value in self.values.items()),
        ]

    def keep(self, error: BaseException) -> None:
        """Writes what was typed as answers into a file, and says which, and how to use it."""
        if self.asked:
            again = [part for name, value in self.asked.items() for part in ("--set", f"{name}={value}")]
            command = shlex.join(["status", *terminal.typed_args(), *again])
            editor.keep("".join(f"{name}: {value}\n" for name, value in self.asked.items()), error, command)


def command_for(template: MessageTemplate) -> str:
    """The command that a template is for, by its kind and status: `status resolve`."""
    status, is_work = template.status, template.kind is Kind.MAINTENANCE
    if status in (UpdateStatus.RESOLVED, UpdateStatus.COMPLETED):
        return "status resolve"
    if template.title and (status is None or not status.ends):
        return "status schedule" if is_work else "status open"
    return "status update" if status or is_work else "status update, status withdraw"


def chosen(site: Project, name: str | None, pairs: Iterable[str]) -> Words | None:
    """What --template and --set say; None without both.

    StatusError when the template does not exist or cannot be read; UsageError, with every mistake, for the values.
    """
    typed = [terminal.decoded(pair) for pair in pairs]
    if name is None:
        if typed:
            raise click.UsageError("--set fills in a blank of a template. Name one: --template NAME.")
        return None
    template = template_store.read(site.settings, name)
    values: dict[str, str] = {}
    mistakes = []
    for pair in typed:
        blank, equals, value = pair.partition("=")
        if problem := _problem(template, blank, bool(equals), value, values):
            mistakes.append(problem)
        values[blank] = value
    if mistakes:
        raise click.UsageError("\n".join(mistakes))
    return Words(site, template, values)


def _problem(template: MessageTemplate, blank: str, has_value: bool, value: str, before: Mapping[str, str]) -> str:
    """What is wrong with a value of --set; an empty text when nothing is."""
    names = [name for name in template.names() if name != NEXT]
    if blank == NEXT:
        return "--set next: this is the time of the promise. Write --next 30m."
    if blank not in names:
        there = f"Its blanks: {', '.join(names)}." if names else "It has none."
        return " ".join(filter(None, [f'Unknown blank "{blank}".', did_you_mean(blank, names), there]))
    if not has_value:
        return f"--set {blank}: the value is missing. Write --set {blank}=TEXT."
    if blank in before:
        return f'--set {blank}: "{blank}" is given twice. Keep one of the two.'
    default = template.blank(blank).default
    if yaml_text.is_blank(value) and not (default and any(map(yaml_text.is_blank, default.translations.values()))):
        return f"--set {blank}: the value is empty. Write --set {blank}=TEXT."
    return ""


def affected(states: Mapping[str, ComponentStatus]) -> list[str]:
    """The ids of the components that are not operational."""
    return [id for id, state in states.items() if state is not OPERATIONAL]


def title(words: Words | None, typed: str | None) -> Text:
    """The title that was typed, or else that of the template. UsageError when there is none."""
    if typed is not None:
        return options.title(typed)
    if words is None:
        raise click.UsageError("Missing argument 'TITLE'.")
    return words.title()


def promise(
    words: Words | None, text: str | None, at: datetime, site: Project, rhythm: timedelta | None
) -> datetime | None:
    """As `options.promise_or_prompt`; without --next, a template that has a promise of its own is not asked about."""
    usual = words.usual(rhythm) if words else rhythm
    is_stated = words is not None and words.template.next is not None
    return (options.promise if is_stated else options.promise_or_prompt)(text, at, site, usual)


def arguments(words: Words | None) -> dict[str, Any]:
    """The arguments that give another command the same words."""
    if words is None:
        return {}
    return {"template": words.template.name, "blanks": tuple(f"{name}={text}" for name, text in words.values.items())}


@contextmanager
def message(words: Words | None, text: str | None, heading: str) -> Iterator[Callable[[datetime | None], Text]]:
    """A function: the time of the promise -> the message.

    It is `text` (the value of -m), if that is given; or what `words` say; or else what is typed in an editor.
    """
    if words is None or text is not None:
        with editor.message(text, heading) as typed:
            yield lambda _: typed
        return
    try:
        yield words.message
    except BaseException as error:
        words.keep(error)
        raise
