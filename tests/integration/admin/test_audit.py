"""The screen of the audit trail: searched, read only, checked, exported."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sqlalchemy import update

from app.access.audit import record_act
from app.access.models import AuditEntry
from app.database import write


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
