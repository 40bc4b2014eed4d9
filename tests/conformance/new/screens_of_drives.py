"""What a declaration of fields shows without a line of HTML; runs among the new plugin's tests."""

from __future__ import annotations

import io
import re

import pytest
from plugins.drives import models

from app.sdk.models import Customer
from app.sdk.services import SYSTEM, attachments, create

HAS_STEPS = hasattr(models.TestDrive, "state")
# Address, and what stands there: "{number}" for the number of the record.
PAGES = {
    "the list with its chips": ("/list/?driver__contains=甲", 'data-chip="driver"', "{number}"),
    "a list without what does not fit": ("/list/?driver__contains=乙", "empty-state"),
    "a date filtered in words": ("/list/?created_at__period=this_month", "{number}"),
    "the filter menu": ("/filters", 'data-filter-column="interest"', 'data-filter-column="owner"'),
    "the column menu": ("/columns", 'value="insured"', 'name="density"'),
    "the form of a saved view": ("/views/form", 'name="title"'),
    "counts of saved views": ("/views/counts?all=1", "view-count", ">1<"),
    "the panel beside the list": ("/peek/{id}", "{number}", "王小明 甲"),
    "the dialog that deletes": ("/delete/{id}", 'name="version"', "王小明 甲"),
    "an empty recycle bin": ("/bin/", "empty-state"),
    "an export as CSV": ("/export/csv", "{number}", "138****5678"),
}


@pytest.fixture
def record(house, who):
    """One of the supervisor's."""
    values = {"driver": "王小明 甲", "phone": "13812345678", "interest": "high",
              "order_number": "DD-1",
              "wanted_at": models.TestDrive.__table__.c.created_at.default.arg(None)}
    return create(house.session, who("supervisor"), models.TestDrive, values)


@pytest.fixture
def client(house, record):
    return house.client("supervisor")


@pytest.fixture
def send(client):
    """Post a form with the token of a page."""
    token = client.get("/").text.split('name="csrf-token" content="', 1)[1].split('"', 1)[0]

    def post(path, **data):
        return client.post(f"/drives{path}", data={"csrf_token": token, **data})

    return post


def hidden(page):
    """Return the hidden fields of a page, each with all its values."""
    found = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page):
        found.setdefault(name, []).append(value)
    found.pop("csrf_token", None)
    return found


def fresh(house, record):
    """Return the record as it is now."""
    # A transaction that is still open would see what it saw before.
    house.session.rollback()
    house.session.expire_all()
    return house.session.get(models.TestDrive, record.id)


@pytest.mark.parametrize(("path", "shown"), [(path, shown) for path, *shown in PAGES.values()],
                         ids=PAGES)
def test_it_has(client, record, path, shown):
    answer = client.get("/drives" + path.format(id=record.id))
    assert answer.status_code == 200
    for text in shown:
        assert text.format(number=record.number, id=record.id) in answer.text, text


def test_it_has_an_export_as_a_workbook(client):
    answer = client.get("/drives/export/xlsx")
    assert answer.status_code == 200 and answer.data.startswith(b"PK")


def test_it_has_a_way_to_the_next_record(client, send, record):
    send("/add", driver="李四", phone="13900000000", order_number="DD-2")
    answer = client.get(f"/drives/step/{record.id + 1}/next")
    assert answer.status_code == 302 and f"/drives/show/{record.id}" in answer.location


def test_it_names_the_people_who_see_it(client, record):
    people = client.get(f"/drives/people/{record.id}?q=").json["people"]
    assert people and all(person["name"] for person in people)


def test_it_is_found_from_anywhere(client, record):
    for text in (record.number, "王小", "wxm", "5678"):
        assert record.number in client.get(f"/palette/records?q={text}").text, text


def test_its_page_has_what_a_record_has(client, record):
    page = client.get(f"/drives/show/{record.id}").text
    for part in ('id="timeline"', "data-files", "/drives/presence/", "data-edit", 'id="watch"',
                 "/drives/comment/", "/drives/step/"):
        assert part in page, part


def test_its_form_has_what_a_form_has(client):
    page = client.get("/drives/add").text
    for part in ("data-draft", "data-guard", "save-bar", 'name="interest"', 'name="remarks"'):
        assert part in page, part


def test_it_has_a_board_and_a_calendar(client, send, record):
    board = client.get("/drives/list/?mode=board&all=1").text
    assert record.number in board
    # What is done is left out while nothing is.
    lanes = ("new", "in_progress") if HAS_STEPS else ("high", "low")
    for lane in lanes:
        assert f'data-lane="{lane}"' in board, lane
    if not HAS_STEPS:
        send("/add", driver="未定", phone="13900000000", order_number="DD-3")
        assert 'data-lane=""' in client.get("/drives/list/?mode=board&all=1").text
    # The first date of the form: when the drive is wanted.
    assert record.number in client.get("/drives/list/?mode=calendar&all=1").text


def test_it_has_lists_of_whoever_looks(client, send, record, who):
    tabs = client.get("/drives/list/").text
    assert "view=mine" in tabs and "view=my_team" in tabs
    mine = client.get("/drives/list/?view=mine", follow_redirects=True).text
    assert (record.number in mine) is (record.owner_id == who("supervisor").user_id)
    assert record.number in client.get("/drives/list/?view=my_team", follow_redirects=True).text


def test_several_are_given_to_a_person_and_taken_back(house, client, send, record, who):
    page = client.get("/drives/list/").text
    assert "data-bulk-bar" in page and '"column": "owner"' in page
    before, agent = record.owner_id, who("agent").user_id
    preview = send("/bulk/edit", row=record.id, column="owner", step="preview", owner=agent)
    sent = hidden(preview.text)
    assert sent["step"] == ["confirmed"], preview.text
    send("/bulk/edit", **sent)
    assert fresh(house, record).owner_id == agent
    toast = client.get("/drives/list/").text
    send("/undo", set=re.search(r'name="set" value="([^"]+)"', toast)[1])
    assert fresh(house, record).owner_id == before


def test_a_field_of_several_is_changed(house, client, send, record):
    sent = hidden(
        send("/bulk/edit", row=record.id, column="interest", step="preview", interest="low").text
    )
    send("/bulk/edit", **sent)
    assert fresh(house, record).interest == "low"


def test_who_may_not_edit_gives_nothing_away(house, record):
    page = house.client("hr").get("/drives/list/")
    assert page.status_code in (302, 403, 404) or '"column": "owner"' not in page.text


def test_a_cell_and_a_fact_are_changed_in_their_place(house, client, send, record):
    assert 'data-inline="phone"' in client.get("/drives/list/").text
    send(f"/cell/{record.id}/phone", phone="13911112222", version=record.version)
    assert fresh(house, record).phone == "13911112222"
    version = fresh(house, record).version
    send(f"/fact/{record.id}/model", model="电动 5 系", version=version)
    assert fresh(house, record).model == "电动 5 系"


def test_of_two_who_save_the_second_sees_both_versions(house, client, send, record):
    version = record.version
    send(f"/edit/{record.id}", driver="张三", phone=record.phone,
         order_number="DD-1", version=version)
    answer = send(f"/edit/{record.id}", driver="李四", phone=record.phone,
                  order_number="DD-1", version=version)
    assert answer.status_code == 409
    assert "张三" in answer.text and "李四" in answer.text
    assert fresh(house, record).driver == "张三"


def test_it_is_deleted_and_restored(client, send, record):
    send(f"/delete/{record.id}", version=record.version)
    client.get("/")
    assert record.number not in client.get("/drives/list/?all=1").text
    assert record.number in client.get("/drives/bin/").text
    send(f"/restore/{record.id}")
    assert record.number in client.get("/drives/list/?all=1").text


def test_a_list_is_kept_as_a_view(client, send, record):
    send("/views/save?interest__in=high", title="意向高")
    page = client.get("/drives/list/?all=1").text
    assert "意向高" in page
    kept = re.search(r"view=(\d+)", page)[1]
    assert record.number in client.get(f"/drives/list/?view={kept}", follow_redirects=True).text


def test_it_is_read_in_from_files_by_its_form(client, record):
    link = re.search(r'href="(/imports/records\.[^"]+)"', client.get("/drives/list/").text)
    assert link, "the list offers no import"
    assert client.get(link[1]).status_code == 200
    template = client.get(f"{link[1]}template/csv")
    assert template.status_code == 200 and "电话" in template.text


def test_several_choices_a_file_and_a_record_are_kept_and_shown(house, client, send, record):
    customer = create(house.session, SYSTEM, Customer, {"name": "李雷", "phone": "13700000000"})
    send(f"/files/{record.id}", files=(io.BytesIO(b"text"), "驾照.txt"))
    [licence] = attachments(house.session, fresh(house, record))
    page = client.get(f"/drives/edit/{record.id}").text
    assert "快充" in page and "驾照.txt</option>" in page
    assert 'data-select-url="/api/v1/pick/number/customers.customer"' in page
    sent = {"driver": "王小明 甲", "order_number": "DD-1", "extras": ["", "sound", "parking"],
            "licence": licence.id, "recommended_by": customer.number.lower(),
            "version": fresh(house, record).version}
    assert send(f"/edit/{record.id}", **sent).status_code == 302
    kept = fresh(house, record)
    assert (kept.extras, kept.licence, kept.recommended_by) == (
        ["parking", "sound"], licence.id, customer.number)
    page = client.get(f"/drives/show/{record.id}").text
    assert "自动泊车, 音响" in page and "驾照.txt</a>" in page
    assert f"{customer.number} 李雷</a>" in page
    listed = client.get("/drives/list/?all=1&extras__in=sound").text
    assert record.number in listed
    assert record.number not in client.get("/drives/list/?all=1&extras__in=charging").text


def test_its_api_refuses_a_choice_that_does_not_exist(client, record):
    token = client.get("/").text.split('name="csrf-token" content="', 1)[1].split('"', 1)[0]
    answer = client.post("/api/v1/drives/", headers={"X-CSRFToken": token}, json={
        "driver": "李四", "phone": "13900000000", "order_number": "DD-4",
        "interest": "boundless"})
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["interest"]
