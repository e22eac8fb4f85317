"""Reading parsed JSON strictly: every refusal is one line with the place and what is allowed."""

import json
import reprlib
from datetime import date
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

E = TypeVar("E", bound=StrEnum)
_REQUIRED: Any = object()


class Malformed(ValueError):
    """A document cannot be read; the text is one line with the place and what is allowed."""


def parse(text: str | bytes) -> Any:
    """Parse JSON strictly: no key twice in an object, no NaN, nothing nested beyond reason.

    Raises :class:`Malformed`.
    """
    try:
        return json.loads(text, object_pairs_hook=_without_doubles, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise Malformed(
            f"this is not JSON: {error.msg} at line {error.lineno}, column {error.colno}"
        ) from None
    except UnicodeDecodeError:
        raise Malformed("this is not JSON in UTF-8; save the file as UTF-8") from None
    except RecursionError:
        raise Malformed("this is not JSON of the kind expected: it is nested too deeply") from None
    except ValueError as error:
        raise error if isinstance(error, Malformed) else Malformed(f"this is not JSON: {error}") from None


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        double = next(key for key in keys if keys.count(key) > 1)
        raise Malformed(f"the key {reprlib.repr(double)} stands twice in one object; keep one")
    return found


def _no_constant(name: str) -> NoReturn:
    raise Malformed(f"this is not JSON: {name} is no number there")


class Reader:
    """A JSON object being read: every getter names the place when the value is not what it must be."""

    def __init__(self, raw: Any, place: str, keys: tuple[str, ...]) -> None:
        self.place = f"{place}: " if place else ""
        if not isinstance(raw, dict):
            raise Malformed(f"{self.place}this must be a JSON object with the keys {', '.join(keys)}")
        for key in raw:
            if key not in keys:
                raise Malformed(
                    f"{self.place}{reprlib.repr(key)} is not a key here; allowed: {', '.join(keys)}"
                )
        self.raw = raw

    def get(self, key: str, default: Any = _REQUIRED) -> Any:
        value = self.raw.get(key, default)
        if value is _REQUIRED:
            raise Malformed(f"{self.place}{key} is missing")
        return value

    def wrong(self, key: str, allowed: str) -> NoReturn:
        raise Malformed(f"{self.place}{key} is {reprlib.repr(self.raw[key])}; {allowed}")

    def text(self, key: str, default: Any = _REQUIRED) -> str:
        value = self.get(key, default)
        if not isinstance(value, str):
            self.wrong(key, "it must be a text")
        return value

    def whole(self, key: str, least: int, default: Any = _REQUIRED) -> int:
        value = self.get(key, default)
        if type(value) is not int or value < least:
            self.wrong(key, f"it must be a whole number, {least} or more")
        return value

    def one_of(self, key: str, kind: type[E], default: Any = _REQUIRED) -> E:
        value = self.get(key, default)
        if not isinstance(value, str) or value not in list(kind):
            self.wrong(key, f"allowed: {', '.join(kind)}")
        return kind(value)

    def day(self, key: str) -> date:
        value = self.text(key)
        try:
            day = date.fromisoformat(value)
        except ValueError:
            self.wrong(key, "it must be a date such as 2026-11-22")
        if day.isoformat() != value:
            self.wrong(key, "it must be a date such as 2026-11-22")
        return day

    def list_(self, key: str) -> list[Any]:
        value = self.get(key)
        if not isinstance(value, list):
            self.wrong(key, "it must be a list")
        return value

    def mapping(self, key: str, default: Any = _REQUIRED) -> dict[str, Any]:
        value = self.get(key, default)
        if not isinstance(value, dict):
            self.wrong(key, "it must be an object")
        return value
