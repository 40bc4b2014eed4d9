"""Markdown of articles as safe HTML: no raw HTML, no scripts, pictures of the article alone."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import nh3
from markupsafe import Markup

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_TAGS = {"p", "br", "hr", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li",
         "h3", "h4", "h5", "a", "img", "table", "thead", "tbody", "tr", "th", "td"}
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto", "tel"}
# The page has its title and the cards theirs: an article begins at the third level.
_HEADINGS = {"h1": "h3", "h2": "h3", "h3": "h4"}
_LOWEST = "h5"


@functools.cache
def _parser() -> MarkdownIt:
    # Imported with the first article: the library is larger than the plugin.
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(
        ["table", "strikethrough"])


def render(text: str, pictures: Mapping[str, str] | None = None) -> Markup:
    """Return Markdown as markup for a page.

    Args:
        text: CommonMark with tables; HTML in it is shown as text.
        pictures: addresses of pictures by the name of their file; any other picture gives way to
            its description.
    """
    parser, known = _parser(), pictures or {}
    tokens = parser.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = _HEADINGS.get(token.tag, _LOWEST)
        token.children = [_picture(child, known) for child in token.children or []]
    html = parser.renderer.render(tokens, parser.options, {})
    return Markup(nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES))


def _picture(token: Any, known: Mapping[str, str]) -> Any:
    if token.type != "image":
        return token
    address = known.get(str(token.attrs.get("src", "")))
    if address is None:
        token.type, token.content = "text", token.content or str(token.attrs.get("src", ""))
    else:
        token.attrs["src"] = address
    return token


def plain(text: str) -> str:
    """Return Markdown as plain text, for what is inserted where somebody types."""
    lines: list[str] = []
    for token in _parser().parse(text):
        if token.type == "inline":
            lines.append("".join(
                "\n" if child.type in ("softbreak", "hardbreak") else child.content
                for child in token.children or []))
        elif token.type in ("fence", "code_block"):
            lines.append(token.content.rstrip())
    return "\n".join(lines)
