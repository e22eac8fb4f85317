"""Long lists, a page at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

PAGE = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A page of a list, ``number`` from 1 to ``last``; ``total`` is how many the whole list holds."""

    items: tuple[T, ...]
    number: int
    total: int

    @property
    def last(self) -> int:
        """Give the number of the last page."""
        return max(1, -(-self.total // PAGE))

    @property
    def has_more(self) -> bool:
        """Whether another page follows."""
        return self.number < self.last


def page_of(number: int, total: int, some: Callable[[int, int], tuple[T, ...]]) -> Page[T]:
    """Give a page, the nearest where there is none of that number; ``some`` takes an offset and how many."""
    last = max(1, -(-total // PAGE))
    number = min(max(number, 1), last)
    return Page(some((number - 1) * PAGE, PAGE) if total else (), number, total)
