"""Screen of referral rewards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from flask_babel import gettext

from app.sdk import N_
from app.sdk.screens import RecordInterface, SavedList, Section, WorkflowView
from plugins.appraisals.access import REFERRAL
from plugins.appraisals.referrals.models import Referral
from plugins.appraisals.rules.referrals import PRAISE


def step_text(step: int) -> str:
    """Return how a step is written: the praise by its name, the others by their number."""
    if step == PRAISE:
        return gettext("Praise at a meeting")
    return gettext("Step %(number)s", number=step)


class ReferralView(WorkflowView):
    """Referral rewards: one's own, and HR's all."""

    datamodel = RecordInterface(Referral)
    route_base = "/appraisals/referrals"
    class_permission_name = REFERRAL
    list_title = N_("Referral rewards")
    record_label = N_("Referral reward")
    icon = "user-plus"
    list_columns = ["number", "customer", "step", "amount", "state", "owner", "created_at"]
    list_choice = ["applied_total", "checked_total", "decided_by", "decided_at", "table"]
    filter_columns = ["state", "is_open", "owner", "customer", "step", "decided_at", "table",
                      "created_at"]
    plain_title = N_("All")
    saved_views = (
        SavedList(name="mine", title=N_("My own"), sort="-created_at",
                  filters={"owner__in": ["me"]}),
        SavedList(name="open", title=N_("To be decided"), sort="created_at",
                  filters={"state__in": ["applied"]}),
    )
    assignable = False
    is_importable = False
    board_column = ""
    calendar_column = ""
    inline_columns: Sequence[str] = ()
    bulk_columns: Sequence[str] = ()
    default_sort = "-created_at"
    formatters_columns: ClassVar[dict[str, Any]] = {"step": step_text}
    prefill_columns = ["customer"]
    label_columns = {
        "customer": N_("Customer"), "step": N_("Reward step"), "amount": N_("Reward"),
        "owner": N_("Applicant"), "applied_total": N_("Loans and investments when applied for"),
        "checked_total": N_("Loans and investments when checked"), "remark": N_("Remark"),
        "decided_by": N_("Decided by"), "decided_at": N_("Decided at"), "reason": N_("Reason"),
        "table": N_("Paid with"), "is_open": N_("Open"), "created_at": N_("Applied for at"),
        "claim": N_("Customer and step"),
    }
    description_columns = {
        "customer": N_("The customer whom you have won; the product looks up what was reached."),
    }
    add_columns = ["customer", "remark"]
    edit_columns = ["remark"]
    form_sections = (Section(fields=("customer", "remark"), wide=("remark",)),)
    show_sections = (Section(fields=(
        "customer", "owner", "step", "amount", "applied_total", "checked_total", "table",
        "decided_by", "decided_at", "reason", "remark"), wide=("remark",)),)
