"""A canary sits in every kind of record about a customer; no address of the product tells it."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from app.access.actor import SYSTEM
from app.customers.changes.models import ChangeRequest
from app.customers.contact_models import Consent, DoNotContact
from app.customers.models import Customer, Loan, Vehicle
from app.customers.ready_made_template import TEMPLATE
from app.records.custom_fields.store import import_fields
from app.records.models import File
from app.sdk.demo import acting_at
from app.sdk.services import act, create, update, write
from plugins.callbacks.models import Correction, Task, UnreachableLine, UnreachableList
from plugins.callbacks.tests.conftest import set_rules_of_contact
from plugins.callbacks.tests.helpers import contact, planned
from plugins.callbacks.unreachable.freezing import freeze
from tests.integration.admin.sensitive.conftest import CLEAR, PHONE, told
from tests.integration.security.test_every_address import addresses

CARD, INCOME = "6222021234567890128", "27391"
NEW = "13555556666"
# Whole values, and middle digits that no mask shows.
CANARIES = (CARD, "0212345678", INCOME, NEW, "55555666")
DAY, JANUARY = dt.date(2026, 1, 5), dt.datetime(2026, 1, 12, 3, tzinfo=dt.UTC)
_LISTS = ("/customers/", "/callbacks/", "/callbacks/corrections/", "/callbacks/silences/",
          "/callbacks/unreachable/lines/", "/callbacks/unreachable/", "/change-requests/",
          "/consents/", "/do-not-contact/", "/contacts/", "/complaints/", "/verifications/")
# Where something about a customer may stand; other plugins' records are in other tests' hands.
_ABOUT = (*_LISTS, "/customer", "/vehicles/", "/loans/", "/investments/", "/search/", "/palette/",
          "/notices/", "/audit/", "/jobs/", "/imports/", "/api/v1/pick/", "/assignments/",
          *(f"/api/v1/{name}" for name in ("customers", "callbacks", "complaints", "loans")))
_APIS = ("customers", "callbacks", "complaints", "loans", "customer_events")


def tells(body: bytes | str) -> list[str]:
    """Return the canaries that an answer tells."""
    text = body.decode("utf-8", "ignore") if isinstance(body, bytes) else body
    plain = re.sub(r"[ ,\-]", "", text)
    return [*told(text), *(one for one in CANARIES if one in plain)]


@pytest.fixture
def canary(house, records) -> SimpleNamespace:
    """The customer of ``records`` with everything that can be about one, each with its numbers."""
    session, agent, boss = house.session, house.actor("agent"), house.actor("supervisor")
    set_rules_of_contact(session, quiet_from=0, quiet_until=0, on_holidays=True,
                         interval_minutes=0, most_unanswered=50)
    import_fields(session, SYSTEM, Customer, TEMPLATE)
    who = records.customer
    update(session, SYSTEM, who, {"x_card_number": CARD, "x_monthly_income": int(INCOME)})
    twin = create(session, SYSTEM, Customer, {"name": "王小明", "phone": PHONE})
    vehicle = create(session, SYSTEM, Vehicle, {"customer_id": who.id, "plate": "沪A12345"})
    create(session, SYSTEM, Loan, {"customer_id": who.id, "contract": "DK-9"})
    # A protected number is asked for, and waits.
    update(session, agent, who, {"phone": NEW})
    create(session, SYSTEM, Consent, {"customer_id": who.id, "from_on": DAY})
    create(session, SYSTEM, DoNotContact, {
        "customer_id": who.id, "purpose": "marketing", "reason": "不需要"})
    with acting_at(JANUARY):
        gone = planned(house, customer_id=who.id, vehicle_id=vehicle.id)
        act(session, agent, gone, "start")
        contact(house, gone, "wrong_number")
    begun, waits = (planned(house, customer_id=who.id) for _ in range(2))
    act(session, agent, begun, "start")
    correction = create(session, boss, Correction, {
        "wrong_answer": "首保免费两次", "right_answer": "首保免费一次", "customer_id": who.id})
    with write(session):
        freeze(session, dt.date(2026, 1, 1))
    line = session.scalars(select(UnreachableLine)).one()
    file = File(record_type=who.__record_type__, record_id=who.id, author_name="周",
                name="a.txt", media_type="text/plain", size=1, sha256="a" * 64, key="b" * 32)
    with write(session):
        session.add(file)
    return SimpleNamespace(
        customer=who, twin=twin, begun=begun, waits=waits, line=line, correction=correction,
        file_id=file.id, list_id=session.scalars(select(UnreachableList.id)).one(),
        request_id=session.scalars(select(ChangeRequest.id)).one())


def _keys(house, canary) -> Any:
    """Return what ``addresses`` asks: of each kind of record the latest, or the canary's."""
    known: dict[Any, int] = {Customer: canary.customer.id, Task: canary.begun.id}
    for view in house.app.appbuilder.baseviews:
        model = getattr(getattr(view, "datamodel", None), "obj", None)
        if model is not None and model not in known and "id" in model.__mapper__.columns:
            known[model] = house.session.scalar(select(func.max(model.id))) or 1
    return SimpleNamespace(
        app=house.app, foreign=known, own={}, file_id=canary.file_id,
        others={"job": 1, "notice": 1, "clock": 1})


def _named(canary) -> list[str]:
    """Return addresses that the rules do not say: columns, searches, drafts, lists of all."""
    pk, task = canary.customer.id, canary.begun.id
    found = [f"{base}list/?all=1" for base in _LISTS]
    found += [f"{base}export/{kind}?all=1" for base in _LISTS for kind in ("csv", "xlsx")]
    found += [f"/api/v1/{name}/" for name in _APIS]
    found += [f"/customers/{part}/{pk}/{name}" for part in ("fact", "cell")
              for name in ("phone", "id_number", "x_card_number", "x_monthly_income")]
    found += [f"/callbacks/{part}/{task}/contact" for part in ("fact", "cell")]
    found += [f"{address}{asked}" for asked in (PHONE, "4321", CARD, "王小明") for address in (
        "/search/?q=", "/palette/records?q=", "/customers/list/?all=1&q=",
        "/callbacks/list/?all=1&q=", "/callbacks/call/ring-back?number=",
        "/api/v1/pick/record/customers.customer?q=", "/callbacks/options/customer?q=")]
    return [*found, "/callbacks/call", "/callbacks/call/held?all=1",
            f"/callbacks/call/task/{canary.waits.id}", "/callbacks/coverage?which=all",
            f"/callbacks/unreachable/lines/show/{canary.line.id}",
            f"/customers/list/?all=1&{'&'.join(f'columns={one}' for one in _COLUMNS)}"]


_COLUMNS = ("number", "phone", "id_number", "x_card_number", "x_monthly_income")


def _text(answer: Any) -> bytes | str:
    if "spreadsheet" in answer.mimetype:
        book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
        return str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])
    return answer.data


def _asked(address: str) -> str:
    """Return the text that somebody looked for: what they typed is shown to them again."""
    return address.partition("q=")[2] or address.partition("number=")[2]


def _read(person: Any, paths: Iterable[str]) -> int:
    """Read addresses as a person; return how many showed something."""
    wrong, shown = [], 0
    for path in paths:
        answer = person.get(path)
        assert answer.status_code < 500, path
        shown += answer.status_code == 200
        typed = _asked(path)
        wrong += [f"{path}: {one}" for one in tells(_text(answer))
                  if not (typed and one in typed)]
    assert wrong == []
    return shown


def test_no_address_tells_a_canary(house, desk, canary):
    keys = _keys(house, canary)
    assert _read(desk("agent"), (
        path for rule in house.app.url_map.iter_rules()
        if "GET" in rule.methods and rule.rule.startswith(_ABOUT)
        for path in addresses(keys, rule))) > 60


@pytest.mark.parametrize(("username", "least"), [
    ("agent", 40), ("supervisor", 40), ("leader", 40), ("hr", 0)])
def test_no_list_search_or_file_tells_a_canary(desk, canary, username, least):
    assert _read(desk(username), _named(canary)) > least


def test_masks_are_where_the_canaries_are(desk, canary):
    person = desk("supervisor")
    page = person.get(f"/customers/show/{canary.customer.id}").text
    assert "138****4321" in page and "0128" in page
    assert "138****4321" in person.get(f"/callbacks/call/task/{canary.begun.id}").text
    assert "138****4321" in person.get("/callbacks/unreachable/lines/list/?all=1").text
    assert "135****6666" in person.get(f"/change-requests/show/{canary.request_id}").text


def test_the_database_holds_no_canary(house, desk, canary, database_text):
    desk("agent").send(f"/callbacks/call/task/{canary.begun.id}/typed", {"summary": "请回电"})
    held = database_text()
    assert canary.customer.number in held
    assert [one for one in (*CLEAR, CARD, NEW) if one in held] == []
