"""Which characters a font can draw, read from its file (OpenType, table ``cmap``). Pure.

What a font lacks stands as an empty box on paper: somebody would sign a form with another name.
"""

from __future__ import annotations

import functools
import struct
from collections.abc import Iterator
from pathlib import Path

# Windows platform; encoding: all of Unicode, or its first plane.
_WHOLE, _FIRST_PLANE = (3, 10), (3, 1)


@functools.lru_cache(maxsize=4)
def characters_of(font: Path) -> frozenset[int]:
    """Return the code points that a font has a sign for.

    Args:
        font: file of an OpenType or TrueType font.

    Raises:
        ValueError: it has no table of Unicode characters.
    """
    data = font.read_bytes()
    start = _table(data, b"cmap")
    found: dict[tuple[int, int], int] = {}
    for place in range(struct.unpack_from(">H", data, start + 2)[0]):
        platform, encoding, offset = struct.unpack_from(">HHI", data, start + 4 + 8 * place)
        found[platform, encoding] = start + offset
    if _WHOLE in found:
        return frozenset(_segmented_coverage(data, found[_WHOLE]))
    if _FIRST_PLANE in found:
        return frozenset(_segments(data, found[_FIRST_PLANE]))
    raise ValueError(f"{font.name} has no table of Unicode characters")


def _table(data: bytes, tag: bytes) -> int:
    for place in range(struct.unpack_from(">H", data, 4)[0]):
        name, _check, offset, _length = struct.unpack_from(">4sIII", data, 12 + 16 * place)
        if name == tag:
            return offset
    raise ValueError(f"the font has no table {tag.decode()}")


def _segmented_coverage(data: bytes, at: int) -> Iterator[int]:
    """Yield the code points of a subtable of format 12: groups of first, last and sign."""
    for place in range(struct.unpack_from(">I", data, at + 12)[0]):
        first, last, _sign = struct.unpack_from(">III", data, at + 16 + 12 * place)
        yield from range(first, last + 1)


def _segments(data: bytes, at: int) -> Iterator[int]:
    """Yield the code points of a subtable of format 4: last ones, a gap, first ones."""
    count = struct.unpack_from(">H", data, at + 6)[0] // 2
    lasts = struct.unpack_from(f">{count}H", data, at + 14)
    firsts = struct.unpack_from(f">{count}H", data, at + 16 + 2 * count)
    for first, last in zip(firsts, lasts, strict=True):
        yield from range(first, min(last, 0xFFFE) + 1)
