"""Cells of tables that leave and enter the product: no text may run as a formula. Pure."""

from __future__ import annotations

from typing import Any

# A spreadsheet takes a cell that begins like this for a formula (CWE-1236).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_INVISIBLE = " \u3000\ufeff\u200b"


def harmless(value: Any) -> Any:
    """Return a cell value that no spreadsheet takes for a formula.

    Numbers stay numbers. A text that begins like a formula, also behind blanks, gets a leading
    apostrophe; so does one that already looks as if it had got one, so that nothing is lost.

    Args:
        value: what the cell should hold.
    """
    if not isinstance(value, str):
        return value
    text = value.replace("\x00", "")
    return "'" + text if _runs(text.lstrip("'")) else text


def as_written(text: str) -> str:
    """Return a text as it was before ``harmless`` put an apostrophe in front."""
    return text[1:] if text.startswith("'") and _runs(text.lstrip("'")) else text


def _runs(text: str) -> bool:
    return text.startswith(_FORMULA) or text.lstrip(_INVISIBLE).startswith(_FORMULA)
