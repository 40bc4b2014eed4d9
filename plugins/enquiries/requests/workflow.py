"""How a request of a colleague goes: to the department, answered, told."""

from __future__ import annotations

from app.sdk import N_
from plugins.enquiries.access import REQUEST
from plugins.enquiries.department_reply import policies, workflow

NAME = "enquiries.request"
WORKFLOW = workflow(NAME, N_("Internal requests"), REQUEST, N_("Tell the colleague"),
                    N_("Told to the colleague"))
POLICIES = policies("enquiries_requests", "Answers to internal requests", "内部需求答复时限", 3)
