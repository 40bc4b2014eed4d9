"""Its workflow."""

from __future__ import annotations

from app.sdk.workflow import State, Transition, Who, Workflow

WORKFLOW = Workflow(
    name="broken_workflow.thing", title="Thing", initial="new",
    states=(State("new", "New"),),
    transitions=(Transition("take", "Take", ("new",), "in_progres", Who(roles=("agent",))),),
)
