"""The tables that touch respondents hold exactly the columns that anonymity.md lists, on both databases."""

import pytest
from sqlalchemy import inspect, text

from stins.services.installation import Installation
from stins.store.opening import Store
from stins.store.tables import Table

INSPECTION = """id unit_id catalogue rules parameters areas mode k state opens_on closes_on eligible comments
    public_key seal facts parent_id participation participation_on extended step"""

COLUMNS = {
    "inspection": INSPECTION.split(),
    "code": ["mac", "inspection_id", "role", "spent"],
    "ballot": ["id", "inspection_id", "sealed"],
    "release": ["inspection_id", "body", "sha256", "closed_on"],
    "recipient": ["id", "inspection_id", "role", "address", "state"],
    "reminder_day": ["inspection_id", "day", "state"],
    "comment": ["id", "inspection_id", "field", "text", "state"],
    "destruction": ["inspection_id", "what", "on"],
}
STAFF = {"node", "account", "assignment", "staff_session", "throttle", "audit", "void_request"}
REPORTED = {f"follow_up_report{part}" for part in ("", "_version", "_signature", "_event", "_file")}
AFTERWARDS = {"external_review", "deficiency", "follow_up", "action", "follow_up_event"} | REPORTED
MAIL = {"outgoing", "reminded", "turned_off", "calendar_feed", "mail_turn"}
KEYS = {
    "inspection": ["id"],
    "code": ["mac"],
    "ballot": ["id"],
    "release": ["inspection_id"],
    "recipient": ["id"],
    "reminder_day": ["inspection_id", "day"],
    "comment": ["id"],
    "destruction": ["inspection_id"],
}
TIMES = ("TIME", "STAMP")


@pytest.fixture
def store(installation: Installation) -> Store:
    return installation.store


@pytest.mark.parametrize("table", COLUMNS)
def test_a_table_that_touches_respondents_has_no_other_column(store: Store, table: str):
    assert {column["name"] for column in inspect(store.engine).get_columns(table)} == set(COLUMNS[table])


@pytest.mark.parametrize("table", COLUMNS)
def test_a_table_that_touches_respondents_knows_a_row_by_its_random_id(store: Store, table: str):
    assert inspect(store.engine).get_pk_constraint(table)["constrained_columns"] == KEYS[table]


@pytest.mark.parametrize("table", COLUMNS)
def test_a_table_that_touches_respondents_holds_no_time_of_day(store: Store, table: str):
    types = [str(column["type"]).upper() for column in inspect(store.engine).get_columns(table)]
    assert not [kind for kind in types if any(time in kind for time in TIMES)]


@pytest.mark.parametrize("table", ["code", "ballot", "recipient"])
def test_a_code_a_ballot_and_an_address_hold_no_day_either(store: Store, table: str):
    types = [str(column["type"]).upper() for column in inspect(store.engine).get_columns(table)]
    assert "DATE" not in types


@pytest.mark.parametrize("table", ["code", "ballot", "recipient"])
def test_a_code_a_ballot_and_an_address_refer_to_their_inspection_alone(store: Store, table: str):
    keys = inspect(store.engine).get_foreign_keys(table)
    assert [key["referred_table"] for key in keys] == ["inspection"]


@pytest.mark.parametrize("table", ["code", "ballot", "recipient"])
def test_a_code_a_ballot_and_an_address_are_indexed_by_id_and_inspection_alone(store: Store, table: str):
    indexes = inspect(store.engine).get_indexes(table)
    assert [index["column_names"] for index in indexes] == [["inspection_id"]]


def test_there_is_no_other_table(store: Store):
    assert set(inspect(store.engine).get_table_names()) == COLUMNS.keys() | STAFF | AFTERWARDS | MAIL | {
        "alembic_version"
    }


def test_there_is_no_view_that_could_join_them(store: Store):
    assert inspect(store.engine).get_view_names() == []


def test_no_table_numbers_its_rows(store: Store):
    found = inspect(store.engine)
    for table in found.get_table_names():
        for column in found.get_columns(table):
            numbered = column.get("autoincrement") is True or column.get("identity") or column["default"]
            assert not numbered, f"{table}.{column['name']}"
    with store.reading() as session:
        if store.is_sqlite:
            made = session.scalars(text("SELECT lower(sql) FROM sqlite_master WHERE sql IS NOT NULL")).all()
            assert not [sql for sql in made if "autoincrement" in sql or "integer primary key" in sql]
        else:
            assert session.scalars(text("SELECT sequencename FROM pg_sequences")).all() == []


def test_nothing_runs_by_itself_when_a_row_is_written(store: Store):
    catalogue = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if store.is_sqlite
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with store.reading() as session:
        assert session.scalars(text(catalogue)).all() == []


def test_when_mail_is_sent_is_known_for_a_turn_alone_and_names_nobody(store: Store):
    columns = {column["name"] for column in inspect(store.engine).get_columns("mail_turn")}
    assert columns == {"inspection_id", "holder", "until"}


def test_code_and_ballot_have_no_rowid_in_sqlite(store: Store):
    if not store.is_sqlite:
        assert Table.metadata.tables["code"].dialect_options["sqlite"]["with_rowid"] is False
        return
    with store.reading() as session:
        for table in ("code", "ballot"):
            sql = session.scalar(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table})
            assert sql.rstrip().upper().endswith("WITHOUT ROWID")


def test_postgresql_copies_no_mac_ballot_comment_or_address_into_its_statistics(store: Store):
    """``ANALYZE`` would put values into ``pg_statistic``, where they outlive the rows and every vacuum."""
    if store.is_sqlite:
        with store.reading() as session:
            tables = session.scalars(text("SELECT name FROM sqlite_master WHERE name LIKE 'sqlite_stat%'"))
            assert tables.all() == []
        return
    target = text(
        "SELECT attstattarget FROM pg_attribute "
        "WHERE attrelid = CAST(:name AS regclass) AND attname = :column"
    )
    with store.reading() as session:
        for table, column in (
            ("code", "mac"),
            ("ballot", "id"),
            ("ballot", "sealed"),
            ("comment", "text"),
            ("recipient", "address"),
        ):
            assert session.scalar(target, {"name": table, "column": column}) == 0
