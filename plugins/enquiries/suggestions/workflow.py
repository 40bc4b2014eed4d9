"""How a suggestion goes: to the department, answered, told to the customer (SPEC E5)."""

from __future__ import annotations

from app.sdk import N_
from plugins.enquiries.access import SUGGESTION
from plugins.enquiries.department_reply import policies, workflow

NAME = "enquiries.suggestion"
WORKFLOW = workflow(NAME, N_("Suggestions of customers"), SUGGESTION, N_("Tell the customer"),
                    N_("Told to the customer"))
POLICIES = policies("enquiries_suggestions", "Answers to suggestions", "建议答复时限", 5)
