"""The doctor names every trouble with its remedy, and says nothing of a healthy installation."""

import secrets
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event
from world import World

from stins import config
from stins.services import health, setting_up
from stins.services import installation as installations
from stins.services.close import Stopped
from stins.services.installation import Installation
from stins.store import opening, schema
from stins.store.opening import Store
from tests.services.evidence import answered, change


@pytest.fixture
def well(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world on an installation in which nothing is wrong."""
    monkeypatch.setitem(opening.PRAGMAS, "synchronous", "extra")
    world.store.dispose()
    found = world.installation
    using = replace(found.settings, operator="Regionen", contact="mailto:s@prov.example")
    using = replace(using, key_mirror=found.box.keys.mirror)
    installations.make_secrets(using)
    world.installation = Installation(using, found.secret_key, found.store, found.box)
    return world


def troubles(world: World) -> list[str]:
    return list(health.troubles(world.installation))


def using(world: World, **changes: object) -> None:
    found = world.installation
    settings = replace(found.settings, **changes)
    world.installation = Installation(settings, found.secret_key, found.store, found.box)


def test_a_healthy_installation_has_no_troubles(well: World):
    well.plan("far", by="far")
    well.open("other", by="other")
    id, _ = answered(well)
    well.close(id)
    assert troubles(well) == []


@pytest.mark.parametrize("name", ["secret_key_file", "pepper_file"])
def test_a_secret_that_others_can_read_is_told(well: World, name: str):
    path: Path = getattr(well.installation.settings, name)
    path.chmod(0o640)
    assert troubles(well) == [f"{path} can be read by others on this machine; run `chmod 600 {path}`"]


@pytest.mark.parametrize("name", ["key_dir", "key_mirror"])
def test_a_key_folder_that_others_can_read_is_told(well: World, name: str):
    path: Path = getattr(well.installation.settings, name)
    path.chmod(0o755)
    assert troubles(well) == [f"{path} can be read by others on this machine; run `chmod 700 {path}`"]


def test_a_secret_that_is_not_there_is_told(well: World):
    path = well.installation.settings.pepper_file
    path.unlink()
    assert troubles(well) == [f"{path} cannot be read; run `stins init`"]


@pytest.mark.parametrize("name", ["key_dir", "key_mirror"])
def test_a_key_folder_that_is_not_there_is_told(well: World, name: str, tmp_path: Path):
    using(well, **{name: tmp_path / "away"})
    assert troubles(well) == [f"{tmp_path / 'away'} is no folder; run `stins init`"]


def test_a_mirror_in_the_key_folder_itself_is_told(well: World):
    using(well, key_mirror=well.installation.settings.key_dir)
    assert "are the same folder" in troubles(well)[0]


def test_an_installation_without_a_mirror_is_well(well: World):
    using(well, key_mirror=None)
    assert troubles(well) == []


@pytest.mark.parametrize(("name", "setting"), [("operator", "STINS_OPERATOR"), ("contact", "STINS_CONTACT")])
def test_who_runs_it_and_whom_to_tell_must_be_said(well: World, name: str, setting: str):
    using(well, **{name: ""})
    assert [line.split(" ")[0] for line in troubles(well)] == [setting]


def test_an_old_schema_is_told_and_nothing_else_is_looked_at(well: World):
    schema.downgrade(well.store, "base")
    assert troubles(well) == ["the database's schema is not the newest; run `stins init`"]
    assert not health.is_ready(well.store)


def unreachable(url: str) -> Store:
    return Store(
        "sqlite:////proc/none" if url.startswith("sqlite") else "postgresql+psycopg://x@/x?host=/none"
    )


def test_a_database_that_does_not_answer_is_told(well: World, database: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Path, "mkdir", lambda *_, **__: None)
    found = well.installation
    well.installation = Installation(found.settings, found.secret_key, unreachable(database), found.box)
    (line,) = troubles(well)
    assert line.startswith("the database does not answer")
    assert line.endswith("look at STINS_DATABASE")
    assert not health.is_ready(well.installation.store)
    well.installation.store.dispose()


def test_a_database_that_answers_is_ready(well: World):
    assert health.is_ready(well.store)


def test_sqlite_set_up_otherwise_is_told(well: World):
    if not well.store.is_sqlite:
        assert troubles(well) == []
        return
    event.listen(well.store.engine, "connect", lambda raw, _: raw.execute("PRAGMA secure_delete = off"))
    well.store.dispose()
    expected = "SQLite's secure_delete is 0, not 1; is the database opened elsewhere too?"
    assert troubles(well) == [expected]


def test_an_open_inspection_without_its_key_is_told(well: World):
    id, _ = well.open()
    (well.box.keys.folder / f"{id}.key").unlink()
    assert troubles(well) == [f"the key of inspection {id} is missing; put it back from the key mirror"]


def test_an_inspection_stuck_in_closing_is_told(well: World):
    id, _ = answered(well)
    (well.box.keys.folder / f"{id}.key").unlink()
    with pytest.raises(Stopped):
        well.close(id)
    assert f"inspection {id} is stuck in closing; run `stins close-due` and read what it says" in troubles(
        well
    )


def test_a_key_that_outlives_its_closing_is_told(well: World, monkeypatch: pytest.MonkeyPatch):
    id, _ = answered(well)
    with monkeypatch.context() as patch:
        patch.setattr("stins.services.close.destroy", lambda *_: None)
        well.close(id)
    assert troubles(well) == [
        f"inspection {id} is closed but its key is not destroyed; run `stins close-due`"
    ]


@pytest.mark.parametrize("column", ["k = 4", "catalogue = 'none'"])
def test_a_changed_promise_is_told(well: World, column: str):
    id, _ = well.open()
    change(well, f"UPDATE inspection SET {column}")
    assert troubles(well) == [
        f"inspection {id} is no longer what was promised when it opened; "
        "somebody has changed it in the database"
    ]


@pytest.mark.parametrize("where", ["folder", "mirror"])
def test_a_key_that_came_back_after_closing_is_told(well: World, where: str):
    id, _ = answered(well)
    well.close(id)
    (getattr(well.box.keys, where) / f"{id}.key").write_bytes(secrets.token_bytes(32))
    assert troubles(well) == [
        f"the key folder holds a key of inspection {id}, which is closed or unknown; destroy it"
    ]


# --- An installation, opened and set up -----------------------------------------------------------------


def test_secrets_and_folders_are_made_once_and_for_the_program_alone(tmp_path: Path):
    home = {"STINS_HOME": str(tmp_path / "home"), "STINS_KEY_MIRROR": str(tmp_path / "mirror")}
    settings = config.settings(home)
    made = installations.make_secrets(settings)
    assert made == (settings.secret_key_file, settings.pepper_file, settings.key_dir, settings.key_mirror)
    assert [path.stat().st_mode & 0o777 for path in made] == [0o600, 0o600, 0o700, 0o700]
    before = settings.pepper_file.read_text(encoding="ascii")
    assert installations.make_secrets(settings) == ()
    assert settings.pepper_file.read_text(encoding="ascii") == before


def test_an_installation_is_opened_and_set_up_from_its_settings(tmp_path: Path, database: str, world: World):
    settings = config.settings({"STINS_HOME": str(tmp_path / "home"), "STINS_DATABASE": database})
    with pytest.raises(config.BadSettings):
        installations.opened(settings)
    installations.make_secrets(settings)
    found = installations.opened(settings)
    setting_up.bring_up_to_date(found.store)
    assert setting_up.has_admin(found.store)
    assert len(found.box.pepper) == len(found.secret_key) == 32
    found.store.dispose()


def test_the_first_admin_is_made_with_the_region(installation: Installation, world: World):
    change(world, "DELETE FROM assignment")
    assert not setting_up.has_admin(installation.store)
    region = setting_up.first_admin(
        installation,
        world.clock.now(),
        region="Nya regionen",
        name="Ada",
        email="ada@prov.example",
        password="fyra trygga ord i rad",
    )
    assert setting_up.has_admin(installation.store)
    with installation.store.reading() as session:
        from stins.services import organisation

        assert organisation.place(session, region).name == "Nya regionen"
