"""What something takes of the processor: the same whatever else the machine has to do."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def less_than(seconds: float) -> Iterator[None]:
    """Demand that this process and those it starts and ends meanwhile take less than so many seconds."""
    began = _spent()
    yield
    assert _spent() - began < seconds


def _spent() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)
