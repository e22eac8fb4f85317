"""The values that pages speak of, for layers that may not reach below the services."""

from scoring.rounds import Comments, Mode
from scoring.verdict import Grade, Status
from stins.box.codes import grouped
from stins.workbook.speech import speech

__all__ = ["Comments", "Grade", "Mode", "Status", "grouped", "speech"]
