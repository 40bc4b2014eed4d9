"""Complaints by the hundred thousand, for load tests: rows as Core tuples, everything indexed."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.sdk.demo import DemoContext
from app.sdk.metrics import recounting
from app.sdk.models import Customer, Department, Staff, Team
from app.sdk.services import (
    SYSTEM,
    Course,
    ManyClocks,
    index_many,
    next_numbers,
    record_act,
    reserve_ids,
    search_document,
    utcnow,
    workflow_in_force,
    write,
)
from plugins.complaints.models import Category, Cause, Channel, Complaint
from plugins.complaints.synthetic_history import Courses
from plugins.complaints.workflow import NAME

BATCH = 5000
OPEN_SHARE = 0.06
_CLOSED_AFTER = dt.timedelta(days=9)


def load_many(context: DemoContext, count: int, stories: Sequence[tuple[str, ...]]) -> int:
    """Add generated complaints in batches.

    They hold a number, a search document and a version of the workflow each, the open ones
    their clocks, and one entry of the audit trail for each batch: what was done is "generated",
    not "registered by a person".

    Args:
        context: see ``app.sdk.demo``.
        count: how many.
        stories: what happened, demand, codes of category, cause and department.
    """
    session = context.session
    maker = _Maker(session, context.random("bulk"), stories)
    done = 0
    while done < count:
        size = min(BATCH, count - done)
        with write(session):
            _batch(session, maker, size)
        done += size
        if done % 50_000 == 0 or done == count:
            context.echo(f"{done} of {count} complaints")
    return done


def _batch(session: Session, maker: _Maker, size: int) -> None:
    by_year: dict[int, list[tuple[dict[str, Any], Course]]] = {}
    for row, course in maker.rows(size):
        year = (row["received_at"] + dt.timedelta(hours=8)).year
        by_year.setdefault(year, []).append((row, course))
    for made in by_year.values():
        rows = [row for row, _ in made]
        numbers = next_numbers(session, Complaint, len(rows), at=rows[0]["received_at"])
        for row, number in zip(rows, numbers, strict=True):
            row["number"] = number
        ids = reserve_ids(session, Complaint, len(rows))
        for row, pk in zip(rows, ids, strict=True):
            row["id"] = pk
        with recounting(session, Complaint, ids):
            session.execute(insert(Complaint.__table__), rows)
        index_many(session, [
            (Complaint.__record_type__, pk, row["number"], row["subject"],
             search_document(Complaint, row))
            for pk, row in zip(ids, rows, strict=True)
        ])
        maker.clocks.store({row["id"]: course for row, course in made}, maker.now)
    record_act(session, SYSTEM, "generate", record_type=Complaint.__record_type__,
               changes={"count": size})


class _Maker:
    """Makes rows with ids of lists that exist."""

    def __init__(
        self, session: Session, random_: random.Random, stories: Sequence[tuple[str, ...]]
    ) -> None:
        self.random, self.stories = random_, stories
        self.workflow_id = workflow_in_force(session, NAME)

        def ids(model: Any) -> dict[str, int]:
            return {row.code: row.id for row in session.execute(select(model.code, model.id))}

        self.channels = list(ids(Channel).values())
        self.categories, self.causes = ids(Category), ids(Cause)
        self.departments = ids(Department)
        self.teams = session.execute(select(Team.id, Team.department_id)).all()
        self.staff = session.execute(
            select(Staff.user_id, Staff.team_id, Staff.branch_id, Staff.number)
            .where(Staff.team_id.is_not(None))
        ).all()
        self.customers = session.execute(
            select(Customer.id, Customer.name, Customer.phone).order_by(Customer.id).limit(5000)
        ).all()
        self.team_department = {team.id: team.department_id for team in self.teams}
        self.now = utcnow()
        self.clocks = ManyClocks(session, Complaint.__record_type__)
        self.courses = Courses(self.clocks, random_, self.now)

    def rows(self, size: int) -> list[tuple[dict[str, Any], Course]]:
        """Return rows without numbers, each with its clocks."""
        return [self._row() for _ in range(size)]

    def _row(self) -> tuple[dict[str, Any], Course]:
        random_ = self.random
        story = random_.choice(self.stories)
        owner = random_.choice(self.staff)
        customer = random_.choice(self.customers)
        is_open = random_.random() < OPEN_SHARE
        facts = {
            "severity": random_.choices(("minor", "normal", "serious", "critical"),
                                        (30, 50, 17, 3))[0],
            "rule_book": random_.choices(("house", "cn_cbirc_2020", "cn_cars_warranty"),
                                         (6, 3, 1))[0],
        }
        if is_open:
            state, received, course = self.courses.one(facts)
        else:
            age = dt.timedelta(minutes=random_.randrange(_CLOSED_AFTER.days * 1440, 1460 * 1440))
            state, received, course = "archived", self.now - age, Course(None, ())
        return {
            "version": 1, "created_at": received, "updated_at": received, "extra": {},
            "subject": story[0][:60].rstrip("。"), "customer_id": customer.id,
            "customer_name": customer.name, "contact": customer.phone, "reason": story[0],
            "demand": story[1], "received_at": received, "receiver_number": owner.number,
            "channel_id": random_.choice(self.channels),
            "category_id": self.categories[story[2]], "cause_id": self.causes[story[3]],
            "responsible_department_id": self.departments[story[4]], **facts,
            "owner_id": owner.user_id, "team_id": owner.team_id,
            "branch_id": owner.branch_id,
            "department_id": self.team_department.get(owner.team_id),
            "state": state, "is_open": is_open, "workflow_id": self.workflow_id,
            "due_at": course.due_at,
            "satisfaction": "" if is_open else random_.choice(("satisfied", "fair")),
            "closed_at": None if is_open else received + _CLOSED_AFTER,
            "resolved_at": None if is_open else received + dt.timedelta(days=7),
            "product": random_.choice(("新车贷", "二手车贷", "以租代购", "车主信用贷")),
            "region": random_.choice(("上海", "广东", "浙江", "江苏", "四川", "湖北", "北京")),
        }, course
