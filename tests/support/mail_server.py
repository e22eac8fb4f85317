"""A real mail server on loopback, with certificates of its own making, that can refuse and go away."""

import asyncio
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import needs
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from stins.config import Mail, Security

USER, PASSWORD = "stins", "ett langt ord"


@dataclass(frozen=True, slots=True)
class Authority:
    """Who vouches for the server: the certificate to trust, and the server's own certificate and key."""

    ca: Path
    certificate: Path
    key: Path


def authority(folder: Path) -> Authority:
    """Make an authority and let it vouch for 127.0.0.1."""
    openssl = needs.program(("openssl",), "openssl", "on Debian: sudo apt-get install openssl")
    ca, key, certificate = folder / "ca.pem", folder / "server.key", folder / "server.pem"
    new = [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    long = ["-days", "36500"]
    _run(
        *new, *long, "-keyout", str(folder / "ca.key"), "-out", str(ca), "-subj", "/CN=Provutgivaren",
        "-addext", "keyUsage=critical,keyCertSign,cRLSign",
    )  # fmt: skip
    _run(
        *new, *long, "-CA", str(ca), "-CAkey", str(folder / "ca.key"), "-keyout", str(key),
        "-out", str(certificate), "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
        "-addext", "basicConstraints=critical,CA:FALSE",
    )  # fmt: skip
    return Authority(ca, certificate, key)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


@dataclass
class Postbox:
    """What the server has taken, and how it answers: ``refuses`` gives its answer to an address."""

    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    refuses_text: str = ""
    refuses_sender: str = ""
    asked: list[str] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    content: list[bytes] = field(default_factory=list)
    dies_at: dict[str, int] = field(default_factory=dict)
    """For ``MAIL``, ``RCPT``, ``DATA`` and ``taken``: after so many letters every line is broken there."""
    at_data: Callable[[], object] = bool
    letters_a_line: int = 1_000_000
    lines: dict[int, int] = field(default_factory=dict)

    def to(self, address: str) -> list[EmailMessage]:
        """Give what was taken for an address."""
        return [message for to, message in self.taken if to == address]

    async def handle_MAIL(self, server: SMTP, _session, envelope: Envelope, address: str, options) -> str:  # noqa: N802
        """Take a sender."""
        self._die(server, "MAIL")
        if self.lines.setdefault(id(server), 0) >= self.letters_a_line:
            return "421 4.3.2 enough for one line"
        self.lines[id(server)] += 1
        self.senders.append(address)
        if self.refuses_sender:
            return self.refuses_sender
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, _session, envelope: Envelope, address: str, _options) -> str:  # noqa: N802
        """Take a recipient, or refuse."""
        self._die(server, "RCPT")
        self.asked.append(address)
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session, envelope: Envelope) -> str:  # noqa: N802
        """Take a message."""
        self.at_data()
        self._die(server, "DATA")
        if self.refuses_text:
            return self.refuses_text
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.taken += [(to, message) for to in envelope.rcpt_tos]
        self.content.append(envelope.content)
        self._die(server, "taken")
        return "250 OK"

    def _die(self, server: SMTP, step: str) -> None:
        if len(self.taken) >= self.dies_at.get(step, 1_000_000):
            server.transport.abort()
            raise asyncio.CancelledError


def _authenticate(_server, _session: Session, _envelope, _mechanism: str, data) -> AuthResult:
    right = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
    return AuthResult(success=right and data.login == USER.encode(), handled=False)


@contextmanager
def serving(
    postbox: Postbox,
    of: Authority | None = None,
    security: Security = Security.NONE,
    *,
    sign_in: bool = False,
) -> Iterator[Mail]:
    """Serve, and give the settings that reach the server."""
    tls = None
    if of is not None:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(of.certificate, of.key)
    how = {"tls_context": tls, "require_starttls": True} if security is Security.STARTTLS else {}
    if sign_in:
        how |= {"authenticator": _authenticate, "auth_required": True}
    loop = asyncio.new_event_loop()
    closed = tls if security is Security.TLS else None
    thread = threading.Thread(target=loop.run_forever)
    thread.start()  # not here: a browser's test has a loop of its own
    server = asyncio.run_coroutine_threadsafe(
        loop.create_server(lambda: SMTP(postbox, loop=loop, **how), "127.0.0.1", 0, ssl=closed), loop
    ).result()
    try:
        port = server.sockets[0].getsockname()[1]
        yield Mail("127.0.0.1", port, security, "", None, of and of.ca, "stins@region.example")
    finally:
        asyncio.run_coroutine_threadsafe(_stop(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _stop(server: asyncio.Server) -> None:
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
