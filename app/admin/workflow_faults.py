"""Faults of a workflow in words: labels stand where the check has names."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext

from app.admin.access.grants import permission_label, screen_labels
from app.screens.records.relation_labels import role_label
from app.sdk.screens import translated
from app.sdk.workflow import Workflow
from app.workflow.checking import WAYS_BETWEEN


def fault_in_words(fault: Any, workflow: Workflow) -> str:
    """Return a fault of a workflow in the language of the page, with labels for names.

    Args:
        fault: ``Message`` of ``app.workflow.checking`` or ``app.workflow.overrides``.
        workflow: the workflow as shipped.
    """
    labels = {one.name: translated(one.label)
              for one in (*workflow.states, *workflow.transitions)}
    screens = screen_labels()

    def ways(names: str) -> str:
        return WAYS_BETWEEN.join(labels.get(name, name) for name in names.split(WAYS_BETWEEN))

    words = {
        "role": role_label, "permission": permission_label,
        "view": lambda name: screens.get(name, name), "code": str,
        "ways": ways,
    }
    return gettext(fault.msgid, **{
        key: words[key](value) if key in words else labels.get(value, value)
        for key, value in fault.params.items()
    })
