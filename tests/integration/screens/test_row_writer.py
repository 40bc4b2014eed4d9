"""Rows that are joined from strings are those that a template would write, octet by octet."""

from __future__ import annotations

import pytest

from app.i18n import LinkedText
from app.screens.columns.cells import badge
from app.screens.contracts import Choice
from tests.integration.screens.building import add_cases
from tests.services.rows import compared_rows

__all__ = ["compared_rows"]
HOSTILE = ('<img src=x onerror="alert(1)">', "a &amp; b", "Tom & 'Jerry'", "  two   spaces ",
           "~row~ 王小明", "{{ 7 * 7 }}", "</td></tr>")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("username", ["agent", "supervisor", "admin"])
def test_a_row_is_what_the_template_says(app, browser, compared_rows, username, language):
    with app.app_context():
        add_cases(6)
        for text in HOSTILE:
            add_cases(1, subject=text)
    person = browser(username)
    person.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    for address in ("/sample/cases/list/?all=1", "/sample/cases/list/?all=1&sort=subject",
                    "/sample/kinds/list/", "/sample/cases/list/?all=1&q=nothing-like-it"):
        assert person.get(address, follow_redirects=True).status_code == 200
    assert ("Select" in compared_rows[0]) == (language == "en")
    assert max(rows.count("<tr ") for rows in compared_rows) == 6 + len(HOSTILE)


def test_what_people_type_is_escaped(app, browser):
    with app.app_context():
        for text in HOSTILE:
            add_cases(1, subject=text)
    page = browser("agent").get("/sample/cases/list/?all=1").text
    assert "&lt;img src=x onerror=&#34;alert(1)&#34;&gt;" in page
    assert "<img src=x" not in page
    assert "a &amp;amp; b" in page
    assert "~row~ 王小明" in page


def test_a_badge_that_was_drawn_before_is_not_taken_for_another_text(app):
    plain = "The gate is closed."
    with app.test_request_context():
        first = badge(Choice("a", LinkedText(plain, "/one", "open"), "bad"))
        second = badge(Choice("b", LinkedText(plain, "/two", "open"), "bad"))
        assert "message-link" not in badge(Choice("c", plain, "bad"))
    assert 'href="/one"' in first
    assert 'href="/two"' in second
