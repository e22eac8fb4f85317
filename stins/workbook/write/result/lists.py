"""The lists of findings: each row finds its criterion in Bedömning by its rank."""

from collections.abc import Sequence
from dataclasses import dataclass

from stins.workbook import words
from stins.workbook.write.assessment.columns import (
    BREACH,
    GAP,
    LEVEL,
    NEEDED_TEXT,
    NUMBERS_TEXT,
    PROVISIONAL,
    STATUS,
    STRENGTH,
    UNKNOWN_TEXT,
    WEAK,
)
from stins.workbook.write.assessment.texts import said_needed, said_numbers
from stins.workbook.write.book import Tab, literal
from stins.workbook.write.counts import GROUPS
from stins.workbook.write.figures import Line
from stins.workbook.write.looks import TWO_LINES
from stins.workbook.write.work import FIRST, Work, row_of

BREACHES, STRENGTHS, IMPROVE, GAPS = 12, 6, 10, 5


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of findings: its heading, how many rows it has, and which rank in Bedömning it follows.

    ``skip`` is added to the rank: what improves begins after the breaches, which are the heaviest.
    """

    heading: str
    none: str
    rows: int
    rank: str
    lines: tuple[Line, ...]
    skip: str = ""
    of_answers: bool = True

    def nothing(self, work: Work) -> tuple[str, str]:
        """Give what stands where the list is empty, as formula and value: too few answers tell nothing."""
        few = work._("Kan inte bedömas: för få svar.")
        if not self.of_answers:
            return literal(self.none), self.none
        value = self.none if work.figures.groups else few
        return f"IF({GROUPS}=0,{literal(few)},{literal(self.none)})", value


def listings(work: Work) -> tuple[Listing, ...]:
    """Give the lists in the order they are read: breaches, strengths, what can be better, gaps."""
    _, figures = work._, work.figures
    by_id = {line.id: line for line in figures.lines}
    verdict = figures.verdict

    def those(ids: Sequence[str]) -> tuple[Line, ...]:
        return tuple(by_id[id] for id in ids)

    worst = work.at("assessment", f"{BREACH}${FIRST}:{BREACH}${work.last}")
    improve = those([id for id in verdict.weaknesses if id not in verdict.breaches])
    return (
        Listing(
            _("Det här måste åtgärdas"),
            _("Ingen föreskrift som har kunnat bedömas är ouppfylld."),
            BREACHES,
            BREACH,
            those(verdict.breaches),
            of_answers=False,
        ),
        Listing(
            _("Det här är starkt"),
            _("Inget som nio av tio instämmer i."),
            STRENGTHS,
            STRENGTH,
            those(verdict.strengths),
        ),
        Listing(
            _("Det här kan bli bättre"),
            _("Inget som har kunnat bedömas brister."),
            IMPROVE,
            WEAK,
            improve,
            f"MAX({worst})+",
        ),
        Listing(
            _("Här ser vi olika saker"),
            _("Grupperna ser i stort sett samma saker, eller kan inte jämföras."),
            GAPS,
            GAP,
            those(verdict.gaps),
        ),
    )


def findings(work: Work, tab: Tab, row: int, listing: Listing) -> int:
    """Write a list and give the row after it. Its last line tells how many more there are."""
    _ = work._
    head(
        tab,
        row,
        (_("Nr"), listing.heading, _("Nivå"), _("I siffror, och hur många till som behöver instämma")),
    )
    room = listing.rows if work.columns else min(max(1, len(listing.lines)), listing.rows)
    for number in range(1, room + 1):
        line = listing.lines[number - 1] if number <= len(listing.lines) else None
        _finding(work, tab, row + number, number, listing, line)
    row += room + 1
    ranks = work.at("assessment", f"{listing.rank}${FIRST}:{listing.rank}${work.last}")
    skipped = f"-{listing.skip[:-1]}" if listing.skip else ""
    more, rest = f"MAX({ranks}){skipped}-{room}", len(listing.lines) - room
    begin, end = _("… och "), _(" till, se fliken Åtgärdsplan eller Bedömning.")
    value = f"{begin}{rest}{end}" if rest > 0 else ""
    tab.formula_across(
        f"A{row}:D{row}", f'IF({more}>0,{literal(begin)}&({more})&{literal(end)},"")', value, "meta"
    )
    return row + 1


def _finding(work: Work, tab: Tab, row: int, number: int, listing: Listing, line: Line | None) -> None:
    def column(letters: str) -> str:
        return work.at("assessment", f"{letters}${FIRST}:{letters}${work.last}")

    def found(letters: str) -> str:
        return f"INDEX({column(letters)},MATCH($A{row},{column('A')},0))"

    shown = _Shown(work, line)
    rank = f"MATCH({listing.skip}{number},{column(listing.rank)},0)"
    tab.formula(f"A{row}", f'IFERROR(INDEX({column("A")},{rank}),"")', line.id if line else "", "id_small")
    nothing, none = listing.nothing(work) if number == 1 else ('""', "")
    tab.formula(
        f"B{row}", f'IF($A{row}="",{nothing},{found("B")})', line.statement if line else none, "small"
    )
    level = found(LEVEL)
    provisional = literal(work._(", preliminär"))
    tab.formula(
        f"C{row}",
        f'IF($A{row}="","",{level}&IF({found(PROVISIONAL)}=1,{provisional},""))',
        shown.level,
        "small",
    )
    needed = found(NEEDED_TEXT)
    more = literal(work._(". Behövs: "))
    tab.formula(
        f"D{row}",
        f'IF($A{row}="","",{found(NUMBERS_TEXT)}&IF({needed}="","",{more}&{needed}))',
        shown.numbers,
        "small",
    )
    tab.height(row, TWO_LINES)


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a list says of a criterion."""

    work: Work
    line: Line | None

    @property
    def level(self) -> str:
        if self.line is None:
            return ""
        provisional = self.work._(", preliminär") if self.line.provisional else ""
        return words.levels(self.work._)[self.line.level] + provisional

    @property
    def numbers(self) -> str:
        if self.line is None:
            return ""
        needed = said_needed(self.line, self.work._)
        more = f"{self.work._('. Behövs: ')}{needed}" if needed else ""
        return f"{said_numbers(self.line, self.work._)}{more}"


def unknown(work: Work, tab: Tab, row: int) -> int:
    """Write the routines that few know of, and give the row after them."""
    _ = work._
    row += 1
    head(
        tab, row, ("", _("Rutiner som få känner till"), "", _("Minst var tredje svarar Vet ej i någon grupp"))
    )
    source = work.at("assessment", f"{UNKNOWN_TEXT}{work.last}")
    ids = ", ".join(line.id for line in work.figures.criteria if line.unknown)
    few = _("Kan inte bedömas: för få svar.")
    none = _("Inga.") if work.figures.groups else few
    nothing = f"IF({GROUPS}=0,{literal(few)},{literal(_('Inga.'))})"
    tab.formula_across(f"A{row + 1}:D{row + 1}", f'IF({source}="",{nothing},{source})', ids or none, "small")
    tab.height(row + 1, TWO_LINES)
    return row + 2


def outcomes(work: Work, tab: Tab, row: int) -> int:
    """Write what the ST-läkare say of their ST as a whole, and give the row after it."""
    _ = work._
    asked = [line for line in work.figures.lines if not line.area]
    if not asked:
        return row
    row += 1
    head(
        tab,
        row,
        (
            _("Nr"),
            _("Vad ST-läkarna själva säger"),
            _("Status"),
            _("I siffror, och hur många till som behöver instämma"),
        ),
    )
    for line in asked:
        row += 1
        source, shown = row_of(line), _Shown(work, line)
        tab.text(f"A{row}", line.id, "id_small")
        tab.text(f"B{row}", line.statement, "small")
        status = work.at("assessment", f"{STATUS}{source}")
        tab.formula(f"C{row}", status, words.statuses(_)[line.status], "small")
        numbers, needed = (
            work.at("assessment", f"{letters}{source}") for letters in (NUMBERS_TEXT, NEEDED_TEXT)
        )
        more = literal(_(". Behövs: "))
        tab.formula(f"D{row}", f'{numbers}&IF({needed}="","",{more}&{needed})', shown.numbers, "small")
        tab.height(row, TWO_LINES)
    return row + 1


def head(tab: Tab, row: int, texts: Sequence[str]) -> None:
    """Write the head of a list."""
    for letter, text in zip("ABCD", texts, strict=True):
        tab.text(f"{letter}{row}", text, "list_head" if letter == "B" else "head")
    tab.height(row, 20)
