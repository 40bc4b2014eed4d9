"""Investments of customers: screen, REST API, and what the core contributes for them."""

from __future__ import annotations

from app.customers.investments import InvestmentOperations, mature
from app.customers.models import HELD, INVESTMENT_STATES, MATURED, REDEEMED, Investment
from app.sdk import N_, Api, RecordType, Screen
from app.sdk.jobs import Schedule
from app.sdk.screens import Choice, RecordApi, RecordInterface, RecordView, SavedList, Section

VIEW = "core.Investment"
_TONES = {HELD: ("calm", "progress"), MATURED: ("good", "check"), REDEEMED: ("still", "x")}
_COLUMNS = ("number", "contract", "customer", "product", "amount", "matures_on", "status")
MATURING = SavedList(
    name="maturing", title=N_("Maturing within 30 days"), sort="matures_on", columns=_COLUMNS,
    filters={"status__in": [HELD], "matures_on__period": ["next_30_days"]})


class InvestmentView(RecordView):
    """Investments of customers."""

    datamodel = RecordInterface(Investment)
    route_base = "/investments"
    class_permission_name = VIEW
    list_title = N_("Investments")
    record_label = N_("Investment")
    icon = "coins"
    list_columns = [*_COLUMNS]
    list_choice = ["started_on", "term_months", "owner", "created_at"]
    saved_views = (MATURING,)
    board_column = ""
    calendar_column = "matures_on"
    form_sections = (
        Section(fields=("customer", "contract", "product", "amount", "started_on", "term_months",
                        "matures_on", "status")),
    )
    choices = {"status": [Choice(value, label, *_TONES[value])
                          for value, label in INVESTMENT_STATES]}
    label_columns = {"contract": N_("Contract number"), "amount": N_("Amount"),
                     "term_months": N_("Term (months)"), "started_on": N_("Began on"),
                     "matures_on": N_("Matures on"), "product": N_("Product"),
                     "status": N_("Status")}
    description_columns = {
        "matures_on": N_("Left empty, it follows from the beginning and the term.")}
    prefill_columns = ["customer"]
    import_key = ("contract",)
    default_sort = "matures_on"


class InvestmentApi(RecordApi):
    """Investments over REST, under ``/api/v1/investments``."""

    datamodel = RecordInterface(Investment)
    resource_name = "investments"
    class_permission_name = VIEW
    list_columns = ["id", "number", "contract", "customer", "product", "amount", "term_months",
                    "started_on", "matures_on", "status"]
    show_columns = [*list_columns, "version"]
    add_columns = ["customer", "contract", "product", "amount", "term_months", "started_on",
                   "matures_on", "status"]
    edit_columns = add_columns


RECORD_TYPES = (
    RecordType(model=Investment, label=N_("Investment"), label_plural=N_("Investments"),
               view=VIEW, endpoint="InvestmentView.show", icon="coins",
               operations=InvestmentOperations),
)
SCREENS = (Screen(view=InvestmentView, label=N_("Investments"), category="customers", icon="coins",
                  order=32),)
APIS = (Api(view=InvestmentApi),)
SCHEDULES = (
    Schedule(name="customers.investments_mature", title=N_("Mark investments as matured"),
             at="00:20", catch_up=False, run=mature),
)
