"""Tables of callbacks."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from sqlalchemy import (
    Boolean,
    Date,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.sdk.models import (
    Base,
    BigId,
    CodeString,
    Customer,
    Dictionary,
    Json,
    Personal,
    Record,
    Sensitive,
    UTCDateTime,
    Vehicle,
    WorkflowRecord,
    list_index,
)


class CallbackPurpose(Dictionary, Base):
    """What a callback is for (回访目的)."""

    __tablename__ = "callbacks_purpose"
    __dictionary__ = "callbacks.purpose"


class Outcome(Dictionary, Base):
    """How a contact ended (回访结果)."""

    __tablename__ = "callbacks_outcome"
    __dictionary__ = "callbacks.outcome"


class _Shared(Record):
    """A record that everyone with the permission sees, whatever the department."""

    __scope_people__: ClassVar[tuple[str, ...]] = ()
    __scope_teams__: ClassVar[tuple[str, ...]] = ()
    __scope_departments__: ClassVar[tuple[str, ...]] = ()


class OutcomeRule(_Shared, Base):
    """What an outcome means, and when the customer is contacted again (结果规则)."""

    __tablename__ = "callbacks_outcome_rule"
    __record_type__ = "callbacks.outcome_rule"
    __number_prefix__ = "HG"

    outcome_id: Mapped[int] = mapped_column(ForeignKey("callbacks_outcome.id"), unique=True)
    reached: Mapped[bool] = mapped_column(Boolean, default=False)
    human: Mapped[bool] = mapped_column(Boolean, default=False)
    do_not_call: Mapped[bool] = mapped_column(Boolean, default=False)
    unworkable: Mapped[bool] = mapped_column(Boolean, default=False)
    call_again: Mapped[bool] = mapped_column(Boolean, default=False)
    finished: Mapped[bool] = mapped_column(Boolean, default=False)
    delay_minutes: Mapped[int] = mapped_column(default=240)
    most_tries: Mapped[int] = mapped_column(SmallInteger, default=3)

    outcome: Mapped[Outcome] = relationship()


class Script(WorkflowRecord, Base):
    """One version of a script (话术); its text is read by ``plugins.callbacks.script_text``."""

    __tablename__ = "callbacks_script"
    __table_args__ = (
        Index("ix_callbacks_script_code_edition", "code", "language", "edition", unique=True),
    )
    __record_type__ = "callbacks.script"
    __number_prefix__ = "HS"
    __title_field__ = "name"
    __search_fields__ = ("name", "code", "text")
    # Every agent reads the scripts, whoever has drafted them.
    __scope_people__: ClassVar[tuple[str, ...]] = ()
    __scope_teams__: ClassVar[tuple[str, ...]] = ()
    __scope_departments__: ClassVar[tuple[str, ...]] = ()

    name: Mapped[str] = mapped_column(String(120))
    code: Mapped[str] = mapped_column(CodeString(60))
    language: Mapped[str] = mapped_column(String(4), default="zh")
    edition: Mapped[int] = mapped_column(SmallInteger, default=1)
    purpose_id: Mapped[int | None] = mapped_column(ForeignKey("callbacks_purpose.id"), index=True)
    text: Mapped[str] = mapped_column(Text, default="")
    most_minutes: Mapped[int] = mapped_column(SmallInteger, default=5)
    most_questions: Mapped[int] = mapped_column(SmallInteger, default=8)
    # Where the version before says something wrong, who got it is called when this one is in force.
    wrong_answer: Mapped[str] = mapped_column(Text, default="", server_default="")
    right_answer: Mapped[str] = mapped_column(Text, default="", server_default="")
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    approved_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)

    purpose: Mapped[CallbackPurpose | None] = relationship()
    approver: Mapped[Any] = relationship("User", foreign_keys=[approver_id])


class Rule(_Shared, Base):
    """What makes callbacks by itself (触发规则); its department and team get them."""

    __tablename__ = "callbacks_rule"
    __record_type__ = "callbacks.rule"
    __number_prefix__ = "HZ"
    __title_field__ = "name"
    __search_fields__ = ("name", "name_zh")

    name: Mapped[str] = mapped_column(String(120))
    # In Chinese, where it has a name of its own there; those that come with the product do.
    name_zh: Mapped[str] = mapped_column(String(120), default="", server_default="")
    # Of a rule that comes with the product: whatever becomes of it, it comes once.
    code: Mapped[str | None] = mapped_column(CodeString(40), unique=True)
    trigger: Mapped[str] = mapped_column(String(40))
    active: Mapped[bool] = mapped_column(Boolean, default=False)
    days: Mapped[int] = mapped_column(SmallInteger, default=1)
    window_days: Mapped[int] = mapped_column(SmallInteger, default=3)
    grade: Mapped[str] = mapped_column(String(4), default="")
    purpose_id: Mapped[int | None] = mapped_column(ForeignKey("callbacks_purpose.id"))
    # What the rules of contact take the contact for: survey, reminder, greeting, …
    contact_purpose: Mapped[str] = mapped_column(String(20), default="service")
    script_code: Mapped[str] = mapped_column(CodeString(60), default="")
    # In which language the customers are spoken to.
    language: Mapped[str] = mapped_column(String(4), default="zh", server_default="zh")
    channel: Mapped[str] = mapped_column(String(12), default="phone")
    priority: Mapped[str] = mapped_column(String(12), default="normal")
    skill: Mapped[str] = mapped_column(CodeString(60), default="")
    # Result of the last rehearsal; a change of the rule empties both.
    rehearsed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    rehearsal: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)

    purpose: Mapped[CallbackPurpose | None] = relationship()

    @property
    def title(self) -> str:
        """Text that names the rule beside its number, in Chinese where it has a name there."""
        return self.name_zh or self.name


class ForeignEvent(Base):
    """An event of another plugin that callbacks may follow, noted for rehearsals."""

    __tablename__ = "callbacks_foreign_event"
    __personal__ = Personal(kept=("trigger", "subject", "source_type"))
    __table_args__ = (Index("ix_callbacks_foreign_event_trigger_at", "trigger", "at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    trigger: Mapped[str] = mapped_column(String(40))
    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customers_customer.id", ondelete="CASCADE"), index=True)
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    subject: Mapped[str] = mapped_column(CodeString(120), unique=True)
    source_type: Mapped[str] = mapped_column(CodeString(64), default="")
    source_id: Mapped[int | None] = mapped_column()


class Correction(Record, Base):
    """A wrong answer that was given, and who got it (更正回拨)."""

    __tablename__ = "callbacks_correction"
    __record_type__ = "callbacks.correction"
    __number_prefix__ = "GZ"
    __title_field__ = "subject"
    __search_fields__ = ("subject", "wrong_answer", "right_answer")
    __personal__ = Personal(swept=("subject",), kept=("found_by", "callback_number"))

    subject: Mapped[str] = mapped_column(String(200))
    wrong_answer: Mapped[str] = mapped_column(Text)
    right_answer: Mapped[str] = mapped_column(Text)
    found_by: Mapped[str] = mapped_column(String(12), default="agent")
    # Who got it: one customer, or one callback, or all callbacks that fit the rest; where a source
    # of answers was changed, the receivers by name.
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers_customer.id"), index=True)
    # Its number, for the callbacks that follow refer to this record.
    callback_number: Mapped[str] = mapped_column(CodeString(24), default="")
    script_id: Mapped[int | None] = mapped_column(ForeignKey("callbacks_script.id"))
    purpose_id: Mapped[int | None] = mapped_column(ForeignKey("callbacks_purpose.id"))
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    first_day: Mapped[dt.date | None] = mapped_column(Date)
    last_day: Mapped[dt.date | None] = mapped_column(Date)
    called_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    calls: Mapped[int] = mapped_column(default=0)

    customer: Mapped[Customer | None] = relationship()
    script: Mapped[Script | None] = relationship()
    purpose: Mapped[CallbackPurpose | None] = relationship()
    agent: Mapped[Any] = relationship("User", foreign_keys=[agent_id])


class CorrectionReceiver(Base):
    """A customer who got a wrong answer, and the record in which it was given."""

    __tablename__ = "callbacks_correction_receiver"
    __personal__ = Personal(kept=("record_type",))
    __table_args__ = (UniqueConstraint("correction_id", "customer_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    correction_id: Mapped[int] = mapped_column(
        ForeignKey("callbacks_correction.id", ondelete="CASCADE"))
    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customers_customer.id", ondelete="CASCADE"), index=True)
    record_type: Mapped[str] = mapped_column(CodeString(64))
    record_id: Mapped[int] = mapped_column()

    customer: Mapped[Customer] = relationship()


class Task(WorkflowRecord, Base):
    """A callback to make (回访任务)."""

    __tablename__ = "callbacks_task"
    __table_args__ = (
        Index("ix_callbacks_task_owner_open", "owner_id", "is_open", "next_contact_at", "id"),
        Index("ix_callbacks_task_team_open", "team_id", "is_open", "id"),
        Index("ix_callbacks_task_customer", "customer_id", "id"),
        list_index("ix_callbacks_task_open_due", "is_open", "due_until",
                   scope=("owner_id", "team_id", "department_id")),
        # Follow-up within three days, and coverage, are counted by these.
        list_index("ix_callbacks_task_state_due", "state", "due_from", "days_to_first",
                   scope=("owner_id", "team_id", "department_id")),
        list_index("ix_callbacks_task_state_closed", "state", "closed_at", "customer_id",
                   scope=("owner_id", "team_id", "department_id")),
        Index("ix_callbacks_task_source", "source_type", "source_id"),
        Index("ix_callbacks_task_last_tried_at", "last_tried_at"),
    )
    __record_type__ = "callbacks.task"
    __number_prefix__ = "HF"
    __title_field__ = "subject"
    __search_fields__ = ("subject", "customer_name", "summary", "suggestion")
    __name_fields__ = ("customer_name",)
    __personal__ = Personal(
        names=("customer_name",), emptied=("contact",), swept=("subject", "answers"),
        kept=("contact_purpose", "channel", "priority", "skill", "origin_key", "source_type",
              "assigned_because", "satisfaction"))
    # Fifteen a day: the queue is what one works on, and a notice of each would drown the others.
    __notifies_owner__: ClassVar[bool] = False
    # A sentence for people, and no fact of its own: the owner beside it is in the history.
    __untracked_fields__: ClassVar[tuple[str, ...]] = (
        *WorkflowRecord.__untracked_fields__, "assigned_because",
    )

    subject: Mapped[str] = mapped_column(String(200), default="")
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers_customer.id"))
    customer_name: Mapped[str] = mapped_column(String(120), default="")
    contact: Mapped[str] = mapped_column(Sensitive("phone", 40), default="", index=True)
    vehicle_id: Mapped[int | None] = mapped_column(ForeignKey("customers_vehicle.id"), index=True)
    purpose_id: Mapped[int | None] = mapped_column(ForeignKey("callbacks_purpose.id"), index=True)
    contact_purpose: Mapped[str] = mapped_column(String(20), default="service")
    channel: Mapped[str] = mapped_column(String(12), default="phone")
    priority: Mapped[str] = mapped_column(String(12), default="normal", index=True)
    skill: Mapped[str] = mapped_column(CodeString(60), default="")
    due_from: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    due_until: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, index=True)
    script_id: Mapped[int | None] = mapped_column(ForeignKey("callbacks_script.id"), index=True)
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("callbacks_rule.id"), index=True)
    correction_id: Mapped[int | None] = mapped_column(
        ForeignKey("callbacks_correction.id"), index=True)
    # What makes the task again is refused by this: rule, subject and due moment.
    origin_key: Mapped[str | None] = mapped_column(CodeString(160), unique=True)
    # Record that the callback follows from, e.g. a complaint.
    source_type: Mapped[str] = mapped_column(CodeString(64), default="")
    source_id: Mapped[int | None] = mapped_column()
    # Why its owner has it: a message id under "text" and its values under "values".
    assigned_because: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    # --- the contacts ---
    started_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    inbound: Mapped[bool] = mapped_column(Boolean, default=False)
    answers: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    last_tried_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    # Whole days from when it was due to its first contact; empty before there is one.
    days_to_first: Mapped[int | None] = mapped_column(SmallInteger, index=True)
    # Whether the last contact reached the customer, by the rule of its outcome at that time.
    was_reached: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    next_contact_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    outcome_id: Mapped[int | None] = mapped_column(ForeignKey("callbacks_outcome.id"), index=True)
    identity_checked: Mapped[bool] = mapped_column(Boolean, default=False)
    minutes: Mapped[int | None] = mapped_column(SmallInteger)
    satisfaction: Mapped[str] = mapped_column(String(12), default="", index=True)
    suggestion: Mapped[str] = mapped_column(Text, default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    closed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, index=True)

    customer: Mapped[Customer] = relationship()
    vehicle: Mapped[Vehicle | None] = relationship()
    purpose: Mapped[CallbackPurpose | None] = relationship()
    script: Mapped[Script | None] = relationship()
    rule: Mapped[Rule | None] = relationship()
    correction: Mapped[Correction | None] = relationship()
    outcome: Mapped[Outcome | None] = relationship()


class UnreachableList(_Shared, Base):
    """The customers who could not be reached in a month, frozen at its end."""

    __tablename__ = "callbacks_unreachable_list"
    __record_type__ = "callbacks.unreachable_list"
    __number_prefix__ = "WL"
    __title_field__ = "month"
    # One list a month; which of its lines somebody sees depends on the callbacks behind them.

    month: Mapped[str] = mapped_column(CodeString(7), unique=True)
    frozen_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    lines: Mapped[int] = mapped_column(default=0)
    answered: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    sent_to: Mapped[str] = mapped_column(String(200), default="")


class UnreachableLine(Record, Base):
    """A customer on such a list: what was frozen, and what the front desk has answered."""

    __tablename__ = "callbacks_unreachable_line"
    __table_args__ = (
        Index("ix_callbacks_unreachable_line_list_task", "list_id", "task_id", unique=True),
    )
    __record_type__ = "callbacks.unreachable_line"
    __number_prefix__ = "WK"
    __title_field__ = "customer_name"
    __search_fields__ = ("customer_name", "remark")
    __personal__ = Personal(names=("customer_name",),
                            emptied=("contact", "new_contact", "vehicles"), kept=("answer",))
    # The list is worked on as a whole, and a notice of each line would drown the others.
    __notifies_owner__: ClassVar[bool] = False

    list_id: Mapped[int] = mapped_column(ForeignKey("callbacks_unreachable_list.id"))
    task_id: Mapped[int] = mapped_column(ForeignKey("callbacks_task.id"), index=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers_customer.id"), index=True)
    customer_name: Mapped[str] = mapped_column(String(120), default="")
    contact: Mapped[str] = mapped_column(Sensitive("phone", 40), default="")
    vehicles: Mapped[str] = mapped_column(String(200), default="")
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    outcome_id: Mapped[int | None] = mapped_column(ForeignKey("callbacks_outcome.id"))
    given_up_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    # --- the answer of the front desk ---
    answer: Mapped[str] = mapped_column(String(20), default="", index=True)
    new_contact: Mapped[str] = mapped_column(Sensitive("phone", 40), default="")
    remark: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    answerer_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))

    list: Mapped[UnreachableList] = relationship()
    task: Mapped[Task] = relationship()
    customer: Mapped[Customer] = relationship()
    outcome: Mapped[Outcome | None] = relationship()
    answerer: Mapped[Any] = relationship("User", foreign_keys=[answerer_id])


class Silence(_Shared, Base):
    """A customer without a planned contact: who was reminded, and how it ended."""

    __tablename__ = "callbacks_silence"
    __table_args__ = (Index("ix_callbacks_silence_is_listed", "is_listed", "step", "stepped_at"),)
    __record_type__ = "callbacks.silence"
    __number_prefix__ = "WY"
    __personal__ = Personal(kept=("grade", "step"))
    # Everybody sees the customers; reminders are summed up for each person.
    __notifies_owner__: ClassVar[bool] = False

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers_customer.id"), index=True)
    # The customer while it is listed: nobody is listed twice at the same time.
    open_customer_id: Mapped[int | None] = mapped_column(unique=True)
    grade: Mapped[str] = mapped_column(String(4), default="")
    quiet_since: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    step: Mapped[str] = mapped_column(String(12))
    stepped_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    former_owner_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    is_listed: Mapped[bool] = mapped_column(Boolean, default=True)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)

    customer: Mapped[Customer] = relationship()
    former_owner: Mapped[Any] = relationship("User", foreign_keys=[former_owner_id])
