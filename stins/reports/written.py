"""Plain text as somebody writes it: headings, paragraphs and lists, and nothing else is markup."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["heading", "paragraph", "list"]


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a text. A heading has a ``level`` of 1 or 2; a list has its items in ``lines``.

    The lines of a paragraph are kept as they were broken.
    """

    kind: Kind
    lines: tuple[str, ...]
    level: int = 0

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)


def blocks(text: str) -> tuple[Block, ...]:
    """Read a text: ``# `` and ``## `` begin a heading, ``- `` an item, a blank line ends a paragraph.

    No level is left out: a ``## `` before any ``# `` is a heading of the first level, as a paper that can be
    read aloud demands.
    """
    found: list[Block] = []
    above = 0
    for line in text.splitlines():
        block = _read(line.strip(), above)
        if block.kind == "heading":
            above = block.level
        before = found[-1] if found else None
        if before and block.lines and before.lines and block.kind == before.kind != "heading":
            found[-1] = Block(before.kind, before.lines + block.lines)
        else:
            found.append(block)
    return tuple(block for block in found if block.lines)


def _read(line: str, above: int) -> Block:
    if line.startswith("# ") and line[2:].strip():
        return Block("heading", (line[2:].strip(),), 1)
    if line.startswith("## ") and line[3:].strip():
        return Block("heading", (line[3:].strip(),), 2 if above else 1)
    if line.startswith("- ") and line[2:].strip():
        return Block("list", (line[2:].strip(),))
    return Block("paragraph", (line,) if line else ())
