"""How a visit goes, and how long it may take. Pure data."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.workflow import (
    Category,
    ClockRule,
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

NAME = "visits.visit"
VIEW = "visits.Visit"
_STAFF = Who(roles=("agent", "supervisor"))

WORKFLOW = Workflow(
    name=NAME,
    title=N_("Receiving a visitor"),
    initial="arrived",
    states=(
        State("arrived", N_("Arrived"), colour="blue", progress=10),
        State("received", N_("Being received"), colour="indigo", progress=50),
        State("left", N_("Left"), Category.DONE, "green", progress=100),
    ),
    transitions=(
        Transition("receive", N_("Receive"), ("arrived",), "received", _STAFF,
                   claims=True, primary=True),
        Transition(
            "finish", N_("Finish"), ("received",), "left", _STAFF, guards=("has_phone",),
            effects=("announce",),
            form=Form("finish", N_("Finish"), (Section("main", "", (
                Field("result", Kind.LONG_TEXT, N_("Result"), required=True, length=400),
            )),)),
        ),
    ),
)

POLICY = Policy(
    name="visits_house", title="Visitors do not wait", title_zh="到访客户不等待",
    source="House rule", source_zh="内部规定",
    clocks=(
        ClockRule(
            key="reception", title="Reception", title_zh="接待", amount=10,
            measure=Measure.WORKING_MINUTES, starts_on=("arrived",), stops_on=("received",),
        ),
    ),
)

SETTINGS = Form.of(
    "visits",
    Field("panel_rows", Kind.INTEGER, N_("Visits on the page of a customer"), required=True,
          default=20, minimum=1, maximum=100),
)
