"""How an enquiry goes, and by when it is answered (SPEC E1, E3, E5). Pure data."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.workflow import (
    EVERY_OPEN,
    SYSTEM,
    Category,
    ClockRule,
    Escalation,
    Field,
    Form,
    Kind,
    Measure,
    Outcome,
    Policy,
    State,
    Transition,
    Who,
    Workflow,
)
from plugins.enquiries.access import ENQUIRY
from plugins.enquiries.choices import SATISFACTIONS

NAME = "enquiries.enquiry"
NEW, AT_DEPARTMENT, REPLIED, WAITING, ANSWERED, CLOSED = (
    "new", "at_department", "replied", "waiting", "answered", "closed")
NOT_ASKED, NO_ANSWER = "not_asked", "no_answer"
SILENCE = "close_silent"

# Whoever may change enquiries; the product closes those of silent customers.
_STAFF = Who(permissions=(("can_edit", ENQUIRY),))
_STAFF_OR_PRODUCT = Who(permissions=_STAFF.permissions, relations=(SYSTEM,))
_ASKED = Who(roles=("supervisor",),
             relations=("owner", "handler", "responsible_department_leader"))
_LEVELS = tuple(Outcome(value, label) for value, label in SATISFACTIONS)
_REASON = Field("dissatisfaction_reason", Kind.LONG_TEXT, N_("Why, if dissatisfied"), length=2000)


def _text(name: str, label: str, required: bool = True) -> Field:
    return Field(name, Kind.LONG_TEXT, label, required=required, length=5000)


STATES = (
    State(NEW, N_("To be answered"), colour="blue", progress=10),
    State(AT_DEPARTMENT, N_("Waiting for department"), Category.WAITING, "yellow", progress=40),
    State(REPLIED, N_("Department has answered"), colour="indigo", progress=60),
    State(WAITING, N_("Waiting for customer"), Category.WAITING, "yellow", progress=50),
    State(ANSWERED, N_("Answered"), colour="teal", progress=80),
    State(CLOSED, N_("Closed"), Category.DONE, "green", progress=100),
)
_UNANSWERED = (NEW, AT_DEPARTMENT, REPLIED, WAITING)

WORKFLOW = Workflow(
    name=NAME, title=N_("Answering an enquiry"), initial=NEW, states=STATES,
    transitions=(
        Transition(
            "answer", N_("Answer"), _UNANSWERED, ANSWERED, _STAFF, order=10, primary=True,
            form=Form.of(
                "answer", _text("answer", N_("Answer")),
                _text("remarks", N_("Remarks"), required=False), title=N_("Answer")),
            effects=("store", "note_answer"),
        ),
        Transition(
            "close", N_("Close the enquiry"), (ANSWERED,), CLOSED, _STAFF, order=10, primary=True,
            outcomes=(*_LEVELS, Outcome(NOT_ASKED, N_("Not asked"))),
            form=Form.of("close", _REASON, title=N_("Is the customer satisfied?")),
            effects=("store", "note_verdict", "note_closed"),
        ),
        Transition(
            "hand_over", N_("Ask a department"), (NEW, REPLIED, WAITING, ANSWERED), AT_DEPARTMENT,
            _STAFF, order=30,
            form=Form.of(
                "hand_over",
                Field("responsible_department_id", Kind.DEPARTMENT, N_("Department"), True),
                Field("handler_id", Kind.PERSON, N_("Person"),
                      help=N_("Left empty, it is shared out among the staff of the department.")),
                Field("department_due_at", Kind.DATETIME, N_("Answer needed by"), True),
                _text("department_question", N_("What is asked")),
                title=N_("Ask a department")),
            effects=("note_asked", "give"),
        ),
        Transition(
            "reply", N_("Answer as department"), (AT_DEPARTMENT,), REPLIED, _ASKED, order=20,
            form=Form.of("reply", _text("department_answer", N_("Answer of the department")),
                         title=N_("Answer as department")),
            effects=("store",),
        ),
        Transition(
            "send_back", N_("Send back"), (AT_DEPARTMENT,), NEW, _ASKED, order=60,
            form=Form.of("send_back", _text("department_answer", N_("Why it is sent back")),
                         title=N_("Send back")),
            effects=("store",),
        ),
        Transition(
            "wait", N_("Wait for customer"), (NEW, REPLIED, ANSWERED), WAITING, _STAFF, order=40,
            form=Form.of("wait", _text("remarks", N_("What the customer has to say or send")),
                         title=N_("Wait for customer")),
            effects=("store", "note_waiting"),
        ),
        Transition("resume", N_("Customer has answered"), (WAITING,), NEW, _STAFF, order=20),
        Transition(
            SILENCE, N_("Close: customer is silent"), (WAITING,), CLOSED, _STAFF_OR_PRODUCT,
            order=50, outcomes=(*_LEVELS, Outcome(NO_ANSWER, N_("No answer to the question"))),
            effects=("note_verdict", "note_silent"),
        ),
        Transition(
            "settle", N_("Close without an answer"), (EVERY_OPEN,), CLOSED, _STAFF, order=80,
            form=Form.of("settle", _text("remarks", N_("Remarks"), required=False),
                         title=N_("Close without an answer")),
            effects=("store_filled", "note_settled"),
        ),
        Transition(
            "rate", N_("Record satisfaction"), (CLOSED,), CLOSED, _STAFF, guards=("is_not_rated",),
            order=20, outcomes=_LEVELS,
            form=Form.of("rate", _REASON, title=N_("Is the customer satisfied?")),
            effects=("store", "note_verdict"),
        ),
        Transition("take", N_("Take"), (EVERY_OPEN,), "", _STAFF, guards=("has_no_owner",),
                   claims=True, order=5, bulk=True),
        Transition(
            "reopen", N_("Reopen"), (CLOSED,), NEW, _STAFF, order=90,
            form=Form.of("reopen", Field("reopen_reason", Kind.LONG_TEXT,
                                         N_("Why it is reopened"), True, length=2000),
                         title=N_("Reopen")),
            effects=("note_reopened",),
        ),
    ),
)

POLICIES = (Policy(
    name="enquiries_house", title="Replies to enquiries", title_zh="咨询答复时限",
    source="House rule, to be set by each department", source_zh="内部规定，由各部门自行设定",
    clocks=(ClockRule(
        key="reply", title="Reply to the customer", title_zh="答复客户", amount=240,
        measure=Measure.WORKING_MINUTES, starts_on=(NEW,), pauses_on=(WAITING,),
        stops_on=(ANSWERED, CLOSED),
        escalate=(Escalation(0, "team_leader"), Escalation(240, "department_leader")),
    ), ClockRule(
        key="department", title="Answer of the department", title_zh="部门答复", amount=480,
        measure=Measure.WORKING_MINUTES, starts_on=(AT_DEPARTMENT,),
        stops_on=(NEW, REPLIED, CLOSED), due_from="department_due_at",
        escalate=(Escalation(0, "responsible_department_leader"),
                  Escalation(240, "department_leader")),
    )),
),)
