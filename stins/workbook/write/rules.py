"""Regler: every threshold with its basis, named so that the formulas read as the rules do."""

from collections.abc import Mapping

from questionnaires.model import Fact
from scoring.verdict import Status
from stins.workbook import words
from stins.workbook.speech import Speech
from stins.workbook.write.book import Tab, fitting
from stins.workbook.write.work import Work

STATUS_NAMES = {Status.MET: "ord_met", Status.PARTLY: "ord_partly", Status.NOT_MET: "ord_not_met"}
FACT_NAMES = {Fact.JA: "ord_ja", Fact.DELVIS: "ord_delvis", Fact.NEJ: "ord_nej"}


def write(work: Work) -> None:
    """Write the tab and define a name for every number and word that formulas use."""
    _, tab = work._, work.tab("rules")
    tab.widths({"A": 52, "B": 9, "C": 9, "D": 30, "E": 70})
    tab.title(_("Regler"))
    tab.across(
        "A2:E2",
        _(
            "Gränserna som bedömningen följer, och varför de ligger där. Andelar är bråk av hela tal, så att "
            "ingen avrundning avgör. Ändras ett tal här räknas allt om, men då är det inte längre STINS "
            "regler."
        ),
        "meta",
    )
    tab.height(2, 26)
    for letter, head in zip(
        "ABCDE",
        (_("Gräns"), _("Täljare eller antal"), _("Nämnare"), _("Namn i formlerna"), _("Grund")),
        strict=True,
    ):
        tab.text(f"{letter}4", head, "head")
    row = _thresholds(work, tab, 5)
    tab.text(f"A{row + 1}", _("Ord som formlerna jämför med"), "heading")
    statuses, facts = words.statuses(_), words.facts(_)
    said = {name: statuses[status] for status, name in STATUS_NAMES.items()}
    said |= {name: facts[fact] for fact, name in FACT_NAMES.items()}
    for place, (name, word) in enumerate(said.items(), row + 2):
        tab.text(f"A{place}", word)
        tab.text(f"D{place}", name, "meta")
        work.book.name(name, tab, f"A{place}")
    tab.sheet.freeze_panes(4, 0)
    tab.paper(landscape=True, repeat=(4, 4))
    tab.protect()


def _thresholds(work: Work, tab: Tab, row: int) -> int:
    said = _labels(work._)
    for line in work.figures.rules.printed:
        for key, value in line.values.items():
            name = threshold(line.place, key)
            numerator, _slash, denominator = value.partition("/")
            label = said.get(f"{line.place}.{key}", f"{line.place}.{key}")
            tab.text(f"A{row}", label, "wrap")
            tab.height(row, max(fitting(label, 52), fitting(line.basis, 70, 9)))
            tab.number(f"B{row}", int(numerator))
            if denominator:
                tab.number(f"C{row}", int(denominator))
                work.book.name(f"{name}_n", tab, f"B{row}")
                work.book.name(f"{name}_d", tab, f"C{row}")
            else:
                work.book.name(name, tab, f"B{row}")
            tab.text(f"D{row}", name, "meta")
            tab.text(f"E{row}", line.basis, "small")
            row += 1
    return row


def threshold(place: str, key: str) -> str:
    """Name a threshold in formulas: its place in the rules file, without the word level."""
    return f"{place.removeprefix('level.')}_{key}".replace(".", "_")


def _labels(_: Speech) -> Mapping[str, str]:
    level = {"F": _("Föreskrift"), "AR": _("Allmänt råd"), "KI": _("Kvalitetsindikator")}
    per_level = {
        "not_met_short.least": _("inte uppfyllt: minst så många instämmer inte"),
        "not_met_short.over": _("inte uppfyllt: och de utgör mer än"),
        "not_met_disagree.least": _("inte uppfyllt: minst så många instämmer inte alls"),
        "not_met_disagree.over": _("inte uppfyllt: och de utgör mer än"),
        "met.from": _("uppfyllt: minst så stor andel instämmer"),
        "met_disagree.at_most": _("uppfyllt: högst så många instämmer inte alls"),
        "met_disagree.or_share": _("uppfyllt: eller högst så stor andel instämmer inte alls"),
    }
    found = {
        f"level.{id}.{key}": f"{name}, {text}"
        for id, name in level.items()
        for key, text in per_level.items()
    }
    return found | {
        "release.scale_from.value": _("Alla fyra stegen visas från så många svar"),
        "release.dialogue.ballots.value": _("Underlag för samtal: minsta antal svar"),
        "release.dialogue.counted.value": _("Underlag för samtal: varav ST-läkare eller handledare"),
        "release.dialogue.answered.value": _("Underlag för samtal: svar för att ett kriterium ska visas"),
        "fact.delvis.share": _("Uppgift: delvis räknas som"),
        "area.assessed.from": _("Område: bedöms när minst så stor andel av kriterierna har en status"),
        "area.c_ar_partly.over": _("Område: C när fler allmänna råd än så är delvis uppfyllda"),
        "area.b_ki_short.over": _(
            "Område: B när större andel än så av indikatorerna brister, avrundat uppåt"
        ),
        "findings.strength.from": _("Styrka: minst så stor andel instämmer i varje grupp"),
        "findings.strengths_per_area.value": _("Styrkor: högst så många per område"),
        "findings.gap.from": _("Skillnad: grupperna skiljer sig åt med minst"),
        "findings.unsure.under": _("Osäkert: färre svar än så i en grupp"),
        "findings.unknown.from": _("Okänd rutin: minst så stor andel svarar vet ej"),
    }
