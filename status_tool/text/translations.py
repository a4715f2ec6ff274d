"""How a text for readers is read: one text, or one for each language."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from status_tool.errors import did_you_mean
from status_tool.text import language_codes, table, visibility, yaml_text
from status_tool.text.table import Field, Report
from status_tool.text.yaml_text import Node, Scalar

Context = TypeVar("Context", bound=Report)
ReadScalar = Callable[[Context, Scalar, str], str | None]
"""`(context, scalar, key)` -> the text of a scalar; None when it has none, or when a problem was reported."""


def unwanted(text: str) -> str | None:
    """The first character of `text` that cannot be shown, or None. Every kind of line ending is accepted."""
    return yaml_text.unwanted(text.replace("\r", "\n").replace("\x85", "\n"))


def read_text(context: Report, scalar: Scalar, key: str) -> str | None:
    """A text of any number of lines."""
    table.refuse_tag(context, scalar)
    if character := unwanted(scalar.text):
        context.add_problem(scalar, f'"{key}" contains the character U+{ord(character):04X}.', "Remove it.")
        return None
    text = yaml_text.tidy(scalar.text)
    if yaml_text.is_blank(text):
        context.add_problem(scalar, f'"{key}" is empty.', "Write what readers should know.")
        return None
    return text


def read_markdown(context: Report, scalar: Scalar, key: str) -> str | None:
    """A text of any number of lines that shows something to a reader."""
    text = read_text(context, scalar, key)
    if text and visibility.shows_nothing(text):
        context.add_problem(scalar, f'"{key}" shows nothing to a reader.', "Write what readers should know.")
        return None
    return text


def read_line(context: Report, scalar: Scalar, key: str) -> str | None:
    """A text of one line."""
    text = read_text(context, scalar, key)
    if text and "\n" in text:
        context.add_problem(scalar, f"the {key} has several lines.", "Write one line; put the rest in the message.")
        return None
    if text and (character := yaml_text.turning(text)):
        what = f'"{key}" contains the character U+{ord(character):04X}, which may turn around what stands beside it.'
        context.add_problem(scalar, what, "Remove it.")
        return None
    return text


def read(read_scalar: ReadScalar[Context], context: Context, node: Node, field: Field[Context]) -> dict[str, str]:
    """Language code -> text, from a mapping; `""` -> text, from a scalar. Empty when a problem was reported."""
    if isinstance(node, Scalar):
        text = read_scalar(context, node, field.key)
        return {"": text} if text else {}
    if not isinstance(node, yaml_text.Mapping):
        what = f'"{field.key}" must be a text, or one text for each language.'
        context.add_problem(node, what, f"For example: {field.example}")
        return {}
    table.refuse_tag(context, node)
    texts = {}
    for language, (key, value) in node.pairs.items():
        if not language_codes.is_known(language):
            suggestion = did_you_mean(language, language_codes.CODES)
            hint = f"{suggestion} Write a language code such as en, fr or pt-BR.".strip()
            context.add_problem(key, f'unknown language "{language}".', hint)
        elif not isinstance(value, Scalar):
            what = f'"{field.key}" in {language} must be a text.'
            context.add_problem(value, what, f"For example: {field.example}")
        elif text := read_scalar(context, value, field.key):
            texts[language] = text
    if not node.pairs:
        context.add_problem(node, f'"{field.key}" is empty.', field.sample)
    return texts
