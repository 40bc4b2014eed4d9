"""The label of a related record is read by those alone who may see that record."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from app.access.scope import sees
from app.database import write
from app.screens.columns.columns import describe
from app.screens.columns.row_values import values_of_row
from app.screens.columns.seen_labels import label_parameters, seen_by, shown_to
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import registered

HIDDEN = "a record that you may not see"


@pytest.fixture
def merged(house):
    """Return complaints that were merged into one of the agent, one of the leader, and none."""
    mine, others, *merged = (registered(house) for _ in range(5))
    agent, leader = house.actor("agent"), house.actor("leader")
    with write(house.session):
        for one, owner in ((mine, agent), (others, leader)):
            house.session.execute(update(Complaint).where(Complaint.id == one.id).values(
                owner_id=owner.user_id, team_id=None, department_id=None))
        for one, target in zip(merged, (mine, others, None), strict=True):
            one.merged_into_id = target.id if target else None
    house.session.expire_all()
    assert sees(agent, mine) and not sees(agent, others)
    return mine, others, merged


def read(house, merged, username: str) -> list[str | None]:
    """Return what a person reads of where complaints were merged into, the same in both ways."""
    person, column = house.actor(username), describe(Complaint, "merged_into")
    found = []
    with house.app.test_request_context(headers={"Accept-Language": "en"}):
        for one in merged:
            once = house.session.scalar(
                values_of_row(Complaint.id, (seen_by(column, person).shown,)), {"key": one.id})
            built = house.session.scalar(
                values_of_row(Complaint.id, shown_to([column], person)),
                {"key": one.id, **label_parameters([column], person)})
            assert once == built
            found.append(built)
    return found


def test_a_label_out_of_sight_is_hidden_and_none_stays_none(house, merged):
    mine, _, complaints = merged
    shown, hidden, none = read(house, complaints, "agent")
    assert mine.number in shown and hidden == HIDDEN and none is None


def test_who_sees_every_record_reads_every_label_without_a_condition(house, merged):
    mine, others, complaints = merged
    first, second, none = read(house, complaints, "admin")
    assert mine.number in first and others.number in second and none is None
    column, admin = describe(Complaint, "merged_into"), house.actor("admin")
    assert shown_to([column], admin) == (column.shown,)
    assert label_parameters([column], admin) == {}
