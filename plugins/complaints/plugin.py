"""What the complaints plugin contributes; hooks only."""

from __future__ import annotations

from app.sdk import Category as MenuCategory
from app.sdk import (
    N_,
    Permissions,
    Policies,
    RecordType,
    RoleGrant,
    ShippedData,
    WorkflowBinding,
    hookimpl,
)
from plugins.complaints import deadlines, rules, shipped
from plugins.complaints.models import (
    Category,
    Cause,
    Channel,
    Complaint,
    Incident,
    RegulatorReport,
)
from plugins.complaints.workflow import VIEW, WORKFLOW


@hookimpl
def register_models():
    """All tables."""
    return [Channel, Category, Cause, Incident, Complaint, RegulatorReport]


@hookimpl
def register_categories():
    """The heading that the screens stand under."""
    return [MenuCategory(name="complaints", label=N_("Complaints"), icon="message-report", order=10)]


@hookimpl
def register_record_types():
    """Complaints and mass incidents."""
    return [
        RecordType(model=Complaint, label=N_("Complaint"), label_plural=N_("Complaints"),
                   view=VIEW, endpoint="ComplaintView.show", icon="message-report"),
        RecordType(model=Incident, label=N_("Mass complaint"), label_plural=N_("Mass complaints"),
                   view="complaints.Incident", endpoint="IncidentView.show", icon="users-group"),
    ]


@hookimpl
def register_permissions():
    """Rights that no screen declares by itself."""
    return [Permissions(view=VIEW, names=("can_approve",))]


@hookimpl
def register_role_grants():
    """What the ready-made roles may do with complaints."""
    return [
        RoleGrant(role="leader", view=VIEW, names=("can_approve",)),
    ]


@hookimpl
def register_workflows():
    """The handling of a complaint."""
    return [
        WorkflowBinding(
            model=Complaint, workflow=WORKFLOW, guards=rules.GUARDS, effects=rules.EFFECTS
        )
    ]


@hookimpl
def register_deadline_policies():
    """House deadlines by severity, and the rule books."""
    return [Policies(record_type=Complaint.__record_type__, policies=deadlines.policies())]


@hookimpl
def register_shipped_data():
    """Channels, categories and causes to begin with."""
    return [ShippedData(name="complaints.lists", load=shipped.load)]
