"""What the plugin contributes; hooks only."""

from __future__ import annotations

from plugins.handovers import demo
from plugins.handovers.charts import METRIC, HandoverStatisticsView
from plugins.handovers.deadlines import POLICY
from plugins.handovers.models import VehicleHandover
from plugins.handovers.operations import VehicleHandoverOperations
from plugins.handovers.services import open_count, store_result
from plugins.handovers.views import VIEW, VehicleHandoverApi, VehicleHandoverView
from plugins.handovers.workflow import WORKFLOW

from app.sdk import (
    N_,
    Api,
    Card,
    Category,
    DemoData,
    Panel,
    Policies,
    RecordType,
    RoleGrant,
    Screen,
    WorkflowBinding,
    hookimpl,
)

_OPEN = "state__in=prepared&state__in=waiting&state__in=approved"
_WORK = ("can_list", "can_show", "can_add", "can_edit", "can_comment")


@hookimpl
def register_models():
    """All tables."""
    return [VehicleHandover]


@hookimpl
def register_record_types():
    """They take part in search, files, comments and history."""
    return [RecordType(
        model=VehicleHandover, label=N_("Vehicle handover"),
        label_plural=N_("Vehicle handovers"), view=VIEW,
        endpoint="VehicleHandoverView.show", icon="car-garage",
        operations=VehicleHandoverOperations,
    )]


@hookimpl
def register_categories():
    """The heading in the menu."""
    return [Category(
        name="handovers", label=N_("Vehicle handovers"), icon="car-garage", order=50,
        group="casework",
    )]


@hookimpl
def register_screens():
    """The list and all that follows from it."""
    return [Screen(
        view=VehicleHandoverView, label=N_("Vehicle handovers"), category="handovers", order=10,
    ), Screen(view=HandoverStatisticsView, label=N_("Statistics of handovers"), category="figures")]


@hookimpl
def register_apis():
    """The REST API."""
    return [Api(view=VehicleHandoverApi)]


@hookimpl
def register_panels():
    """A tab on the page of a customer."""
    return [Panel(record_type="customers.customer", title=N_("Vehicle handovers"), view=VIEW,
                  rows_of=VehicleHandover)]


@hookimpl
def register_role_grants():
    """What the ready-made roles may do."""
    return [
        RoleGrant(role="agent", view=VIEW, names=_WORK),
        RoleGrant(role="supervisor", view=VIEW,
                  names=(*_WORK, "can_delete", "can_export", "can_import", "can_statistics")),
    ]


@hookimpl
def register_workflows():
    """How they are worked."""
    return [WorkflowBinding(
        model=VehicleHandover, workflow=WORKFLOW, effects={"store_result": store_result},
    )]


def open_card(session, actor):
    """What the card of the home page shows: figures that open the records behind them."""
    return {"figures": [
        {"label": N_("My open ones"), "value": open_count(session, actor, own=True),
         "url": f"/handovers/list/?owner__in=me&{_OPEN}"},
        {"label": N_("Open"), "value": open_count(session, actor),
         "url": f"/handovers/list/?{_OPEN}"},
    ]}


@hookimpl
def register_cards():
    """A card of the home page."""
    return [Card(
        name="handovers.open", title=N_("Vehicle handovers"), load=open_card,
        template="screens/home/card.html", view=VIEW,
    )]


@hookimpl
def register_deadline_policies():
    """How long an approval may take."""
    return [Policies(record_type=VehicleHandover.__record_type__, policies=(POLICY,))]


@hookimpl
def register_metrics():
    """Counted as handovers are made."""
    return [METRIC]


@hookimpl
def register_demo_data():
    """A handover for each group of demo people."""
    return [DemoData(name="handovers.handovers", load=demo.load, order=60)]
