"""The private keys: a file each, never in the database or its backup."""

import os
import re
from pathlib import Path

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey

from stins.box.codes import Entropy

_NAME = re.compile(r"[0-9a-f]{8,64}")


class KeyMissing(Exception):
    """An inspection's private key is not in the key folder, so its ballots cannot be opened."""


class MirrorMissing(OSError):
    """The key mirror cannot be reached, so what it holds cannot be destroyed. Nothing was."""


class KeyFolder:
    """The folder of private keys, mode 0700, with a file of 32 bytes, mode 0600, for each open inspection.

    ``mirror`` is a second folder that ``stins backup-keys`` copies to, or ``None``; a destroyed key is
    destroyed there too.
    """

    def __init__(self, folder: Path, mirror: Path | None = None) -> None:
        self.folder = folder
        self.mirror = mirror

    def make(self, inspection: str, entropy: Entropy) -> bytes:
        """Make an inspection's key pair, keep the private key and give the public one (32 bytes).

        A key that is there already is kept, so that opening may be tried again after an interruption.
        """
        path = self._path(self.folder, inspection)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            draft = path.with_suffix(".new")
            draft.unlink(missing_ok=True)
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(entropy(PrivateKey.SIZE))
                file.flush()
                os.fsync(file.fileno())
            draft.rename(path)
            _sync(self.folder)
        return bytes(self.read(inspection).public_key)

    def read(self, inspection: str) -> PrivateKey:
        """Give an inspection's private key. Raises :class:`KeyMissing`."""
        try:
            return PrivateKey(self._path(self.folder, inspection).read_bytes())
        except FileNotFoundError:
            wrong = "is not in the key folder"
        except CryptoError:
            wrong = "is not whole"
        raise KeyMissing(
            f"the key of inspection {inspection} {wrong}; put it back from the key mirror, then close again"
        )

    def has(self, inspection: str) -> bool:
        """Say whether an inspection's private key is in the key folder."""
        return self._path(self.folder, inspection).exists()

    def destroy(self, inspection: str) -> None:
        """Destroy an inspection's key, in the key folder and its mirror. Safe to do again.

        Raises :class:`MirrorMissing`, before anything is destroyed, when the mirror is away.
        """
        if self.mirror and not self.mirror.is_dir():
            raise MirrorMissing(f"the key mirror {self.mirror} is no folder; mount it, then close again")
        for folder in filter(None, (self.folder, self.mirror)):
            path = self._path(folder, inspection)
            for file in (path, path.with_suffix(".new")):
                _shred(file)
            if folder.exists():
                _sync(folder)

    def kept(self) -> tuple[str, ...]:
        """Name the inspections whose keys are kept, here or in the mirror."""
        folders = [folder for folder in (self.folder, self.mirror) if folder and folder.exists()]
        return tuple(sorted({path.stem for folder in folders for path in folder.glob("*.key")}))

    def _path(self, folder: Path, inspection: str) -> Path:
        if not _NAME.fullmatch(inspection):
            raise ValueError("an inspection's id is lower-case hexadecimal")
        return folder / f"{inspection}.key"


def _shred(path: Path) -> None:
    # Overwriting helps on plain disks; on flash and journalling systems only the unlinking is certain.
    try:
        with path.open("r+b") as file:
            file.write(bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
    except FileNotFoundError:
        return
    path.unlink(missing_ok=True)  # another host may have been quicker


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
