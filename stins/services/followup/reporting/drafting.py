"""The program's own draft of a report: what was found, what was done, before and after, what remains."""

from collections.abc import Iterator, Sequence
from datetime import date

from scoring.rounds import Mode
from stins.reports.follow_up import said
from stins.reports.table import CriterionRow
from stins.services.followup.reporting.sources import Shown
from stins.services.followup.reporting.values import Source
from stins.services.followup.values import Case, State, Step
from stins.services.rights import Place
from stins.workbook import words
from stins.workbook.speech import speech


def draft(where: Place, found: Source, cases: Sequence[Case], shown: Sequence[Shown], lang: str) -> str:
    """Write the draft in ``lang``. ``shown`` is what the source and its re-inspections showed."""
    writer = _Writer(where, found, cases, shown, lang)
    parts = (
        writer.background(),
        writer.findings(),
        writer.actions(),
        writer.compared(),
        writer.left(),
    )
    return "\n\n".join(line for part in parts for line in part)


class _Writer:
    """Writes one draft: each part is paragraphs, headings among them."""

    def __init__(
        self, where: Place, found: Source, cases: Sequence[Case], shown: Sequence[Shown], lang: str
    ) -> None:
        self.where, self.found, self.cases, self.shown, self.lang = where, found, cases, shown, lang
        self._ = speech(lang)

    def background(self) -> Iterator[str]:
        _ = self._
        yield "# " + _("Bakgrund")
        about = {"place": self.where.name, "day": self._day(self.found.day)}
        if self.found.review:
            about["reviewer"] = _line(self.found.reviewer)
            yield (
                _(
                    "Rapporten gäller %(place)s och följer upp den externa granskningen av %(reviewer)s, "
                    "vars rapport är från %(day)s."
                )
                % about
            )
        else:
            yield _("Rapporten gäller %(place)s och följer upp inspektionen som avslutades %(day)s.") % about
        yield from self._caution()

    def _caution(self) -> Iterator[str]:
        _ = self._
        match self.found.mode:
            case Mode.ANONYMOUS:
                yield _("Det här är en STINS-bedömning, en självskattning som efterliknar SPUR.")
            case Mode.TYPED:
                yield _(
                    "Det här är en STINS-bedömning, en självskattning som efterliknar SPUR. Svaren är "
                    "inskrivna för hand."
                )
            case Mode.DIALOGUE:
                yield _(
                    "Inspektionen var ett underlag för samtal i en liten grupp. Siffrorna därifrån stannar "
                    "på enheten, så rapporten återger inga."
                )

    def findings(self) -> Iterator[str]:
        _ = self._
        yield "# " + _("Det här kom fram")
        for case in self.cases:
            yield f"## {self._name(case)}"
            if not case.criterion:
                yield _line(case.text[self.lang])
            yield self._rule(case)
            row = self.shown[0].rows.get(case.criterion) if self.shown else None
            if row:
                yield self._status(row)
                yield "\n".join(f"- {line}" for line in self._tables(self.shown[0], row))
            yield _("Ska vara åtgärdad senast %(day)s.") % {"day": self._day(case.due_on)}

    def actions(self) -> Iterator[str]:
        _ = self._
        yield "# " + _("Det här har vi gjort")
        for case in self.cases:
            yield f"## {self._name(case)}"
            if case.actions:
                yield "\n".join(f"- {self._step(step)}" for step in case.actions)
            else:
                yield _("Inga åtgärder är beskrivna.")

    def compared(self) -> Iterator[str]:
        _ = self._
        if len(self.shown) < 2:
            return
        yield "# " + _("Före och efter")
        for later in self.shown[1:]:
            if later.mode is Mode.DIALOGUE:
                yield _(
                    "En extra intern granskning som underlag för samtal avslutades %(day)s. "
                    "Siffrorna därifrån stannar på enheten."
                ) % {"day": self._day(later.day)}
        for case in self.cases:
            after = [
                (each, each.rows[case.criterion]) for each in self.shown[1:] if case.criterion in each.rows
            ]
            if after:
                yield f"## {self._name(case)}"
                before = self.shown[0]
                asked = [(before, before.rows[case.criterion])] if case.criterion in before.rows else []
                yield "\n".join(
                    f"- {self._round(each, row, first=each is before)}" for each, row in (*asked, *after)
                )

    def left(self) -> Iterator[str]:
        _ = self._
        yield "# " + _("Det här återstår")
        lines = [f"- {line}" for case in self.cases for line in self._left_of(case)]
        yield "\n".join(lines) or _("Inget: alla åtgärder är gjorda och alla uppföljningar är avslutade.")

    def _left_of(self, case: Case) -> Iterator[str]:
        _ = self._
        name = case.criterion or _("Område %(area)s") % {"area": case.area}
        if case.state is State.OPEN:
            yield _("%(name)s är inte avslutad. Den ska vara åtgärdad senast %(day)s.") % {
                "name": name,
                "day": self._day(case.due_on),
            }
        for step in case.actions:
            if not step.is_done:
                yield f"{name}: {self._step(step)}"

    def _name(self, case: Case) -> str:
        if case.criterion:
            return f"{case.criterion} {_line(case.text[self.lang])}"
        number = [each for each in self.cases if each.area == case.area].index(case) + 1
        return self._("Område %(area)s, brist %(number)s") % {"area": case.area, "number": number}

    def _rule(self, case: Case) -> str:
        _ = self._
        level = words.levels(_)[case.level] if case.level else _("Brist mot en föreskrift")
        if case.preliminary:
            level = _("%(level)s (preliminär)") % {"level": level}
        return ", ".join(part for part in (level, case.basis[self.lang]) if part).rstrip(".") + "."

    def _status(self, row: CriterionRow) -> str:
        return self._("Status: %(status)s.") % {"status": self._status_word(row)}

    def _status_word(self, row: CriterionRow) -> str:
        return said.statuses(self._)[row.status].lower() if row.status else self._("utan status")

    def _tables(self, each: Shown, row: CriterionRow) -> list[str]:
        return [said.numbers(table, self._, extra=each.extra) for table in row.tables]

    def _round(self, each: Shown, row: CriterionRow, *, first: bool) -> str:
        _ = self._
        name = (_("Före, %(day)s") if first else _("Efter, %(day)s")) % {"day": self._day(each.day)}
        if not row.tables:
            return _("%(round)s: utan status, för få svar.") % {"round": name}
        return f"{name}: {self._status_word(row)}. {'. '.join(self._tables(each, row))}."

    def _step(self, step: Step) -> str:
        _ = self._
        parts = [_line(step.what)]
        if step.who:
            parts.append(_("Görs av %(who)s") % {"who": _line(step.who)})
        if step.due_on:
            parts.append(_("Klart senast %(day)s") % {"day": self._day(step.due_on)})
        parts.append(_("Läge: %(progress)s") % {"progress": words.progress(_)[step.status].lower()})
        if step.evidence.strip():
            parts.append(_("Det här visar det: %(evidence)s") % {"evidence": _line(step.evidence)})
        return " ".join(part if part.endswith((".", "!", "?")) else f"{part}." for part in parts)

    def _day(self, day: date) -> str:
        return said.day(day, self.lang)


def _line(text: str) -> str:
    """Give a text on one line, so that nothing in it is taken for a heading or an item."""
    return " ".join(text.split())
