"""Each rule of applications is the same on every way in: page, fact, bulk, undo, API, job, code."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.access.audit import change_set, record_act
from app.records.undo import undo
from app.sdk.errors import CarelineError
from app.sdk.records import delete, operations_of
from app.sdk.records import update as change
from app.sdk.services import SYSTEM, utcnow, write
from plugins.loans.models import LoanApplication
from plugins.loans.tests.helpers import handed_over, in_review, received, step

NOT_OFFERED = "not offered"
FAR_AHEAD = (utcnow() + dt.timedelta(days=2)).replace(second=0, microsecond=0)
_COLUMNS = {"product_id": "product", "customer_id": "customer"}


class _Sender:
    """Sends what a browser or a program would send."""

    def __init__(self, house: Any, username: str) -> None:
        self.client = house.client(username)
        self.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        page = self.client.get("/loan-applications/add").text
        self.token = page.split('name="csrf-token" content="', 1)[1].split('"', 1)[0]

    def send(self, way: str, one: LoanApplication, name: str, value: Any) -> str:
        base, version = "/loan-applications", one.version
        typed = value.isoformat() if isinstance(value, dt.datetime) else str(value)
        field = _COLUMNS.get(name, name)
        if way == "api":
            answer = self.client.put(
                f"/api/v1/loan-applications/{one.id}", headers={"X-CSRFToken": self.token},
                json={field: value if isinstance(value, int) else typed, "version": version})
        else:
            address = {"form": f"{base}/edit/{one.id}", "fact": f"{base}/fact/{one.id}/{field}",
                       "bulk": f"{base}/bulk/edit"}[way]
            bulk = {"column": field, "row": one.id, "step": "confirmed",
                    f"version-{one.id}": version}
            answer = self.client.post(address, data={
                field: typed, "version": version, "csrf_token": self.token,
                **(bulk if way == "bulk" else {})}, follow_redirects=way == "bulk")
        return NOT_OFFERED if answer.status_code == 404 else answer.text


def _by_request(way: str) -> Callable[..., str]:
    def send(house: Any, username: str, one: LoanApplication, name: str, value: Any) -> str:
        return _Sender(house, username).send(way, one, name, value)

    return send


def by_service(house: Any, username: str, one: LoanApplication, name: str, value: Any) -> str:
    """Another plugin's code, in the transaction of a request."""
    try:
        change(house.session, house.actor(username), one, {name: value}, one.version)
    except CarelineError as error:
        return str(error)
    return ""


def by_job(house: Any, username: str, one: LoanApplication, name: str, value: Any) -> str:
    """A job: a session of its own, and no request."""
    actor = house.actor(username)
    with Session(house.session.get_bind(), expire_on_commit=False, autoflush=False) as own:
        record = own.get(LoanApplication, one.id)
        try:
            operations_of(LoanApplication).change(own, actor, record, {name: value})
        except CarelineError as error:
            return str(error)
    return ""


def by_undo(house: Any, username: str, one: LoanApplication, name: str, value: Any) -> str:
    """Taking back a change that put the present value there."""
    actor, session = house.actor(username), house.session
    with write(session):
        together = change_set(session)
        record_act(
            session, actor, "change", record_type=LoanApplication.__record_type__,
            record_id=one.id, number=one.number,
            changes={name: [value, getattr(one, name)]})
    return " ".join(undo(session, actor, LoanApplication, together).kept)


WAYS: Mapping[str, Callable[..., str]] = {
    "form": _by_request("form"), "fact": _by_request("fact"), "bulk": _by_request("bulk"),
    "api": _by_request("api"), "service": by_service, "job": by_job, "undo": by_undo,
}


def withdrawn(house: Any) -> LoanApplication:
    """Return an application that the customer has withdrawn."""
    return step(house, received(house), "agent", "withdraw", withdrawal_reason="改为全款")


def binned(house: Any) -> LoanApplication:
    """Return an application in the recycle bin."""
    application = received(house)
    delete(house.session, SYSTEM, application)
    return application


@dataclasses.dataclass(frozen=True)
class Rule:
    """One rule: who tries what with which application, and what stands against it."""

    make: Callable[[Any], LoanApplication]
    name: str
    value: Any
    told: str
    username: str = "agent"


RULES = {
    "amount within the product": Rule(received, "amount", Decimal(1_000), "lends"),
    "term of the product": Rule(received, "term_months", 13, "has terms"),
    "down payment of the product": Rule(received, "down_payment", Decimal(1_000), "at least"),
    "loan within the price": Rule(received, "vehicle_price", Decimal(120_000), "exceed"),
    "income is an amount": Rule(received, "monthly_income", "plenty", "Write an amount"),
    "receipt not ahead": Rule(received, "received_at", FAR_AHEAD, "future"),
    "vehicle stays filled in the review": Rule(in_review, "vehicle_text", "", "filled in"),
    "livelihood stays filled in the review": Rule(in_review, "employment", "", "filled in"),
    "amount stays after the hand-over": Rule(
        handed_over, "amount", Decimal(90_000), "stays as it is"),
    "income stays after the hand-over": Rule(
        handed_over, "monthly_income", "20000", "stays as it is"),
    "closed stays": Rule(withdrawn, "remarks", "别的", "closed record is not changed"),
    "binned stays": Rule(binned, "remarks", "别的", "recycle bin"),
}


def _against(house: Any, one: LoanApplication, rule: str, way: str) -> str:
    """Try one way; return what is wrong with the answer, or an empty text."""
    case = RULES[rule]
    before, version = getattr(one, case.name), one.version
    told = WAYS[way](house, case.username, one, case.name, case.value)
    house.session.rollback()
    house.session.refresh(one)
    if (getattr(one, case.name), one.version) != (before, version):
        return "written"
    if way in ("form", "fact", "bulk", "undo") or (rule == "binned stays" and way == "api"):
        # A page says it at the field, in its own frame; what lies in the bin is not there.
        return ""
    return "" if case.told in told or "recycle bin" in told else told[:300] or "no word"


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_holds_on_every_way_in(house, rule):
    application = RULES[rule].make(house)
    assert {way: wrong for way in WAYS
            if (wrong := _against(house, application, rule, way))} == {}


@pytest.mark.parametrize("way", WAYS)
def test_what_no_rule_forbids_is_written_on_every_way(house, way):
    """Otherwise a way that leads nowhere would keep every rule."""
    application = received(house)
    WAYS[way](house, "supervisor", application, "source", "dealer")
    house.session.rollback()
    house.session.refresh(application)
    assert application.source == "dealer"


@pytest.mark.parametrize("name", ["rate", "instalment", "result", "reviewer_id", "to_bring",
                                  "loan_id", "approved_amount", "complete_at", "told_text"])
def test_what_a_step_writes_comes_in_on_no_other_way(house, name):
    application = received(house)
    before = getattr(application, name)
    for way in ("service", "job", "api", "form"):
        WAYS[way](house, "supervisor", application, name, 1)
        house.session.rollback()
        house.session.refresh(application)
        assert getattr(application, name) == before, way
