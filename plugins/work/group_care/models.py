"""Tables of group care."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.sdk.models import Base, Customer, Dictionary, Personal, Record, Sensitive, UTCDateTime
from plugins.work.choices import ADDED


class CustomerGroup(Dictionary, Base):
    """A chat group of customers (客户群); a list of values that an admin edits."""

    __tablename__ = "work_customer_group"
    __dictionary__ = "work.customer_group"


class GroupEntry(Record, Base):
    """One line of the log of group care (加群记录); the owner cared for the group."""

    __tablename__ = "work_group_entry"
    __table_args__ = (
        Index("ix_work_group_entry_owner_happened", "owner_id", "happened_at"),
        Index("ix_work_group_entry_group", "group_id", "act", "id"),
    )
    __record_type__ = "work.group_entry"
    __number_prefix__ = "JQ"
    __title_field__ = "member"
    __search_fields__ = ("member", "vetting", "remark")
    __personal__ = Personal(names=("member",), emptied=("account",), swept=("vetting",),
                            kept=("act",))
    # Whoever writes a line is its owner already.
    __notifies_owner__ = False

    group_id: Mapped[int] = mapped_column(ForeignKey("work_customer_group.id"))
    act: Mapped[str] = mapped_column(String(12), default=ADDED, index=True)
    # What the member is called in the group.
    member: Mapped[str] = mapped_column(String(80))
    account: Mapped[str] = mapped_column(Sensitive("contact", 80), default="", index=True)
    customer_id: Mapped[int | None] = mapped_column(
        ForeignKey("customers_customer.id"), index=True)
    happened_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, index=True)
    # How it was found out that the member is a customer.
    vetting: Mapped[str] = mapped_column(String(400), default="")
    remark: Mapped[str] = mapped_column(Text, default="")

    group: Mapped[CustomerGroup] = relationship()
    customer: Mapped[Customer | None] = relationship()
