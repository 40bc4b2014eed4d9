"""Drills: who observes, what the checklist is worth, what stays."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from app.forms.store import form_by_code
from app.sdk.errors import Invalid, Rejected
from app.sdk.forms import FormVersion, Item, ItemKind, Level, Part, ScoredForm, published
from app.sdk.people import local_today
from app.sdk.records import act, actions, create, update
from app.sdk.services import write
from plugins.training.drills import checklist
from plugins.training.drills.models import Drill
from plugins.training.drills.operations import OBSERVE

SEEN = {"greeting": "A", "identity": "B", "listening": "C", "closing": "A", "script": "A",
        "answers": "B", "advice": "先核对身份"}


def drill(house, observer="supervisor", learner="agent", days=0, **values) -> Drill:
    """Arrange a drill of an agent."""
    return create(house.session, house.actor(observer), Drill, {
        "subject": "回访话术", "owner_id": house.actor(learner).user_id,
        "held_on": local_today() + dt.timedelta(days=days), **values})


def names(house, username: str, record: Drill) -> list[str]:
    """Return what somebody can do with a drill now."""
    return [one.name for one in actions(house.session, house.actor(username), record)
            if one.blocked is None]


def test_whoever_arranges_it_observes_and_the_points_are_those_of_the_form(house):
    made = drill(house)
    assert made.observer_id == house.actor("supervisor").user_id
    act(house.session, house.actor("supervisor"), made, OBSERVE, SEEN)
    # 10 + 20/2 + 0 + 15 + 20 + 20/2, as the levels of the form say.
    assert made.points == 65 and made.observed_at is not None
    assert made.answers["advice"] == "先核对身份"


@pytest.mark.parametrize(("values", "field"), [
    ({"greeting": ""}, "greeting"), ({"script": "Z"}, "script"),
])
def test_a_checklist_is_answered_as_a_whole(house, values, field):
    made = drill(house)
    with pytest.raises(Invalid) as refused:
        act(house.session, house.actor("supervisor"), made, OBSERVE, {**SEEN, **values})
    assert field in refused.value.errors and made.observed_at is None


def test_only_the_observer_and_who_looks_after_drills_go_through_the_checklist(house):
    made = drill(house, observer="leader", observer_id=house.actor("supervisor").user_id)
    assert names(house, "supervisor", made) == names(house, "hr", made) == [OBSERVE]
    assert names(house, "agent", made) == []
    # A colleague who is named observes without further rights.
    peer = drill(house, observer="leader", observer_id=house.actor("linna").user_id)
    assert names(house, "linna", peer) == [OBSERVE]


def test_nobody_observes_themselves(house):
    with pytest.raises(Invalid) as refused:
        drill(house, observer_id=house.actor("agent").user_id)
    assert "observer_id" in refused.value.errors
    own = drill(house, learner="supervisor")
    assert own.observer_id is None and names(house, "supervisor", own) == []


def test_what_lies_ahead_is_not_observed_and_what_was_seen_stays(house):
    ahead, held = drill(house, days=1), drill(house)
    assert names(house, "supervisor", ahead) == []
    act(house.session, house.actor("supervisor"), held, OBSERVE, SEEN)
    assert names(house, "supervisor", held) == []
    with pytest.raises(Rejected):
        update(house.session, house.actor("supervisor"), held, {"subject": "其他"})


def test_a_new_version_of_the_checklist_changes_no_drill(house):
    held = drill(house)
    act(house.session, house.actor("supervisor"), held, OBSERVE, SEEN)
    shorter = ScoredForm("Checklist", "观察表", (Part("All", "全部", (
        Item("calm", ItemKind.LEVELS, "Keeps calm", "保持冷静", weight=Decimal(100), levels=(
            Level("A", Decimal(100), "Yes", "是"), Level("B", Decimal(0), "No", "否"))),)),))
    with write(house.session):
        draft = form_by_code(house.session, checklist.CHECKLIST)
        house.session.add(FormVersion(
            form_id=draft.id, number=2, content=shorter.to_dict(),
            content_hash=shorter.content_hash()))
    assert published(house.session, held.checklist_id).form.item("greeting") is not None
    later = drill(house)
    act(house.session, house.actor("supervisor"), later, OBSERVE, {"calm": "A"})
    assert later.points == 100 and held.points == 65


def test_items_of_every_kind_are_read_as_the_form_says(house):
    """An admin may count, and may ask for something only where it matters."""
    counted = ScoredForm("Checklist", "观察表", (Part("All", "全部", (
        Item("calm", ItemKind.LEVELS, "Keeps calm", "保持冷静", weight=Decimal(60), levels=(
            Level("A", Decimal(60), "Yes", "是"), Level("B", Decimal(0), "No", "否"))),
        Item("why", ItemKind.TEXT, "Why not", "原因", required=True, shown_item="calm",
             shown_code="B"),
        Item("praised", ItemKind.PER_UNIT, "Times thanked", "致谢次数", weight=Decimal(40),
             unit_points=Decimal(10)))),))
    with write(house.session):
        draft = form_by_code(house.session, checklist.CHECKLIST)
        house.session.add(FormVersion(
            form_id=draft.id, number=2, content=counted.to_dict(),
            content_hash=counted.content_hash()))
    made, supervisor = drill(house), house.actor("supervisor")
    for values, wrong in (({"calm": "A", "praised": "often"}, "praised"),
                          ({"calm": "B", "praised": "1"}, "why")):
        with pytest.raises(Invalid) as refused:
            act(house.session, supervisor, made, OBSERVE, values)
        assert set(refused.value.errors) == {wrong}
    act(house.session, supervisor, made, OBSERVE, {"calm": "A", "why": "-", "praised": "2"})
    assert made.points == 80 and "why" not in made.answers


def test_the_page_shows_what_was_seen_and_colleagues_do_not_see_it(house):
    held = drill(house)
    act(house.session, house.actor("supervisor"), held, OBSERVE, SEEN)
    page = house.client("supervisor").get(f"/training/drills/show/{held.id}").text
    assert "先核对身份" in page and "65" in page
    assert house.client("linna").get(f"/training/drills/show/{held.id}").status_code == 404
