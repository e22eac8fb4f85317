"""Comments made even, so that neither typography nor order tells who wrote what (anonymity.md)."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping

from questionnaires.model import CLOSING_FIELDS, Catalogue
from scoring.ballots import Ballot

# The property White_Space of the Unicode Character Database; str.isspace() counts U+001C–U+001F too.
WHITE_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_SPACE = re.compile(f"[{WHITE_SPACE}]")
_RUNS = re.compile(" +")
_EVEN = str.maketrans(
    {"…": "..."} | dict.fromkeys("‘’‚‛", "'") | dict.fromkeys("“”„‟«»", '"') | dict.fromkeys("‐‑‒–—―", "-")
)


def clean(text: str) -> str:
    """Make a comment even: spaces, control characters, normal form, typography, in that order."""
    text = _SPACE.sub(" ", text)
    text = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf"))
    text = unicodedata.normalize("NFC", text).translate(_EVEN)
    return _RUNS.sub(" ", text).strip(" ")


def pool(catalogue: Catalogue, ballots: Iterable[Ballot]) -> Mapping[str, tuple[str, ...]]:
    """Gather the cleaned comments of all roles by field, in the catalogue's field order.

    Within a field they stand by code point: their order then tells nothing. Empty ones and empty fields are
    left out.
    """
    found: defaultdict[str, list[str]] = defaultdict(list)
    for ballot in ballots:
        for field, text in ballot.comments.items():
            if cleaned := clean(text):
                found[field].append(cleaned)
    order = (*catalogue.areas, *CLOSING_FIELDS)
    return {field: tuple(sorted(found[field])) for field in order if field in found}
