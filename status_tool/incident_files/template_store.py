"""Where message templates are found and read: in the folder of the site, file by file before those of the program."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from status_tool.errors import Problem, StatusError, one_of
from status_tool.incident_files import template_parser
from status_tool.incident_files.message_templates import MessageTemplate
from status_tool.settings.settings import Settings
from status_tool.system import disk, package_files

FOLDER = "messages"
"""Its name in `site_templates`."""
_SUFFIX = ".md"


def paths(settings: Settings) -> dict[str, Path]:
    """Name -> path of every template, by name."""
    files = package_files.files(settings.templates, FOLDER)
    return {name.removesuffix(_SUFFIX): path for name, path in files.items() if name.endswith(_SUFFIX)}


def is_own(settings: Settings, path: Path) -> bool:
    """Whether the template at `path` is the site's."""
    return path.is_relative_to(settings.templates)


def read(settings: Settings, name: str) -> MessageTemplate:
    """The template `name`; StatusError when there is none, or when it has problems.

    One of the site is in all of its languages; one of the program, in that of the site, or else in English.
    """
    found = paths(settings)
    if name not in found:
        raise StatusError(f'No template "{name}".', hint=f"{one_of(name, found)}\nTo see them: status templates")
    return _read(settings, name, found[name])


def _read(settings: Settings, name: str, path: Path) -> MessageTemplate:
    shown = settings.shown(path)
    template = template_parser.parse(disk.read_text(path), shown, name, settings.component_names)
    return template if is_own(settings, path) else template.in_language(settings.language)


def load(settings: Settings) -> tuple[list[MessageTemplate], list[Problem]]:
    """Every template that can be read, by name; and the problems of the others."""
    return _load(settings, paths(settings))


def own(settings: Settings) -> list[tuple[MessageTemplate, Path]]:
    """Every template of the site that can be read, with its path."""
    found = {name: path for name, path in paths(settings).items() if is_own(settings, path)}
    return [(template, found[template.name]) for template in _load(settings, found)[0]]


def own_problems(settings: Settings) -> list[Problem]:
    """The problems of the templates of the site, and of files in their folder that are none."""
    folder = settings.templates / FOLDER
    others = [path for path in package_files.files(settings.templates, FOLDER).values() if path.suffix != _SUFFIX]
    hint = f"Give it a name that ends in {_SUFFIX}, or move it to another folder."
    own = {name: path for name, path in paths(settings).items() if is_own(settings, path)}
    return [
        *_load(settings, own)[1],
        *(
            Problem("this file is no message template.", settings.shown(path), hint=hint)
            for path in others
            if path.is_relative_to(folder)
        ),
    ]


def _load(settings: Settings, found: Mapping[str, Path]) -> tuple[list[MessageTemplate], list[Problem]]:
    templates: list[MessageTemplate] = []
    problems: list[Problem] = []
    for name, path in found.items():
        try:
            templates.append(_read(settings, name, path))
        except StatusError as error:
            problems += error.problems
    return templates, problems
