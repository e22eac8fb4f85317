"""ballots.json → release.json → verdict.json, without a database."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from questionnaires.read import catalogue
from scoring.documents.objects import Malformed, parse
from scoring.documents.read import read_release, read_round
from scoring.documents.write import release_document, verdict_document
from scoring.release import publish
from scoring.rules import rules
from scoring.verdict import assess

__all__ = ["Malformed", "assessed", "by_line", "published"]


def published(text: bytes) -> dict[str, Any]:
    """Make release.json of ballots.json, by the very code that closing uses. Raises :class:`Malformed`."""
    return release_document(publish(read_round(parse(text))))


def assessed(text: bytes) -> dict[str, Any]:
    """Make verdict.json of release.json. Raises :class:`Malformed`."""
    release = read_release(parse(text))
    return verdict_document(assess(release, catalogue(release.catalogue), rules(release.rules)))


def by_line(lines: Iterable[bytes], make: Callable[[bytes], dict[str, Any]]) -> Iterator[tuple[str, bool]]:
    """Make a line of each line, in order, and say whether it could be made.

    A faulty line is answered by an object with the key ``error`` in its place, and the run goes on.
    """
    for number, line in enumerate(lines, 1):
        try:
            yield _line(make(line)), True
        except Malformed as fault:
            yield _line({"error": f"line {number}: {fault}"}), False


def _line(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
