"""Imports every table of the core, so that mappers and metadata are complete, and the operations
that tables of a workflow have by default. Counting listens to sessions from here on.
"""

from __future__ import annotations

import flask_appbuilder.security.sqla.models

import app.access.models
import app.customers.changes.models
import app.customers.contact_models
import app.customers.event_models
import app.customers.merging.models
import app.customers.models
import app.customers.privacy.models
import app.customers.verification_models
import app.deadlines.models
import app.forms.models
import app.host.models
import app.jobs.models
import app.metrics.counting
import app.metrics.models
import app.notices.models
import app.people.models
import app.records.importing.models
import app.records.models
import app.screens.models
import app.settings.models
import app.workflow.models
import app.workflow.operations

__all__ = ["app", "flask_appbuilder"]
