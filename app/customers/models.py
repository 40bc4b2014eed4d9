"""Tables of customers, vehicles and loans.

Customers are shared by the whole house: whoever picks up the phone has to find the caller. Who
may open them at all is a permission.
"""

from __future__ import annotations

import datetime as dt
import decimal

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, Numeric, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.sensitive.columns import Sensitive
from app.customers.items import INFORMATION_STATES, MISSING
from app.database import Base, CodeString, UTCDateTime
from app.dictionary_columns import Dictionary
from app.i18n import N_
from app.records.mixin import SharedRecord
from app.records.personal import Personal

GRADES = (
    ("A", N_("A: key customer")), ("B", N_("B: regular customer")), ("C", N_("C: new customer")),
)
CONTACT_WAYS = (
    ("phone", N_("Phone")), ("sms", N_("SMS")), ("wechat", N_("WeChat")), ("qq", N_("QQ")),
    ("mail", N_("Mail")), ("visit", N_("Visit")),
)
"""Channels of contact: pairs of value and English label."""
LOAN_STATES = (
    ("active", N_("Active")), ("overdue", N_("Overdue")), ("settled", N_("Settled")),
)
# The five classes of loans (贷款五级分类) of the banking regulator, from good to bad.
RISK_CLASSES = (
    ("normal", N_("Normal (pass)")), ("attention", N_("Special mention")),
    ("substandard", N_("Substandard")), ("doubtful", N_("Doubtful")), ("loss", N_("Loss")),
)
HELD, MATURED, REDEEMED = "held", "matured", "redeemed"
INVESTMENT_STATES = (
    (HELD, N_("Not matured yet")), (MATURED, N_("Matured")), (REDEEMED, N_("Redeemed early")),
)


class Membership(Dictionary, Base):
    """A level of membership (会员)."""

    __tablename__ = "customers_membership"
    __dictionary__ = "core.membership"


class ServiceTier(Dictionary, Base):
    """A service tier (服务层级), and what it means for those who have it."""

    __tablename__ = "customers_service_tier"
    __dictionary__ = "core.service_tier"

    # Whether work about the customer goes to the customer's own agent when it is shared out.
    own_agent: Mapped[bool] = mapped_column(Boolean, default=True)
    # Work about customers of a higher number comes first.
    priority: Mapped[int] = mapped_column(Integer, default=0)
    # By how much the time for work about the customer is shorter.
    tighter_percent: Mapped[int] = mapped_column(Integer, default=0)


class Customer(SharedRecord, Base):
    """A person or company that does business with the house (客户)."""

    __tablename__ = "customers_customer"
    __table_args__ = (Index("ix_customers_customer_name_id", "name", "id"),)
    __record_type__ = "customers.customer"
    __number_prefix__ = "KH"
    __title_field__ = "name"
    __search_fields__ = ("name", "email", "wechat", "qq", "address", "plates",
                         "former_numbers")
    __former_numbers_field__ = "former_numbers"
    __personal__ = Personal(
        names=("name",),
        emptied=("phone", "id_number", "email", "wechat", "qq", "address", "contact_hours",
                 "born_on", "remarks", "plates", "extra"),
        kept=("grade", "preferred_contact", "timezone", "former_numbers"))
    # They follow from the others, and from what an admin sets.
    __untracked_fields__ = (*SharedRecord.__untracked_fields__, "completeness", "information_state",
                            "review_due_on", "erased_at", "on_hold",
                            "erasure_due_on")

    name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(Sensitive("phone", 40), default="", index=True)
    id_number: Mapped[str] = mapped_column(Sensitive("id_number", 32), default="", index=True)
    email: Mapped[str] = mapped_column(String(200), default="")
    wechat: Mapped[str] = mapped_column(String(80), default="")
    qq: Mapped[str] = mapped_column(String(20), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    grade: Mapped[str] = mapped_column(String(4), default="C")
    preferred_contact: Mapped[str] = mapped_column(String(12), default="phone")
    # Times of day such as "09:00-12:00, 18:00-20:00"; empty for any outside of the quiet hours.
    contact_hours: Mapped[str] = mapped_column(String(80), default="", server_default="")
    # Name of a time zone; empty for the organisation's.
    timezone: Mapped[str] = mapped_column(CodeString(40), default="", server_default="")
    born_on: Mapped[dt.date | None] = mapped_column(Date)
    remarks: Mapped[str] = mapped_column(Text, default="")
    membership_id: Mapped[int | None] = mapped_column(
        ForeignKey("customers_membership.id"), index=True)
    member_since: Mapped[dt.date | None] = mapped_column(Date)
    tier_id: Mapped[int | None] = mapped_column(
        ForeignKey("customers_service_tier.id"), index=True)
    # How complete the information is; see ``app.customers.completeness``.
    completeness: Mapped[int] = mapped_column(Integer, default=0, server_default="0", index=True)
    information_state: Mapped[str] = mapped_column(
        String(12), default=MISSING, server_default=MISSING, index=True,
        info={"choices": INFORMATION_STATES})
    # When the information was last reviewed as a whole, and by which day it has to be again.
    reviewed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    review_due_on: Mapped[dt.date | None] = mapped_column(Date, index=True)
    # Plates of all vehicles, kept with them, so that a customer is found by plate.
    plates: Mapped[str] = mapped_column(String(200), default="")
    # Numbers of customers that were merged into this one, which is found by them.
    former_numbers: Mapped[str] = mapped_column(String(200), default="", server_default="")
    # When the person was erased; the row stays under the pseudonym, for the cases refer to it.
    erased_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    # Whether what is known of the customer is kept by a legal hold.
    on_hold: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    # From which day on the customer is proposed for erasure; see ``customers.privacy.retention``.
    erasure_due_on: Mapped[dt.date | None] = mapped_column(Date, index=True)

    membership: Mapped[Membership | None] = relationship()
    tier: Mapped[ServiceTier | None] = relationship()
    reviewed_by: Mapped[User | None] = relationship(foreign_keys=[reviewed_by_id])


class Vehicle(SharedRecord, Base):
    """A car of a customer (车辆)."""

    __tablename__ = "customers_vehicle"
    __record_type__ = "customers.vehicle"
    __number_prefix__ = "CL"
    __title_field__ = "plate"
    __search_fields__ = ("plate", "vin", "brand", "model")
    __personal__ = Personal(emptied=("plate", "vin"), kept=("brand", "model"))

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers_customer.id"), index=True)
    plate: Mapped[str] = mapped_column(String(20), default="", index=True)
    vin: Mapped[str] = mapped_column(CodeString(20), default="", index=True)
    brand: Mapped[str] = mapped_column(String(60), default="")
    model: Mapped[str] = mapped_column(String(80), default="")
    bought_on: Mapped[dt.date | None] = mapped_column(Date)
    mileage: Mapped[int | None] = mapped_column(Integer)
    insurance_due_on: Mapped[dt.date | None] = mapped_column(Date, index=True)
    inspection_due_on: Mapped[dt.date | None] = mapped_column(Date, index=True)
    maintenance_due_on: Mapped[dt.date | None] = mapped_column(Date, index=True)

    customer: Mapped[Customer] = relationship()


class Loan(SharedRecord, Base):
    """A car loan of a customer (车贷)."""

    __tablename__ = "customers_loan"
    __record_type__ = "customers.loan"
    __number_prefix__ = "DK"
    __title_field__ = "contract"
    __search_fields__ = ("contract", "product")
    # The books keep a contract for as long as the law of accounts asks for it.
    __personal__ = Personal(kept=("contract", "product", "status"))

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers_customer.id"), index=True)
    vehicle_id: Mapped[int | None] = mapped_column(ForeignKey("customers_vehicle.id"), index=True)
    contract: Mapped[str] = mapped_column(CodeString(40), unique=True)
    product: Mapped[str] = mapped_column(String(80), default="")
    principal: Mapped[decimal.Decimal] = mapped_column(Numeric(14, 2), default=0)
    term_months: Mapped[int] = mapped_column(Integer, default=36)
    started_on: Mapped[dt.date | None] = mapped_column(Date)
    status: Mapped[str] = mapped_column(String(12), default="active", index=True)
    # Days by which the oldest instalment is late; 0 where none is.
    overdue_days: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    risk_class: Mapped[str] = mapped_column(
        String(12), default="", server_default="", info={"choices": RISK_CLASSES})
    # The day of which status, days and class are known.
    status_on: Mapped[dt.date | None] = mapped_column(Date)

    customer: Mapped[Customer] = relationship()
    vehicle: Mapped[Vehicle | None] = relationship()


class Investment(SharedRecord, Base):
    """Money that a customer has placed with the house for a time (投资)."""

    __tablename__ = "customers_investment"
    __record_type__ = "customers.investment"
    __number_prefix__ = "TZ"
    __title_field__ = "contract"
    __search_fields__ = ("contract", "product")
    __personal__ = Personal(kept=("contract", "product"))

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers_customer.id"), index=True)
    contract: Mapped[str] = mapped_column(CodeString(40), unique=True)
    product: Mapped[str] = mapped_column(String(80), default="")
    amount: Mapped[decimal.Decimal] = mapped_column(Numeric(14, 2))
    term_months: Mapped[int | None] = mapped_column(Integer)
    started_on: Mapped[dt.date] = mapped_column(Date)
    # Follows from the two above where nobody says another day.
    matures_on: Mapped[dt.date | None] = mapped_column(Date, index=True)
    status: Mapped[str] = mapped_column(String(12), default=HELD, index=True,
                                        info={"choices": INVESTMENT_STATES})

    customer: Mapped[Customer] = relationship()
