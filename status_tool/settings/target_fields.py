"""What `targets:` may contain: one row for each key of a target."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from status_tool.errors import one_of
from status_tool.model.target import Target, TargetKind
from status_tool.settings.forms import (
    DURATION,
    FLAG,
    ID,
    Context,
    Field,
    absolute_url,
    items,
    read_branch,
    read_line,
    read_lines,
)
from status_tool.text.table import Form, Table
from status_tool.text.yaml_text import Mapping, Node, Sequence


def _read_kind(context: Context, node: Node, field: Field) -> TargetKind | None:
    text = read_line(context, node, field)
    if text is None or text in list(TargetKind):
        return None if text is None else TargetKind(text)
    context.add_problem(node, f'"{field.key}" is "{text}".', one_of(text, TargetKind))
    return None


def _read_target_url(context: Context, node: Node, field: Field) -> str | None:
    url = read_line(context, node, field)
    return absolute_url(context, node, field.key, url, field.example) if url else None


def _read_argument(context: Context, node: Node, field: Field) -> str | None:
    """One line that no program takes for an option."""
    text = read_line(context, node, field)
    if text == "":
        context.add_problem(node, f'"{field.key}" is empty.', f"For example: {field.example}")
        return None
    if text is not None and text.startswith("-"):
        context.add_problem(node, f'"{field.key}" begins with a hyphen.', f"For example: {field.example}")
        return None
    return text


def _read_path(context: Context, node: Node, field: Field) -> str | None:
    """A path of rclone, which knows no home folder."""
    text = _read_argument(context, node, field)
    if text is not None and text.startswith("~"):
        context.add_problem(node, f'"{field.key}" begins with ~, which rclone does not know.', "Write the whole path.")
        return None
    return text


def _read_run(context: Context, node: Node, field: Field) -> tuple[str, ...] | None:
    words = read_lines(context, node, field)
    if isinstance(node, Sequence) and not node.items:
        context.add_problem(node, f'"{field.key}" is empty.', field.sample)
    return words or None


TARGET = Table[Context](
    "a target",
    (
        Field("name", ID, "Its name in the commands.", "pages", required=True),
        Field("kind", Form(_read_kind), "`git`, `rclone` or `command`.", "git", required=True),
        Field(
            "url",
            Form(_read_target_url),
            "Its public address, at which `status verify` looks.",
            "https://status.example.net/",
            when_absent="nobody looks",
        ),
        Field(
            "required",
            FLAG,
            "`false`: a deployment that fails here only is not a failure.",
            "false",
            when_absent="`true`",
        ),
        Field(
            "scratch",
            FLAG,
            "`true`: for `status drill` only; readers do not know it.",
            "true",
            when_absent="`false`",
            attribute="is_scratch",
        ),
        Field("timeout", DURATION, "How long a deployment may take here.", "2m", when_absent="`10m`"),
        Field(
            "remote",
            Form(_read_argument),
            "Kind `git`: a remote of this repository, or the address of another.",
            "git@codeberg.org:example/pages.git",
            when_absent="`origin`",
        ),
        Field("branch", Form(read_branch), "Kind `git`: the branch.", "pages", when_absent="`gh-pages`"),
        Field(
            "path",
            Form(_read_path),
            "Kind `rclone`: where to, as rclone writes it.",
            "backup:status",
            when_absent="required",
        ),
        Field(
            "run",
            Form(_read_run),
            "Kind `command`: a program and its arguments; `{site}` is the folder to upload.",
            '[netlify, deploy, --prod, --dir, "{site}"]',
            when_absent="required",
        ),
    ),
    allow_null=True,
)
_OF_KIND = {TargetKind.GIT: {"remote", "branch"}, TargetKind.RCLONE: {"path"}, TargetKind.COMMAND: {"run"}}
PLACEHOLDERS = {"{site}", "{url}", "{name}"}


def _refuse_unfit(context: Context, item: Node, target: Target, given: set[str]) -> None:
    """Keys of another kind, or none of its own, or a placeholder that nothing fills."""
    own = _OF_KIND[target.kind]
    for key in sorted(given & set().union(*_OF_KIND.values()) - own):
        context.add_problem(item, f'a target of kind {target.kind} has no "{key}".', f"Remove {key}:.")
    if target.kind is not TargetKind.GIT and not own & given:
        key = next(iter(own))
        context.add_problem(item, f'"{key}" is missing.', TARGET.by_key[key].sample)
    for word in target.run:
        for placeholder in re.findall(r"\{[^{}]*\}", word):
            if placeholder not in PLACEHOLDERS:
                hint = f"Use one of: {', '.join(sorted(PLACEHOLDERS))}."
                context.add_problem(item, f'"run" has the placeholder {placeholder}, which nothing fills.', hint)


def _place_of(context: Context, target: Target) -> tuple[str, ...] | None:
    """What two targets that share a place have in common; None where nobody can tell."""
    if target.kind is TargetKind.GIT:
        return "git", target.remote, target.branch
    if target.kind is TargetKind.RCLONE:
        path = target.path.rstrip("/") or "/"
        return "rclone", path if ":" in path else os.path.normpath(context.folder / path)
    return None


def _refuse_shared(context: Context, item: Node, target: Target, others: Iterable[Target]) -> None:
    """Two targets at one place: a drill there would replace the site, and one copy would count as two."""
    place = _place_of(context, target)
    for other in others:
        if place and place == _place_of(context, other):
            what = f'the targets "{other.name}" and "{target.name}" are the same place.'
            context.add_problem(item, what, "Give each a place of its own.")
        elif target.url and target.url == other.url:
            what = f'the targets "{other.name}" and "{target.name}" have the same address.'
            context.add_problem(item, what, "Give each its own address.")


def read_targets(context: Context, node: Node, field: Field) -> tuple[Target, ...]:
    targets: dict[str, Target] = {}
    for item in items(context, node, field):
        values = TARGET.read(context, item)
        if values is None or not TARGET.is_complete(values):
            continue
        target = Target(**values)
        _refuse_shared(context, item, target, targets.values())
        _refuse_unfit(context, item, target, set(item.pairs) if isinstance(item, Mapping) else set())
        if target.name in targets:
            context.add_problem(item, f'a second target "{target.name}".', "Give each a name of its own.")
        targets.setdefault(target.name, target)
    return tuple(targets.values())
