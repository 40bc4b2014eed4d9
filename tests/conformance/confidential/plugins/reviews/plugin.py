"""What the plugin contributes."""

from __future__ import annotations

from plugins.reviews.models import Letter, Reader, Review
from plugins.reviews.views import LetterView, ReviewApi, ReviewView

from app.sdk import N_, Api, Panel, RecordType, RoleGrant, Screen, hookimpl
from app.sdk.services import Scope

_WORK = ("can_list", "can_show", "can_add", "can_edit", "can_comment", "can_export")


@hookimpl
def register_models():
    """All tables."""
    return [Review, Reader, Letter]


@hookimpl
def register_record_types():
    """Reviews and letters."""
    return [
        RecordType(model=Review, label=N_("Review"), label_plural=N_("Reviews"),
                   view="reviews.Review", endpoint="ReviewView.show"),
        RecordType(model=Letter, label=N_("Letter"), label_plural=N_("Letters"),
                   view="reviews.Letter", endpoint="LetterView.show"),
    ]


@hookimpl
def register_screens():
    """Reviews and letters."""
    return [Screen(view=ReviewView), Screen(view=LetterView)]


@hookimpl
def register_apis():
    """Reviews over REST."""
    return [Api(view=ReviewApi)]


@hookimpl
def register_panels():
    """Reviews of a customer, on the customer's page."""
    return [Panel(record_type="customers.customer", title=N_("Reviews"), view="reviews.Review",
                  rows_of=Review)]


@hookimpl
def register_role_grants():
    """The role of human resources reads all reviews; the others only those they take part in."""
    return [
        RoleGrant(role="hr", view="reviews.Review", names=_WORK, reach=Scope.ALL),
        RoleGrant(role="supervisor", view="reviews.Review", names=_WORK),
        RoleGrant(role="agent", view="reviews.Review", names=_WORK),
    ]
