"""How Chinese characters are read, without their tones.

The package's table of phrases is left out: it takes 44 MB of every process, and a name that is
found by each reading of its characters needs none.
"""

from __future__ import annotations

import functools
import os

# The package reads both when it is imported.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")

from pypinyin import Style, pinyin


@functools.lru_cache(maxsize=8192)
def readings(character: str) -> tuple[str, ...]:
    """Return the readings of one Chinese character, the usual one first (单 → dan, shan, chan).

    Args:
        character: one character; anything but a Chinese one has no reading.
    """
    [found] = pinyin(
        character, style=Style.NORMAL, heteronym=True, errors=lambda _: [""]
    ) or [[""]]
    return tuple(reading for reading in found if reading)
