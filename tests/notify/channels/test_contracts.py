"""The channels against services that somebody else wrote: the same key once, threads, what is too long, and faults."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import contract_servers
import messages
import pytest
from contract_servers import MASTODON_TOKEN, TELEGRAM_TOKEN, asked

from status_tool.model.channel import Channel, ChannelKind
from status_tool.notify.channels import CHANNELS
from status_tool.notify.receipt import Outcome, Receipt
from status_tool.notify.words import Words

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def mastodon() -> Iterator[str]:
    with contract_servers.mastodon() as url:
        yield url


@pytest.fixture(autouse=True)
def no_faults(request: pytest.FixtureRequest) -> None:
    if "mastodon" in request.fixturenames:
        asked(f"{request.getfixturevalue('mastodon')}api/v1/_mock/faults", method="DELETE")


def toot(url: str, update: str, text: str = "", token: str = MASTODON_TOKEN, **more: Any) -> Receipt:
    channel = Channel("toot", ChannelKind.MASTODON, url=url, token_env="T_TOKEN")
    words = Words(text or f"Investigating: {update} @alice\n{messages.URL}", "Subject", "fr")
    notice = replace(messages.NOTICE, update=update)
    return CHANNELS[ChannelKind.MASTODON].send(
        messages.delivery(channel, {"token_env": token}, notice=notice, words=words, **more)
    )


def posts(url: str) -> dict[str, dict[str, Any]]:
    """By id, what the account has posted."""
    me = asked(f"{url}api/v1/accounts/verify_credentials", MASTODON_TOKEN)["id"]
    return {post["id"]: post for post in asked(f"{url}api/v1/accounts/{me}/statuses?limit=40", MASTODON_TOKEN)}


def test_mastodon_posts_the_same_key_once(mastodon: str) -> None:
    before = len(posts(mastodon))
    first, again, other = toot(mastodon, "once"), toot(mastodon, "once"), toot(mastodon, "other")

    assert (first.outcome, first) == (Outcome.DELIVERED, again)
    assert other.id != first.id
    assert len(posts(mastodon)) == before + 2
    post = posts(mastodon)[first.id]
    assert (post["language"], post["visibility"], post["mentions"]) == ("fr", "public", [])
    assert first.url == post["url"]


def test_mastodon_shows_a_thread(mastodon: str) -> None:
    first = toot(mastodon, "root")
    second = toot(mastodon, "reply", root=first.id, parent=first.id)

    assert posts(mastodon)[second.id]["in_reply_to_id"] == first.id


def test_mastodon_takes_what_the_limit_allows_and_no_more(mastodon: str) -> None:
    limit = CHANNELS[ChannelKind.MASTODON].limit(Channel("toot", ChannelKind.MASTODON))
    longest = "é" * limit.most
    assert limit.measure(longest) == limit.most

    assert toot(mastodon, "longest", longest).outcome is Outcome.DELIVERED
    refused = toot(mastodon, "longer", f"{longest}é")
    assert refused.outcome is Outcome.REJECTED
    assert refused.detail.startswith("it answers 422: Validation failed")


def test_mastodon_refuses_a_token_without_a_word_of_it(mastodon: str) -> None:
    refused = toot(mastodon, "token", token="a-wrong-token")

    assert (refused.outcome, "wrong" in refused.detail) == (Outcome.REJECTED, False)


@pytest.mark.parametrize(
    ("effect", "outcome", "seconds"),
    [
        ({"type": "ratelimit"}, Outcome.UNSENT, 300.0),
        ({"type": "status", "status": 503}, Outcome.UNSENT, None),
        ({"type": "status", "status": 500}, Outcome.UNKNOWN, None),
        ({"type": "malformed"}, Outcome.UNKNOWN, None),
        ({"type": "timeout"}, Outcome.UNKNOWN, None),
    ],
)
def test_mastodon_after_a_fault_posts_once(
    mastodon: str, effect: dict[str, Any], outcome: Outcome, seconds: float | None
) -> None:
    before = len(posts(mastodon))
    fault = {"match": {"methods": ["POST"], "path": "/api/v1/statuses"}, "effect": effect, "count": 1}
    asked(f"{mastodon}api/v1/_mock/faults", document=fault)
    update = f"{effect['type']} {effect.get('status')}"
    first, again = toot(mastodon, update, seconds=2.0), toot(mastodon, update)

    assert (first.outcome, first.retry_after, again.outcome) == (outcome, seconds, Outcome.DELIVERED)
    assert len(posts(mastodon)) == before + 1


def test_mastodon_that_answers_too_late_has_posted_once(mastodon: str) -> None:
    before = len(posts(mastodon))
    fault = {"match": {"methods": ["POST"]}, "effect": {"type": "latency", "delay_ms": 700}, "count": 1}
    asked(f"{mastodon}api/v1/_mock/faults", document=fault)
    first = toot(mastodon, "late", seconds=0.3)
    for _ in range(3):
        again = toot(mastodon, "late")

    assert (first.outcome, again.outcome, len(posts(mastodon))) == (Outcome.UNKNOWN, Outcome.DELIVERED, before + 1)


def test_telegram_takes_messages_and_knows_no_repeat() -> None:
    channel = Channel("chat", ChannelKind.TELEGRAM, to="-1001", token_env="T_TOKEN")
    with contract_servers.telegram() as url:
        at_home = replace(channel, url=url)

        def said(**more: Any) -> Receipt:
            secrets = {"token_env": TELEGRAM_TOKEN}
            return CHANNELS[ChannelKind.TELEGRAM].send(
                messages.delivery(at_home, secrets, recipient=channel.to, **more)
            )

        first, again = said(), said()
        reply = said(root=first.id, parent=first.id)
        history = asked(f"{url}getUpdatesHistory", document={"token": TELEGRAM_TOKEN})["result"]

    assert [receipt.outcome for receipt in (first, again, reply)] == [Outcome.DELIVERED] * 3
    assert [str(entry["messageId"]) for entry in history] == [first.id, again.id, reply.id]
    assert {entry["message"]["text"] for entry in history} == {messages.delivery(channel, {}).words.text}
    assert history[2]["message"]["reply_parameters"]["message_id"] == int(first.id)


@pytest.mark.skipif("STATUS_TEST_SERVERS" not in os.environ, reason="a server of 240 MB: make test-servers")
def test_matrix_takes_the_same_transaction_once(tmp_path: Path) -> None:
    with contract_servers.matrix(tmp_path) as url:
        api = f"{url}_matrix/client/v3"
        account = {"username": "status", "password": "secret-word", "auth": {"type": "m.login.dummy"}}
        token = asked(f"{api}/register", document=account)["access_token"]
        room = asked(f"{api}/createRoom", token, {"preset": "public_chat"})["room_id"]
        channel = Channel("room", ChannelKind.MATRIX, url=url, to=room, token_env="T_TOKEN")

        def said(update: str, token: str = token, to: str = room, **more: Any) -> Receipt:
            notice = replace(messages.NOTICE, update=update)
            return CHANNELS[ChannelKind.MATRIX].send(
                messages.delivery(channel, {"token_env": token}, recipient=to, notice=notice, **more)
            )

        first, again = said("1"), said("1")
        reply = said("2", root=first.id, parent=first.id)
        events = asked(f"{api}/rooms/{room}/messages?dir=b&limit=50", token)["chunk"]
        thread = asked(f"{url}_matrix/client/v1/rooms/{room}/relations/{first.id}/m.thread", token)["chunk"]
        wrong, elsewhere = said("3", token="a-wrong-token"), said("3", to="!nowhere:localhost")

    assert (first.outcome, first) == (Outcome.DELIVERED, again)
    spoken = [event["event_id"] for event in events if event["type"] == "m.room.message"]
    assert spoken == [reply.id, first.id]
    assert [event["event_id"] for event in thread] == [reply.id]
    assert (wrong.outcome, wrong.detail) == (
        Outcome.REJECTED,
        "it answers 401: M_UNKNOWN_TOKEN: Invalid access token passed.",
    )
    assert elsewhere.outcome is Outcome.REJECTED
