"""What the `status:` block of `mkdocs.yml` may contain: one row for each key of the block and of a component.

The manual lists the keys in the order of the rows; nothing else depends on it. `Field.name` is the name of an attribute
of `Settings` or `Component`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from status_tool.errors import Problem, did_you_mean, one_of
from status_tool.model.announcement import Announcement
from status_tool.model.component import Component, Impact
from status_tool.model.forge import Forge, NewFilePage, of_url
from status_tool.model.update import Text
from status_tool.settings import mkdocs_yml
from status_tool.settings.mkdocs_yml import Configuration
from status_tool.system import clock
from status_tool.text import table, translations, yaml_text, zones
from status_tool.text.table import Form, Table
from status_tool.text.yaml_text import Mapping, Node, Sequence


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
BAR_DAYS = range(7, 366)
"""How many days the bar of a component may have."""

# -- single values -------------------------------------------------------------------------------


def line_of(context: Context, node: Node, key: str, hint: str) -> str | None:
    """One line of text, which may be empty, or the value of `!ENV`; None and a problem when it is anything else."""
    text = mkdocs_yml.text_of(node)
    if text is not None and not yaml_text.unwanted(text.strip()) and "\n" not in text.strip():
        return text.strip()
    context.add_problem(node, f'"{key}" must be one line of text.', hint)
    return None


def absolute_url(
    context: Context, node: Node | None, key: str, url: str, example: str = "https://status.example.org/"
) -> str:
    """`url` with a slash at its end; a problem when it is not an absolute URL of http or https."""
    try:
        parts = urlsplit(url)
        is_absolute = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and " " not in url
    except ValueError:  # invalid brackets, or an invalid port
        is_absolute = False
    if not is_absolute:
        hint = f"Write the full URL, for example {example}."
        context.add_problem(node, f'{key} is not a full URL: "{url}".', hint)
    return url.rstrip("/") + "/"


def _read_line(context: Context, node: Node, field: Field) -> str | None:
    return line_of(context, node, field.key, f"For example: {field.example}")


def _read_folder(context: Context, node: Node, field: Field) -> Path | None:
    name = _read_line(context, node, field)
    return context.folder / name if name else None  # an empty name would mean the folder of the site


def _read_flag(context: Context, node: Node, field: Field) -> bool | None:
    text = _read_line(context, node, field)
    if text is not None and text.lower() not in ("true", "false"):
        context.add_problem(node, f'"{field.key}" is "{text}".', "Write true or false.")
        return None
    return None if text is None else text.lower() == "true"


def _read_duration(context: Context, node: Node, field: Field) -> timedelta | None:
    text = _read_line(context, node, field)
    try:
        return None if text is None else clock.parse_duration(text)
    except ValueError as error:
        context.add_problem(node, f'"{field.key}": {error}', f"Write, for example, {field.example}, 1h30m or 2d.")
        return None


def _read_zone(context: Context, node: Node, field: Field) -> ZoneInfo | None:
    name = _read_line(context, node, field)
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
    text = _read_line(context, node, field)
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
    text = _read_line(context, node, field)
    if text is not None and not re.fullmatch(r"[a-z0-9]+(?:[-_][a-z0-9]+)*", text):
        hint = "Use lower-case letters, digits and hyphens, for example public-api."
        context.add_problem(node, f'"{text}" cannot be an id.', hint)
        return None
    return text


FOLDER, FLAG, DURATION, ZONE = Form(_read_folder), Form(_read_flag), Form(_read_duration), Form(_read_zone)
ID, LINE, DAY = Form(_read_id), Form(_read_line), Form(_read_day)


def _read_days(context: Context, node: Node, field: Field) -> int | None:
    text = _read_line(context, node, field)
    if text is None or (text.isascii() and text.isdigit() and len(text) < 5 and int(text) in BAR_DAYS):
        return None if text is None else int(text)
    hint = f"Write a number of days from {BAR_DAYS.start} to {BAR_DAYS.stop - 1}."
    context.add_problem(node, f'"{field.key}" is "{text}".', hint)
    return None


def _read_text(context: Context, node: Node, field: Field) -> Text | None:
    texts = translations.read(translations.read_text, context, node, field)
    return Text(texts) if texts else None


DAYS, TEXT = Form(_read_days), Form(_read_text)

RHYTHM = Table[Context](
    '"rhythm"',
    tuple(
        Field(
            impact,
            DURATION,
            f"After an update of an incident with impact {impact}.",
            example,
            when_absent="as `promise`",
        )
        for impact, example in (
            (Impact.CRITICAL, "20m"),
            (Impact.MAJOR, "30m"),
            (Impact.MINOR, "1h"),
            (Impact.NONE, "2h"),
        )
    ),
    allow_null=True,
)


def _read_rhythm(context: Context, node: Node, field: Field) -> dict[Impact, timedelta] | None:
    values = RHYTHM.read(context, node)
    return None if values is None else {Impact(name): interval for name, interval in values.items()}


ANNOUNCEMENT = Table[Context](
    "an announcement",
    (
        Field("text", TEXT, "What readers should know.", "Our office is closed on 1 May.", required=True),
        Field("until", DAY, "The last day on which it is shown.", "2026-12-31", when_absent="until you remove it"),
    ),
    allow_null=True,
)


def _read_announcement(context: Context, node: Node, field: Field) -> Announcement | None:
    """A text, or a mapping with the text and the last day."""
    if not isinstance(node, Mapping) or node.pairs.keys().isdisjoint(ANNOUNCEMENT.by_key):
        text = _read_text(context, node, field)
        return Announcement(text) if text else None
    values = ANNOUNCEMENT.read(context, node)
    return Announcement(**values) if values and ANNOUNCEMENT.is_complete(values) else None


# -- where updates are written ---------------------------------------------------------------------

UPDATES_IN_FILES = "files"
"""The value of `updates` with which each update becomes a file of its own."""


def _read_updates(context: Context, node: Node, field: Field) -> str | None:
    value = _read_line(context, node, field)
    if value in ("append", UPDATES_IN_FILES):
        return value
    if value is not None:
        context.add_problem(node, f'"updates" is "{value}".', one_of(value, ["append", UPDATES_IN_FILES]))
    return None


def _read_forge(context: Context, node: Node, field: Field) -> Forge | None:
    text = _read_line(context, node, field)
    if text is None or text in list(Forge):
        return None if text is None else Forge(text)
    context.add_problem(node, f'"{field.key}" is "{text}".', one_of(text, Forge))
    return None


def _read_branch(context: Context, node: Node, field: Field) -> str | None:
    text = _read_line(context, node, field)
    if text is not None and not re.fullmatch(r"(?!.*\.\.)[^\s~^:?*\[\\/.-][^\s~^:?*\[\\]*", text):
        context.add_problem(node, f'"{text}" cannot be a branch.', f"For example: {field.example}")
        return None
    return text


def _read_subfolder(context: Context, node: Node, field: Field) -> str | None:
    text = _read_line(context, node, field)
    if text is not None and (".." in text.split("/") or text.startswith("/")):
        context.add_problem(node, f'"{text}" is not a folder of the repository.', f"For example: {field.example}")
        return None
    return None if text is None else text.strip("/")


def _read_repository(context: Context, node: Node, field: Field) -> str | None:
    url = _read_line(context, node, field)
    if url:
        absolute_url(context, node, field.key, url, field.example)
        return url.rstrip("/").removesuffix(".git")
    return None


SAY = Table[Context](
    '"say"',
    (
        Field(
            "url",
            Form(_read_repository),
            "The repository on its forge.",
            "https://github.com/example/status",
            required=True,
        ),
        Field(
            "forge",
            Form(_read_forge),
            "`github`, `gitlab`, `gitea` or `forgejo`.",
            "forgejo",
            when_absent="that of a host that is known",
        ),
        Field("branch", Form(_read_branch), "The branch that is published.", "main", when_absent="`main`"),
        Field(
            "folder", Form(_read_subfolder), "The folder of `mkdocs.yml` in it.", "ops/status", when_absent="the top"
        ),
    ),
    allow_null=True,
)


def _read_say(context: Context, node: Node, field: Field) -> NewFilePage | None:
    """The address of a repository, or a mapping that has it."""
    count = len(context.problems)
    if isinstance(node, Mapping):
        values = SAY.read(context, node) or {}
        if not SAY.is_complete(values):
            return None
    else:
        url = _read_repository(context, node, field)
        values = {"url": url}
        if not url:
            return None
    if len(context.problems) > count:
        return None
    values.setdefault("forge", of_url(values["url"]))
    if values["forge"] is None:
        hint = f"Name it: say: {{url: {values['url']}, forge: forgejo}}. {one_of('', Forge)}"
        context.add_problem(node, f"which forge is at {values['url']} is not known.", hint)
        return None
    return NewFilePage(**values)


# -- lists ---------------------------------------------------------------------------------------


def _read_url(context: Context, node: Node, field: Field) -> str | None:
    url = _read_line(context, node, field)
    if url:
        absolute_url(context, node, field.key, url, field.example)
    return url or None


def _items(context: Context, node: Node, field: Field) -> list[Node]:
    """The items of a list; none and a problem when `node` is not a list."""
    if isinstance(node, Sequence):
        return node.items
    context.add_problem(node, f'"{field.key}" must be a list.', field.sample)
    return []


def _read_urls(context: Context, node: Node, field: Field) -> tuple[str, ...]:
    lines = [(item, _read_line(context, item, field)) for item in _items(context, node, field)]
    return tuple(absolute_url(context, item, field.key, url) for item, url in lines if url is not None)


def _read_lines(context: Context, node: Node, field: Field) -> tuple[str, ...]:
    lines = [(item, _read_line(context, item, field)) for item in _items(context, node, field)]
    for item, line in lines:
        if line == "":
            context.add_problem(item, f'"{field.key}" has an empty name.', field.sample)
    return tuple(line for _, line in lines if line)


COMPONENT = Table[Context](
    "a component",
    (
        Field("id", ID, "Its name in incident files and URLs. Never change it.", "api", required=True),
        Field("name", LINE, "Its name for readers.", "API", when_absent="the id"),
        Field("group", LINE, "The heading under which it is listed.", "Platform", when_absent="no heading"),
        Field("description", LINE, "What it does, in a few words.", "REST and GraphQL", when_absent="none"),
        Field(
            "since",
            DAY,
            'The first day with data; days before it are shown as "no data".',
            "2024-03-01",
            when_absent="always",
        ),
        Field(
            "retired",
            DAY,
            "The first day on which it no longer exists: it is shown in the history only, and its record ends.",
            "2024-05-01",
            when_absent="it exists",
        ),
    ),
    allow_null=True,
)


def _check_days(context: Context, item: Node, component: Component) -> None:
    """`retired` must not be earlier than `since`."""
    if component.since and component.retired and component.retired < component.since:
        what = f'"retired" ({component.retired}) is earlier than "since" ({component.since}).'
        node = item.get("retired") if isinstance(item, Mapping) else None
        context.add_problem(node or item, what, "Correct one of the two days.")


def _read_components(context: Context, node: Node, field: Field) -> tuple[Component, ...]:
    components: dict[str, Component] = {}
    for item in _items(context, node, field):
        values = COMPONENT.read(context, item)
        if values is None or not COMPONENT.is_complete(values):
            continue
        non_empty = {name: value for name, value in values.items() if value}
        component = Component(**{"name": values["id"], **non_empty})
        _check_days(context, item, component)
        if component.id in components:
            context.add_problem(item, f'a second component "{component.id}".', "Give each its own id.")
        components.setdefault(component.id, component)
    return tuple(components.values())


# -- the block -----------------------------------------------------------------------------------

STATUS = Table[Context](
    "the status plugin",
    (
        Field(
            "incidents",
            FOLDER,
            "The folder of the incident files, relative to that of `mkdocs.yml`.",
            "incidents",
            default="incidents",
        ),
        Field(
            "timezone",
            ZONE,
            "The zone of times on pages, and of times typed without a zone.",
            "Europe/Paris",
            default="UTC",
        ),
        Field(
            "promise",
            DURATION,
            "How long after an update the next one is promised, if the update does not state it.",
            "30m",
            when_absent="no promise",
        ),
        Field(
            "rhythm",
            Form(_read_rhythm),
            "How long after an update the commands promise the next one, by the impact, if not told otherwise.",
            "{critical: 20m, major: 30m, minor: 1h, none: 2h}",
            default="{}",
        ),
        Field(
            "count_default_promises",
            FLAG,
            "`true`: promises that come from `promise` alone count in the figures on kept promises.",
            "true",
            default="false",
        ),
        Field("stale_after", DURATION, "The age from which a page warns that it is old.", "24h", default="24h"),
        Field(
            "renewed_by",
            LINE,
            "What builds the site again before its pages are too old, where `status check` cannot see it.",
            "cron on host-2",
            when_absent="a schedule in the repository",
        ),
        Field("quiet_after", DURATION, "How long an open incident may be without an update.", "24h", default="24h"),
        Field(
            "mirrors",
            Form(_read_urls),
            "Other URLs where this site is published, for readers of an outdated copy.",
            "[https://status.example.net/]",
            default="[]",
        ),
        Field(
            "homepage",
            Form(_read_url),
            "The site of the company or the product, to which every page links.",
            "https://www.example.org/",
            when_absent="no link",
        ),
        Field(
            "updates",
            Form(_read_updates),
            "Whether the commands add an update to the incident's file (`append`) or write a new file (`files`).",
            "files",
            default="append",
        ),
        Field(
            "push",
            FLAG,
            "`true`: the commands that write commit and push at once, as `--push` does.",
            "true",
            default="false",
            attribute="pushes",
        ),
        Field(
            "require_review",
            FLAG,
            "`true`: a push goes to a branch of its own, which somebody else merges.",
            "true",
            default="false",
            attribute="requires_review",
        ),
        Field(
            "speakers",
            Form(_read_lines),
            "Who may speak through a workflow: names on the forge. Without any, all who may start the workflow.",
            "[ann, bob]",
            default="[]",
        ),
        Field(
            "say",
            Form(_read_say),
            "The repository on its forge: the site gets a page, `/say/`, with which a phone writes an update.",
            "https://github.com/example/status",
            when_absent="no such page",
        ),
        Field(
            "allow_empty",
            FLAG,
            "`true`: a site without any incident file may be built.",
            "true",
            default="false",
        ),
        Field(
            "announcement",
            Form(_read_announcement),
            "What readers of the home page should know that is about no incident.",
            "Our office is closed on 1 May.",
            when_absent="none",
        ),
        Field("bar_days", DAYS, "How many days the bar of a component has.", "60", default="90"),
        Field(
            "uptime",
            FLAG,
            "`false`: no page shows how much of the time a component worked.",
            "false",
            default="true",
            attribute="shows_uptime",
        ),
        Field(
            "components",
            Form(_read_components),
            "The parts of the service that readers know by name.",
            "[{id: api, name: API}]",
            default="[]",
        ),
    ),
    allow_null=True,
)
