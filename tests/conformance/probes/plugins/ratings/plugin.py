"""What the plugin contributes; hooks only."""

from __future__ import annotations

from plugins.ratings import questions
from plugins.ratings.models import Rating
from plugins.ratings.operations import VIEW, RatingOperations
from plugins.ratings.views import RatingApi, RatingView

from app.sdk import (
    N_,
    Api,
    Category,
    RecordType,
    RoleGrant,
    Screen,
    ShippedData,
    hookimpl,
)


@hookimpl
def register_models():
    """All tables."""
    return [Rating]


@hookimpl
def register_record_types():
    """Ratings take part in files, history and the timeline of a customer."""
    return [RecordType(model=Rating, label=N_("Rating"), label_plural=N_("Ratings"), view=VIEW,
                       endpoint="RatingView.show", operations=RatingOperations)]


@hookimpl
def register_categories():
    """The heading in the menu."""
    return [Category(name="ratings", label=N_("Ratings"), icon="list-check", group="people")]


@hookimpl
def register_screens():
    """The list and the record page."""
    return [Screen(view=RatingView, label=N_("Ratings"), category="ratings")]


@hookimpl
def register_apis():
    """The REST API."""
    return [Api(view=RatingApi)]


@hookimpl
def register_role_grants():
    """Agents ask and inspect."""
    return [RoleGrant(role=role, view=VIEW, names=("can_list", "can_show", "can_add", "can_edit"))
            for role in ("agent", "supervisor")]


@hookimpl
def register_shipped_data():
    """The questions to begin with."""
    return [ShippedData(name="ratings.questions", load=questions.load)]
