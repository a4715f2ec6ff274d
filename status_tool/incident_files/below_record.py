"""Which problems the Markdown below the front matter of a file has, and which message it is."""

from __future__ import annotations

from collections.abc import Iterator

from status_tool.errors import Problem
from status_tool.incident_files import record_in_text
from status_tool.incident_files.forms import Context
from status_tool.text import translations, visibility, yaml_text

REMEDY = "To unite what both sides say: status merge\n"
"""How a conflict of git in a file is settled."""
QUOTE = "If it is meant as text, put it into fenced code (```)."
"""What to do with a text that looks like part of the record."""


def problems(text: str, path: str, body: str, name: str) -> Iterator[Problem]:
    """The problems of `body`, the end of the file's `text`; messages call it `name`: `the post-mortem`."""
    begin = len(text) - len(body)
    if character := translations.unwanted(body):
        line = text.count("\n", 0, text.index(character, begin)) + 1
        yield Problem(f"{name} contains the character U+{ord(character):04X}.", path, line, "Remove it.")
    if stray := record_in_text.at_start(body) or record_in_text.find(body):
        end = text.count("\n", 0, begin)
        what = f'"{stray.text}" looks like part of the record, but it is below the second "---", in {name}.'
        hint = f'Move it above that "---" (line {end}), or delete the "---" if the record continues below it. {QUOTE}'
        if not end:
            what, hint = f'"{stray.text}" looks like part of the record, but it is in {name}.', f"Remove it. {QUOTE}"
        yield Problem(what, path, end + stray.number + 1, hint)


def problems_of_postmortem(text: str, path: str, body: str) -> Iterator[Problem]:
    """The problems of the post-mortem `body`. One without any words would be announced to readers all the same."""
    yield from problems(text, path, body, "the post-mortem")
    if not yaml_text.is_blank(body) and visibility.shows_nothing(body):
        line = text.count("\n", 0, len(text) - len(body.lstrip())) + 1
        hint = 'Write it, or remove what is below the second "---".'
        yield Problem("the post-mortem shows nothing to a reader.", path, line, hint)


def read_message(context: Context, text: str, body: str) -> str | None:
    """The message in `body`, the end of the `text` of an update file; None when a problem was reported."""
    found = list(problems(text, context.path, body, "the message"))
    if not found and visibility.shows_nothing(body):
        line = text.count("\n", 0, len(text) - len(body))
        where = ' below the second "---"' if line else ""
        hint = f"Write what readers should know{where}."
        found = [Problem("the message is empty.", context.path, line or 1, hint)]
    context.problems.extend(found)
    return None if found else yaml_text.tidy(body)
