"""What the plugin contributes; hooks only. It implements every hook there is."""

from __future__ import annotations

from itertools import cycle

import click
from flask.cli import with_appcontext
from plugins.visits import collaboration
from plugins.visits.models import Note, Purpose, Visit
from plugins.visits.operations import NoteOperations, VisitOperations
from plugins.visits.services import (
    OPEN_VISITS,
    RECEIVED_VISITS,
    note,
    open_visits,
    ship_purposes,
    visits_of_customer,
    write_rows,
)
from plugins.visits.views import VisitApi, VisitView
from plugins.visits.workflow import POLICY, SETTINGS, VIEW, WORKFLOW
from sqlalchemy import func, select

from app.sdk import (
    N_,
    Api,
    Card,
    Category,
    DemoData,
    DictionaryList,
    Metric,
    Panel,
    Permissions,
    Policies,
    RecordType,
    RoleGrant,
    Screen,
    Served,
    Settings,
    ShippedData,
    TableOperations,
    WorkflowBinding,
    hookimpl,
)
from app.sdk.abilities import has_ability
from app.sdk.customers import unfinished_work
from app.sdk.demo import places
from app.sdk.importing import Importer, ImportField
from app.sdk.jobs import JobKind, Schedule
from app.sdk.models import Sensitive
from app.sdk.services import SYSTEM, create, db
from app.sdk.workflow import Message


@hookimpl
def register_models():
    """All tables."""
    return [Purpose, Visit, Note]


@hookimpl
def register_record_types():
    """Visits take part in search, files, comments and history."""
    return [RecordType(model=Visit, label=N_("Showroom visit"), label_plural=N_("Showroom visits"),
                       view=VIEW, endpoint="VisitView.show", icon="building-store",
                       operations=VisitOperations)]


@hookimpl
def register_operations():
    """Rules of a table whose rows are no kind of record."""
    return [TableOperations(model=Note, operations=NoteOperations)]


@hookimpl
def register_categories():
    """The heading in the menu."""
    return [Category(name="visits", label=N_("Showroom visits"), icon="building-store", order=30)]


@hookimpl
def register_screens():
    """Visits."""
    return [
        Screen(view=VisitView, label=N_("Showroom visits"), category="visits", order=10),
    ]


@hookimpl
def register_dictionaries():
    """Purposes, with their order, colours and both names, edited by an admin."""
    return [DictionaryList(model=Purpose, title=N_("Purposes of visits"), view="visits.Purpose")]


@hookimpl
def register_apis():
    """Visits over REST."""
    return [Api(view=VisitApi)]


@hookimpl
def register_permissions():
    """Reading files in is a right of its own."""
    return [Permissions(view=VIEW, names=("can_import",), words={"can_import": N_("Import")})]


@hookimpl
def register_role_grants():
    """What the ready-made roles may do."""
    work = ("can_list", "can_show", "can_add", "can_edit", "can_comment")
    return [
        RoleGrant(role="agent", view=VIEW, names=work),
        RoleGrant(role="supervisor", view=VIEW, names=(*work, "can_export", "can_import")),
        RoleGrant(role="supervisor", view="visits.Purpose", names=("can_list",)),
    ]


def has_phone(_session, _actor, visit):
    """Guard: whom nobody can call back is not finished."""
    return None if visit.phone else Message(N_("Enter the visitor's phone first."))


@hookimpl
def register_workflows():
    """The way of a visit, with the guard and the effect that it names."""
    return [WorkflowBinding(model=Visit, workflow=WORKFLOW, guards={"has_phone": has_phone},
                            effects={"announce": collaboration.announce})]


@hookimpl
def register_events():
    """What other plugins may listen to."""
    return [collaboration.LEFT]


@hookimpl
def register_abilities():
    """What other plugins, jobs and programs may ask for."""
    return [collaboration.REGISTER]


@hookimpl
def register_link_kinds():
    """Visitors who come together."""
    return [collaboration.COMPANION]


@hookimpl
def register_record_chips():
    """A customer who is in the house."""
    return [collaboration.CHIP]


@hookimpl
def register_record_facts():
    """The last visit of a customer."""
    return [collaboration.FACT]


@hookimpl
def register_record_columns():
    """Lists of customers can show the last visit."""
    return [collaboration.COLUMN]


@hookimpl
def register_record_actions():
    """A visit is registered on the page of the customer."""
    return [collaboration.ACTION]


@hookimpl
def register_suggestions():
    """Earlier visits, while somebody types."""
    return [collaboration.SUGGESTIONS]


@hookimpl
def register_timeline():
    """Visits are on the timeline of their customer."""
    return [collaboration.TIMELINE]


@hookimpl
def register_deadline_policies():
    """Ten minutes to the first word."""
    return [Policies(record_type=Visit.__record_type__, policies=(POLICY,))]


def count_visits(context):
    """Job: count all visits, as an example of long work."""
    total = context.session.scalar(select(func.count()).select_from(Visit))
    context.progress(total, total)
    return {"visits": total}


def forget_notes(session, now):
    """Schedule: notes are of no use after a while; nothing to do in this example."""


@hookimpl
def register_jobs():
    """A kind of job, and a schedule."""
    return [JobKind(name="visits.count", run=count_visits),
            Schedule(name="visits.forget", every_seconds=86_400, run=forget_notes)]


def reception_card(session, actor):
    """What the card shows: a figure that opens the records behind it."""
    return {"figures": [{"label": N_("In the house"), "value": open_visits(session, actor),
                         "url": "/visits/list/"}]}


@hookimpl
def register_cards():
    """A card of the home page."""
    return [Card(name="visits.reception", title=N_("Showroom visits"), load=reception_card,
                 template="screens/home/card.html", view=VIEW)]


@hookimpl
def register_metrics():
    """A figure that is counted as visits change."""
    return [Metric(name="visits.open", title=N_("In the house"), numerator=OPEN_VISITS,
                   unit=N_("visits"), endpoint="VisitView.list", view=VIEW)]


@hookimpl
def register_served():
    """Whoever visits the showroom may count as a customer served."""
    return [Served(name="visits.received", title=N_("showroom visits"), measure=RECEIVED_VISITS)]


@hookimpl
def register_panels():
    """A tab on the page of a customer."""
    return [Panel(record_type="customers.customer", title=N_("Showroom visits"), view=VIEW,
                  load=visits_of_customer, template="visits/customer_panel.html")]


@hookimpl
def register_importers():
    """Visits from files."""
    return [Importer(
        name="visits.visits", title=N_("Showroom visits"), view=VIEW, write=write_rows,
        fields=(ImportField(name="visitor", label=N_("Visitor"), required=True, length=80),
                ImportField(name="phone", label=N_("Phone"), required=True, length=40,
                            mask=Sensitive("phone", 40).mask)),
        key=("visitor", "phone"),
    )]


@hookimpl
def register_settings():
    """How many visits the panel of a customer shows."""
    return [Settings(form=SETTINGS)]


@click.group("visits")
def visits_group():
    """Work with showroom visits."""


@visits_group.command("count")
@with_appcontext
def count():
    """Print the number of visits."""
    click.echo(db.session.scalar(select(func.count()).select_from(Visit)))


@hookimpl
def register_commands():
    """``flask visits``."""
    return [visits_group]


@hookimpl
def register_shipped_data():
    """Purposes to begin with."""
    return [ShippedData(name="visits.purposes", load=ship_purposes)]


def make_visits(context):
    """Make a few visits, unless there are some."""
    if context.session.scalar(select(func.count()).select_from(Visit)) == 0:
        # Nobody registers them: they say themselves to whom they belong.
        for name, place in zip(("王小明", "李雷", "韩梅梅"), cycle(places(context.session))):
            create(context.session, SYSTEM, Visit, {"visitor": name, "phone": "13800000000"},
                   place=place)
    return "A few visits."


@hookimpl
def register_demo_data():
    """Visits for demonstrations."""
    return [DemoData(name="visits.visits", load=make_visits, order=30)]


@hookimpl
def check_transition(session, actor, record, transition):
    """A visit without a purpose is not finished."""
    if isinstance(record, Visit) and transition == "finish" and record.purpose_id is None:
        return N_("Choose a purpose first.")
    return None


@hookimpl
def check_assignment(session, record, user_id):
    """Nobody receives too many visitors at once."""
    return collaboration.assignment_veto(session, record, user_id)


@hookimpl
def check_delete(session, record):
    """A customer who is in the house is not deleted."""
    return unfinished_work(session, record, Visit)


@hookimpl
def check_enable(plugin):
    """What is noted on customers needs the note of the core."""
    if plugin == "visits" and not has_ability("customers.note", SYSTEM):
        return N_("Visits need notes on customers, which this product lacks.")
    return None


@hookimpl
def check_disable(session, plugin):
    """The plugin stays on while somebody is in the house."""
    if plugin == "visits" and session.scalar(select(Visit.id).where(Visit.is_open).limit(1)):
        return N_("There are still visitors in the house.")
    return None


@hookimpl
def on_record_saved(session, payload):
    """Note that a visit was saved."""
    if payload["record_type"] == Visit.__record_type__:
        note(session, payload["event_id"], f"{payload['number']} {payload['action']}")


@hookimpl
def on_transition(session, payload):
    """Note where a visit went."""
    if payload["record_type"] == Visit.__record_type__:
        note(session, payload["event_id"], f"{payload['number']} {payload['to_state']}")


@hookimpl
def on_comment(session, payload):
    """Note that a colleague has said something."""
    if payload["record_type"] == Visit.__record_type__:
        note(session, payload["event_id"], f"{payload['number']} {payload['kind']}")


@hookimpl
def on_deadline(session, payload):
    """Note that a visitor has waited too long."""
    if payload["record_type"] == Visit.__record_type__:
        note(session, payload["event_id"], f"{payload['clock']} {payload['kind']}")


@hookimpl
def on_event(session, payload):
    """Note an event that a plugin has sent, this one or another."""
    if payload["record_type"] == Visit.__record_type__:
        note(session, payload["event_id"], f"{payload['number']} {payload['event']}")
