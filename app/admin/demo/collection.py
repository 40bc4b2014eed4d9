"""The collection template with what some made-up customers have told, and their investments."""

from __future__ import annotations

import datetime as dt
import decimal
import random

from sqlalchemy import func, select
from stdnum import luhn

from app.access.actor import SYSTEM
from app.customers.ready_made_template import TEMPLATE
from app.people.clock import local_today
from app.records.custom_fields.store import import_fields
from app.sdk.demo import DemoContext
from app.sdk.models import Customer, Investment
from app.sdk.services import create, update

FILLED, INVESTED = 24, 16
_EMPLOYERS = ("城东物流有限公司", "启明软件", "和平里小学", "宏远建材", "第三人民医院", "江南纺织厂")
_POSITIONS = ("司机", "工程师", "教师", "销售经理", "护士", "车间主任")
_BANKS = ("工商银行", "建设银行", "农业银行", "招商银行")
_PRODUCTS = ("季度定投", "半年期", "一年期", "两年期")
_TERMS = (3, 6, 12, 24)


def load_fields(context: DemoContext) -> str:
    """Add the ready-made template to customers that have no fields of their own."""
    added, known = import_fields(context.session, SYSTEM, Customer, TEMPLATE)
    return f"The collection template: {added} fields, {known} known already."


def load(context: DemoContext) -> str:
    """Fill in the template for some customers, and give some an investment.

    Args:
        context: see ``app.sdk.demo``.
    """
    session, chance = context.session, context.random("collection")
    if session.scalar(select(func.count()).select_from(Investment)):
        return "Investments are there already."
    customers = list(session.scalars(select(Customer).order_by(Customer.id).limit(FILLED)))
    for customer in customers:
        update(session, SYSTEM, customer, _answers(chance))
    for serial, customer in enumerate(customers[:INVESTED], 1):
        create(session, SYSTEM, Investment, _investment(chance, customer.id, serial))
    return f"{len(customers)} customers have answered, {INVESTED} have invested."


def _answers(chance: random.Random) -> dict[str, object]:
    # No bank has cards that begin with 900000.
    card = f"900000{chance.randrange(10**9):09d}"
    place = chance.randrange(len(_EMPLOYERS))
    return {
        "x_marital_status": chance.choice(("single", "married", "married", "divorced")),
        "x_education": chance.choice(("school", "college", "bachelor", "master")),
        "x_housing": chance.choice(("owned", "mortgaged", "rented", "family")),
        "x_work_unit": _EMPLOYERS[place], "x_position": _POSITIONS[place],
        "x_monthly_income": chance.randrange(40, 400) * 100,
        "x_bank": chance.choice(_BANKS), "x_card_number": card + luhn.calc_check_digit(card),
        "x_credit_record": chance.choices(("good", "minor", "serious", "none"), (12, 4, 1, 3))[0],
        "x_credit_report_on": local_today() - dt.timedelta(days=chance.randrange(20, 200)),
    }


def _investment(chance: random.Random, customer_id: int, serial: int) -> dict[str, object]:
    place = chance.randrange(len(_TERMS))
    return {
        "customer_id": customer_id, "contract": f"TZ{local_today():%Y}{serial:05d}",
        "product": _PRODUCTS[place], "amount": decimal.Decimal(chance.randrange(1, 40) * 10_000),
        "term_months": _TERMS[place],
        # The newest begin today, the oldest mature soon.
        "started_on": local_today() - dt.timedelta(days=chance.randrange(_TERMS[place] * 30)),
    }
