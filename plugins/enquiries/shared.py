"""What several kinds of record of the plugin have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, Session, declared_attr, mapped_column, relationship

from app.sdk import N_
from app.sdk.errors import Invalid
from app.sdk.models import Customer, Department, Sensitive
from app.sdk.people import Task, Worker, last_served, members, note_given, open_load, share_out
from app.sdk.records import WorkflowOperations
from app.sdk.services import Actor, record_act
from app.sdk.workflow import Message

LONGEST_SUBJECT = 60
_PLACE = ("owner_id", "team_id", "department_id")


class FromCaller:
    """Columns with who has called; mix into a record."""

    customer_name: Mapped[str] = mapped_column(String(120), default="")

    @declared_attr
    def customer_id(cls) -> Mapped[int | None]:
        """The customer, where known."""
        return mapped_column(ForeignKey("customers_customer.id"), index=True)

    @declared_attr
    def phone(cls) -> Mapped[str]:
        """The number that the caller can be reached at."""
        return mapped_column(Sensitive("phone", 40), default="", index=True)

    @declared_attr
    @classmethod
    def customer(cls) -> Mapped[Customer | None]:
        """The customer as a record."""
        return relationship(Customer)


class ForDepartment:
    """Columns with the department and the person who have to answer; mix into a record."""

    @declared_attr
    def responsible_department_id(cls) -> Mapped[int | None]:
        """Department that has to answer."""
        return mapped_column(ForeignKey("people_department.id"), index=True)

    @declared_attr
    def handler_id(cls) -> Mapped[int | None]:
        """Person there who has it."""
        return mapped_column(ForeignKey("ab_user.id"), index=True)

    @declared_attr
    @classmethod
    def responsible_department(cls) -> Mapped[Department | None]:
        """The department."""
        return relationship(Department, foreign_keys=[cls.responsible_department_id])

    @declared_attr
    @classmethod
    def handler(cls) -> Mapped[Any]:
        """The person as a user."""
        return relationship("User", foreign_keys=[cls.handler_id])


class FromCallerOperations(WorkflowOperations):
    """Operations on what comes in: owner, name and number are filled in."""

    of_caller: ClassVar[bool] = True
    """Whether the record has the columns of ``FromCaller``."""

    def prepare(
        self, session: Session, actor: Actor, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Fill in the owner, and name and phone of the chosen customer."""
        given = {name: value for name, value in values.items()
                 if value not in (None, "") or name in _PLACE}
        given.setdefault("owner_id", actor.user_id)
        if self.of_caller:
            fill_from_customer(session, given)
        return given


def fill_from_customer(session: Session, values: dict[str, Any]) -> None:
    """Fill in name and phone of the chosen customer where they are left open.

    Args:
        session: any session.
        values: of a new record, changed in place.
    """
    key = values.get("customer_id")
    customer = session.get(Customer, key) if key else None
    if customer is not None:
        values["customer_name"] = values.get("customer_name") or customer.name
        values["phone"] = values.get("phone") or customer.phone


def subject_of(text: str) -> str:
    """Return the first sentence of a text, short enough for a list.

    Args:
        text: what was said.
    """
    first = text.strip().splitlines()[0] if text.strip() else ""
    for stop in "。！？.!?":
        position = first.find(stop)
        if 0 < position < LONGEST_SUBJECT:
            first = first[:position]
    return first if len(first) <= LONGEST_SUBJECT else first[: LONGEST_SUBJECT - 1] + "…"


def store(session: Session, actor: Actor, record: Any, values: Mapping[str, Any]) -> None:
    """Effect: store what the form asked for in the columns of the same names."""
    for name, value in values.items():
        column = record.__table__.columns.get(name)
        if column is not None:
            setattr(record, name, "" if value is None and not column.nullable else value)


def give(session: Session, actor: Actor, record: Any, values: Mapping[str, Any]) -> None:
    """Effect: store the form, and find the person of the department where it names none.

    Shared out by the fewest open records, then by who was served least recently; a department of
    which nobody may work on the record gets it as a whole, and its leader sees it.

    Raises:
        Invalid: the named person may not work on it or is of another department.
    """
    store(session, actor, record, values)
    session.flush()
    kind, view = record.__record_type__, f"enquiries.{type(record).__name__}"
    people = members(session, department_id=record.responsible_department_id, present=False,
                     can=("can_edit", view))
    if values.get("handler_id"):
        if values["handler_id"] not in {one.user_id for one in people}:
            raise Invalid({"handler_id": Message(N_(
                "This person does not belong to the department, or may not work on it."))})
        return
    keys = [one.user_id for one in people]
    load = open_load(session, kind, keys, by="handler_id")
    served = last_served(session, kind, keys)
    [choice] = share_out([Task(key=record.id)], [
        Worker(user_id=one.user_id, load=load[one.user_id], presence=one.presence,
               last_served=served.get(one.user_id)) for one in people])
    record.handler_id = choice.user_id
    if choice.user_id is not None:
        note_given(session, kind, {choice.user_id: (1, 1.0)})
        record_act(session, actor, "share_out", record_type=kind, record_id=record.id,
                   number=record.number,
                   changes={"handler_id": [None, choice.user_id], "reason": choice.reason.value,
                            "load": choice.load})
