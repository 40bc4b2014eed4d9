"""Traditional characters as simplified ones: whoever types either finds both."""

from __future__ import annotations

import functools
import itertools
from typing import cast

_IDEOGRAPHS = (range(0x3400, 0xA000), range(0xF900, 0xFB00))


@functools.cache
def _simplified() -> dict[int, str]:
    # Imported where it is needed first: commands that search nothing do without its dictionaries.
    from opencc import OpenCC

    signs = [chr(code) for code in itertools.chain(*_IDEOGRAPHS)]
    # One sign a line: within a text the dictionary would look at whole words.
    forms = cast("str", OpenCC("t2s").convert("\n".join(signs))).split("\n")  # pyright: ignore[reportUnknownMemberType] -- untyped
    return {ord(sign): form for sign, form in zip(signs, forms, strict=True) if sign != form}


def simplify(text: str) -> str:
    """Return a text with each traditional character in its simplified form.

    Characters are taken one by one, by the table of OpenCC: a text that is shorter or longer by a
    character gives the same characters, as a search by pairs needs it.

    Args:
        text: any text.
    """
    return text if text.isascii() else text.translate(_simplified())
