"""What the owner configured: the `status:` block of `mkdocs.yml`, and the keys of MkDocs that we use too.

The file is read without MkDocs, so that the commands and the build print the same errors. The settings of other plugins
are ignored.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from status_tool.errors import StatusError, did_you_mean, one_of
from status_tool.model import promises
from status_tool.model.announcement import Announcement
from status_tool.model.channel import Channel
from status_tool.model.component import Component, Impact
from status_tool.model.dependencies import Dependencies
from status_tool.model.endpoint import Endpoint
from status_tool.model.forge import NewFilePage
from status_tool.model.incident import Incident
from status_tool.model.target import Target
from status_tool.model.update import Update
from status_tool.settings import fields, forms, mkdocs_yml
from status_tool.settings.forms import Context
from status_tool.settings.mkdocs_yml import Configuration
from status_tool.system import cache
from status_tool.text import language_codes, table
from status_tool.text.yaml_text import Mapping, Node, Scalar
from status_tool.text.yaml_text import Sequence as YamlSequence

FILE = mkdocs_yml.FILE
HOW_TO_MOVE_SITE = mkdocs_yml.HOW_TO_MOVE_SITE
PLUGIN = "status"


@dataclass(frozen=True)
class Settings:
    """The settings of one site. Paths are absolute; `file` is its `mkdocs.yml`."""

    file: Path
    site_name: str
    site_url: str
    """Ends in a slash; empty when it is not configured."""
    language: str
    docs: Path
    theme_folders: tuple[Path, ...]
    """The folder of the owner's theme overrides (`custom_dir`); empty when none is configured."""
    favicon: str
    """The owner's icon, as a path below the folder of pages or of theme overrides; empty when none is configured."""
    site: Path
    incidents: Path
    timezone: ZoneInfo
    promise: timedelta | None
    rhythm: dict[Impact, timedelta]
    """How long after an update the commands promise the next one, by the impact of the incident then."""
    count_default_promises: bool
    """Whether the figures on kept promises count those that no update states, but `promise`."""
    stale_after: timedelta
    renewed_by: str | None
    """What builds the site on a schedule, in the owner's words; None if it is a workflow of the repository."""
    quiet_after: timedelta
    mirrors: tuple[str, ...]
    """Other URLs of the same site, on independent hosts: those of targets, too. Each ends in a slash."""
    targets: tuple[Target, ...]
    """Where the site is deployed to."""
    channels: tuple[Channel, ...]
    """Where else the same words are said."""
    signing_key: str | None
    """The public key with which the manifest is signed, as its `.pub` file has it."""
    hubs: tuple[str, ...]
    """The URLs of WebSub hubs, as configured."""
    homepage: str | None
    """The URL of the owner's own site, as configured."""
    monitors: tuple[Endpoint, ...]
    """The servers that the page reports on."""
    depends_on: Dependencies | None
    """The services that the product and the page need; None if the owner did not say."""
    offline_channels: tuple[str, ...] | None
    """How people are reached without the Internet, in the owner's words; None if the owner did not say."""
    updates: str
    """`append` or `files`: whether the commands add an update to the incident's file, or write one of its own."""
    pushes: bool
    """Whether the commands that write commit and push at once."""
    requires_review: bool
    """Whether a push goes to a branch that somebody else merges."""
    speakers: tuple[str, ...]
    """Who may speak through a workflow: names on the forge; none: all who may start it."""
    say: NewFilePage | None
    """Where a phone writes a new file; None if the site has no page for that."""
    allow_empty: bool
    announcement: Announcement | None
    bar_days: int
    """How many days the bar of a component has."""
    shows_uptime: bool
    """Whether pages show how much of the time a component worked."""
    components: tuple[Component, ...]
    configuration: Configuration = field(repr=False, compare=False)
    """The whole content of `mkdocs.yml` and the files it inherits from."""

    @property
    def folder(self) -> Path:
        return self.file.parent

    @property
    def templates(self) -> Path:
        """The folder of the site's own templates, which replace ours."""
        return self.folder / "site_templates"

    @cached_property
    def cache(self) -> Path:
        """The cache folder of this site."""
        return cache.folder(self.folder)

    @property
    def homepage_link(self) -> tuple[str, str] | None:
        """`("https://www.example.org/en", "example.org")`: the owner's own site and its name for readers."""
        return (self.homepage, (urlsplit(self.homepage).hostname or "").removeprefix("www.")) if self.homepage else None

    @property
    def allowed_signer(self) -> str:
        """The line of `allowed_signers`, as ssh-keygen(1) describes it, for the signing key; empty without one."""
        kind, key, *name = (self.signing_key or "").split(" ") if self.signing_key else ("", "")
        return f"{name[0] if name else 'status'} {kind} {key}" if key else ""

    @property
    def component_ids(self) -> tuple[str, ...]:
        return tuple(component.id for component in self.components)

    @property
    def component_names(self) -> dict[str, str]:
        """Component id -> name."""
        return {component.id: component.name for component in self.components}

    def retired(self, now: datetime) -> dict[str, date]:
        """Component id -> the day on which it was retired, for each one that no longer exists at `now`."""
        return {
            component.id: component.retired
            for component in self.components
            if component.retired and component.retired_at(now, self.timezone)
        }

    def shown(self, path: Path) -> str:
        """`path` as messages show it: relative to the working directory when it is in the site's folder."""
        return os.path.relpath(path) if path.is_relative_to(self.folder) else str(path)

    @property
    def sources(self) -> tuple[Path, ...]:
        """The folders from which a site is built."""
        return (self.incidents, self.docs, self.templates, *self.theme_folders)

    def built_at(self, site: Path, site_url: str) -> Settings:
        """These settings, with the output folder `site` and the address `site_url`."""
        return replace(self, site=site.absolute(), site_url=site_url.rstrip("/") + "/" if site_url else "")

    def promised(self, incident: Incident, update: Update) -> datetime | None:
        """When the update after `update` is promised, by `update` or by the settings; None without a promise."""
        return promises.promised(incident, update, self.promise)

    @property
    def counted_promise(self) -> timedelta | None:
        """The default interval of the promises that count in figures; None if only stated promises count."""
        return self.promise if self.count_default_promises else None

    def incident_url(self, id: str) -> str:
        return f"{self.site_url}incidents/{id}/"


def find(start: Path) -> Path:
    """The `mkdocs.yml` in `start` or the nearest folder above it; StatusError when there is none."""
    for folder in (start, *start.parents):
        try:
            if (folder / FILE).is_file():
                return folder / FILE
        except OSError as error:
            hint = "Check the folder's permissions."
            raise StatusError(f"cannot be read: {error.strerror}.", folder, hint=hint) from None
    raise StatusError(
        f"no {FILE} in this folder or any folder above it.",
        start,
        hint="Change to the folder of your status site, or create a site: status init my-status",
    )


def find_from_working_directory() -> Path:
    """The `mkdocs.yml` in the working directory or the nearest folder above it; StatusError when there is none."""
    try:
        return find(Path.cwd())
    except FileNotFoundError:
        hint = "Change to the folder of your status site."
        raise StatusError("the working directory no longer exists.", hint=hint) from None


def load(file: Path) -> Settings:
    """The settings in `file`; StatusError with every problem in them."""
    configuration = mkdocs_yml.read(file.absolute())
    context = Context(configuration, list(configuration.mistakes))
    block = _block(context)
    tagged = [node for node in _nodes(block) if node.tag not in (None, "!ENV")] if block else []
    for node in tagged:  # MkDocs would run the code that a tag names, or give us another value than we read here
        table.refuse_tag(context, node)
    stated = fields.STATUS.read(context, block) if block and not tagged else None
    site_name, site_url, language = _shared(context, "site_name"), _site_url(context), _language(context)
    docs, site = _shared(context, *mkdocs_yml.PAGES) or "docs", _shared(context, *mkdocs_yml.SITE) or "site"
    theme_folder, favicon = _shared(context, *mkdocs_yml.THEME_FOLDER), _shared(context, *mkdocs_yml.FAVICON)
    values = {**fields.STATUS.defaults(context), **(stated or {})}
    _refuse_unknown_components(context, block, values["channels"], values["components"])
    own = (context.folder, context.folder / docs, context.folder / site, values["incidents"])
    _refuse_own_folders(context, block, values["targets"], [Path(os.path.normpath(path)) for path in own])
    if context.problems:
        raise StatusError.of(context.problems)
    values["mirrors"] = _mirrors(values["mirrors"], values["targets"], site_url)
    return Settings(
        file=configuration.files[0][0],
        site_name=site_name,
        site_url=site_url,
        language=language,
        docs=context.folder / docs,
        theme_folders=(context.folder / theme_folder,) if theme_folder else (),
        favicon=favicon,
        site=context.folder / site,
        configuration=configuration,
        **values,
    )


def _refuse_unknown_components(
    context: Context, block: Node | None, channels: Sequence[Channel], components: Sequence[Component]
) -> None:
    """A channel that speaks of a component that there is not would say nothing, without a word."""
    node = block.pairs["channels"][1] if isinstance(block, Mapping) and channels else None
    known = [component.id for component in components]
    for channel in channels:
        for id in channel.components:
            if id not in known:
                what = f'the channel "{channel.name}" names an unknown component "{id}".'
                context.add_problem(node, what, one_of(id, known) if known else "Configure components: first.")


def _refuse_own_folders(context: Context, block: Node | None, targets: Sequence[Target], own: Sequence[Path]) -> None:
    """A target that is a folder of the site itself, or has the site in it, would be overwritten by its own copy."""
    node = block.pairs["targets"][1] if isinstance(block, Mapping) and targets else None
    for target in targets:
        if not target.path or ":" in target.path:
            continue
        place = Path(os.path.normpath(context.folder / target.path))
        if any(folder == place or folder.is_relative_to(place) for folder in own):
            what = f'the target "{target.name}" names a folder of this site: {target.path}.'
            context.add_problem(node, what, "Name a folder elsewhere, such as /srv/www/status.")


def _mirrors(stated: Sequence[str], targets: Sequence[Target], site_url: str) -> tuple[str, ...]:
    """The addresses of the site besides `site_url`, each once."""
    urls = (*stated, *(target.url for target in targets if not target.is_scratch))
    return tuple(dict.fromkeys(url for url in urls if url and url != site_url))


def _nodes(node: Node) -> Iterator[Node]:
    """`node` and all below it."""
    yield node
    if isinstance(node, Mapping):
        for _, value in node.pairs.values():
            yield from _nodes(value)
    elif isinstance(node, YamlSequence):
        for item in node.items:
            yield from _nodes(item)


# -- keys that the site generator and we share ---------------------------------------------------


def _shared(context: Context, *keys: str) -> str:
    """The text at a path of keys such as `theme`, `language`; empty when it is absent, or invalid (a problem)."""
    node = context.configuration.get(*keys)
    hint = "Remove line breaks and invisible characters."
    return (forms.line_of(context, node, keys[-1], hint) if node is not None else "") or ""


def _site_url(context: Context) -> str:
    url = _shared(context, "site_url")
    return forms.absolute_url(context, context.configuration.get("site_url"), "site_url", url) if url else ""


def _language(context: Context) -> str:
    code = _shared(context, "theme", "language") or "en"
    if not language_codes.is_known(code):
        hint = f"{did_you_mean(code, language_codes.CODES)} Write a language code such as en, fr or pt-BR.".strip()
        context.add_problem(context.configuration.get("theme", "language"), f'unknown language "{code}".', hint)
    return code


def _block(context: Context) -> Node | None:
    """The `status:` block below `plugins:`; None when it is empty, or missing (a problem)."""
    plugins = context.configuration.get("plugins")
    blocks: dict[str, Node | None] = {}
    if isinstance(plugins, Mapping):
        blocks = {name: block for name, (_, block) in plugins.pairs.items()}
    for item in plugins.items if isinstance(plugins, YamlSequence) else ():
        if isinstance(item, Scalar):
            blocks[item.text] = None
        elif isinstance(item, Mapping):
            blocks.update({name: block for name, (_, block) in item.pairs.items()})
    if PLUGIN not in blocks and not context.problems:
        hint = "Add an item below plugins:\n- status:\n    components:\n    - {id: api, name: API}"
        context.add_problem(plugins, "the status plugin is missing.", hint)
    block = blocks.get(PLUGIN)
    return None if block is None or block.is_null else block
