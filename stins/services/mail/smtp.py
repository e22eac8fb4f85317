"""The line to the mail server: closed with TLS, its certificate always verified."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from stins.config import Mail, Security

TIMEOUT = 30
"""Seconds to wait for the server at any step."""
AWAY = 421
SENDER_NAME = "STINS"


SAID_MOST = 160
NOWHERE = "<>"
"""The null return path: nothing comes back about a letter, to anybody."""


class ServerAway(Exception):
    """The server cannot be reached, trusted or signed in to, or takes no mail from us. The text says why."""


class Unsure(Exception):
    """The line broke after a letter was handed over: nobody knows whether it was taken."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it is to be sent. ``id`` is its own; a duplicate carries the same."""

    id: str
    to_name: str
    to_address: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a letter: taken when ``trouble`` is empty; a later try helps unless ``is_final``.

    ``said`` is the server's own words, which may name the address.
    """

    trouble: str = ""
    is_final: bool = False
    said: str = ""


class Line:
    """An open line to the server, for as many letters as there are."""

    def __init__(self, server: smtplib.SMTP, sender: str) -> None:
        self.server, self.sender = server, sender

    def deliver(self, letter: Letter, now: datetime) -> Answer:
        """Hand a letter to the server. Raises :class:`ServerAway` when no letter can be sent now."""
        try:
            made = message(letter, self.sender, now)
        except (ValueError, IndexError, MessageError):  # for an address that it cannot read
            return Answer("address", is_final=True)
        try:
            self.server.send_message(made, self.sender, [letter.to_address])
        except smtplib.SMTPRecipientsRefused as refused:
            (code, _), *_rest = refused.recipients.values()
            return self._refused(code)
        except smtplib.SMTPSenderRefused as refused:
            raise ServerAway(f"it takes no mail from STINS_MAIL_FROM ({refused.smtp_code})") from None
        except smtplib.SMTPDataError as refused:
            return self._refused(refused.smtp_code)
        except smtplib.SMTPNotSupportedError:
            return Answer("smtputf8", is_final=True)
        except (smtplib.SMTPException, OSError) as error:
            raise ServerAway(f"the line was broken ({type(error).__name__})") from None
        return Answer()

    def deliver_once(self, letter: Letter, now: datetime) -> Answer:
        """Hand over a letter that must never be sent twice, with the null return path.

        Raises :class:`ServerAway` when it was certainly not taken and no other can be sent now, and
        :class:`Unsure` when the line broke so late that nobody knows.
        """
        try:
            content = _seven_bits(message(letter, self.sender, now))
        except (ValueError, IndexError, MessageError):
            return Answer("address", is_final=True)
        try:
            refused = self._announced(letter.to_address)
        except (smtplib.SMTPException, OSError) as error:
            raise ServerAway(f"the line was broken ({type(error).__name__})") from None
        if refused:
            return refused
        try:
            self.server.send(content)
            code, said = self.server.getreply()
        except (smtplib.SMTPException, OSError) as error:
            raise Unsure(f"the line was broken ({type(error).__name__})") from None
        return Answer() if code == 250 else self._refused(code, said)

    def takes_nowhere(self) -> None:
        """Ask whether a letter without a return path would be taken. Raises :class:`ServerAway` if not."""
        try:
            self._from_nowhere()
            self.server.rset()
        except (smtplib.SMTPException, OSError) as error:
            raise ServerAway(f"the line was broken ({type(error).__name__})") from None

    def _announced(self, address: str) -> Answer | None:
        """Say where a letter goes, until the server asks for it; or give why it does not."""
        self._from_nowhere()
        code, said = self.server.rcpt(address)
        if code in (250, 251):
            code, said = self.server.docmd("data")
            if code == 354:
                return None
        answer = self._refused(code, said)
        self.server.rset()
        return answer

    def _from_nowhere(self) -> None:
        code, _ = self.server.mail(NOWHERE)
        if code == AWAY:
            raise ServerAway(f"it is closing ({code})")
        if code != 250:
            raise ServerAway(f"it takes no mail without a return path ({code})")

    def _refused(self, code: int, said: bytes = b"") -> Answer:
        if code == AWAY:
            raise ServerAway(f"it is closing ({code})")
        words = " ".join(said.decode("ascii", "replace").replace("\ufffd", "?").split())
        return Answer(str(code), is_final=code >= 500, said=f"{code} {words}"[:SAID_MOST].strip())


@contextmanager
def line(mail: Mail) -> Iterator[Line]:
    """Open a line to the server, and close it after. Raises :class:`ServerAway` with the reason."""
    server = _opened(mail)
    try:
        yield Line(server, mail.sender)
    finally:
        with suppress(smtplib.SMTPException, OSError):
            server.quit()
        server.close()


def message(letter: Letter, sender: str, now: datetime) -> EmailMessage:
    """Make the message: plain text, saying that a program wrote it. ``now`` is UTC, without a zone.

    Raises :class:`ValueError` for an address that no mail can be sent to.
    """
    made = EmailMessage(policy=SMTP)
    made["From"] = Address(SENDER_NAME, addr_spec=sender)
    made["To"] = Address(" ".join(letter.to_name.split()), addr_spec=letter.to_address)
    made["Subject"] = " ".join(letter.subject.split())
    made["Date"] = format_datetime(now.replace(tzinfo=UTC))
    made["Message-ID"] = f"<{letter.id}@{sender.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(letter.body, charset="utf-8")
    return made


def _seven_bits(made: EmailMessage) -> bytes:
    """Give a message as any server takes it, ended by a full stop alone on its line."""
    plain = made.as_bytes(policy=SMTP.clone(cte_type="7bit"))
    lines = [b"." + line if line.startswith(b".") else line for line in plain.split(b"\r\n")]
    return b"\r\n".join(lines).rstrip(b"\r\n") + b"\r\n.\r\n"


def _opened(mail: Mail) -> smtplib.SMTP:
    try:
        context = None if mail.security is Security.NONE else _context(mail)
        if mail.security is Security.TLS:
            server: smtplib.SMTP = smtplib.SMTP_SSL(mail.host, mail.port, timeout=TIMEOUT, context=context)
        else:
            server = smtplib.SMTP(mail.host, mail.port, timeout=TIMEOUT)
    except ssl.SSLCertVerificationError as error:
        raise ServerAway(f"its certificate is not trusted ({error.verify_message})") from None
    except (smtplib.SMTPException, OSError) as error:
        raise ServerAway(f"it does not answer ({type(error).__name__})") from None
    try:
        _signed_in(server, mail, context)
    except ServerAway:
        server.close()
        raise
    return server


def _signed_in(server: smtplib.SMTP, mail: Mail, context: ssl.SSLContext | None) -> None:
    try:
        if mail.security is Security.STARTTLS:
            server.starttls(context=context)
        server.ehlo_or_helo_if_needed()
        if mail.user:
            server.login(mail.user, mail.password())
    except ssl.SSLCertVerificationError as error:
        raise ServerAway(f"its certificate is not trusted ({error.verify_message})") from None
    except smtplib.SMTPAuthenticationError as error:
        raise ServerAway(f"it does not take the user and password ({error.smtp_code})") from None
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        raise ServerAway(f"no closed line could be had ({type(error).__name__})") from None


def _context(mail: Mail) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(mail.ca_file) if mail.ca_file else None)
