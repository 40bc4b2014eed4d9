"""What a row of a file of complaints says."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any

from app.sdk.importing import CUSTOM_PREFIX, ImportRow
from plugins.complaints.import_course import course_of, has_course, is_done
from plugins.complaints.import_fields import CFPB, OPEN, REPORT_FIELDS
from plugins.complaints.services import subject_of

# The register tells the day; noon keeps it the same day wherever it is looked at.
_NOON_UTC = dt.time(4, 0)
ZONE_OF_NOON = dt.timezone(dt.timedelta(hours=8))
_IN_PROGRESS = "In progress"


# Of what a row without a number is known again.
# Not the phone: it is encrypted, and tried out it could be found from a number made of it.
_TELLING = ("received_on", "customer_name", "subject", "reason", "demand", "product", "issue")
_MADE = "row-"


def complete(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the values of a row with day and time of receipt apart and with an external number.

    The number is made of what the row says if it has none.

    A department's own register seldom numbers its complaints, or numbers each sheet from one. The
    same row read twice has the same number; a row that tells something else is another complaint.

    Args:
        values: values of the row by field.
    """
    received = values["received_on"]
    if isinstance(received, dt.datetime):
        at = received.astimezone(dt.UTC)
        values = {**values, "received_on": received.date(), "received_at": at}
    if values.get("external_id"):
        return values
    told = "\x1f".join(str(values.get(name) or "") for name in _TELLING)
    digest = hashlib.blake2b(told.encode(), digest_size=10).hexdigest()
    return {**values, "external_id": _MADE + digest}


def is_register(row: ImportRow) -> bool:
    """Return whether a row comes from the register and not from a department."""
    return row.values.get("source") == CFPB


def is_open(row: ImportRow) -> bool:
    """Return whether there is still something to be done about a row."""
    done = is_done(row)
    if done is not None:
        return not done
    if row.values.get("standing"):
        return row.values["standing"] == OPEN
    if "response" in row.values:
        return row.values["response"] in (None, "", _IN_PROGRESS)
    return not is_register(row)


def begins(row: ImportRow) -> bool:
    """Return whether a row becomes work of this house."""
    return is_open(row) and not is_register(row) and not has_course(row)


Keys = Mapping[str, Mapping[str, int | None]]
"""Keys by what a file writes, by field: those of ``REFERRING``."""

# Fields whose text names a row of a table, with the column that holds its key.
REFERRING = {"channel": "channel_id", "category": "category_id", "owner": "owner_id",
             "responsible": "responsible_department_id"}


def columns_of(row: ImportRow, keys: Keys) -> dict[str, Any]:
    """Return the columns of the complaint that a row fills; fields without a column stay out.

    Args:
        row: a checked row.
        keys: what the texts of its referring fields name.
    """
    values = row.values
    columns: dict[str, Any] = {
        name: values[name] or ""
        for name in ("customer_name", "contact", "reason", "demand", "product", "sub_product",
                     "issue", "sub_issue", "region")
        if name in values
    }
    columns["received_at"] = values.get("received_at") or dt.datetime.combine(
        values["received_on"], _NOON_UTC, dt.UTC)
    columns |= {column: keys[field][values[field]] for field, column in REFERRING.items()
                if values.get(field)}
    columns |= {name: values[name] for name in ("severity", "result") if values.get(name)}
    columns |= course_of(row, _NOON_UTC)
    columns |= custom_of(values)
    subject = values.get("subject") or values.get("issue") or subject_of(values.get("reason") or "")
    subject = subject or subject_of(values.get("demand") or "") or values.get("customer_name")
    columns["subject"] = (subject or values["external_id"])[:200]
    return columns


def custom_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of custom fields among those of a row, by key."""
    return {name: value for name, value in values.items() if name.startswith(CUSTOM_PREFIX)}


def report_of(row: ImportRow) -> dict[str, Any]:
    """Return what a row tells of the answer that the customer got."""
    return {
        name: row.values[name] if name == "sent_on" else row.values[name] or ""
        for name in REPORT_FIELDS if name in row.values
    }
