"""The settings, read once from the environment. Wrong ones stop the start, all named at once."""

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

SECRET_BYTES = 32


class BadSettings(Exception):
    """Some settings cannot be used; the text has a line for each, with the remedy."""


class Security(StrEnum):
    """How the line to the mail server is kept closed; ``none`` only on this machine's loopback."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


PORTS = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}


@dataclass(frozen=True, slots=True)
class Mail:
    """How mail leaves. The server's certificate is always verified, against ``ca_file`` where there is one.

    ``user`` is empty and ``password_file`` absent where the server asks for no sign-in.
    """

    host: str
    port: int
    security: Security
    user: str
    password_file: Path | None
    ca_file: Path | None
    sender: str

    def password(self) -> str:
        """Read the password from its file. Raises :class:`OSError` or :class:`UnicodeError`."""
        return self.password_file.read_text(encoding="utf-8").strip() if self.password_file else ""


@dataclass(frozen=True, slots=True)
class Settings:
    """How this installation runs. Every default is right for production and fit to be public.

    ``key_mirror`` and ``contact`` may be absent, and ``mail`` where no mail is sent. ``public_url`` is where
    respondents reach the service, without a trailing slash; unless it is https it must be on this machine's
    loopback.
    """

    database: str
    secret_key_file: Path
    pepper_file: Path
    key_dir: Path
    key_mirror: Path | None
    public_url: str
    proxy_hops: int
    operator: str
    contact: str
    mail: Mail | None = None

    @property
    def is_https(self) -> bool:
        """Say whether cookies may be marked Secure."""
        return self.public_url.startswith("https://")

    @property
    def host(self) -> str:
        """Give the only host name that requests may name."""
        return urlsplit(self.public_url).hostname or ""


@dataclass(frozen=True, slots=True)
class Secrets:
    """The two secrets of an installation, 32 bytes each. Neither is ever in the database."""

    secret_key: bytes
    pepper: bytes


def settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read ``STINS_…``. Raises :class:`BadSettings` naming every fault."""
    home = Path(environ.get("STINS_HOME") or "instance").absolute()
    faults: list[str] = []
    url = (environ.get("STINS_PUBLIC_URL") or "http://127.0.0.1:8000").rstrip("/")
    if not _is_fit(url):
        faults.append(
            f"STINS_PUBLIC_URL is {url!r}; it must be https://…, or http:// on this machine (127.0.0.1)"
        )
    hops = environ.get("STINS_PROXY_HOPS") or "0"
    if not (hops.isascii() and hops.isdigit() and int(hops) <= 5):
        faults.append(f"STINS_PROXY_HOPS is {hops!r}; it must be the number of proxies in front, 0 to 5")
    database = environ.get("STINS_DATABASE") or f"sqlite:///{home / 'stins.sqlite'}"
    if not database.startswith(("sqlite:///", "postgresql+psycopg://")):
        faults.append("STINS_DATABASE must begin with sqlite:/// or postgresql+psycopg://")
    mail = _mail(environ, faults)
    unknown = sorted(name for name in environ if name.startswith("STINS_") and name not in NAMES)
    faults += [f"{name} is not a setting; known: {', '.join(NAMES)}" for name in unknown]
    if faults:
        raise BadSettings("\n".join(faults))
    mirror = environ.get("STINS_KEY_MIRROR")
    return Settings(
        database=database,
        secret_key_file=Path(environ.get("STINS_SECRET_KEY_FILE") or home / "secret_key"),
        pepper_file=Path(environ.get("STINS_PEPPER_FILE") or home / "pepper"),
        key_dir=Path(environ.get("STINS_KEY_DIR") or home / "keys"),
        key_mirror=Path(mirror) if mirror else None,
        public_url=url,
        proxy_hops=int(hops),
        operator=environ.get("STINS_OPERATOR") or "",
        contact=environ.get("STINS_CONTACT") or "",
        mail=mail,
    )


def environment(using: Settings) -> dict[str, str]:
    """Give the environment in which a process of its own reads the same settings."""
    mail = using.mail
    named: dict[str, object] = {
        "STINS_DATABASE": using.database,
        "STINS_SECRET_KEY_FILE": using.secret_key_file,
        "STINS_PEPPER_FILE": using.pepper_file,
        "STINS_KEY_DIR": using.key_dir,
        "STINS_KEY_MIRROR": using.key_mirror,
        "STINS_PUBLIC_URL": using.public_url,
        "STINS_PROXY_HOPS": using.proxy_hops,
        "STINS_OPERATOR": using.operator,
        "STINS_CONTACT": using.contact,
    }
    if mail is not None:
        named |= {
            "STINS_SMTP_HOST": mail.host,
            "STINS_SMTP_PORT": mail.port,
            "STINS_SMTP_SECURITY": mail.security,
            "STINS_SMTP_USER": mail.user,
            "STINS_SMTP_PASSWORD_FILE": mail.password_file,
            "STINS_SMTP_CA_FILE": mail.ca_file,
            "STINS_MAIL_FROM": mail.sender,
        }
    return {name: str(value) for name, value in named.items() if value not in (None, "")}


# STINS_TEST_… speak to the test suite, not to the program.
NAMES = (
    "STINS_HOME",
    "STINS_DATABASE",
    "STINS_SECRET_KEY_FILE",
    "STINS_PEPPER_FILE",
    "STINS_KEY_DIR",
    "STINS_KEY_MIRROR",
    "STINS_PUBLIC_URL",
    "STINS_PROXY_HOPS",
    "STINS_OPERATOR",
    "STINS_CONTACT",
    "STINS_SMTP_HOST",
    "STINS_SMTP_PORT",
    "STINS_SMTP_SECURITY",
    "STINS_SMTP_USER",
    "STINS_SMTP_PASSWORD_FILE",
    "STINS_SMTP_CA_FILE",
    "STINS_MAIL_FROM",
    "STINS_TEST_ALL",
)


def _mail(environ: Mapping[str, str], faults: list[str]) -> Mail | None:
    """Read the settings of mail: all of them, or none."""
    host, sender = environ.get("STINS_SMTP_HOST") or "", environ.get("STINS_MAIL_FROM") or ""
    rest = [name for name in environ if name.startswith("STINS_SMTP_") and environ[name]]
    if not (host or sender or rest):
        return None
    if not host:
        faults.append("STINS_SMTP_HOST is missing; mail is set up with it and STINS_MAIL_FROM, or not at all")
    if not _is_address(sender):
        faults.append(f"STINS_MAIL_FROM is {sender!r}; it must be an e-mail address, such as stins@region.se")
    named = environ.get("STINS_SMTP_SECURITY") or Security.STARTTLS
    if named not in list(Security):
        faults.append(f"STINS_SMTP_SECURITY is {named!r}; it must be one of {', '.join(Security)}")
        return None
    security = Security(named)
    if security is Security.NONE and host and not is_loopback(host):
        faults.append("STINS_SMTP_SECURITY is none; that is for a mail server on this machine (127.0.0.1)")
    port = environ.get("STINS_SMTP_PORT") or str(PORTS[security])
    if not (port.isascii() and port.isdigit() and 1 <= int(port) <= 65535):
        faults.append(f"STINS_SMTP_PORT is {port!r}; it must be a number, 1 to 65535")
        return None
    user, password = environ.get("STINS_SMTP_USER") or "", environ.get("STINS_SMTP_PASSWORD_FILE")
    if bool(user) != bool(password):
        faults.append("STINS_SMTP_USER and STINS_SMTP_PASSWORD_FILE belong together; set both or neither")
    ca_file = environ.get("STINS_SMTP_CA_FILE")
    return Mail(
        host=host,
        port=int(port),
        security=security,
        user=user,
        password_file=Path(password) if password else None,
        ca_file=Path(ca_file) if ca_file else None,
        sender=sender,
    )


def _is_address(text: str) -> bool:
    name, at, domain = text.rpartition("@")
    return (
        bool(name and at and domain)
        and "@" not in name
        and text.isascii()
        and not set(text) & set(' \t\r\n<>,;:"()')
    )


def secrets(using: Settings) -> Secrets:
    """Read the two secrets from their files. Raises :class:`BadSettings` naming every fault."""
    faults: list[str] = []
    found = [
        _secret(name, path, faults)
        for name, path in (
            ("STINS_SECRET_KEY_FILE", using.secret_key_file),
            ("STINS_PEPPER_FILE", using.pepper_file),
        )
    ]
    if not faults and found[0] == found[1]:
        faults.append("the secret key and the pepper are the same; make two different ones with `stins init`")
    if faults:
        raise BadSettings("\n".join(faults))
    return Secrets(*found)


def _secret(name: str, path: Path, faults: list[str]) -> bytes:
    try:
        secret = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        faults.append(f"{name}: there is no file {path}; run `stins init`")
    except (OSError, ValueError):
        faults.append(f"{name}: {path} cannot be read as hexadecimal; run `stins init` in an empty folder")
    else:
        if len(secret) == SECRET_BYTES and len(set(secret)) > SECRET_BYTES // 4:
            return secret
        faults.append(f"{name}: {path} holds no random secret of {SECRET_BYTES} bytes; run `stins init`")
    return b""


def _is_fit(url: str) -> bool:
    parts = urlsplit(url)
    if not parts.hostname or parts.path or parts.query or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))


def is_loopback(host: str) -> bool:
    """Say whether a host name means this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
