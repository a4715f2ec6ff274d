"""What the owner configured: the `status:` block of `mkdocs.yml`, and the few keys of MkDocs we share.

Reads without MkDocs, and tolerates what other plugins put there, so that the commands and the
build print the same errors.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from status_tool.errors import StatusError, did_you_mean
from status_tool.model import promises
from status_tool.model.component import Component
from status_tool.model.incident import Incident, Update
from status_tool.settings import fields, mkdocs_yml
from status_tool.settings.fields import Context
from status_tool.settings.mkdocs_yml import Configuration
from status_tool.system import cache
from status_tool.text import language_codes
from status_tool.text.yaml_text import Mapping, Node, Scalar, Sequence

FILE = mkdocs_yml.FILE
HOW_TO_MOVE_SITE = mkdocs_yml.HOW_TO_MOVE_SITE
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
    """The owner's overrides of the theme, if there are any."""
    site: Path
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
    configuration = mkdocs_yml.read(file.absolute())
    context = Context(configuration, list(configuration.mistakes))
    block = _block(context)
    stated = fields.STATUS.read(context, block) if block else None
    site_name, site_url, language = _shared(context, "site_name"), _site_url(context), _language(context)
    docs, site = _shared(context, *mkdocs_yml.PAGES) or "docs", _shared(context, *mkdocs_yml.SITE) or "site"
    theme_folder = _shared(context, *mkdocs_yml.THEME_FOLDER)
    values = {**fields.STATUS.defaults(context), **(stated or {})}
    if context.problems:
        raise StatusError.of(context.problems)
    return Settings(
        file=configuration.files[0][0],
        site_name=site_name,
        site_url=site_url,
        language=language,
        docs=context.folder / docs,
        theme_folders=(context.folder / theme_folder,) if theme_folder else (),
        site=context.folder / site,
        configuration=configuration,
        **values,
    )


# -- keys that the site generator and we share ---------------------------------------------------


def _shared(context: Context, *keys: str) -> str:
    """The text at `theme`, `language`; empty when it is absent or wrong."""
    node = context.configuration.get(*keys)
    hint = "Remove line ends and invisible characters."
    return (fields.line_of(context, node, keys[-1], hint) if node is not None else "") or ""


def _site_url(context: Context) -> str:
    url = _shared(context, "site_url")
    return fields.whole_url(context, context.configuration.get("site_url"), "site_url", url) if url else ""


def _language(context: Context) -> str:
    code = _shared(context, "theme", "language") or "en"
    if not language_codes.is_known(code):
        hint = f"{did_you_mean(code, language_codes.CODES)} Write a language code such as en, fr or pt-BR.".strip()
        context.add_problem(context.configuration.get("theme", "language"), f'unknown language "{code}".', hint)
    return code


def _block(context: Context) -> Node | None:
    """The `status:` block under `plugins:`; None when the plugin is there without settings, or is missing."""
    plugins = context.configuration.get("plugins")
    blocks: dict[str, Node | None] = {}
    if isinstance(plugins, Mapping):
        blocks = {name: block for name, (_, block) in plugins.pairs.items()}
    for item in plugins.items if isinstance(plugins, Sequence) else ():
        if isinstance(item, Scalar):
            blocks[item.text] = None
        elif isinstance(item, Mapping):
            blocks.update({name: block for name, (_, block) in item.pairs.items()})
    if PLUGIN not in blocks and not context.problems:
        hint = "Add below plugins: an item\n- status:\n    components:\n    - {id: api, name: API}"
        context.add_problem(plugins, "the status plugin is missing.", hint)
    block = blocks.get(PLUGIN)
    return None if block is None or block.is_null else block
