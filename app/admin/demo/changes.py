"""Changes of customer data that wait for a second person, and a customer who is there twice."""

from __future__ import annotations

from sqlalchemy import func, select

from app.access.actor import SYSTEM
from app.access.services import actor_for
from app.customers.changes.models import ChangeRequest
from app.customers.changes.operations import DOCUMENT
from app.customers.models import Customer
from app.sdk.demo import DemoContext
from app.sdk.records import operations_of
from app.sdk.services import user_ids_by_name, write

# Column, new value, reason, kind and number of the document.
_REQUESTS = (
    ("phone", "19900008888", "客户更换手机号，来电申请变更", "recording", "REC-20260105-017"),
    ("name", "王思远", "客户更名，已提供新身份证", "id_card", "XB-2026-0012"),
)


def load(context: DemoContext) -> str:
    """Ask for two changes in the name of an agent; enter a customer once more.

    Args:
        context: see ``app.sdk.demo``.
    """
    session = context.session
    if session.scalar(select(func.count()).select_from(ChangeRequest)):
        return "Change requests are there already."
    agent = actor_for(session, user_ids_by_name(session)["agent"])
    customers = session.scalars(select(Customer).order_by(Customer.id).limit(len(_REQUESTS))).all()
    if agent is None or len(customers) < len(_REQUESTS):
        return "No change requests: their maker or their customers are missing."
    for customer, (name, value, reason, kind, number) in zip(customers, _REQUESTS, strict=True):
        with write(session):
            operations_of(Customer).change(session, agent, customer, {name: value})
            request = session.scalars(
                select(ChangeRequest).where(ChangeRequest.customer_id == customer.id)).one()
            operations_of(ChangeRequest).act(session, agent, request, DOCUMENT, {
                "reason": reason, "document_kind": kind, "document_number": number})
    twin = _duplicate(context)
    return f"{len(_REQUESTS)} change requests; {twin} is there twice."


def _duplicate(context: DemoContext) -> str:
    """Enter a customer once more, with another character in the name."""
    session = context.session
    first = session.scalars(select(Customer).order_by(Customer.id).offset(2).limit(1)).one()
    twin = operations_of(Customer).create(session, SYSTEM, {
        "name": f"{first.name[:-1]}妍", "phone": first.phone, "grade": first.grade,
        "wechat": "wx_7000001", "remarks": "电话登记，与已有客户重复"})
    return str(twin.number)
