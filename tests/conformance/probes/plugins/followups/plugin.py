"""What the plugin contributes; hooks only."""

from __future__ import annotations

from plugins.followups import services
from plugins.followups.models import FollowUp
from plugins.followups.views import FollowUpView
from plugins.followups.workflow import VIEW, WORKFLOW

from app.sdk import (
    N_,
    Category,
    RecordAction,
    RecordType,
    RoleGrant,
    Screen,
    WorkflowBinding,
    hookimpl,
)
from app.sdk.jobs import Schedule

_WORK = ("can_list", "can_show", "can_add", "can_edit")


@hookimpl
def register_models():
    """All tables."""
    return [FollowUp]


@hookimpl
def register_record_types():
    """Follow-ups take part in search, files, comments and history."""
    return [RecordType(model=FollowUp, label=N_("Follow-up"), label_plural=N_("Follow-ups"),
                       view=VIEW, endpoint="FollowUpView.show")]


@hookimpl
def register_categories():
    """The heading in the menu."""
    return [Category(name="followups", label=N_("Follow-ups"), icon="phone", group="casework")]


@hookimpl
def register_screens():
    """The list and the page of a call."""
    return [Screen(view=FollowUpView, label=N_("Follow-ups"), category="followups")]


@hookimpl
def register_role_grants():
    """What the ready-made roles may do."""
    return [RoleGrant(role=role, view=VIEW, names=_WORK) for role in ("agent", "supervisor")]


@hookimpl
def register_workflows():
    """How a call goes."""
    return [WorkflowBinding(model=FollowUp, workflow=WORKFLOW,
                            effects={"keep_score": services.keep_score})]


@hookimpl
def register_record_actions():
    """A complaint is opened from the call and linked with it, where there are complaints."""
    return [RecordAction(record_type="followups.follow_up", ability="complaints.open")]


@hookimpl
def register_jobs():
    """Every night calls are planned and given out."""
    return [Schedule(name="followups.delivery", at="02:00", run=services.after_delivery),
            Schedule(name="followups.share", at="08:00", days="working", catch_up=False,
                     run=services.share)]


@hookimpl
def register_metrics():
    """Counted as calls are finished."""
    return [services.METRIC]


@hookimpl
def on_transition(session, payload):
    """A complaint is done."""
    services.after_transition(session, payload)
