"""What the appraisals plugin contributes; hooks only."""

from __future__ import annotations

from app.sdk import (
    N_,
    Api,
    Category,
    DemoData,
    Permissions,
    RecordType,
    RoleGrant,
    Screen,
    Settings,
    ShippedData,
    WorkflowBinding,
    hookimpl,
)
from app.sdk.people import holders_of
from app.sdk.services import Scope
from plugins.appraisals import access, demo, ready_made
from plugins.appraisals.bonus.operations import BonusTableOperations
from plugins.appraisals.bonus.views import BonusView
from plugins.appraisals.cards import CARDS
from plugins.appraisals.collaboration import RELEASED_EVENT
from plugins.appraisals.commands import appraisals_group
from plugins.appraisals.consequences import services as consequences
from plugins.appraisals.consequences.operations import (
    EFFECTS,
    ConsequenceOperations,
    StreakRuleOperations,
)
from plugins.appraisals.consequences.views import ConsequenceView, StreakRuleView
from plugins.appraisals.consequences.workflow import WORKFLOW
from plugins.appraisals.cycles.operations import CycleOperations, PostFormOperations
from plugins.appraisals.cycles.views import CycleApi, CycleView, PostFormView
from plugins.appraisals.jobs import JOBS
from plugins.appraisals.models import (
    MODELS,
    BonusTable,
    Consequence,
    Cycle,
    PostForm,
    Referral,
    Sheet,
    StreakRuleRow,
    YearRule,
)
from plugins.appraisals.referrals import operations as referrals
from plugins.appraisals.referrals.views import ReferralView
from plugins.appraisals.referrals.workflow import WORKFLOW as REFERRAL_WORKFLOW
from plugins.appraisals.rules.chain import POSTS
from plugins.appraisals.settings import SETTINGS
from plugins.appraisals.sheets.operations import SheetOperations
from plugins.appraisals.sheets.views import SheetApi, SheetView
from plugins.appraisals.years.operations import YearRuleOperations, ship_rule
from plugins.appraisals.years.views import YearRuleView

READ = ("can_list", "can_show")
EVERYBODY = ("agent", "supervisor", "leader", "hr")


@hookimpl
def register_models():
    """All tables."""
    return MODELS


@hookimpl
def register_categories():
    """The heading of the screens."""
    return [Category(name="appraisals", label=N_("Appraisals"), icon="clipboard-list", order=45,
                     group="people")]


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
        RecordType(model=Consequence, operations=ConsequenceOperations, label=N_("Consequence"),
                   label_plural=N_("Consequences"), view=access.CONSEQUENCE,
                   endpoint="ConsequenceView.show", icon="gavel"),
        RecordType(model=StreakRuleRow, operations=StreakRuleOperations,
                   label=N_("Rule of streaks"), label_plural=N_("Rules of streaks"),
                   view=access.RULES, endpoint="StreakRuleView.show", icon="flame"),
        RecordType(model=YearRule, operations=YearRuleOperations,
                   label=N_("Rule of the year's result"),
                   label_plural=N_("Rules of the year's result"), view=access.RULES,
                   endpoint="YearRuleView.show", icon="calendar-stats"),
        RecordType(model=BonusTable, operations=BonusTableOperations,
                   label=N_("Bonus allocation table"), label_plural=N_("Bonus allocation tables"),
                   view=access.BONUS, endpoint="BonusView.show", icon="coins"),
        RecordType(model=Referral, operations=referrals.ReferralOperations,
                   label=N_("Referral reward"), label_plural=N_("Referral rewards"),
                   view=access.REFERRAL, endpoint="ReferralView.show", icon="user-plus"),
    ]


@hookimpl
def register_permissions():
    """Rights that no screen declares by itself."""
    return [
        Permissions(view=access.SHEET, names=("can_manage", "can_fill"),
                    words={"can_manage": N_("Replace sheets and mark people as absent"),
                           "can_fill": N_("Fill in, rate and sign")}),
        Permissions(view=access.CYCLE, names=("can_manage",),
                    words={"can_manage": N_("Open and release cycles")}),
        Permissions(view=access.CONSEQUENCE, names=("can_manage",),
                    words={"can_manage": N_("See to consequences of others")}),
        Permissions(view=access.REFERRAL, names=("can_manage",),
                    words={"can_manage": N_("Decide about referral rewards")}),
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
               icon="id-badge", order=60, administration=True),
        Screen(view=ConsequenceView, label=N_("Consequences"), category="appraisals",
               icon="gavel", order=30),
        Screen(view=BonusView, label=N_("Bonus allocation tables"), category="appraisals",
               icon="coins", order=40),
        Screen(view=ReferralView, label=N_("Referral rewards"), category="appraisals",
               icon="user-plus", order=50),
        Screen(view=StreakRuleView, label=N_("Rules of streaks"), category="appraisals",
               icon="flame", order=70, administration=True),
        Screen(view=YearRuleView, label=N_("Rules of the year's result"), category="appraisals",
               icon="calendar-stats", order=80, administration=True),
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
        *(RoleGrant(role="hr", view=view, names=(*READ, "can_add", "can_edit", "can_delete",
                                                 "can_export", "can_comment"))
          for view in (access.POST_FORM, access.RULES)),
        *(RoleGrant(role=role, view=access.CONSEQUENCE, names=(*READ, "can_comment"))
          for role in ("supervisor", "leader", "hr")),
        RoleGrant(role="hr", view=access.CONSEQUENCE, reach=Scope.ALL,
                  names=("can_add", "can_edit", "can_manage", "can_export")),
        *(RoleGrant(role=role, view=access.BONUS, names=(*READ, "can_comment"))
          for role in ("supervisor", "leader", "hr")),
        RoleGrant(role="hr", view=access.BONUS, names=(), reach=Scope.ALL),
        *(RoleGrant(role=role, view=access.REFERRAL,
                    names=(*READ, "can_add", "can_edit", "can_comment"))
          for role in ("agent", "supervisor")),
        RoleGrant(role="hr", view=access.REFERRAL, reach=Scope.ALL,
                  names=(*READ, "can_manage", "can_export", "can_comment")),
    ]


@hookimpl
def register_workflows():
    """Consequences; the steps of a sheet belong to people and posts, not to roles."""
    return [WorkflowBinding(model=Consequence, workflow=WORKFLOW, effects=EFFECTS),
            WorkflowBinding(model=Referral, workflow=REFERRAL_WORKFLOW,
                            guards=referrals.GUARDS, effects=referrals.EFFECTS)]


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
    """Both ready-made forms, the rules of streaks and of the year's result."""
    return [ShippedData(name="appraisals.forms", load=ready_made.load),
            ShippedData(name="appraisals.rules", load=consequences.ship_rules),
            ShippedData(name="appraisals.year_rule", load=ship_rule)]


@hookimpl
def register_demo_data():
    """A year of months."""
    return [DemoData(name="appraisals.year", load=demo.load, order=50)]


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


@hookimpl
def check_enable(session, plugin):
    """Sheets that nobody could sign are not begun."""
    if plugin == "appraisals" and not any(holders_of(session, post) for post in POSTS):
        return N_("Nobody holds a post that signs sheets: appoint somebody to one first.")
    return None
