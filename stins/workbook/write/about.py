"""Om and Kommentarer: where the workbook comes from, and what people wrote that has been read first."""

from dataclasses import dataclass
from datetime import date
from importlib.metadata import version

from questionnaires.model import Catalogue
from scoring.rounds import Mode
from stins.workbook import places
from stins.workbook.speech import Speech
from stins.workbook.write.book import fitting
from stins.workbook.write.looks import HEIGHT_MOST
from stins.workbook.write.work import Work

CAUTIOUS_WIDTH = 78
"""Narrower than the comments' column: what people write may be all in wide capitals."""


@dataclass(frozen=True, slots=True)
class Destroyed:
    """The destruction note: how many answers and codes, and on which day."""

    ballots: int
    codes: int
    on: date


def write(work: Work, sha256: str | None, destroyed: Destroyed | None) -> None:
    """Write the tab Om; without a checksum it is a blank's."""
    _, figures = work._, work.figures
    tab = work.tab("about")
    tab.widths({"A": 34, "B": 78})
    tab.title(_("Om arbetsboken"))
    lines = [
        (_("Program"), f"STINS {version('stins')}", ""),
        (_("Slag av fil"), places.EXPORT if sha256 else places.BLANK, places.KIND),
        (_("Kriteriekatalog"), figures.catalogue.id, places.CATALOGUE),
        (_("Katalogens kontrollsumma"), figures.catalogue.digest, ""),
        (_("Regler"), figures.rules.id, places.RULES),
    ]
    if sha256:
        lines += [
            (_("Hur svaren har lämnats"), _modes(_)[figures.release.mode], ""),
            (_("Kontrollsumma för resultatet (SHA-256)"), sha256, places.SHA256),
            (_("Förstört"), _destroyed(work, destroyed), ""),
        ]
        lines += [
            (_("Sätt, så som det står i filen"), str(figures.release.mode), places.MODE),
            (_("Valda områden, om inte alla"), " ".join(figures.release.areas or ()), places.AREAS),
        ]
    for row, (label, text, name) in enumerate(lines, 3):
        tab.text(f"A{row}", label, "bold_top")
        tab.text(f"B{row}", text, "wrap")
        if name:
            work.book.name(name, tab, f"B{row}")
    row = len(lines) + 4
    for text in _told(_):
        tab.across(f"A{row}:B{row}", text, "wrap")
        tab.height(row, fitting(text, 112) + 4)
        row += 1
    tab.paper(landscape=False)
    tab.protect()


def _modes(_: Speech) -> dict[Mode, str]:
    return {
        Mode.ANONYMOUS: _("Anonym enkät på webben"),
        Mode.DIALOGUE: _("Underlag för samtal på webben, inte anonymt"),
        Mode.TYPED: _("Inskrivna för hand i en arbetsbok, inte anonymt"),
    }


def _destroyed(work: Work, note: Destroyed | None) -> str:
    _ = work._
    if note is None:
        return _("Ingen uppgift om att svaren är förstörda.")
    return _("%(ballots)s svar, %(codes)s koder och nyckeln till lådan förstördes %(day)s.") % {
        "ballots": note.ballots,
        "codes": note.codes,
        "day": note.on.isoformat(),
    }


def _told(_: Speech) -> tuple[str, ...]:
    return (
        _(
            "Formlerna i Bedömning räknar ut samma bedömning som programmet. De jämför hela tal, och "
            "gränserna står i Regler. Arbetsboken innehåller inga makron och inga länkar till andra filer."
        ),
        _(
            "Bedömningen är en självskattning som efterliknar SPUR. Bara en extern granskning ger ett "
            "SPUR-betyg."
        ),
        _(
            "Kriterierna är skrivna efter HSLF-FS 2021:8 och SOSFS 2015:8. Där kravets nivå inte är "
            "bekräftad är kriteriet märkt preliminärt."
        ),
    )


def write_comments(work: Work, *, read_first: bool) -> None:
    """Write the comments by area, in code point order and without role; tell where nobody read them first."""
    _, comments = work._, work.figures.release.comments
    if not comments:
        return
    tab = work.tab("comments")
    tab.widths({"A": 100})
    tab.title(_("Kommentarer"))
    tab.text("A2", _("I bokstavsordning och utan roll. Leta inte efter vem som har skrivit."), "meta")
    if not read_first:
        tab.text("A3", _("Ingen har läst kommentarerna först: de står så som de lämnades."), "meta")
    row = 3
    for field, name in _fields(work._, work.figures.catalogue, work.figures.lang).items():
        if field not in comments:
            continue
        row += 1
        tab.text(f"A{row}", name, "heading")
        for text in comments[field]:
            row += 1
            tab.text(f"A{row}", text, "wrap")
            tab.height(row, min(fitting(text, CAUTIOUS_WIDTH), HEIGHT_MOST))
        row += 1
    if work.figures.release.redacted:
        text = _("Antal kommentarer där något är borttaget eller som inte visas: %(count)s.")
        tab.text(f"A{row + 1}", text % {"count": work.figures.release.redacted}, "meta")
    tab.paper()
    tab.protect()


def _fields(_: Speech, catalogue: Catalogue, lang: str) -> dict[str, str]:
    areas = {area.id: f"{area.id}. {area.name.plain(lang)}" for area in catalogue.areas.values()}
    return areas | {"best": _("Vad fungerar bäst?"), "improve": _("Vad är viktigast att förbättra?")}
