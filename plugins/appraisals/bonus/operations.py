"""By which rules a bonus table is compiled, reviewed and approved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.errors import Rejected
from app.sdk.people import holders_of
from app.sdk.records import AvailableAction, Done
from app.sdk.services import Actor, is_present, notice_kinds, utcnow, write
from app.sdk.workflow import Message
from plugins.appraisals.access import BONUS
from plugins.appraisals.bonus.models import BonusLine, BonusReader, BonusTable
from plugins.appraisals.choices import APPROVED, DRAFT, RELEASED, REVIEWED
from plugins.appraisals.consequences.models import Consequence
from plugins.appraisals.cycles.models import Cycle
from plugins.appraisals.referrals.rewards import take_rewards
from plugins.appraisals.rules.money import ROUNDED, Step, bonus
from plugins.appraisals.rules.periods import YEAR
from plugins.appraisals.shared import WrittenBySteps, tell_people
from plugins.appraisals.sheets.models import Sheet

REVIEW, APPROVE = "review", "approve"
_POSTS = {DRAFT: "compensation", REVIEWED: "managers_office"}


class BonusTableOperations(WrittenBySteps):
    """Operations on bonus tables: compiled by HR, reviewed and approved by two others."""

    def compile(self, session: Session, actor: Actor, cycle: Cycle) -> BonusTable:
        """Make the table of a released cycle.

        Args:
            session: session without unsaved changes, or within a write.
            actor: who compiles it.
            cycle: the cycle.

        Raises:
            Rejected: the cycle is not released, has a table, or there is nothing to pay.
        """
        with write(session):
            sheets = session.scalars(select(Sheet).where(
                Sheet.cycle_id == cycle.id, Sheet.status == RELEASED,
                Sheet.final_score.is_not(None), Sheet.quota > 0, is_present(Sheet))
                .order_by(Sheet.id)).all()
            if cycle.status != RELEASED or table_of(session, cycle.id) is not None:
                raise Rejected(Message(N_("This is not possible in the present state.")))
            made = self._insert(session, actor, {
                "cycle_id": cycle.id, "compiled_by_id": actor.user_id}, "")
            cuts = _cuts(session, cycle)
            rewards = take_rewards(session, actor, made)
            if not sheets and not rewards:
                raise Rejected(Message(
                    N_("No released sheet has a bonus quota, and no reward is to be paid.")))
            for sheet in sheets:
                found = bonus(
                    sheet.quota, sheet.final_score or Decimal(0), cuts.get(sheet.owner_id, ()))
                # A person with two sheets in a spot check is paid a reward once.
                reward = rewards.pop(sheet.owner_id or 0, Decimal(0))
                amount = found.amount + reward
                added = [("referral", reward), ("total", amount)] if reward else []
                session.add(BonusLine(
                    table_id=made.id, sheet_id=sheet.id, user_id=sheet.owner_id, amount=amount,
                    steps=_calibration(sheet)
                    + [[step.name, written(step)] for step in found.steps]
                    + [[name, f"{value:.2f}"] for name, value in added]))
            # Whoever has no quota in this cycle has a line of rewards alone.
            for user_id, reward in sorted(rewards.items()):
                session.add(BonusLine(
                    table_id=made.id, user_id=user_id, amount=reward,
                    steps=[["referral", f"{reward:.2f}"], ["total", f"{reward:.2f}"]]))
            session.flush()
            total = session.scalar(select(func.sum(BonusLine.amount)).where(
                BonusLine.table_id == made.id))
            self.store(session, actor, made, {"total": Decimal(str(total))})
            self._pass_on(session, actor, made)
            return made

    def actions(
        self, session: Session, actor: Actor, record: BonusTable
    ) -> Sequence[AvailableAction]:
        """Return the review or the approval, for whoever acts in the post."""
        post = _POSTS.get(record.status)
        if record.is_away or post is None or actor.user_id not in _acting(session, post):
            return ()
        blocked = Message(N_("Another person has to do this than before.")) if actor.user_id in (
            record.compiled_by_id, record.reviewed_by_id) else None
        if record.status == DRAFT:
            return [AvailableAction(name=REVIEW, label=N_("Mark as reviewed"), icon="eye-check",
                                    primary=True, blocked=blocked,
                                    permission=("can_show", BONUS))]
        return [AvailableAction(name=APPROVE, label=N_("Approve"), icon="circle-check",
                                primary=True, blocked=blocked, permission=("can_show", BONUS),
                                confirm=N_("Approve this bonus table?"))]

    def carry_out(
        self, session: Session, actor: Actor, record: BonusTable, name: str,
        values: Mapping[str, Any],
    ) -> Done:
        """Review or approve."""
        if name == REVIEW:
            self.store(session, actor, record, {
                "status": REVIEWED, "reviewed_by_id": actor.user_id, "reviewed_at": utcnow()})
            self._pass_on(session, actor, record)
            return Done(Message(N_("The bonus table is reviewed.")))
        self.store(session, actor, record, {
            "status": APPROVED, "approved_by_id": actor.user_id, "approved_at": utcnow()})
        return Done(Message(N_("The bonus table is approved.")))

    def _pass_on(self, session: Session, actor: Actor, record: BonusTable) -> None:
        people = _acting(session, _POSTS[record.status])
        known = set(session.scalars(select(BonusReader.user_id).where(
            BonusReader.table_id == record.id)))
        session.add_all(BonusReader(table_id=record.id, user_id=one)
                        for one in sorted(people - known))
        session.flush()
        tell_people(session, people, notice_kinds.WAITING, N_("A bonus table waits for you."),
                    record=record, by=actor.user_id)


def table_of(session: Session, cycle_id: int) -> BonusTable | None:
    """Return the bonus table of a cycle, or ``None``."""
    return session.scalar(select(BonusTable).where(
        BonusTable.cycle_id == cycle_id, is_present(BonusTable)))


def written(step: Step) -> str:
    """Return the figure of a step without needless zeros; the amount with its two places."""
    return f"{step.value:.2f}" if step.name == ROUNDED else f"{step.value.normalize():f}"


def lines_of(session: Session, table_id: int) -> list[BonusLine]:
    """Return the lines of a bonus table, in order."""
    return list(session.scalars(
        select(BonusLine).where(BonusLine.table_id == table_id).order_by(BonusLine.id)))


def _calibration(sheet: Sheet) -> list[list[str]]:
    """Return how a score that was calibrated came about, as the first steps of a calculation."""
    if sheet.calibrated_points is None:
        return []
    return [["signed", f"{sheet.score:.2f}"], ["calibrated", f"{sheet.calibrated_points:+.2f}"]]


def _acting(session: Session, post: str) -> set[int]:
    return {one.user_id for one in holders_of(session, post)}


def _cuts(session: Session, cycle: Cycle) -> dict[int | None, list[Decimal]]:
    """Return what a year's bonuses lose by consequences of its months, by user."""
    found: dict[int | None, list[Decimal]] = {}
    if cycle.kind != YEAR:
        return found
    rows: Iterable[Any] = session.execute(
        select(Consequence.subject_id, Consequence.bonus_cut)
        .join(Sheet, Sheet.id == Consequence.sheet_id).where(
            Consequence.bonus_cut > 0, Consequence.state != "dropped", is_present(Consequence),
            Sheet.starts_on >= cycle.starts_on, Sheet.starts_on < cycle.ends_on))
    for user_id, cut in rows:
        found.setdefault(user_id, []).append(cut)
    return found
