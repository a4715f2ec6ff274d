"""How single values and lists of the settings are read, each with its own message where it is wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from status_tool.errors import Problem, did_you_mean
from status_tool.model.update import Text
from status_tool.settings import mkdocs_yml
from status_tool.settings.mkdocs_yml import Configuration
from status_tool.system import clock
from status_tool.text import table, translations, yaml_text, zones
from status_tool.text.table import Form
from status_tool.text.yaml_text import Node, Sequence


@dataclass(frozen=True)
class Context:
    """The configuration that settings are read from, and the problems found so far."""

    configuration: Configuration
    problems: list[Problem] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """The folder of the site."""
        return self.configuration.files[0][0].parent

    def add_problem(self, node: Node | None, what: str, hint: str = "") -> None:
        self.problems.append(self.configuration.problem(node, what, hint))


Field = table.Field[Context]
LONGEST_ID = 100
BAR_DAYS = range(7, 366)
"""How many days the bar of a component may have."""

# -- single values -------------------------------------------------------------------------------


def line_of(context: Context, node: Node, key: str, hint: str) -> str | None:
    """One line of text, which may be empty, or the value of `!ENV`; None and a problem when it is anything else."""
    text = mkdocs_yml.text_of(node)
    line = (text or "").strip()
    if text is not None and not yaml_text.unwanted(line) and not yaml_text.turning(line) and "\n" not in line:
        return text.strip()
    context.add_problem(node, f'"{key}" must be one line of text.', hint)
    return None


def absolute_url(
    context: Context,
    node: Node | None,
    key: str,
    url: str,
    example: str = "https://status.example.org/",
    *,
    is_base: bool = True,
) -> str:
    """`url` with a slash at its end; a problem when it is not an absolute URL of http or https.

    It is published, so it has no user and no password. To one that `is_base`, paths are added.
    """
    try:
        parts = urlsplit(url)
        is_absolute = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and " " not in url
    except ValueError:  # invalid brackets, or an invalid port
        context.add_problem(node, f'{key} is not a full URL: "{url}".', f"Write the full URL, for example {example}.")
        return url
    if is_absolute and "@" in parts.netloc:
        hint = f"It is published: write it without them, for example {example}."
        context.add_problem(node, f"{key} has a user or a password in it.", hint)
    elif is_absolute and is_base and (parts.query or parts.fragment or "?" in url or "#" in url):
        what = f'{key} has a "?" or a "#": "{url}".'
        context.add_problem(node, what, f"Write the address of the site alone, for example {example}.")
    elif not is_absolute:
        hint = f"Write the full URL, for example {example}."
        context.add_problem(node, f'{key} is not a full URL: "{url}".', hint)
    return url.rstrip("/") + "/"


def read_line(context: Context, node: Node, field: Field) -> str | None:
    return line_of(context, node, field.key, f"For example: {field.example}")


def _read_folder(context: Context, node: Node, field: Field) -> Path | None:
    name = read_line(context, node, field)
    return context.folder / name if name else None  # an empty name would mean the folder of the site


def read_flag(context: Context, node: Node, field: Field) -> bool | None:
    text = read_line(context, node, field)
    if text is not None and text.lower() not in ("true", "false"):
        context.add_problem(node, f'"{field.key}" is "{text}".', "Write true or false.")
        return None
    return None if text is None else text.lower() == "true"


def _read_duration(context: Context, node: Node, field: Field) -> timedelta | None:
    text = read_line(context, node, field)
    try:
        return None if text is None else clock.parse_duration(text)
    except ValueError as error:
        context.add_problem(node, f'"{field.key}": {error}', f"Write, for example, {field.example}, 1h30m or 2d.")
        return None


def _read_zone(context: Context, node: Node, field: Field) -> ZoneInfo | None:
    name = read_line(context, node, field)
    if name is None:
        return None
    what = f'browsers do not support the timezone "{name}".'
    if not zones.is_system_only(name):
        try:
            return ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            what = f'unknown timezone "{name}".'
    hint = f"{did_you_mean(zones.public(name), zones.names())} Write, for example, Europe/Paris or UTC."
    context.add_problem(node, what, hint.strip())
    return None


def _read_day(context: Context, node: Node, field: Field) -> date | None:
    text = read_line(context, node, field)
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.year not in clock.YEARS:
        what = f'"{field.key}" is "{text}", which is not a date from 1970 on.'
        context.add_problem(node, what, f"Write, for example, {field.example}.")
        return None
    return day


def _read_id(context: Context, node: Node, field: Field) -> str | None:
    text = read_line(context, node, field)
    if text is not None and not re.fullmatch(r"[a-z0-9]+(?:[-_][a-z0-9]+)*", text):
        hint = "Use lower-case letters, digits and hyphens, for example public-api."
        context.add_problem(node, f'"{text}" cannot be an id.', hint)
        return None
    if text is not None and len(text) > LONGEST_ID:
        what = f'the id "{text}" has more than {LONGEST_ID} characters.'
        context.add_problem(node, what, "Shorten it: it is part of addresses and file names.")
        return None
    return text


FOLDER, FLAG, DURATION, ZONE = Form(_read_folder), Form(read_flag), Form(_read_duration), Form(_read_zone)
ID, LINE, DAY = Form(_read_id), Form(read_line), Form(_read_day)


def _read_days(context: Context, node: Node, field: Field) -> int | None:
    text = read_line(context, node, field)
    if text is None or (text.isascii() and text.isdigit() and len(text) < 5 and int(text) in BAR_DAYS):
        return None if text is None else int(text)
    hint = f"Write a number of days from {BAR_DAYS.start} to {BAR_DAYS.stop - 1}."
    context.add_problem(node, f'"{field.key}" is "{text}".', hint)
    return None


def read_text(context: Context, node: Node, field: Field) -> Text | None:
    texts = translations.read(translations.read_markdown, context, node, field)
    return Text(texts) if texts else None


DAYS, TEXT = Form(_read_days), Form(read_text)


# -- lists ---


_BRANCH = re.compile(
    r"(?!.*(?:\.\.|//|@\{|/\.|\.lock(?:/|$)))(?!(?:HEAD|@)$)[^\s~^:?*\[\\/.-][^\s~^:?*\[\\\x7f]*(?<![/.])"
)
"""What git takes as a branch (git-check-ref-format(1)), without what has another meaning."""


def read_branch(context: Context, node: Node, field: Field) -> str | None:
    text = read_line(context, node, field)
    if text is not None and not _BRANCH.fullmatch(text):
        context.add_problem(node, f'"{text}" cannot be a branch.', f"For example: {field.example}")
        return None
    return text


def read_url(context: Context, node: Node, field: Field) -> str | None:
    url = read_line(context, node, field)
    if url:
        absolute_url(context, node, field.key, url, field.example, is_base=False)
    return url or None


def items(context: Context, node: Node, field: Field) -> list[Node]:
    """The items of a list; none and a problem when `node` is not a list."""
    if isinstance(node, Sequence):
        return node.items
    context.add_problem(node, f'"{field.key}" must be a list.', field.sample)
    return []


def read_urls(context: Context, node: Node, field: Field) -> tuple[str, ...]:
    lines = [(item, read_line(context, item, field)) for item in items(context, node, field)]
    return tuple(absolute_url(context, item, field.key, url) for item, url in lines if url is not None)


_SSH_KEY = re.compile(
    r"(?:sk-)?(?:ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp\d+)(?:@openssh\.com)? [A-Za-z0-9+/]{40,}={0,3}(?: [^\"\\\s]+)?"
)


def read_public_key(context: Context, node: Node, field: Field) -> str | None:
    text = read_line(context, node, field)
    if text and not _SSH_KEY.fullmatch(text):
        hint = "Write the one line of its .pub file: ssh-ed25519 AAAA... status@example.org. Never the private key."
        context.add_problem(node, f'"{field.key}" is no public key of ssh.', hint)
        return None
    return text or None


def read_hubs(context: Context, node: Node, field: Field) -> tuple[str, ...]:
    """Addresses as they were written: with or without a slash at the end, they are not the same to a hub."""
    urls = tuple(url for item in items(context, node, field) if (url := read_url(context, item, field)))
    return tuple(dict.fromkeys(urls))


def read_lines(context: Context, node: Node, field: Field) -> tuple[str, ...]:
    lines = [(item, read_line(context, item, field)) for item in items(context, node, field)]
    for item, line in lines:
        if line == "":
            context.add_problem(item, f'"{field.key}" has an empty name.', field.sample)
    return tuple(line for _, line in lines if line)
