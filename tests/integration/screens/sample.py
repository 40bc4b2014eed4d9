"""A small department of its own, on which the screens are proven: cases, their kinds and notes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_wtf import FlaskForm
from sqlalchemy import Boolean, Date, ForeignKey, Integer, Numeric, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column, relationship
from wtforms import TextAreaField
from wtforms.validators import InputRequired

from app.database import Base, UTCDateTime
from app.errors import Rejected
from app.host.contributions import Api, Card, Category, RecordType, Screen
from app.host.hookspecs import hookimpl
from app.i18n import Message
from app.records.actions import AvailableAction, Done
from app.records.custom_fields.columns import AttachedFile, RecordNumber, SeveralChoices
from app.records.mixin import Record, is_present
from app.records.record_operations import RecordOperations
from app.screens.api.read import RecordApi
from app.screens.contracts import Chip, Choice, SavedList, Section, ShownWhen
from app.screens.query.datamodel import RecordInterface
from app.screens.records.header import RecordHeader
from app.screens.view import RecordView

STATES = (
    Choice("new", "New", "calm", "circle-dot"),
    Choice("working", "In progress", "warn", "progress"),
    Choice("done", "Done", "good", "circle-check"),
)
PRIORITIES = (
    Choice("low", "Low", "still", "chevron-down"),
    Choice("normal", "Normal", "calm", "equal"),
    Choice("high", "High", "bad", "chevron-up"),
)
WISHES = (("call", "Call back"), ("visit", "Visit"), ("no_sms", "No SMS"))


class Kind(Base):
    """What a case is about: a plain table without number, owner or version."""

    __tablename__ = "sample_kind"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    active: Mapped[bool] = mapped_column(Boolean, default=True)

    cases: Mapped[list[Case]] = relationship(viewonly=True)

    def __str__(self) -> str:
        return self.name


class Case(Record, Base):
    """A record with a column of every type."""

    __tablename__ = "sample_case"
    __record_type__ = "sample.case"
    __number_prefix__ = "SC"
    __title_field__ = "subject"
    __search_fields__ = ("subject", "story")

    subject: Mapped[str] = mapped_column(String(120))
    story: Mapped[str] = mapped_column(Text, default="")
    phone: Mapped[str] = mapped_column(String(40), default="", info={"input": "tel"})
    state: Mapped[str] = mapped_column(String(20), default="new", info={"choices": STATES})
    kind_id: Mapped[int | None] = mapped_column(ForeignKey("sample_kind.id"), index=True)
    urgent: Mapped[bool] = mapped_column(Boolean, default=False)
    amount: Mapped[Any | None] = mapped_column(Numeric(12, 2))
    visits: Mapped[int | None] = mapped_column(Integer)
    received_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, index=True)
    promised_on: Mapped[dt.date | None] = mapped_column(Date)
    priority: Mapped[str] = mapped_column(
        String(20), default="normal", server_default="normal", info={"choices": PRIORITIES}
    )

    wishes: Mapped[list[str] | None] = mapped_column(SeveralChoices, info={"choices": WISHES})
    letter: Mapped[int | None] = mapped_column(AttachedFile)
    earlier: Mapped[str | None] = mapped_column(RecordNumber("sample.case"))

    kind: Mapped[Kind | None] = relationship()


class Note(Base):
    """Something that belongs to a case."""

    __tablename__ = "sample_note"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("sample_case.id"), index=True)
    title: Mapped[str] = mapped_column(String(80))

    case: Mapped[Case] = relationship()

    def __str__(self) -> str:
        return self.title


class FinishForm(FlaskForm):
    """What is asked when a case is finished."""

    result = TextAreaField("Result", [InputRequired()])


class NoteView(RecordView):
    """Notes."""

    datamodel = RecordInterface(Note)
    route_base = "/sample/notes"
    class_permission_name = "sample.Note"
    list_title = "Notes"
    record_label = "Note"
    list_columns = ["title", "case"]
    prefill_columns = ["case"]


class KindView(RecordView):
    """Kinds of case."""

    datamodel = RecordInterface(Kind)
    route_base = "/sample/kinds"
    class_permission_name = "sample.Kind"
    list_title = "Kinds"
    record_label = "Kind"
    list_columns = ["name", "active"]
    filter_columns = ["name", "active", "cases"]
    default_sort = "name"


class CaseOperations(RecordOperations):
    """Cases are started and finished."""

    def actions(self, session: Any, actor: Any, record: Case) -> list[AvailableAction]:
        blocked = None if record.owner_id else Message("Nobody works on this case yet.")
        started = None if record.state == "new" else Message("It has been started.")
        return [
            AvailableAction(name="start", label="Start", icon="player-play", primary=True,
                            bulk=True, blocked=started, permission=("can_edit", "sample.Case")),
            AvailableAction(name="finish", label="Finish", icon="check", blocked=blocked,
                            bulk=True, permission=("can_edit", "sample.Case")),
        ]

    def bulk_actions(self, session: Any, actor: Any) -> list[AvailableAction]:
        edits = ("can_edit", "sample.Case")
        return [
            AvailableAction(name="start", label="Start", icon="player-play", permission=edits),
            AvailableAction(name="finish", label="Finish", icon="check", permission=edits),
        ]

    def carry_out(
        self, session: Any, actor: Any, record: Case, name: str, values: Any
    ) -> Done:
        if name == "finish" and "never" in (values.get("result") or ""):
            raise Rejected("This result is not allowed.")
        record.state = {"start": "working", "finish": "done"}[name]
        session.flush()
        return Done(Message("Done."))


class CaseHeader(RecordHeader):
    """Says whether a case is urgent."""

    def badges(self, record: Case) -> list[Chip]:
        return [Chip(label="Urgent", tone="bad", icon="flame")] if record.urgent else []


class CaseView(RecordView):
    """Cases."""

    datamodel = RecordInterface(Case)
    action_forms = {"finish": FinishForm}
    route_base = "/sample/cases"
    class_permission_name = "sample.Case"
    list_title = "Cases"
    record_label = "Case"
    icon = "briefcase"
    list_columns = ["number", "subject", "state", "kind", "owner", "department", "received_at"]
    list_choice = ["urgent", "amount", "visits", "promised_on", "phone", "story"]
    default_sort = "-received_at"
    prefill_columns = ["subject", "phone", "kind"]
    board_column = "priority"
    calendar_column = "promised_on"
    inline_columns = ["subject", "kind"]
    saved_views = [
        SavedList(name="mine", title="Mine", filters={"owner__in": ["me"]}),
        SavedList(name="new_ones", title="New ones", filters={"state__in": ["new"]},
                  sort="number", columns=("number", "visits")),
    ]
    related_views = [NoteView]
    shown_when = {"promised_on": ShownWhen("urgent")}
    form_sections = (
        Section(fields=("subject", "phone", "kind", "owner", "urgent", "received_at"),
                wide=("subject",)),
        Section(title="Details", fields=("story", "amount", "visits", "promised_on")),
    )
    show_sections = (
        Section(fields=("kind", "owner", "department", "team", "phone", "urgent")),
        Section(title="Details", fields=("story", "amount", "visits", "received_at",
                                         "promised_on")),
    )
    record_header = CaseHeader


class IntakeView(RecordView):
    """A second screen on cases, for those who take them in: fewer columns, no changes."""

    datamodel = RecordInterface(Case)
    route_base = "/sample/intake"
    class_permission_name = "sample.Intake"
    base_permissions = ["can_list", "can_show", "can_add"]
    list_title = "Intake"
    record_label = "Call"
    list_columns = ["number", "subject", "priority"]
    label_columns = {"subject": "Wish of the caller"}
    choices = {"priority": [Choice("low", "Can wait"), Choice("high", "At once")]}
    form_sections = (Section(fields=("subject", "phone", "priority")),)


class PaperView(RecordView):
    """A screen on what a case holds of several choices, files and other records."""

    datamodel = RecordInterface(Case)
    route_base = "/sample/papers"
    class_permission_name = "sample.Case"
    list_title = "Papers"
    record_label = "Case"
    list_columns = ["number", "subject", "wishes", "letter", "earlier"]
    inline_columns = ["wishes"]
    form_sections = (Section(fields=("subject", "wishes", "letter", "earlier")),)


class PaperApi(RecordApi):
    """The same over REST."""

    datamodel = RecordInterface(Case)
    resource_name = "sample-papers"
    class_permission_name = "sample.Case"
    list_columns = ["id", "number", "subject", "wishes", "letter", "earlier"]
    add_columns = ["subject", "wishes", "letter", "earlier"]
    edit_columns = ["subject", "wishes", "letter", "earlier"]


class IntakeApi(RecordApi):
    """What the intake sees, over REST."""

    datamodel = RecordInterface(Case)
    resource_name = "sample-intake"
    class_permission_name = "sample.Intake"
    list_columns = ["id", "number", "subject", "priority"]
    add_columns = ["subject", "priority"]
    base_permissions = ["can_list", "can_show", "can_add"]


class CaseApi(RecordApi):
    """Cases over REST."""

    datamodel = RecordInterface(Case)
    resource_name = "sample-cases"
    class_permission_name = "sample.Case"
    list_columns = ["id", "number", "subject", "state", "kind", "owner", "received_at"]
    edit_columns = ["subject", "story", "phone", "kind", "owner", "urgent", "amount"]


def open_cases(session: Any, actor: Any) -> dict[str, Any]:
    """A card with one figure."""
    return {"figures": [{"label": "New", "value": 3, "url": "/sample/cases/list/"}]}


def broken_card(session: Any, actor: Any) -> dict[str, Any]:
    """A card that fails: the page must stand all the same."""
    raise RuntimeError("broken on purpose")


def own_cases(actor: Any) -> Any:
    """What waits for a person: the cases that they work on."""
    return select(Case.id).where(Case.owner_id == actor.user_id, is_present(Case))


class Contribution:
    """What the sample contributes through the hooks of a plugin."""

    @staticmethod
    @hookimpl
    def register_categories() -> list[Category]:
        return [Category(name="sample", label="Sample", icon="flask", order=10)]

    @staticmethod
    @hookimpl
    def register_record_types() -> list[RecordType]:
        return [RecordType(model=Case, operations=CaseOperations, label="Case",
                           label_plural="Cases", view="sample.Case", endpoint="CaseView.show")]

    @staticmethod
    @hookimpl
    def register_screens() -> list[Screen]:
        return [
            Screen(view=CaseView, label="Cases", category="sample", icon="briefcase", order=1,
                   waiting=own_cases),
            Screen(view=KindView, label="Kinds", category="sample", icon="tags", order=2),
            Screen(view=NoteView, label="Notes", category="sample", icon="notes", order=3),
            Screen(view=PaperView, label="Papers", category="sample", icon="file", order=5),
            Screen(view=IntakeView, label="Intake", category="sample", icon="phone", order=4),
        ]

    @staticmethod
    @hookimpl
    def register_apis() -> list[Api]:
        return [Api(view=CaseApi), Api(view=PaperApi), Api(view=IntakeApi)]

    @staticmethod
    @hookimpl
    def register_cards() -> list[Card]:
        return [
            Card(name="sample.open", title="Open cases", view="sample.Case",
                 template="screens/home/card.html",
                 load=open_cases),
            Card(name="sample.broken", title="Broken", view="sample.Case", load=broken_card,
                 template="screens/home/card.html"),
        ]


TABLES = [Kind.__table__, Case.__table__, Note.__table__]
