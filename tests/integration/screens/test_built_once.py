"""Statements of pages that were opened before are not built again (``app.statements``)."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy.sql.selectable import Select

from tests.integration.screens.building import add_cases


@pytest.fixture
def built(monkeypatch) -> list[tuple[object, ...]]:
    """Collects what SELECTs are built of, while the test clears and reads the list."""
    seen: list[tuple[object, ...]] = []
    plain = Select.__init__

    def noted(self, *entities, **options):
        seen.append(entities)
        plain(self, *entities, **options)

    monkeypatch.setattr(Select, "__init__", noted)
    return seen


@pytest.mark.parametrize("username", ["agent", "admin"])
@pytest.mark.parametrize("address", [
    "/sample/cases/list/?all=1", "/sample/cases/list/?all=1&sort=-visits&size=5",
    "/sample/cases/list/?subject__contains=1&urgent__is=false", "/sample/cases/show/{pk}",
    "/sample/cases/edit/{pk}", "/api/v1/sample-cases/?size=25",
])
def test_a_page_that_was_opened_before_builds_no_statement(
    app, browser, built, address, username
):
    with app.app_context():
        first, second = add_cases(12)[:2]
    person = browser(username)
    assert person.get(address.format(pk=first)).status_code == 200
    built.clear()
    # Another record, for a value must not be part of a statement.
    assert person.get(address.format(pk=second)).status_code == 200
    assert Counter(built) == Counter()


def test_a_later_page_of_a_list_builds_no_statement(app, browser, built):
    with app.app_context():
        keys = add_cases(60)
    agent, pages = browser("agent"), []
    address = first = "/api/v1/sample-cases/?size=12&sort=number"
    for _ in range(5):
        built.clear()
        answer = agent.get(address).json
        pages.append([row["id"] for row in answer["result"]])
        if not answer.get("next"):
            break
        address = f"{first}&after={answer['next']}"
    assert [key for page in pages for key in page] == keys
    # The second page is the first one that begins behind a row.
    assert built == []


def test_two_people_see_their_own_rows_by_one_statement(app, browser, built):
    with app.app_context():
        own = add_cases(3, owner="agent")
        foreign = add_cases(3, team="热线二组", owner="other")
    address = "/api/v1/sample-cases/?size=25"
    people = {name: browser(name) for name in ("agent", "other")}
    assert set(people["agent"].get(address).json["ids"]) == set(own)
    built.clear()
    assert set(people["other"].get(address).json["ids"]) == set(foreign)
    assert built == []
