"""The rows of a written report. Page, PDF and docx are all fed from these."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from stins.reports.follow_up import said
from stins.reports.table import CriterionRow, Hidden, Shown, Stated
from stins.reports.written import Block
from stins.workbook.speech import Speech, speech


@dataclass(frozen=True, slots=True)
class Round:
    """An inspection that a report tells of: how it is called, whether it is an extra one, and its rows."""

    name: str
    extra: bool
    rows: Mapping[str, CriterionRow]


@dataclass(frozen=True, slots=True)
class Line:
    """A table of a criterion in a round, as a line of the annex.

    ``numbers`` are those who agree, agree partly, do not agree, do not know, and whom it did not concern.
    Where there are none, ``instead`` says what stands in their place.
    """

    round_name: str
    group: str
    numbers: tuple[int, ...]
    instead: str
    status: str


@dataclass(frozen=True, slots=True)
class Breach:
    """A breach in the annex: its criterion, by which rule, and its tables round by round."""

    id: str
    statement: str
    about: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Annex:
    """The numbers behind a report, made from the releases. ``why_none`` says why there are none."""

    title: str
    lede: str
    columns: tuple[str, ...]
    breaches: tuple[Breach, ...]
    why_none: str


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature: for which unit, by whom, and how it was given. Without a name it is still waited for."""

    unit: str
    name: str
    how: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A report on paper. ``mark`` says that it is not final yet; ``facts`` are labels and values."""

    lang: str
    title: str
    place: str
    mark: str
    facts_columns: tuple[str, str]
    facts: tuple[tuple[str, str], ...]
    note: str
    blocks: tuple[Block, ...]
    signatures_title: str
    signatures_columns: tuple[str, ...]
    signatures: tuple[Signed, ...]
    annex: Annex
    written_at: datetime


def annex(criteria: Iterable[str], rounds: tuple[Round, ...], why_none: str, lang: str) -> Annex:
    """Make the annex: every breach with its tables, before and after.

    Where a round did not ask it has no line. With ``why_none`` no table is shown, whatever the rounds hold.
    """
    _ = speech(lang)
    breaches = () if why_none else tuple(_breaches(criteria, rounds, _))
    return Annex(
        title=_("Bilaga: siffrorna"),
        lede=_(
            "Siffrorna är hämtade ur inspektionens resultat och kan inte ändras. En grupp där för få har "
            "svarat visas utan siffror."
        ),
        columns=(
            _("Omgång"),
            _("Grupp"),
            _("Instämmer"),
            _("Till viss del"),
            _("Inte alls"),
            _("Vet ej"),
            _("Ej aktuellt"),
            _("Status"),
        ),
        breaches=breaches,
        why_none=why_none,
    )


def _breaches(criteria: Iterable[str], rounds: tuple[Round, ...], _: Speech) -> Iterator[Breach]:
    for id in criteria:
        asked = [(each, each.rows[id]) for each in rounds if id in each.rows]
        if asked:
            first = asked[0][1]
            lines = tuple(line for each, row in asked for line in _lines(each, row, _))
            yield Breach(id, first.statement, said.rule(first, _), lines)


def _lines(about: Round, row: CriterionRow, _: Speech) -> Iterator[Line]:
    name, groups, statuses = about.name, said.cells(_), said.statuses(_)
    for table in row.tables:
        match table:
            case Shown(cell=cell, bands=bands, status=status):
                numbers = (
                    bands.agree,
                    bands.partly,
                    bands.disagree,
                    bands.unknown,
                    bands.not_applicable,
                )
                yield Line(name, groups[cell], numbers, "", statuses[status])
            case Hidden(cell=cell):
                yield Line(name, groups[cell], (), _("för få svar"), statuses[None])
            case Stated(fact=fact):
                whose = said.stated_by(_, extra=about.extra)
                yield Line(name, whose, (), said.fact(fact, _), statuses[row.status])
    if not row.tables:
        yield Line(name, _("Alla"), (), _("för få svar"), statuses[None])
