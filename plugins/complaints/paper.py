"""The complaint record form and the full report as data for their documents (P1, P6)."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from sqlalchemy import select

from app.sdk.models import Comment, Dictionary
from app.sdk.screens import (
    deadline_lines,
    page_language,
    print_context,
    translated,
    write_datetime,
)
from app.sdk.services import attachments, clocks_of, db, name_of
from app.sdk.services import workflow_log as log_of
from plugins.complaints.choices import (
    LIABILITIES,
    REPLY_WAYS,
    RULE_BOOKS,
    SATISFACTIONS,
    SEVERITIES,
    URGENCIES,
    label_of,
)
from plugins.complaints.models import Complaint
from plugins.complaints.rounds import Round, former_rounds
from plugins.complaints.workflow import RATED, STATES, WORKFLOW


def _value(pairs: tuple[tuple[str, str], ...], value: str) -> str:
    return translated(label_of(pairs, value)) if value else ""


def _entry(entry: Dictionary | None) -> str:
    """Return a value of a dictionary in the language of the paper."""
    return entry.titled(page_language()) if entry is not None else ""


def _when(moment: Any) -> str:
    return write_datetime(moment) if moment else ""


def _field(label: str, value: Any, wide: bool = False, tall: int = 0) -> dict[str, Any]:
    return {"label": label, "value": "" if value is None else str(value), "wide": wide,
            "tall": tall}


def record_form(complaint: Complaint) -> dict[str, Any]:
    """Return the data of the record form, in the order of the paper form.

    Args:
        complaint: the complaint.
    """
    receiver = name_of(db.session, complaint.created_by_id)
    return {
        **print_context(gettext("Complaint record form"), complaint.number),
        "fields": [
            _field(gettext("Customer name"), complaint.customer_name),
            _field(gettext("Contact"), complaint.contact),
            _field(gettext("Received at"), _when(complaint.received_at)),
            _field(gettext("Receiving agent's number"), complaint.receiver_number),
            _field(gettext("Channel"), _entry(complaint.channel)),
            _field(gettext("How to tell the result"), _value(REPLY_WAYS, complaint.reply_way)),
            _field(gettext("What happened"), complaint.reason, wide=True, tall=45),
            _field(gettext("What the customer demands"), complaint.demand, wide=True, tall=28),
            _field(gettext("Result"), _result(complaint), wide=True, tall=36),
            _field(gettext("Feedback of the customer"),
                   " · ".join(filter(None, (_verdict(complaint), complaint.feedback))),
                   wide=True, tall=16),
        ],
        "signatures": [
            {"label": gettext("Receiver's signature"), "name": receiver,
             "at": _when(complaint.received_at)},
            {"label": gettext("Leader's signature"), "name": _approver(complaint),
             "at": _when(complaint.approved_at)},
        ],
    }


def _result(complaint: Complaint) -> str:
    """Return what was done, or else what has been approved to be done."""
    return complaint.result or (complaint.solution if complaint.approved_at else "")


def _verdict(complaint: Complaint) -> str:
    """Return how content the customer is with the present round, once they have said it."""
    if complaint.state not in RATED:
        return ""
    return _value(SATISFACTIONS, complaint.satisfaction)


def report(complaint: Complaint) -> dict[str, Any]:
    """Return the data of the full report.

    Args:
        complaint: the complaint.
    """
    approver = _approver(complaint)
    return {
        **print_context(gettext("Report on the handling of a complaint"), complaint.number),
        "sections": [
            {"title": gettext("Parties"), "fields": _parties(complaint)},
            {"title": gettext("Complaint"), "fields": _matter(complaint)},
            {"title": gettext("Assessment and responsibility"), "fields": _judgement(complaint)},
            *({"title": round_title(one), "fields": round_fields(one)}
              for one in rounds_of(complaint)),
            {"title": gettext("Solution and approval"), "fields": _solution(complaint, approver)},
            {"title": gettext("Feedback and improvement"), "fields": _feedback(complaint)},
        ],
        "deadlines": _deadlines(complaint),
        "timeline": {"title": gettext("Timeline"), "entries": _timeline(complaint)},
        "attachments": {
            "title": gettext("Attachments"),
            "header": [gettext("File"), gettext("Added by"), gettext("Added at")],
            "rows": [[f.name, f.author_name, _when(f.at)]
                     for f in attachments(db.session, complaint)],
        },
        "signature_title": gettext("Signatures"),
        "signatures": [
            {"label": gettext("Responsible person"),
             "name": name_of(db.session, complaint.handler_id)},
            {"label": gettext("Approved by"), "name": approver,
             "at": _when(complaint.approved_at)},
        ],
    }


def rounds_of(complaint: Complaint) -> list[Round]:
    """Return the rounds of a complaint that are over, the first one first.

    Args:
        complaint: the complaint; one in its first round costs no statement.
    """
    return former_rounds(log_of(db.session, complaint)) if complaint.round > 1 else []


def round_title(one: Round) -> str:
    """Return the heading of a round that is over: its number, when it ended and how."""
    ending = gettext("the customer was dissatisfied") if one.end.transition == "dissatisfied" else (
        gettext("the complaint was reopened"))
    return gettext("Round %(number)s, until %(when)s: %(ending)s", number=one.number,
                   when=_when(one.end.at), ending=ending)


def round_fields(one: Round) -> list[dict[str, Any]]:
    """Return what a round that is over decided and brought; what was left empty is left out."""
    steps = one.steps
    fields = [
        _field(gettext("Solution"), one.text("propose", "solution"), wide=True),
        _field(gettext("Proposed by"), _by(steps.get("propose"))),
        _field(gettext("Approved by"), _by(steps.get("approve"))),
        _field(gettext("Approved at"), _at(steps.get("approve"))),
        _field(gettext("Consented at"), _at(steps.get("consent"))),
        _field(gettext("Remark of the approver"), one.text("approve", "approval_note"), wide=True),
        _field(gettext("Consent of the customer"), one.text("consent", "consent_note"), wide=True),
        _field(gettext("Result"), one.text("carry_out", "result"), wide=True),
        _field(gettext("Satisfaction"), _value(SATISFACTIONS, one.satisfaction)),
        _field(gettext("Reason of withdrawal"), one.text("withdraw", "withdrawal_reason"),
               wide=True),
        _field(gettext("Feedback of the customer"), one.text("collect_feedback", "feedback"),
               wide=True),
        _field(gettext("Summary"), one.text("summarise", "summary"), wide=True),
        _field(gettext("Improvement"), one.text("summarise", "improvement"), wide=True),
        _field(gettext("Why there was another round"), one.reason, wide=True),
    ]
    return [field for field in fields if field["value"]]


def _by(line: Any) -> str:
    return "" if line is None else _who(line)


def _at(line: Any) -> str:
    return "" if line is None else _when(line.at)


def _approver(complaint: Complaint) -> str:
    """Return who approved the solution that stands, and in whose place."""
    if complaint.approver_id is None:
        return ""
    approvals = [line for line in log_of(db.session, complaint) if line.approval]
    return _who(approvals[-1]) if approvals else name_of(db.session, complaint.approver_id)


def _parties(complaint: Complaint) -> list[dict[str, Any]]:
    return [
        _field(gettext("Customer name"), complaint.customer_name),
        _field(gettext("Contact"), complaint.contact),
        _field(gettext("Received by"), name_of(db.session, complaint.created_by_id)),
        _field(gettext("Received at"), _when(complaint.received_at)),
        _field(gettext("Owner"), name_of(db.session, complaint.owner_id)),
        _field(gettext("Department"), complaint.department),
        _field(gettext("Responsible department"), complaint.responsible_department),
        _field(gettext("Responsible person"), name_of(db.session, complaint.handler_id)),
    ]


def _matter(complaint: Complaint) -> list[dict[str, Any]]:
    state = next((s.label for s in STATES if s.name == complaint.state), complaint.state)
    return [
        _field(gettext("Channel"), _entry(complaint.channel)),
        _field(gettext("Category"), _entry(complaint.category)),
        _field(gettext("Product"), complaint.product),
        _field(gettext("State"), translated(state)),
        _field(gettext("Rule book"), _value(RULE_BOOKS, complaint.rule_book), wide=True),
        _field(gettext("What happened"), complaint.reason, wide=True),
        _field(gettext("What the customer demands"), complaint.demand, wide=True),
    ]


def _judgement(complaint: Complaint) -> list[dict[str, Any]]:
    return [
        _field(gettext("Severity"), _value(SEVERITIES, complaint.severity)),
        _field(gettext("Urgency"), _value(URGENCIES, complaint.urgency)),
        _field(gettext("Cause"), _entry(complaint.cause)),
        _field(gettext("Judgement of responsibility"), _value(LIABILITIES, complaint.liability)),
        _field(gettext("Cause analysis"), complaint.cause_analysis, wide=True),
        _field(gettext("Grounds of the judgement"), complaint.liability_note, wide=True),
    ]


def _solution(complaint: Complaint, approver: str) -> list[dict[str, Any]]:
    return [
        _field(gettext("Solution"), complaint.solution, wide=True),
        _field(gettext("Proposed by"), name_of(db.session, complaint.proposer_id)),
        _field(gettext("Approved by"), approver),
        _field(gettext("Approved at"), _when(complaint.approved_at)),
        _field(gettext("Consented at"), _when(complaint.consented_at)),
        _field(gettext("Remark of the approver"), complaint.approval_note, wide=True),
        _field(gettext("Result"), complaint.result, wide=True),
    ]


def _feedback(complaint: Complaint) -> list[dict[str, Any]]:
    # Dissatisfaction begins a new round: the reason is about the one before.
    reason = complaint.dissatisfaction_reason
    earlier = [_field(gettext("Dissatisfied in an earlier round because"), reason, wide=True)]
    return [
        _field(gettext("Satisfaction"), _verdict(complaint)),
        _field(gettext("Round"), complaint.round),
        *(earlier if reason else ()),
        _field(gettext("Feedback of the customer"), complaint.feedback, wide=True),
        _field(gettext("Summary"), complaint.summary, wide=True),
        _field(gettext("Improvement"), complaint.improvement, wide=True),
    ]


def _deadlines(complaint: Complaint) -> dict[str, Any]:
    verdicts = {True: gettext("Kept"), False: gettext("Missed"), None: gettext("Running")}
    return {
        "title": gettext("Deadlines"),
        "header": [gettext("Deadline"), gettext("Due"), gettext("Outcome")],
        "rows": [[title, _when(due_at), verdicts[kept]]
                 for title, due_at, kept in clocks_of(db.session, complaint, page_language())],
    }


def _timeline(complaint: Complaint) -> list[dict[str, Any]]:
    labels = {one.name: one.label for one in WORKFLOW.transitions}
    states = {one.name: one.label for one in WORKFLOW.states}
    entries = [
        # What begins a complaint is no transition.
        (line.at, _who(line),
         " → ".join(translated(name) for name in (labels.get(line.transition, line.transition),
                                                   states.get(line.target, line.target)) if name),
         _text_of(line))
        for line in log_of(db.session, complaint)
    ]
    comments = db.session.scalars(
        select(Comment).where(Comment.record_type == Complaint.__record_type__,
                              Comment.record_id == complaint.id)
    )
    for comment in comments:
        what = gettext("Customer told") if comment.kind == "progress" else gettext("Comment")
        entries.append((comment.at, comment.author_name, what, comment.text))
    entries += [
        (line.at, gettext("The system"), line.text, "")
        for line in deadline_lines(db.session, complaint)
    ]
    return [
        {"at": _when(at), "who": who, "what": what, "text": text}
        for at, who, what, text in sorted(entries, key=lambda entry: entry[0])
    ]


def _who(line: Any) -> str:
    if not line.in_place_of:
        return line.actor_name
    return gettext("%(name)s, in place of %(absent)s", name=line.actor_name,
                   absent=line.in_place_of)


def _text_of(line: Any) -> str:
    """Return the words that were written with a step: texts of its form and the comment."""
    texts = [value for name, value in (line.values or {}).items()
             if isinstance(value, str) and name not in ("severity", "urgency", "liability",
                                                        "promised_at", "outcome")]
    return "\n".join([*filter(None, texts), *filter(None, (line.comment,))])
