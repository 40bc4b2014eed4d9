"""What a row of a file of complaints says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from app.sdk.importing import ImportRow
from plugins.complaints.import_fields import CFPB, OPEN, REPORT_FIELDS
from plugins.complaints.services import subject_of

# The register tells the day; noon keeps it the same day wherever it is looked at.
_NOON_UTC = dt.time(4, 0)
ZONE_OF_NOON = dt.timezone(dt.timedelta(hours=8))
_IN_PROGRESS = "In progress"


def is_register(row: ImportRow) -> bool:
    """Return whether a row comes from the register and not from a department."""
    return row.values.get("source") == CFPB


def is_open(row: ImportRow) -> bool:
    """Return whether there is still something to be done about a row."""
    if row.values.get("standing"):
        return row.values["standing"] == OPEN
    if "response" in row.values:
        return row.values["response"] in (None, "", _IN_PROGRESS)
    return not is_register(row)


def begins(row: ImportRow) -> bool:
    """Return whether a row becomes work of this house."""
    return is_open(row) and not is_register(row)


def columns_of(row: ImportRow, channels: Mapping[str, int]) -> dict[str, Any]:
    """Return the columns of the complaint that a row fills; fields without a column stay out."""
    values = row.values
    columns: dict[str, Any] = {
        name: values[name] or ""
        for name in ("customer_name", "contact", "reason", "demand", "product", "sub_product",
                     "issue", "sub_issue", "region")
        if name in values
    }
    columns["received_at"] = dt.datetime.combine(values["received_on"], _NOON_UTC, dt.UTC)
    if values.get("channel"):
        columns["channel_id"] = channels[values["channel"]]
    subject = values.get("subject") or values.get("issue") or subject_of(values.get("reason") or "")
    columns["subject"] = (subject or values["external_id"])[:200]
    return columns


def report_of(row: ImportRow) -> dict[str, Any]:
    """Return what a row tells of the answer that the customer got."""
    return {
        name: row.values[name] if name == "sent_on" else row.values[name] or ""
        for name in REPORT_FIELDS if name in row.values
    }
