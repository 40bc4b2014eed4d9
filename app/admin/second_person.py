"""What the core contributes through hooks for acts on customers that need a second person, and for
merges of customers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.admin.change_requests import (
    ChangeRequestView,
    ChangeRulesView,
    notify_of_request,
    requests_waiting,
)
from app.admin.demo import changes, privacy
from app.admin.erasure import JOBS as ERASURE_JOBS
from app.admin.erasure import SCHEDULES as ERASURE_SCHEDULES
from app.admin.erasure import ErasureRequestView, erasures_waiting, notify_of_erasure
from app.admin.merging import CustomerMergeView
from app.admin.retention import LegalHoldView
from app.customers.changes.models import ChangeRequest
from app.customers.changes.operations import ChangeRequestOperations
from app.customers.changes.rules import DECIDE
from app.customers.changes.rules import SETTINGS as CHANGE_SETTINGS
from app.customers.changes.rules import VIEW as REQUESTS
from app.customers.merging.operations import MERGE
from app.customers.merging.operations import VIEW as MERGES
from app.customers.privacy.models import ErasureRequest
from app.customers.privacy.requests import VIEW as ERASURES
from app.customers.privacy.requests import ErasureRequestOperations
from app.sdk import N_, DemoData, Permissions, RecordType, RoleGrant, Screen, Settings

_READ = ("can_list", "can_show")
_REQUESTS = frozenset({ChangeRequest.__record_type__, ErasureRequest.__record_type__})

RECORD_TYPES = (
    RecordType(model=ChangeRequest, label=N_("Change request"), label_plural=N_("Change requests"),
               view=REQUESTS, endpoint="ChangeRequestView.show", icon="file-diff",
               operations=ChangeRequestOperations),
    RecordType(model=ErasureRequest, label=N_("Erasure request"),
               label_plural=N_("Erasure requests"), view=ERASURES,
               endpoint="ErasureRequestView.show", icon="user-x",
               operations=ErasureRequestOperations),
)
SCREENS = (
    Screen(view=ChangeRequestView, label=N_("Change requests"), category="customers",
           icon="file-diff", order=50, waiting=requests_waiting),
    Screen(view=ErasureRequestView, label=N_("Erasure requests"), category="customers",
           icon="user-x", order=52, waiting=erasures_waiting),
    Screen(view=LegalHoldView, label=N_("Legal holds"), category="customers", icon="gavel",
           order=53),
    Screen(view=CustomerMergeView, label=N_("Duplicate customers"), category="customers",
           icon="users-group", order=55),
    Screen(view=ChangeRulesView, label=N_("Protected customer data"), category="customers",
           icon="lock", order=91, administration=True),
)
PERMISSIONS = (
    Permissions(view=REQUESTS, names=(DECIDE,), label=N_("Change requests"),
                words={DECIDE: N_("Decide on changes of customer data")}),
    Permissions(view=ERASURES, names=(DECIDE,), label=N_("Erasure requests"),
                words={DECIDE: N_("Decide on the erasure of customers")}),
    Permissions(view="core.Customer", names=("can_erase", "can_hold"),
                words={"can_erase": N_("Ask for the erasure of customers"),
                       "can_hold": N_("Place and lift legal holds")}),
)
GRANTS = (
    *(RoleGrant(role=role, view=REQUESTS, names=(*_READ, "can_comment"))
      for role in ("agent", "supervisor")),
    RoleGrant(role="supervisor", view=REQUESTS, names=(DECIDE, "can_reveal", "can_export")),
    RoleGrant(role="leader", view=REQUESTS, names=_READ),
    # A supervisor asks; who decides and who holds is for the house to say, admins apart.
    RoleGrant(role="supervisor", view="core.Customer", names=("can_erase",)),
    RoleGrant(role="supervisor", view=ERASURES, names=_READ),
    RoleGrant(role="supervisor", view=MERGES, names=("can_list", MERGE)),
)
DEMO_DATA = (DemoData(name="core.changes", load=changes.load, order=11),
             # After all work: nothing may be open of whom an erasure is asked for.
             DemoData(name="core.privacy", load=privacy.load, order=95))
SETTINGS = (Settings(form=CHANGE_SETTINGS),)
JOBS = (*ERASURE_JOBS, *ERASURE_SCHEDULES)


def concerns_second_person(payload: Mapping[str, Any]) -> bool:
    """Return whether what was saved waits for a second person, or was decided by one.

    Args:
        payload: payload of ``on_record_saved``.
    """
    return payload["record_type"] in _REQUESTS and "status" in payload["fields"]


def notify_second_person(session: Session, payload: Mapping[str, Any]) -> None:
    """Tell those who may decide that something waits for them, and its maker of the decision.

    Args:
        session: inside of a writing block.
        payload: payload of ``on_record_saved``.
    """
    notify_of_request(session, payload)
    notify_of_erasure(session, payload)
