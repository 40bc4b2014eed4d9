"""What the tables are called that hold something of a customer."""

from __future__ import annotations

from app.host.host import current_host
from app.sdk import N_

_TITLES = {
    "records_comment": N_("Comments"), "records_file": N_("Attachments"),
    "records_link": N_("Links"), "records_timeline": N_("Timeline"),
    "customers_consent": N_("Consents"), "customers_do_not_contact": N_("Do not contact"),
    "customers_contact": N_("Log of contacts"), "workflow_log": N_("Steps"),
    "deadlines_clock": N_("Deadlines"),
}


def table_title(name: str) -> str:
    """Return what the rows of a table are called, as a message id; empty where nothing says so.

    Args:
        name: of the table.
    """
    kinds = {kind.model.__tablename__: kind.label_plural for kind in current_host().record_types()}
    return kinds.get(name) or _TITLES.get(name, "")
