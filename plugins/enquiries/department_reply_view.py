"""What the screens of suggestions and of internal requests have in common."""

from __future__ import annotations

from typing import Any

from app.sdk import N_
from app.sdk.screens import SavedList, Section, drawn
from plugins.enquiries.choices import DEADLINE_RESULTS, DECISIONS
from plugins.enquiries.department_reply import RECEIVED, REPLIED

LABELS: dict[str, Any] = {
    "received_at": N_("Received at"), "subject": N_("Subject"), "content": N_("What is suggested"),
    "customer": N_("Customer"), "customer_name": N_("Customer name"), "phone": N_("Phone"),
    "responsible_department": N_("Department that answers"), "handler": N_("Person that answers"),
    "decision": N_("Decision"), "reply": N_("Answer of the department"),
    "told": N_("What was said to it"), "replied_at": N_("Answered at"), "told_at": N_("Told at"),
    "reply_result": N_("Answered in time"), "owner": N_("Who follows"), "is_open": N_("Open"),
}
CHOICES = {
    "decision": drawn(DECISIONS, {"adopted": ("good", "check"), "partly": ("calm", "equal"),
                                  "declined": ("still", "x")}),
    "reply_result": drawn(DEADLINE_RESULTS),
}
SAVED_LISTS = (
    SavedList(name="to_answer", title=N_("To be answered by me"), sort="due_at",
              filters={"is_open__is": ["true"], "handler__in": ["me"]}),
    SavedList(name="to_give", title=N_("To be given to a department"), sort="received_at",
              filters={"state__in": [RECEIVED]}),
    SavedList(name="to_tell", title=N_("To be told"), sort="replied_at",
              filters={"state__in": [REPLIED]}),
)
FILTERS = ["state", "is_open", "decision", "responsible_department", "handler", "owner", "team",
           "department", "received_at", "replied_at", "told_at", "reply_result", "due_at"]
ANSWER = Section(
    title=N_("Answer"),
    fields=("responsible_department", "handler", "decision", "replied_at", "told_at",
            "reply_result", "reply", "told"), wide=("reply", "told"))
