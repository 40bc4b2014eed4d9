"""How a referral reward goes. Pure data."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.workflow import Category, Field, Form, Kind, State, Transition, Who, Workflow
from plugins.appraisals.access import REFERRAL

APPLIED, GRANTED, REFUSED, WITHDRAWN = "applied", "granted", "refused", "withdrawn"
# Nobody decides about their own reward.
_CHECKS = Who(permissions=(("can_manage", REFERRAL),), never=("owner",))

WORKFLOW = Workflow(
    name="appraisals.referral", title=N_("Referral reward"), initial=APPLIED,
    states=(
        State(APPLIED, N_("Applied for"), colour="blue", progress=30),
        State(GRANTED, N_("Reward granted"), Category.DONE, "green", progress=100),
        State(REFUSED, N_("Reward refused"), Category.CANCELLED, "gray", progress=100),
        State(WITHDRAWN, N_("Application withdrawn"), Category.CANCELLED, "gray", progress=100),
    ),
    transitions=(
        Transition("grant", N_("Check and grant"), (APPLIED,), GRANTED, _CHECKS, primary=True,
                   order=10, guards=("is_reached",), effects=("grant",)),
        Transition("refuse", N_("Refuse the reward"), (APPLIED,), REFUSED, _CHECKS, order=20,
                   effects=("refuse",),
                   form=Form.of("refuse", Field("reason", Kind.LONG_TEXT, N_("Reason"), True,
                                                length=400), title=N_("Refuse the reward"))),
        Transition("withdraw", N_("Withdraw the application"), (APPLIED,), WITHDRAWN,
                   Who(relations=("owner",)), order=80, effects=("withdraw",)),
    ),
)
