"""Papers as tagged PDF (PDF/UA-1), set by typst. Typst is loaded only when one is made."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_TEMPLATES = Path(__file__).parents[2] / "templates" / "typst"  # beside the package, as the pages are


def pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """Set ``templates/typst/<template>.typ`` with ``data`` and give the PDF.

    The template reads ``data`` from ``house.typ`` as values, so no text in it can be taken for markup. The
    same data always gives the same bytes. Raises :class:`RuntimeError` when the template itself is at fault.
    """
    import typst

    made = typst.compile(
        _TEMPLATES / f"{template}.typ",
        root=_TEMPLATES,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards="ua-1",
        ignore_system_fonts=True,
    )
    return bytes(made)
