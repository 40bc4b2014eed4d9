"""What the appraisals plugin contributes; hooks only."""

from __future__ import annotations

from app.sdk import (
    N_,
    Api,
    Category,
    Permissions,
    RecordType,
    RoleGrant,
    Screen,
    Settings,
    ShippedData,
    hookimpl,
)
from app.sdk.services import Scope
from plugins.appraisals import access, ready_made
from plugins.appraisals.cards import CARDS
from plugins.appraisals.collaboration import RELEASED_EVENT
from plugins.appraisals.commands import appraisals_group
from plugins.appraisals.cycles.operations import CycleOperations, PostFormOperations
from plugins.appraisals.cycles.views import CycleApi, CycleView, PostFormView
from plugins.appraisals.jobs import JOBS
from plugins.appraisals.models import MODELS, Cycle, PostForm, Sheet
from plugins.appraisals.settings import SETTINGS
from plugins.appraisals.sheets.operations import SheetOperations
from plugins.appraisals.sheets.views import SheetApi, SheetView

READ = ("can_list", "can_show")
EVERYBODY = ("agent", "supervisor", "leader", "hr")


@hookimpl
def register_models():
    """All tables."""
    return MODELS


@hookimpl
def register_categories():
    """The heading of the screens."""
    return [Category(name="appraisals", label=N_("Appraisals"), icon="clipboard-list", order=45)]


@hookimpl
def register_record_types():
    """Sheets, cycles, forms of posts."""
    return [
        RecordType(model=Sheet, operations=SheetOperations, label=N_("Appraisal sheet"),
                   label_plural=N_("Appraisal sheets"), view=access.SHEET,
                   endpoint="SheetView.show", icon="clipboard-list"),
        RecordType(model=Cycle, operations=CycleOperations, label=N_("Appraisal cycle"),
                   label_plural=N_("Appraisal cycles"), view=access.CYCLE,
                   endpoint="CycleView.show", icon="calendar-repeat"),
        RecordType(model=PostForm, operations=PostFormOperations, label=N_("Form of a post"),
                   label_plural=N_("Forms and quotas of posts"), view=access.POST_FORM,
                   endpoint="PostFormView.show", icon="id-badge"),
    ]


@hookimpl
def register_permissions():
    """Rights that no screen declares by itself."""
    return [
        Permissions(view=access.SHEET, names=("can_manage",),
                    words={"can_manage": N_("Replace sheets and mark people as absent")}),
        Permissions(view=access.CYCLE, names=("can_manage",),
                    words={"can_manage": N_("Open and release cycles")}),
    ]


@hookimpl
def register_screens():
    """Sheets first, then what HR looks after."""
    return [
        Screen(view=SheetView, label=N_("Appraisal sheets"), category="appraisals",
               icon="clipboard-list", order=10),
        Screen(view=CycleView, label=N_("Appraisal cycles"), category="appraisals",
               icon="calendar-repeat", order=20),
        Screen(view=PostFormView, label=N_("Forms and quotas of posts"), category="appraisals",
               icon="id-badge", order=30),
    ]


@hookimpl
def register_apis():
    """Sheets and cycles over REST."""
    return [Api(view=SheetApi), Api(view=CycleApi)]


@hookimpl
def register_role_grants():
    """What the ready-made roles may do; which sheets they see hangs on the sheet alone."""
    return [
        *(RoleGrant(role=role, view=access.SHEET, names=(*READ, "can_fill", "can_comment"))
          for role in EVERYBODY),
        *(RoleGrant(role=role, view=access.CYCLE, names=READ) for role in EVERYBODY),
        RoleGrant(role="hr", view=access.SHEET, names=("can_manage", "can_export"),
                  reach=Scope.ALL),
        RoleGrant(role="hr", view=access.CYCLE,
                  names=("can_add", "can_edit", "can_delete", "can_manage", "can_export",
                         "can_comment")),
        RoleGrant(role="hr", view=access.POST_FORM,
                  names=(*READ, "can_add", "can_edit", "can_delete", "can_export",
                         "can_comment")),
    ]


@hookimpl
def register_workflows():
    """None: the steps of a sheet belong to people and posts, not to roles."""
    return []


@hookimpl
def register_events():
    """A sheet has been released."""
    return [RELEASED_EVENT]


@hookimpl
def register_settings():
    """Grades, the chain of signatures, reminders."""
    return [Settings(form=SETTINGS)]


@hookimpl
def register_shipped_data():
    """Both ready-made forms."""
    return [ShippedData(name="appraisals.forms", load=ready_made.load)]


@hookimpl
def register_cards():
    """What waits for a person."""
    return CARDS


@hookimpl
def register_jobs():
    """Cycles open, signatures are looked after."""
    return JOBS


@hookimpl
def register_commands():
    """``flask appraisals verify``."""
    return [appraisals_group]
