"""The measured traps of Flask-AppBuilder: each shown on stock classes, each absent from ours.

Every probe is written once and run against both; what must hold for us must fail for stock.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from app.database import db, write
from tests.integration.screens import stock as stock_app
from tests.integration.screens.building import add_cases
from tests.integration.screens.conftest import Browser
from tests.integration.screens.sample import Case, Kind, Note


class Side:
    """One of the two applications with a signed-in browser and the addresses of the same things."""

    def __init__(self, app: Flask, client: Any, own: int, foreign: int, **addresses: str) -> None:
        self.app, self.client, self.own, self.foreign = app, client, own, foreign
        self.addresses = addresses
        self.most_rows = 200

    def get(self, name: str, **values: Any) -> Any:
        """GET one of the addresses."""
        return self.client.get(self.addresses[name].format(**values))

    def view(self, name: str) -> Any:
        """Return a registered view by class name."""
        views = self.app.appbuilder.baseviews
        return next(view for view in views if type(view).__name__ == name)


@pytest.fixture
def ours(app: Flask, browser: Callable[[str], Browser]) -> Side:
    with app.app_context():
        with write(db.session):
            db.session.add_all([Kind(name=f"kind {place}") for place in range(40)])
        own = add_cases(300, subject="own")[0]
        (foreign,) = add_cases(1, subject="foreign", team="热线二组", owner="other")
        with write(db.session):
            db.session.add(Note(case_id=own, title="note of a case"))
    return Side(
        app, browser("agent"), own, foreign,
        list="/sample/cases/list/", psize="/sample/cases/list/?size={size}",
        order="/sample/cases/list/?sort={column}", add="/sample/cases/add",
        filtered="/sample/cases/list/?subject__is={text}", show="/sample/cases/show/{pk}",
        api="/api/v1/sample-cases/?subject__is={text}", logout="/logout/", home="/",
        rows=r'<tr data-row="', view="CaseView", api_view="CaseApi",
        language="/lang/zh", menu_view="HomeView",
    )


@pytest.fixture
def stock(tmp_path, app: Flask) -> Iterator[Side]:
    other = stock_app.build(tmp_path)
    other.test_client_class = Browser
    client = other.test_client()
    page = client.get("/login/").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page).group(1)
    client.post("/login/", data={"csrf_token": token, "username": "stock",
                                 "password": stock_app.PASSWORD})
    with other.app_context():
        own = db.session.query(Case.id).filter_by(subject="own").first()[0]
        foreign = db.session.query(Case.id).filter_by(subject="foreign").first()[0]
        with write(db.session):
            db.session.add(Note(case_id=own, title="note of a case"))
    yield Side(
        other, client, own, foreign,
        list="/stockcaseview/list/", psize="/stockcaseview/list/?psize_StockCaseView={size}",
        order="/stockcaseview/list/?_oc_StockCaseView={column}&_od_StockCaseView=asc",
        add="/stockcaseview/add", filtered="/stockcaseview/list/?_flt_0_subject={text}",
        show="/stockcaseview/show/{pk}",
        api="/api/v1/stock-cases/?q=(filters:!((col:subject,opr:eq,value:{text})))",
        logout="/logout/", home="/", rows=r'name="rowid"', view="StockCaseView",
        api_view="StockCaseApi", language="/lang/en", menu_view="IndexView",
    )
    with other.app_context():
        db.session.remove()
        db.engine.dispose()


# --- probes: what is asked of both ----------------------------------------------------------
def loads_no_related_rows(side: Side) -> bool:
    loaded: list[Any] = []

    def note(target: Any, _context: Any) -> None:
        loaded.append(target)

    event.listen(Kind, "load", note)
    try:
        for name in ("list", "add"):
            assert side.get(name).status_code == 200
    finally:
        event.remove(Kind, "load", note)
    return not loaded


def caps_the_page_size(side: Side) -> bool:
    rows = len(re.findall(side.addresses["rows"], side.get("psize", size=100_000).text))
    assert rows > 100
    return rows <= side.most_rows


def refuses_bad_arguments(side: Side) -> bool:
    answers = [side.get("psize", size="abc"), side.get("order", column="nothing"),
               side.get("order", column="__class__")]
    return all(400 <= answer.status_code < 500 for answer in answers)


def keeps_no_filter_between_requests(side: Side) -> bool:
    before = [_state(side.view(side.addresses[name])) for name in ("view", "api_view")]
    side.get("filtered", text="secret")
    side.get("api", text="secret")
    return before == [_state(side.view(side.addresses[name])) for name in ("view", "api_view")]


def _state(view: Any) -> Any:
    filters = getattr(view, "_filters", None)
    values = list(filters.values) if filters is not None else []
    own = {key: repr(value) for key, value in vars(view).items() if key != "_filters"}
    return copy.deepcopy((values, own))


def acts_only_on_what_is_seen(side: Side) -> bool:
    _run_action(side, side.foreign)
    with side.app.app_context():
        return db.session.get(Case, side.foreign).state == "new"


def _run_action(side: Side, key: int) -> None:
    if side.addresses["view"] == "CaseView":
        side.client.send(f"/sample/cases/act/{key}/start", {"version": 1})
        side.client.send("/sample/cases/bulk", {"action": "start", "row": key})
        return
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', side.get("add").text).group(1)
    side.client.post("/stockcaseview/action_post",
                     data={"csrf_token": token, "action": "start", "rowid": str(key)})


def hides_related_rows_without_the_right(side: Side) -> bool:
    name = "NoteView" if side.addresses["view"] == "CaseView" else "StockNoteView"
    _take_permissions(side, name)
    page = side.get("show", pk=side.own)
    assert page.status_code == 200
    related = side.client.get(f"/sample/cases/related/{side.own}/NoteView").text
    return "note of a case" not in page.text and "note of a case" not in related


def _take_permissions(side: Side, view_name: str) -> None:
    sm = side.app.appbuilder.sm
    with side.app.app_context():
        permission_name = side.view(view_name).class_permission_name
        menu = sm.find_view_menu(permission_name)
        with write(db.session):
            for pair in sm.find_permissions_view_menu(menu):
                for role in sm.get_all_roles():
                    if pair in role.permissions:
                        role.permissions.remove(pair)


def draws_the_menu_without_statements(side: Side) -> bool:
    seen: list[str] = []
    with side.app.app_context():
        engine = db.engine

    def note(*arguments: Any) -> None:
        seen.append(arguments[2])

    side.get("home")
    event.listen(engine, "before_cursor_execute", note)
    try:
        side.get("home")
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return not any("ab_view_menu" in statement for statement in seen)


def changes_nothing_by_get(side: Side) -> bool:
    side.get("language")
    side.get("logout")
    return side.get("list").status_code == 200


def guards_its_api_by_token(side: Side) -> bool:
    path = side.addresses["api"].split("?")[0]
    answer = side.client.post(path, json={"subject": "forged"})
    return answer.status_code == 400


def says_its_language_and_loads_nothing_from_elsewhere(side: Side) -> bool:
    page = side.get("list").text
    named = re.search(r"<html[^>]*\slang=", page) is not None
    return named and "bootstrap-theme" not in page and "jquery" not in page.lower()


PROBES = [
    loads_no_related_rows, caps_the_page_size, refuses_bad_arguments,
    keeps_no_filter_between_requests, acts_only_on_what_is_seen,
    hides_related_rows_without_the_right, draws_the_menu_without_statements,
    changes_nothing_by_get, guards_its_api_by_token,
    says_its_language_and_loads_nothing_from_elsewhere,
]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.__name__)
def test_trap(probe: Callable[[Side], bool], ours: Side, stock: Side) -> None:
    assert not probe(stock), "the trap is gone from Flask-AppBuilder: the probe proves nothing"
    assert probe(ours)


