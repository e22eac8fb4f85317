"""The written report on what was done about breaches: drafted, edited, signed, approved, kept."""

from stins.services.followup.reporting.beginning import Begun, begin, beginning, redraft
from stins.services.followup.reporting.deciding import approve, return_
from stins.services.followup.reporting.papers import as_docx, as_pdf
from stins.services.followup.reporting.reading import report, version
from stins.services.followup.reporting.signing import Paper, record, sign
from stins.services.followup.reporting.values import Task, ToWrite, Version, Waiting, Written
from stins.services.followup.reporting.waiting import to_write, waiting
from stins.services.followup.reporting.writing import edit, send

__all__ = [
    "Begun",
    "Paper",
    "Task",
    "ToWrite",
    "Version",
    "Waiting",
    "Written",
    "approve",
    "as_docx",
    "as_pdf",
    "begin",
    "beginning",
    "edit",
    "record",
    "redraft",
    "report",
    "return_",
    "send",
    "sign",
    "to_write",
    "version",
    "waiting",
]
