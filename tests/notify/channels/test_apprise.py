"""Apprise, with its own plugin for JSON: what it says becomes a receipt, and its log has no address."""

from __future__ import annotations

import logging
import sys

import channel_stub
import messages
import pytest
from channel_stub import Reply

from status_tool.model.channel import Channel, ChannelKind
from status_tool.notify.channels import apprise
from status_tool.notify.receipt import Outcome

CHANNEL = Channel("rest", ChannelKind.APPRISE, url_env="T_URL")


@pytest.mark.parametrize(("code", "outcome"), [(200, Outcome.ACCEPTED), (500, Outcome.UNKNOWN)])
def test_what_apprise_says_becomes_a_receipt(code: int, outcome: Outcome, caplog: pytest.LogCaptureFixture) -> None:
    with channel_stub.serving(Reply(code)) as service, caplog.at_level(logging.DEBUG):
        url = service.url.replace("http://", "json://me:secretword@")
        receipt = apprise.send(messages.delivery(CHANNEL, {"url_env": url}))

    assert receipt.outcome is outcome
    assert service.requests[0].json["message"] == messages.delivery(CHANNEL, {}).words.text
    assert "secretword" not in caplog.text + receipt.detail


def test_an_address_that_apprise_does_not_know_is_refused() -> None:
    receipt = apprise.send(messages.delivery(CHANNEL, {"url_env": "pigeon://secretword"}))

    assert (receipt.outcome, receipt.detail) == (Outcome.REJECTED, "apprise does not know this kind of address")


def test_without_apprise_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)

    assert apprise.send(messages.delivery(CHANNEL, {})).detail == apprise.HOW_TO_INSTALL
