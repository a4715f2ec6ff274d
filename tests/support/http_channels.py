"""Every kind of channel over HTTP: how it is configured, and what its service documents as an answer."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import messages
from channel_stub import Reply

from status_tool.model.channel import Channel, ChannelKind
from status_tool.notify.channels import CHANNELS
from status_tool.notify.delivery import Delivery
from status_tool.notify.receipt import Outcome, Receipt

TOKEN = 'k3y/with+odd=&"signs'
"""A secret of characters that each way of writing writes differently."""
NUMBER, SENDER = "+33199001234", "+33199009999"
PATH = "services/T0AB12/s3cr3t-Path-0fURL"


@dataclass(frozen=True)
class Case:
    kind: ChannelKind
    keys: dict[str, Any]
    """What is configured; `{url}` is the address of the service."""
    secrets: dict[str, str]
    good: Reply
    id: str = ""
    """By which the service knows the message, of `good`."""
    recipient: str = ""
    before: tuple[Reply, ...] = ()
    """The answers to what is asked before the message is sent."""
    said: Outcome = Outcome.DELIVERED
    takes_anything: bool = False
    """Whether any answer 2xx is one, except for a page."""
    takes_nothing: bool = False
    """Whether an answer without content is one."""
    name: str = field(default="")

    def delivery(self, url: str, **more: Any) -> Delivery:
        keys = {
            name: value.replace("{url}", url) if isinstance(value, str) else value for name, value in self.keys.items()
        }
        secrets = {name: value.replace("{url}", url) for name, value in self.secrets.items()}
        names = {name: f"T_{name.upper()}" for name in secrets}
        people = {"to_env": "T_TO"} if self.recipient == NUMBER else {}
        channel = Channel("here", self.kind, **{**names, **people, **keys})
        return messages.delivery(channel, secrets, recipient=self.recipient, **more)

    def send(self, url: str, **more: Any) -> Receipt:
        return CHANNELS[self.kind].send(self.delivery(url, **more))


LOGIN = Reply(200, {"accessJwt": "jwt-header.jwt-payload.jwt-signature", "did": "did:plc:abc", "handle": "x"})
ACCESS = Reply(200, {"tokenData": {"accessToken": "access-token-of-an-hour"}})
URL = {"url": "{url}"}
TOKENS = {"token_env": TOKEN}
HIDDEN = {"url_env": f"{{url}}{PATH}"}
CASES = [
    Case(
        ChannelKind.SMS,
        {
            "url": "{url}send",
            "sender": "Example",
            "headers": {"Authorization": "Bearer {token}"},
            "body": {"to.0": "{to}", "text": "{text}", "from": "{from}"},
            "idempotency_header": "Idempotency-Key",
        },
        TOKENS,
        Reply(201, {"messages": [{"id": "sms-1"}]}),
        "sms-1",
        NUMBER,
        said=Outcome.ACCEPTED,
        takes_anything=True,
        takes_nothing=True,
    ),
    Case(
        ChannelKind.MASTODON,
        URL,
        TOKENS,
        Reply(200, {"id": "7", "url": "https://social.example/@status/7"}),
        "7",
    ),
    Case(
        ChannelKind.SIGNAL,
        URL,
        {**TOKENS, "sender_env": SENDER},
        Reply(201, {"timestamp": "1604342323432"}),
        "1604342323432",
        NUMBER,
        said=Outcome.ACCEPTED,
    ),
    Case(
        ChannelKind.TELEGRAM,
        {**URL, "to": "@example"},
        {"token_env": "123456:AAtokenOfABot-x"},
        Reply(200, {"ok": True, "result": {"message_id": 12, "chat": {"id": -100}}}),
        "12",
        "@example",
    ),
    Case(
        ChannelKind.TRUST_CAFE,
        {**URL, "auth_url": "{url}auth/"},
        {"token_env": f"client-id-1:{TOKEN}"},
        Reply(200, {"postId": "1730376044592-85346010"}),
        "1730376044592-85346010",
        before=(ACCESS,),
    ),
    Case(
        ChannelKind.MEWE,
        URL,
        {**TOKENS, "app_env": "app-id-1:api-key-of-the-app"},
        Reply(204),
        takes_nothing=True,
    ),
    Case(
        ChannelKind.WEBHOOK,
        {},
        {**HIDDEN, **TOKENS},
        Reply(200, b"thanks"),
        "*",
        said=Outcome.ACCEPTED,
        takes_anything=True,
        takes_nothing=True,
    ),
    Case(ChannelKind.SLACK, {}, HIDDEN, Reply(200, b"ok")),
    Case(ChannelKind.DISCORD, {}, HIDDEN, Reply(200, {"id": "1150"}), "1150", name="discord-webhook"),
    Case(
        ChannelKind.DISCORD,
        {**URL, "to": "99"},
        TOKENS,
        Reply(200, {"id": "1151"}),
        "1151",
        "99",
        name="discord-bot",
    ),
    Case(ChannelKind.TEAMS, {}, HIDDEN, Reply(202), said=Outcome.ACCEPTED, takes_nothing=True),
    Case(
        ChannelKind.MATRIX,
        {**URL, "to": "!room:example.org"},
        TOKENS,
        Reply(200, {"event_id": "$e1:example.org"}),
        "$e1:example.org",
        "!room:example.org",
    ),
    Case(
        ChannelKind.NTFY, {**URL, "to": "status"}, TOKENS, Reply(200, {"id": "n1", "event": "message"}), "n1", "status"
    ),
    Case(
        ChannelKind.BLUESKY,
        {**URL, "sender": "@status.example.org"},
        TOKENS,
        Reply(200, {"uri": "at://did:plc:abc/app.bsky.feed.post/3", "cid": "bafy1"}),
        "at://did:plc:abc/app.bsky.feed.post/3 bafy1",
        before=(LOGIN,),
    ),
]
CASES = [replace(case, name=case.name or case.kind.value) for case in CASES]
BY_NAME = {case.name: case for case in CASES}
