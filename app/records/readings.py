"""How Chinese characters are read, without their tones.

The package's table of phrases is left out: it takes 44 MB of every process, and a name that is
found by each reading of its characters needs none. The table of characters (11 MB) comes with the
first name that is written; most workers never need it.
"""

from __future__ import annotations

import functools
import os


@functools.lru_cache(maxsize=8192)
def readings(character: str) -> tuple[str, ...]:
    """Return the readings of one Chinese character, the usual one first (单 → dan, shan, chan).

    Args:
        character: one character; anything but a Chinese one has no reading.
    """
    # The package reads both when it is imported.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")
    from pypinyin import Style, pinyin

    [found] = pinyin(
        character, style=Style.NORMAL, heteronym=True, errors=lambda _: [""]
    ) or [[""]]
    return tuple(reading for reading in found if reading)
