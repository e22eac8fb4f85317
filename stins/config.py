"""The settings, read once from the environment. Wrong ones stop the start, all named at once."""

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

SECRET_BYTES = 32


class BadSettings(Exception):
    """Some settings cannot be used; the text has a line for each, with the remedy."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How this installation runs. Every default is right for production and fit to be public.

    ``key_mirror`` and ``contact`` may be absent. ``public_url`` is where respondents reach the service,
    without a trailing slash; unless it is https it must be on this machine's loopback.
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
    )


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
    "STINS_TEST_ALL",
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
