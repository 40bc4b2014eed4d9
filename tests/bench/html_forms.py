"""The fields that a browser would send of the form of a page (pure)."""

from __future__ import annotations

from html.parser import HTMLParser


class _Reader(HTMLParser):
    def __init__(self, marked: str) -> None:
        super().__init__()
        self._marked = marked
        self.fields: list[tuple[str, str]] = []
        self._inside = False
        self._select = self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = self._marked in f"{given.get('class', '')} {given.get('id', '')}"
            if self._inside:
                self.fields = []
        elif not self._inside or "disabled" in given:
            return
        elif tag == "input" and given.get("name"):
            kind = given.get("type", "text")
            if kind in ("submit", "button", "file", "image") or (
                    kind in ("checkbox", "radio") and "checked" not in given):
                return
            self.fields.append((given["name"], given.get("value", "")))
        elif tag == "select":
            self._select = given.get("name", "")
        elif tag == "option" and self._select and "selected" in given:
            self.fields.append((self._select, given.get("value", "")))
        elif tag == "textarea":
            self._text = given.get("name", "")
            self.fields.append((self._text, ""))

    def handle_data(self, data: str) -> None:
        if self._text:
            name, value = self.fields[-1]
            # Browsers drop the line break after the tag.
            self.fields[-1] = (name, value + data if value else data.lstrip("\r\n"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._text = ""


def fields_of(page: str, marked: str) -> list[tuple[str, str]]:
    """Return names and values of a form as it stands.

    Args:
        page: HTML.
        marked: part of the form's id or class; empty for the last form of the page.
    """
    reader = _Reader(marked)
    reader.feed(page)
    return reader.fields


def with_value(
    fields: list[tuple[str, str]], name: str, value: str
) -> list[tuple[str, str]]:
    """Return fields with another value of one of them.

    Raises:
        LookupError: the form has no such field.
    """
    if all(one != name for one, _ in fields):
        raise LookupError(name)
    return [(one, value if one == name else held) for one, held in fields]
