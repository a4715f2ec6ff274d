"""Which message template the text of a file contains, or which problems the text has.

Front matter, and below it the message:

    ---
    title: "Payments fail in {region}"
    components: {payments: partial_outage}
    blanks:
      region: {hint: "Which region, in readers' words: Europe", default: all regions}
    ---
    Payments by card fail in {region}. Please pay by transfer. We will say more by {next}.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from status_tool.errors import Problem, StatusError, did_you_mean
from status_tool.incident_files import fields, formats, forms, record_in_text
from status_tool.incident_files.forms import Context, Field
from status_tool.incident_files.message_templates import NEXT, Blank, MessageTemplate
from status_tool.model.component import OPERATIONAL
from status_tool.model.update import Kind, Text
from status_tool.system import clock
from status_tool.text import blanks, conflict_markers, translations, yaml_text
from status_tool.text.table import Form, Table
from status_tool.text.yaml_text import Mapping, Node, Scalar


def _read_duration(context: Context, node: Node, field: Field) -> timedelta | None:
    text = node.text if isinstance(node, Scalar) else ""
    try:
        return clock.parse_duration(text)
    except ValueError as error:
        context.add_problem(node, f'"{field.key}": {error}', f"{field.sample} (30 minutes after the update)")
        return None


def _read_default(context: Context, node: Node, field: Field) -> Text | None:
    if isinstance(node, Scalar) and not node.text.strip():
        return Text({"": ""})  # the blank may stay empty
    texts = translations.read(translations.read_text, context, node, field)
    return Text(texts) if texts else None


BLANK = Table[Context](
    "a blank",
    (
        Field("hint", forms.LINE, "What to write into it, for the person who is asked.", "Which region"),
        Field("default", Form(_read_default), "What it says if it is not filled in.", "all regions"),
    ),
    allow_null=True,
)


def _read_blanks(context: Context, node: Node, field: Field) -> dict[str, Blank] | None:
    if not isinstance(node, Mapping):
        context.add_problem(node, f'"{field.key}" must map the names of blanks to hints and defaults.', field.sample)
        return None
    found = {}
    for name, (key, value) in node.pairs.items():
        if not re.fullmatch(blanks.NAME, name):
            context.add_problem(key, f'"{name}" cannot be the name of a blank.', blanks.HOW_TO_WRITE)
        elif name == NEXT:
            hint = "Remove it here. Without a promise, the command asks for it."
            context.add_problem(key, f'"{{{NEXT}}}" is the time of the promised update.', hint)
        else:
            values = {} if value.is_null else BLANK.read(context, value)
            found[name] = Blank(**values or {})
    return found


TEMPLATE = Table[Context](
    "a message template",
    (
        Field("title", forms.LINE, "The title of a new incident.", '"Payments fail in {region}"'),
        Field("kind", fields.RECORD.by_key["kind"].form, "What it is for: an incident or maintenance.", "maintenance"),
        Field("status", forms.STATUS, "The status that its update sets.", "identified"),
        Field("impact", fields.RECORD.by_key["impact"].form, "How severe a new incident is.", "major"),
        Field("components", forms.COMPONENTS, "The components that its update changes.", "{api: partial_outage}"),
        Field("next", Form(_read_duration), "How long after it the next update is promised.", "30m"),
        Field("blanks", Form(_read_blanks), "What to write into its blanks.", "  region: {hint: Which region}\n"),
        Field("message", forms.TEXT, "The text in several languages, in place of the text below.", "{en: …, fr: …}"),
    ),
    allow_null=True,
)


def parse(text: str, path: str, name: str, components: Collection[str] | None = None) -> MessageTemplate:
    """The template `name` in `text`. Messages show `path`. StatusError with every problem of the file.

    `components` are the known component ids; None: any id is accepted.
    """
    if conflict := conflict_markers.problem(text, path):
        raise StatusError.of([conflict])
    parts = formats.of(".md").split(text, path)
    root, mistakes = yaml_text.read(parts.record, parts.first_line)
    context = Context(path, _kind(root), components)
    context.problems.extend(Problem(mistake.what, path, mistake.line, mistake.hint) for mistake in mistakes)
    _refuse_unquoted(context, root)
    values: dict[str, Any] = {}
    if root is not None and not context.problems:
        values = TEMPLATE.read(context, root) or {}
        for key in ("title", "message"):
            _refuse_stray_braces(context, parts.record, root.get(key) if isinstance(root, Mapping) else None)
    _read_body(context, text, parts.postmortem, values)
    if not context.problems:
        template = MessageTemplate(name, **values)
        _check(context, root if isinstance(root, Mapping) else Mapping({}, 1, 0, 0, flow=False), template)
        if not context.problems:
            return template
    raise StatusError.of(sorted(context.problems, key=lambda problem: problem.line or 0))


def _kind(root: Node | None) -> Kind:
    stated = root.get("kind") if isinstance(root, Mapping) else None
    return Kind.MAINTENANCE if isinstance(stated, Scalar) and stated.text == Kind.MAINTENANCE else Kind.INCIDENT


def _refuse_unquoted(context: Context, root: Node | None) -> None:
    """`title: {region}` is a mapping to YAML, and no text."""
    title = root.get("title") if isinstance(root, Mapping) else None
    if isinstance(title, Mapping) and title.flow and any(value.is_null for _, value in title.pairs.values()):
        name = next(iter(title.pairs))
        hint = f'Put the title in quotes: title: "{{{name}}} …"'
        context.add_problem(title, "a title that begins with a blank must be in quotes.", hint)


def _refuse_stray_braces(context: Context, record: str, node: Node | None) -> None:
    for scalar in yaml_text.nodes(node) if node else ():
        if isinstance(scalar, Scalar) and (offset := next(blanks.stray_braces(scalar.text), None)) is not None:
            is_block = record[scalar.begin : scalar.begin + 1] in ("|", ">")
            line = scalar.line + (1 + scalar.text.count("\n", 0, offset) if is_block else 0)
            context.problems.append(_stray(context.path, line, scalar.text, offset))


def _stray(path: str, line: int, text: str, offset: int) -> Problem:
    shown = text[offset:].split("\n")[0][:20]
    return Problem(f'this brace opens no blank: "{shown}".', path, line, blanks.HOW_TO_WRITE)


def _read_body(context: Context, text: str, body: str, values: dict[str, Any]) -> None:
    """Adds the text below the front matter to `values` as the message; every problem with it is reported."""
    begin = len(text) - len(body)
    first_line = text.count("\n", 0, begin) + 1
    if character := translations.unwanted(body):
        line = text.count("\n", 0, text.index(character, begin)) + 1
        what = f"the message contains the character U+{ord(character):04X}."
        context.problems.append(Problem(what, context.path, line, "Remove it."))
    if stray := record_in_text.find(body):
        what = f'"{stray.text}" looks like part of the record of an incident.'
        hint = 'Put it above the second "---". If it is meant as text, put it into fenced code (```).'
        context.problems.append(Problem(what, context.path, first_line + stray.number, hint))
    if (offset := next(blanks.stray_braces(body), None)) is not None:
        line = first_line + body.count("\n", 0, offset)
        context.problems.append(_stray(context.path, line, body, offset))
    if yaml_text.is_blank(body):
        if "message" not in values and not context.problems:
            hint = 'Write it below the second "---".'
            context.problems.append(Problem("the template has no message.", context.path, first_line, hint))
    elif "message" in values:
        what = 'the template has two messages: "message" in its front matter, and the text below it.'
        context.problems.append(Problem(what, context.path, first_line, "Keep one of the two."))
    else:
        values["message"] = Text({"": yaml_text.tidy(body)})


# -- rules about the whole template --------------------------------------------------------------


def _check(context: Context, root: Mapping, template: MessageTemplate) -> None:
    _check_blanks(context, root, template)
    title, message = template.title, template.message
    if title and title.translations.keys() != message.translations.keys():
        written = [", ".join(code or "one text" for code in text.translations) for text in (title, message)]
        what = f"the title and the message have different languages: {written[0]}; {written[1]}."
        hint = "Write both as one text, or both in the same languages: title: {en: …, fr: …}, message: {en: …, fr: …}"
        context.add_problem(root.place_of("title"), what, hint)
    if title and NEXT in template.names(message=False):
        hint = "Write it in the message only."
        context.add_problem(root.place_of("title"), "a title cannot say when the next update comes.", hint)
    if template.status and template.status.ends:
        broken = [id for id, state in template.components.items() if state is not OPERATIONAL]
        if broken:
            what = f'"{template.status}" sets every component to operational.'
            context.add_problem(root.place_of("components"), what, f"Remove here: {', '.join(broken)}.")
        if template.next or NEXT in template.names():
            what = f'"{template.status}" ends it, so no update follows.'
            context.add_problem(root.place_of("next"), what, 'Remove "next" and the blank {next}.')


def _check_blanks(context: Context, root: Mapping, template: MessageTemplate) -> None:
    """A blank that the front matter describes must be in the title or in the message."""
    used, described = template.names(), root.get("blanks")
    for name in template.blanks:
        if name not in used and isinstance(described, Mapping):
            in_text = f"Used there: {', '.join(used)}." if used else "There is no blank."
            hint = f"{did_you_mean(name, used)} {in_text} Write it as {{{name}}} there, or remove it here.".lstrip()
            what = f'the blank "{name}" is neither in the title nor in the message.'
            context.add_problem(described.place_of(name), what, hint)
