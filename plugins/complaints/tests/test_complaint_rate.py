"""The complaint rate: own complaints over customers served, as an admin has defined it."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from sqlalchemy import select

from app.customers.contact_models import Contact
from app.customers.models import Customer
from app.host.host import current_host
from app.metrics.served import (
    CONTACTED,
    FIELD,
    NAME,
    SERVED_CUSTOMERS,
    definition_form,
    served,
    served_by,
)
from app.sdk.metrics import Period, figures, figures_by, metrics_by_name, named_period
from app.sdk.services import create, utcnow, write
from app.settings.models import PluginSettings
from app.settings.services import save_settings, saved_settings
from plugins.complaints import metrics
from plugins.complaints.cards import month
from plugins.complaints.summary import summary
from plugins.complaints.tests.helpers import put, registered

RATE = metrics.BY_NAME["complaints.complaint_rate"]
TODAY = Period(first=dt.date(2020, 1, 1), last=dt.date(2990, 1, 1))


@pytest.fixture
def contacted(house):
    """Two customers with contact by the agent, one of them twice, one tried in vain; a complaint."""
    session = house.session
    people = [create(session, house.actor("agent"), Customer,
                     {"name": f"客户{number}", "phone": f"1390000100{number}"}).id
              for number in range(3)]
    by, other = (house.actor(name).user_id for name in ("agent", "liuyang"))
    with write(session):
        session.query(Contact).delete()
        session.add_all(
            Contact(customer_id=customer, channel="phone", purpose="service", reached=reached,
                    at=utcnow(), by_id=who)
            for customer, reached, who in (
                (people[0], True, by), (people[0], True, other), (people[1], True, by),
                (people[2], False, by)))
    registered(house)
    _define(house, CONTACTED)
    return house


def _define(house, *names: str) -> None:
    form = definition_form(house.session)
    _, version = saved_settings(house.session, form)
    save_settings(house.session, house.actor("admin"), form, {FIELD: list(names)}, version)


def _rate(house, username: str = "admin", **asked):
    found = figures(house.session, house.actor(username), [RATE], TODAY, **asked)[RATE.name]
    return found.numerator, found.denominator, found.value


@pytest.mark.both_databases
def test_by_default_everybody_with_a_case_or_contact_counts_once(contacted):
    """The customers who complained were served, whether or not somebody called them back."""
    session, agent = contacted.session, contacted.actor("agent")
    with write(session):
        session.query(PluginSettings).filter_by(name=NAME).delete()
    assert definition_form(session).fields[0].default == (SERVED_CUSTOMERS,)
    _define(contacted, SERVED_CUSTOMERS)
    known, other = session.scalars(select(Customer).order_by(Customer.id.desc()).limit(2))
    # Two with contact, and the caller of the fixture's complaint, who is no customer yet.
    assert _rate(contacted)[:2] == (1, 3)
    registered(contacted, customer_id=other.id)  # with contact already
    registered(contacted, customer_id=known.id)  # tried in vain, and now a case
    enquiry = current_host().record_type("enquiries.enquiry").model
    create(session, agent, enquiry, {"question": "几点开门？", "customer_id": known.id})
    assert _rate(contacted)[:2] == (3, 4)
    each = figures_by(session, contacted.actor("admin"), [RATE], "person", TODAY)
    assert each[agent.user_id][RATE.name].denominator == 4
    put(contacted, registered(contacted), source=metrics.REGISTER)
    assert _rate(contacted)[:2] == (3, 4)


@pytest.mark.both_databases
def test_customers_with_contact_count_once_each(contacted):
    assert _rate(contacted) == (1, 2, 50.0)
    found = figures(contacted.session, contacted.actor("admin"), [RATE], TODAY)[RATE.name]
    assert found.served == ("customers with contact",)


def test_a_number_that_may_be_old_is_each_persons_own_and_goes_with_the_definition(contacted):
    """Home lets the number stand a while; the figures of a period are always those of now."""
    minute, session = dt.timedelta(minutes=1), contacted.session
    assert _rate(contacted, served_age=minute)[1] == 2
    [missed] = session.scalars(select(Contact).where(Contact.reached.is_(False)))
    with write(session):
        missed.reached = True
    assert _rate(contacted, served_age=minute)[1] == 2
    assert _rate(contacted)[1] == 3
    assert _rate(contacted, "liuyang", served_age=minute)[1] == _rate(contacted, "liuyang")[1]
    assert _rate(contacted, served_age=dt.timedelta(microseconds=1))[1] == 3
    _define(contacted, "enquiries.received")
    assert _rate(contacted, served_age=minute)[1] == 0


def test_the_definition_is_an_admins_and_several_add_up(contacted):
    _define(contacted, CONTACTED, "enquiries.received")
    found = figures(contacted.session, contacted.actor("admin"), [RATE], TODAY)[RATE.name]
    assert found.served == ("customers with contact", "enquiries received")
    _define(contacted, "enquiries.received")
    assert _rate(contacted)[1:] == (0, None)


def test_the_page_offers_what_plugins_name_and_keeps_the_choice(contacted):
    client = contacted.client("admin")
    page = client.get("/customers-served/", headers={"Accept-Language": "en"}).text
    for title in ("customers with contact", "callbacks finished", "enquiries received",
                  "loan applications received"):
        assert title in page, title
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
    seen = re.search(r'name="seen" value="(\d+)"', page)[1]
    answer = client.post("/customers-served/", data={
        "csrf_token": token, "seen": seen, FIELD: ["callbacks.finished"]})
    assert answer.status_code == 302
    assert contacted.session.get(PluginSettings, NAME).content[FIELD] == ["callbacks.finished"]
    assert contacted.client("supervisor").get("/customers-served/").status_code in (302, 403)


def test_what_is_not_in_force_is_kept_and_makes_the_rate_unknown(contacted):
    _define(contacted, CONTACTED)
    with write(contacted.session):
        contacted.session.get(PluginSettings, NAME).content = {FIELD: [CONTACTED, "gone.visits"]}
    _define(contacted, CONTACTED, "gone.visits")
    assert _rate(contacted) == (1, None, None)
    with contacted.app.test_request_context(headers={"Accept-Language": "en"}):
        lines = summary(contacted.session, contacted.actor("admin"), {"period": "all"})[0][1]
        [line] = [one for one in lines if one.metric is RATE]
        assert line.now.text == "not available" and not line.now.url
        card = month(contacted.session, contacted.actor("admin"))
        assert card["figures"][-1]["value"] == "not available"


def test_the_page_and_the_card_say_what_it_is_a_rate_of(contacted):
    with contacted.app.test_request_context(headers={"Accept-Language": "en"}):
        lines = summary(contacted.session, contacted.actor("admin"), {"period": "all"})[0][1]
        [line] = [one for one in lines if one.metric is RATE]
        card = month(contacted.session, contacted.actor("admin"))["figures"][-1]
    assert line.now.of == "1 of 2 (customers with contact)"
    assert card["value"] == "50.0 %" and "1 of 2 (customers with contact)" in card["label"]
    client = contacted.client("admin")
    for url in (line.now.url, card["url"]):
        assert len(set(re.findall(r'data-row="(\d+)"', client.get(url).text))) == 1


def test_the_register_is_no_work_of_the_house(contacted):
    put(contacted, registered(contacted), source=metrics.REGISTER)
    assert _rate(contacted) == (1, 2, 50.0) == _rate(contacted, origin="")
    assert _rate(contacted, origin=metrics.REGISTER) == (1, None, None)


def test_a_person_has_a_rate_of_their_own_and_appraisals_may_name_it(contacted):
    agent = contacted.actor("agent").user_id
    assert RATE.name in metrics_by_name(personal=True)
    assert _rate(contacted, person=agent) == (1, 2, 50.0)
    each = figures_by(contacted.session, contacted.actor("admin"), [RATE], "person", TODAY)
    assert each[agent][RATE.name].denominator == 2
    # Contacts know neither team nor branch: a part of the customers would be no denominator.
    teams = figures_by(contacted.session, contacted.actor("admin"), [RATE], "team", TODAY)
    assert {one[RATE.name].value for one in teams.values()} == {None}


@pytest.mark.both_databases
def test_everybody_counts_contacts_in_their_reach(contacted):
    session = contacted.session
    numbers = {name: served(session, contacted.actor(name), TODAY).number
               for name in ("admin", "agent", "mengdie")}
    assert numbers["admin"] == 2 and numbers["agent"] == 2 and numbers["mengdie"] == 0


@pytest.mark.both_databases
def test_a_measure_is_counted_by_team_and_person(contacted):
    _define(contacted, "callbacks.finished")
    period = named_period("this_month")
    for dimension in ("team", "department", "person", "month"):
        found = served_by(contacted.session, contacted.actor("admin"), dimension, period)
        assert found.numbers is not None, dimension
    assert served_by(contacted.session, contacted.actor("admin"), "branch", period).numbers is None


def test_who_had_no_complaint_has_a_rate_of_none_of_so_many(contacted):
    other = contacted.actor("liuyang").user_id
    nobody = contacted.actor("hr").user_id
    each = figures_by(contacted.session, contacted.actor("admin"), [RATE], "person", TODAY,
                      wanted=[other, nobody])
    for person, whole, value in ((other, 1, 0.0), (nobody, 0, None)):
        found = each[person][RATE.name]
        assert (found.numerator, found.denominator, found.value) == (0, whole, value)
        assert found.served == ("customers with contact",)
        alone = figures(contacted.session, contacted.actor("admin"), [RATE], TODAY, person=person)
        assert alone[RATE.name] == found
