"""E-mail: one message to each recipient, whose id is fixed, so that replies of mail programs make threads.

RFC 5322, and RFC 3834 for what is generated; `server_env` is `smtp://user:password@host:587`, or `smtps://`.
"""

from __future__ import annotations

import contextlib
import ipaddress
import smtplib
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from status_tool.notify.channels import answers
from status_tool.notify.delivery import Delivery
from status_tool.notify.receipt import Outcome, Receipt

_PORTS = {"smtp": 587, "smtps": 465}
_POLICY = SMTP.clone(cte_type="8bit", max_line_length=998)


@dataclass(frozen=True)
class Server:
    """A mail server, and who we are there."""

    host: str
    port: int
    is_tls: bool
    user: str
    password: str

    @classmethod
    def of(cls, url: str) -> Server:
        parts = urlsplit(url)
        scheme = parts.scheme.lower()
        port = parts.port or _PORTS.get(scheme, 587)
        return cls(
            parts.hostname or "", port, scheme == "smtps", unquote(parts.username or ""), unquote(parts.password or "")
        )

    @property
    def is_this_machine(self) -> bool:
        with contextlib.suppress(ValueError):
            return ipaddress.ip_address(self.host).is_loopback
        return self.host == "localhost"


def send(delivery: Delivery) -> Receipt:
    server = Server.of(delivery.secrets["server_env"])
    message, deadline = written(delivery), time.monotonic() + delivery.seconds
    try:
        with _connected(server, delivery.seconds) as connection:
            return _handed_over(connection, server, message, delivery, deadline)
    except smtplib.SMTPResponseException as error:
        return _refused(error.smtp_code, error.smtp_error, delivery)
    except (smtplib.SMTPException, OSError) as error:  # before the message was handed over
        return Receipt(Outcome.UNSENT, detail=answers.scrubbed(_words(error), delivery))


def written(delivery: Delivery) -> EmailMessage:
    """The message; the same for each attempt."""
    channel, words = delivery.channel, delivery.words
    message = EmailMessage(policy=_POLICY)
    message["From"] = _address(channel.sender, delivery.notice.site)
    message["To"] = _address(delivery.recipient)
    message["Subject"] = words.subject
    message["Date"] = format_datetime(delivery.notice.at)
    message["Message-ID"] = _id(delivery)
    if delivery.parent:
        message["In-Reply-To"] = delivery.parent
        message["References"] = " ".join(dict.fromkeys((delivery.root, delivery.parent)))
    message["Auto-Submitted"] = "auto-generated"
    if channel.idempotency_header:
        message[channel.idempotency_header] = delivery.key
    longest = max(len(line.encode()) for line in words.text.split("\n"))
    message.set_content(words.text + "\n", cte="8bit" if longest < 990 else "base64")
    message["Content-Language"] = words.language
    return message


def _id(delivery: Delivery) -> str:
    domain = delivery.channel.sender.rpartition("@")[2].encode("idna").decode()
    return f"<{delivery.key}@{domain}>"


def _address(text: str, name: str = "") -> Address:
    user, _, domain = text.rpartition("@")
    with contextlib.suppress(UnicodeError):
        domain = domain.encode("idna").decode()
    return Address(name, user, domain)


@contextlib.contextmanager
def _connected(server: Server, seconds: float) -> Iterator[smtplib.SMTP]:
    """A connection on which a message may be handed over; closed afterwards, whatever the server says to that."""
    context = ssl.create_default_context()
    if server.is_tls:
        connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=seconds, context=context)
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=seconds)
    try:
        connection.ehlo_or_helo_if_needed()
        if not server.is_tls and connection.has_extn("starttls"):
            connection.starttls(context=context)
            connection.ehlo()
        yield connection
    finally:
        connection.close()


def _handed_over(
    connection: smtplib.SMTP, server: Server, message: EmailMessage, delivery: Delivery, deadline: float
) -> Receipt:
    is_secret = server.is_tls or isinstance(connection.sock, ssl.SSLSocket) or server.is_this_machine
    if server.user and not is_secret:
        detail = "the server offers no TLS, so that the password would be read by others"
        return Receipt(Outcome.REJECTED, detail=detail)
    _limit(connection, deadline)
    if server.user:
        connection.login(server.user, server.password)
    options = []
    if any(not part.isascii() for part in (delivery.channel.sender, delivery.recipient.rpartition("@")[0])):
        if not connection.has_extn("smtputf8"):
            return Receipt(Outcome.REJECTED, detail="the server takes no address with such letters")
        options = ["SMTPUTF8"]
    if connection.has_extn("8bitmime"):
        options.append("BODY=8BITMIME")
    elif message["Content-Transfer-Encoding"] == "8bit":
        message = _as_7_bit(message)
    _limit(connection, deadline)
    _expect(connection.mail(message["From"].addresses[0].addr_spec, options))
    _limit(connection, deadline)
    _expect(connection.rcpt(message["To"].addresses[0].addr_spec))
    _limit(connection, deadline)
    _expect(connection.docmd("DATA"), wanted=3)
    content = message.as_bytes(policy=_POLICY.clone(utf8="SMTPUTF8" in options))
    dotted = b"\r\n".join(b"." + line if line.startswith(b".") else line for line in content.split(b"\r\n"))
    _limit(connection, deadline)
    try:
        connection.send(dotted.rstrip(b"\r\n") + b"\r\n.\r\n")
        code, said = connection.getreply()
    except (smtplib.SMTPException, OSError) as error:
        return Receipt(Outcome.UNKNOWN, _id(delivery), detail=answers.scrubbed(_words(error), delivery))
    if code // 100 == 2:
        return Receipt(Outcome.ACCEPTED, _id(delivery))
    return _refused(code, said, delivery)


def _limit(connection: smtplib.SMTP, deadline: float) -> None:
    """Gives the next answer of the server the time that is left; TimeoutError when there is none."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    if connection.sock is not None:
        connection.sock.settimeout(left)


def _as_7_bit(message: EmailMessage) -> EmailMessage:
    """The same message for a server that takes 7 bits only."""
    language = message["Content-Language"]
    message.set_content(message.get_content(), cte="quoted-printable")
    message["Content-Language"] = language
    return message


def _expect(answer: tuple[int, bytes], wanted: int = 2) -> None:
    """SMTPResponseException when the server has not agreed."""
    code, said = answer
    if code // 100 != wanted:
        raise smtplib.SMTPResponseException(code, said)


def _refused(code: int, said: bytes | str, delivery: Delivery) -> Receipt:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    outcome = Outcome.REJECTED if code // 100 == 5 else Outcome.UNSENT
    return Receipt(outcome, detail=answers.scrubbed(f"{code} {' '.join(text.split())}", delivery))


def _words(error: BaseException) -> str:
    if isinstance(error, socket.gaierror):
        return "its name cannot be resolved"
    if isinstance(error, ConnectionRefusedError):
        return "the connection is refused"
    if isinstance(error, TimeoutError) or "timed out" in str(error):
        return "no answer in time"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not valid: {error.verify_message}"
    if isinstance(error, smtplib.SMTPServerDisconnected | ConnectionError):
        return "the connection was lost"
    return str(error) or type(error).__name__
