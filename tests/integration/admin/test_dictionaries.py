"""The screen of dictionaries: values with order, colour and names; retired ones stay on records."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.access.models import AuditEntry
from app.records.dictionaries import (
    BadEntry,
    arrange_entries,
    entries_of,
    retire_entry,
    save_entry,
    uses_of,
)
from plugins.complaints.models import Category, Channel, Complaint

PAGE = "/dictionaries/complaints.category"


@pytest.fixture
def values(house) -> dict[str, int]:
    """Keys of three categories by code; no others are there."""
    held = {}
    for code, name, name_zh in (("fees", "Fees", "费用"), ("repair", "Repair", "维修"),
                                ("other", "Other", "其他")):
        known = house.session.scalar(select(Category).where(Category.code == code))
        held[code] = known.id if known else save_entry(
            house.session, house.actor("admin"), Category, None,
            {"code": code, "name": name, "name_zh": name_zh})
    return held


def codes(house) -> list[str]:
    house.session.expire_all()
    return [one.code for one in entries_of(house.session, Category)]


def digest(house, key: int) -> str:
    return next(one for one in entries_of(house.session, Category) if one.id == key).digest()


def test_a_value_is_added_changed_coloured_and_noted(house, desk, values):
    admin = desk("admin")
    admin.send(f"{PAGE}/new", {"name_zh": "催收", "name": "", "code": "", "colour": "bad"})
    added = house.session.scalar(select(Category).where(Category.name_zh == "催收"))
    assert (added.code, added.name, added.colour) == ("cui_shou", "催收", "bad")
    page = admin.get(PAGE).text
    assert 'class="badge tone-bad"' in page and "cui_shou" in page
    key = added.id
    answer = admin.send(f"{PAGE}/{key}", {
        "name_zh": "催收", "name": "Dunning", "colour": "warn", "seen": digest(house, key)})
    assert answer.status_code == 302
    entry = house.session.scalar(
        select(AuditEntry).where(AuditEntry.record_type == "complaints.category",
                                 AuditEntry.action == "change"))
    assert entry.changes == {"name": ["催收", "Dunning"], "colour": ["bad", "warn"]}
    assert "Complaint categories" in admin.get("/audit/?number=cui_shou").text


def test_what_cannot_be_is_said_at_the_field(house, desk, values):
    admin = desk("admin")
    answer = admin.send(f"{PAGE}/new", {"name_zh": "", "name": "", "colour": ""})
    assert answer.status_code == 422 and "A value needs a name." in answer.text
    answer = admin.send(f"{PAGE}/new", {"name": "Whatever", "code": "fees", "colour": ""})
    assert answer.status_code == 422 and "There is such a value already." in answer.text
    assert admin.send(f"{PAGE}/new", {"name": "x", "colour": "pink"}).status_code == 422
    # A stale form does not overwrite what somebody else has done.
    answer = admin.send(f"{PAGE}/{values['fees']}", {"name": "A", "colour": "", "seen": "old"})
    assert answer.status_code == 422 and "Somebody else has changed this value" in answer.text


def test_the_order_is_changed_by_button_and_by_dragging(house, desk, values):
    admin = desk("admin")
    before = codes(house)
    first, second = before[0], before[1]
    keys = {one.code: one.id for one in entries_of(house.session, Category)}
    answer = admin.send(f"{PAGE}/order", {"move": f"down {keys[first]}"})
    assert codes(house)[:2] == [second, first]
    # The button that was used keeps the focus.
    assert re.search(rf'value="down {keys[first]}"[^>]*data-focus-first',
                     admin.get(answer.location).text)
    admin.send(f"{PAGE}/order", {"key": [str(keys[code]) for code in reversed(before)]})
    assert codes(house) == before[::-1]
    assert admin.send(f"{PAGE}/order", {"move": "down 999999"}).status_code == 400
    assert admin.send(f"{PAGE}/order", {"move": f"aside {keys[first]}"}).status_code == 400
    noted = house.session.scalars(
        select(AuditEntry.action).where(AuditEntry.record_type == "complaints.category")).all()
    assert noted.count("reorder") == 2


def test_a_retired_value_stays_on_records_and_is_offered_no_more(house, desk, values):
    session, admin = house.session, house.actor("admin")
    complaint = house.session.scalar(select(Complaint)) or _complaint(house)
    complaint.category_id = values["repair"]
    session.commit()
    assert uses_of(session, Category)[values["repair"]] == 1
    desk("admin").send(f"{PAGE}/{values['repair']}/retire", {"retired": "1"})
    assert codes(house)[-1] == "repair"
    agent = desk("supervisor")
    options = agent.get("/complaints/options/category").json["options"]
    assert str(values["repair"]) not in {one["value"] for one in options}
    marked = agent.get("/complaints/options/category?retired=1").json["options"]
    label = next(one["label"] for one in marked if one["value"] == str(values["repair"]))
    assert label.endswith("(retired)")
    assert label.removesuffix(" (retired)") in agent.get(f"/complaints/show/{complaint.id}").text
    retire_entry(session, admin, Category, values["repair"], False)
    assert "repair" in codes(house)


def _complaint(house):
    from app.records.services import create
    from plugins.complaints.models import Complaint

    return create(house.session, house.actor("agent"), Complaint, {"reason": "x"})


def test_colours_are_badges_in_lists_at_the_next_click(house, desk, values):
    complaint = _complaint(house)
    complaint.category_id = values["fees"]
    house.session.commit()
    supervisor, admin = desk("supervisor"), desk("admin")
    page = f"/complaints/show/{complaint.id}"
    entry = next(one for one in entries_of(house.session, Category) if one.id == values["fees"])
    badge = re.compile(rf'tone-good">.*?{re.escape(entry.name)}</span>')
    assert not badge.search(supervisor.get(page).text)
    admin.send(f"{PAGE}/{entry.id}", {
        "name": entry.name, "name_zh": entry.name_zh, "colour": "good", "seen": entry.digest()})
    assert badge.search(supervisor.get(page).text)


def test_a_form_of_a_transition_offers_values(desk, values):
    options = desk("agent").get("/api/v1/pick/record/complaints.category").json["options"]
    assert str(values["fees"]) in {one["value"] for one in options}


def test_who_may_not(desk, values):
    supervisor, agent = desk("supervisor"), desk("agent")
    page = supervisor.get(PAGE)
    assert page.status_code == 200 and "New value" not in page.text
    for path in (f"{PAGE}/new", f"{PAGE}/{values['fees']}"):
        assert supervisor.get(path).status_code == 403
    for path in ("new", "order", f"{values['fees']}/retire"):
        assert supervisor.send(f"{PAGE}/{path}", {"retired": "1"}).status_code == 403, path
        assert agent.send(f"{PAGE}/{path}").status_code == 403
    assert agent.get(PAGE).status_code == 403
    admin = desk("admin")
    assert admin.get("/dictionaries/complaints.nothing").status_code == 404
    assert admin.get(f"{PAGE}/999999").status_code == 404
    assert admin.get(f"{PAGE}/order").status_code == 405
    assert admin.get("/dictionaries/").location.endswith("/dictionaries/people.post")


def test_order_of_unknown_and_missing_keys(house, values):
    session, admin = house.session, house.actor("admin")
    before = codes(house)
    arrange_entries(session, admin, Category, [999, values["other"], values["other"]])
    assert codes(house) == ["other", *(code for code in before if code != "other")]
    with pytest.raises(LookupError):
        save_entry(session, admin, Channel, 999_999, {"name": "x"})
    with pytest.raises(BadEntry):
        save_entry(session, admin, Channel, None, {"name": "x", "code": "y" * 61})


@pytest.mark.parametrize(("locale", "groups"), [
    ("zh", ["投诉管理", "组织"]), ("en", ["Complaints", "Organisation"])])
def test_lists_stand_below_headings_in_the_language_of_the_page(house, desk, locale, groups):
    admin = desk("admin")
    admin.send("/account/language", {"locale": locale})
    page = admin.get(PAGE).text
    found = re.findall(r'side-list-title">([^<]+)<', page)
    assert set(groups) <= set(found)
    assert [one for one in found if (re.search("[一-鿿]", one) is None) == (locale == "zh")] == []
