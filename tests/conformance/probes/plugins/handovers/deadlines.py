"""How long the approval of a handover may take. Pure data."""

from __future__ import annotations

from app.sdk.workflow import ClockKind, ClockRule, Escalation, Extension, Measure, Policy

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
