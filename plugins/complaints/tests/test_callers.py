"""Who calls, and whether they called before: numbers in every spelling, times, hints, once only."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.sdk.models import Customer
from app.sdk.services import create, find_by_phone, search_filter
from plugins.complaints.models import Complaint
from plugins.complaints.services import likely_duplicates
from plugins.complaints.tests.helpers import registered

SPELLINGS = ("13812345678", "138 1234 5678", "138-1234-5678", "+86 13812345678", "013812345678",
             "１３８１２３４５６７８")


@pytest.mark.parametrize("written", SPELLINGS)
def test_a_caller_is_known_however_the_number_is_written(house, written):
    agent = house.actor("agent")
    customer = create(house.session, agent, Customer, {"name": "王小明", "phone": written})
    earlier = registered(house, contact=written)
    assert customer.phone == earlier.contact == "13812345678"
    for spelling in SPELLINGS:
        assert find_by_phone(house.session, agent, spelling) == customer, spelling
        assert likely_duplicates(house.session, agent, contact=spelling) == [earlier], spelling
        found = house.session.scalars(
            select(Complaint).where(search_filter(house.session, Complaint, spelling))).all()
        assert found == [earlier], spelling
