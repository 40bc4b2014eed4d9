"""Why a plugin is set aside, in a sentence that names the place in its files. Pure."""

from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

_LONGEST_DETAIL = 500


@dataclasses.dataclass(frozen=True, slots=True)
class PluginFault:
    """Why a plugin is not in force.

    Attributes:
        plugin: name of the plugin.
        stage: where it failed: manifest, compatibility, requirement, disabled, import, mapper,
            hook, check, workflow, screens, grant, database, migration, publish.
        text: one sentence for the administrator, a message id.
        values: what stands in its placeholders.
        detail: what a foreign exception says, which nobody translates.
    """

    plugin: str
    stage: str
    text: str
    values: Mapping[str, str] = dataclasses.field(default_factory=dict)
    detail: str = ""

    @property
    def message(self) -> str:
        """The sentence and the detail in English, for logs and the command line."""
        sentence = self.text % self.values if self.values else self.text
        return f"{sentence} {self.detail}".rstrip()


def first_line(error: BaseException) -> str:
    """Return kind and first line of a foreign exception, as the detail of a fault.

    It is shown on a page and a terminal, and may hold what neither can: half characters of a file
    name in another encoding, signs that turn the direction of the line.
    """
    try:
        lines = str(error).strip().splitlines()
    except Exception as worse:
        lines = [f"its own text fails with {type(worse).__name__}"]
    text = (lines[0] if lines else "no message")[:_LONGEST_DETAIL]
    shown = "".join(
        sign.encode("unicode_escape").decode("ascii")
        if unicodedata.category(sign).startswith("C") else sign for sign in text
    )
    return f"{type(error).__name__}: {shown}"


def located(error: BaseException, folder: Path) -> str:
    """Return ``first_line`` with file and line of the innermost place inside a plugin.

    Args:
        error: what its code raised.
        folder: folder of the plugin.
    """
    place = _place(error, folder)
    return f"{first_line(error)} ({place})" if place else first_line(error)


def _place(error: BaseException, folder: Path) -> str:
    if isinstance(error, SyntaxError) and error.filename:
        path = Path(error.filename)
        # Its own text names the file already, without the folders above it.
        if path.parent == folder or not path.is_relative_to(folder):
            return ""
        return f"{path.relative_to(folder)}, line {error.lineno}"
    found = ""
    step: TracebackType | None = error.__traceback__
    while step is not None:
        path = Path(step.tb_frame.f_code.co_filename)
        if path.is_relative_to(folder):
            found = f"{path.relative_to(folder)}, line {step.tb_lineno}"
        step = step.tb_next
    return found
