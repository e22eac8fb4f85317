"""Svar: a tab for each role to type answers into, a row for each question and a column for each person."""

from questionnaires.model import Role
from stins.workbook import places, words
from stins.workbook.write.book import Tab, column, fitting
from stins.workbook.write.work import ANSWERS_COLUMN, ANSWERS_FIRST, Work

STATE = ANSWERS_FIRST - 1
HEAD = ANSWERS_FIRST - 2
UPRIGHT_MOST = 10


def write(work: Work, role: Role, room: int) -> None:
    """Write the answer tab of a role with ``room`` columns."""
    _, tab, rows = work._, work.tab(f"answers_{role}"), work.questions[role]
    last, right = max(rows.values()), column(ANSWERS_COLUMN + room - 1)
    left = column(ANSWERS_COLUMN)
    tab.widths({"A": 5, "B": 58, f"{left}:{right}": 4.2})
    tab.title(work.tabs[f"answers_{role}"])
    tab.text(
        "A2",
        _(
            "En kolumn för varje person. Blanda svaren först. Alla frågor ska ha ett svar i varje ifylld "
            "kolumn."
        ),
        "plain",
    )
    legend = ", ".join(f"{key} {text.lower()}" for key, text in words.answers(_).items())
    tab.text("A3", legend, "plain")
    tab.text(f"A{HEAD}", _("Nr"), "head")
    tab.text(f"B{HEAD}", _("Fråga"), "head")
    tab.text(f"B{STATE}", _("Klar? (✓ alla frågor har ett svar, ! något saknas eller är fel)"), "meta")
    _questions(work, role, tab, room)
    for number in range(room):
        letter = column(ANSWERS_COLUMN + number)
        tab.number(f"{letter}{HEAD}", number + 1, "head_middle")
        cells = f"{letter}{ANSWERS_FIRST}:{letter}{last}"
        tab.formula(f"{letter}{STATE}", _state(cells, len(rows)), "", "answer_state")
    area = f"{left}{ANSWERS_FIRST}:{right}{last}"
    work.book.name(places.answers(role), tab, area)
    tab.sheet.freeze_panes(STATE, ANSWERS_COLUMN - 1)
    tab.paper(landscape=room > UPRIGHT_MOST, repeat=(HEAD, HEAD))
    tab.protect()


def _questions(work: Work, role: Role, tab: Tab, room: int) -> None:
    _, catalogue, rows = work._, work.figures.catalogue, work.questions[role]
    columns = [column(ANSWERS_COLUMN + number) for number in range(room)]
    legend = "\n".join(f"{key}  {text}" for key, text in words.answers(_).items())
    area = None
    for question in catalogue.questionnaires[role].questions:
        row = rows[question.id]
        if question.area != area:
            area = question.area
            tab.text(f"B{row - 1}", area_name(work, area), "area")
        tab.text(f"A{row}", question.id, "id")
        text = question.text.render(work.figures.lang, work.figures.parameters)
        tab.text(f"B{row}", text, "small")
        tab.height(row, fitting(text, 58, 9))
        for letters in columns:
            tab.blank(f"{letters}{row}", "input_middle")
    tab.choices(
        [f"{columns[0]}{row}:{columns[-1]}{row}" for row in rows.values()],
        list(places.ANSWERS.values()),
        _("Svar"),
        legend,
        _("Välj 3, 2, 1, 0, V eller E."),
    )


def area_name(work: Work, area: str) -> str:
    """Name an area with its letter; the outcomes stand under a heading of their own."""
    if not area:
        return work._("Om din ST som helhet")
    return f"{area}. {work.figures.catalogue.areas[area].name.plain(work.figures.lang)}"


def _state(cells: str, questions: int) -> str:
    """1 when every question has one of the six answers and nothing more, 2 when not, "" when empty."""
    filled = f'SUMPRODUCT(({cells}<>"")*1)'
    right = "+".join(f'({cells}&""="{word}")' for word in places.ANSWERS.values())
    state = f'IF({filled}=0,"",IF(AND({filled}={questions},SUMPRODUCT({right})={questions}),1,2))'
    return f"IFERROR({state},2)"  # an error value in a cell would else hide a person and count his answers
