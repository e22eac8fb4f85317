"""Counting what is asked of a database."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from stins.store.opening import Store


@contextmanager
def counted(store: Store) -> Iterator[list[str]]:
    """Give the statements that are sent meanwhile."""
    found: list[str] = []

    def keep(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        found.append(statement)

    event.listen(store.engine, "before_cursor_execute", keep)
    try:
        yield found
    finally:
        event.remove(store.engine, "before_cursor_execute", keep)
