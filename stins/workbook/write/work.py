"""What every tab needs while a workbook is written: the figures, where things stand, the words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from questionnaires.model import Question, Role
from scoring.release import ALLA, ST, UTBILDARE
from stins.workbook import words
from stins.workbook.speech import Speech
from stins.workbook.write.book import Book, Tab, column
from stins.workbook.write.figures import Figures, Line

FIRST = 7
"""The row of the first criterion in Underlag, Bedömning and Åtgärdsplan: the same criterion, the same row."""

COUNTS = {ST: "DEFGH", UTBILDARE: "IJKLM", ALLA: "NOPQR"}
"""The columns of Underlag with agree, partly, disagree, unknown and not applicable."""

ANSWERS_FIRST = 6
ANSWERS_COLUMN = 3


@dataclass(frozen=True, slots=True)
class Planned:
    """What is done about a criterion: what, by whom, by when, how far it has come, and what shows it.

    ``progress`` is ``planned``, ``under_way``, ``done`` or ``verified``.
    """

    what: str
    who: str
    due_on: date | None
    progress: str
    evidence: str


@dataclass(frozen=True)
class Work:
    """A workbook being written. ``columns`` are the respondents there is room for; ``None`` in an export.

    ``plan`` is what is done about each criterion, as far as it is known.
    """

    book: Book
    figures: Figures
    unit: str
    columns: Mapping[Role, int] | None
    plan: Mapping[str, Planned]

    @property
    def _(self) -> Speech:
        """Say a text in the workbook's language."""
        return self.book._

    @cached_property
    def tabs(self) -> Mapping[str, str]:
        """How the tabs are called."""
        return words.tabs(self._)

    @property
    def last(self) -> int:
        """The row of the last criterion."""
        return FIRST + len(self.figures.criteria) - 1

    @property
    def end(self) -> int:
        """The row of the last outcome."""
        return FIRST + len(self.figures.lines) - 1

    @property
    def areas_first(self) -> int:
        """The row of the first area in Bedömning, below the criteria."""
        return self.end + 5

    def asked(self, role: Role) -> tuple[Question, ...]:
        """Give the questions that a role is asked in this round."""
        return self.figures.catalogue.questionnaires[role].within(self.figures.release.areas)

    def tab(self, key: str) -> Tab:
        """Add a tab."""
        return self.book.tab(self.tabs[key])

    def at(self, key: str, cells: str) -> str:
        """Refer to cells of another tab."""
        return "'" + self.tabs[key] + "'!" + cells

    def area_row(self, area: str) -> int:
        """Give the row of an area in Bedömning."""
        return self.areas_first + [each.id for each in self.figures.areas].index(area)

    @cached_property
    def questions(self) -> Mapping[Role, Mapping[str, int]]:
        """The row of each question in its role's answer tab, where an area's heading stands before them."""
        found: dict[Role, dict[str, int]] = {}
        for role, form in self.figures.catalogue.questionnaires.items():
            rows: dict[str, int] = {}
            row, area = ANSWERS_FIRST, None
            for question in form.questions:
                if question.area != area:
                    area, row = question.area, row + 1
                rows[question.id] = row
                row += 1
            found[role] = rows
        return found

    def answers(self, role: Role, first: int, last: int) -> str:
        """Refer to the respondents' cells of some rows of a role's answer tab."""
        width = (self.columns or {})[role]
        left, right = column(ANSWERS_COLUMN), column(ANSWERS_COLUMN + width - 1)
        return self.at(f"answers_{role}", f"${left}${first}:${right}${last}")


def row_of(line: Line) -> int:
    """Give the row of a criterion or outcome in Underlag, Bedömning and Åtgärdsplan."""
    return FIRST + line.number - 1
