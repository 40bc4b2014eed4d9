"""The mixin that turns a table into a record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy import Boolean, ColumnElement, ForeignKey, Integer, String, or_
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from app.access.scope_tables import ScopeRoles, ScopeTable
from app.access.sensitive.columns import JsonWithSensitive
from app.database import CodeString, UTCDateTime, utcnow
from app.jobs.hidden_rows import HIDDEN_BEFORE, mark_of_new_row, own_mark


def named(number: str, title: Any) -> str:
    """Return how a record is called: its number, and its title where it has one of its own."""
    return number if title in (None, "", number) else f"{number} {title}"


def is_present(model: Any) -> ColumnElement[bool]:
    """Return the condition of records that are neither in the recycle bin nor hidden.

    What an import has written and not yet revealed is there for the import itself.

    Args:
        model: class or alias with the ``Record`` mixin.
    """
    mark = own_mark()
    present = model.deleted_at.is_(None)
    return present if mark is None else or_(present, model.deleted_at == mark)


def is_binned(model: Any) -> ColumnElement[bool]:
    """Return the condition of records that lie in the recycle bin; hidden ones do not."""
    return model.deleted_at >= HIDDEN_BEFORE


class OfBranch:
    """The branch or project (项目) that a record is of; mix in beside ``Record``.

    A new record is of the branch of whoever works on it, else of whoever makes it; it stays so
    when somebody else takes it over. Figures are counted by it as by team and department.
    """

    @declared_attr
    def branch_id(cls) -> Mapped[int | None]:
        """Branch that the record is of."""
        return mapped_column(ForeignKey("people_branch.id"), index=True)

    @declared_attr
    @classmethod
    def branch(cls) -> Mapped[Any]:
        """The branch."""
        return relationship("Branch", foreign_keys=[cls.branch_id])


class Record:
    """Columns and class attributes of a record; mix into a subclass of ``Base``.

    Class attributes:
        __record_type__: stable name of the kind, e.g. ``complaints.complaint``.
        __number_prefix__: letters before year and counter, e.g. ``TS``.
        __number_gapless__: whether a rule demands numbers without gaps; they cost concurrent
            writers a wait for each other.
        __title_field__: column that names a record beside its number.
        __search_fields__: columns whose text is found by search. Sensitive columns are found
            without being named: by the whole value, numbers by their last four digits too.
        __name_fields__: columns beside the title with names of people, which are found by the
            initials of their pinyin; name them in ``__search_fields__``, too.
        __former_numbers_field__: column with the numbers of records that were merged into this
            one, which is found by them; name it in ``__search_fields__``, too.
        __untracked_fields__: columns whose changes are not part of the history.
        __receipt_field__: column with the moment at which the first clocks began, empty where
            there is none; a later correction moves those clocks.
        __scope_people__, __scope_teams__, __scope_departments__, __scope_roles__,
        __scope_tables__, __confidential__: who sees a record, see ``app.access.scope``.
        __place_later__: whether a job may make a record that belongs to nobody yet; System health
            and ``plugin doctor`` count such records, of every kind.
        __notifies_owner__: whether whoever is given a record gets a notice; not for what people
            work off from a queue.
        __notifies_changes__: whether those who follow a record hear of each change; not where its
            steps tell the people concerned.
    """

    __record_type__: ClassVar[str]
    __number_prefix__: ClassVar[str]
    __number_gapless__: ClassVar[bool] = False
    __title_field__: ClassVar[str] = "number"
    __search_fields__: ClassVar[tuple[str, ...]] = ()
    __name_fields__: ClassVar[tuple[str, ...]] = ()
    __former_numbers_field__: ClassVar[str] = ""
    __untracked_fields__: ClassVar[tuple[str, ...]] = (
        "id", "version", "created_at", "created_by_id", "updated_at", "updated_by_id",
    )
    __receipt_field__: ClassVar[str] = ""
    __scope_people__: ClassVar[tuple[str, ...]] = ("owner_id",)
    __scope_teams__: ClassVar[tuple[str, ...]] = ("team_id",)
    __scope_departments__: ClassVar[tuple[str, ...]] = ("department_id",)
    __scope_roles__: ClassVar[tuple[ScopeRoles, ...]] = ()
    __scope_tables__: ClassVar[tuple[ScopeTable, ...]] = ()
    __confidential__: ClassVar[bool] = False
    __place_later__: ClassVar[bool] = False
    __notifies_owner__: ClassVar[bool] = True
    __notifies_changes__: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    number: Mapped[str] = mapped_column(CodeString(24), unique=True)
    version: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    updated_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    # Not indexed: nearly all rows are not deleted, and SQLite would take such an index for lists.
    # Within an import a record is hidden from its first moment on; see ``app.jobs.hidden_rows``.
    deleted_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, default=mark_of_new_row)
    extra: Mapped[dict[str, Any]] = mapped_column(JsonWithSensitive, default=dict)

    @declared_attr
    def owner_id(cls) -> Mapped[int | None]:
        """User who works on the record."""
        return mapped_column(ForeignKey("ab_user.id"), index=True)

    @declared_attr
    def department_id(cls) -> Mapped[int | None]:
        """Department the record belongs to."""
        return mapped_column(ForeignKey("people_department.id"), index=True)

    @declared_attr
    def team_id(cls) -> Mapped[int | None]:
        """Team the record belongs to."""
        return mapped_column(ForeignKey("people_team.id"), index=True)

    @declared_attr
    def created_by_id(cls) -> Mapped[int | None]:
        """User who created the record."""
        return mapped_column(ForeignKey("ab_user.id"))

    @declared_attr
    def updated_by_id(cls) -> Mapped[int | None]:
        """User who changed the record last."""
        return mapped_column(ForeignKey("ab_user.id"))

    @declared_attr
    @classmethod
    def owner(cls) -> Mapped[Any]:
        """The owner as a user."""
        return relationship("User", foreign_keys=[cls.owner_id])

    @declared_attr
    @classmethod
    def department(cls) -> Mapped[Any]:
        """The department."""
        return relationship("Department", foreign_keys=[cls.department_id])

    @declared_attr
    @classmethod
    def team(cls) -> Mapped[Any]:
        """The team."""
        return relationship("Team", foreign_keys=[cls.team_id])

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        # Every UPDATE carries "WHERE version = ?": a lost update becomes an error, never silent.
        return {"version_id_col": cls.version}

    @property
    def is_away(self) -> bool:
        """Whether it lies in the recycle bin, or is hidden by an import that is not this one."""
        return self.deleted_at is not None and self.deleted_at != own_mark()

    @property
    def title(self) -> str:
        """Text that names the record beside its number."""
        return str(getattr(self, self.__title_field__) or "")

    def __str__(self) -> str:
        return named(self.number, self.title)


class SharedRecord(Record):
    """A record that everyone with the permission sees, whatever the department."""

    __scope_people__: ClassVar[tuple[str, ...]] = ()
    __scope_teams__: ClassVar[tuple[str, ...]] = ()
    __scope_departments__: ClassVar[tuple[str, ...]] = ()



class WorkflowRecord(Record):
    """A record that a workflow drives; nothing but the workflow engine writes ``state``.

    Class attributes:
        __clock_results__: by key of a clock the column that says whether its deadline was kept:
            ``kept``, ``missed``, or empty while it runs and where there is none. For lists and
            figures; name the columns in ``__untracked_fields__``.
        __clock_ends__: by key of a clock the column with the moment at which it ended first, as a
            response or a solution; for figures, like ``__clock_results__``.
    """

    __untracked_fields__: ClassVar[tuple[str, ...]] = (
        *Record.__untracked_fields__, "workflow_id", "is_open", "due_at",
    )
    __clock_results__: ClassVar[Mapping[str, str]] = {}
    __clock_ends__: ClassVar[Mapping[str, str]] = {}

    state: Mapped[str] = mapped_column(String(40), default="", index=True)
    is_open: Mapped[bool] = mapped_column(Boolean, default=True)
    # Earliest due time of all running clocks, kept by the deadline service for lists and sorting.
    due_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, index=True)

    @declared_attr
    def workflow_id(cls) -> Mapped[int | None]:
        """Version of the workflow that the record began with."""
        return mapped_column(ForeignKey("workflow_definition.id"))
