"""How an exam goes. Pure data."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.workflow import Category, State, Transition, Who, Workflow
from plugins.training.access import EXAM

_EDITORS = Who(permissions=(("can_edit", EXAM),))
DRAFT, PUBLISHED, RETIRED = "draft", "published", "retired"

WORKFLOW = Workflow(
    name="training.exam", title=N_("Exam"), initial=DRAFT,
    states=(
        State(DRAFT, N_("Draft"), colour="blue", progress=20),
        State(PUBLISHED, N_("Published"), Category.DONE, "green", progress=100),
        State(RETIRED, N_("Retired"), Category.CANCELLED, "gray", progress=100),
    ),
    transitions=(
        Transition("publish", N_("Publish"), (DRAFT,), PUBLISHED, _EDITORS, primary=True,
                   guards=("bank_fills",), order=10),
        Transition("retire", N_("Retire"), (DRAFT, PUBLISHED), RETIRED, _EDITORS, order=80),
    ),
)
