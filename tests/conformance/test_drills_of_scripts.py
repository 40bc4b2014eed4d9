"""A script of callbacks is practised from its page: training arranges the drill."""

from __future__ import annotations

from sqlalchemy import select

from app.sdk.abilities import call
from app.sdk.people import local_today
from app.sdk.records import links_of
from plugins.callbacks.models import Script
from plugins.training.collaboration import ARRANGE_DRILL
from plugins.training.drills.models import Drill


def test_a_script_is_practised_from_its_page_and_both_lead_to_each_other(house):
    supervisor = house.actor("supervisor")
    script = house.session.scalars(select(Script).order_by(Script.id).limit(1)).one()
    client = house.client("supervisor")
    page = client.get(f"/callbacks/scripts/show/{script.id}").text
    assert ARRANGE_DRILL in page
    made = call(house.session, supervisor, ARRANGE_DRILL, {
        "subject": script.name, "owner_id": house.actor("agent").user_id, "method": "script",
        "held_on": local_today()}, origin=script)
    assert isinstance(made, Drill)
    [there] = links_of(house.session, supervisor, made)
    assert there.record_id == script.id
    assert made.number in client.get(f"/callbacks/scripts/show/{script.id}").text
    assert script.number in client.get(f"/training/drills/show/{made.id}").text
