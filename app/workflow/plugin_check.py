"""Checks the workflows of a plugin while it is loaded, so that a faulty one is never in force."""

from __future__ import annotations

from app.host.faults import PluginFault
from app.host.loaded import LoadedPlugin
from app.i18n import N_
from app.workflow.checking import require_valid
from app.workflow.definition import WorkflowError
from app.workflow.publishing import surroundings_of


def workflow_fault(plugin: LoadedPlugin) -> PluginFault | None:
    """Return what is wrong with the workflows of a plugin, or ``None``.

    Roles are left unchecked: they are in the database, and ``flask deploy`` looks at them.

    Args:
        plugin: with its contributions.
    """
    for binding in plugin.contributions.get("register_workflows", []):
        try:
            require_valid(binding.workflow, surroundings_of(binding))
        except WorkflowError as error:
            return PluginFault(
                plugin.name, "workflow", N_("The workflow %(workflow)s is faulty."),
                {"workflow": binding.workflow.name}, str(error),
            )
    return None
