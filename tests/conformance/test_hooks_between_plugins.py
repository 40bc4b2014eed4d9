"""What the tutorial's plugin offers to others, and what it puts on the pages of customers."""

from __future__ import annotations

import re

import pytest

from app.access.actor import SYSTEM
from app.customers.models import Customer
from app.database import utcnow
from app.jobs.outbox import deliver_due
from app.jobs.runner import EXTENSION as RUNTIME
from app.sdk.abilities import call, has_ability
from app.sdk.records import act, create, link, links_of
from tests.conformance.test_documents import GUIDE


@pytest.fixture
def customer(visits):
    return create(visits.session, SYSTEM, Customer, {"name": "王小明"})


@pytest.fixture
def known(visits, customer):
    """A visit of a customer, registered on the page of the customer."""
    return call(visits.session, visits.actor("agent"), "visits.register",
                {"visitor": "王小明", "customer_id": customer.id}, origin=customer)


def page_of(visits, customer, username="agent"):
    return visits.client(username).get(
        f"/customers/show/{customer.id}", headers={"Accept-Language": "en"}).text


def test_hook_register_abilities(visits, customer, known):
    assert has_ability("visits.register", visits.actor("agent"))
    assert not has_ability("visits.register", visits.actor("hr"))
    assert (known.visitor, known.customer_id) == ("王小明", customer.id)


def test_hook_register_link_kinds(visits, known):
    other = create(visits.session, visits.actor("agent"), type(known), {"visitor": "韩梅梅"})
    link(visits.session, visits.actor("agent"), known, other, "visits.companion")
    found = links_of(visits.session, visits.actor("agent"), other)
    assert [(one.label, one.summary.number) for one in found] == [("Came with", known.number)]


def test_hook_register_record_chips(visits, customer):
    assert "In the house" not in page_of(visits, customer)
    call(visits.session, visits.actor("agent"), "visits.register",
         {"visitor": "王小明", "customer_id": customer.id})
    assert "In the house" in page_of(visits, customer)
    assert "In the house" not in page_of(visits, customer, "tangli")


def test_hook_register_record_facts(visits, customer, known):
    assert f"<dt>Last visit</dt><dd>{known.number}</dd>" in page_of(visits, customer)


def test_hook_register_record_columns(visits, customer, known):
    client = visits.client("agent")
    assert "visits.last" in client.get("/customers/columns").text
    listed = client.get(f"/customers/list/?visits.last__is={known.number}").text
    assert customer.name in listed
    assert customer.name not in client.get("/customers/list/?visits.last__is=V-none").text


def test_hook_register_record_actions(visits, customer):
    address = f"/abilities/visits.register?origin=customers.customer:{customer.id}"
    assert address in page_of(visits, customer)
    assert address not in page_of(visits, customer, "leader")


def test_hook_register_events(visits, host):
    event = host.named("register_events", "visits.left")
    assert [field.name for field in event.fields] == ["result"]


def test_hook_register_suggestions(visits, known):
    client = visits.client("agent")
    token = re.search('name="csrf-token" content="([^"]+)"', client.get("/").text).group(1)
    sent = {"csrf_token": token, "text": "王小明", "record": "visits.visit"}
    found = client.post("/suggestions/visits.Visit", data=sent)
    assert f"visits.earlier/{known.id}" in found.text and known.number in found.text
    other = client.post("/visits/add", data={
        "csrf_token": token, "visitor": "韩梅梅",
        "suggestion_answered": f"visits.earlier/{known.id}"})
    assert other.status_code == 302
    [companion] = [one for one in links_of(visits.session, visits.actor("agent"), known)
                   if one.kind == "visits.companion"]
    assert companion.summary.title == "韩梅梅"


def test_hook_register_timeline(visits, customer, known):
    agent = visits.actor("agent")
    act(visits.session, agent, known, "receive", {}, known.version)
    create_purpose(visits, known)
    act(visits.session, agent, known, "finish", {"result": "试驾"}, known.version)
    deliver_due(visits.session, utcnow(), visits.app.extensions[RUNTIME].handlers)
    page = page_of(visits, customer)
    assert "came to the showroom" in page and "left: 试驾" in page


def create_purpose(visits, visit):
    """Give a visit what it needs to be finished."""
    from plugins.visits.models import Purpose

    from app.sdk.services import update

    purpose = visits.session.query(Purpose).filter_by(code="buy").one()
    visits.session.rollback()
    update(visits.session, SYSTEM, visit, {"purpose_id": purpose.id, "phone": "13812345678"})


def test_the_code_about_working_together_runs(visits, customer):
    """Each block of the section goes on with what the blocks before it have made."""
    parts = re.split(r"^## ", GUIDE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    [part] = [part for part in parts if part.startswith("Working together\n")]
    blocks = re.findall(r"^```python\n(.*?)^```$", part, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 6
    names = {"session": visits.session, "actor": visits.actor("agent"),
             "customer_id": customer.id}
    for block in blocks:
        exec(compile(block, str(GUIDE), "exec"), names)
