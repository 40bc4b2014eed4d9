"""Short ways through the workflow for tests."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.customers.contacts import SETTINGS as RULES_OF_CONTACT
from app.records.files import FileStore, attach
from app.sdk.demo import set_settings
from app.sdk.models import Customer, Department, Post, PostHolder, Staff
from app.sdk.people import local_today
from app.sdk.services import SYSTEM, act, create
from app.settings.services import save_settings, saved_settings
from app.testing.plugin_fixtures import House
from plugins.loans.checklist.services import documents_of, still_to_bring
from plugins.loans.models import LoanApplication, LoanProduct, RefusalReason

INTAKE = {
    "amount": Decimal(100_000), "term_months": 36, "vehicle_text": "比亚迪 汉 EV",
    "vehicle_price": Decimal(150_000), "down_payment": Decimal(40_000),
    "employment": "employed", "employer": "华东机械有限公司", "monthly_income": "12000",
    "source": "showroom",
}
PDF = b"%PDF-1.4\n%%EOF\n"


def allow_contacts(house: House, **values: Any) -> None:
    """Let customers be contacted at any time, so that no test depends on the clock."""
    held, version = saved_settings(house.session, RULES_OF_CONTACT)
    save_settings(house.session, SYSTEM, RULES_OF_CONTACT, {
        **held, "quiet_from": 0, "quiet_until": 0, "on_holidays": True, "interval_minutes": 0,
        "most_unanswered": 50, **values}, version)


def put_setting(house: House, **values: Any) -> None:
    """Change settings of the plugin, as an administrator does on their screen."""
    set_settings(house.session, "loans", values)


def customer(house: House, **values: Any) -> Customer:
    """Return a customer."""
    return create(house.session, SYSTEM, Customer,
                  {"name": "王小明", "phone": "13812345678", **values})


def key_of(house: House, model: Any, code: str) -> int:
    """Return the key of a row by its code."""
    found = house.session.scalar(select(model.id).where(model.code == code))
    assert found is not None, code
    return found


def received(house: House, username: str = "agent", **values: Any) -> LoanApplication:
    """Return an application that somebody has taken in."""
    given = {**INTAKE, "product_id": key_of(house, LoanProduct, "new_car"), **values}
    if "customer_id" not in given:
        given["customer_id"] = customer(house).id
    return create(house.session, house.actor(username), LoanApplication, given)


def step(
    house: House, application: LoanApplication, username: str, name: str, **values: Any
) -> LoanApplication:
    """Take a step, or do an act, as a demo person."""
    act(house.session, house.actor(username), application, name, values, application.version)
    return application


def upload(house: House, application: LoanApplication, name: str = "材料.pdf") -> int:
    """Put a file on an application; return its key."""
    store = FileStore(house.app.config["CARELINE_SETTINGS"])
    return attach(house.session, house.actor("agent"), store, application, name,
                  io.BytesIO(PDF)).id


def hand_in(
    house: House, application: LoanApplication, kind_id: int | None = None,
    username: str = "agent", **values: Any
) -> LoanApplication:
    """Hand in the required documents that are missing, or one of a kind."""
    file_id = upload(house, application)
    kinds = [kind_id] if kind_id else [
        one.kind_id for one in still_to_bring(documents_of(house.session, application))]
    for kind in kinds:
        step(house, application, username, "enter_document", kind_id=kind, file_id=str(file_id),
             **{"issued_on": local_today() - dt.timedelta(days=3), **values})
    return application


def in_review(house: House, **values: Any) -> LoanApplication:
    """Return an application with all documents, in its first review."""
    application = hand_in(house, received(house, **values))
    return step(house, application, "wanghao", "start_review")


def reviewed(house: House, application: LoanApplication) -> LoanApplication:
    """Check every document and confirm the first review."""
    for one in documents_of(house.session, application):
        if one.required:
            step(house, application, "wanghao", "check_document", kind_id=one.kind_id,
                 judgement="accepted")
    return step(house, application, "wanghao", "confirm",
                findings=["complete", "true", "valid"])


def credit(house: House) -> int:
    """Return the key of the approval department."""
    return key_of(house, Department, "CREDIT")


def handed_over(house: House, **values: Any) -> LoanApplication:
    """Return an application at the approval department."""
    return step(house, reviewed(house, in_review(house, **values)), "wanghao", "hand_over",
                approval_department_id=credit(house),
                approval_officer_id=house.actor("tangli").user_id)


def in_approval(house: House, **values: Any) -> LoanApplication:
    """Return an application on which the approvers decide."""
    return step(house, handed_over(house, **values), "tangli", "accept")


def approved(house: House, **values: Any) -> LoanApplication:
    """Return an application that the manager of the approval department has approved."""
    return step(house, in_approval(house, **values), "songwei", "approve")


def reason(house: House, code: str = "income") -> int:
    """Return the key of a reason of refusal."""
    return key_of(house, RefusalReason, code)


def hold_post(house: House, username: str, post: str) -> None:
    """Appoint a demo person to a post."""
    staff = house.session.scalar(
        select(Staff.id).where(Staff.user_id == house.actor(username).user_id))
    create(house.session, SYSTEM, PostHolder, {
        "post_id": key_of(house, Post, post), "staff_id": staff})
