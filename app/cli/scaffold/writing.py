"""Writes the files of a new plugin from templates, then its first migration."""

from __future__ import annotations

import io
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import write_po
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.cli.scaffold.declaration import Declaration
from app.cli.scaffold.reading import DeclarationError, Words
from config import ROOT

TEMPLATES = Path(__file__).parent / "templates"
# Texts that every generated plugin with steps uses beside those of its declaration.
_STEPS = (Words("Open", "未结"), Words("My open ones", "我的未结"))
_RESULT = Words("Result", "处理结果")
_LATER = ("workflow.py", "services.py")


def write_plugin(declaration: Declaration, folder: Path) -> list[Path]:
    """Write all files of a plugin except its migration.

    Args:
        declaration: what it is made from.
        folder: folder of plugins; the new one lies below it.

    Returns:
        The files, in the order of their names.

    Raises:
        DeclarationError: there is something of that name already.
    """
    target = folder / declaration.name
    if target.exists():
        raise DeclarationError(f"{target} is there already.")
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, keep_trailing_newline=True,
        trim_blocks=True, lstrip_blocks=True, autoescape=False,
    )
    environment.filters |= {"python": quoted, "tuple_source": tuple_source}
    written = []
    for template in sorted(TEMPLATES.rglob("*.jinja")):
        name = template.relative_to(TEMPLATES).with_suffix("")
        if name.name in _LATER and not declaration.steps:
            continue
        file = target / str(name).replace("NOUN", declaration.noun)
        file.parent.mkdir(parents=True, exist_ok=True)
        text = environment.get_template(f"{name}.jinja").render(
            plugin=declaration, package=folder.name
        )
        file.write_text(text, encoding="utf-8")
        written.append(file)
    return sorted([*written, *_write_catalogue(declaration, target)])


def quoted(text: str) -> str:
    """Return a text as a Python literal in double quotes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def tuple_source(names: Iterable[str]) -> str:
    """Return names as the source of a tuple."""
    texts = [quoted(name) for name in names]
    return f"({', '.join(texts)}{',' if len(texts) == 1 else ''})"


def _write_catalogue(declaration: Declaration, target: Path) -> list[Path]:
    words = [declaration.title, declaration.record, *(f.label for f in declaration.fields)]
    words += [label for field in declaration.fields for _, label in field.choices]
    if declaration.steps is not None:
        words += (*declaration.steps.words, *_STEPS)
        words += [_RESULT] if declaration.steps.asks_result else []
    catalogue = Catalog(
        locale="zh", fuzzy=False, charset="utf-8", project=declaration.name,
        header_comment="# Chinese texts. Ids are the English texts of the source.",
    )
    for text in words:
        if text.en not in catalogue:
            catalogue.add(text.en, text.zh)
    file = target / "translations" / "zh" / "LC_MESSAGES" / "messages.po"
    file.parent.mkdir(parents=True)
    with file.open("wb") as out:
        write_po(out, catalogue, width=100, sort_output=True)
    binary = io.BytesIO()
    write_mo(binary, catalogue)
    file.with_suffix(".mo").write_bytes(binary.getvalue())
    return [file]


def write_migration(declaration: Declaration, folder: Path) -> Path:
    """Write the first migration, from the models that now lie in the folder.

    Two processes of their own do it on an empty database: this one has not loaded the plugin, and
    the department's database is none of its business.

    Args:
        declaration: what the plugin was made from.
        folder: folder of plugins.

    Returns:
        The migration.

    Raises:
        DeclarationError: the plugin does not load; the message says why.
    """
    with tempfile.TemporaryDirectory() as scratch:
        environment = {
            **os.environ, "CARELINE_ENV": "development", "CARELINE_VAR_DIR": scratch,
            "CARELINE_SECRET_KEY": secrets.token_urlsafe(64),
            "CARELINE_DATABASE_URL": f"sqlite:///{Path(scratch) / 'empty.sqlite'}",
            "CARELINE_PLUGINS_DIR": str(folder),
        }
        message = f"First tables of {declaration.name}"
        for command in (
            ["upgrade"], ["db", "revision", "--plugin", declaration.name, "--message", message],
        ):
            done = subprocess.run(
                [sys.executable, "-m", "flask", "--app", "app", *command], cwd=ROOT,
                env=environment, capture_output=True, text=True, check=False,
            )
            if done.returncode:
                raise DeclarationError(
                    f"The plugin was written but its migration was not: {done.stderr.strip()}"
                )
    [migration] = (folder / declaration.name / "migrations").glob("*.py")
    return migration
