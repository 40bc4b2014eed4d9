"""What the core contributes for the information about customers; the hooks list it."""

from __future__ import annotations

from app.admin import investments, loan_watch
from app.admin.customers import CustomerApi, LoanApi
from app.admin.demo import collection, contacts, information
from app.admin.loan_watch import StatusFileView
from app.admin.personal_copies.jobs import JOBS as COPY_JOBS
from app.admin.tiers import ServiceTierView
from app.admin.verification import CustomerRulesView, VerificationView
from app.customers import initial_lists
from app.customers.contacts import SETTINGS as CONTACT_SETTINGS
from app.customers.models import Membership
from app.customers.privacy.copying import PERMISSION, VIEW
from app.customers.profile_settings import SETTINGS as PROFILE_SETTINGS
from app.customers.recalculation import JOBS as RECALCULATION_JOBS
from app.customers.repayment import STATUS_IMPORTER
from app.customers.verification_models import DocumentKind
from app.sdk import (
    N_,
    Api,
    DemoData,
    DictionaryList,
    Permissions,
    RoleGrant,
    Screen,
    Settings,
    ShippedData,
)

_READ = ("can_list", "can_show")
_ACTS = ("can_verify", "can_review")

SCREENS = (
    Screen(view=VerificationView, label=N_("Verifications"), category="customers",
           icon="rosette-discount-check", order=50),
    Screen(view=ServiceTierView, label=N_("Service tiers"), category="customers", icon="crown",
           order=88, administration=True),
    Screen(view=CustomerRulesView, label=N_("Rules of customer information"),
           category="customers", icon="list-check", order=89, permission="can_edit",
           administration=True),
    *investments.SCREENS,
    Screen(view=StatusFileView, label=N_("Status files"), category="customers",
           icon="file-import", order=90, administration=True),
)
RECORD_TYPES = investments.RECORD_TYPES
IMPORTERS = (STATUS_IMPORTER,)
APIS = (Api(view=CustomerApi), Api(view=LoanApi), *investments.APIS)
PERMISSIONS = (
    Permissions(view="core.Customer", names=(*_ACTS, PERMISSION),
                words={"can_verify": N_("Verify information"),
                       "can_review": N_("Note a review"),
                       PERMISSION: N_("Make the copy of all data that a person asks for")}),
)
GRANTS = (
    *(RoleGrant(role=role, view="core.Verification", names=_READ)
      for role in ("agent", "supervisor", "leader")),
    RoleGrant(role="supervisor", view="core.Verification", names=("can_export",)),
    *(RoleGrant(role="supervisor", view=view, names=_READ)
      for view in ("core.ServiceTier", "core.StatusFile")),
    *(RoleGrant(role=role, view="core.Customer", names=_ACTS) for role in ("agent", "supervisor")),
    RoleGrant(role="supervisor", view=VIEW, names=(PERMISSION,)),
)
DICTIONARIES = (
    DictionaryList(model=DocumentKind, title=N_("Documents for verification"),
                   view="core.DocumentKind", icon="file-certificate", order=30),
    DictionaryList(model=Membership, title=N_("Levels of membership"), view="core.Membership",
                   icon="id-badge-2", order=40),
)
JOBS = (*COPY_JOBS, *RECALCULATION_JOBS, *investments.SCHEDULES, *loan_watch.SCHEDULES)
DEMO_DATA = (
    # Before there are customers: nothing has to be worked out again.
    DemoData(name="core.collection_template", load=collection.load_fields, order=9),
    DemoData(name="core.collection", load=collection.load, order=11),
    DemoData(name="core.information", load=information.load, order=12),
    DemoData(name="core.information_in_calls", load=information.load_calls, order=13),
    # After the callbacks of the past: what somebody does not want today was no matter then.
    DemoData(name="core.contacts", load=contacts.load, order=90),
)
SETTINGS = (Settings(form=CONTACT_SETTINGS), Settings(form=PROFILE_SETTINGS))
SHIPPED = (ShippedData(name="core.customer_lists", load=initial_lists.load),)
