"""Instruktion and Enkät: what to do, and the questions to print, a copy for each person."""

from questionnaires.model import Role
from stins.workbook import words
from stins.workbook.write.answers import area_name
from stins.workbook.write.book import Tab, fitting
from stins.workbook.write.work import Work

BOXES = "CDEFGH"
QUESTION_WIDTH = 47
PAGE_HEIGHT = 845
COMMENT_LINES = 2


def write_instructions(work: Work) -> Tab:
    """Write what to do in five steps, and what is promised, and give the tab."""
    _, tab, k = work._, work.tab("instructions"), work.figures.release.k
    tab.widths({"A": 4, "B": 88})
    tab.title(_("STINS-arbetsbok"))
    tab.across(
        "A2:B2",
        _(
            "Självskattning av ST-utbildningen på en enhet. Bedömningen efterliknar SPUR men är inget "
            "SPUR-betyg."
        ),
    )
    steps = (
        _("Studierektorn fyller i Uppgifter: enhet, sista dag och det som uppges öppet."),
        _(
            "Skriv ut enkätflikarna, en kopia för varje person. Alla svarar var för sig och utan namn, och "
            "lägger svaret i ett kuvert som klistras igen. Så många som möjligt ska svara."
        ),
        _(
            "Låt någon utanför enheten öppna kuverten, blanda svaren och skriva in dem i flikarna Svar: en "
            "kolumn för varje person. Alla frågor ska ha ett svar. Förstör papperen när allt är inskrivet."
        ),
        _("Läs Resultat och skriv ut det. Det räknas ut av sig självt. Underlag och Bedömning visar hur."),
        _(
            "Bestäm tillsammans vad ni gör åt det som brister och skriv det i Åtgärdsplan. Finns STINS på "
            "webben kan studierektorn lämna in arbetsboken där."
        ),
    )
    row = 4
    tab.text(f"A{row}", _("Gör så här"), "heading")
    for number, step in enumerate(steps, 1):
        row += 1
        tab.text(f"A{row}", f"{number}.", "bold")
        tab.text(f"B{row}", step, "wrap")
        tab.height(row, fitting(step, 88) + 4)
    row = _paragraphs(tab, row + 2, _("Vad färgerna betyder"), [])
    tab.blank(f"A{row}", "input")
    tab.text(f"B{row}", _("Gult fylls i. Allt annat är låst (utan lösenord) och räknas ut."))
    row = _paragraphs(
        tab,
        row + 2,
        _("Vad som lovas om anonymitet"),
        [
            _(
                "Den som skriver in svaren läser dem. Därför kallas resultatet av en arbetsbok inte "
                "anonymt, och därför ska den som skriver in inte höra till enheten."
            ),
            _(
                "Resultatet visar bara hur många som svarat vad, och bara när minst %(k)s ST-läkare och "
                "handledare står bakom siffrorna. ST-läkare visas för sig när minst %(k)s ST-läkare och "
                "minst %(k)s handledare har svarat, annars räknas alla tillsammans. Svarar färre visas "
                "ingenting."
            )
            % {"k": k},
            _("Ett ensamt Instämmer inte alls räknas som Instämmer till viss del. Ej aktuellt räknas inte."),
            _(
                "Flikarna Svar innehåller varje persons svar. Lämna inte ut arbetsboken med dem ifyllda: "
                "skriv ut Resultat och Åtgärdsplan i stället."
            ),
        ],
    )
    catalogue, rules = work.figures.catalogue.id, work.figures.rules.id
    _paragraphs(
        tab,
        row + 1,
        _("Gjord av"),
        [
            _("STINS, kriteriekatalog %(catalogue)s och regler %(rules)s. Mer står i flikarna Regler och Om.")
            % {"catalogue": catalogue, "rules": rules}
        ],
    )
    tab.paper()
    tab.protect()
    return tab


def _paragraphs(tab: Tab, row: int, heading: str, texts: list[str]) -> int:
    tab.text(f"A{row}", heading, "heading")
    for text in texts:
        row += 1
        tab.text(f"B{row}", text, "wrap")
        tab.height(row, fitting(text, 88) + 3)
    return row + 1


def write_form(work: Work, role: Role) -> None:
    """Write a role's questionnaire to print: the questions with boxes, comment lines, areas kept together."""
    _, tab = work._, work.tab(f"form_{role}")
    tab.widths({"A": 5, "B": QUESTION_WIDTH, "C:H": 7})
    tab.title(_("Enkät om ST: %(role)s") % {"role": words.roles(_)[role]})
    tab.text("A2", work.unit, "bold")
    promise = _(
        "Skriv inte ditt namn. Sätt ett kryss för varje fråga. Vet du inte, kryssa Vet ej: det är också "
        "ett svar. Lägg svaret i ett kuvert och klistra igen det. Någon utanför enheten skriver in svaren "
        "och förstör papperen. Den som får läsa resultatet svarar som studierektor eller verksamhetschef, "
        "eller inte alls."
    )
    tab.across("A3:H3", promise, "small")
    tab.height(3, 40)
    tab.text("B4", _("Påstående"), "head")
    tab.text("A4", _("Nr"), "head")
    for letter, text in zip(BOXES, words.answers(_).values(), strict=True):
        tab.text(f"{letter}4", text, "head_small")
    tab.height(4, 44)
    _rows(work, role, tab)
    tab.paper(repeat=(4, 4))
    tab.sheet.set_print_scale(88)
    tab.protect()


def _rows(work: Work, role: Role, tab: Tab) -> None:
    """Write the questions area by area, breaking pages where an area's heading would be left alone."""
    _, figures = work._, work.figures
    form = figures.catalogue.questionnaires[role]
    row, used, breaks = 5, 130.0, []
    areas = list(dict.fromkeys(question.area for question in form.questions))
    for area in areas:
        questions = [question for question in form.questions if question.area == area]
        texts = [question.text.render(figures.lang, figures.parameters) for question in questions]
        heights = [fitting(text, QUESTION_WIDTH) + 4 for text in texts]
        if used + 20 + sum(heights[:2]) > PAGE_HEIGHT:
            breaks.append(row - 1)
            used = 50.0
        tab.across(f"A{row}:H{row}", area_name(work, area), "area")
        tab.height(row, 20)
        used, row = used + 20, row + 1
        for question, text, height in zip(questions, texts, heights, strict=True):
            if used + height > PAGE_HEIGHT:
                breaks.append(row - 1)
                used = 50.0
            tab.text(f"A{row}", question.id, "id_small")
            tab.text(f"B{row}", text, "question")
            for letter in BOXES:
                tab.text(f"{letter}{row}", "☐", "box")
            tab.height(row, height)
            used, row = used + height, row + 1
        if area:
            row, used = _comment(tab, row, used, breaks, _("Vill du tillägga något om området?"))
    for text in (_("Vad fungerar bäst?"), _("Vad är viktigast att förbättra?")):
        row, used = _comment(tab, row, used, breaks, text)
    tab.sheet.set_h_pagebreaks(breaks)
    tab.sheet.print_area(f"A1:H{row - 1}")


def _comment(tab: Tab, row: int, used: float, breaks: list[int], text: str) -> tuple[int, float]:
    height = 16 + 20.0 * COMMENT_LINES
    if used + height > PAGE_HEIGHT:
        breaks.append(row - 1)
        used = 50.0
    tab.text(f"B{row}", text, "meta")
    tab.height(row, 16)
    for number in range(COMMENT_LINES):
        tab.across(f"A{row + 1 + number}:H{row + 1 + number}", "", "line")
        tab.height(row + 1 + number, 20)
    return row + 1 + COMMENT_LINES, used + height
