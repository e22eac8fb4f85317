"""Papers as tagged PDF (PDF/UA-1), set by typst. Typst is loaded only when one is made."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_TEMPLATES = Path(__file__).parents[2] / "templates" / "typst"  # beside the package, as the pages are


_NOT_OURS = re.compile(
    r"[^ -~\u00a0-\u024f\u0300-\u036f\u0391-\u03a1\u03a3-\u03ce\u0400-\u04ff"
    r"\u200b\u2010-\u2027\u2030-\u2040\u20ac\u2190-\u2193\u2212\u2264\u2265]"
)
"""What is not among the letters and signs that our fonts surely hold."""
_IN_ITS_PLACE = "\u25a1"
_UNBROKEN = re.compile(r"[^ \n\u200b]{80}(?=[\w!-~])")
"""More of a text without a space than a line holds, up to a letter or sign that no accent parts."""
_MAY_BREAK = "\u200b"


def pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """Set ``templates/typst/<template>.typ`` with ``data`` and give the PDF.

    The template reads ``data`` from ``house.typ`` as values, so no text in it can be taken for markup. The
    same data always gives the same bytes. A sign that no font of ours has, such as an emoji, is set as an
    empty square: PDF/UA-1 allows no text that cannot be shown. What is too long for a line without a space
    may break anywhere: it would run off the page, and past 65 535 bytes typst gives up. Raises
    :class:`RuntimeError` when the template itself is at fault, or typst.
    """
    text = json.dumps(_breakable(data), ensure_ascii=False)
    try:
        return _set(template, text)
    except RuntimeError as error:
        if "could not be displayed" not in str(error):
            raise
    return _set(template, _NOT_OURS.sub(_IN_ITS_PLACE, text))


def _set(template: str, data: str) -> bytes:
    import typst

    try:
        made = typst.compile(
            _TEMPLATES / f"{template}.typ",
            root=_TEMPLATES,
            sys_inputs={"data": data},
            pdf_standards="ua-1",
            ignore_system_fonts=True,
        )
    except BaseException as error:
        # A panic of typst's is no Exception, its class has no address, and no page of errors would be shown.
        if type(error).__name__ != "PanicException":
            raise
        raise RuntimeError(f"typst gave up: {error}") from error
    return bytes(made)


def _breakable(value: Any) -> Any:
    """Let every text in a value break where it is too long for a line."""
    match value:
        case str():
            return _UNBROKEN.sub(lambda run: run[0] + _MAY_BREAK, value)
        case list() | tuple():
            return [_breakable(each) for each in value]
        case dict():
            return {key: _breakable(each) for key, each in value.items()}
        case _:
            return value
