"""The screen of the audit trail: searched, read only, checked, exported."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sqlalchemy import update

from app.access.audit import record_act
from app.access.models import AuditEntry
from app.database import write
from plugins.complaints.tests.helpers import registered


@pytest.fixture
def entries(house) -> None:
    """Two acts of two people."""
    with write(house.session):
        record_act(
            house.session, house.actor("agent"), "update", record_type="core.customer",
            record_id=1, number="KH-1", changes={"name": ["<i>甲</i>", "乙"]}, reason="改名",
        )
        record_act(house.session, house.actor("supervisor"), "lend_out", number="X-9",
                   changes={"to": "=cmd()"})


def newest(house, action: str) -> AuditEntry:
    return (
        house.session.query(AuditEntry).filter_by(action=action)
        .order_by(AuditEntry.id.desc()).first()
    )


def test_entries_show_before_and_after_and_are_searched(desk, entries):
    admin = desk("admin")
    page = admin.get("/audit/").text
    assert "<del>&lt;i&gt;甲&lt;/i&gt;</del>" in page and "<ins>乙</ins>" in page and "改名" in page
    assert "KH-1" in page and "lend out" in page
    found = {
        "number=KH-1": True, "number=KH-2": False, "person=李": True, "action=lend_out": False,
        "since=2020-01-01&until=2020-01-02": False, "since=2020-01-01": True,
        "record_type=core.customer": True, "person=%25": False,
    }
    for query, expected in found.items():
        assert ("&lt;i&gt;甲" in admin.get(f"/audit/?{query}").text) is expected, query


def test_kinds_of_comment_are_told_in_words(desk, house):
    with write(house.session):
        record_act(house.session, house.actor("agent"), "comment", record_type="core.customer",
                   record_id=1, number="KH-7", changes={"comment": 3, "kind": "progress"})
        record_act(house.session, house.actor("agent"), "export", number="KH-8",
                   changes={"kind": ["xlsx", "csv"]})
    admin = desk("admin")
    page = admin.get("/audit/?number=KH-7").text
    assert "Progress told to the customer" in page and ">progress<" not in page
    assert "xlsx" in admin.get("/audit/?number=KH-8").text


def test_pages_follow_without_gaps(desk, house):
    with write(house.session):
        for place in range(120):
            record_act(house.session, house.actor("agent"), "count", number=f"N{place:03}")
    admin = desk("admin")
    seen, address = [], "/audit/?action=count"
    while address:
        page = admin.get(address).text
        seen += [number for place in range(120) if (number := f"N{place:03}") in page]
        older = re.search(r'href="([^"]+)"[^>]*>Older<', page)
        address = unescape(older[1]) if older else ""
    assert sorted(seen) == [f"N{place:03}" for place in range(120)]


def test_checking_says_whether_the_chain_holds(desk, house, entries):
    admin = desk("admin")
    admin.send("/audit/verify")
    assert "The audit trail holds." in admin.get("/audit/").text
    assert newest(house, "verify_audit").changes["breaks"] == []
    altered = newest(house, "update")
    house.session.execute(
        update(AuditEntry).where(AuditEntry.id == altered.id).values(changes={"name": ["a", "b"]})
    )
    house.session.commit()
    admin.send("/audit/verify")
    assert f"altered at these entries: {altered.id}" in admin.get("/audit/").text


def test_export_is_noted_and_harmless(desk, house, entries):
    answer = desk("admin").get("/audit/export?action=lend_out")
    text = answer.data.decode("utf-8-sig")
    assert "X-9" in text and "KH-1" not in text and ",=cmd" not in text
    assert newest(house, "export").changes == {"action": "lend_out"}


def test_a_step_is_told_without_what_only_its_undoing_needs(desk, house):
    registered(house)
    page = desk("admin").get("/audit/?action=transition").text
    assert "<time" in page and "State" in page and "Log<" not in page


def test_who_may_not_and_what_cannot_be(desk, entries):
    supervisor, admin = desk("supervisor"), desk("admin")
    for path in ("/audit/", "/audit/export"):
        assert supervisor.get(path).status_code == 403
    assert supervisor.send("/audit/verify").status_code == 403
    assert admin.get("/audit/verify").status_code == 405
    for query in ("since=yesterday", "before=x", "before=-1", "until=9999-12-31",
                  "since=0001-01-01", "before=²"):
        assert admin.get(f"/audit/?{query}").status_code == 400, query
    assert admin.get("/audit/?person=%00").status_code == 400


def test_the_sign_in_log_and_the_operation_log_are_ready_filters(desk, house, entries):
    admin = desk("admin")
    signs, operations = admin.get("/audit/sign-ins/").text, admin.get("/audit/operations/").text
    assert "Signed in" in signs and "KH-1" not in signs
    assert "KH-1" in operations
    rows = re.search(r"<tbody>(.*)</tbody>", operations, re.S)[1]
    assert "Signed in" not in rows
    assert 'value="sign_in"' in signs and 'value="sign_in"' not in operations
    text = admin.get("/audit/sign-ins/export").data.decode("utf-8-sig")
    assert "Signed in" in text and "KH-1" not in text
    for path in ("/audit/sign-ins/", "/audit/operations/", "/audit/operations/export"):
        assert desk("supervisor").get(path).status_code == 403
    # Checking the chain belongs to the whole trail alone.
    assert admin.send("/audit/sign-ins/verify").status_code == 403


def test_denials_are_noted_once_a_minute(desk, house):
    supervisor = desk("supervisor")
    for _ in range(3):
        assert supervisor.get("/audit/?person=x").status_code == 403
    assert supervisor.get("/customers/show/999999").status_code == 404
    assert supervisor.get("/nothing-of-that-name").status_code == 404
    denied = house.session.query(AuditEntry).filter_by(action="denied").all()
    assert [(one.changes["address"], one.changes["status"]) for one in denied] == [
        ("/audit/", 403), ("/customers/show/999999", 404)]
    assert {one.actor_name for one in denied} == {house.actor("supervisor").name}
    page = desk("admin").get("/audit/?action=denied").text
    assert "/customers/show/999999" in page and denied[0].number not in page


def test_entries_speak_the_language_of_the_page(desk, house):
    with write(house.session):
        record_act(house.session, house.actor("agent"), "file_add", record_type="people_absence",
                   number="X", changes={"reason": ["", "b"], "sha256": "c"})
    admin = desk("admin")
    admin.send("/account/language", {"locale": "zh"})
    page = admin.get("/audit/?action=file_add").text
    assert "添加了文件" in page and "请假" in page and "校验值" in page and "sha256" not in page
