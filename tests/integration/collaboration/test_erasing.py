"""What plugins say against deleting a customer stands against an erasure as well."""

from __future__ import annotations

import pytest

from app.customers.models import Customer
from app.customers.privacy.obstacles import erasure_refusal
from app.errors import Rejected
from app.host.hookspecs import hookimpl
from app.sdk.records import act
from app.sdk.services import SYSTEM, create, update
from tests.integration.collaboration.conftest import plugin


def test_a_plugin_keeps_a_customer_from_being_erased(house):
    customer = create(house.session, house.actor("agent"), Customer, {"name": "王小明"})

    @hookimpl
    def check_delete(record):
        if isinstance(record, Customer) and record.remarks:
            return "A card of this customer is still out."
        return None

    def ask():
        act(house.session, house.actor("supervisor"), customer, "erase", {"reason": "本人要求"})

    with plugin("cards", {"check_delete": check_delete}):
        assert erasure_refusal(house.session, customer) is None
        update(house.session, SYSTEM, customer, {"remarks": "out"}, customer.version)
        with pytest.raises(Rejected, match="still out"):
            ask()
    ask()
