"""The address of a screen without a page leads to its list."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize("path", ["/sample/cases", "/sample/cases/"])
def test_it_leads_those_who_may_list_to_the_list(browser, path):
    answer = browser("agent").get(path)
    assert (answer.status_code, answer.location) == (302, "/sample/cases/list/")
    answer = browser("agent").get(f"{path}?q=a%26b&state=new")
    assert answer.location == "/sample/cases/list/?q=a%26b&state=new"


@pytest.mark.parametrize("path", ["/sample/kinds", "/sample/kinds/", "/users", "/roles/"])
def test_for_all_others_there_is_nothing(browser, path):
    assert browser("reader").get(path).status_code == 404
    assert browser("").get(path).status_code == 404


def test_pages_that_are_there_stay_what_they_are(browser, app):
    admin = browser("admin")
    for path in ("/users", "/roles/", "/sample/kinds"):
        assert admin.get(path).status_code == 302, path
    for path in ("/account/", "/notices/", "/"):
        assert admin.get(path).status_code == 200, path
    assert browser("agent").post("/sample/cases/").status_code in (400, 405)
