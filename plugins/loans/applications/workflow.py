"""The way of an application, and how long it may take (L1, L2). Pure data."""

from __future__ import annotations

from app.sdk import N_
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
    Section,
    State,
    Transition,
    Who,
    Workflow,
)
from plugins.loans.access import MAY_APPROVE, MAY_EDIT, MAY_REVIEW
from plugins.loans.choices import SOURCES

NAME = "loans.application"
RECEIVED, MISSING, REVIEW = "received", "documents_missing", "under_review"
NOT_ELIGIBLE, HANDED_OVER, APPROVAL = "not_eligible", "handed_over", "in_approval"
APPROVED, REFUSED, TOLD, WITHDRAWN = "approved", "refused", "told", "withdrawn"
AT_APPROVERS = frozenset({HANDED_OVER, APPROVAL})
TO_TELL = frozenset({NOT_ELIGIBLE, APPROVED, REFUSED})
GATHERING = frozenset({RECEIVED, MISSING, REVIEW})
"""States in which documents are handed in."""

# Acts beside the steps that clocks react to: what was heard ends one wait and begins another.
FOLLOWED_UP, WAIT_AGAIN = "followed_up", "wait_again"

CHANNELS = tuple(
    Choice(value, label) for value, label in (
        ("phone", N_("Phone")), ("sms", N_("SMS")), ("wechat", N_("WeChat")), ("qq", N_("QQ")),
        ("mail", N_("Mail")), ("visit", N_("Visit"))))
SOURCE_CHOICES = tuple(Choice(value, label) for value, label in SOURCES)

_STAFF = Who(permissions=(MAY_EDIT,))
_REVIEWING = Who(permissions=(MAY_REVIEW,))
_LEADING = Who(roles=("supervisor",), relations=("team_leader", "department_leader"))
_AT_APPROVERS = Who(relations=("approval_officer", "approval_department_leader"))
# Nobody approves what they took in, own or reviewed.
_APPROVING = Who(permissions=(MAY_APPROVE,), never=("created_by", "owner", "reviewer"))


def form(name: str, title: str, *fields: Field) -> Form:
    """Return a form of one section."""
    return Form(name, title, (Section("main", "", fields),))


def _text(name: str, label: str, required: bool = True, help: str = "") -> Field:
    return Field(name, Kind.LONG_TEXT, label, required=required, length=4000, help=help)


def _refusal(name: str, title: str) -> Form:
    return form(
        name, title,
        Field("refusal_reason_id", Kind.RECORD, N_("Reason"), True,
              target="loans.refusal_reason"),
        _text("advice", N_("Advice to the customer"), required=False,
              help=N_("Left empty, it is the advice of the reason.")))


TELLING_FIELDS = (
    Field("told_channel", Kind.CHOICE, N_("How the customer was told"), True, choices=CHANNELS),
    Field("inbound", Kind.BOOLEAN, N_("The customer contacted us"),
          help=N_("The rules of contact are about contacts of ours.")),
    _text("told_text", N_("What the customer was told")),
)

STATES = (
    State(RECEIVED, N_("Application received"), colour="blue", progress=5, hours=4),
    State(MISSING, N_("Documents missing"), Category.WAITING, "yellow", progress=15),
    State(REVIEW, N_("Under first review"), colour="indigo", progress=30, hours=8),
    State(NOT_ELIGIBLE, N_("Not eligible"), colour="orange", progress=80, hours=8),
    State(HANDED_OVER, N_("Handed over for approval"), colour="purple", progress=45, hours=8),
    State(APPROVAL, N_("In approval"), colour="purple", progress=60, hours=24),
    State(APPROVED, N_("Loan approved"), colour="teal", progress=80, hours=8,
          only_through=("approve",)),
    State(REFUSED, N_("Loan refused"), colour="orange", progress=80, hours=8),
    State(TOLD, N_("Result told"), Category.DONE, "green", progress=100),
    State(WITHDRAWN, N_("Application withdrawn"), Category.CANCELLED, "gray", progress=100),
)

_STAY = ("count_stay",)
_STEPS = (
    Transition(
        "ask_documents", N_("Ask for documents"), (RECEIVED, REVIEW), MISSING, _STAFF, order=40,
        guards=("something_to_bring",),
        form=form("ask_documents", N_("Documents are missing"),
                   _text("asked_text", N_("What the customer was asked for"))),
        effects=("note_asked", *_STAY),
    ),
    Transition(
        "start_review", N_("Start the first review"), (RECEIVED, MISSING), REVIEW, _REVIEWING,
        order=10, primary=True, guards=("filled_for_review", "another_reviewer"),
        effects=("note_reviewer", *_STAY),
    ),
    Transition(
        "hand_over", N_("Hand over for approval"), (REVIEW,), HANDED_OVER, _REVIEWING, order=20,
        primary=True, guards=("review_is_finished",),
        form=form(
            "hand_over", N_("Hand over for approval"),
            Field("approval_department_id", Kind.DEPARTMENT, N_("Approval department"), True),
            Field("approval_officer_id", Kind.PERSON, N_("Approval officer")),
            Field("promised_on", Kind.DATE, N_("Decision promised for")),
            _text("hand_over_note", N_("Remark for the approvers"), required=False)),
        effects=("store", "begin_approval", *_STAY),
    ),
    Transition(
        "not_eligible_found", N_("Not eligible"), (REVIEW,), NOT_ELIGIBLE, _REVIEWING, order=30,
        form=_refusal("not_eligible_found", N_("The customer is not eligible")),
        effects=("store", "note_not_eligible", *_STAY),
    ),
    Transition(
        "accept", N_("Accept for approval"), (HANDED_OVER,), APPROVAL, _AT_APPROVERS, order=10,
        primary=True, effects=_STAY,
    ),
    Transition(
        "pass_on", N_("Approve and pass on"), (APPROVAL,), "", _APPROVING, order=10, primary=True,
        guards=("acts_in_post", "is_not_last"), approval=True,
        form=form("pass_on", N_("Approve and pass on"),
                   _text("approval_note", N_("Remark of the approver"), required=False)),
        effects=("note_approval", "pass_to_next"),
    ),
    Transition(
        "approve", N_("Approve"), (APPROVAL,), APPROVED, _APPROVING, order=11, primary=True,
        guards=("acts_in_post", "is_last"), approval=True,
        form=form(
            "approve", N_("Approve"),
            Field("approved_amount", Kind.DECIMAL, N_("Approved amount"), minimum=1,
                  help=N_("Left empty, it is the amount applied for.")),
            _text("approval_note", N_("Remark of the approver"), required=False)),
        effects=("store", "note_approval", "note_approved", *_STAY),
    ),
    Transition(
        "refuse", N_("Refuse"), (APPROVAL,), REFUSED, _APPROVING, order=20,
        guards=("acts_in_post",), form=_refusal("refuse", N_("Refuse the application")),
        effects=("store", "note_refused", *_STAY),
    ),
    Transition(
        "return_to_review", N_("Return to the first review"), (HANDED_OVER, APPROVAL), REVIEW,
        Who(permissions=(MAY_APPROVE,),
            relations=("approval_officer", "approval_department_leader")), order=50,
        form=form("return_to_review", N_("Return to the first review"),
                   _text("return_reason", N_("What has to be done first"))),
        effects=("void_review", "tell_reviewer", *_STAY),
    ),
    Transition(
        "tell", N_("Tell the approval"), (APPROVED,), TOLD, _STAFF, order=10, primary=True,
        is_final_word=True,
        form=form(
            "tell", N_("Tell the customer of the approval"), *TELLING_FIELDS,
            Field("takes_up", Kind.BOOLEAN, N_("The customer takes the loan"), default=True),
            Field("contract", Kind.TEXT, N_("Number of the contract"), length=40,
                  help=N_("Left empty, it is the number of the application."))),
        effects=("note_told", "take_up", *_STAY),
    ),
    Transition(
        "tell_refusal", N_("Tell the refusal"), (NOT_ELIGIBLE, REFUSED), TOLD, _STAFF, order=10,
        primary=True, is_final_word=True,
        form=form("tell_refusal", N_("Tell the customer of the refusal"), *TELLING_FIELDS),
        effects=("note_told", *_STAY),
    ),
)
_AROUND = (
    Transition("take", N_("Take"), (EVERY_OPEN,), "", _STAFF, guards=("has_no_owner",),
               claims=True, order=5, bulk=True),
    Transition(
        "withdraw", N_("Withdraw the application"), (EVERY_OPEN,), WITHDRAWN, _STAFF, order=80,
        form=form("withdraw", N_("The customer withdraws the application"),
                   _text("withdrawal_reason", N_("Why it was withdrawn"))),
        effects=("store", "note_withdrawn", *_STAY),
    ),
    Transition(
        "reopen", N_("Reopen"), (WITHDRAWN,), RECEIVED, _LEADING, order=95,
        form=form("reopen", N_("Reopen"), _text("reopen_reason", N_("Why it is reopened"))),
        effects=("void_result", "void_review", *_STAY),
    ),
)

WORKFLOW = Workflow(
    name=NAME, title=N_("Way of a loan application"), initial=RECEIVED, states=STATES,
    transitions=(*_STEPS, *_AROUND),
)

_UP_THE_LINE = (Escalation(0, "team_leader"), Escalation(480, "department_leader"))
_ENDED = (TOLD, WITHDRAWN)
POLICY = Policy(
    name="loans_house", title="Applications are dealt with in time", title_zh="申请按时办理",
    source="House rule", source_zh="内部规定",
    clocks=(
        ClockRule(
            key="first_review", title="First review", title_zh="初审", amount=16 * 60,
            measure=Measure.WORKING_MINUTES, starts_on=(RECEIVED, "return_to_review"),
            pauses_on=(MISSING,), stops_on=(HANDED_OVER, NOT_ELIGIBLE, *_ENDED),
            escalate=_UP_THE_LINE,
        ),
        ClockRule(
            key="follow_up", title="Follow-up of the approval", title_zh="审批跟进", amount=2,
            measure=Measure.WORKING_DAYS, starts_on=(HANDED_OVER, WAIT_AGAIN),
            stops_on=(FOLLOWED_UP, REVIEW, APPROVED, REFUSED, *_ENDED), escalate=_UP_THE_LINE,
        ),
        ClockRule(
            key="approval", title="Decision on the application", title_zh="审批", amount=5,
            measure=Measure.WORKING_DAYS, starts_on=(HANDED_OVER,),
            stops_on=(REVIEW, APPROVED, REFUSED, *_ENDED),
            escalate=(Escalation(0, "approval_department_leader"),),
        ),
        ClockRule(
            key="telling", title="Result told to the customer", title_zh="告知结果", amount=1,
            measure=Measure.WORKING_DAYS, starts_on=(NOT_ELIGIBLE, APPROVED, REFUSED),
            stops_on=_ENDED, escalate=_UP_THE_LINE,
        ),
    ),
)
