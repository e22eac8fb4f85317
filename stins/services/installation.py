"""An installation, opened: its settings, its store and its box."""

import os
import secrets as random
from dataclasses import dataclass
from pathlib import Path

from stins import config
from stins.box import Box
from stins.box.keys import KeyFolder
from stins.config import Settings
from stins.store.opening import Store


@dataclass(frozen=True, slots=True)
class Installation:
    """What the program works with. One for each process; the store opens its connections when used."""

    settings: Settings
    secret_key: bytes
    store: Store
    box: Box


def opened(settings: Settings) -> Installation:
    """Open an installation. Raises :class:`stins.config.BadSettings` when its secrets cannot be used."""
    found = config.secrets(settings)
    keys = KeyFolder(settings.key_dir, settings.key_mirror)
    return Installation(
        settings, found.secret_key, Store(settings.database), Box(found.pepper, keys, random.token_bytes)
    )


def make_secrets(settings: Settings) -> tuple[Path, ...]:
    """Make what is missing of the secret files and the key folder; give the paths that were made."""
    made = []
    for path in (settings.secret_key_file, settings.pepper_file):
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(random.token_hex(config.SECRET_BYTES) + "\n")
            made.append(path)
    for folder in filter(None, (settings.key_dir, settings.key_mirror)):
        if not folder.exists():
            folder.mkdir(mode=0o700, parents=True)
            made.append(folder)
    return tuple(made)
