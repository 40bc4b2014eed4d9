"""How much room a text takes, and where it is broken; Chinese and Latin mixed. Pure."""

from __future__ import annotations

import unicodedata

LATIN_SHARE = 0.56


def text_width(text: str, size: float) -> float:
    """Return about how wide a text is: a full square for each Chinese character, else half."""
    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)
    return size * (wide + LATIN_SHARE * (len(text) - wide))


def wrap(text: str, width: float, size: float) -> tuple[str, ...]:
    """Break a text into lines of at most ``width``: at spaces, within a word only if need be."""
    lines: list[str] = []
    line = ""
    for word in _pieces(text):
        if line and text_width(line + word.rstrip(), size) > width:
            lines.append(line.rstrip())
            line = word.lstrip()
        else:
            line += word
        while text_width(line.rstrip(), size) > width and len(line) > 1:
            fits = next(
                at for at in range(len(line) - 1, 0, -1)
                if at == 1 or text_width(line[:at], size) <= width
            )
            lines.append(line[:fits])
            line = line[fits:]
    return (*lines, line.rstrip()) if line.strip() or not lines else tuple(lines)


def _pieces(text: str) -> list[str]:
    """Break where a line may end: after a space, around each Chinese character."""
    pieces = [""]
    for sign in text:
        wide = unicodedata.east_asian_width(sign) in "WF"
        if wide and not unicodedata.category(sign).startswith("P"):
            pieces.append(sign)
        else:
            pieces[-1] += sign
        if sign == " ":
            pieces.append("")
    return [piece for piece in pieces if piece]
