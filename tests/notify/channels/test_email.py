"""E-mail against real servers in this process: what is accepted, refused, put off, or lost on the way."""

from __future__ import annotations

import contextlib
import email
import email.policy
import os
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import hosts
import messages
import pytest
import tls_server
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from messages import NOTICE, URL

from status_tool.model.channel import Channel, ChannelKind
from status_tool.notify.channels import email as mail
from status_tool.notify.delivery import Delivery
from status_tool.notify.receipt import Outcome
from status_tool.notify.words import Words

CHANNEL = Channel("mail", ChannelKind.EMAIL, sender="status@example.org", to_env="T_TO", server_env="T_SMTP")


def delivery(server: str, **more: Any) -> Delivery:
    secrets = {"server_env": server, "to_env": "ann@example.org"}
    return messages.delivery(CHANNEL, secrets, **{"recipient": "ann@example.org", **more})


class Mailbox:
    """What a server got, and how it answers."""

    def __init__(self, rcpt: str = "250 OK", data: str = "250 queued") -> None:
        self.rcpt, self.data = rcpt, data
        self.got: list[bytes] = []

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.rcpt.format(address)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.got.append(bytes(envelope.content or b""))
        return self.data


@contextmanager
def serving(mailbox: Mailbox, **options: Any) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        controller.stop()


def parsed(content: bytes) -> EmailMessage:
    found = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    assert found.defects == []
    return found


def test_a_message_is_what_other_programs_read() -> None:
    mailbox = Mailbox()
    with serving(mailbox) as server:
        first = mail.send(delivery(f"smtp://{server}"))
        second = mail.send(delivery(f"smtp://{server}", root="<1@example.org>", parent="<2@example.org>"))

    assert (first.outcome, first.id == second.id) == (Outcome.ACCEPTED, True)
    message, reply = map(parsed, mailbox.got)
    assert message["Message-ID"] == first.id
    assert message["Subject"] == "[Example Status] Investigating: API – été"
    assert message["From"] == "Example Status <status@example.org>"
    assert message["To"] == "ann@example.org"
    assert (message["Auto-Submitted"], message["Content-Language"]) == ("auto-generated", "en")
    assert message["Date"].datetime == NOTICE.at
    assert message.get_content().replace("\r\n", "\n") == f"Investigating: API errors – ça dure\n.\n{URL}\n"
    assert (message["References"], reply["References"]) == (None, "<1@example.org> <2@example.org>")
    assert reply["In-Reply-To"] == "<2@example.org>"


@pytest.mark.parametrize(
    ("mailbox", "outcome", "detail"),
    [
        (Mailbox(rcpt="550 5.1.1 {} unknown"), Outcome.REJECTED, "550 5.1.1 … unknown"),
        (Mailbox(rcpt="451 4.7.1 greylisted"), Outcome.UNSENT, "451 4.7.1 greylisted"),
        (Mailbox(rcpt="421 4.3.2 busy"), Outcome.UNSENT, "421 4.3.2 busy"),
        (Mailbox(data="552 too much mail for ann@example.org"), Outcome.REJECTED, "552 too much mail for …"),
        (Mailbox(data="451 try again"), Outcome.UNSENT, "451 try again"),
    ],
    ids=["unknown", "greylisted", "busy", "full", "later"],
)
def test_a_server_that_says_no_is_quoted_without_the_address(mailbox: Mailbox, outcome: Outcome, detail: str) -> None:
    with serving(mailbox) as server:
        receipt = mail.send(delivery(f"smtp://{server}"))

    assert (receipt.outcome, receipt.detail) == (outcome, detail)


@contextmanager
def talking(*answers: bytes, after: Callable[[socket.socket], object] = socket.socket.close) -> Iterator[str]:
    """A server that says these lines one after the other, whatever it hears, and then does `after`."""
    listener = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        with contextlib.suppress(OSError):
            connection, _ = listener.accept()
            with connection:
                for answer in answers:
                    connection.sendall(answer)
                    connection.recv(100_000)
                after(connection)

    threading.Thread(target=talk, daemon=True).start()
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.close()


GREETING, OK, GO_ON = b"220 hello\r\n", b"250 fine\r\n", b"354 go on\r\n"


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ([GREETING], Outcome.UNSENT),
        ([GREETING, OK, OK], Outcome.UNSENT),
        ([GREETING, OK, OK, OK, GO_ON], Outcome.UNKNOWN),
        ([b"554 no service\r\n"], Outcome.REJECTED),
        ([b"HTTP/1.1 400 Bad Request\r\n\r\n"], Outcome.UNSENT),
    ],
    ids=["greeted", "sender", "message", "no service", "no mail server"],
)
def test_a_connection_that_is_lost_after_the_message_leaves_it_unknown(said: list[bytes], outcome: Outcome) -> None:
    with talking(*said) as server:
        assert mail.send(delivery(f"smtp://{server}")).outcome is outcome


def test_a_server_that_hangs_after_the_message_leaves_it_unknown() -> None:
    with talking(GREETING, OK, OK, OK, GO_ON, after=lambda connection: connection.recv(1)) as server:
        receipt = mail.send(delivery(f"smtp://{server}", seconds=0.5))

    assert (receipt.outcome, receipt.detail) == (Outcome.UNKNOWN, "no answer in time")


def test_nobody_there_means_not_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    receipt = mail.send(delivery(f"smtp://127.0.0.1:{port}"))

    assert (receipt.outcome, receipt.detail) == (Outcome.UNSENT, "the connection is refused")


def test_tls_is_used_where_it_is_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = tls_server.Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.certificate("localhost"))
    known: list[tuple[bytes, bytes]] = []

    def login(*args: Any) -> AuthResult:
        known.append((args[-1].login, args[-1].password))
        return AuthResult(success=args[-1].password == b"p:w@d", handled=False)

    with serving(Mailbox(), tls_context=context, authenticator=login, auth_required=True) as server:
        address = server.replace("127.0.0.1", "localhost")
        right = mail.send(delivery(f"smtp://me:p%3Aw%40d@{address}"))
        wrong = mail.send(delivery(f"smtp://me:hunter2000@{address}"))

    assert (right.outcome, known[0]) == (Outcome.ACCEPTED, (b"me", b"p:w@d"))
    assert (wrong.outcome, wrong.detail) == (Outcome.REJECTED, "535 5.7.8 Authentication credentials invalid")


def test_a_password_is_not_sent_where_others_could_read_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if this machine were another one."""
    monkeypatch.setattr(mail.Server, "is_this_machine", False)
    with serving(Mailbox()) as server:
        receipt = mail.send(delivery(f"smtp://me:secret-word@{server}"))

    assert receipt.outcome is Outcome.REJECTED
    assert receipt.detail == "the server offers no TLS, so that the password would be read by others"


def test_a_certificate_of_another_is_refused(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tls_server.Authority(tmp_path).certificate("localhost"))
    mailbox = Mailbox()
    with serving(mailbox, tls_context=context) as server:
        receipt = mail.send(delivery(f"smtp://{server.replace('127.0.0.1', 'localhost')}"))

    assert (receipt.outcome, mailbox.got) == (Outcome.UNSENT, [])
    assert receipt.detail.startswith("its certificate is not valid: ")


@pytest.mark.parametrize("text", ["x" * 3_000 + "\nend", "one\n..two\n.\nthree"], ids=["long", "dots"])
def test_no_text_breaks_out_of_its_place(text: str) -> None:
    mailbox = Mailbox()
    with serving(mailbox) as server:
        receipt = mail.send(delivery(f"smtp://{server}", words=Words(text, "Dots", "en")))

    assert receipt.outcome is Outcome.ACCEPTED
    assert parsed(mailbox.got[0]).get_content().replace("\r\n", "\n") == f"{text}\n"


def test_a_subject_of_two_lines_makes_no_header() -> None:
    with pytest.raises(ValueError, match="linefeed or carriage return"):
        mail.written(delivery("smtp://x", words=Words("x", "Dots\r\nBcc: eve@example.org", "en")))


def test_an_address_with_other_letters_needs_a_server_that_takes_them() -> None:
    with serving(Mailbox(), enable_SMTPUTF8=True) as server:
        taken = mail.send(delivery(f"smtp://{server}", recipient="rené@bücher.example"))
    with serving(Mailbox(), enable_SMTPUTF8=False) as server:
        refused = mail.send(delivery(f"smtp://{server}", recipient="rené@bücher.example"))

    assert (taken.outcome, refused.outcome) == (Outcome.ACCEPTED, Outcome.REJECTED)
    assert refused.detail == "the server takes no address with such letters"


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("smtpd") or os.getuid() != 0, reason="needs OpenSMTPD, as root")
def test_a_real_server_refuses_whom_it_does_not_know(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    tmp_path.chmod(0o755)
    (tmp_path / "aliases").write_text("ann: root\n")
    (tmp_path / "smtpd.conf").write_text(
        f"table aliases file:{tmp_path}/aliases\nlisten on 127.0.0.1 port {port} no-dsn\n"
        f'action "keep" maildir "{tmp_path}/mail" virtual <aliases>\n'
        'match from any for domain "example.org" action "keep"\n'
    )
    process = subprocess.Popen(["smtpd", "-d", "-f", str(tmp_path / "smtpd.conf")], stderr=subprocess.DEVNULL)
    try:
        hosts.wait_for(port)
        known = mail.send(delivery(f"smtp://127.0.0.1:{port}"))
        unknown = mail.send(delivery(f"smtp://127.0.0.1:{port}", recipient="bob@example.org"))
        elsewhere = mail.send(delivery(f"smtp://127.0.0.1:{port}", recipient="ann@example.net"))
    finally:
        process.terminate()
        process.wait()

    assert known.outcome is Outcome.ACCEPTED
    assert [receipt.outcome for receipt in (unknown, elsewhere)] == [Outcome.REJECTED] * 2
    assert [receipt.detail for receipt in (unknown, elsewhere)] == [
        "524 5.2.4 Mailing list expansion problem: <…>",
        "550 Invalid recipient: <…>",
    ]
