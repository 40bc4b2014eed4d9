"""What an admin may set for weekly reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.sdk import N_
from app.sdk.workflow import Field, Form, Kind

SETTINGS = Form.of(
    "work",
    Field("roles", Kind.LONG_TEXT, N_("Roles that write weekly reports"), length=400,
          default="agent\nsupervisor",
          help=N_("Names of roles, one on each line. Whoever is led by nobody else writes none.")),
    Field("due_days", Kind.INTEGER, N_("Days from Monday to the day on which reports are due"),
          required=True, default=4, minimum=0, maximum=13,
          help=N_("4 is the Friday of the week, 7 the Monday after it.")),
    Field("due_hour", Kind.INTEGER, N_("Hour until which reports are due"), required=True,
          default=18, minimum=1, maximum=23),
    Field("figures", Kind.LONG_TEXT, N_("Figures of the week"), length=2000,
          default="callbacks.tried\ncallbacks.finished\nenquiries.received\n"
                  "complaints.resolved\ncomplaints.deadline_kept_rate\nwork.members_added",
          help=N_("Names of figures that count for a person and a period, one on each line; "
                  "those that are not there at present are left out.")),
)


def lines(values: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Return the lines of a setting, each once, without empty ones.

    Args:
        values: settings of the plugin.
        name: name of the field.
    """
    found = (line.strip() for line in (values[name] or "").splitlines())
    return tuple(dict.fromkeys(line for line in found if line))
