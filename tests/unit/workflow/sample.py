"""A complaint's way in miniature, with everything that a workflow knows."""

from __future__ import annotations

from app.forms.definition import Choice, Field, Form, Kind
from app.i18n import Message
from app.workflow.checking import Surroundings
from app.workflow.definition import (
    Category,
    Evidence,
    Outcome,
    State,
    Transition,
    Who,
    Workflow,
)

AGENTS = Who(roles=("agent", "supervisor"))
CAN_APPROVE = ("can_approve", "complaints.Case")

COMPLAINT = Workflow(
    name="complaints.case",
    title="Complaint",
    initial="received",
    states=(
        State("received", "Received", progress=5),
        State("assigned", "Assigned", progress=20, hours=4),
        State("waiting", "Waiting for customer", Category.WAITING, "grey", 30),
        State("proposed", "Solution proposed", progress=50),
        State("implementing", "Being carried out", progress=75, only_through=("approve",)),
        State("checking", "Being checked", progress=85, skip_to="archived"),
        State("archived", "Archived", Category.DONE, "green", 100),
        State("withdrawn", "Withdrawn", Category.CANCELLED, "grey", 100),
    ),
    transitions=(
        Transition(
            "assign", "Assign", ("received", "assigned"), "assigned",
            Who(roles=("supervisor",), relations=("team_leader",)),
            form=Form.of("assign", Field("person", Kind.PERSON, "Person", required=True)),
            bulk=True, primary=True, order=10,
        ),
        Transition("take", "Take", ("received",), "assigned", AGENTS,
                   claims=True, order=5, bulk=True),
        Transition("note", "Add a note", ("*",), "", Who(relations=("anyone",)),
                   evidence=(Evidence.COMMENT,)),
        Transition("ask", "Wait for the customer", ("assigned",), "waiting", AGENTS),
        Transition("answered", "Customer answered", ("waiting",), "assigned", AGENTS),
        Transition(
            "propose", "Propose a solution", ("assigned",), "proposed", AGENTS,
            form=Form.of("propose", Field("solution", Kind.LONG_TEXT, "Solution", required=True)),
            guards=("has_customer",), effects=("remember_proposer",),
        ),
        Transition(
            "approve", "Approve", ("proposed",), "implementing",
            Who(relations=("department_leader",), roles=("leader",), never=("proposer",)),
            needs=(CAN_APPROVE,), approval=True, evidence=(Evidence.SIGNATURE,), primary=True,
        ),
        Transition(
            "send_back", "Send back", ("proposed",), "assigned",
            Who(relations=("department_leader",), roles=("leader",)),
            needs=(CAN_APPROVE,), approval=True, evidence=(Evidence.COMMENT,),
        ),
        Transition(
            "feedback", "Collect feedback", ("implementing",), "checking", AGENTS,
            outcomes=(Outcome("satisfied", "Satisfied"), Outcome("dissatisfied", "Dissatisfied")),
            form=Form.of("feedback", Field("channel", Kind.CHOICE, "Channel",
                                           choices=(Choice("phone", "Phone"),))),
        ),
        Transition("archive", "Archive", ("checking",), "archived", AGENTS, confirm="Sure?"),
        Transition("withdraw", "Withdraw", ("*",), "withdrawn", AGENTS, optional=True),
        Transition("reopen", "Reopen", ("archived", "withdrawn"), "assigned",
                   Who(roles=("supervisor",), relations=("system",))),
    ),
)


def has_customer(record):
    """Guard: a record without a customer stays where it is."""
    return None if record.get("customer_id") else Message("Enter the customer first.")


GUARDS = {"has_customer": has_customer}
AROUND = Surroundings(
    guards=GUARDS,
    effects=("remember_proposer",),
    relations=("anyone", "system", "team_leader", "department_leader", "proposer"),
    roles={"agent": set(), "supervisor": set(), "leader": {CAN_APPROVE}},
)
