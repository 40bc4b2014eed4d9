"""How callbacks and scripts go. Pure data."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.workflow import (
    EVERY_OPEN,
    SYSTEM,
    Category,
    Field,
    Form,
    Kind,
    Section,
    State,
    Transition,
    Who,
    Workflow,
)
from plugins.callbacks.rules import Next

VIEW = "callbacks.Task"
SCRIPT_VIEW = "callbacks.Script"
RULE_VIEW = "callbacks.OutcomeRule"
TRIGGER_VIEW = "callbacks.Rule"
APPROVE = ("can_approve", SCRIPT_VIEW)

_STAFF = Who(roles=("agent", "supervisor"))
_LEADING = Who(roles=("supervisor",), relations=("team_leader", "department_leader"))
# A rule that is switched off cancels what it has made.
_CANCELLING = Who(roles=_LEADING.roles, relations=(*_LEADING.relations, SYSTEM))
# What follows from the outcome of a contact is decided by its rule, not by a person.
_PRODUCT = Who(relations=(SYSTEM,))


def _form(name: str, title: str, *fields: Field) -> Form:
    return Form(name, title, (Section("main", "", fields),))


TASK_WORKFLOW = Workflow(
    name="callbacks.task", title=N_("Making a callback"), initial="open",
    states=(
        State("open", N_("To do"), colour="blue", progress=5),
        State("working", N_("In progress"), colour="indigo", progress=40),
        State("waiting", N_("Waiting for the next contact"), Category.WAITING, "yellow",
              progress=50),
        State("closed", N_("Closed"), Category.DONE, "green", progress=100),
        State("unreachable", N_("Unreachable"), Category.CANCELLED, "gray", progress=100),
        State("cancelled", N_("Cancelled"), Category.CANCELLED, "gray", progress=100),
    ),
    transitions=(
        Transition("start", N_("Start"), ("open", "waiting"), "working", _STAFF, claims=True,
                   primary=True, order=10, guards=("contact_allowed",),
                   effects=("note_started",)),
        # The customer has called: the rules of contact are about calls of ours.
        Transition("ring_back", N_("The customer calls back"), ("open", "waiting", "unreachable"),
                   "working", _STAFF, order=20, effects=("note_ring_back",)),
        Transition("put_back", N_("Put back"), ("working",), "open",
                   Who(roles=("supervisor",), relations=("owner",)), order=60),
        Transition(Next.WAIT.value, N_("Contact again later"), ("working",), "waiting", _PRODUCT,
                   order=91),
        Transition(Next.GIVE_UP.value, N_("Give up"), ("working",), "unreachable", _PRODUCT,
                   effects=("note_closed",), order=92),
        Transition(Next.CLOSE.value, N_("Close"), ("working",), "closed", _PRODUCT,
                   effects=("note_closed",), order=93),
        Transition("cancel", N_("Cancel"), (EVERY_OPEN,), "cancelled", _CANCELLING, bulk=True,
                   form=_form("cancel", N_("Cancel the callback"), Field(
                       "cancel_reason", Kind.LONG_TEXT, N_("Why it is not made"), True)),
                   effects=("note_closed",), order=80),
        Transition("reopen", N_("Reopen"), ("unreachable", "closed", "cancelled"), "open",
                   _LEADING,
                   form=_form("reopen", N_("Reopen"), Field(
                       "reopen_reason", Kind.LONG_TEXT, N_("Why it is made again"), True)),
                   effects=("begin_again",), order=95),
    ),
)

SCRIPT_WORKFLOW = Workflow(
    name="callbacks.script", title=N_("Approval of a script"), initial="draft",
    states=(
        State("draft", N_("Draft"), colour="blue", progress=20),
        State("approved", N_("Approved"), colour="teal", progress=60),
        State("in_force", N_("In force"), Category.DONE, "green", progress=100),
        State("retired", N_("Retired"), Category.CANCELLED, "gray", progress=100),
    ),
    transitions=(
        Transition("approve", N_("Approve"), ("draft",), "approved",
                   Who(permissions=(APPROVE,), never=("created_by", "updated_by")),
                   approval=True, primary=True, order=10, effects=("note_approver",)),
        Transition("send_back", N_("Send back"), ("approved",), "draft",
                   Who(permissions=(APPROVE,)), order=30,
                   form=_form("send_back", N_("Send back"), Field(
                       "reason", Kind.LONG_TEXT, N_("Why it is sent back"), True))),
        Transition("put_in_force", N_("Put in force"), ("approved",), "in_force",
                   Who(permissions=(APPROVE,)), primary=True, order=20,
                   effects=("retire_earlier",)),
        Transition("retire", N_("Retire"), ("draft", "approved", "in_force"), "retired",
                   Who(permissions=(APPROVE,)), order=80),
        # Scripts that come with the product are in force from the beginning.
        Transition("install", N_("Install"), ("draft",), "in_force", _PRODUCT, order=99),
    ),
)
