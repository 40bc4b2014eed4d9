"""How vehicle handovers are worked. Pure data; an administrator tunes it on a screen."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.workflow import (
    Category,
    ClockKind,
    ClockRule,
    Escalation,
    Evidence,
    Extension,
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

NAME = "handovers.vehicle_handover"
_STAFF = Who(roles=("agent", "supervisor"))
# Nobody approves their own.
_LEAD = Who(roles=("supervisor",), never=("owner",))

WORKFLOW = Workflow(
    name=NAME,
    title=N_("Vehicle handovers"),
    initial="prepared",
    states=(
        State("prepared", N_("Prepared"), colour="blue", progress=10),
        State("waiting", N_("Waiting for approval"), Category.WAITING, "yellow", progress=40),
        State("approved", N_("Approved"), colour="indigo", progress=70),
        State("handed_over", N_("Handed over"), Category.DONE, "green", progress=100),
    ),
    transitions=(
        Transition("submit", N_("Submit"), ("prepared",), "waiting", _STAFF, primary=True),
        Transition("approve", N_("Approve"), ("waiting",), "approved", _LEAD, approval=True,
                   primary=True),
        Transition("send_back", N_("Send back"), ("waiting",), "prepared", _LEAD,
                   evidence=(Evidence.COMMENT,)),
        Transition(
            "hand_over", N_("Hand over"), ("approved",), "handed_over", _STAFF, primary=True,
            evidence=(Evidence.FILE,), effects=("store_result",),
            form=Form("hand_over", N_("Hand over"), (Section("main", "", (
                Field("result", Kind.LONG_TEXT, N_("Result"), required=True, length=2000),
            )),)),
        ),
    ),
)

POLICY = Policy(
    name="handovers_house", title="Handovers are approved the same day",
    title_zh="交车当日审批", source="House rule", source_zh="内部规定",
    clocks=(
        ClockRule(
            key="approval", title="Approval", title_zh="审批", kind=ClockKind.INTERNAL,
            measure=Measure.WORKING_MINUTES, amount=240, starts_on=("waiting",),
            stops_on=("approved",), escalate=(Escalation(0, "department_leader"),),
            extensions=(Extension(by=60, most=360),),
        ),
    ),
)
