"""All that the shipped plugins add to a page of another part costs three statements together."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from app.host.host import current_host
from plugins.complaints.tests.helpers import registered
from tests.integration.collaboration.conftest import without

MOST = 3
PAGES = ("/customers/show/{customer}", "/customers/list/", "/complaints/show/{complaint}",
         "/complaints/list/")


@pytest.mark.parametrize("page", PAGES)
def test_all_plugins_together_cost_a_page_three_statements(house, customer, statements, page):
    complaint = registered(house, customer_id=customer.id)
    address = page.format(customer=customer.id, complaint=complaint.id)
    own = address.split("/")[1]
    client = house.client("admin")

    def cost() -> tuple[int, int]:
        """Return how many statements the page takes, and how many abilities it offers."""
        client.get(address)
        house.session.rollback()
        statements.clear()
        answer = client.get(address)
        assert answer.status_code == 200
        return len(statements), answer.text.count('"/abilities/')

    together, offered = cost()
    with ExitStack() as stack:
        for plugin in reversed(current_host().active_manifests):
            if plugin.name != own:
                stack.enter_context(without(plugin.name))
        assert {one.name for one in current_host().loaded} <= {"core", own}
        alone, left = cost()
    # On the page of a record the plugins do add something, or the count would say nothing.
    assert offered > left or "/show/" not in page
    assert alone <= together <= alone + MOST, (alone, together)
