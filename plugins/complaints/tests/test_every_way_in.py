"""Each rule of complaints is the same on every way in: page, fact, bulk, undo, import, API, code."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.access.audit import change_set, record_act
from app.records.undo import undo
from app.sdk.errors import CarelineError
from app.sdk.importing import REJECTED, UPDATE, ImportRow
from app.sdk.records import delete, operations_of
from app.sdk.records import update as change
from app.sdk.services import SYSTEM, utcnow, write
from plugins.complaints.importing import IMPORTER
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import assessed, fed_back, proposed, put, registered, step
from plugins.complaints.tests.test_corrections import Sender, minute, refresh

ZONE = dt.timezone(dt.timedelta(hours=8))
# What a file of complaints can fill.
IMPORTED = {"contact", "reason", "demand", "customer_name", "subject"}
# What a form or the API does not offer at all is refused there by not being known.
NOT_OFFERED = "not offered"


# --- ways in: (house, username, complaint, name, value) -> what the person is told -------------
def _typed(value: Any, way: str) -> Any:
    if isinstance(value, dt.datetime):
        return value.isoformat() if way == "api" else (
            value.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M"))
    return value


def _by_request(way: str) -> Callable[..., str]:
    def send(house: Any, username: str, complaint: Complaint, name: str, value: Any) -> str:
        sender = Sender(house, username)
        answer = sender.send(way, complaint, **{name: _typed(value, way)})
        return NOT_OFFERED if answer.status_code == 404 else answer.text

    return send


def by_service(house: Any, username: str, complaint: Complaint, name: str, value: Any) -> str:
    """Another plugin's code, in the transaction of a request."""
    try:
        change(house.session, house.actor(username), complaint, {name: value}, complaint.version)
    except CarelineError as error:
        return str(error)
    return ""


def by_job(house: Any, username: str, complaint: Complaint, name: str, value: Any) -> str:
    """A job: a session of its own, and no request."""
    actor = house.actor(username)
    with Session(house.session.get_bind(), expire_on_commit=False, autoflush=False) as own:
        record = own.get(Complaint, complaint.id)
        try:
            operations_of(Complaint).change(own, actor, record, {name: value})
        except CarelineError as error:
            return str(error)
    return ""


def by_undo(house: Any, username: str, complaint: Complaint, name: str, value: Any) -> str:
    """Taking back a change that put the present value there."""
    actor, session = house.actor(username), house.session
    with write(session):
        together = change_set(session)
        record_act(
            session, actor, "change", record_type=Complaint.__record_type__,
            record_id=complaint.id, number=complaint.number,
            changes={name: [value, getattr(complaint, name)]},
        )
    return " ".join(undo(session, actor, Complaint, together).kept)


def by_import(house: Any, username: str, complaint: Complaint, name: str, value: Any) -> str:
    """A file in which the complaint comes again."""
    if name not in IMPORTED:
        return NOT_OFFERED
    row = ImportRow(2, {
        "external_id": complaint.external_id, "subject": complaint.subject, name: value,
        "received_on": complaint.received_at.astimezone(dt.UTC).date(),
    })
    with write(house.session):
        [outcome] = IMPORTER.write(house.session, house.actor(username), [row], UPDATE)
    return str(outcome.message) if outcome.action == REJECTED else ""


WAYS: Mapping[str, Callable[..., str]] = {
    "form": _by_request("form"), "fact": _by_request("fact"), "bulk": _by_request("bulk"),
    "api": _by_request("api"), "service": by_service, "job": by_job, "undo": by_undo,
    "import": by_import,
}


# --- rules ---------------------------------------------------------------------------------
def recorded(house: Any, **values: Any) -> Complaint:
    """Return a complaint that has all that the record form needs."""
    return registered(house, source="file", external_id="E-1", **values)


def closed(house: Any) -> Complaint:
    """Return a withdrawn complaint."""
    complaint = recorded(house)
    return step(house, complaint, "agent", "withdraw", withdrawal_reason="已和解")


def binned(house: Any) -> Complaint:
    """Return a complaint in the recycle bin."""
    complaint = recorded(house)
    delete(house.session, SYSTEM, complaint)
    return complaint


def with_solution(house: Any) -> Complaint:
    """Return a complaint whose solution waits for approval."""
    return proposed(house, source="file", external_id="E-1")


@dataclasses.dataclass(frozen=True)
class Rule:
    """One rule: who tries what with which complaint, and what stands against it."""

    make: Callable[[Any], Complaint]
    name: str
    value: Any
    told: str
    username: str = "agent"


FILLED, LATER = "must stay filled", "receipt to a later time"
RULES = {
    "contact stays filled": Rule(recorded, "contact", "", FILLED),
    "reason stays filled": Rule(recorded, "reason", "", FILLED),
    "demand stays filled": Rule(recorded, "demand", "", FILLED),
    "name stays filled": Rule(recorded, "customer_name", "", FILLED),
    "receipt not later": Rule(
        lambda house: recorded(house, received_at=minute(days=30)), "received_at",
        minute(hours=1), LATER,
    ),
    "receipt not ahead": Rule(
        recorded, "received_at", (utcnow() + dt.timedelta(days=2)).replace(second=0, microsecond=0),
        "lies in the future", "supervisor",
    ),
    "regulation stays": Rule(
        lambda house: recorded(house, rule_book="cn_cbirc_2020"), "rule_book", "house",
        "statutory rule book off or change it",
    ),
    "closed stays": Rule(closed, "reason", "别的事情", "closed complaint is not changed"),
    "binned stays": Rule(binned, "reason", "别的事情", "recycle bin"),
    "proposed on what was said": Rule(
        with_solution, "reason", "别的事情", "Once a solution is proposed"),
}


def _against(house: Any, complaint: Complaint, rule: str, way: str) -> str:
    """Try one way; return what is wrong with the answer, or an empty text."""
    case, before, version = RULES[rule], getattr(complaint, RULES[rule].name), complaint.version
    told = WAYS[way](house, case.username, complaint, case.name, case.value)
    refresh(house)
    if (getattr(complaint, case.name), complaint.version) != (before, version):
        return "written"
    if way == "undo":
        return "" if complaint.number in told else told
    # The fields of a page say it at the field; what lies in the bin is not there for a request.
    silent = told == NOT_OFFERED or way in ("form", "fact") or (
        rule == "binned stays" and way in ("api", "bulk"))
    return "" if silent or case.told in told or "recycle bin" in told else told


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_holds_on_every_way_in(house, rule):
    complaint = RULES[rule].make(house)
    assert {way: wrong for way in WAYS if (wrong := _against(house, complaint, rule, way))} == {}


def test_what_a_step_writes_comes_in_on_no_other_way(house):
    complaint = fed_back(house)
    sender = Sender(house, "supervisor")
    for name in ("solution", "approver_id", "satisfaction", "closed_at"):
        before = getattr(complaint, name)
        for way in ("service", "job", "undo"):
            value = None if name.endswith(("_id", "_at")) else "x"
            WAYS[way](house, "supervisor", complaint, name, value)
        assert sender.send("api", complaint, **{name: "1"}).status_code == 422
        sender.send("form", complaint, **{name: "1"})
        refresh(house)
        assert getattr(complaint, name) == before, name


@pytest.mark.parametrize("way", ["form", "api", "service"])
def test_nothing_is_registered_without_what_was_said(house, way):
    from app.sdk.records import create

    sender, values = Sender(house, "agent"), {"customer_name": "王小明", "contact": "13812345678"}
    if way == "service":
        with pytest.raises(CarelineError, match="Tell what happened"):
            create(house.session, house.actor("agent"), Complaint, values)
    else:
        answer = sender.client.post(
            "/complaints/add" if way == "form" else "/api/v1/complaints/",
            **({"data": values} if way == "form" else {"json": values}), headers=sender.headers,
        )
        assert answer.status_code == 422 and "Tell what happened" in answer.text
    refresh(house)
    assert house.session.query(Complaint).count() == 0


def test_a_correction_after_the_decision_voids_it(house):
    complaint = step(house, proposed(house), "fengtao", "approve")
    supervisor = house.actor("supervisor")
    change(house.session, supervisor, complaint, {"reason": "实际收取两次违约金。"})
    refresh(house)
    assert complaint.state == "proposed"
    assert complaint.approver_id is None and complaint.approved_at is None
    assert complaint.solution


def test_severity_changed_by_code_moves_the_deadlines(house):
    complaint = assessed(house)
    due = complaint.due_at
    change(house.session, SYSTEM, complaint, {"severity": "critical"})
    refresh(house)
    assert complaint.due_at < due


def test_a_register_of_others_may_lack_what_our_form_needs(house):
    """What was never there is no reason to refuse another change."""
    complaint = recorded(house)
    put(house, complaint, contact="", demand="")
    change(house.session, house.actor("agent"), complaint, {"subject": "新的主题"})
    refresh(house)
    assert complaint.subject == "新的主题"


def test_a_receipt_is_not_emptied_over_the_api(house):
    complaint = recorded(house)
    answer = Sender(house, "supervisor").send("api", complaint, received_at=None)
    assert answer.status_code == 422 and "received_at" in answer.json["errors"]
