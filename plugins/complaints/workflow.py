"""The twelve steps of a complaint and the ways around them (requirement P2). Pure data."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.workflow import (
    EVERY_OPEN,
    SYSTEM,
    Category,
    Choice,
    Field,
    Form,
    Kind,
    Outcome,
    Section,
    State,
    Transition,
    Who,
    Workflow,
)
from plugins.complaints.choices import LIABILITIES, SEVERITIES, URGENCIES

VIEW = "complaints.Complaint"
NAME = "complaints.complaint"
# Taken by the product when what the customer said is corrected after the decision.
VOID_DECISION = "void_decision"

# People: who works on it, who leads them, and never the person whose work is judged.
_STAFF = Who(roles=("agent", "supervisor"))
_WORKING = Who(roles=("supervisor",), relations=("owner", "handler"))
# Both at once: what ends a complaint beside the way is no matter of whoever reads it.
_WORKING_OR_LEADING = Who(
    roles=("supervisor",), relations=("owner", "handler", "team_leader", "department_leader")
)
_LEADING = Who(roles=("supervisor",), relations=("team_leader", "department_leader"))
_APPROVING = Who(relations=("responsible_department_leader",), never=("proposer",))


def _choices(pairs: tuple[tuple[str, str], ...]) -> tuple[Choice, ...]:
    return tuple(Choice(value, label) for value, label in pairs)


def _form(name: str, title: str, *fields: Field) -> Form:
    return Form(name, title, (Section("main", "", fields),))


def _text(name: str, label: str, required: bool = True, help: str = "") -> Field:
    return Field(name, Kind.LONG_TEXT, label, required=required, help=help)


STATES = (
    State("received", N_("Received"), colour="blue", progress=5, hours=1),
    State("recorded", N_("Recorded"), colour="blue", progress=12, hours=4),
    State("assessed", N_("Assessed"), colour="azure", progress=22, hours=4),
    State("assigned", N_("Assigned"), colour="indigo", progress=32, hours=16),
    State("waiting", N_("Waiting for customer"), Category.WAITING, "yellow", progress=35),
    State("proposed", N_("Solution proposed"), colour="purple", progress=45, hours=8),
    State("approved", N_("Approved"), colour="teal", progress=55, hours=8,
          only_through=("approve",)),
    State("consented", N_("Customer consents"), colour="teal", progress=65, hours=16,
          only_through=("approve",)),
    State("carried_out", N_("Carried out"), colour="cyan", progress=75, hours=8,
          only_through=("approve",)),
    State("feedback", N_("Feedback collected"), colour="lime", progress=85, hours=8,
          only_through=("approve",)),
    State("rated", N_("Satisfaction recorded"), Category.DONE, "green", progress=92,
          only_through=("approve",)),
    State("summarised", N_("Summarised"), Category.DONE, "green", progress=97,
          only_through=("approve",)),
    State("archived", N_("Archived"), Category.DONE, "gray", progress=100),
    State("withdrawn", N_("Withdrawn"), Category.CANCELLED, "gray", progress=100),
    State("merged", N_("Merged"), Category.CANCELLED, "gray", progress=100),
)
# Where the customer's verdict on the present round is known.
RATED = frozenset({"rated", "summarised", "archived"})

_MERGING = N_(
    "This complaint is closed, the one to keep goes on. Each leads to the other; files and "
    "comments stay where they are. It can be reopened.")
_SHARED_OUT = N_("Left empty, it goes to the person who is suggested.")

_STEPS = (
    Transition(
        "record", N_("Record"), ("received",), "recorded", _STAFF,
        guards=("registration_complete",), order=10, primary=True,
    ),
    Transition(
        "assess", N_("Assess"), ("recorded",), "assessed", _STAFF, order=10, primary=True,
        form=_form(
            "assess", N_("Assessment"),
            Field("severity", Kind.CHOICE, N_("Severity"), True, choices=_choices(SEVERITIES)),
            Field("urgency", Kind.CHOICE, N_("Urgency"), True, choices=_choices(URGENCIES),
                  default="normal"),
            Field("cause_id", Kind.RECORD, N_("Cause"), target="complaints.cause"),
            _text("cause_analysis", N_("Cause analysis")),
        ),
        effects=("store",),
    ),
    Transition(
        "assign", N_("Assign"), ("assessed",), "assigned", _LEADING, order=10, primary=True,
        bulk=True,
        form=_form(
            "assign", N_("Assignment"),
            Field("responsible_department_id", Kind.DEPARTMENT, N_("Responsible department"), True),
            Field("handler_id", Kind.PERSON, N_("Responsible person"), help=_SHARED_OUT),
            Field("liability", Kind.CHOICE, N_("Judgement of responsibility"), True,
                  choices=_choices(LIABILITIES)),
            _text("liability_note", N_("Grounds of the judgement"), required=False),
        ),
        effects=("store",),
    ),
    Transition(
        "propose", N_("Propose solution"), ("assigned",), "proposed", _WORKING, order=10,
        primary=True,
        form=_form(
            "propose", N_("Solution"),
            _text("solution", N_("Solution")),
            Field("promised_at", Kind.DATETIME, N_("Promised to the customer for")),
        ),
        effects=("store", "note_proposer"),
    ),
    Transition(
        "approve", N_("Approve"), ("proposed",), "approved", _APPROVING,
        needs=(("can_approve", VIEW),), approval=True, order=10, primary=True,
        form=_form("approve", N_("Approval"),
                   _text("approval_note", N_("Remark"), required=False)),
        effects=("store", "note_approver"),
    ),
    Transition(
        "send_back", N_("Send back"), ("proposed",), "assigned", _APPROVING,
        needs=(("can_approve", VIEW),), order=20,
        form=_form("send_back", N_("Send back"), _text("approval_note", N_("Why it is sent back"))),
        effects=("void_decisions", "store"),
    ),
    Transition(
        "consent", N_("Customer agrees"), ("approved",), "consented", _WORKING, order=10,
        primary=True,
        form=_form("consent", N_("Consent of the customer"),
                   _text("consent_note", N_("What was agreed"), required=False)),
        effects=("store", "note_consent"),
    ),
    Transition(
        "decline", N_("Customer declines"), ("approved",), "assigned", _WORKING, order=20,
        form=_form("decline", N_("The customer declines"),
                   _text("consent_note", N_("What the customer wants instead"))),
        effects=("void_decisions", "store"),
    ),
    Transition(
        "carry_out", N_("Carry out"), ("consented",), "carried_out", _WORKING, order=10,
        primary=True,
        form=_form("carry_out", N_("What was done"), _text("result", N_("Result"))),
        effects=("store", "note_resolved"),
    ),
    Transition(
        "collect_feedback", N_("Tell result"), ("carried_out",), "feedback", _WORKING, order=10,
        primary=True, is_final_word=True,
        form=_form("collect_feedback", N_("Result told, feedback collected"),
                   _text("feedback", N_("Feedback of the customer"))),
        effects=("store",),
    ),
    Transition(
        "rate", N_("Record satisfaction"), ("feedback",), "rated", _WORKING, order=10,
        primary=True,
        outcomes=(Outcome("satisfied", N_("Satisfied")), Outcome("fair", N_("Fair"))),
        effects=("note_satisfaction",),
    ),
    Transition(
        "dissatisfied", N_("Customer is dissatisfied"), ("feedback", "rated", "summarised"),
        "assessed", _WORKING, order=20,
        form=_form("dissatisfied", N_("The customer is dissatisfied"),
                   _text("dissatisfaction_reason", N_("Why the customer is dissatisfied"))),
        effects=("store", "note_dissatisfied", "next_round"),
    ),
    Transition(
        "summarise", N_("Summarise"), ("rated",), "summarised", _WORKING, order=10, primary=True,
        form=_form(
            "summarise", N_("Summary and improvement"),
            _text("summary", N_("Summary")), _text("improvement", N_("Improvement")),
        ),
        effects=("store",),
    ),
    Transition(
        "archive", N_("Archive"), ("summarised",), "archived", _LEADING, order=10, primary=True,
        bulk=True, effects=("note_closed",),
    ),
)

_AROUND = (
    Transition(
        "take", N_("Take"), (EVERY_OPEN,), "", _STAFF, guards=("has_no_owner",),
        claims=True, order=5, bulk=True,
    ),
    Transition(
        "hand_over", N_("Hand over"), ("assigned", "waiting", "consented"), "assigned", _WORKING,
        order=50,
        form=_form(
            "hand_over", N_("Hand over to another department"),
            Field("responsible_department_id", Kind.DEPARTMENT, N_("Responsible department"), True),
            Field("handler_id", Kind.PERSON, N_("Responsible person"), help=_SHARED_OUT),
            _text("liability_note", N_("Why it is handed over")),
        ),
        effects=("void_decisions", "store"),
    ),
    Transition(
        "wait", N_("Wait for customer"), ("assigned",), "waiting", _WORKING, order=60,
        form=_form("wait", N_("Waiting for the customer"),
                   _text("waiting_for", N_("What the customer has to do or send"))),
    ),
    Transition(
        "resume", N_("Customer has answered"), ("waiting",), "assigned", _WORKING, order=10,
        primary=True,
    ),
    Transition(
        "escalate", N_("Escalate to major complaint"), (EVERY_OPEN,), "", _LEADING, order=70,
        guards=("is_not_major",),
        form=_form("escalate", N_("Major complaint"),
                   _text("escalation_reason", N_("Why it is a major complaint"))),
        effects=("escalate",),
    ),
    Transition(
        "withdraw", N_("Withdraw"), (EVERY_OPEN,), "withdrawn", _WORKING, order=80,
        form=_form("withdraw", N_("The customer withdraws"),
                   _text("withdrawal_reason", N_("Why the customer withdraws"))),
        effects=("store", "note_closed"),
    ),
    Transition(
        "merge", N_("Merge duplicate"), (EVERY_OPEN,), "merged", _WORKING_OR_LEADING, order=90,
        form=_form("merge", N_("Merge into another complaint"),
                   Field("merged_into_id", Kind.RECORD, N_("Complaint to keep"), True,
                         target="complaints.complaint", help=_MERGING)),
        effects=("merge", "note_closed"),
    ),
    Transition(
        VOID_DECISION, N_("Void the decision"), ("approved", "consented"), "proposed",
        Who(relations=(SYSTEM,)), order=99, effects=("void_decisions",),
    ),
    Transition(
        "reopen", N_("Reopen"), ("rated", "summarised", "archived", "withdrawn", "merged"),
        "assessed",
        # The product reopens what the customer is dissatisfied with when asked afterwards.
        Who(roles=_LEADING.roles, relations=(*_LEADING.relations, SYSTEM)), order=95,
        form=_form("reopen", N_("Reopen"), _text("reopen_reason", N_("Why it is reopened"))),
        effects=("untie", "next_round"),
    ),
)

WORKFLOW = Workflow(
    name=NAME, title=N_("Handling of a complaint"), initial="received",
    states=STATES, transitions=(*_STEPS, *_AROUND),
)
