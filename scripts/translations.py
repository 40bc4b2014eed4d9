"""Translations: extract, compile, check.

``python -m scripts.translations extract``  brings the catalogues up to the texts in the source.
``python -m scripts.translations compile``  writes the binary catalogues; quick when up to date.
``python -m scripts.translations check``    lists what is missing; exit 1 when there is anything.

The core's catalogue is ``app/translations/zh``; every plugin has one of its own in
``plugins/NAME/translations/zh``. English texts are the message ids and need no catalogue.
"""

from __future__ import annotations

import argparse
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from config import ROOT
from scripts.baretext import bare_texts

LOCALE = "zh"
KEYWORDS = {
    "_": None, "gettext": None, "lazy_gettext": None, "N_": None,
    "ngettext": (1, 2), "lazy_ngettext": (1, 2),
}
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
# A template with a tag that is not known here would be left out without a word.
OPTIONS = {"**/templates/**.html": {
    "encoding": "utf-8", "trimmed": "true", "silent": "false",
    "extensions": "app.web.fragment_cache.FragmentCache"}}
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)\}")


class Part:
    """The core or a plugin: a folder of sources with a catalogue.

    Args:
        folder: where the sources are.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.po = folder / "translations" / LOCALE / "LC_MESSAGES" / "messages.po"

    @property
    def mo(self) -> Path:
        """Where the binary catalogue goes."""
        return self.po.with_suffix(".mo")

    def extracted(self) -> Catalog:
        """Return all texts of the sources, with the files they stand in."""
        found = Catalog(fuzzy=False, charset="utf-8")
        for name, _line, message, comments, context in extract_from_dir(
            self.folder, METHODS, OPTIONS, KEYWORDS, comment_tags=("Translators:",),
        ):
            place = (self.folder / name).relative_to(ROOT).as_posix()
            found.add(message, None, [_at(place)], auto_comments=comments, context=context)
        return found

    def catalogue(self) -> Catalog:
        """Return the catalogue as it stands; an empty one where there is none."""
        if not self.po.exists():
            return Catalog(locale=LOCALE, fuzzy=False, charset="utf-8")
        with self.po.open("rb") as file:
            return read_po(file, locale=LOCALE)

    def compile(self) -> None:
        """Write the binary catalogue if it is missing or older than its source."""
        if not self.po.exists():
            return
        if self.mo.exists() and self.mo.stat().st_mtime >= self.po.stat().st_mtime:
            return
        buffer = io.BytesIO()
        write_mo(buffer, self.catalogue())
        self.mo.write_bytes(buffer.getvalue())

    def texts(self) -> dict[object, Message]:
        """Return messages by id, without the header."""
        return {message.id: message for message in self.catalogue() if message.id}


def parts() -> Iterator[Part]:
    """Yield the core and every plugin that lies in the plugins folder."""
    yield Part(ROOT / "app")
    for folder in sorted((ROOT / "plugins").glob("*/")):
        if (folder / "plugin.toml").exists():
            yield Part(folder)


def extract() -> None:
    """Bring every catalogue up to its sources; texts that are gone are dropped."""
    core = Part(ROOT / "app").texts()
    for part in parts():
        old = part.texts()
        new = Catalog(
            locale=LOCALE, fuzzy=False, charset="utf-8", project="Careline",
            header_comment="# Chinese texts. Ids are the English texts of the source.",
        )
        for message in part.extracted():
            if not message.id:
                continue
            if part.folder.name != "app" and message.id in core and message.id not in old:
                continue
            kept = old.get(message.id)
            places = sorted({place for place, _ in message.locations})
            new.add(
                message.id, kept.string if kept else None, [_at(place) for place in places],
                auto_comments=message.auto_comments, context=message.context,
            )
        for message in old.values():
            # Texts that other packages bring, kept under this mark by hand.
            if message.id not in new and _is_of_package(message):
                new.add(message.id, message.string, user_comments=message.user_comments)
        part.po.parent.mkdir(parents=True, exist_ok=True)
        with part.po.open("wb") as file:
            write_po(file, new, width=100, sort_output=True, include_lineno=False)
        text = part.po.read_text(encoding="utf-8")
        # Dates in the header would change with every run and say nothing.
        text = re.sub(r'^"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|'
                      r'Language-Team|Report-Msgid-Bugs-To):.*\n', "", text, flags=re.M)
        part.po.write_text(text, encoding="utf-8")


def _is_of_package(message: Message) -> bool:
    return any(comment.startswith("package:") for comment in message.user_comments)


def compile_all() -> None:
    """Write binary catalogues where they are missing or older than their sources."""
    for part in parts():
        part.compile()


def _strings(message: Message) -> list[str]:
    held: Any = message.string  # one text, or one for each plural
    return list(held) if isinstance(held, tuple) else [held or ""]


def _at(place: str) -> Any:
    """Return a file as a place of a text; Babel's types ask for a line, which would only change."""
    return place, None


def _placeholders(text: str) -> set[str]:
    return {match.group(0) for match in _PLACEHOLDER.finditer(text)}


def problems() -> list[str]:
    """Return one line for everything that is missing or wrong."""
    core = Part(ROOT / "app").texts()
    return [line for part in parts()
            for line in (*_missing(part, core), *_faulty(part), *_bare(part))]


def _missing(part: Part, core: Mapping[Any, Message]) -> Iterator[str]:
    """Yield the texts of a part that neither it nor the core translates."""
    known: Mapping[Any, Message] = part.texts()
    where = part.folder.relative_to(ROOT)
    for message in part.extracted():
        if not message.id:
            continue
        have = known.get(message.id) or core.get(message.id)
        first = message.id[0] if isinstance(message.id, tuple) else message.id
        if have is None or not all(_strings(have)):
            places = ", ".join(sorted({place for place, _ in message.locations}))
            yield f"{where}: not translated: {first!r} ({places})"


def _faulty(part: Part) -> Iterator[str]:
    """Yield translations that are guesses or hold other placeholders than their text."""
    where = part.folder.relative_to(ROOT)
    for message in part.texts().values():
        if message.fuzzy:
            yield f"{where}: fuzzy: {message.id!r}"
        first = message.id[-1] if isinstance(message.id, tuple) else message.id
        for string in _strings(message):
            if string and not _placeholders(string) <= _placeholders(str(first)):
                yield f"{where}: placeholders differ: {first!r} / {string!r}"


def _bare(part: Part) -> Iterator[str]:
    """Yield texts that templates of a part show without asking for a translation."""
    for path in sorted(part.folder.rglob("templates/**/*.html")):
        for line, text in bare_texts(path.read_text(encoding="utf-8")):
            yield f"{path.relative_to(ROOT)}:{line}: text outside gettext: {text!r}"


def main(arguments: list[str] | None = None) -> int:
    """Run one of the commands.

    Args:
        arguments: command line without the program's name.

    Returns:
        0, or 1 when the check found something.
    """
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("command", choices=["extract", "compile", "check"])
    command = parser.parse_args(arguments).command
    if command == "extract":
        extract()
    elif command == "compile":
        compile_all()
    else:
        lines = problems()
        print("\n".join(lines) or "Every text is translated.")
        return 1 if lines else 0
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
