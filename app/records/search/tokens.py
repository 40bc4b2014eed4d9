"""Search words of a text: pure, the same for both databases.

Chinese is cut into pairs of characters (so two characters find a word without a dictionary),
Latin text into words, digit runs additionally into runs of three (parts of phone numbers), and
names get the initials of their pinyin.
"""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections.abc import Iterable

from app.records.phones import canonical, digits_of
from app.records.search.pinyin import initials_of

_RUNS = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[0-9]+|[^\W\d_\u3400-\u9fff\uf900-\ufaff]+")
_CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
# A plate is written with a dot or a blank after its letter, or without (沪B·MW96V).
_PLATE = re.compile(r"(?<=[\u3400-\u9fff][a-z])[ ·•・‧.\-](?=[a-z0-9]{5,6}(?![a-z0-9]))")
# Marks that keep the kinds of word apart within one index.
DIGITS = "dg"
PINYIN = "py"
KIND = "rt"
_LONGEST_WORD = 40
_LONGEST_NAME = 40
_MOBILE_DIGITS = 11
# A name with several characters of several readings is found by this many ways to read it.
_MOST_SPELLINGS = 8
_MOST_QUERY_GROUPS = 12


def normalise(text: str) -> str:
    """Return text with full-width forms folded, in lower case, plates without their dot."""
    return _PLATE.sub("", unicodedata.normalize("NFKC", text).lower())


def _pairs(run: str) -> list[str]:
    # The last character stands alone too, so that a search for one character is a prefix search.
    return [run[i : i + 2] for i in range(len(run) - 1)] + [run[-1]]


def _digit_runs(run: str) -> list[str]:
    return [DIGITS + run[i : i + 3] for i in range(len(run) - 2)]


@functools.lru_cache(maxsize=4096)
def words(text: str, *, phone: bool = False) -> tuple[str, ...]:
    """Return the search words of a text, in order; kept for texts that come again.

    Args:
        text: any text.
        phone: whether parts of its digit runs shall be found.
    """
    found: list[str] = []
    for run in _RUNS.findall(normalise(text)):
        if _CJK.match(run):
            found += _pairs(run)
        else:
            found.append(run[:_LONGEST_WORD])
            if phone and run.isdigit():
                found += _digit_runs(run)
    if phone and (number := digits_of(text)):
        # Parts are found across the signs between the digits as well.
        found += [number[:_LONGEST_WORD], *_digit_runs(number)]
    return tuple(found)


@functools.lru_cache(maxsize=4096)
def initials(name: str) -> tuple[str, ...]:
    """Return the pinyin initials of a Chinese name (王小明 → ``wxm``), none of any other text.

    A name with characters that people read in two ways (单: dān, shàn) is found by each way, the
    usual one first; at most eight.
    """
    if not _CJK.search(name):
        return ()
    letters = [
        found for character in normalise(name)[:_LONGEST_NAME] if (found := initials_of(character))
    ]
    spellings = ("".join(choice) for choice in itertools.product(*letters))
    return tuple(itertools.islice(spellings, _MOST_SPELLINGS)) if letters else ()


def kind_word(record_type: str) -> str:
    """Return the word that every document of a kind of record holds."""
    return KIND + re.sub(r"[^a-z0-9]", "", record_type.lower())


def document(
    record_type: str, texts: Iterable[str], phones: Iterable[str] = (), names: Iterable[str] = ()
) -> list[str]:
    """Return all search words of a record, each once, in a stable order.

    Args:
        record_type: kind of record.
        texts: texts whose words are found.
        phones: texts whose digits are found in part.
        names: texts that are found by pinyin initials as well.
    """
    found: dict[str, None] = {kind_word(record_type): None}
    for text in texts:
        found.update(dict.fromkeys(words(text)))
    for phone in phones:
        found.update(dict.fromkeys(words(phone, phone=True)))
    for name in names:
        found.update(dict.fromkeys(words(name)))
        found.update(dict.fromkeys(PINYIN + letters for letters in initials(name)))
    return list(found)


def query(text: str) -> list[list[tuple[str, bool]]]:
    """Return what a search text asks for: all groups, any word of a group.

    Returns:
        Groups of ``(word, is_prefix)``; an empty list when nothing can be searched for.
    """
    groups: list[list[tuple[str, bool]]] = []
    if len(digits_of(text)) >= _MOBILE_DIGITS:
        # With the code of a country or blanks before it, a whole number is still that number.
        text = canonical(text)
    for run in _RUNS.findall(normalise(text)):
        if _CJK.match(run):
            if len(run) == 1:
                groups.append([(run, True)])
            else:
                groups += [[(run[i : i + 2], False)] for i in range(len(run) - 1)]
        elif run.isdigit():
            parts = _digit_runs(run)
            if len(parts) > 1:
                # A long run is either a whole word's beginning or all of its parts; the parts
                # hold for every phone number that contains it.
                groups.append([(run, True), (parts[0], False)])
                groups += [[(run, True), (part, False)] for part in parts[1:]]
            elif parts:
                groups.append([(run, True), (parts[0], False)])
            else:
                groups.append([(run, True)])
        else:
            word = run[:_LONGEST_WORD]
            group = [(word, True)]
            if word.isascii():
                group.append((PINYIN + word, True))
            groups.append(group)
    return groups[:_MOST_QUERY_GROUPS]
