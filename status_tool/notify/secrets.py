"""What channels need from the environment: their secrets and recipients, checked and never shown."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator, Mapping, Sequence

from status_tool.errors import Problem, StatusError
from status_tool.model.channel import Channel, ChannelKind
from status_tool.notify.channels import CHANNELS
from status_tool.notify.due import Speaker

LEDGER_KEY = "STATUS_LEDGER_KEY"
"""With it, the ledger, which others may read, has no address and no number."""
_VARIABLES = ("url_env", "server_env", "token_env", "app_env", "sender_env", "to_env")
_LEAST_KEY = 16
_MAIL = re.compile(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+\.?[^@\s<>,;:\".]+")
_NUMBER = re.compile(r"\+[1-9]\d{6,14}")
_GROUP = re.compile(r"group\.[A-Za-z0-9+/=]{20,}")


def speaker(channel: Channel, environment: Mapping[str, str]) -> Speaker:
    """A channel with its secrets; StatusError with everything that is missing or wrong in the environment."""
    found = list(problems(channel, environment))
    if found:
        raise StatusError.of(found)
    names = {attribute: getattr(channel, attribute) for attribute in _VARIABLES if getattr(channel, attribute)}
    secrets = {attribute: environment[name].strip() for attribute, name in names.items()}
    recipients = _recipients(environment[channel.to_env]) if channel.to_env else (channel.to,)
    key = environment.get(LEDGER_KEY, "").strip() if channel.to_env else ""
    return Speaker(channel, CHANNELS[channel.kind], secrets, recipients, key)


def problems(channel: Channel, environment: Mapping[str, str]) -> Iterator[Problem]:
    """What is missing or wrong in the environment, without a word of the values."""
    for attribute in _VARIABLES:
        name = getattr(channel, attribute)
        if name and not environment.get(name, "").strip():
            yield Problem(
                f"{name} is not set, which the channel {channel.name} needs.", hint=f"Set it: export {name}=..."
            )
        elif name and _is_odd(environment[name], is_list=attribute == "to_env"):
            yield Problem(f"{name} has a line break or another invisible character.", hint="Set it again, as one line.")
        elif attribute == "to_env" and name and not _recipients(environment[name]):
            yield Problem(f"{name} names nobody.", hint="Separate recipients by commas.")
    if channel.kind is ChannelKind.APPRISE and importlib.util.find_spec("apprise") is None:
        what = f"apprise is not installed, which the channel {channel.name} needs."
        yield Problem(what, hint='Install it: pip install "incident-status[apprise]"')
    yield from _wrong_values(channel, environment)
    if channel.to_env and len(environment.get(LEDGER_KEY, "").strip()) < _LEAST_KEY:
        what = f"{LEDGER_KEY} is not set, without which the ledger would have the recipients of {channel.name} in it."
        if environment.get(LEDGER_KEY):
            what = f"{LEDGER_KEY} has fewer than {_LEAST_KEY} characters."
        hint = "Make one, and give the same to everybody who sends, and to CI: openssl rand -hex 16"
        yield Problem(what, hint=hint)


def _wrong_values(channel: Channel, environment: Mapping[str, str]) -> Iterator[Problem]:
    url, server = (environment.get(name, "").strip() if name else "" for name in (channel.url_env, channel.server_env))
    if url and channel.kind is not ChannelKind.APPRISE and not re.match(r"https?://[^/\s]+", url):
        yield Problem(f"{channel.url_env} is not a full address.", hint="It begins with https://")
    if server and not re.fullmatch(
        r"smtps?://(?:[^@/\s]*@)?[^@/\s:]+(?::\d{1,5})?/?|smtps?://(?:[^@/\s]*@)?\[[0-9a-fA-F:]+\](?::\d{1,5})?/?",
        server,
    ):
        hint = f"Write, for example: export {channel.server_env}=smtp://user:password@mail.example.org:587"
        yield Problem(f"{channel.server_env} is not the address of a mail server.", hint=hint)
    pairs = {ChannelKind.MEWE: channel.app_env, ChannelKind.TRUST_CAFE: channel.token_env}
    if (name := pairs.get(channel.kind)) and (value := environment.get(name, "").strip()):
        first, _, second = value.partition(":")
        if not first or not second:
            hint = f"Write both with a colon between them: export {name}=id:secret"
            yield Problem(f"{name} is not the id and the secret of an application.", hint=hint)
    patterns: dict[ChannelKind, Sequence[re.Pattern[str]]] = {
        ChannelKind.EMAIL: (_MAIL,),
        ChannelKind.SMS: (_NUMBER,),
        ChannelKind.GAMMU: (_NUMBER,),
        ChannelKind.SIGNAL: (_NUMBER, _GROUP),
    }
    wanted = patterns.get(channel.kind, ())
    recipients = _recipients(environment.get(channel.to_env, "")) if channel.to_env else ()
    for number, recipient in enumerate(recipients, start=1):
        if wanted and not any(pattern.fullmatch(recipient) for pattern in wanted):
            kind = "mail address" if channel.kind is ChannelKind.EMAIL else "telephone number with + and country code"
            what = f"the recipient {number} of {channel.to_env} is no {kind}."
            yield Problem(
                what,
                hint="Separate recipients by commas: +33199001234,+33199005678"
                if "tele" in kind
                else "Separate recipients by commas: ann@example.org,bob@example.org",
            )


def _recipients(text: str) -> tuple[str, ...]:
    """Each once, whatever is between them; as in the ledger, capital letters make no difference."""
    found: dict[str, str] = {}
    for part in re.split(r"[,;\r\n]", text):
        if recipient := part.strip():
            found.setdefault(recipient.casefold(), recipient)
    return tuple(found.values())


def _is_odd(text: str, *, is_list: bool) -> bool:
    """Whether there are characters that nobody sees, and that no header takes; in a list, lines are apart."""
    return any(not character.isprintable() and not (is_list and character in "\r\n\t") for character in text.strip())
