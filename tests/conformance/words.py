"""Every word that declarations show to people, of the core and of the plugins that are loaded.

Labels of columns come from their names, permissions and states from declarations: no extractor of
texts sees them all, so the declarations themselves are walked through.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import Flask

from app.admin.access.grants import permission_msgid
from app.host.host import Host
from app.notices.kinds import KINDS
from app.screens.bulk.record_actions import RecordActions
from app.screens.forms.record_forms import RecordForms
from app.screens.lists.extra_columns import ExtraColumns
from app.screens.screen import Screen
from app.screens.view import RecordView
from app.web.texts import translated
from app.wiring import all_permissions

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]{2,}")
# Abbreviations and names that are the same in both languages.
SAME = frozenset({"api", "cfpb", "csv", "disp", "id", "json", "pdf", "qq", "sms", "uk", "us",
                  "utc", "vin", "xlsx", "yaml"})
# Attributes of declarations that hold a text for people.
_SHOWN = frozenset({"label", "label_plural", "title", "help", "confirm", "description"})

Word = tuple[str, Any]


def is_chinese(shown: str) -> bool:
    """Return whether a text can stand on a Chinese page."""
    return bool(_CHINESE.search(shown)) or all(
        word.lower() in SAME for word in _LATIN.findall(shown)
    )


def untranslated(words: Iterable[Word]) -> list[str]:
    """Return which words have no Chinese; called within a request in Chinese."""
    found = {f"{place}: {translated(text)}" for place, text in words
             if not is_chinese(translated(text))}
    return sorted(found)


def words_of_contributions(host: Host) -> Iterator[Word]:
    """Yield the texts of everything that hooks return, and of the kinds of notice."""
    for plugin in host.loaded:
        for hook, contributions in plugin.contributions.items():
            for contribution in contributions:
                yield from _words_within(f"{plugin.name} {hook}", contribution)
    for kind in KINDS.values():
        yield f"kind of notice {kind.name}", kind.label


def _words_within(place: str, value: Any) -> Iterator[Word]:
    """Yield the texts of a declaration and of all declarations in it."""
    if isinstance(value, Mapping):
        value = tuple(value.values())
    if isinstance(value, tuple | list):
        for item in value:
            yield from _words_within(place, item)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        name = getattr(value, "name", getattr(value, "key", ""))
        here = f"{place} {type(value).__name__} {name}".rstrip()
        for field in dataclasses.fields(value):
            held = getattr(value, field.name)
            if field.name in _SHOWN:
                # Definitions that are kept as data carry their Chinese with them.
                yield f"{here}.{field.name}", getattr(value, f"{field.name}_zh", "") or held
            elif not field.name.endswith("_zh"):
                yield from _words_within(here, held)


def words_of_screens(app: Flask) -> Iterator[Word]:
    """Yield titles, columns, choices, sections, fields and offers of all registered screens."""
    for view in app.appbuilder.baseviews:
        name = type(view).__name__
        yield f"{name}.list_title", getattr(view, "list_title", "") or ""
        if isinstance(view, RecordView):
            for place, text in _words_of_screen(view.screen):
                yield f"{name} {place}", text
    for category in app.appbuilder.menu.categories.values():
        yield f"category {category.name}", category.label


def _words_of_screen(screen: Screen) -> Iterator[Word]:
    yield "record_label", screen.record_label
    for column in screen.columns.values():
        yield f"column {column.name}", column.label
        yield f"help of {column.name}", column.help
        if column.kind == "choice":
            for choice in screen.choices_of(column.name):
                yield f"choice {column.name}={choice.value}", choice.label
    for name, label in screen.part(ExtraColumns).labels.items():
        yield f"extra column {name}", label
    for section in (*screen.declared.form_sections, *screen.declared.show_sections):
        yield "section", section.title
    for saved in screen.declared.saved_views or ():
        yield f"saved view {saved.name}", saved.title
    forms = screen.part(RecordForms)
    for form in (forms.add_form, forms.edit_form):
        for field in form(meta={"csrf": False}):
            yield f"field {field.name}", field.label.text
            yield f"help of field {field.name}", field.description
    for offer in screen.part(RecordActions).bulk_offers():
        yield f"offer {offer.name}", offer.label
        yield f"question of {offer.name}", offer.confirm


def words_of_permissions(app: Flask) -> Iterator[Word]:
    """Yield the words for each permission, as the page of a role shows them."""
    for permission, view in sorted(all_permissions(app)):
        yield f"permission {permission} on {view}", permission_msgid(permission)
