"""Before and after: what two rounds say of a criterion, side by side."""

from dataclasses import dataclass
from enum import StrEnum

from scoring.verdict import Status
from stins.reports.table import CriterionRow

ORDER = tuple(Status)


class Change(StrEnum):
    """Where an arrow points."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A criterion in two rounds, each with its status and its tables.

    ``after`` is ``None`` where the later round did not ask it. ``change`` is ``None`` where the two cannot be
    compared: a status is missing, or the tables are not the same.
    """

    before: CriterionRow
    after: CriterionRow | None
    change: Change | None

    @property
    def id(self) -> str:
        """The criterion."""
        return self.before.id

    @property
    def status(self) -> Status | None:
        """The status after, or ``None`` where there is none."""
        return self.after.status if self.after else None


def compare(before: CriterionRow, after: CriterionRow | None) -> Comparison:
    """Set a criterion of two rounds side by side (anonymity.md, "One circle at a time")."""
    return Comparison(before, after, _change(before, after) if after else None)


def _change(before: CriterionRow, after: CriterionRow) -> Change | None:
    if before.status is None or after.status is None or _tables(before) != _tables(after):
        return None
    earlier, later = ORDER.index(before.status), ORDER.index(after.status)
    if earlier == later:
        return Change.SAME
    return Change.BETTER if later > earlier else Change.WORSE


def _tables(row: CriterionRow) -> tuple[tuple[str, str], ...]:
    """Give which tables a criterion has, and which of them are shown."""
    return tuple((table.part, getattr(table, "cell", "")) for table in row.tables)
