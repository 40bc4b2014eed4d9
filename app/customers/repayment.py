"""How a loan is repaid (C4): when it has worsened, and the files that tell of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.customers.models import LOAN_STATES, RISK_CLASSES, Loan
from app.errors import Invalid, Rejected
from app.forms.definition import Kind
from app.i18n import N_, Message
from app.people.clock import local_today
from app.records.importing.fields import (
    REJECTED,
    SKIPPED,
    UPDATED,
    Importer,
    ImportField,
    ImportRow,
    Outcome,
    Problem,
)
from app.records.mixin import is_present
from app.records.operations import operations_of

STATUS_IMPORT = "customers.loan_status"
WATCHED = ("status", "overdue_days", "risk_class")
ACTIVE, OVERDUE, SETTLED = (value for value, _label in LOAN_STATES)
# Days from which a loan counts as one, two, three months behind (M1, M2, M3), and more.
_STEPS = (1, 31, 61, 91)
_CLASSES = tuple(value for value, _label in RISK_CLASSES)
_NO_LOAN = N_("There is no loan with this contract number.")


@dataclasses.dataclass(frozen=True, slots=True)
class Repayment:
    """How a loan stands.

    Attributes:
        status: ``active``, ``overdue`` or ``settled``.
        overdue_days: days by which the oldest instalment is late.
        risk_class: one of the five classes, or an empty text.
    """

    status: str
    overdue_days: int = 0
    risk_class: str = ""

    @property
    def steps(self) -> tuple[int, int, int]:
        """How far it is behind: overdue or not, months begun, class; each from 0 upwards."""
        months = sum(self.overdue_days >= step for step in _STEPS)
        place = _CLASSES.index(self.risk_class) if self.risk_class in _CLASSES else 0
        return int(self.status == OVERDUE), months, place


def has_worsened(before: Repayment, after: Repayment) -> bool:
    """Return whether a loan is further behind than it was, in any respect.

    A day more within the same month is no news; a settled loan has no problem any more.
    """
    return after.status != SETTLED and any(
        new > old for old, new in zip(before.steps, after.steps, strict=True))


def problems_of(values: Mapping[str, Any]) -> dict[str, Message]:
    """Return what stands against how a loan is said to stand, by column."""
    problems: dict[str, Message] = {}
    if values.get("overdue_days") is not None and values["overdue_days"] < 0:
        problems["overdue_days"] = Message(N_("Enter 0 or a number of days."))
    if values.get("status_on") and values["status_on"] > local_today():
        problems["status_on"] = Message(N_("This is still to come."))
    return problems


# --- files ---------------------------------------------------------------------------------------
def check_rows(
    session: Session, _actor: Actor, rows: Sequence[ImportRow]
) -> list[Problem]:
    """Name the rows of a status file whose loan is not there, or whose values cannot be."""
    known = _loans(session, rows)
    found: list[Problem] = []
    for row in rows:
        contract = row.values["contract"]
        if contract not in known:
            found.append(Problem(row.line, Message(_NO_LOAN), value=contract, field="contract"))
        found += [Problem(row.line, message, value=str(row.values[name]), field=name)
                  for name, message in problems_of(row.values).items()]
    return found


def write_rows(
    session: Session, actor: Actor, rows: Sequence[ImportRow], _on_existing: str
) -> list[Outcome]:
    """Write how loans stand; a row that is older than what is known changes nothing."""
    known = _loans(session, rows)
    return [_written(session, actor, known.get(row.values["contract"]), row) for row in rows]


def _loans(session: Session, rows: Sequence[ImportRow]) -> dict[str, Loan]:
    contracts = {row.values["contract"] for row in rows}
    return {loan.contract: loan for loan in session.scalars(
        select(Loan).where(Loan.contract.in_(contracts), is_present(Loan)))}


def _written(session: Session, actor: Actor, loan: Loan | None, row: ImportRow) -> Outcome:
    if loan is None:
        return Outcome(row.line, REJECTED, Message(_NO_LOAN))
    values = values_of_row(row.values)
    told_on = values.get("status_on")
    if told_on and loan.status_on and told_on < loan.status_on:
        return Outcome(row.line, SKIPPED)
    operations = operations_of(Loan)
    if not operations.changing(loan, values):
        return Outcome(row.line, SKIPPED)
    try:
        operations.change(session, actor, loan, values)
    except Invalid as invalid:
        return Outcome(row.line, REJECTED, next(iter(invalid.errors.values())))
    except Rejected as refused:
        return Outcome(row.line, REJECTED, refused.message)
    return Outcome(row.line, UPDATED)


def values_of_row(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns that a row of a status file fills; the status may follow from the days.

    Args:
        given: values of the row; what it leaves open is not touched.
    """
    values = {name: value for name, value in given.items()
              if name != "contract" and value not in (None, "")}
    if "status" not in values and "overdue_days" in values:
        values["status"] = OVERDUE if values["overdue_days"] > 0 else ACTIVE
    if values.get("status") in (ACTIVE, SETTLED):
        values.setdefault("overdue_days", 0)
    return values


STATUS_IMPORTER = Importer(
    name=STATUS_IMPORT, title=N_("Status of loans"), view="core.Loan",
    key=("contract",), write=write_rows, check=check_rows,
    fields=(
        ImportField(name="contract", label=N_("Contract number"), required=True, length=40,
                    aliases=("合同号", "合同编号", "贷款合同号", "Contract")),
        ImportField(name="status", label=N_("Status"), kind=Kind.CHOICE, choices=LOAN_STATES,
                    aliases=("状态", "还款状态", "贷款状态"),
                    words={"正常": ACTIVE, "正常还款": ACTIVE, "还款中": ACTIVE, "逾期": OVERDUE,
                           "已逾期": OVERDUE, "结清": SETTLED, "已结清": SETTLED,
                           "current": ACTIVE, "closed": SETTLED}),
        ImportField(name="overdue_days", label=N_("Days overdue"), kind=Kind.INTEGER,
                    aliases=("逾期天数", "DPD")),
        ImportField(name="risk_class", label=N_("Risk class"), kind=Kind.CHOICE,
                    choices=RISK_CLASSES, aliases=("五级分类", "风险分类"),
                    words={"正常": "normal", "关注": "attention", "次级": "substandard",
                           "可疑": "doubtful", "损失": "loss"}),
        ImportField(name="status_on", label=N_("Status of the day"), kind=Kind.DATE,
                    aliases=("状态日期", "数据日期", "截止日期")),
    ),
)
