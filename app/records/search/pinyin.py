"""Chinese in Latin letters: the initials by which it is typed, identifiers from labels.

The package's table of phrases is left out: it takes 44 MB of every process. Its table of characters
(11 MB) comes with the first name that is written; most workers never need it.
"""

from __future__ import annotations

import functools
import importlib
import os
import re
import unicodedata
from typing import Any

# Characters of names that people read, and so type, in two ways: surnames with a reading of their
# own, and frequent characters with two. The package lists every reading that ever was, by which
# 罗洋 would be found under "lx". Readings as in 现代汉语词典.
_TWO_WAYS = {
    "单": "ds", "曾": "zc", "解": "jx", "仇": "cq", "查": "cz", "朴": "pb", "翟": "zd", "乐": "ly",
    "尉": "wy", "区": "qo", "盛": "sc", "覃": "qt", "种": "zc", "召": "zs", "隗": "kw",
    "谌": "cs", "乘": "cs", "长": "cz", "重": "zc", "行": "xh", "朝": "cz", "调": "dt",
    "传": "cz", "藏": "cz",
    "宿": "sx", "会": "hk", "降": "jx", "校": "xj", "厦": "sx", "莘": "sx",
}


@functools.lru_cache(maxsize=8192)
def initials_of(character: str) -> str:
    """Return the letters by which one Chinese character is typed, the usual one first (单 → ds).

    Args:
        character: one character; anything but a Chinese one has none.
    """
    known = _TWO_WAYS.get(character)
    if known is not None:
        return known
    package = _package()
    style = package.Style.FIRST_LETTER
    return "".join(package.lazy_pinyin(character, style=style, errors="ignore"))[:1]


@functools.lru_cache(maxsize=1024)
def order_of(text: str) -> tuple[tuple[str, ...], str]:
    """Return the key by which labels stand in the order of the alphabet, Chinese ones by pinyin.

    As in a Chinese dictionary: syllable by syllable, then by tone, then by the sign itself.
    """
    folded = text.casefold()
    if folded.isascii():
        return (folded,), folded
    package = _package()
    return tuple(package.lazy_pinyin(folded, style=package.Style.TONE3)), folded


def sound_of(text: str) -> str:
    """Return how a name sounds: syllables without tones, Latin letters small, without accents."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(
        character if character.isascii() else f" {_syllable(character)} "
        for character in folded).split())


@functools.lru_cache(maxsize=8192)
def _syllable(character: str) -> str:
    return "".join(_package().lazy_pinyin(character, errors="ignore"))


def name_for(text: str) -> str:
    """Return an identifier for a label: words of Latin script, pinyin of Chinese signs."""
    latin = " ".join(_package().lazy_pinyin(text)).lower()
    found = "_".join(re.findall(r"[a-z0-9]+", latin))[:40].strip("_")
    return found if found[:1].isalpha() else f"f_{found}".strip("_")[:40]


def _package() -> Any:
    # The package reads both when it is imported.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")
    return importlib.import_module("pypinyin")
