"""The blocks of a layout file: for each group of answers its tab, its people and its questions."""

from collections.abc import Iterator, Mapping
from typing import Any

from questionnaires.model import Catalogue, Role
from scoring.ballots import Answer
from stins.workbook import places
from stins.workbook.read.cells import MAX_COLUMN, MAX_ROW
from stins.workbook.read.faults import N_
from stins.workbook.read.keys import Keys
from stins.workbook.read.plan import Block, Copy, Table, Words, loose

_PLACED = ("columns", "rows", "cells")
_KEYS = (
    "role", "tab", "group", "answers", *_PLACED,
    "ids", "criteria", "first_row", "last_row", "first_column", "last_column",
)  # fmt: skip
_FOR_COLUMNS = ("first_row", "last_row")
_FOR_ROWS = ("first_column", "last_column")
_STANDARD = {loose(word): Answer(value) for value, word in places.ANSWERS.items()}


def words(keys: Keys, key: str, inherited: Mapping[str, Answer] | None = None) -> dict[str, Answer]:
    """Read a table of words with the answer that each means, added to those inherited."""
    if key not in keys.raw:
        return dict(_STANDARD if inherited is None else inherited)
    table = Keys(keys.raw[key], ".".join(filter(None, (keys.place, key))), None, keys.faults)
    own: dict[str, Answer] = {}
    for word, raw in table.raw.items():
        answer = _answer(raw)
        if answer is None:
            table.wrong(word, '3, 2, 1, 0, "vet_ej", "ej_aktuellt"')
        elif not loose(word):
            table.add(word, N_("ordet är tomt; en tom cell är aldrig ett svar"))
        elif own.setdefault(loose(word), answer) is not answer:
            table.add(word, N_("ordet står två gånger med olika svar; behåll det ena"))
    return {**(inherited or {}), **own}


def _answer(raw: Any) -> Answer | None:
    # True equals 1 in Python, and 1.0 does, so the type is looked at before the value.
    return Answer(raw) if type(raw) in (int, str) and raw in Answer._value2member_map_ else None


def blocks(keys: Keys, common: Mapping[str, Answer], catalogue: Catalogue) -> tuple[Block, ...]:
    """Read every ``[[block]]``; one that names several tabs becomes a block for each."""
    listed = keys.raw.get("block", [])
    if not isinstance(listed, list) or not listed:
        keys.add("block", N_("saknas; skriv [[block]] ovanför varje grupp av svar"))
        return ()
    found: list[Block] = []
    for number, raw in enumerate(listed, start=1):
        block = Keys(raw, f"block {number}", _KEYS, keys.faults)
        if block.is_table:
            found += _block(block, common, catalogue)
    return tuple(found)


def _block(keys: Keys, common: Mapping[str, Answer], catalogue: Catalogue) -> Iterator[Block]:
    before = len(keys.faults)
    role = keys.one_of("role", Role)
    group = keys.text("group")
    understood = Words(words(keys, "answers", common))
    tabs = keys.texts("tab")
    if not all(tab.strip() for tab in tabs) or "tab" not in keys.raw:
        keys.add("tab", N_('saknas; skriv tab = "Flikens namn"'))
    placed = [key for key in _PLACED if key in keys.raw]
    if len(placed) != 1:
        message = N_("skriv en av columns (en person i varje kolumn), rows (en på varje rad) och cells")
        keys.add("", message)
    if len(keys.faults) > before:
        return
    for tab in dict.fromkeys(tabs):
        if placed == ["cells"]:
            yield _copy(keys, Role(role), tab, group, understood, catalogue)
        else:
            yield _table(keys, Role(role), tab, group, understood, catalogue)


def _copy(keys: Keys, role: Role, tab: str, group: str, understood: Words, catalogue: Catalogue) -> Copy:
    _refuse(keys, ("ids", "criteria", *_FOR_COLUMNS, *_FOR_ROWS))
    table = Keys(keys.raw["cells"], f"{keys.place}.cells", None, keys.faults)
    _known(table, tuple(table.raw), role, catalogue)
    cells = {id: cell for id in table.raw if (cell := table.cell(id))}
    if not table.raw:
        keys.add("cells", N_('här finns ingen fråga; skriv till exempel { A1 = "D5" }'))
    return Copy(role, tab, group, understood, cells)


def _table(keys: Keys, role: Role, tab: str, group: str, understood: Words, catalogue: Catalogue) -> Table:
    rows = "rows" in keys.raw
    _refuse(keys, _FOR_COLUMNS if rows else _FOR_ROWS)
    if ("ids" in keys.raw) == ("criteria" in keys.raw):
        keys.add(
            "", N_("skriv antingen ids (var frågornas beteckningar står) eller criteria (en lista av dem)")
        )
    criteria = keys.texts("criteria")
    _known(keys, tuple(filter(None, criteria)), role, catalogue)
    first, last = _lines(keys, rows=rows)
    if last < first:
        keys.add("", N_("den sista raden eller kolumnen kommer före den första; byt plats på dem"))
    return Table(
        role=role,
        tab=tab,
        group=group,
        words=understood,
        people=keys.rows("rows") if rows else keys.columns("columns"),
        people_are_rows=rows,
        first=first,
        last=last,
        ids=_ids(keys, rows=rows),
        criteria=criteria,
    )


def _ids(keys: Keys, *, rows: bool) -> int | None:
    if "ids" not in keys.raw:
        return None
    return keys.within("ids", 1, MAX_ROW, 1) if rows else keys.column("ids", 1)


def _lines(keys: Keys, *, rows: bool) -> tuple[int, int]:
    """Give the first and last line that may hold a question: rows, or columns where people are rows."""
    if rows:
        return keys.column("first_column", 1), keys.column("last_column", MAX_COLUMN)
    return keys.within("first_row", 1, MAX_ROW, 1), keys.within("last_row", 1, MAX_ROW, MAX_ROW)


def _refuse(keys: Keys, names: tuple[str, ...]) -> None:
    for name in names:
        if name in keys.raw:
            keys.add(name, N_("hör inte till ett block av det här slaget; ta bort den"))


def _known(keys: Keys, ids: tuple[str, ...], role: Role, catalogue: Catalogue) -> None:
    """Keep as faults what is no question of the role, and what stands twice."""
    asked = {question.id for question in catalogue.questionnaires[role].questions}
    for id in dict.fromkeys(ids):
        if id not in asked:
            message = N_("frågan ställs inte till %(role)s; ta bort den, eller rätta beteckningen")
            keys.add(id, message, role=role)
        elif ids.count(id) > 1:
            keys.add(id, N_("frågan står två gånger; behåll den ena"))


def not_asked(keys: Keys, catalogue: Catalogue) -> dict[Role, tuple[str, ...]]:
    """Read which questions of each role the workbook has no place for."""
    if "not_asked" not in keys.raw:
        return {}
    table = Keys(keys.raw["not_asked"], "not_asked", tuple(Role), keys.faults)
    found = {}
    for role in Role:
        if role in table.raw:
            found[role] = table.texts(role)
            _known(Keys({}, f"not_asked.{role}", None, keys.faults), found[role], role, catalogue)
    return found
