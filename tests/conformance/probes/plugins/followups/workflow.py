"""How a follow-up call goes. Pure data."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.workflow import Category, Field, Form, Kind, State, Transition, Who, Workflow

VIEW = "followups.FollowUp"
WORKFLOW = Workflow(
    name="followups.follow_up", title=N_("Follow-up"), initial="planned",
    states=(State("planned", N_("Planned"), colour="blue"),
            State("finished", N_("Finished"), Category.DONE, "green")),
    transitions=(
        Transition("finish", N_("Finish"), ("planned",), "finished",
                   Who(roles=("agent", "supervisor")), primary=True, effects=("keep_score",),
                   form=Form.of("finish", Field("score", Kind.INTEGER, N_("Score"), True,
                                                minimum=1, maximum=10))),
    ),
)
