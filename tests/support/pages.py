"""Reading pages as a person would: forms, headings, links, errors. Strict about HTML."""

import re
from dataclasses import dataclass
from weakref import WeakKeyDictionary
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from werkzeug.test import TestResponse
from world import PASSWORD

SPACE = re.compile(r"\s+")
_PARSED: WeakKeyDictionary[TestResponse, Element] = WeakKeyDictionary()


@dataclass
class Page:
    """A parsed page."""

    root: Element

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Give every element of a tag whose attributes are these; ``class_`` is the attribute class."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            element
            for element in self.root.iter(tag)
            if all(element.get(name) == value for name, value in wanted.items())
        ]

    def one(self, tag: str, **attributes: str) -> Element:
        """Give the only such element."""
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} of <{tag}> {attributes}"
        return found[0]

    def by_id(self, id: str) -> Element:
        """Give the element with an id."""
        return next(element for element in self.root.iter() if element.get("id") == id)

    @property
    def text(self) -> str:
        """Give the page's visible text, white space folded."""
        return text_of(self.root.find("body"))

    def form(self, action: str) -> dict[str, str]:
        """Give the values that a form would send as it stands, without its buttons.

        A form without an action sends to the page's own address, so it is taken where no other fits.
        """
        forms = sorted(self.root.iter("form"), key=lambda each: each.get("action") is None)
        form = next(each for each in forms if each.get("action") in (action, None))
        return dict(_fields(form))


class Staff:
    """A signed-in member of staff who clicks."""

    def __init__(self, app: Flask, email: str) -> None:
        self.client = app.test_client()
        form = page(self.client.get("/logga-in")).form("/logga-in")
        answer = self.client.post("/logga-in", data=form | {"email": email, "password": PASSWORD})
        assert answer.status_code == 302

    def send(self, where: str, action: str | None = None, **values: str):
        """Open a page and send its form with some values changed."""
        form = page(self.client.get(where)).form(action or where)
        return self.client.post(action or where, data=form | values, follow_redirects=True)


def page(response: TestResponse, status: int = 200) -> Page:
    """Parse a response that must have a status; HTML that is not valid is an error."""
    assert response.status_code == status, f"{response.status_code}: {response.get_data(as_text=True)[:2000]}"
    return Page(parsed(response))


def parsed(response: TestResponse) -> Element:
    """Give a response's HTML, once parsed. HTML that is not valid is an error."""
    if (kept := _PARSED.get(response)) is None:
        parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
        kept = _PARSED[response] = parser.parse(response.get_data(as_text=True))
    return kept


def text_of(element: Element | None) -> str:
    """Give an element's text, white space folded, without scripts and styles."""
    if element is None:
        return ""
    parts = []
    _gather(element, parts)
    return SPACE.sub(" ", "".join(parts)).strip()


def _gather(element: Element, parts: list[str]) -> None:
    if element.tag in ("script", "style", "head"):
        return
    parts.append(element.text or "")
    for child in element:
        _gather(child, parts)
        parts.append(child.tail or "")
    if element.tag in (
        "p",
        "li",
        "dd",
        "dt",
        "h1",
        "h2",
        "h3",
        "td",
        "th",
        "div",
        "legend",
        "label",
        "option",
    ):
        parts.append(" ")


def _fields(form: Element):
    for each in form.iter():
        value = _value(each)
        if each.get("name") and each.get("disabled") is None and value is not None:
            yield each.get("name"), value


def _value(each: Element) -> str | None:
    """Give what a field would send, or nothing."""
    kind = each.get("type", "text")
    match each.tag:
        case "input" if kind in ("radio", "checkbox"):
            return each.get("value", "on") if each.get("checked") is not None else None
        case "input":
            return None if kind == "submit" else each.get("value", "")
        case "textarea":
            return (each.text or "").removeprefix("\n")
        case "select":
            options = list(each.iter("option"))
            chosen = [option for option in options if option.get("selected") is not None]
            return (chosen or options)[0].get("value", "") if options else None
    return None
