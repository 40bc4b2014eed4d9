"""What the plugin contributes; hooks only."""

from __future__ import annotations

from plugins.gradings import services
from plugins.gradings.models import Grading, Signer
from plugins.gradings.views import GradingView
from plugins.gradings.workflow import VIEW, WORKFLOW

from app.sdk import (
    N_,
    Category,
    RecordType,
    RoleGrant,
    Screen,
    WorkflowBinding,
    hookimpl,
)
from app.sdk.jobs import Schedule
from app.sdk.services import Scope

_READ = ("can_list", "can_show")


@hookimpl
def register_models():
    """All tables."""
    return [Grading, Signer]


@hookimpl
def register_record_types():
    """Gradings take part in files and history."""
    return [RecordType(model=Grading, label=N_("Grading"), label_plural=N_("Gradings"),
                       view=VIEW, endpoint="GradingView.show")]


@hookimpl
def register_categories():
    """The heading in the menu."""
    return [Category(name="gradings", label=N_("Gradings"), icon="clipboard-check",
                     group="people")]


@hookimpl
def register_screens():
    """The list and the record page."""
    return [Screen(view=GradingView, label=N_("Gradings"), category="gradings")]


@hookimpl
def register_role_grants():
    """Everybody reads what is theirs to read; HR reads all of it."""
    return [*(RoleGrant(role=role, view=VIEW, names=_READ)
              for role in ("agent", "supervisor", "leader")),
            RoleGrant(role="hr", view=VIEW, names=_READ, reach=Scope.ALL)]


@hookimpl
def register_workflows():
    """How a grading goes."""
    return [WorkflowBinding(
        model=Grading, workflow=WORKFLOW,
        guards={"own_turn": services.own_turn, "all_signed": services.all_signed},
        effects={"put_signature": services.put_signature})]


@hookimpl
def register_jobs():
    """On the first of a month the month before is opened."""
    return [Schedule(name="gradings.open", at="01:00", days="1", run=services.open_month)]
