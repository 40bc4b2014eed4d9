"""The screens on which an import is taken back."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import delete, func, select

from app.customers.models import Customer
from app.database import write
from app.records.importing.models import WrittenImport
from app.sdk.services import update
from tests.integration.admin.withdrawing import CUSTOMERS, import_file

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

TEXT = "Name,Phone,Address\n王小明,13800009991,长江路1号\n李丽,13800009992,长江路2号\n"


def there(house) -> int:
    house.session.rollback()
    return house.session.scalar(select(func.count()).select_from(Customer).where(
        Customer.address.startswith("长江路"), Customer.deleted_at.is_(None)))


def test_from_the_import_by_way_of_a_look_to_the_deed(house, desk, work):
    job = import_file(house, CUSTOMERS, TEXT)
    page, supervisor = f"/imports/runs/{job.id}", desk("supervisor")
    assert "Take back this import" in supervisor.get(page).text
    changed = house.session.scalar(select(Customer).where(Customer.name == "李丽"))
    key, name = changed.id, str(changed)
    update(house.session, house.actor("supervisor"), changed, {"address": "长江路22号"})

    looked = supervisor.send(f"/imports/withdrawals/of/{job.id}").location
    assert "Waiting for a worker" in supervisor.get(looked).text
    work()
    text = supervisor.get(looked).text
    assert re.findall(r"<strong>(\d+)</strong><span>([^<]+)</span>", text) == [
        ("1", "Will be removed"), ("0", "Get the values of before"), ("1", "Stay as they are")]
    assert f'href="/customers/show/{key}">{name}</a>' in text
    assert "Somebody has changed it since." in text and there(house) == 2

    done = supervisor.send(f"{looked}/carry-out").location
    assert supervisor.send(f"{looked}/carry-out").location == done, "pressed twice, done once"
    work()
    text = supervisor.get(done).text
    assert ("1", "Removed") in re.findall(r"<strong>(\d+)</strong><span>([^<]+)</span>", text)
    assert there(house) == 1
    text = supervisor.get(page).text
    assert "This import has been taken back." in text and f'href="{done}"' in text
    assert "Take back this import" not in text
    refused = supervisor.send(f"/imports/withdrawals/of/{job.id}")
    assert refused.location == page


def test_an_import_of_before_says_that_it_cannot_be_taken_back(house, desk):
    job = import_file(house, CUSTOMERS, TEXT)
    with write(house.session):
        house.session.execute(delete(WrittenImport))
    page = desk("supervisor").get(f"/imports/runs/{job.id}").text
    assert "This import cannot be taken back" in page and "Take back this import" not in page
    assert desk("supervisor").send(f"/imports/withdrawals/of/{job.id}").status_code == 404


def test_nobody_else_takes_it_back(house, desk, work):
    job = import_file(house, CUSTOMERS, TEXT)
    supervisor = desk("supervisor")
    looked = supervisor.send(f"/imports/withdrawals/of/{job.id}").location
    work()
    admin, agent = desk("admin"), desk("agent")
    assert "Take back this import" not in admin.get(f"/imports/runs/{job.id}").text
    assert admin.send(f"/imports/withdrawals/of/{job.id}").status_code == 403
    assert admin.send(f"{looked}/carry-out").status_code == 403
    for status in (agent.send(f"/imports/withdrawals/of/{job.id}").status_code,
                   agent.get(looked).status_code, agent.send(f"{looked}/carry-out").status_code):
        assert status in (302, 403, 404)
    assert there(house) == 2


def test_a_check_of_a_file_is_no_import_to_take_back(house, desk):
    job = import_file(house, CUSTOMERS, TEXT, mode="check")
    page = desk("supervisor").get(f"/imports/runs/{job.id}").text
    assert "taken back" not in page and "Take back" not in page
