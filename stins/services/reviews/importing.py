"""Many reviews from a spreadsheet: every row is right, or nothing is stored (docs/external-reviews.md)."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from questionnaires.read import catalogue, catalogues
from stins.box import Box
from stins.reports.review_template import blank
from stins.services.organisation import lock_region
from stins.services.refusals import NotFound, Refused
from stins.services.reviews import values
from stins.services.reviews.registering import keep, key, line, registered, units_for, wrong
from stins.services.reviews.values import SHORTCOMINGS_MOST, Shortcoming, Wanted
from stins.services.rights import Person
from stins.workbook.read.cells import cell_name
from stins.workbook.read.faults import N_, Fault, Faulty, plain, shown
from stins.workbook.read.grid import Grid, Value

UNIT, DAY, REVIEWER, REPORT = "Enhet", "Datum", "Granskare", "Rapport"
NEEDED = (UNIT, DAY, REVIEWER)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_YES_NO: Mapping[str, bool] = {"ja": True, "nej": False, "yes": True, "no": False}

_SAID: Mapping[type[Refused], str] = {
    values.DayOutside: N_(
        "skriv rapportens dag så här: 2026-05-13; den kan vara från %(first)s till %(last)s"
    ),
    values.ReviewerMissing: N_("skriv vem som granskade, till exempel SPUR"),
    values.TooLong: N_("texten är för lång; korta den till högst %(most)s tecken"),
    values.GradeWrong: N_("skriv A, B, C eller D, eller lämna cellen tom"),
    values.ReportWrong: N_(
        "skriv filens namn utan mapp och kolon, eller en hel länk som börjar med https:// eller http://"
    ),
    values.AreaMissing: N_("skriv områdets bokstav, A till H"),
    values.TextMissing: N_("skriv vad som brister"),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """The first tab of a spreadsheet: what stands in each cell by (row, column)."""

    tab: str
    cells: Mapping[tuple[int, int], Value]

    def place(self, row: int, column: int) -> str:
        """Name a cell."""
        return f"{plain(self.tab)}!{cell_name(row, column)}"


@dataclass(frozen=True, slots=True)
class Row:
    """A row with something in it. What cannot be read in it is told to ``faults``."""

    sheet: Sheet
    number: int
    columns: Mapping[str, int]
    faults: list[Fault]

    def value(self, title: str) -> Value | None:
        """Give what stands under a title; nothing where there is no such column."""
        return self.sheet.cells.get((self.number, self.columns.get(title, 0)))

    def text(self, title: str) -> str:
        """Give a text, or a whole number as one."""
        found = self.value(title)
        match found:
            case None:
                return ""
            case bool() | float() | date():
                self.fault(title, N_("%(found)s är ingen text; skriv med bokstäver"), found=shown(found))
                return ""
            case _:
                return str(found).strip()

    def fault(self, title: str, message: str, **about: str | int) -> None:
        """Tell what is wrong under a title."""
        place = self.sheet.place(self.number, self.columns.get(title, 1))
        self.faults.append(Fault(place, message, about))


def shortcoming_titles(number: int) -> tuple[str, str, str]:
    """Give the titles of a deficiency's area, text and whether it is against a föreskrift."""
    return f"Brist {number} område", f"Brist {number} text", f"Brist {number} föreskrift"


def titles() -> tuple[str, ...]:
    """Give every column's title, in the order of the template."""
    lacks = (title for number in range(1, SHORTCOMINGS_MOST + 1) for title in shortcoming_titles(number))
    return (*NEEDED, *_areas(), REPORT, *lacks)


def template(session: Session, person: Person) -> bytes:
    """Write a blank spreadsheet to fill in. Raises :class:`NotFound` for who registers nothing."""
    if not units_for(session, person):
        raise NotFound
    return blank(titles(), day=DAY)


def import_(session: Session, box: Box, person: Person, grid: Grid, now: datetime, today: date) -> int:
    """Register every review of a spreadsheet's first tab and give how many they were.

    Raises :class:`NotFound` for who registers nothing, and :class:`Faulty` with everything that is wrong.
    """
    units = units_for(session, person)
    if not units:
        raise NotFound
    regions = {unit.path.split("/")[0]: unit for unit in units}
    for _id, unit in sorted(regions.items()):
        lock_region(session, unit)
    names: dict[str, list[str]] = {}
    for unit in units:
        names.setdefault(line(unit.name), []).append(unit.id)
    sheet = _first(grid)
    columns = _columns(sheet)
    faults: list[Fault] = []
    rows = [
        Row(sheet, number, columns, faults)
        for number in sorted({row for row, _ in sheet.cells})
        if number > 1
    ]
    known = registered(session)
    found = []
    for row in rows:
        wanted = _wanted(row, names)
        _check(row, wanted, known, today)
        known.add(key(wanted))
        found.append(wanted)
    if not rows:
        faults.append(Fault("", N_("Ingen granskning är ifylld. Skriv en granskning på varje rad.")))
    if faults:
        raise Faulty(faults)
    for wanted in found:
        keep(session, box, person, wanted, now)
    return len(found)


def _first(grid: Grid) -> Sheet:
    """Give the first tab without the cells that only seem to hold something."""
    tab, cells = next(iter(grid.sheets.items()), ("", {}))
    return Sheet(
        tab, {at: value for at, value in cells.items() if not isinstance(value, str) or value.strip()}
    )


def _columns(sheet: Sheet) -> Mapping[str, int]:
    """Find the column of each title, in any order and however capitalised. Raises :class:`Faulty`."""
    said = {title.casefold(): title for title in titles()}
    columns: dict[str, int] = {}
    faults = []
    for column in sorted({column for _, column in sheet.cells}):
        head = sheet.cells.get((1, column))
        title = said.get(line(head).casefold()) if isinstance(head, str) else None
        place = sheet.place(1, column)
        if title is None:
            message = N_("rubriken är %(found)s; skriv en av mallens rubriker eller ta bort kolumnen")
            faults.append(Fault(place, message, {"found": shown(head) if head is not None else "''"}))
        elif title in columns:
            faults.append(
                Fault(place, N_("%(title)s står i två kolumner; ta bort den ena"), {"title": title})
            )
        else:
            columns[title] = column
    if not columns:
        message = N_("Rubrikerna saknas. De ska stå på första raden, så som i mallen.")
        raise Faulty([Fault("", message)])
    missing = [*(title for title in NEEDED if title not in columns), *_halves(columns)]
    message = N_("Kolumnen %(title)s saknas. Lägg till den, eller hämta mallen på nytt.")
    faults += [Fault("", message, {"title": title}) for title in missing]
    if faults:
        raise Faulty(faults)
    return columns


def _halves(columns: Mapping[str, int]) -> Iterator[str]:
    """Give what a deficiency lacks of its three columns, where it has any."""
    for number in range(1, SHORTCOMINGS_MOST + 1):
        three = shortcoming_titles(number)
        if any(title in columns for title in three):
            yield from (title for title in three if title not in columns)


def _wanted(row: Row, names: Mapping[str, Sequence[str]]) -> Wanted:
    return Wanted(
        unit_id=_unit(row, names),
        reported_on=_day(row),
        reviewer=row.text(REVIEWER),
        grades={area: row.text(area).upper() for area in _areas()},
        report=row.text(REPORT),
        shortcomings=tuple(_shortcoming(row, number) for number in range(1, SHORTCOMINGS_MOST + 1)),
    )


def _unit(row: Row, names: Mapping[str, Sequence[str]]) -> str:
    name = line(row.text(UNIT))
    ids = names.get(name, ())
    if len(ids) == 1:
        return ids[0]
    if not name:
        row.fault(UNIT, N_("skriv enhetens namn"))
    elif ids:
        row.fault(
            UNIT,
            N_("flera enheter heter %(name)s; registrera den här granskningen för sig, under Granskningar"),
            name=shown(name),
        )
    else:
        row.fault(
            UNIT,
            N_("%(name)s är ingen av dina enheter; skriv namnet precis som det står i STINS"),
            name=shown(name),
        )
    return ""


def _day(row: Row) -> date | None:
    found = row.value(DAY)
    match found:
        case datetime():
            return found.date()
        case date():
            return found
        case str() if _DAY.fullmatch(found.strip()):
            try:
                return date.fromisoformat(found.strip())
            except ValueError:
                return None
        case _:
            return None


def _shortcoming(row: Row, number: int) -> Shortcoming:
    area, text, regulation = shortcoming_titles(number)
    stated = Shortcoming(row.text(area).upper(), row.text(text), regulation=False)
    said = row.value(regulation)
    if said is None:
        if not stated.is_blank:
            row.fault(regulation, N_("skriv ja eller nej"))
        return stated
    against = said if isinstance(said, bool) else _YES_NO.get(str(said).strip().casefold())
    if against is None:
        row.fault(regulation, N_("%(found)s är varken ja eller nej; skriv ett av dem"), found=shown(said))
    if stated.is_blank:
        row.fault(text, N_("skriv vad som brister, eller töm de andra cellerna om bristen"))
        return stated
    return Shortcoming(stated.area, stated.text, regulation=bool(against))


def _check(row: Row, wanted: Wanted, known: set[tuple[str, date | None, str]], today: date) -> None:
    told = {fault.place for fault in row.faults}
    for refusal in wrong(wanted, today):
        title = _title(refusal.field)
        if row.sheet.place(row.number, row.columns.get(title, 1)) not in told:
            about = {name: _written(value) for name, value in refusal.about.items()}
            row.fault(title, _SAID[type(refusal)], **about)
    if wanted.unit_id and wanted.reported_on and key(wanted) in known:
        row.fault(
            REVIEWER,
            N_(
                "granskningen är redan registrerad eller står två gånger: samma enhet, dag och granskare; "
                "ta bort raden"
            ),
        )


def _title(field: str) -> str:
    """Give the title of what a refusal concerns."""
    name, _, number = field.rpartition("_")
    lacks: Mapping[str, Callable[[str], str]] = {
        "area": lambda n: shortcoming_titles(int(n))[0],
        "text": lambda n: shortcoming_titles(int(n))[1],
        "grade": str,
    }
    return (
        lacks[name](number)
        if name in lacks
        else {"reported_on": DAY, "reviewer": REVIEWER}.get(field, REPORT)
    )


def _written(value: object) -> str | int:
    return value if isinstance(value, int) else str(value)


def _areas() -> tuple[str, ...]:
    return tuple(catalogue(catalogues()[-1]).areas)
