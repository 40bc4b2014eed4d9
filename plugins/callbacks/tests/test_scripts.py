"""Scripts: drafted, approved by somebody else, in force one at a time."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.sdk.errors import Invalid, Rejected
from app.sdk.services import act, create, update
from plugins.callbacks import initial_data, script_text
from plugins.callbacks.models import Script
from plugins.callbacks.services import script_for
from plugins.callbacks.tests.helpers import planned

TEXT = "[service: level] 您满意吗？\n-> end"


@pytest.fixture
def draft(house) -> Script:
    """A second version of the script after delivery, by an administrator."""
    return create(house.session, house.actor("admin"), Script,
                  {"name": "交车回访", "code": "delivery", "text": TEXT})


def test_the_scripts_of_the_product_are_in_force_once(house):
    count = select(func.count()).select_from(Script)
    before = house.session.scalar(count)
    initial_data.load(house.session)
    assert house.session.scalar(count) == before == len(initial_data.SCRIPTS)
    assert script_for(house.session, "renewal", "en").edition == 1


def test_a_new_version_takes_the_place_of_the_earlier_one(house, draft):
    earlier, supervisor = script_for(house.session, "delivery", "zh"), house.actor("supervisor")
    assert draft.edition == 2
    act(house.session, supervisor, draft, "approve")
    assert draft.approver_id == supervisor.user_id
    assert script_for(house.session, "delivery", "zh") is earlier
    act(house.session, supervisor, draft, "put_in_force")
    assert script_for(house.session, "delivery", "zh") is draft
    assert earlier.state == "retired"
    assert script_for(house.session, "delivery", "en") is not None


def test_nobody_approves_what_they_wrote(house):
    own = create(house.session, house.actor("supervisor"), Script,
                 {"name": "交车回访", "code": "delivery", "text": TEXT})
    with pytest.raises(Rejected):
        act(house.session, house.actor("supervisor"), own, "approve")


def test_nor_what_they_changed(house, draft):
    update(house.session, house.actor("supervisor"), draft, {"name": "交车"})
    with pytest.raises(Rejected):
        act(house.session, house.actor("supervisor"), draft, "approve")


def test_an_approved_text_is_not_changed(house, draft):
    act(house.session, house.actor("supervisor"), draft, "approve")
    with pytest.raises(Rejected, match="new version"):
        update(house.session, house.actor("admin"), draft, {"text": TEXT + "\n"})


def test_a_new_version_begins_with_the_text_of_this_one(house):
    current = script_for(house.session, "workshop", "zh")
    act(house.session, house.actor("supervisor"), current, "new_version")
    made = house.session.scalars(
        select(Script).where(Script.code == "workshop", Script.state == "draft")).one()
    assert (made.edition, made.text, made.language) == (2, current.text, "zh")


@pytest.mark.parametrize(("text", "reason"), [
    ("您满意吗？", "begin with a question"), ("", "no question"),
    ("\n".join(f"[q{number}: text] ?" for number in range(9)), "may ask 9 questions"),
])
def test_what_is_no_script_is_refused(house, text, reason):
    with pytest.raises(Invalid, match=reason):
        create(house.session, house.actor("supervisor"), Script,
               {"name": "x", "code": "x", "text": text})


def test_a_callback_takes_a_script_in_force_only(house, draft):
    with pytest.raises(Invalid, match="in force"):
        planned(house, script_id=draft.id)


@pytest.mark.parametrize("path", ["scripts/list/", "scripts/add", "outcome-rules/list/",
                                  "outcome-rules/add"])
def test_pages_of_the_supervisor_open(house, path):
    assert house.client("supervisor").get(f"/callbacks/{path}").status_code == 200


def test_the_page_of_a_script_draws_its_ways_and_offers_correction_calls(house):
    found = script_for(house.session, "delivery", "zh")
    page = house.client("supervisor").get(f"/callbacks/scripts/show/{found.id}").text
    tree = page.split('id="tree-title"', 1)[1].split("</section>", 1)[0]
    questions = script_text.read(found.text).questions
    assert all(one.text.splitlines()[0] in tree for one in questions)
    assert f"/callbacks/corrections/add?script={found.id}" in page


def test_an_agent_reads_scripts_and_writes_none(house):
    found = script_for(house.session, "delivery", "zh")
    client = house.client("agent")
    page = client.get(f"/callbacks/scripts/show/{found.id}")
    assert page.status_code == 200 and "tree-title" in page.text
    assert client.get("/callbacks/scripts/add").status_code in (302, 403, 404)
