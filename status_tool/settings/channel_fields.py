"""What `channels:` may contain: one row for each key of a channel, and which keys each kind has."""

from __future__ import annotations

import re
from collections.abc import Mapping as Pairs
from datetime import time

from status_tool.errors import one_of
from status_tool.model.channel import Channel, ChannelKind, Mode
from status_tool.model.component import Impact
from status_tool.model.update import Kind
from status_tool.settings.forms import (
    DURATION,
    FLAG,
    ID,
    LINE,
    Context,
    Field,
    items,
    read_line,
    read_lines,
    read_url,
)
from status_tool.text import language_codes
from status_tool.text.table import Form, Table
from status_tool.text.yaml_text import Mapping, Node

VISIBILITIES = ("public", "unlisted", "private", "direct")
ENCODINGS = ("json", "form")
METHODS = ("POST", "PUT", "GET")
PLACEHOLDERS = ("{to}", "{text}", "{from}", "{token}", "{key}")
LARGEST_NUMBER = 100_000


def _one_of(words: type[Mode] | type[ChannelKind] | type[Impact] | tuple[str, ...]) -> Form[Context, str]:
    """One of a few words."""

    def read(context: Context, node: Node, field: Field) -> str | None:
        text = read_line(context, node, field)
        known = {str(word): word for word in words}
        if text is not None and text not in known:
            context.add_problem(node, f'"{field.key}" is "{text}".', one_of(text, known))
        return None if text is None else known.get(text)

    return Form(read)


def _read_variable(context: Context, node: Node, field: Field) -> str | None:
    """The name of an environment variable; what looks like the secret itself is not repeated."""
    text = read_line(context, node, field)
    if text is not None and not re.fullmatch(r"[A-Z_][A-Z0-9_]{0,99}", text):
        what = f'"{field.key}" is not the name of an environment variable.'
        hint = f"Write a name in capital letters, and put the value into the environment: {field.key}: {field.example}"
        context.add_problem(node, what, hint)
        return None
    return text


def _read_request(context: Context, node: Node, field: Field) -> dict[str, str] | None:
    """Names -> values, in which placeholders stand."""
    if not isinstance(node, Mapping):
        context.add_problem(node, f'"{field.key}" must have names and values.', field.sample)
        return None
    found: dict[str, str] = {}
    for name, (_, value) in node.pairs.items():
        text = read_line(context, value, field)
        for placeholder in re.findall(r"\{[^{}]*\}", text or ""):
            if placeholder not in PLACEHOLDERS:
                what = f'"{field.key}" has the placeholder {placeholder}, which nothing fills.'
                context.add_problem(value, what, f"Use one of: {', '.join(PLACEHOLDERS)}.")
        found[name] = text or ""
        if shadowed := next(
            (other for other in found if other.startswith(f"{name}.") or name.startswith(f"{other}.")), ""
        ):
            what = f'"{field.key}" has both "{name}" and "{shadowed}", of which one is a part of the other.'
            context.add_problem(value, what, "Remove one of them.")
        if field.key == "body" and _CONTACT.search(text or ""):
            what = f'"{field.key}" has an address or a telephone number in it.'
            context.add_problem(value, what, "Write {to}, and put the recipients into the environment: to_env:")
    return found


_CONTACT = re.compile(r"\+\d[\d ().-]{6,}\d|[^@\s]+@[^@\s]+\.[^@\s]+")
"""What only the person knows whom it belongs to."""


def _read_place(context: Context, node: Node, field: Field) -> str | None:
    """A place that everybody may know; nobody's address or number."""
    text = read_line(context, node, field)
    if text is not None and _CONTACT.fullmatch(text):
        what = f'"{field.key}" is an address or a telephone number, which does not belong into the settings.'
        context.add_problem(node, what, "Put it into the environment: to_env: STATUS_RECIPIENTS")
        return None
    return text


def _read_kinds(context: Context, node: Node, field: Field) -> tuple[Kind, ...]:
    names = read_lines(context, node, field)
    for name in names:
        if name not in list(Kind):
            context.add_problem(node, f'"{field.key}" has "{name}".', one_of(name, Kind))
    return tuple(Kind(name) for name in names if name in list(Kind))


def _read_languages(context: Context, node: Node, field: Field) -> tuple[str, ...]:
    codes = read_lines(context, node, field)
    for code in codes:
        if not language_codes.is_known(code):
            context.add_problem(node, f'unknown language "{code}".', "Write a language code such as en, fr or pt-BR.")
    return tuple(dict.fromkeys(codes))


def _read_quiet(context: Context, node: Node, field: Field) -> tuple[time, time] | None:
    text = read_line(context, node, field)
    if text is None:
        return None
    found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d) ?[-–] ?([01]\d|2[0-3]):([0-5]\d)", text)
    if found is None or found.group(1, 2) == found.group(3, 4):
        context.add_problem(node, f'"{field.key}" is "{text}".', 'Write, for example: quiet: "22:00-07:00"')
        return None
    return time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))


def _read_number(context: Context, node: Node, field: Field) -> int | None:
    text = read_line(context, node, field)
    if text is None:
        return None
    if not re.fullmatch(r"[1-9]\d{0,5}", text, re.ASCII) or int(text) > LARGEST_NUMBER:
        context.add_problem(node, f'"{field.key}" is "{text}".', f"Write a number from 1 to {LARGEST_NUMBER}.")
        return None
    return int(text)


VARIABLE, SERVICE, REQUEST, NUMBER = Form(_read_variable), Form(read_url), Form(_read_request), Form(_read_number)
NONE = "not used"
CHANNEL = Table[Context](
    "a channel",
    (
        Field("name", ID, "Its name in the commands, and in the ledger for ever.", "mail", required=True),
        Field("kind", _one_of(ChannelKind), "How it is spoken to.", "email", required=True),
        Field(
            "mode",
            _one_of(Mode),
            "`confirm`: a person agrees each time. `auto`: a workflow may speak there. `manual`: by hand only.",
            "auto",
            when_absent="`confirm`",
        ),
        Field("url", SERVICE, "The address of the service.", "https://mastodon.example/", when_absent="by its kind"),
        Field(
            "url_env",
            VARIABLE,
            "The variable with the address, where it is the secret.",
            "STATUS_SLACK_URL",
            when_absent=NONE,
        ),
        Field(
            "auth_url",
            SERVICE,
            "Where Trust Café gives tokens.",
            "https://auth.example.org/",
            when_absent="by its kind",
        ),
        Field(
            "server_env",
            VARIABLE,
            "The variable with the mail server: `smtp://user:password@host:587`.",
            "STATUS_SMTP",
            when_absent=NONE,
        ),
        Field(
            "token_env",
            VARIABLE,
            "The variable with the secret by which the service knows us.",
            "STATUS_TOKEN",
            when_absent=NONE,
        ),
        Field(
            "app_env",
            VARIABLE,
            "The variable with the application of MeWe: `id:key`.",
            "STATUS_MEWE_APP",
            when_absent=NONE,
        ),
        Field(
            "from",
            LINE,
            "Who speaks: an address, a name on an SMS, a handle.",
            "status@example.org",
            when_absent=NONE,
            attribute="sender",
        ),
        Field(
            "from_env",
            VARIABLE,
            "The variable with the number that speaks.",
            "STATUS_SIGNAL_NUMBER",
            when_absent=NONE,
            attribute="sender_env",
        ),
        Field(
            "to",
            Form(_read_place),
            "A public place: a room, a topic, a group.",
            '"!status:example.org"',
            when_absent=NONE,
        ),
        Field(
            "to_env",
            VARIABLE,
            "The variable with the recipients, separated by commas.",
            "STATUS_MAIL_TO",
            when_absent=NONE,
        ),
        Field("spool", LINE, "The folder from which gammu-smsd sends.", "/var/spool/gammu", when_absent=NONE),
        Field("method", _one_of(METHODS), "The method of the request for an SMS.", "PUT", when_absent="`POST`"),
        Field(
            "headers",
            REQUEST,
            "The headers of that request; values may have `{token}` and so on.",
            '{Authorization: "Bearer {token}"}',
            when_absent="none",
        ),
        Field(
            "body",
            REQUEST,
            "Its body: values with `{to}`, `{text}`, `{from}`, `{token}`, `{key}`.",
            '{to: "{to}", text: "{text}"}',
            when_absent="required",
        ),
        Field(
            "encoding", _one_of(ENCODINGS), "How that body is written: `json` or `form`.", "form", when_absent="`json`"
        ),
        Field(
            "idempotency_header",
            LINE,
            "The header by which a relay or a provider knows a repeat.",
            "Idempotency-Key",
            when_absent=NONE,
        ),
        Field("visibility", _one_of(VISIBILITIES), "Who sees a post on Mastodon.", "unlisted", when_absent="`public`"),
        Field(
            "limit", NUMBER, "The most characters, where it is not that of the kind.", "1000", when_absent="by its kind"
        ),
        Field("segments", NUMBER, "The most messages that one SMS may be charged as.", "1", when_absent="2"),
        Field(
            "components",
            Form(read_lines),
            "Say only what affects one of these.",
            "[api]",
            when_absent="all",
        ),
        Field("impact", _one_of(Impact), "Say only what has at least this impact.", "major", when_absent="any"),
        Field(
            "kinds",
            Form(_read_kinds),
            "Speak of these only: `incident`, `maintenance`.",
            "[incident]",
            when_absent="both",
        ),
        Field(
            "languages",
            Form(_read_languages),
            "Say everything in each of these languages.",
            "[en, fr]",
            when_absent="the site’s",
        ),
        Field(
            "quiet",
            Form(_read_quiet),
            "From when to when nothing is said, except of a critical impact.",
            '"22:00-07:00"',
            when_absent="never",
        ),
        Field("per_minute", NUMBER, "The most messages in a minute.", "30", when_absent="no limit"),
        Field("timeout", DURATION, "How long all attempts of a run may take.", "1m", when_absent="`2m`"),
        Field("max_age", DURATION, "An update older than that is no news here.", "6h", when_absent="`24h`"),
        Field(
            "drill",
            FLAG,
            "`true`: only `status drill` speaks there.",
            "true",
            when_absent="`false`",
            attribute="is_drill",
        ),
    ),
    allow_null=True,
)
COMMON = {
    "name", "kind", "mode", "components", "impact", "kinds", "languages", "quiet", "per_minute", "timeout", "max_age",
    "drill", "limit",
}  # fmt: skip
"""The keys that each kind has."""
OF_KIND: Pairs[ChannelKind, tuple[str, str]] = {
    ChannelKind.EMAIL: ("from to_env server_env", "idempotency_header"),
    ChannelKind.SMS: ("url to_env body", "token_env from from_env method headers encoding idempotency_header segments"),
    ChannelKind.GAMMU: ("spool to_env", "segments"),
    ChannelKind.MASTODON: ("url token_env", "visibility"),
    ChannelKind.SIGNAL: ("url from_env to_env", "token_env"),
    ChannelKind.TELEGRAM: ("token_env to", "url"),
    ChannelKind.TRUST_CAFE: ("url auth_url token_env", "to"),
    ChannelKind.MEWE: ("app_env token_env", "url to"),
    ChannelKind.WEBHOOK: ("url_env token_env", ""),
    ChannelKind.SLACK: ("url_env", ""),
    ChannelKind.DISCORD: ("", "url_env url token_env to"),
    ChannelKind.TEAMS: ("url_env", ""),
    ChannelKind.MATRIX: ("url token_env to", ""),
    ChannelKind.NTFY: ("url to", "token_env"),
    ChannelKind.BLUESKY: ("from token_env", "url"),
    ChannelKind.APPRISE: ("url_env", ""),
    ChannelKind.PERSON: ("", ""),
}
"""Kind -> the keys that it needs, and those that it may have, beside `COMMON`."""


def _refuse_unfit(context: Context, item: Node, channel: Channel, given: set[str]) -> None:
    """Keys of another kind, or too few of its own."""
    needs, may = (set(keys.split()) for keys in OF_KIND[channel.kind])
    for key in sorted(given - COMMON - needs - may):
        context.add_problem(item, f'a channel of kind {channel.kind} has no "{key}".', f"Remove {key}:.")
    for key in sorted(needs - given):
        context.add_problem(item, f'"{key}" is missing.', CHANNEL.by_key[key].sample)
    if channel.kind is ChannelKind.DISCORD and ("url_env" in given) == bool({"token_env", "to"} <= given):
        hint = "Write url_env: for a webhook; or token_env: and to:, the id of a channel, for a bot."
        context.add_problem(item, "a channel of kind discord is a webhook or a bot.", hint)
    if channel.kind is ChannelKind.MATRIX and channel.to and not channel.to.startswith("!"):
        hint = 'Write the id of the room, which its settings show: to: "!status:example.org"'
        context.add_problem(item, f'"{channel.to}" is no room of Matrix; an alias is none.', hint)
    if channel.kind is ChannelKind.PERSON and channel.mode is not Mode.MANUAL:
        context.add_problem(item, "on a channel of kind person only a person speaks.", "Write mode: manual.")


def read_channels(context: Context, node: Node, field: Field) -> tuple[Channel, ...]:
    channels: dict[str, Channel] = {}
    for item in items(context, node, field):
        values = CHANNEL.read(context, item)
        if values is None or not CHANNEL.is_complete(values):
            continue
        channel = Channel(**values)
        _refuse_unfit(context, item, channel, set(item.pairs) if isinstance(item, Mapping) else set())
        if channel.name in channels:
            context.add_problem(item, f'a second channel "{channel.name}".', "Give each a name of its own.")
        channels.setdefault(channel.name, channel)
    return tuple(channels.values())
