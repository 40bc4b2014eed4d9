"""How a message goes: to the colleague, who calls back. Pure data."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.workflow import (
    Category,
    ClockRule,
    Escalation,
    Field,
    Form,
    Kind,
    Measure,
    Policy,
    State,
    Transition,
    Who,
    Workflow,
)

NAME = "enquiries.message"
LEFT, DONE = "left", "done"
_OWNER = Who(roles=("supervisor",), relations=("owner",))

WORKFLOW = Workflow(
    name=NAME, title=N_("Messages for colleagues"), initial=LEFT,
    states=(
        State(LEFT, N_("To be called back"), colour="blue", progress=20),
        State(DONE, N_("Called back"), Category.DONE, "green", progress=100),
    ),
    transitions=(
        Transition(
            "call_back", N_("Called back"), (LEFT,), DONE, _OWNER, order=10, primary=True,
            form=Form.of("call_back", Field("result", Kind.LONG_TEXT, N_("What came of the call"),
                                            length=5000), title=N_("Called back")),
            effects=("store", "note_done")),
    ),
)
POLICIES = (Policy(
    name="enquiries_messages", title="Messages for colleagues", title_zh="留言回电时限",
    source="House rule, to be set by each department", source_zh="内部规定，由各部门自行设定",
    clocks=(ClockRule(
        key="calling", title="Called back", title_zh="回电", amount=240,
        measure=Measure.WORKING_MINUTES, starts_on=(LEFT,), stops_on=(DONE,),
        escalate=(Escalation(0, "team_leader"),),
    ),),
),)
