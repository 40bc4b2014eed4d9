"""Finds text in templates that does not go through gettext."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from jinja2 import Environment

# Names that are the same in every language.
SAME_EVERYWHERE = {"CSV", "Excel", "XLSX", "PDF", "JSON", "SVG", "ID", "API", "URL"}
_SHOWN_ATTRIBUTES = ("title", "placeholder", "aria-label", "alt")
_WORD = re.compile(r"[A-Za-z]{2,}|[\u4e00-\u9fff]")
_MARK = "\x01"


class _TextFinder(HTMLParser):
    """Collects visible text and the attributes that are read aloud."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note shown attributes; text of scripts and styles is not shown."""
        if tag in ("script", "style"):
            self._silent += 1
        for name, value in attrs:
            if name in _SHOWN_ATTRIBUTES and value:
                self._note(value)

    def handle_endtag(self, tag: str) -> None:
        """Leave a script or style."""
        if tag in ("script", "style") and self._silent:
            self._silent -= 1

    def handle_data(self, data: str) -> None:
        """Note visible text."""
        if not self._silent:
            self._note(data)

    def _note(self, text: str) -> None:
        words = [
            word for word in _WORD.findall(text.replace(_MARK, " ")) if word not in SAME_EVERYWHERE
        ]
        if words:
            self.found.append((self.getpos()[0], " ".join(text.replace(_MARK, "…").split())))


def bare_texts(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of everything visible in a template that is written out.

    Args:
        source: a Jinja template of HTML.
    """
    parts: list[str] = []
    inside = 0
    # Every expression becomes one mark; line breaks stay, so that lines can be told.
    for _line, kind, value in Environment(autoescape=True).lex(source):
        if kind in ("variable_begin", "block_begin", "comment_begin", "raw_begin"):
            inside += 1
            parts.append(_MARK if kind == "variable_begin" else "")
        elif kind in ("variable_end", "block_end", "comment_end", "raw_end"):
            inside -= 1
        if kind == "data" and not inside:
            parts.append(value)
        else:
            parts.append("\n" * value.count("\n"))
    finder = _TextFinder()
    finder.feed("".join(parts))
    yield from finder.found
