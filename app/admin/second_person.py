"""What changes of protected customer data, and merges of customers, contribute through hooks."""

from __future__ import annotations

from app.admin.change_requests import ChangeRequestView, ChangeRulesView, requests_waiting
from app.admin.merging import CustomerMergeView
from app.customers.changes.models import ChangeRequest
from app.customers.changes.operations import ChangeRequestOperations
from app.customers.changes.rules import DECIDE
from app.customers.changes.rules import VIEW as REQUESTS
from app.customers.merging.operations import MERGE
from app.customers.merging.operations import VIEW as MERGES
from app.sdk import N_, Permissions, RecordType, RoleGrant, Screen

_READ = ("can_list", "can_show")

RECORD_TYPES = (
    RecordType(model=ChangeRequest, label=N_("Change request"), label_plural=N_("Change requests"),
               view=REQUESTS, endpoint="ChangeRequestView.show", icon="file-diff",
               operations=ChangeRequestOperations),
)
SCREENS = (
    Screen(view=ChangeRequestView, label=N_("Change requests"), category="customers",
           icon="file-diff", order=50, waiting=requests_waiting),
    Screen(view=CustomerMergeView, label=N_("Duplicate customers"), category="customers",
           icon="users-group", order=55),
    Screen(view=ChangeRulesView, label=N_("Protected customer data"), category="customers",
           icon="lock", order=91, administration=True),
)
PERMISSIONS = (
    Permissions(view=REQUESTS, names=(DECIDE,), label=N_("Change requests"),
                words={DECIDE: N_("Decide on changes of customer data")}),
)
GRANTS = (
    *(RoleGrant(role=role, view=REQUESTS, names=(*_READ, "can_comment"))
      for role in ("agent", "supervisor")),
    RoleGrant(role="supervisor", view=REQUESTS, names=(DECIDE, "can_reveal", "can_export")),
    RoleGrant(role="leader", view=REQUESTS, names=_READ),
    RoleGrant(role="supervisor", view=MERGES, names=("can_list", MERGE)),
)
