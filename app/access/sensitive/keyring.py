"""The keys of sensitive columns: encryption, and the blind index by which values are found.

The first key encrypts; all of them decrypt, so that a key can be replaced while people work.
A value is stored as ``DIGEST.KEY.CIPHERTEXT``: the digest first, so that an ordinary index of the
column finds it by the beginning of what is stored.
"""

from __future__ import annotations

import base64
import dataclasses
import functools
import hmac
import secrets
from collections.abc import Callable, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.access.sensitive.kinds import comparable

PART = "."
# The character after it: what begins with a digest lies between the two.
AFTER_PART = "/"
_NONCE_BYTES = 12
_TAG_BYTES = 16
_KEY_BYTES = 32
_DIGEST_BYTES = 15
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = tuple(first + second for first in _ALPHABET for second in _ALPHABET)
DIGEST_LENGTH = 24
KEY_ID_LENGTH = 8
# What words of the search index begin with: a value, or the end of one.
DIGEST_WORD, TAIL_WORD = "bf", "bt"


class Unreadable(Exception):
    """What is stored was written with a key that is not there, or has been damaged."""


class NoKeys(RuntimeError):
    """Nothing has said which keys there are."""


def _derive(secret: str, purpose: str, length: int) -> bytes:
    # The secret has the full strength already: HKDF keeps its uses apart.
    kdf = HKDF(algorithm=hashes.SHA256(), length=length, salt=None,
               info=f"careline field key 1: {purpose}".encode())
    return kdf.derive(secret.encode())


def _letters(data: bytes) -> str:
    """Return bytes as small letters and digits, which no tokeniser of a search index parts.

    Base 32 of RFC 4648. The library's own takes longer than the digest that it writes.

    Args:
        data: a multiple of five bytes.
    """
    number = int.from_bytes(data)
    return "".join([
        _PAIRS[number >> shift & 1023] for shift in range(len(data) * 8 - 10, -1, -10)])


class FieldKey:
    """One key, with what is derived from it.

    Args:
        secret: random text of the settings.
    """

    __slots__ = ("_cipher", "_index", "id")

    def __init__(self, secret: str) -> None:
        self.id = _letters(_derive(secret, "name", 5))
        self._cipher = AESGCM(_derive(secret, "encryption", _KEY_BYTES))
        self._index = _derive(secret, "blind index", _KEY_BYTES)

    def encrypt(self, text: str, context: str) -> str:
        """Return a text encrypted; the same text never gives the same twice.

        Args:
            text: any text.
            context: what it belongs to; it can only be decrypted with the same one.
        """
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, text.encode(), context.encode())
        return base64.urlsafe_b64encode(nonce + sealed).decode().rstrip("=")

    def decrypt(self, sealed: str, context: str) -> str:
        """Return the text that ``encrypt`` was given.

        Raises:
            Unreadable: it was encrypted with another key or context, or has been altered.
        """
        try:
            data = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
            return self._cipher.decrypt(
                data[:_NONCE_BYTES], data[_NONCE_BYTES:], context.encode()
            ).decode()
        except (InvalidTag, ValueError) as error:
            raise Unreadable from error

    def digest(self, text: str, use: str = "value") -> str:
        """Return a keyed digest: equal for equal texts, and nothing else can be read from it."""
        mark = hmac.digest(self._index, f"{use}:{text}".encode(), "sha256")
        return _letters(mark[:_DIGEST_BYTES])


@dataclasses.dataclass(frozen=True)
class KeyRing:
    """All keys in order: the first encrypts, every one decrypts.

    Attributes:
        keys: at least one.
    """

    keys: tuple[FieldKey, ...]

    @classmethod
    def of(cls, secrets_: Sequence[str]) -> KeyRing:
        """Return the ring of several secrets, the newest first."""
        return cls(tuple(map(FieldKey, secrets_)))

    @functools.cached_property
    def _by_id(self) -> dict[str, FieldKey]:
        return {key.id: key for key in self.keys}

    def seal(self, text: str, *, is_found: bool = True) -> str:
        """Return what is stored of a canonical text.

        Args:
            text: canonical value; an empty one stays empty.
            is_found: whether the database may know which values are equal; else the digest is one
                of nothing.
        """
        if not text:
            return ""
        key = self.keys[0]
        digest = key.digest(comparable(text)) if is_found else _letters(
            secrets.token_bytes(_DIGEST_BYTES))
        head = digest + PART + key.id
        return head + PART + key.encrypt(text, head)

    def open(self, stored: str) -> str:
        """Return the text that ``seal`` was given.

        Raises:
            Unreadable: its key is not there, or it is damaged.
        """
        head, _, sealed = stored.rpartition(PART)
        key = self._by_id.get(head[DIGEST_LENGTH + 1:])
        if key is None:
            raise Unreadable
        return key.decrypt(sealed, head)

    def is_current(self, stored: str) -> bool:
        """Return whether a stored value was written with the first key."""
        return stored[DIGEST_LENGTH + 1:].startswith(self.keys[0].id + PART)

    def digests(self, text: str) -> list[str]:
        """Return the digests that a canonical text may be stored under, one for each key."""
        return [key.digest(comparable(text)) for key in self.keys]

    def words(self, text: str, tail: str, stored: str = "") -> list[str]:
        """Return the words of the search index for a value: its own, and one of its last four.

        Args:
            text: canonical value.
            tail: its last four characters; empty when they do not find it.
            stored: what is stored of it, if that is known: it begins with the digest.
        """
        key = self.keys[0]
        found: list[str] = []
        if text:
            found.append(DIGEST_WORD + (
                stored[:DIGEST_LENGTH] if stored and self.is_current(stored)
                else key.digest(comparable(text))))
        if tail:
            found.append(TAIL_WORD + key.digest(comparable(tail), "tail"))
        return found

    def query_words(self, text: str, *, is_tail: bool = False) -> list[str]:
        """Return the words of the search index that a text can be found by.

        Args:
            text: canonical value, or the last four characters of one.
            is_tail: whether it is the latter.
        """
        mark, use = (TAIL_WORD, "tail") if is_tail else (DIGEST_WORD, "value")
        return [mark + key.digest(comparable(text), use) for key in self.keys]


def stored_length(length: int) -> int:
    """Return how many characters are stored of a value with at most ``length`` characters."""
    data = _NONCE_BYTES + 4 * length + _TAG_BYTES
    return DIGEST_LENGTH + KEY_ID_LENGTH + 2 + (data * 4 + 2) // 3


_rings: list[KeyRing] = []
_sources: list[Callable[[], KeyRing | None]] = []


def use(ring: KeyRing) -> None:
    """Let this process use these keys, where nothing says otherwise."""
    _rings[:] = [ring]


def find_by(source: Callable[[], KeyRing | None]) -> None:
    """Ask for the keys of what is running, e.g. of the application, before the process's own."""
    _sources[:] = [source]


def ring() -> KeyRing:
    """Return the keys in force.

    Raises:
        NoKeys: there are none.
    """
    found = _sources[0]() if _sources else None
    if found is None:
        if not _rings:
            raise NoKeys("the keys of sensitive columns have not been set up")
        found = _rings[0]
    return found
