"""Messages with links: only pages of the product, and nothing of a text becomes markup."""

from __future__ import annotations

import copy
import json
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment
from markupsafe import escape

from app.i18n import Link, LinkedText, link_fields, prefixed

HOST = "https://careline.example"


@pytest.mark.parametrize("address", [
    "", "training", "//evil.example/", "/\\evil.example", "https://evil.example/",
    "javascript:alert(1)", "/a\nb",
])
def test_a_link_out_of_the_product_is_refused(address):
    with pytest.raises(ValueError, match="not the path"):
        Link(address, "Open")


def test_a_link_needs_a_text():
    with pytest.raises(ValueError, match="text"):
        Link("/training/mine/", "")


@settings(deadline=None)
@given(st.one_of(st.text(), st.text(alphabet="/\\:.ab\t").map("/".__add__)))
def test_whatever_is_accepted_stays_on_the_host(address):
    try:
        link = Link(address, "Open")
    except ValueError:
        return
    parts = urlsplit(urljoin(HOST + "/here/", link.address))
    assert (parts.scheme, parts.netloc) == ("https", "careline.example")


@settings(deadline=None)
@given(st.text(), st.text(), st.text(min_size=1))
def test_a_template_shows_the_link_and_escapes_both_texts(text, path, name):
    linked = LinkedText(text, f"/{path}", name)
    assert escape(linked) == (
        f'{escape(text)} <a class="message-link" href="{escape("/" + path)}">{escape(name)}</a>')
    assert linked == text and json.loads(json.dumps(linked)) == text


def test_a_link_survives_a_prefix_and_a_copy():
    linked = prefixed("Owner: ", LinkedText("No.", "/a/", "Open"))
    for one in (linked, copy.deepcopy(linked)):
        assert (str(one), one.address, one.link_text) == ("Owner: No.", "/a/", "Open")
    assert link_fields(linked) == {"link": {"address": "/a/", "text": "Open"}}
    assert prefixed("Owner: ", "No.") == "Owner: No." and link_fields("No.") == {}


def test_a_cell_and_a_summary_join_sentences_and_show_the_link():
    template = Environment(autoescape=True).from_string('{{ messages|join(" ") }}')
    assert template.render(messages=["a < b.", LinkedText("No & no.", "/a/", "Open")]) == (
        'a &lt; b. No &amp; no. <a class="message-link" href="/a/">Open</a>')
