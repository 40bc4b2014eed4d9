"""Catalogues are complete, and the checker finds what it is there for."""

from __future__ import annotations

import gettext
from pathlib import Path

import flask_appbuilder
import pytest
from babel.messages.extract import extract_from_dir

from scripts import translations
from scripts.baretext import bare_texts


def test_every_text_is_translated():
    assert translations.problems() == []


@pytest.mark.parametrize(
    "source",
    ["<p>Hello</p>", '<a title="Read more">x</a>', "<b>{{ x }} items</b>", "<p>你好</p>",
     '<input placeholder="Name">', "{% if x %}Yes, please{% endif %}",
     '<img alt="A picture" src="x">'],
)
def test_text_outside_gettext_is_found(source):
    assert list(bare_texts(source))


@pytest.mark.parametrize(
    "source",
    ["<p>{{ _('Hello') }}</p>", '<a title="{{ _("More") }}">{{ x }}</a>', "<p>1 / 2 · –</p>",
     "{# a comment in words #}", "<script>let word = 1;</script>", "<b>CSV</b>",
     '<div class="some words" data-x="more words"></div>'],
)
def test_other_text_is_left_alone(source):
    assert list(bare_texts(source)) == []


def test_placeholders_must_agree():
    assert translations._placeholders("%(a)s and {b}") == {"%(a)s", "{b}"}


def test_no_text_of_flask_appbuilder_is_missing_in_chinese():
    base = Path(flask_appbuilder.__file__).parent
    found = extract_from_dir(
        base, [("**.py", "python"), ("**/templates/**.html", "jinja2")], {},
        {"_": None, "__": None, "gettext": None, "lazy_gettext": None,
         "lazy_formatter_gettext": None},
    )
    ids = {message for _, _, message, _, _ in found if isinstance(message, str)}
    with (base / "translations/zh/LC_MESSAGES/messages.mo").open("rb") as file:
        theirs = gettext.GNUTranslations(file)._catalog
    ours = translations.Part(translations.ROOT / "app").texts()
    missing = {
        text for text in ids
        if text and not theirs.get(text) and not (text in ours and ours[text].string)
    }
    assert missing == set()
    assert len(ids) > 100
