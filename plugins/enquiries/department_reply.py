"""The way of what a department answers and somebody is told: suggestions, internal requests.

Both kinds of record have the columns of ``ForDepartment``, and ``decision``, ``reply``, ``told``,
``replied_at`` and ``told_at``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.services import Actor, utcnow
from app.sdk.workflow import (
    EVERY_OPEN,
    Category,
    Choice,
    ClockRule,
    Escalation,
    Field,
    Form,
    Kind,
    Measure,
    Policy,
    State,
    Transition,
    Who,
    Workflow,
)
from plugins.enquiries.choices import DECISIONS
from plugins.enquiries.shared import FromCallerOperations, give, store, subject_of

RECEIVED, AT_DEPARTMENT, REPLIED, TOLD, WITHDRAWN = (
    "received", "at_department", "replied", "told", "withdrawn")
_DEPARTMENT = Who(roles=("supervisor",), relations=("handler", "responsible_department_leader"))


def workflow(name: str, title: str, view: str, tell: str, told: str) -> Workflow:
    """Return the workflow of such records.

    Args:
        name: name of the workflow.
        title: what it is called (message id).
        view: view whose ``can_edit`` lets staff take the steps.
        tell: label of the last step (message id).
        told: label of the state that it leads to (message id).
    """
    staff = Who(permissions=(("can_edit", view),))
    decisions = tuple(Choice(value, label) for value, label in DECISIONS)

    def text(name: str, label: str, required: bool = True) -> Field:
        return Field(name, Kind.LONG_TEXT, label, required=required, length=5000)

    return Workflow(
        name=name, title=title, initial=RECEIVED,
        states=(
            State(RECEIVED, N_("Received at the desk"), colour="blue", progress=10),
            State(AT_DEPARTMENT, N_("With the department"), colour="indigo", progress=40),
            State(REPLIED, N_("Department has answered"), colour="teal", progress=75),
            State(TOLD, told, Category.DONE, "green", progress=100),
            State(WITHDRAWN, N_("Not pursued"), Category.CANCELLED, "gray", progress=100),
        ),
        transitions=(
            Transition(
                "hand_over", N_("Give to a department"), (RECEIVED, AT_DEPARTMENT), AT_DEPARTMENT,
                staff, order=20, primary=True, effects=("forget_handler", "give"),
                form=Form.of(
                    "hand_over",
                    Field("responsible_department_id", Kind.DEPARTMENT, N_("Department"), True),
                    Field("handler_id", Kind.PERSON, N_("Person"), help=N_(
                        "Left empty, it is shared out among the staff of the department.")),
                    title=N_("Give to a department"))),
            Transition(
                "reply", N_("Answer as department"), (AT_DEPARTMENT,), REPLIED, _DEPARTMENT,
                order=10, primary=True, effects=("store", "note_reply"),
                form=Form.of(
                    "reply", Field("decision", Kind.CHOICE, N_("Decision"), True,
                                   choices=decisions),
                    text("reply", N_("Answer of the department")),
                    title=N_("Answer as department"))),
            Transition(
                "tell", tell, (REPLIED,), TOLD, staff, order=10, primary=True,
                is_final_word=True, effects=("store", "note_told"),
                form=Form.of("tell", text("told", N_("What was said to it"), False), title=tell)),
            Transition(
                "ask_again", N_("Ask the department again"), (REPLIED,), AT_DEPARTMENT, staff,
                order=60, form=Form.of("ask_again", text("question", N_("What is still open")),
                                       title=N_("Ask the department again"))),
            Transition(
                "withdraw", N_("Do not pursue"), (EVERY_OPEN,), WITHDRAWN, staff, order=80,
                form=Form.of("withdraw", text("withdraw_reason", N_("Why it is not pursued")),
                             title=N_("Do not pursue"))),
        ),
    )


def policies(name: str, title: str, title_zh: str, days: int) -> tuple[Policy, ...]:
    """Return the deadline of the department's answer.

    Args:
        name: name of the policy.
        title: English title; ``title_zh`` the Chinese one.
        title_zh: see ``title``.
        days: working days from receipt.
    """
    return (Policy(
        name=name, title=title, title_zh=title_zh,
        source="House rule, to be set by each department", source_zh="内部规定，由各部门自行设定",
        clocks=(ClockRule(
            key="reply", title="Answer of the department", title_zh="部门答复", amount=days,
            measure=Measure.WORKING_DAYS, starts_on=(RECEIVED,),
            stops_on=(REPLIED, TOLD, WITHDRAWN),
            escalate=(Escalation(0, "responsible_department_leader"),),
        ),),
    ),)


class DepartmentReplyOperations(FromCallerOperations):
    """Operations on what a department answers."""

    required = ("content",)
    step_columns: ClassVar[frozenset[str]] = frozenset({
        "responsible_department_id", "handler_id", "decision", "reply", "told", "replied_at",
        "told_at"})
    action_icons = {"hand_over": "building", "reply": "message-reply", "tell": "phone-call",
                    "ask_again": "arrow-back-up", "withdraw": "circle-x"}

    def prepare(
        self, session: Session, actor: Actor, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Fill in the caller and a subject."""
        given = super().prepare(session, actor, values)
        given["subject"] = subject_of(given.get("content") or "")
        return given

    def follow(
        self, session: Session, actor: Actor, record: Any, changes: Mapping[str, list[Any]]
    ) -> None:
        """Keep the subject with the text."""
        super().follow(session, actor, record, dict(changes))
        if "content" in changes and record.subject != subject_of(record.content):
            self.store(session, actor, record, {"subject": subject_of(record.content)})


def forget_handler(
    session: Session, actor: Actor, record: Any, values: Mapping[str, Any]
) -> None:
    """Begin with a department anew: the person of before is of another."""
    record.handler_id = None


def note_reply(session: Session, actor: Actor, record: Any, values: Mapping[str, Any]) -> None:
    """Remember when the department answered."""
    record.replied_at = utcnow()


def note_told(session: Session, actor: Actor, record: Any, values: Mapping[str, Any]) -> None:
    """Remember when the answer was told."""
    record.told_at = utcnow()


EFFECTS = {"give": give, "store": store, "forget_handler": forget_handler,
           "note_reply": note_reply, "note_told": note_told}
