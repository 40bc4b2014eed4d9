"""What the loans plugin contributes; hooks only."""

from __future__ import annotations

from app.sdk import (
    N_,
    Api,
    Category,
    DemoData,
    DictionaryList,
    Permissions,
    Policies,
    RecordType,
    RoleGrant,
    Screen,
    Settings,
    ShippedData,
    WorkflowBinding,
    hookimpl,
)
from app.sdk.customers import unfinished_work
from app.sdk.services import own_open
from plugins.loans import access, collaboration, demo, initial_data
from plugins.loans.applications import guards_and_effects
from plugins.loans.applications.operations import ApplicationOperations
from plugins.loans.applications.views import ApplicationApi, ApplicationView
from plugins.loans.applications.workflow import POLICY, WORKFLOW
from plugins.loans.cards import CARDS
from plugins.loans.jobs import JOBS
from plugins.loans.metrics import METRICS, SERVED
from plugins.loans.models import (
    MODELS,
    LoanApplication,
    LoanDocumentKind,
    LoanProduct,
    Problem,
    RefusalReason,
    Requirement,
)
from plugins.loans.problems.operations import EFFECTS as PROBLEM_EFFECTS
from plugins.loans.problems.operations import ProblemOperations
from plugins.loans.problems.views import ProblemView
from plugins.loans.problems.workflow import WORKFLOW as PROBLEM_WORKFLOW
from plugins.loans.products.operations import ProductOperations, RequirementOperations
from plugins.loans.products.views import (
    ProductApi,
    ProductView,
    RefusalReasonView,
    RequirementView,
)
from plugins.loans.settings import SETTINGS

READ = ("can_list", "can_show")
WORK = ("can_add", "can_edit", "can_comment")
LISTS = (access.PRODUCT, access.REQUIREMENT, access.REASON)


@hookimpl
def register_models():
    """All tables."""
    return MODELS


@hookimpl
def register_categories():
    """The heading of the screens."""
    return [Category(name="loans", label=N_("Loan applications"), icon="cash-banknote", order=15,
                     group="casework")]


@hookimpl
def register_record_types():
    """Applications, problems with approvers, products and what they ask for."""
    return [
        RecordType(model=LoanApplication, operations=ApplicationOperations,
                   label=N_("Loan application"), label_plural=N_("Loan applications"),
                   view=access.APPLICATION, endpoint="ApplicationView.show",
                   icon="cash-banknote"),
        RecordType(model=Problem, operations=ProblemOperations,
                   label=N_("Problem with approvers"), label_plural=N_("Problems with approvers"),
                   view=access.PROBLEM, endpoint="ProblemView.show", icon="alert-circle"),
        RecordType(model=LoanProduct, operations=ProductOperations, label=N_("Loan product"),
                   label_plural=N_("Loan products"), view=access.PRODUCT,
                   endpoint="ProductView.show", icon="package"),
        RecordType(model=Requirement, operations=RequirementOperations,
                   label=N_("Document of a product"), label_plural=N_("Documents of products"),
                   view=access.REQUIREMENT, endpoint="RequirementView.show",
                   icon="file-certificate"),
    ]


@hookimpl
def register_permissions():
    """Rights that no screen declares by itself."""
    words = {"can_review": N_("Carry out the first review"), "can_approve": N_("Approve"),
             "can_statistics": N_("See the statistics"), "can_reassign": N_("Reassign")}
    return [Permissions(view=access.APPLICATION, names=("can_import", *words), words=words)]


@hookimpl
def register_screens():
    """Applications first; products and lists beside them."""
    return [
        Screen(view=ApplicationView, label=N_("Loan applications"), category="loans",
               icon="cash-banknote", order=10, waiting=own_open(LoanApplication)),
        Screen(view=ProblemView, label=N_("Approval problems"), category="loans",
               icon="alert-circle", order=20),
        Screen(view=ProductView, label=N_("Loan products"), category="loans", icon="package",
               order=40, administration=True),
        Screen(view=RequirementView, label=N_("Documents of products"), category="loans",
               icon="file-certificate", order=50, administration=True),
        Screen(view=RefusalReasonView, label=N_("Reasons of refusal"), category="loans",
               icon="message-x", order=60, administration=True),
    ]


@hookimpl
def register_dictionaries():
    """What customers hand in, and why some get no loan."""
    return [DictionaryList(model=LoanDocumentKind, title=N_("Documents of loan applications"),
                           view=access.DOCUMENT_KIND, icon="files", order=10),
            DictionaryList(model=RefusalReason, title=N_("Reasons of refusal"),
                           view=access.REASON, icon="message-x", order=20)]


@hookimpl
def register_apis():
    """Applications and products over REST."""
    return [Api(view=ApplicationApi), Api(view=ProductApi)]


@hookimpl
def register_role_grants():
    """What the ready-made roles may do with applications."""
    problem = access.PROBLEM
    return [
        RoleGrant(role="agent", view=access.APPLICATION, names=(*READ, *WORK, "can_review")),
        RoleGrant(role="agent", view=problem, names=(*READ, *WORK)),
        RoleGrant(role="supervisor", view=access.APPLICATION, names=(
            *READ, *WORK, "can_review", "can_delete", "can_export", "can_import", "can_reassign",
            "can_reveal", "can_statistics")),
        RoleGrant(role="supervisor", view=problem,
                  names=(*READ, *WORK, "can_delete", "can_export")),
        # Who approves is said by the post; the right alone approves nothing.
        RoleGrant(role="leader", view=access.APPLICATION, names=(
            *READ, "can_comment", "can_export", "can_approve", "can_reveal", "can_statistics")),
        RoleGrant(role="leader", view=problem, names=(*READ, "can_comment", "can_edit")),
        *(RoleGrant(role=role, view=view, names=READ)
          for role in ("agent", "supervisor", "leader") for view in LISTS),
        RoleGrant(role="supervisor", view=access.DOCUMENT_KIND, names=("can_list",)),
    ]


@hookimpl
def register_workflows():
    """The way of an application, and of a problem with approvers."""
    return [
        WorkflowBinding(model=LoanApplication, workflow=WORKFLOW, guards=guards_and_effects.GUARDS,
                        effects=guards_and_effects.EFFECTS),
        WorkflowBinding(model=Problem, workflow=PROBLEM_WORKFLOW, effects=PROBLEM_EFFECTS),
    ]


@hookimpl
def register_deadline_policies():
    """First review, follow-up, decision and telling in time."""
    return [Policies(record_type=LoanApplication.__record_type__, policies=(POLICY,))]


@hookimpl
def register_panels():
    """Applications of a customer, what the customer has to bring, the course of an approval."""
    return collaboration.PANELS


@hookimpl
def register_abilities():
    """Taking in an application out of whatever somebody works on."""
    return collaboration.ABILITIES


@hookimpl
def register_events():
    """A customer was told the result."""
    return collaboration.EVENTS


@hookimpl
def register_record_chips():
    """What a customer still has to bring; the tier of an application's customer."""
    return collaboration.CHIPS


@hookimpl
def register_record_actions():
    """An application is taken in on the page of a customer."""
    return collaboration.ACTIONS


@hookimpl
def register_timeline():
    """Applications are on the timeline of their customer."""
    return collaboration.TIMELINE


@hookimpl
def register_settings():
    """Approval department, another reviewer, reminders."""
    return [Settings(form=SETTINGS)]


@hookimpl
def register_shipped_data():
    """Products with their documents, and reasons of refusal."""
    return [ShippedData(name="loans.lists", load=initial_data.load)]


@hookimpl
def register_demo_data():
    """Applications in every state."""
    return [DemoData(name="loans.applications", load=demo.load, order=55)]


@hookimpl
def register_cards():
    """What to do next."""
    return CARDS


@hookimpl
def register_served():
    """Customers who applied for a loan."""
    return SERVED


@hookimpl
def register_metrics():
    """What is counted as applications change."""
    return METRICS


@hookimpl
def register_jobs():
    """Reminders, promises, overdue problems, deputies of approvers."""
    return JOBS


@hookimpl
def check_delete(session, record):
    """A customer whose loan application is under way is not deleted."""
    return unfinished_work(session, record, LoanApplication)
