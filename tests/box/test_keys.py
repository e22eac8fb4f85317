"""A private key is a file made once, readable by the program alone, destroyed wherever it lies."""

import os
import secrets
import shutil
import stat
from pathlib import Path

import pytest
from nacl.public import PrivateKey

from stins.box import keys
from stins.box.keys import KeyFolder, KeyMissing, MirrorMissing

ID = "00112233445566aa"


@pytest.fixture
def folder(tmp_path: Path) -> KeyFolder:
    """A key folder that is not made yet, with a mirror that is."""
    (tmp_path / "mirror").mkdir()
    return KeyFolder(tmp_path / "deep" / "keys", tmp_path / "mirror")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_the_folder_is_the_programs_own_whatever_the_umask(folder: KeyFolder, mask: int):
    before = os.umask(mask)
    try:
        folder.make(ID, secrets.token_bytes)
    finally:
        os.umask(before)
    assert mode(folder.folder) == 0o700
    assert mode(folder.folder / f"{ID}.key") == 0o600


def test_the_public_key_is_that_of_the_file(folder: KeyFolder):
    public = folder.make(ID, secrets.token_bytes)
    assert public == bytes(PrivateKey((folder.folder / f"{ID}.key").read_bytes()).public_key)


def test_nothing_but_the_key_is_left_in_the_folder(folder: KeyFolder):
    folder.make(ID, secrets.token_bytes)
    assert [path.name for path in folder.folder.iterdir()] == [f"{ID}.key"]


def test_a_key_that_is_there_is_kept_when_made_again(folder: KeyFolder):
    first = folder.make(ID, secrets.token_bytes)
    assert folder.make(ID, secrets.token_bytes) == first


def test_two_inspections_have_two_keys(folder: KeyFolder):
    assert folder.make(ID, secrets.token_bytes) != folder.make(ID[::-1], secrets.token_bytes)


def test_an_interrupted_making_is_made_anew(folder: KeyFolder):
    def interrupted(size: int) -> bytes:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        folder.make(ID, interrupted)
    assert not folder.has(ID)
    assert folder.kept() == ()
    folder.make(ID, secrets.token_bytes)
    assert [path.name for path in folder.folder.iterdir()] == [f"{ID}.key"]


def test_a_missing_key_is_named_with_the_remedy(folder: KeyFolder):
    with pytest.raises(KeyMissing, match=rf"key of inspection {ID} is not in the key folder; put it back"):
        folder.read(ID)


@pytest.mark.parametrize("size", [0, 1, 31, 33])
def test_a_key_that_is_not_whole_counts_as_missing(folder: KeyFolder, size: int):
    folder.make(ID, secrets.token_bytes)
    (folder.folder / f"{ID}.key").write_bytes(bytes(size))
    with pytest.raises(KeyMissing, match="is not whole"):
        folder.read(ID)


def test_a_key_is_destroyed_in_the_folder_and_its_mirror(folder: KeyFolder):
    folder.make(ID, secrets.token_bytes)
    shutil.copy(folder.folder / f"{ID}.key", folder.mirror)
    folder.destroy(ID)
    assert not folder.has(ID)
    assert list(folder.folder.iterdir()) == list(folder.mirror.iterdir()) == []


def test_a_key_that_is_left_only_in_the_mirror_is_destroyed_there(folder: KeyFolder):
    (folder.mirror / f"{ID}.key").write_bytes(secrets.token_bytes(32))
    folder.destroy(ID)
    assert list(folder.mirror.iterdir()) == []


def test_what_an_interrupted_making_left_is_destroyed_too(folder: KeyFolder):
    folder.make(ID, secrets.token_bytes)
    (folder.folder / f"{ID}.new").write_bytes(secrets.token_bytes(32))
    folder.destroy(ID)
    assert list(folder.folder.iterdir()) == []


def test_destroying_again_does_nothing(folder: KeyFolder):
    folder.make(ID, secrets.token_bytes)
    folder.destroy(ID)
    folder.destroy(ID)
    assert folder.kept() == ()


def test_destroying_leaves_other_inspections_keys(folder: KeyFolder):
    folder.make(ID, secrets.token_bytes)
    other = folder.make(ID[::-1], secrets.token_bytes)
    folder.destroy(ID)
    assert bytes(folder.read(ID[::-1]).public_key) == other


def test_a_key_is_overwritten_before_it_is_unlinked(folder: KeyFolder, tmp_path: Path):
    folder.make(ID, secrets.token_bytes)
    other_name = tmp_path / "same file"
    other_name.hardlink_to(folder.folder / f"{ID}.key")
    folder.destroy(ID)
    assert other_name.read_bytes() == bytes(32)


def test_without_its_mirror_nothing_is_destroyed(folder: KeyFolder):
    folder.make(ID, secrets.token_bytes)
    folder.mirror.rmdir()
    with pytest.raises(MirrorMissing, match="mount it"):
        folder.destroy(ID)
    assert folder.has(ID)


def test_a_folder_without_a_mirror_destroys_its_own(tmp_path: Path):
    folder = KeyFolder(tmp_path / "keys")
    folder.make(ID, secrets.token_bytes)
    folder.destroy(ID)
    assert folder.kept() == ()


def test_destroying_before_there_is_a_folder_does_nothing(tmp_path: Path):
    KeyFolder(tmp_path / "keys").destroy(ID)
    assert not (tmp_path / "keys").exists()


def test_an_interrupted_destroying_is_taken_up(folder: KeyFolder, monkeypatch: pytest.MonkeyPatch):
    folder.make(ID, secrets.token_bytes)
    shutil.copy(folder.folder / f"{ID}.key", folder.mirror)
    shred, done = keys._shred, []

    def interrupted(path: Path) -> None:
        if path.parent == folder.mirror and not done:
            done.append(path)
            raise OSError("read-only file system")
        shred(path)

    monkeypatch.setattr(keys, "_shred", interrupted)
    with pytest.raises(OSError, match="read-only"):
        folder.destroy(ID)
    assert folder.kept() == (ID,)
    folder.destroy(ID)
    assert folder.kept() == ()


def test_kept_names_keys_of_folder_and_mirror_once(folder: KeyFolder):
    folder.make(ID, secrets.token_bytes)
    for name in (ID, "ffffffff"):
        (folder.mirror / f"{name}.key").write_bytes(bytes(32))
    assert folder.kept() == (ID, "ffffffff")


@pytest.mark.parametrize(
    "id", ["", "../keys", "..", "a/b", "/etc/passwd", "ABCDEF0123456789", f"{ID}\n", "0" * 65, f"{ID}.key"]
)
@pytest.mark.parametrize("verb", ["make", "read", "has", "destroy"])
def test_a_name_that_is_no_id_reaches_no_file(folder: KeyFolder, id: str, verb: str):
    more = (secrets.token_bytes,) if verb == "make" else ()
    with pytest.raises(ValueError, match="lower-case hexadecimal"):
        getattr(folder, verb)(id, *more)


def test_a_new_id_is_random_hexadecimal_that_names_a_key(folder: KeyFolder):
    from stins.box import Box

    box = Box(bytes(32), folder, secrets.token_bytes)
    made = {box.new_id() for _ in range(100)}
    assert len(made) == 100
    assert all(len(id) == 16 and not folder.has(id) for id in made)
