"""What a declaration of fields shows without a line of HTML; runs among the new plugin's tests."""

from __future__ import annotations

import re

import pytest
from plugins.drives import models

PAGES = {
    "the list with its chips": "/list/?driver__contains=甲",
    "a list sorted and filtered by a date in words": "/list/?created_at__period=this_month",
    "the filter menu": "/filters",
    "the column menu": "/columns",
    "the form of a saved view": "/views/form",
    "counts of saved views": "/views/counts",
    "the panel beside the list": "/peek/{id}",
    "the dialog that deletes": "/delete/{id}",
    "the recycle bin": "/bin/",
    "the next record": "/step/{id}/next",
    "people to be named": "/people/{id}?q=陈",
    "an export as CSV": "/export/csv",
    "an export as XLSX": "/export/xlsx",
}


@pytest.fixture
def record(house, who):
    """One of the supervisor's."""
    values = {"driver": "王小明 甲", "phone": "13812345678", "interest": "high"}
    if hasattr(models.TestDrive, "state"):
        from plugins.drives.services import register

        return register(house.session, who("supervisor"), values)
    from app.sdk.services import create

    return create(house.session, who("supervisor"), models.TestDrive, values)


@pytest.fixture
def client(house, record):
    return house.client("supervisor")


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_it_has(client, record, path):
    answer = client.get("/drives" + path.format(id=record.id))
    assert answer.status_code in (200, 302), answer.status_code


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


def test_records_with_steps_have_a_board_and_a_calendar(client, record):
    if not hasattr(record, "state"):
        return
    for mode in ("board", "calendar"):
        assert client.get(f"/drives/list/?mode={mode}&all=1").status_code == 200
    assert record.number in client.get("/drives/list/?mode=board&all=1").text


def test_it_is_read_in_from_files_by_its_form(client, record):
    link = re.search(r'href="(/imports/records\.[^"]+)"', client.get("/drives/list/").text)
    assert link, "the list offers no import"
    assert client.get(link[1]).status_code == 200
    template = client.get(f"{link[1]}template/csv")
    assert template.status_code == 200 and "电话" in template.text
