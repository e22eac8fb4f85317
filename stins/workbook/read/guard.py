"""What a file is refused for before anything in it is believed."""

from stins.workbook.read.kinds import refuse_other_kinds
from stins.workbook.read.package import look_through


def guard(content: bytes, filename: str) -> None:
    """Look through an uploaded file. Raises :class:`stins.workbook.read.faults.Unreadable`.

    Each reason has its own sentence. Nothing outside the file is opened, and no more than a small piece of it
    is unpacked at a time.
    """
    refuse_other_kinds(content, filename)
    look_through(content)
