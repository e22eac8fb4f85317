"""A verdict said in lines of text, for who has only a terminal."""

from collections.abc import Mapping

from questionnaires.model import Catalogue
from scoring.release import Release
from scoring.rounds import Mode
from scoring.rules import rules
from scoring.verdict import Verdict
from stins.workbook import words
from stins.workbook.speech import Speech, speech
from stins.workbook.write.assessment.texts import said_few, said_needed, said_numbers
from stins.workbook.write.figures import Figures, Line

NONE = "–"


def verdict(
    release: Release,
    verdict: Verdict,
    catalogue: Catalogue,
    parameters: Mapping[str, int],
    unit: str,
    lang: str,
) -> list[str]:
    """Say a verdict in ``lang``: who answered, the grades with their reasons, then the findings."""
    _ = speech(lang)
    figures = Figures(release, verdict, catalogue, rules(release.rules), parameters, lang)
    lines = {line.id: line for line in figures.lines}
    improve = [id for id in verdict.weaknesses if id not in verdict.breaches]
    findings = (
        (_("Det här måste åtgärdas"), verdict.breaches),
        (_("Det här är starkt"), verdict.strengths),
        (_("Det här kan bli bättre"), improve),
        (_("Här ser vi olika saker"), verdict.gaps),
        (_("Rutiner som få känner till"), verdict.unknown),
        (
            _("Vad ST-läkarna själva säger"),
            [line.id for line in figures.lines if not line.area and line.status],
        ),
    )
    said = [*_head(figures, unit, _), "", *_grades(figures, _)]
    for heading, ids in findings:
        if ids:
            said += ["", heading, *(f"  {_line(lines[id], _)}" for id in ids)]
    return said


def _head(figures: Figures, unit: str, _: Speech) -> list[str]:
    release = figures.release
    said = [
        ", ".join(part for part in (unit, release.closed_on.isoformat()) if part),
        _("STINS-bedömning, en självskattning som efterliknar SPUR. Den är inget SPUR-betyg."),
    ]
    if release.mode is Mode.TYPED:
        said.append(
            _(
                "Svaren är inskrivna för hand och har lästs av den som skrev in dem. Resultatet kallas "
                "därför inte anonymt."
            )
        )
    if release.mode is Mode.DIALOGUE:
        said.append(
            _(
                "Det här är ett underlag för samtal, inte en anonym enkät. I en så liten grupp kan svaren gå "
                "att räkna ut. Läs siffrorna tillsammans och leta inte efter vem som har svarat vad."
            )
        )
    if not release.cells:
        return [*said, said_few(release, _)]
    cells = words.cells(_)
    return [*said, *(f"{cells[cell.id]}: {cell.n}{_(' svar')}." for cell in release.cells)]


def _grades(figures: Figures, _: Speech) -> list[str]:
    lacking = _("status saknas för ")
    because = {area.id: ", ".join(area.because) for area in figures.areas}
    return [
        f"{area.id}  {area.grade}  {area.name}"
        + (f" ({lacking if area.grade == NONE else ''}{because[area.id]})" if because[area.id] else "")
        for area in figures.areas
    ]


def _line(line: Line, _: Speech) -> str:
    needed = said_needed(line, _)
    provisional = _(", preliminär") if line.provisional else ""
    status = words.statuses(_)[line.status].lower()
    level = (
        f" ({words.levels(_)[line.level].lower()}{provisional}; {status})" if line.area else f" ({status})"
    )
    more = f"{_('. Behövs: ')}{needed}" if needed else ""
    return f"{line.id} {line.statement}{level} {said_numbers(line, _)}{more}"
