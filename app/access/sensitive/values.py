"""A sensitive value in Python: masked wherever it is written, clear only where it is asked for."""

from __future__ import annotations

import logging
from typing import Any

from markupsafe import Markup, escape

from app.access.sensitive.keyring import KeyRing, Unreadable
from app.access.sensitive.kinds import KINDS, MASK_GIVEN, STAR, looks_masked, tail_of
from app.errors import Rejected
from app.i18n import Message

log = logging.getLogger(__name__)
_UNREADABLE_MASK = STAR * 8


class MaskedText(Rejected):
    """A mask was given in the place of a value; storing it would destroy what is there."""

    def __init__(self) -> None:
        super().__init__(Message(MASK_GIVEN))


class SensitiveValue:
    """A phone number, an identity number, a contact: everything but ``reveal`` gives the mask.

    Pages, files, answers of the API and the audit trail are all made of ``str(value)``: what
    knows nothing of sensitive values shows the mask. It is decrypted when first looked at.

    Args:
        kind: name of its kind.
        clear: canonical text, where it is known.
        stored: what the database holds; sealed when it is first needed otherwise.
        ring: keys to use.
    """

    __slots__ = ("_clear", "_ring", "_stored", "kind")

    def __init__(
        self, kind: str, ring: KeyRing, clear: str | None = None, stored: str | None = None
    ) -> None:
        self.kind = kind
        self._ring = ring
        self._clear = clear
        self._stored = stored

    @classmethod
    def of(cls, kind: str, text: str, ring: KeyRing) -> SensitiveValue | str:
        """Return the value of a typed text; an empty text is no value and stays a text.

        Raises:
            MaskedText: the text is a mask.
        """
        clear = KINDS[kind].canonical(text)
        if looks_masked(clear):
            raise MaskedText
        return cls(kind, ring, clear=clear) if clear else ""

    def reveal(self) -> str:
        """Return the clear text. Whoever calls this writes down who sees it, and why.

        Raises:
            Unreadable: the key is not there any more, or the stored value is damaged.
        """
        if self._clear is None:
            self._clear = self._ring.open(self._stored or "")
        return self._clear

    @property
    def stored(self) -> str:
        """What the database holds: encrypted."""
        if self._stored is None:
            self._stored = self._ring.seal(
                self.reveal(), is_found=KINDS[self.kind].is_found)
        return self._stored

    @property
    def is_readable(self) -> bool:
        """Whether the keys in force can decrypt it."""
        try:
            self.reveal()
        except Unreadable:
            return False
        return True

    @property
    def masked(self) -> str:
        """What everybody may see."""
        try:
            return KINDS[self.kind].mask(self.reveal())
        except Unreadable:
            log.error("a sensitive value cannot be decrypted with the keys of CARELINE_FIELD_KEYS")
            return _UNREADABLE_MASK

    @property
    def words(self) -> list[str]:
        """Words of the search index; none of a value that cannot be read, or is not to be found."""
        if not KINDS[self.kind].is_found or not self.is_readable:
            return []
        tail = tail_of(self.reveal()) if KINDS[self.kind].has_tail else ""
        return self._ring.words(self.reveal(), tail, self._stored or "")

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"<{self.kind} {self.masked}>"

    def __format__(self, spec: str) -> str:
        return format(self.masked, spec)

    def __html__(self) -> Markup:
        return escape(self.masked)

    def __len__(self) -> int:
        return len(self.reveal()) if self.is_readable else len(_UNREADABLE_MASK)

    def __bool__(self) -> bool:
        return True

    def __eq__(self, other: Any) -> bool:
        if isinstance(other, SensitiveValue):
            if self._stored is not None and self._stored == other._stored:
                return True
            return self.is_readable and other.is_readable and self.reveal() == other.reveal()
        if isinstance(other, str):
            return self.is_readable and self.reveal() == KINDS[self.kind].canonical(other)
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self.reveal()) if self.is_readable else hash(self._stored)
