"""Its hooks."""

from __future__ import annotations

from plugins_broken.broken_workflow.workflow import WORKFLOW

from app.sdk import WorkflowBinding, hookimpl
from app.sdk.models import Customer


@hookimpl
def register_workflows():
    """What it contributes."""
    return [WorkflowBinding(model=Customer, workflow=WORKFLOW)]
