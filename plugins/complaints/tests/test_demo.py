"""Demo data look like the work of a department: every state is there, and few are late."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.admin.demo.customers import load as load_customers
from app.sdk.demo import DemoContext
from app.sdk.services import utcnow
from app.sdk.testing import PASSWORD
from plugins.complaints.demo import load
from plugins.complaints.models import Complaint
from plugins.complaints.workflow import STATES

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_every_state_is_there_and_few_are_late(house):
    context = DemoContext(house.session, house.app.config["CARELINE_SETTINGS"], 1, PASSWORD)
    load_customers(context)
    load(context)
    held = dict(map(tuple, house.session.execute(
        select(Complaint.state, func.count()).group_by(Complaint.state))))
    assert set(held) == {state.name for state in STATES}
    assert house.session.scalar(select(func.count()).where(Complaint.is_major)) > 0
    assert house.session.scalar(select(func.count()).where(Complaint.round > 1)) > 0
    is_open = house.session.scalar(select(func.count()).where(Complaint.is_open))
    late = house.session.scalar(
        select(func.count()).where(Complaint.is_open, Complaint.due_at < utcnow()))
    assert 0 < late < is_open / 4
