"""What the core contributes through its own hooks."""

from __future__ import annotations

from flask_appbuilder.security.sqla.models import Role, User

from app.admin import company, customers_served, people_operations, record_events, second_person
from app.admin import profile_contributions as profile
from app.admin.access.accounts import UserView
from app.admin.access.matrix import MatrixView
from app.admin.access.operations import AccountOperations, RoleOperations
from app.admin.access.roles import RoleView
from app.admin.access.why import WhyView
from app.admin.announcements import AnnouncementView
from app.admin.audit import AuditView, OperationLogView, SignInLogView
from app.admin.cards import CARDS
from app.admin.collaboration import ABILITIES, LINK_KINDS
from app.admin.contacts import ConsentView, ContactRulesView, ContactView, DoNotContactView
from app.admin.core_schedules import SCHEDULES
from app.admin.customer_events import (
    EVENTS,
    CustomerEventApi,
    CustomerEventOperations,
    CustomerEventView,
)
from app.admin.customers import CustomerView, LoanView, VehicleView
from app.admin.deadlines import JOBS as DEADLINE_JOBS
from app.admin.deadlines import DeadlinesView
from app.admin.demo import absences as demo_absences
from app.admin.demo import customers as demo_customers
from app.admin.demo import people as demo_people
from app.admin.dictionaries import DictionariesView
from app.admin.directory import PeopleView
from app.admin.fields import FieldsView
from app.admin.form_operations import BY_MODEL as FORM_TABLES
from app.admin.forms import FormsView
from app.admin.import_withdrawals import ImportWithdrawalsView
from app.admin.imports import ImportsView
from app.admin.jobs import JobsView
from app.admin.loan_watch import EVENTS as LOAN_EVENTS
from app.admin.loan_watch import LoanOperations, follow_up
from app.admin.menu_groups import CATEGORIES
from app.admin.people import (
    AbsenceView,
    AttendanceView,
    BranchView,
    DepartmentView,
    PostHolderView,
    StaffView,
    TeamView,
)
from app.admin.plugins import PluginsView
from app.admin.policies import JOBS as POLICY_JOBS
from app.admin.policies import PoliciesView
from app.admin.share_outs import ShareOutView
from app.admin.styleguide import StyleguideView
from app.admin.system import SystemView
from app.admin.verified_customers import VERIFIED_EVENT, VerifiedCustomerOperations
from app.admin.workflows import WorkflowsView
from app.collaboration.timeline import feed_on_event, feed_on_transition
from app.customers.event_models import CustomerEvent
from app.customers.metrics import METRICS as CUSTOMER_METRICS
from app.customers.models import Customer, Loan, Vehicle
from app.customers.operations import VehicleOperations
from app.customers.privacy.holds import refuse_deletion
from app.customers.table_operations import BY_MODEL as CUSTOMER_TABLES
from app.notices.events import notify_on_comment, notify_on_deadline, notify_on_transition
from app.notices.external_channels import NOTICE_JOBS
from app.people import initial_posts
from app.people.models import Post, Skill
from app.records.custom_fields.indexing import JOBS as FIELD_JOBS
from app.records.importing.services import JOBS as IMPORT_JOBS
from app.records.importing.withdrawals import WITHDRAWAL_JOBS
from app.records.search.renewing import JOBS as RENEWAL_JOBS
from app.sdk import (
    N_,
    Api,
    DemoData,
    DictionaryList,
    Permissions,
    RecordType,
    RoleGrant,
    Screen,
    ShippedData,
    TableOperations,
    hookimpl,
    only_for,
)

READ = ("can_list", "can_show")
WRITE = ("can_add", "can_edit")
CUSTOMERS = ("core.Customer", "core.Vehicle", "core.Loan", "core.Investment",
             "core.CustomerEvent")
CONTACT_LISTS = ("core.Consent", "core.DoNotContact")
ORGANISATION = ("core.Department", "core.Team", "core.Branch", "core.Staff", "core.PostHolder",
                "core.Absence")
PEOPLE_LISTS = ("core.Post", "core.Skill")


@hookimpl
def register_categories():
    """Groups of the menu that plugins share, and subjects of the page Administration."""
    return CATEGORIES


@hookimpl
def register_record_types():
    """Customers, vehicles, loans and events of customers."""
    return [
        RecordType(model=Customer, label=N_("Customer"), label_plural=N_("Customers"),
                   view="core.Customer", endpoint="CustomerView.show", icon="user",
                   operations=VerifiedCustomerOperations),
        RecordType(model=Vehicle, label=N_("Vehicle"), label_plural=N_("Vehicles"),
                   view="core.Vehicle", endpoint="VehicleView.show", icon="car",
                   operations=VehicleOperations),
        RecordType(model=Loan, label=N_("Loan"), label_plural=N_("Loans"),
                   view="core.Loan", endpoint="LoanView.show", icon="cash-banknote",
                   operations=LoanOperations),
        *profile.RECORD_TYPES,
        RecordType(model=CustomerEvent, label=N_("Customer event"),
                   label_plural=N_("Customer events"), view="core.CustomerEvent",
                   endpoint="CustomerEventView.show", icon="calendar-event",
                   operations=CustomerEventOperations),
        *second_person.RECORD_TYPES,
    ]


@hookimpl
def register_operations():
    """Accounts, roles, the tables of the organisation and of contacts with customers."""
    return [
        TableOperations(model=User, operations=AccountOperations),
        TableOperations(model=Role, operations=RoleOperations),
        *(TableOperations(model=model, operations=made)
          for model, made in {**people_operations.BY_MODEL, **CUSTOMER_TABLES,
                               **FORM_TABLES}.items()),
    ]


@hookimpl
def register_screens():
    """The core's screens."""
    return [
        Screen(view=CustomerView, label=N_("Customers"), category="customers", icon="user",
               order=10),
        Screen(view=VehicleView, label=N_("Vehicles"), category="customers", icon="car", order=20),
        Screen(view=LoanView, label=N_("Loans"), category="customers", icon="cash-banknote",
               order=30),
        Screen(view=CustomerEventView, label=N_("Customer events"), category="customers",
               icon="calendar-event", order=40),
        *second_person.SCREENS,
        Screen(view=ConsentView, label=N_("Consents"), category="customers", icon="checkbox",
               order=60),
        Screen(view=DoNotContactView, label=N_("Do not contact"), category="customers",
               icon="phone-off", order=61),
        Screen(view=ContactView, label=N_("Log of contacts"), category="customers",
               icon="phone-outgoing", order=62),
        *profile.SCREENS, *customers_served.SCREENS, *company.SCREENS,
        Screen(view=ContactRulesView, label=N_("Rules of contact"), category="customers",
               icon="clock-pause", order=90, administration=True),
        Screen(view=PeopleView, label=N_("People"), category="people", icon="users-group", order=5),
        Screen(view=DepartmentView, label=N_("Departments"), category="people", icon="sitemap",
               order=10),
        Screen(view=TeamView, label=N_("Teams"), category="people", icon="users", order=20),
        Screen(view=StaffView, label=N_("Staff"), category="people", icon="id-badge", order=30),
        Screen(view=BranchView, label=N_("Branches"), category="people", icon="building-store",
               order=25),
        Screen(view=PostHolderView, label=N_("Holders of posts"), category="people",
               icon="user-star", order=35),
        Screen(view=AbsenceView, label=N_("Absences"), category="people", icon="beach", order=40),
        Screen(view=AttendanceView, label=N_("Attendance"), category="people",
               icon="calendar-user", order=45),
        Screen(view=ShareOutView, label=N_("Share-out ledger"), category="people", icon="scale",
               order=50),
        Screen(view=UserView, label=N_("Accounts"), category="rights", icon="user-cog", order=10),
        Screen(view=RoleView, label=N_("Roles"), category="rights", icon="shield", order=20),
        Screen(view=WhyView, label=N_("Why can she see this?"), category="rights",
               icon="eye-question", order=22),
        Screen(view=MatrixView, label=N_("Permissions of roles"), category="rights",
               icon="table", order=22),
        Screen(view=WorkflowsView, label=N_("Workflows"), category="rules", icon="route",
               order=25),
        Screen(view=DeadlinesView, label=N_("Deadlines"), category="rules", icon="calendar-time",
               order=27),
        Screen(view=PoliciesView),
        Screen(view=FieldsView, label=N_("Custom fields"), category="rules", icon="forms",
               order=28),
        Screen(view=FormsView, label=N_("Forms with points"), category="rules",
               icon="list-check", order=28),
        Screen(view=DictionariesView, label=N_("Dictionaries"), category="rules",
               icon="vocabulary", order=29),
        Screen(view=ImportsView, label=N_("Imports"), category="data", icon="file-import",
               order=30),
        Screen(view=ImportWithdrawalsView),
        Screen(view=AnnouncementView, label=N_("Announcements"), category="data",
               icon="speakerphone", order=35),
        Screen(view=JobsView, label=N_("Jobs"), category="system", icon="clock-play", order=40),
        Screen(view=AuditView, label=N_("Audit trail"), category="system", icon="history",
               order=50),
        Screen(view=SignInLogView, label=N_("Sign-in log"), category="rights", icon="login-2",
               order=52),
        Screen(view=OperationLogView, label=N_("Operation log"), category="system",
               icon="list-details", order=54),
        Screen(view=PluginsView, label=N_("Plugins"), category="system", icon="puzzle", order=60),
        Screen(view=SystemView, label=N_("System health"), category="system", icon="heartbeat",
               order=70),
        Screen(view=StyleguideView, label=N_("Style guide"), category="system", icon="palette",
               order=80),
    ]


@hookimpl
def register_permissions():
    """Acts on customers' information; showing saved views to others; emptying recycle bins."""
    return [*profile.PERMISSIONS,
            Permissions(view="core.SavedViews", names=("can_share_views",),
                        label=N_("Saved views of lists")),
            Permissions(view="core.RecycleBin", names=("can_purge",), label=N_("Recycle bins"),
                        words={"can_purge": N_("Purge what was deleted")}),
            *second_person.PERMISSIONS]


@hookimpl
def register_role_grants():
    """What the ready-made roles may do with the core."""
    return [
        *(RoleGrant(role=role, view=view, names=(*READ, *WRITE, "can_comment"))
          for role in ("agent", "supervisor") for view in CUSTOMERS),
        *(RoleGrant(role="supervisor", view=view, names=("can_export", "can_import"))
          for view in CUSTOMERS),
        RoleGrant(role="supervisor", view="core.Customer", names=("can_reveal",)),
        *second_person.GRANTS,
        *(RoleGrant(role=role, view=view, names=(*READ, *WRITE))
          for role in ("agent", "supervisor") for view in CONTACT_LISTS),
        *(RoleGrant(role="supervisor", view=view, names=("can_export", "can_import"))
          for view in CONTACT_LISTS),
        RoleGrant(role="supervisor", view="core.DoNotContact", names=("can_delete",)),
        *profile.GRANTS,
        *(RoleGrant(role=role, view="core.Contact", names=READ)
          for role in ("agent", "supervisor", "leader")),
        *(RoleGrant(role="leader", view=view, names=READ) for view in CONTACT_LISTS),
        *(RoleGrant(role="leader", view=view, names=READ) for view in CUSTOMERS),
        *(RoleGrant(role=role, view=view, names=READ)
          for role in ("supervisor", "hr", "leader") for view in ORGANISATION),
        *(RoleGrant(role=role, view="core.Absence", names=WRITE)
          for role in ("supervisor", "hr", "leader")),
        *(RoleGrant(role="hr", view=view, names=(*WRITE, "can_import"))
          for view in ("core.Team", "core.Staff", "core.Branch", "core.PostHolder")),
        RoleGrant(role="hr", view="core.Attendance", names=(*READ, *WRITE, "can_import",
                                                            "can_delete")),
        *(RoleGrant(role="hr", view=view, names=("can_list", "can_edit")) for view in PEOPLE_LISTS),
        *(RoleGrant(role=role, view="core.ShareOuts", names=("can_list",))
          for role in ("supervisor", "leader")),
        RoleGrant(role="hr", view="core.Dictionaries", names=("can_list",)),
        RoleGrant(role="hr", view="core.Forms", names=("can_list", "can_edit")),
        RoleGrant(role="hr", view="core.Absence", names=("can_import",)),
        RoleGrant(role="hr", view="core.Imports", names=("can_list",)),
        *(RoleGrant(role=role, view="core.People", names=("can_list",))
          for role in ("supervisor", "hr", "leader")),
        RoleGrant(role="supervisor", view="core.Imports", names=("can_list",)),
        RoleGrant(role="supervisor", view="core.Dictionaries", names=("can_list",)),
        RoleGrant(role="supervisor", view="core.SavedViews", names=("can_share_views",)),
        # Everybody sees the jobs that they asked for themselves.
        *(RoleGrant(role=role, view="core.Jobs", names=("can_list",))
          for role in ("agent", "supervisor", "leader", "hr")),
    ]


@hookimpl
def register_dictionaries():
    """Posts and skills of people; lists about customers."""
    return [
        *profile.DICTIONARIES,
        DictionaryList(model=Post, title=N_("Posts"), view="core.Post", icon="id-badge", order=10),
        DictionaryList(model=Skill, title=N_("Skills"), view="core.Skill", icon="certificate",
                       order=20),
    ]


@hookimpl
def register_settings():
    """The rules of contact with customers, of their information, and of what is protected."""
    return [*profile.SETTINGS, *second_person.SETTINGS]


@hookimpl
def register_shipped_data():
    """Posts and values of the customers' lists to begin with."""
    return [ShippedData(name="core.posts", load=initial_posts.load), *profile.SHIPPED]


@hookimpl
def register_demo_data():
    """People first: everything else needs them."""
    return [
        DemoData(name="core.people", load=demo_people.load, order=0),
        DemoData(name="core.absences", load=demo_absences.load, order=5),
        DemoData(name="core.customers", load=demo_customers.load, order=10),
        *second_person.DEMO_DATA, *profile.DEMO_DATA,
    ]


@hookimpl
def register_served():
    """Customers with contact."""
    return customers_served.SERVED


@hookimpl
def register_metrics():
    """Items of customers' information that were verified."""
    return CUSTOMER_METRICS


@hookimpl
def register_cards():
    """Health, jobs and plugins for administrators; more time asked for; who is away."""
    return CARDS


@hookimpl
def register_abilities():
    """A note on a customer."""
    return ABILITIES


@hookimpl
def register_events():
    """What happened with a customer: sales contact, loss, delivery, workshop, verification."""
    return [*EVENTS, *LOAN_EVENTS, VERIFIED_EVENT]


@hookimpl
def register_importers():
    """Files that tell how loans are repaid."""
    return profile.IMPORTERS


@hookimpl
def register_apis():
    """Customers and their events over REST."""
    return [*profile.APIS, Api(view=CustomerEventApi)]


@hookimpl
def register_link_kinds():
    """Related records, and what came of a record."""
    return LINK_KINDS


@hookimpl
def register_jobs():
    """Imports, notices that leave the product, the sweep that warns of deadlines and escalates."""
    return [*FIELD_JOBS, *RENEWAL_JOBS, *IMPORT_JOBS, *WITHDRAWAL_JOBS, *DEADLINE_JOBS,
            *POLICY_JOBS, *NOTICE_JOBS, *profile.JOBS, *second_person.JOBS, *SCHEDULES]


@hookimpl
def check_delete(session, record):
    """Nothing of a customer on legal hold is deleted."""
    return refuse_deletion(session, record)


@hookimpl
@only_for(*record_events.CONCERNS)
def on_record_saved(session, payload):
    """Tell those whom a record was given to, and who follow it; feed the customer's timeline."""
    record_events.after_saving(session, payload)


@hookimpl
def on_transition(session, payload):
    """Tell those who follow the record and who decide now; feed the customer's timeline."""
    notify_on_transition(session, payload)
    feed_on_transition(session, payload)


@hookimpl
def on_comment(session, payload):
    """Tell those whom a comment names, and those who follow the record."""
    notify_on_comment(session, payload)


@hookimpl
def on_deadline(session, payload):
    """Tell who works on the record, or whom the escalation names."""
    notify_on_deadline(session, payload)


@hookimpl
def on_event(session, payload):
    """Write on the timeline of the customer what an event of a plugin means."""
    feed_on_event(session, payload)
    follow_up(session, payload)
