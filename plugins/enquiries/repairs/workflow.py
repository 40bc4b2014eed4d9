"""How a repair report goes to the workshop and comes back (SPEC E1). Pure data."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.workflow import (
    EVERY_OPEN,
    Category,
    ClockRule,
    Escalation,
    Field,
    Form,
    Kind,
    Measure,
    Policy,
    PolicyCondition,
    State,
    Transition,
    Who,
    Workflow,
)
from plugins.enquiries.access import REPAIR
from plugins.enquiries.choices import REPAIR as REPAIR_KIND
from plugins.enquiries.choices import RESCUE

NAME = "enquiries.repair"
REPORTED, FORWARDED, TAKEN, DONE, TOLD, CANCELLED = (
    "reported", "forwarded", "taken", "done", "told", "cancelled")
_STAFF = Who(permissions=(("can_edit", REPAIR),))
_WORKSHOP = Who(roles=("supervisor",), relations=("handler", "responsible_department_leader"))

WORKFLOW = Workflow(
    name=NAME, title=N_("Repair reports and rescue calls"), initial=REPORTED,
    states=(
        State(REPORTED, N_("Reported"), colour="blue", progress=10),
        State(FORWARDED, N_("Forwarded to the workshop"), colour="indigo", progress=30),
        State(TAKEN, N_("Taken by the workshop"), colour="purple", progress=50),
        State(DONE, N_("Done"), colour="teal", progress=80),
        State(TOLD, N_("Told to the customer"), Category.DONE, "green", progress=100),
        State(CANCELLED, N_("Called off"), Category.CANCELLED, "gray", progress=100),
    ),
    transitions=(
        Transition(
            "forward", N_("Forward to the workshop"), (REPORTED, FORWARDED, TAKEN), FORWARDED,
            _STAFF, order=20, primary=True, effects=("give",),
            form=Form.of(
                "forward",
                Field("responsible_department_id", Kind.DEPARTMENT, N_("Workshop"), True),
                Field("handler_id", Kind.PERSON, N_("Person"),
                      help=N_("Left empty, it is shared out among the staff of the department.")),
                title=N_("Forward to the workshop")),
        ),
        Transition(
            "accept", N_("Take over"), (FORWARDED,), TAKEN, _WORKSHOP, order=10, primary=True,
            form=Form.of("accept", Field("arrival", Kind.TEXT, N_("When and how we help"),
                                         length=120), title=N_("Take over")),
            effects=("note_handler", "store"),
        ),
        Transition(
            "finish", N_("Repair is done"), (TAKEN,), DONE, _WORKSHOP, order=10, primary=True,
            form=Form.of("finish", Field("result", Kind.LONG_TEXT, N_("What the workshop did"),
                                         True, length=5000), title=N_("Repair is done")),
            effects=("store", "note_done"),
        ),
        Transition(
            "tell", N_("Tell the customer"), (DONE,), TOLD, _STAFF, order=10, primary=True,
            is_final_word=True,
            form=Form.of("tell", Field("told", Kind.LONG_TEXT, N_("What the customer said"),
                                       length=5000), title=N_("Tell the customer")),
            effects=("store", "note_told"),
        ),
        Transition(
            "cancel", N_("Call the report off"), (EVERY_OPEN,), CANCELLED, _STAFF, order=80,
            form=Form.of("cancel", Field("cancel_reason", Kind.LONG_TEXT,
                                         N_("Why it is called off"), True, length=2000),
                         title=N_("Call the report off")),
        ),
    ),
)


def _policy(kind: str, title: str, title_zh: str, minutes: int, measure: Measure) -> Policy:
    return Policy(
        name=f"enquiries_{kind}", title=title, title_zh=title_zh,
        source="House rule, to be set by each department", source_zh="内部规定，由各部门自行设定",
        applies_when=(PolicyCondition("kind", (kind,)),),
        clocks=(ClockRule(
            key="taking", title="Taken by the workshop", title_zh="维修站接单", amount=minutes,
            measure=measure, starts_on=(REPORTED,),
            stops_on=(TAKEN, DONE, TOLD, CANCELLED),
            escalate=(Escalation(0, "responsible_department_leader"),
                      Escalation(30, "department_leader")),
        ),),
    )


POLICIES = (
    # Whoever stands on the road at night does not wait for the office to open.
    _policy(RESCUE, "Rescue calls", "救援响应时限", 20, Measure.CALENDAR_MINUTES),
    _policy(REPAIR_KIND, "Repair reports", "报修响应时限", 120, Measure.WORKING_MINUTES),
)
