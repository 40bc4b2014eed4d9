"""Texts that are translated later: marks and messages. Pure: every floor may use it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup


def N_(message: str) -> str:
    """Mark ``message`` for extraction and return it unchanged.

    Pure modules carry English message ids; the screens translate them with gettext.

    Args:
        message: English text.
    """
    return message


class EnteredText(str):
    """The English of a text that an admin entered in both languages; no catalogue knows it.

    Args:
        english: the English text, which stands wherever a plain text is wanted.
        chinese: the Chinese text, if any.
    """

    __slots__ = ("chinese",)
    chinese: str

    def __new__(cls, english: str, chinese: str = "") -> EnteredText:
        """Hold both texts."""
        text = super().__new__(cls, english)
        text.chinese = chinese
        return text


@dataclasses.dataclass(frozen=True, slots=True)
class Link:
    """A page of the product that a message leads to.

    Attributes:
        address: path within the product, e.g. ``/training/mine/``.
        text: what the link is called, as a message id.

    Raises:
        ValueError: the address leads out of the product, or the link has no text.
    """

    address: str
    text: str

    def __post_init__(self) -> None:
        # "//host" and "/\\host" lead elsewhere in a browser.
        if (not self.address.startswith("/") or self.address.startswith("//")
                or "\\" in self.address or not self.address.isprintable()):
            raise ValueError(f"{self.address!r} is not the path of a page of the product")
        if not self.text:
            raise ValueError("a link needs a text")


@dataclasses.dataclass(frozen=True, slots=True)
class Message:
    """An English message id, marked with ``N_`` where it is written, and its values.

    Attributes:
        msgid: English text with placeholders such as ``%(most)s``.
        params: values of the placeholders.
        link: page that helps the reader on, if any.
    """

    msgid: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict[str, Any], hash=False)
    link: Link | None = None

    def __str__(self) -> str:
        return self.msgid % self.params


class LinkedText(str):
    """A translated sentence with a link; a template shows both, anything else the sentence.

    Attributes:
        address: path of the page.
        link_text: what the link is called, translated.
    """

    __slots__ = ("address", "link_text")
    address: str
    link_text: str

    def __new__(cls, text: str, address: str, link_text: str) -> LinkedText:
        """Return the sentence ``text`` with a link to ``address``."""
        made = super().__new__(cls, text)
        made.address, made.link_text = address, link_text
        return made

    def __html__(self) -> str:
        """Return the sentence and its link as markup."""
        return Markup('{} <a class="message-link" href="{}">{}</a>').format(
            str(self), self.address, self.link_text)

    def __getnewargs__(  # pyright: ignore[reportIncompatibleMethodOverride] -- for its own __new__
        self,
    ) -> tuple[str, str, str]:
        """Return what a copy is made from."""
        return str(self), self.address, self.link_text


def prefixed(prefix: str, text: str) -> str:
    """Return a text with another one before it; a link of the text stays.

    Args:
        prefix: what is put before it, e.g. ``Owner: ``.
        text: a translated sentence, with or without a link.
    """
    if isinstance(text, LinkedText):
        return LinkedText(prefix + text, text.address, text.link_text)
    return prefix + text


def link_fields(text: str) -> dict[str, dict[str, str]]:
    """Return the link of a text as a field of a JSON answer; nothing without a link.

    Args:
        text: a translated sentence, with or without a link.
    """
    if not isinstance(text, LinkedText):
        return {}
    return {"link": {"address": text.address, "text": text.link_text}}
