"""How a staff proposal goes. Pure data."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.workflow import Category, Field, Form, Kind, State, Transition, Who, Workflow
from plugins.work.access import MAY_DECIDE

SUBMITTED, REVIEW, TO_CARRY_OUT = "submitted", "under_review", "to_carry_out"
CARRIED_OUT, EFFECT, TURNED_DOWN, WITHDRAWN = (
    "carried_out", "effect_recorded", "turned_down", "withdrawn")
MOST_POINTS = 1000
# Nobody decides about their own proposal.
_DECIDES = Who(permissions=(MAY_DECIDE,), never=("proposer",))
_CARRIES_OUT = Who(relations=("owner",), permissions=(MAY_DECIDE,))


def _text(name: str, title: str, field: str, label: str) -> Form:
    return Form.of(name, Field(field, Kind.LONG_TEXT, label, True, length=2000), title=title)


WORKFLOW = Workflow(
    name="work.proposal", title=N_("Staff proposal"), initial=SUBMITTED,
    states=(
        State(SUBMITTED, N_("Submitted"), colour="blue", progress=10),
        State(REVIEW, N_("Under review"), colour="indigo", progress=30),
        State(TO_CARRY_OUT, N_("To be carried out"), colour="orange", progress=50),
        State(CARRIED_OUT, N_("Carried out"), colour="teal", progress=80),
        State(EFFECT, N_("Effect recorded"), Category.DONE, "green", progress=100),
        State(TURNED_DOWN, N_("Proposal not adopted"), Category.CANCELLED, "gray", progress=100),
        State(WITHDRAWN, N_("Proposal withdrawn"), Category.CANCELLED, "gray", progress=100),
    ),
    transitions=(
        Transition("review", N_("Begin the review"), (SUBMITTED,), REVIEW, _DECIDES, primary=True,
                   bulk=True, order=10),
        Transition(
            "adopt", N_("Adopt"), (REVIEW,), TO_CARRY_OUT, _DECIDES, primary=True, order=20,
            effects=("adopt",),
            form=Form.of(
                "adopt",
                Field("responsible", Kind.PERSON, N_("Responsible person"), True),
                Field("due_on", Kind.DATE, N_("Due on"), True),
                Field("reward_points", Kind.INTEGER, N_("Reward points"), True, default=0,
                      minimum=0, maximum=MOST_POINTS),
                Field("reason", Kind.LONG_TEXT, N_("Remark"), length=2000),
                title=N_("Adopt"))),
        Transition("turn_down", N_("Do not adopt"), (REVIEW,), TURNED_DOWN, _DECIDES, order=30,
                   effects=("turn_down",),
                   form=_text("turn_down", N_("Do not adopt"), "reason", N_("Reason"))),
        Transition("carry_out", N_("Report as carried out"), (TO_CARRY_OUT,), CARRIED_OUT,
                   _CARRIES_OUT, primary=True, order=40, effects=("carry_out",),
                   form=_text("carry_out", N_("Report as carried out"), "carried_out",
                              N_("What has been done"))),
        Transition("record_effect", N_("Record the effect"), (CARRIED_OUT,), EFFECT, _CARRIES_OUT,
                   primary=True, order=50, effects=("record_effect",),
                   form=_text("record_effect", N_("Record the effect"), "effect", N_("Effect"))),
        Transition("withdraw", N_("Withdraw the proposal"), (SUBMITTED, REVIEW), WITHDRAWN,
                   Who(relations=("proposer",)), order=80),
    ),
)
