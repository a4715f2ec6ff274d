"""What the owner configured: the `status:` block of `mkdocs.yml`, and the few keys of MkDocs we share.

Reads without MkDocs, and tolerates what other plugins put there, so that the commands and the
build print the same errors.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from status_tool.errors import StatusError, did_you_mean, one_of
from status_tool.model import promises
from status_tool.model.component import Component
from status_tool.model.incident import Incident, Update
from status_tool.settings import mkdocs_yml
from status_tool.settings.mkdocs_yml import Configuration
from status_tool.system import cache, clock
from status_tool.text import language_codes, yaml_text, zones

FILE = "mkdocs.yml"
PLUGIN = "status"


@dataclass(frozen=True)
class Settings:
    """Paths are absolute; `file` is the `mkdocs.yml` they were read from."""

    file: Path
    site_name: str
    site_url: str
    """Ends in a slash; empty when it is not configured."""
    language: str
    docs: Path
    theme_folders: tuple[Path, ...]
    """The theme's `custom_dir`, if there is one."""
    site: Path
    use_directory_urls: bool
    incidents: Path
    timezone: ZoneInfo
    promise: timedelta | None
    stale_after: timedelta
    quiet_after: timedelta
    mirrors: tuple[str, ...]
    """Other addresses of the same site, on hosts that share nothing with this one."""
    allow_empty: bool
    components: tuple[Component, ...]
    configuration: Configuration = field(repr=False, compare=False)
    """Everything that stands in `mkdocs.yml` and the files it inherits from."""

    @property
    def folder(self) -> Path:
        return self.file.parent

    @property
    def templates(self) -> Path:
        """The site's own templates, which come before ours."""
        return self.folder / "site_templates"

    @cached_property
    def cache(self) -> Path:
        """The folder of what earlier runs kept."""
        return cache.folder(self.folder)

    @property
    def component_ids(self) -> tuple[str, ...]:
        return tuple(component.id for component in self.components)

    def shown(self, path: Path) -> str:
        """`path` as messages name it: below the site's folder, relative to where the reader stands."""
        return os.path.relpath(path) if path.is_relative_to(self.folder) else str(path)

    @property
    def sources(self) -> tuple[Path, ...]:
        """The folders a site is made of."""
        return (self.incidents, self.docs, self.templates, *self.theme_folders)

    def built_at(self, site: Path, site_url: str) -> Settings:
        """These settings for a site that is built into the folder `site` and read at `site_url`."""
        return replace(self, site=site.absolute(), site_url=site_url.rstrip("/") + "/" if site_url else "")

    def promised(self, incident: Incident, update: Update) -> datetime | None:
        """By when the update after `update` was or is promised, by itself or by the settings."""
        return promises.promised(incident, update, self.promise)

    def incident_url(self, id: str) -> str:
        return f"{self.site_url}incidents/{id}/"


@dataclass(frozen=True)
class Key:
    """One key of the `status:` block or of a component: what it takes, what for, and what if absent."""

    form: str
    about: str
    example: str
    default: str = ""


KEYS = {
    "incidents": Key("folder", "The folder of the incident files, beside `mkdocs.yml`.", "incidents", "incidents"),
    "timezone": Key("zone", "The zone of times on pages and of times typed without one.", "Europe/Paris", "UTC"),
    "promise": Key("duration", "When the next update follows, where an update does not say.", "30m", "no promise"),
    "stale_after": Key("duration", "How old a page may grow before it says so.", "24h", "24h"),
    "quiet_after": Key("duration", "How long an open incident may go without a word.", "24h", "24h"),
    "mirrors": Key("addresses", "Where else this site is published, for readers whose copy is old.", "a list", "none"),
    "allow_empty": Key("flag", "`true` lets a site without any incident file be built.", "true", "false"),
    "components": Key("parts", "The parts of the service that readers know by name.", "a list", "none"),
}
COMPONENT_KEYS = {
    "id": Key("id", "Its name in incident files and addresses, for ever.", "api"),
    "name": Key("line", "Its name for readers.", "API", "the id"),
    "group": Key("line", "The heading it stands under.", "Platform", "no heading"),
    "description": Key("line", "What it does, in a few words.", "REST and GraphQL", "none"),
    "since": Key("day", 'The first day there is a record of; days before it are "no data".', "2024-03-01", "always"),
}


def find(start: Path) -> Path:
    """The `mkdocs.yml` of the site that `start` lies in; StatusError when there is none."""
    for folder in (start, *start.parents):
        try:
            if (folder / FILE).is_file():
                return folder / FILE
        except OSError as error:
            raise StatusError(f"cannot be read: {error.strerror}.", folder, hint="Check the folder's rights.") from None
    raise StatusError(
        f"no {FILE} here or in any folder above.",
        start,
        hint="Go to your status site, or make one: status init my-status",
    )


def here() -> Path:
    """The `mkdocs.yml` of the site that the working directory lies in."""
    try:
        return find(Path.cwd())
    except FileNotFoundError:
        raise StatusError("the folder you are in is gone.", hint="Go to your status site: cd") from None


def load(file: Path) -> Settings:
    """The settings in `file`; StatusError with every problem of the `status:` block."""
    parser = _Parser(mkdocs_yml.read(file.absolute()))
    settings = parser.settings()
    if parser.problems:
        raise StatusError.of(parser.problems)
    return settings


class _Parser:
    """One pass over a configuration; a mistake becomes a problem and None, and the pass goes on."""

    def __init__(self, found: Configuration) -> None:
        self.found = found
        self.problems = list(found.mistakes)

    def add_problem(self, node: yaml_text.Node | None, what: str, hint: str = "") -> None:
        self.problems.append(self.found.problem(node, what, hint))

    def settings(self) -> Settings:
        found = self.fields(self.block(), KEYS, "the status plugin")
        file = self.found.files[0][0]
        folder = file.parent
        custom = self.shared("theme", "custom_dir")
        return Settings(
            file=file,
            site_name=self.shared("site_name"),
            site_url=self.site_url(),
            language=self.language(),
            docs=folder / self.shared("docs_dir", default="docs"),
            theme_folders=(folder / custom,) if custom else (),
            site=folder / self.shared("site_dir", default="site"),
            use_directory_urls=not mkdocs_yml.is_false(self.shared("use_directory_urls")),
            incidents=folder / (found["incidents"] or "incidents"),
            timezone=found["timezone"] or ZoneInfo("UTC"),
            promise=found["promise"],
            stale_after=found["stale_after"] or timedelta(hours=24),
            quiet_after=found["quiet_after"] or timedelta(hours=24),
            mirrors=found["mirrors"] or (),
            allow_empty=bool(found["allow_empty"]),
            components=found["components"] or (),
            configuration=self.found,
        )

    # -- what MkDocs and we share ------------------------------------------------------------------

    def shared(self, *keys: str, default: str = "") -> str:
        node = self.found.get(*keys)
        return (self.line(node, keys[-1]) if node is not None else "") or default

    def site_url(self) -> str:
        url = self.shared("site_url")
        return self.whole(self.found.get("site_url"), "site_url", url) if url else ""

    def whole(self, node: yaml_text.Node | None, key: str, url: str) -> str:
        """`url` with its slash at the end; a fault when it is no address on the web."""
        try:
            parts = urlsplit(url)
            is_whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and " " not in url
        except ValueError:  # brackets or a port that are none
            is_whole = False
        if not is_whole:
            hint = "Write the whole address, for example https://status.example.org/."
            self.add_problem(node, f'{key} is "{url}".', hint)
        return url.rstrip("/") + "/"

    def language(self) -> str:
        code = self.shared("theme", "language", default="en")
        if not language_codes.is_known(code):
            hint = f"{did_you_mean(code, language_codes.CODES)} Write a language code such as en, fr or pt-BR.".strip()
            self.add_problem(self.found.get("theme", "language"), f'unknown language "{code}".', hint)
        return code

    def block(self) -> yaml_text.Mapping:
        """The `status:` block under `plugins:`; empty when the plugin stands there without settings."""
        empty = yaml_text.Mapping({}, 1, 0, 0, False)
        plugins = self.found.get("plugins")
        entries: dict[str, tuple[yaml_text.Scalar, yaml_text.Node]] = {}
        if isinstance(plugins, yaml_text.Mapping):
            entries = plugins.pairs
        for item in plugins.items if isinstance(plugins, yaml_text.Sequence) else ():
            if isinstance(item, yaml_text.Scalar):
                entries[item.text] = (item, empty)
            elif isinstance(item, yaml_text.Mapping):
                entries.update(item.pairs)
        if PLUGIN not in entries:
            if not self.problems:
                hint = "Add below plugins: an item\n- status:\n    components:\n    - {id: api, name: API}"
                self.add_problem(plugins, "the status plugin is missing.", hint)
            return empty
        at, block = entries[PLUGIN]
        if block.is_null:
            return empty
        if not isinstance(block, yaml_text.Mapping):
            self.add_problem(at, "the status plugin takes keys and values.", f"Known keys: {', '.join(KEYS)}.")
            return empty
        return block

    # -- the keys of the block ---------------------------------------------------------------------

    def fields(self, node: yaml_text.Mapping, known: Mapping[str, Key], what: str) -> dict[str, Any]:
        for key, (at, _) in node.pairs.items():
            if key not in known:
                self.add_problem(at, f'{what} has no key "{key}".', one_of(key, known))
        found: dict[str, Any] = dict.fromkeys(known)
        for key, about in known.items():
            value = node.get(key)
            if value is not None:
                read: Callable[[yaml_text.Node, str, Key], Any] = getattr(self, about.form)
                found[key] = read(value, key, about)
        return found

    def line(self, node: yaml_text.Node, key: str, field: Key | None = None) -> str | None:
        """One line of text, which may be empty; None when it is anything else."""
        text = mkdocs_yml.text_of(node)
        if text is not None and not yaml_text.unwanted(text.strip()) and "\n" not in text.strip():
            return text.strip()
        example = f"For example: {field.example}" if field else "Remove line ends and invisible characters."
        self.add_problem(node, f'"{key}" takes one line of text.', example)
        return None

    def folder(self, node: yaml_text.Node, key: str, field: Key) -> str | None:
        return self.line(node, key, field)

    def addresses(self, node: yaml_text.Node, key: str, field: Key) -> tuple[str, ...] | None:
        if not isinstance(node, yaml_text.Sequence):
            self.add_problem(node, f'"{key}" is a list.', f"Write, for example: {key}: [https://status.example.net/]")
            return None
        found = [(item, self.line(item, key, field)) for item in node.items]
        return tuple(self.whole(item, key, url) for item, url in found if url is not None)

    def flag(self, node: yaml_text.Node, key: str, field: Key) -> bool | None:
        text = self.line(node, key, field)
        if text is not None and text.lower() not in ("true", "false"):
            self.add_problem(node, f'"{key}" is "{text}".', "Write true or false.")
        return text is not None and text.lower() == "true"

    def duration(self, node: yaml_text.Node, key: str, field: Key) -> timedelta | None:
        text = self.line(node, key, field)
        try:
            return None if text is None else clock.parse_duration(text)
        except ValueError as error:
            self.add_problem(node, f'"{key}": {error}', f"Write, for example, {field.example}, 1h30m or 2d.")
            return None

    def zone(self, node: yaml_text.Node, key: str, field: Key) -> ZoneInfo | None:
        name = self.line(node, key, field)
        if name is None:
            return None
        what = f'no browser knows the timezone "{name}".'
        if not zones.is_only_here(name):
            try:
                return ZoneInfo(name)
            except (KeyError, ValueError, OSError):
                what = f'unknown timezone "{name}".'
        hint = f"{did_you_mean(zones.public(name), zones.names())} Write it as in Europe/Paris, or UTC."
        self.add_problem(node, what, hint.strip())
        return None

    def day(self, node: yaml_text.Node, key: str, field: Key) -> date | None:
        text = self.line(node, key, field)
        if text is None:
            return None
        try:
            found = date.fromisoformat(text)
        except ValueError:
            found = None
        if found is None or found.year not in clock.YEARS:
            self.add_problem(
                node, f'"{key}" is "{text}", which is no day since 1970.', f"Write it as in {field.example}."
            )
            return None
        return found

    def id(self, node: yaml_text.Node, key: str, field: Key) -> str | None:
        text = self.line(node, key, field)
        if text is not None and not re.fullmatch(r"[a-z0-9]+(?:[-_][a-z0-9]+)*", text):
            hint = "Use lower-case letters, digits and hyphens, for example public-api."
            self.add_problem(node, f'"{text}" cannot be an id.', hint)
            return None
        return text

    def parts(self, node: yaml_text.Node, key: str, field: Key) -> tuple[Component, ...] | None:
        if not isinstance(node, yaml_text.Sequence):
            self.add_problem(
                node, '"components" is a list.', "Write, for example:\n    components:\n    - {id: api, name: API}"
            )
            return None
        found: dict[str, Component] = {}
        for item in node.items:
            if not isinstance(item, yaml_text.Mapping):
                self.add_problem(
                    item, "a component holds keys and values.", "Write, for example: - {id: api, name: API}"
                )
                continue
            fields = self.fields(item, COMPONENT_KEYS, "a component")
            id = fields.pop("id")
            if id is None:
                if item.get("id") is None:
                    self.add_problem(item, 'a component without "id".', "Write, for example: - {id: api, name: API}")
            elif id in found:
                self.add_problem(item, f'a second component "{id}".', "Give each its own id.")
            else:
                name = fields.pop("name") or id
                found[id] = Component(id, name, **{key: value for key, value in fields.items() if value})
        return tuple(found.values())
