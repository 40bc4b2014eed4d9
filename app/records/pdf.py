"""PDF documents from typst templates, with Chinese fonts. No Flask, no database.

A template is a ``.typ`` file. It may ``#import "careline.typ": *`` for pages, tables and signature
boxes, and finds its data as ``data``. Values travel as JSON and are shown as text: nothing in them
is markup.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import orjson

if TYPE_CHECKING:
    import typst

LIBRARY = Path(__file__).parent / "typst" / "careline.typ"
FONT_FILES = ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf")
# A word longer than this may be broken anywhere, or it would run out of its cell.
_LONGEST_WORD = 24
_LONG_WORD = re.compile(rf"[^\s\u2E80-\u9FFF\uF900-\uFAFF\uFF00-\uFFEF]{{{_LONGEST_WORD + 1},}}")
_BREAK = "\u200b"
_FIRST_IDEOGRAPH = "\u3400"
# They turn the order of what follows around: a name could make the next column read otherwise.
_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class FontsMissing(RuntimeError):
    """The fonts were not installed; the message says what to do."""


def render_pdf(template: Path, data: Mapping[str, Any], fonts: Path) -> bytes:
    """Return the PDF that a template makes of data.

    Args:
        template: typst file; its folder may hold files that it imports or shows.
        data: what JSON can hold; dates and numbers are best handed over as the person reads them.
            A value of bytes is a picture, which the template draws by ``picture(data.NAME)``.
        fonts: folder with Noto Sans SC.

    Raises:
        FontsMissing: the fonts are not there.
        typst.TypstError: the template is wrong, or a picture cannot be drawn.
    """
    import typst

    sources = {
        "main.typ": template.read_bytes(),
        "careline.typ": LIBRARY.read_bytes(),
    }
    held = _fonts(fonts)
    shown = printable(data, _characters_of(fonts / FONT_FILES[0]))
    # The compiler reads files as text, so a picture comes as the numbers of its bytes.
    shown |= {name: list(value) for name, value in data.items() if isinstance(value, bytes)}
    inputs = {"data": orjson.dumps(shown, default=str).decode()}
    # Only our fonts: a document must look the same on every machine.
    # The compiler takes several files as well; its types name a single one only.
    return typst.compile(
        sources,  # pyright: ignore[reportArgumentType] -- see above
        root=template.parent, font_paths=held, ignore_system_fonts=True,
        sys_inputs=inputs, format="pdf",
    )


def is_picture(body: bytes) -> bool:
    """Return whether a document can show a picture.

    Args:
        body: content of a file.
    """
    import typst

    source = b"#image(bytes(json(bytes(sys.inputs.data))))"
    try:
        typst.compile(source, format="pdf", ignore_system_fonts=True,
                      sys_inputs={"data": orjson.dumps(list(body)).decode()})
    except typst.TypstError:
        return False
    return True


@functools.lru_cache(maxsize=4)
def _characters_of(font: Path) -> frozenset[int]:
    """Return the code points that a font has a sign for; of others a box would be printed."""
    # Needed for paper only.
    from fontTools.ttLib import TTFont  # pyright: ignore[reportMissingTypeStubs] -- has none

    with TTFont(font, lazy=True) as opened:
        return frozenset(opened.getBestCmap() or ())


def printable(value: Any, drawn: Collection[int] = ()) -> Any:
    """Return data with every text made fit for paper.

    Control characters and marks that turn the direction around are left out; very long words get
    places where they may be broken; a rare character that the font lacks stands as its number.

    Args:
        value: what JSON can hold.
        drawn: code points that the font can draw; by default any.
    """
    if isinstance(value, str):
        text = "".join(
            sign for sign in unicodedata.normalize("NFC", value.replace("\r\n", "\n"))
            if sign in "\n\t" or (unicodedata.category(sign) not in ("Cc", "Cs", "Co", "Cn")
                                  and sign not in _DIRECTION)
        )
        return _LONG_WORD.sub(_broken, _told(text, drawn))
    if isinstance(value, Mapping):
        named = cast("Mapping[Any, Any]", value)
        return {str(name): printable(item, drawn) for name, item in named.items()}
    if isinstance(value, list | tuple):
        return [printable(item, drawn) for item in cast("Sequence[Any]", value)]
    return value


def _told(text: str, drawn: Collection[int]) -> str:
    """Return a text in which ideographs that the font lacks stand as their numbers: 〔U+20BB7〕."""
    if not drawn or text.isascii():
        return text
    return "".join(
        f"〔U+{ord(sign):04X}〕"
        if sign >= _FIRST_IDEOGRAPH and ord(sign) not in drawn
        and unicodedata.category(sign) == "Lo" else sign
        for sign in text)


def _broken(word: re.Match[str]) -> str:
    signs = word[0]
    return _BREAK.join(
        signs[start : start + _LONGEST_WORD] for start in range(0, len(signs), _LONGEST_WORD)
    )


@functools.lru_cache(maxsize=4)
def _fonts(folder: Path) -> typst.Fonts:
    missing = [name for name in FONT_FILES if not (folder / name).is_file()]
    if missing:
        raise FontsMissing(
            f"The fonts for PDF documents are missing ({', '.join(missing)} in {folder}); "
            "make setup installs them."
        )
    import typst

    return typst.Fonts(include_system_fonts=False, font_paths=[folder])
