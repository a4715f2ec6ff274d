"""How a person who opens an incident is asked step by step, and sees what readers will see before it is written."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

import click

from status_tool.cli import already_open, component_list, editor, options, pushing, questions, templating
from status_tool.cli.open_answers import Answers
from status_tool.cli.questions import Back, Question, Unfinished
from status_tool.cli.templating import Words
from status_tool.errors import one_of
from status_tool.incident_files import template_store
from status_tool.incident_files.message_templates import NEXT, MessageTemplate
from status_tool.model import synonyms
from status_tool.model.component import Component, ComponentStatus
from status_tool.model.update import Kind, Text
from status_tool.project import open_reports, posting
from status_tool.project.project import Project
from status_tool.system import clock
from status_tool.text import yaml_text

Step = Callable[[Project, Answers], Answers | None]
"""Asks for a part of the answers, and adds it; None where there is nothing to ask."""
STATES = {str(number): state for number, state in enumerate(list(ComponentStatus)[:1:-1], 1)}
"""Number -> state, the worst first."""
_INTRODUCTION = "Nothing is written before you say so. ? explains a question, < goes back, Ctrl-C stops."


def ask(site: Project, answers: Answers) -> Answers:
    """`answers` with those of a person who agrees to write them. Exit when that person stops; the words are kept then.

    Whoever goes back keeps every answer; Enter gives it again.
    """
    step, before = 0, list[int]()
    questions.say(_INTRODUCTION)
    try:
        while not answers.is_agreed:
            try:
                following = _STEPS[step](site.at_present(), answers)
            except Back:
                step = before.pop() if before else step
                continue
            if following is not None and _STEPS[step] is not _confirm:
                before.append(step)
            answers, step = following or answers, min(step + 1, len(_STEPS) - 1)
    except Unfinished as stopped:
        _stop(_with_line(answers, _STEPS[step], stopped.line), stopped)
    except BaseException as error:  # such as a signal while an editor is open
        answers.keep(error)
        raise
    return answers


def _stop(answers: Answers, stopped: Unfinished) -> None:
    """Says that nothing is written, and keeps the words. Exit."""
    with contextlib.suppress(Unfinished):  # the terminal may be closed
        questions.say("\nNothing was written.")
    answers.keep(stopped)
    raise click.exceptions.Exit(stopped.exit_code)


def _with_line(answers: Answers, step: Step, line: str) -> Answers:
    """The answers with a line that was typed and not ended by Enter."""
    if step is _title and line.strip():
        return replace(answers, title=line.strip())
    return replace(answers, message=line) if step is _words and line.strip() else answers


# -- the steps -----------------------------------------------------------------------------------


def _title(site: Project, answers: Answers) -> Answers:
    def read(typed: str) -> Answers:
        if typed.lower() == "t":
            return _template(site, answers)
        if not typed:
            return replace(answers)
        return replace(answers, title=str(options.title(typed)), words=None)

    usual = answers.title or (answers.words and f"the template {answers.words.template.name}")
    kept = f"\nEnter: {usual}" if usual else ""
    return questions.ask(
        Question(
            f"\nWhat is wrong? One line, as readers call it: Payments fail\nOr t: take a template.{kept}",
            "This becomes the title, on the page, in the feeds and in the address.\n"
            "With t you get a list of templates: a title and a message that are ready, but for what only you know.",
            read,
            "" if usual else None,
        )
    )


def _template(site: Project, answers: Answers) -> Answers:
    found, problems = template_store.load(site.settings)
    templates = [template for template in found if _opens(template)]
    by_name = {template.name: template for template in templates}
    by_number = {str(number): template for number, template in enumerate(templates, 1)}

    def read(typed: str) -> Answers:
        template = by_number.get(typed) or by_name.get(typed)
        if template is None:
            raise click.UsageError(f'No template "{typed}". {one_of(typed, by_name)}')
        return replace(answers, title="", words=Words(site, template, {}), components=None)

    listed = [f"  {number}  {template.name}: {_without_blanks(template)}" for number, template in by_number.items()]
    left_out = ["Some templates have errors and are left out: status templates"] if problems else []
    text = "\n".join(["\nWhich template? A number or a name.", *listed, *left_out])
    return questions.ask(Question(text, "status templates shows them.", read))


def _without_blanks(template: MessageTemplate) -> str:
    """`…: not available`"""
    return str(template.filled_title(dict.fromkeys(template.names(message=False), "…")))


def _opens(template: MessageTemplate) -> bool:
    """Whether it is for a new incident."""
    ends = template.status is not None and template.status.ends
    return template.kind is Kind.INCIDENT and template.title is not None and not ends


def _components(site: Project, answers: Answers) -> Answers | None:
    retired = site.settings.retired(site.now)
    present = component_list.grouped(each for each in site.settings.components if each.id not in retired)
    answers = replace(answers, meant=None, anyway=False)
    stated = answers.words.states if answers.words else {}
    usual = answers if answers.components is not None else _affecting(answers, stated, stated)

    def read(typed: str) -> Answers:
        if not typed:
            return usual
        if typed == "*":
            raise click.UsageError("\n".join(component_list.lines(present)))
        typed = typed.replace("\n", ",")  # a list that was pasted
        given = options.components([part.strip() for part in typed.split(",") if "=" in part], site)
        options.refuse_retired(given, site, site.now)
        named = component_list.chosen(",".join(part for part in typed.split(",") if "=" not in part), present)
        ids = [*stated, *given, *(component.id for component in named)]  # -c adds to what a template says
        return _affecting(answers, ids, {**stated, **given})

    if not present:
        return None
    return questions.ask(Question(_which(present, usual.components or ()), _HELP_ON_COMPONENTS, read, ""))


def _affecting(answers: Answers, ids: Iterable[str], given: Mapping[str, ComponentStatus]) -> Answers:
    """The answers with those components, each once, and with the states that are known of them."""
    components = tuple(dict.fromkeys(ids))
    known = {**answers.states, **given}
    return replace(
        answers, components=components, given=given, states={id: known[id] for id in components if id in known}
    )


_HELP_ON_COMPONENTS = (
    "Examples: 1,3   2-4   api, Website   a group   api=major_outage\n"
    "A part of a name is enough if it fits one. * lists all. The next question asks for the state of each."
)


def _which(present: Sequence[Component], usual: Sequence[str]) -> str:
    is_long = len(present) > component_list.LONG
    listed = [f"There are {len(present)}; * lists them."] if is_long else list(component_list.lines(present))
    enter = f"Enter: {', '.join(usual)}." if usual else "Enter: none, or not known yet."
    return "\n".join(["\nWhich components are affected? Numbers or names, with commas.", *listed, enter])


def _states(site: Project, answers: Answers) -> Answers | None:
    unstated = [id for id in answers.components or () if id not in answers.given]
    if not unstated:
        return None
    states, usual = dict(answers.states), ComponentStatus.PARTIAL_OUTAGE
    listed = ", ".join(f"{number} {_spoken(state)}" for number, state in STATES.items())
    questions.say(f"\nHow bad is it? {listed}.")
    for id in unstated:
        usual = answers.states.get(id, usual)
        text = f"{site.settings.component_names[id]} (Enter: {_spoken(usual)})"
        states[id] = usual = questions.ask(Question(text, _HELP_ON_STATES, partial(_state, id), usual.value))
    return replace(answers, states={id: states[id] for id in answers.components or ()})


def _spoken(state: ComponentStatus) -> str:
    return state.replace("_", " ")


_HELP_ON_STATES = (
    "major outage: it does not work. partial outage: a part of it, or for some people. degraded performance: slow, or "
    "failing now and then. unknown: you cannot say. Readers see this word and its colour."
)


def _state(id: str, typed: str) -> ComponentStatus:
    word = typed.lower().replace(" ", "_")
    fitting = [state for state in ComponentStatus if state.startswith(word)]
    if typed in STATES or len(fitting) == 1:
        return STATES.get(typed) or fitting[0]
    raise click.UsageError(
        f'{id}: unknown state "{typed}". {one_of(typed, ComponentStatus, synonyms.COMPONENT_STATUSES)}'
    )


def _blanks(site: Project, answers: Answers) -> Answers | None:
    words = replace(answers, words=answers.words and replace(answers.words, values={})).filled
    names = [name for name in words.template.names() if name not in (NEXT, *words.automatic)] if words else []
    if words is None or answers.words is None or not names:
        return None
    values: dict[str, str] = {}
    for name in names:
        text = questions.ask(_blank(words, name, answers.words.values.get(name)))
        values |= {name: text} if text else {}
    return replace(answers, words=replace(answers.words, values=values))


def _blank(words: Words, name: str, before: str | None) -> Question[str]:
    """Asks for the value of a blank; the answer is empty where its default is taken."""
    hint, default = words.described(name)
    usual = before or default
    enter = "" if usual is None else f"\nEnter: {usual or 'nothing'}"
    help_text = "Readers see what you type exactly so; Markdown means nothing here."
    return Question(f"\n{hint or name}{enter}", help_text, str, before or (None if default is None else ""))


def _same(site: Project, answers: Answers) -> Answers | None:
    title = answers.incident(site).title
    found = open_reports.same(site, title, templating.affected(answers.states), site.now)
    if not found:
        return None

    def read(typed: str) -> Answers:
        if typed.lower() == "new":
            return replace(answers, meant=None, anyway=True)
        if typed.isdecimal() and 1 <= int(typed) <= len(found):
            return replace(answers, meant=found[int(typed) - 1], anyway=False)
        numbers = "1" if len(found) == 1 else f"1 to {len(found)}"
        raise click.UsageError(f"Type {numbers}, or new.")

    report = already_open.report(str(title), dict(answers.states), [])
    listed = [f"  {number}  {already_open.described(site, one, report)}" for number, one in enumerate(found, 1)]
    text = ["\nIs it the same? A number posts an update of that one; new opens another incident.", *listed]
    return questions.ask(Question("\n".join(text), "One page for one failure: readers find everything there.", read))


def _impact(site: Project, answers: Answers) -> Answers | None:
    if answers.meant:
        return None
    answers = replace(answers, impact=None)
    derived = answers.incident(site).impact_at(site.now)
    usual = (
        f"The impact is {derived}. Enter keeps it." if derived else "The impact is not known yet. Enter leaves it so."
    )
    return questions.ask(
        Question(
            f"\n{usual} Or: none, minor, major, critical.",
            "It follows from the worst component. Say another one only if that is wrong for readers.",
            lambda typed: replace(answers, impact=options.impact(typed.lower() or None)),
            "",
        )
    )


def _words(site: Project, answers: Answers) -> Answers | None:
    if answers.words and not answers.message:
        return None

    def read(typed: str) -> Answers:
        if not typed and answers.message:
            return answers
        is_for_editor = not typed or typed.lower() == "e"
        return _with_message(site, answers, _edited(answers, answers.message) if is_for_editor else typed)

    enter = "Enter keeps what you wrote; e: your editor." if answers.message else "Or Enter: your editor opens."
    return questions.ask(
        Question(
            f"\nWhat should readers know? Write it here. {enter}",
            "What is affected, what readers can do now, what you are doing. No guesses, no names. Markdown.\n"
            "Several lines: paste them, or e for your editor.",
            read,
            "",
        )
    )


def _edited(answers: Answers, initial: str) -> str:
    """The message as it is after an editor."""
    heading = f"Update: {answers.meant.title}" if answers.meant else f"Open: {answers.title}"
    with editor.message(None, heading, initial, answers.args(message=False)) as text:
        return str(text)


def _with_message(site: Project, answers: Answers, typed: str) -> Answers:
    """The answers with that message; StatusError or UsageError when it is none that can be posted."""
    message = yaml_text.tidy(typed)
    if yaml_text.is_blank(message) or message == "-":
        raise click.UsageError("Write what readers should know.")
    editor.refuse_unsuitable(message)
    posting.refuse_dead_links(site, answers.incident(site), Text({"": message}))
    return replace(answers, message=message)


def _next(site: Project, answers: Answers) -> Answers:
    usual, must = answers.rhythm(site), bool(answers.words and answers.words.has_promise and not answers.message)
    default = answers.next or (clock.written(usual) if usual else None if must else options.NO_PROMISE)

    def read(typed: str) -> Answers:
        if options.promise(typed, site.now, site) is None and must:
            raise click.UsageError("The message says when the next update comes, so it needs a time: 30m.")
        return replace(answers, next=typed)

    enter = {None: "", options.NO_PROMISE: " Enter: no promise."}.get(default, f" Enter: {default}.")
    text = f"\nWhen do you speak next? 30m after this, or a time: 16:07; or none.{enter}"
    help_text = "Readers see it as a promise. Choose a time that you can keep, even if there is nothing new by then."
    return questions.ask(Question(text, help_text, read, default))


def _confirm(site: Project, answers: Answers) -> Answers:
    head = "Readers will see, once it is published:" if answers.is_draft and not answers.meant else "Readers will see:"
    questions.say("\n".join([f"\n{head}", "", *_preview(site, answers), ""]))
    pushes = pushing.is_wanted(site, answers.pushes)
    push = "write it and push it for review" if site.settings.requires_review else "write and push it"
    choices = {"y": push} if pushes else {"y": "write it", "p": push}
    choices |= {"e": "edit the words", "<": "back", "n": "stop"}

    def read(typed: str) -> Answers:
        word = typed[:1].lower()
        if word == "n":
            raise Unfinished("", 1)
        if word == "e":
            return _with_message(site, answers, _edited(answers, str(answers.incident(site).last.message)))
        if word in choices:
            return replace(answers, is_agreed=True, pushes=True if word == "p" else answers.pushes)
        raise click.UsageError(f"Type {', '.join(choices)}.")

    listed = ", ".join(f"{key}: {meaning}" for key, meaning in choices.items())
    return questions.ask(Question(f"Write it? {listed}", "Nothing is written yet. y writes the incident file.", read))


def _preview(site: Project, answers: Answers) -> Iterator[str]:
    from status_tool.render import preview  # Babel and a parser of Markdown, which nothing before needs

    lines = preview.lines(site.settings, answers.incident(site), site.now, questions.width() - 2)
    return (f"  {line}".rstrip() for line in lines)


_STEPS: tuple[Step, ...] = (_title, _components, _states, _blanks, _same, _impact, _words, _next, _confirm)
