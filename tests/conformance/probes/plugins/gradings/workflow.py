"""How a grading goes: signed in order, then closed. Pure data."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.workflow import ANYONE, Category, Evidence, State, Transition, Who, Workflow

VIEW = "gradings.Grading"
WORKFLOW = Workflow(
    name="gradings.grading", title=N_("Grading"), initial="signing",
    states=(State("signing", N_("Being signed"), colour="yellow"),
            State("closed", N_("Closed"), Category.DONE, "green")),
    transitions=(
        # Whoever sees it: the guard says whose turn it is.
        Transition("sign", N_("Sign"), ("signing",), "", Who(relations=(ANYONE,)), primary=True,
                   guards=("own_turn",), effects=("put_signature",),
                   evidence=(Evidence.SIGNATURE,)),
        Transition("close", N_("Close"), ("signing",), "closed", Who(roles=("hr",)),
                   guards=("all_signed",)),
    ),
)
