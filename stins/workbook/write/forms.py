"""Instruktion and Enkät: what to do, and the questions to print, a copy for each person."""

from questionnaires.model import Role
from stins.workbook import words
from stins.workbook.speech import Speech
from stins.workbook.write.answers import area_name
from stins.workbook.write.book import Tab, fitting
from stins.workbook.write.work import Work

BOXES = "CDEFGH"
QUESTION_WIDTH = 47
COMMENT_LINES = 2
COMMENT_HEIGHT = 16 + 20 * COMMENT_LINES + 8
# In points, at the scale that the forms are printed in.
PAGE_HEIGHT, TOP_HEIGHT, HEAD_HEIGHT = 845.0, 130.0, 50.0


def write_instructions(work: Work) -> Tab:
    """Write what to do in five steps and what is promised; in an export, how to read it. Gives the tab."""
    _, tab = work._, work.tab("instructions")
    tab.widths({"A": 4, "B": 88})
    is_blank = work.columns is not None
    tab.title(_("STINS-arbetsbok") if is_blank else _("STINS-resultat"))
    tab.across(
        "A2:B2",
        _(
            "Självskattning av ST-utbildningen på en enhet. Bedömningen efterliknar SPUR men är "
            "inget SPUR-betyg."
        ),
    )
    row = _steps(tab, 4, _("Gör så här"), _to_do(_) if is_blank else _to_read(_))
    row = _paragraphs(tab, row + 1, _("Vad färgerna betyder"), [])
    tab.blank(f"A{row}", "input")
    tab.text(f"B{row}", _("Gult fylls i. Allt annat är låst (utan lösenord) och räknas ut."))
    if is_blank:
        promised = _promised(work)
        row = _paragraphs(tab, row + 2, _("Vad som lovas om anonymitet"), promised)
    catalogue, rules = work.figures.catalogue.id, work.figures.rules.id
    made = _("STINS, kriteriekatalog %(catalogue)s och regler %(rules)s. Mer står i flikarna Regler och Om.")
    _paragraphs(tab, row + 1, _("Gjord med"), [made % {"catalogue": catalogue, "rules": rules}])
    tab.paper()
    tab.protect()
    return tab


def _to_do(_: Speech) -> tuple[str, ...]:
    return (
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
            "webben kan studierektorn läsa in arbetsboken där."
        ),
    )


def _to_read(_: Speech) -> tuple[str, ...]:
    return (
        _(
            "Läs Resultat: bedömningen av varje område och varför, det som måste åtgärdas och det "
            "som är starkt."
        ),
        _("Bestäm tillsammans vad ni gör åt det som brister och skriv det i Åtgärdsplan."),
        _(
            "Underlag visar hur många som svarade vad, Bedömning hur det blev ett betyg, Regler var "
            "gränserna går."
        ),
        _(
            "Enkätflikarna visar frågorna som ställdes. Jämför kontrollsumman i Om med den på resultatsidan "
            "i STINS: är de lika är siffrorna de som publicerades."
        ),
    )


def _promised(work: Work) -> list[str]:
    _ = work._
    return [
        _(
            "Den som skriver in svaren läser dem. Därför kallas resultatet av en arbetsbok inte anonymt, "
            "och därför ska den som skriver in inte höra till enheten."
        ),
        _(
            "Resultatet visar bara hur många som har svarat vad, och bara när minst %(k)s ST-läkare och "
            "handledare står bakom siffrorna. ST-läkare visas för sig när minst %(k)s ST-läkare och minst "
            "%(k)s handledare har svarat, annars räknas alla tillsammans. Svarar färre visas ingenting."
        )
        % {"k": work.figures.release.k},
        _("Ett ensamt Instämmer inte alls räknas som Instämmer till viss del. Ej aktuellt räknas inte."),
        _(
            "Flikarna Svar innehåller varje persons svar. Lämna inte ut arbetsboken med dem ifyllda: skriv "
            "ut Resultat och Åtgärdsplan i stället."
        ),
    ]


def _steps(tab: Tab, row: int, heading: str, steps: tuple[str, ...]) -> int:
    tab.text(f"A{row}", heading, "heading")
    for number, step in enumerate(steps, 1):
        row += 1
        tab.text(f"A{row}", f"{number}.", "bold")
        tab.text(f"B{row}", step, "wrap")
        tab.height(row, fitting(step, 88) + 4)
    return row + 1


def _paragraphs(tab: Tab, row: int, heading: str, texts: list[str]) -> int:
    tab.text(f"A{row}", heading, "heading")
    for text in texts:
        row += 1
        tab.text(f"B{row}", text, "wrap")
        tab.height(row, fitting(text, 88) + 3)
    return row + 1


def write_form(work: Work, role: Role) -> None:
    """Write a role's questionnaire to print; in an export, the questions that were asked, if any."""
    if not work.asked(role):
        return
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
    asked = _("Frågorna som ställdes i den här inspektionen.")
    tab.across("A3:H3", asked if work.columns is None else promise, "small")
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


class Pages:
    """Rows laid one under the other, with a new page before what would not fit whole."""

    def __init__(self, tab: Tab, row: int, used: float) -> None:
        self.tab = tab
        self.row = row
        self._used = used
        self._breaks: list[int] = []

    def add(self, height: float, *, with_next: float = 0) -> int:
        """Give the number of a new row. ``with_next`` is the height of what must stand on the same page."""
        if self._used + height + with_next > PAGE_HEIGHT:
            self._breaks.append(self.row - 1)
            self._used = HEAD_HEIGHT
        self.tab.height(self.row, height)
        self._used += height
        self.row += 1
        return self.row - 1

    def finish(self) -> None:
        """Set the page breaks and what is printed."""
        self.tab.sheet.set_h_pagebreaks(self._breaks)
        self.tab.sheet.print_area(f"A1:H{self.row - 1}")


def _rows(work: Work, role: Role, tab: Tab) -> None:
    """Write the questions area by area; a heading keeps its first question, the last one its comment."""
    _, figures = work._, work.figures
    pages = Pages(tab, 5, TOP_HEIGHT)
    for area in dict.fromkeys(question.area for question in work.asked(role)):
        asked = [question for question in work.asked(role) if question.area == area]
        texts = {q.id: q.text.render(figures.lang, figures.parameters) for q in asked}
        heights = {id: fitting(text, QUESTION_WIDTH) + 4 for id, text in texts.items()}
        row = pages.add(20, with_next=sum(list(heights.values())[:2]))
        tab.across(f"A{row}:H{row}", area_name(work, area), "area")
        for id, text in texts.items():
            ends = area and id == asked[-1].id
            row = pages.add(heights[id], with_next=COMMENT_HEIGHT if ends else 0)
            tab.text(f"A{row}", id, "id_question")
            tab.text(f"B{row}", text, "question")
            for letter in BOXES:
                tab.text(f"{letter}{row}", "☐", "box")
        if area:
            _comment(pages, _("Vill du tillägga något om området?"))
    for text in (_("Vad fungerar bäst?"), _("Vad är viktigast att förbättra?")):
        _comment(pages, text)
    pages.finish()


def _comment(pages: Pages, text: str) -> None:
    """Write a question to be answered in words, with lines to write on."""
    pages.tab.text(f"B{pages.add(16, with_next=COMMENT_HEIGHT - 16)}", text, "meta")
    for _line in range(COMMENT_LINES):
        row = pages.add(20)
        pages.tab.across(f"A{row}:H{row}", "", "line")
    pages.add(8)
