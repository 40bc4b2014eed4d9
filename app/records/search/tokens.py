"""Search words of a text: pure, the same for both databases.

Chinese is cut into pairs of characters (so two characters find a word without a dictionary) and
into threes, by which longer words are found where their characters follow each other. Latin text is
cut into words, and names get the initials of their pinyin. Mobile and identity numbers are never
words: they are found through keyed digests, which the caller makes.
"""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from app.access.sensitive.kinds import forms_of, numbers_in, without_numbers
from app.records.search.characters import simplify
from app.records.search.pinyin import initials_of

_RUNS = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[0-9]+|[^\W\d_\u3400-\u9fff\uf900-\ufaff]+")
# Numbers with signs that tell them apart: 4.9, FQ-1-0, 2026/05. Words with a hyphen are words.
_JOINED = re.compile(r"(?=[a-z./-]*[0-9])[a-z0-9]+(?:[./-][a-z0-9]+)+")
# As typed into a search box; an identity number may end in a letter.
_PARTS = re.compile(rf"[0-9]{{17}}x(?![^\W_])|{_JOINED.pattern}|{_RUNS.pattern}")
# What may be one value as a whole: a number as people write it, a mail address, a name of one word.
_ONE_VALUE = re.compile(r"[0-9()+][0-9()+\- ]{3,}x?|[!-~]{4,}")
_TAIL = re.compile(r"[0-9]{3}[0-9x]")
_CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
# Signs that are made of no others and are no marks: most texts hold nothing else.
_IN_ONE_PIECE = re.compile(r"[\x00-\x7f\u3400-\u9fff]*")
# A plate is written with a dot or a blank after its letter, or without (沪B·MW96V).
_PLATE = re.compile(r"(?<=[\u3400-\u9fff][a-z])[ ·•・‧.\-](?=[a-z0-9]{5,6}(?![a-z0-9]))")
# Marks that keep the kinds of word apart within one index.
PINYIN = "py"
KIND = "rt"
# Number of the rules by which texts become words. Raise it when they change: what is indexed by
# older ones is then indexed anew, once.
RULES = 3
# The index takes signs for gaps between words, private characters for letters.
_SIGNS = str.maketrans("./-", "\ue001\ue002\ue003")
# Accents and other marks upon letters; joiners, marks of direction and the like.
_UNSEEN = frozenset({"Mn", "Cf"})
_LONGEST_WORD = 40
_LONGEST_NAME = 40
# A name with several characters of several readings is found by this many ways to read it.
_MOST_SPELLINGS = 8
_MOST_QUERY_GROUPS = 32
# A number with more parts is found from these on.
_MOST_PARTS = 6
# ``blind(canonical value, is_tail)`` returns the words that stand for it in the index.
Blind = Callable[[str, bool], Sequence[str]]


def normalise(text: str) -> str:
    """Return text as it is compared: what people see alike, or type for each other, is alike.

    Full-width forms are folded, letters are in lower case and without accents, invisible signs are
    left out, traditional characters are simplified, and plates lose their dot.
    """
    folded = unicodedata.normalize("NFKC", text).lower()
    if folded.isascii():
        return folded
    if not _IN_ONE_PIECE.fullmatch(folded):
        parts = unicodedata.normalize("NFD", folded)
        folded = unicodedata.normalize(
            "NFC", "".join(sign for sign in parts if unicodedata.category(sign) not in _UNSEEN))
    return _PLATE.sub("", simplify(folded))


def _pairs(run: str) -> list[str]:
    # The last character stands alone too, so that a search for one character is a prefix search.
    return [run[i : i + 2] for i in range(len(run) - 1)] + [run[-1]]


def _threes(run: str) -> list[str]:
    return [run[i : i + 3] for i in range(len(run) - 2)]


def words(text: str) -> tuple[str, ...]:
    """Return the search words of a text, in order.

    Args:
        text: any text; mobile and identity numbers in it are no words.
    """
    return _cut(text)[0]


@functools.lru_cache(maxsize=1024)
def _cut(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words of a text, and the threes of Chinese characters that follow each other.

    Kept for texts that come again.
    """
    found: list[str] = []
    longer: list[str] = []
    cleaned = without_numbers(normalise(text))
    for run in _RUNS.findall(cleaned):
        if _is_chinese(run):
            found += _pairs(run)
            longer += _threes(run)
        else:
            found.append(run[:_LONGEST_WORD])
    # Most texts hold no such sign, and looking for it is quicker.
    if "-" in cleaned or "." in cleaned or "/" in cleaned:
        for number in _JOINED.findall(cleaned):
            found += _ends(number)
    return tuple(found), tuple(longer)


def _is_chinese(run: str) -> bool:
    """Return whether a run that ``_RUNS`` has cut is one of Chinese characters."""
    return "\u3400" <= run[0] <= "\u9fff" or "\uf900" <= run[0] <= "\ufaff"


def _ends(number: str) -> list[str]:
    """Return a number with signs as one word, from each of its parts on but the last."""
    starts = [0, *(match.end() for match in re.finditer(r"[./-]", number))]
    return [_joined(number[start:]) for start in starts[:-1][:_MOST_PARTS]]


def _joined(number: str) -> str:
    return number.translate(_SIGNS)[:_LONGEST_WORD]


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


@functools.cache
def kind_word(record_type: str) -> str:
    """Return the word that every document of a kind of record holds."""
    return KIND + re.sub(r"[^a-z0-9]", "", record_type.lower())


def document(
    record_type: str, texts: Iterable[str], names: Iterable[str] = (), blind: Iterable[str] = ()
) -> list[str]:
    """Return all search words of a record, each once, in a stable order.

    Mobile and identity numbers within texts are left out: the caller brings them as blind words.

    Args:
        record_type: kind of record.
        texts: texts whose words are found.
        names: texts that are found by pinyin initials as well.
        blind: words that stand for numbers without telling them.
    """
    found = [kind_word(record_type)]
    names = list(names)
    for text in dict.fromkeys((*texts, *names)):
        for part in _cut(text):
            found += part
    for name in names:
        found += [PINYIN + letters for letters in initials(name)]
    found += blind
    return list(dict.fromkeys(found))


def query(text: str, blind: Blind) -> list[list[tuple[str, bool]]]:
    """Return what a search text asks for: all groups, any word of a group.

    A number stands for itself, for the value of a sensitive column, and with four digits for the
    end of one.

    Args:
        text: what was typed.
        blind: returns the words by which the index holds a value, or the end of one.

    Returns:
        Groups of ``(word, is_prefix)``; an empty list when nothing can be searched for.
    """
    groups: list[list[tuple[str, bool]]] = []
    # Written with blanks, hyphens or the code of a country, a number is still that number.
    whole = _blind_words(text, blind) if _ONE_VALUE.fullmatch(normalise(text).strip()) else []
    for run in _PARTS.findall(normalise(text)):
        if _is_chinese(run):
            if len(run) == 1:
                groups.append([(run, True)])
            else:
                parts = [run] if len(run) == 2 else _threes(run)
                groups += [[(part, False)] for part in parts]
        elif _JOINED.fullmatch(run):
            groups.append([(_joined(run), True)])
        elif run[0].isdigit():
            # A number of one's own is no beginning of anything: it is found as a whole.
            own = [] if numbers_in(run) else [(run, True)]
            groups.append([*own, *(_blind_words(run, blind) if not whole else ())])
        else:
            word = run[:_LONGEST_WORD]
            group = [(word, True)]
            if word.isascii():
                group.append((PINYIN + word, True))
            groups.append(group)
    # Any of the ways a whole value can be found holds beside what its parts ask for.
    return [[*group, *whole] for group in _spread(groups)]


def _spread(groups: list[list[tuple[str, bool]]]) -> list[list[tuple[str, bool]]]:
    """Return as many groups as are asked for at once, of a longer text from its whole length."""
    if len(groups) <= _MOST_QUERY_GROUPS:
        return groups
    step = (len(groups) - 1) / (_MOST_QUERY_GROUPS - 1)
    return [groups[round(place * step)] for place in range(_MOST_QUERY_GROUPS)]


def _blind_words(text: str, blind: Blind) -> list[tuple[str, bool]]:
    text = normalise(text).strip()
    found = [word for form in forms_of(text) for word in blind(form, False)]
    if _TAIL.fullmatch(text):
        found += blind(text.upper(), True)
    return [(word, False) for word in dict.fromkeys(found)]
