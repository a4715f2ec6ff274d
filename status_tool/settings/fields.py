"""What the `status:` block of `mkdocs.yml` may contain: one row for each key of the block and of a component.

The manual lists the keys in the order of the rows; nothing else depends on it. `Field.name` is the name of an attribute
of `Settings` or `Component`.
"""

from __future__ import annotations

from datetime import timedelta

from status_tool.errors import one_of
from status_tool.model.announcement import Announcement
from status_tool.model.component import Component, Impact
from status_tool.model.forge import Forge, NewFilePage, of_url
from status_tool.settings import audit_fields, channel_fields, target_fields
from status_tool.settings.forms import (
    DAY,
    DAYS,
    DURATION,
    FLAG,
    FOLDER,
    ID,
    LINE,
    TEXT,
    ZONE,
    Context,
    Field,
    absolute_url,
    items,
    read_branch,
    read_hubs,
    read_line,
    read_lines,
    read_public_key,
    read_text,
    read_url,
    read_urls,
)
from status_tool.text.table import Form, Table
from status_tool.text.yaml_text import Mapping, Node

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
        text = read_text(context, node, field)
        return Announcement(text) if text else None
    values = ANNOUNCEMENT.read(context, node)
    return Announcement(**values) if values and ANNOUNCEMENT.is_complete(values) else None


# -- where updates are written ---------------------------------------------------------------------

UPDATES_IN_FILES = "files"
"""The value of `updates` with which each update becomes a file of its own."""


def _read_updates(context: Context, node: Node, field: Field) -> str | None:
    value = read_line(context, node, field)
    if value in ("append", UPDATES_IN_FILES):
        return value
    if value is not None:
        context.add_problem(node, f'"updates" is "{value}".', one_of(value, ["append", UPDATES_IN_FILES]))
    return None


def _read_forge(context: Context, node: Node, field: Field) -> Forge | None:
    text = read_line(context, node, field)
    if text is None or text in list(Forge):
        return None if text is None else Forge(text)
    context.add_problem(node, f'"{field.key}" is "{text}".', one_of(text, Forge))
    return None


def _read_subfolder(context: Context, node: Node, field: Field) -> str | None:
    text = read_line(context, node, field)
    if text is not None and (".." in text.split("/") or text.startswith("/")):
        context.add_problem(node, f'"{text}" is not a folder of the repository.', f"For example: {field.example}")
        return None
    return None if text is None else text.strip("/")


def _read_repository(context: Context, node: Node, field: Field) -> str | None:
    url = read_line(context, node, field)
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
        Field("branch", Form(read_branch), "The branch that is published.", "main", when_absent="`main`"),
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
    for item in items(context, node, field):
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
            Form(read_urls),
            "Other URLs where this site is published, for readers of an outdated copy.",
            "[https://status.example.net/]",
            default="[]",
        ),
        Field(
            "targets",
            Form(target_fields.read_targets),
            "Where `status deploy` puts the site; a public address of these that is not `site_url` is a mirror.",
            "[{name: second, kind: rclone, path: 'backup:status', url: 'https://status.example.net/'}]",
            default="[]",
        ),
        Field(
            "channels",
            Form(channel_fields.read_channels),
            "Where else the same words are said: `status notify`.",
            "[{name: mail, kind: email, from: status@example.org, to_env: STATUS_MAIL_TO, server_env: STATUS_SMTP}]",
            default="[]",
        ),
        Field(
            "signing_key",
            Form(read_public_key),
            "The public key of ssh with which `status deploy --sign` signs; the site says how to check a copy by it.",
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE1ZgHlZ0Ozm2rQxIyR0cIy2rKqbXrYtFyyU5jmJxx3q status@example.org",
            when_absent="no such text",
        ),
        Field(
            "websub",
            Form(read_hubs),
            "The hubs that tell readers of the feeds at once; the feeds name them, and `status verify` tells them.",
            "[https://pubsubhubbub.appspot.com/]",
            default="[]",
            attribute="hubs",
        ),
        Field(
            "homepage",
            Form(read_url),
            "The site of the company or the product, to which every page links.",
            "https://www.example.org/",
            when_absent="no link",
        ),
        *audit_fields.FIELDS,
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
            Form(read_lines),
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
