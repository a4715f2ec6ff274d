"""status templates: lists the message templates, or shows one."""

from __future__ import annotations

from collections.abc import Iterator

import click

from status_tool.cli import templating, terminal
from status_tool.errors import StatusError
from status_tool.incident_files import template_store
from status_tool.incident_files.message_templates import COMPONENTS, NEXT, MessageTemplate
from status_tool.model.update import Text
from status_tool.project import project
from status_tool.project.project import Project
from status_tool.system import clock

_AUTOMATIC = {
    NEXT: "by when the next update comes, from --next or the rhythm",
    COMPONENTS: "the names of the components that are affected, if there are any",
}
"""What fills in a blank by itself."""


@click.command(name="templates")
@click.argument("name", required=False, metavar="[NAME]")
def command(name: str | None) -> None:
    """List the message templates, or show one as it will read.

    A template is a title and a message with blanks. Those of the site are in site_templates/messages.

    Example: status templates outage
    """
    site = project.load()
    if name is not None:
        terminal.say(*_shown(site, template_store.read(site.settings, terminal.decoded(name))))
        return
    templates, problems = template_store.load(site.settings)
    terminal.say(*(line for template in templates for line in _listed(site, template)))
    terminal.say(
        "",
        "A blank with ? is filled in by itself, or says something if it is left out.",
        "",
        "To see one:  status templates outage",
        "To use one:  status open --template outage -c api=major_outage",
        "To add one:  status manual templates",
    )
    if problems:
        raise StatusError.of(problems)


def _listed(site: Project, template: MessageTemplate) -> Iterator[str]:
    """Two or three lines: the name and the command; the title, or the beginning of the message; the blanks."""
    yield f"{terminal.bold(template.name)}  {templating.command_for(template)}  ({_origin(site, template)})"
    yield f"  {template.title or str(template.message).splitlines()[0]}"
    blanks = ", ".join(_mark(template, name) for name in template.names())
    if blanks:
        yield f"  Blanks: {blanks}"


def _mark(template: MessageTemplate, name: str) -> str:
    """`region`, or `region?` for a blank that may be left as it is."""
    return f"{name}?" if name in _AUTOMATIC or template.blank(name).default else name


def _origin(site: Project, template: MessageTemplate) -> str:
    path = template_store.paths(site.settings)[template.name]
    return site.shown(path) if template_store.is_own(site.settings, path) else "comes with status"


def _shown(site: Project, template: MessageTemplate) -> Iterator[str]:
    """What the template sets, its blanks, and its words with what they say if nothing is filled in."""
    path = template_store.paths(site.settings)[template.name]
    yield f"{terminal.bold(template.name)}  ({site.shown(path)})"
    facts = {
        "For": templating.command_for(template),
        "Status": template.status,
        "Impact": template.impact,
        "Components": ", ".join(f"{id}={state}" for id, state in template.components.items()),
        "Next update": template.next and f"{clock.short(template.next)} later",
    }
    yield from (f"{name + ':':<13}{value}" for name, value in facts.items() if value)
    yield from _blank_lines(site, template)
    title = template.filled_title({})
    for language, message in template.filled_message({}).translations.items():
        yield from ("", f"As it will read{f' ({language})' if language else ''}:", "")
        if title:
            yield from (f"  {terminal.bold(title.in_language(language)[1])}", "")
        yield from (f"  {line}".rstrip() for line in _plain(message).splitlines())


def _blank_lines(site: Project, template: MessageTemplate) -> Iterator[str]:
    names = template.names()
    if not names:
        return
    width = max(map(len, names))
    yield "Blanks:"
    for name in names:
        blank = template.blank(name)
        texts = [_AUTOMATIC.get(name), _in(site, blank.hint)]
        if blank.default is not None:
            texts.append(f"If left out: {_in(site, blank.default) or 'nothing'}")
        first, *others = [text for text in texts if text] or [""]
        yield f"  {name:<{width}}  {first}".rstrip()
        yield from (f"  {'':<{width}}  {text}" for text in others)


def _in(site: Project, text: Text | None) -> str | None:
    return text.in_language(site.settings.language)[1] if text else None


def _plain(message: str) -> str:
    from status_tool.text import plain_text  # it loads a parser of Markdown, and the list starts without it

    return plain_text.plain(message)
