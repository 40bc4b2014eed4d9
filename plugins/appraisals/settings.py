"""What an admin may set for appraisals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.sdk import N_
from app.sdk.workflow import Choice, Field, Form, Kind
from plugins.appraisals.choices import OVERDUE_WORDS
from plugins.appraisals.rules.chain import APPRAISER, POSTS, SUBJECT
from plugins.appraisals.rules.overdue import KINDS, LEADER, OWN, REMIND
from plugins.appraisals.rules.overdue import POSTS as OF_POSTS

_OVERDUE = {
    OWN: (N_("The person's words or signature are overdue"), N_("The person: overdue after days"),
          N_("Counted from the end of the period or the beginning of the step, whichever is later. "
             "What is passed over never counts as a signature.")),
    LEADER: (N_("The appraiser's signature is overdue"), N_("The appraiser: overdue after days"),
             N_("A rating that is missing cannot be passed over: it is reminded of.")),
    OF_POSTS: (N_("The signature of a post is overdue"), N_("Posts: overdue after days"), ""),
}


def _overdue_fields(kind: str) -> tuple[Field, Field]:
    """Return what becomes of an overdue step of a kind, and after how many days it is one."""
    words, days, remark = _OVERDUE[kind]
    return (
        Field(f"overdue_{kind}", Kind.CHOICE, words, required=True, default=REMIND,
              choices=tuple(Choice(*one) for one in OVERDUE_WORDS), help=remark),
        Field(f"overdue_{kind}_days", Kind.INTEGER, days, required=True, default=10, minimum=1,
              maximum=90))

SETTINGS = Form.of(
    "appraisals",
    Field("opens_by_itself", Kind.BOOLEAN, N_("Cycles open by themselves"), default=True,
          help=N_("On the 1st, for the period that begins, for all kinds that a post has a form "
                  "for.")),
    Field("chain", Kind.LONG_TEXT, N_("Posts that sign after the appraiser"), length=400,
          default="\n".join(POSTS),
          help=N_("Codes of posts in their order, one on each line.")),
    Field("remind_days", Kind.INTEGER, N_("Days after which a signature is reminded of"),
          required=True, default=3, minimum=1, maximum=60),
    *(field for kind in KINDS for field in _overdue_fields(kind)),
    Field("excellent_from", Kind.DECIMAL, N_("Excellent from"), required=True, default="80",
          minimum=0, maximum=100),
    Field("qualified_from", Kind.DECIMAL, N_("Qualified from"), required=True, default="60",
          minimum=0, maximum=100),
    Field("praise_from", Kind.DECIMAL, N_("Referral: praise at a meeting from"), required=True,
          default="100", minimum=0, maximum=1_000_000),
    Field("referral_step", Kind.DECIMAL, N_("Referral: size of each further step"), required=True,
          default="1000", minimum=1, maximum=1_000_000),
    Field("referral_unit", Kind.DECIMAL, N_("Referral: one of them in money"), required=True,
          default="1000", minimum=1, maximum=1_000_000,
          help=N_("Loans and investments of a customer are counted in units of so much.")),
    Field("referral_amount", Kind.DECIMAL, N_("Referral: amount of each further step"),
          required=True, default="200", minimum=0, maximum=1_000_000),
    Field("absence_breaks", Kind.BOOLEAN, N_("A month without a score ends a streak"),
          default=False),
)


def chain_of(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the parts of the chain of signatures, in order.

    Args:
        values: settings of the plugin.
    """
    posts = [line.strip() for line in (values["chain"] or "").splitlines() if line.strip()]
    return (SUBJECT, APPRAISER, *dict.fromkeys(posts))
