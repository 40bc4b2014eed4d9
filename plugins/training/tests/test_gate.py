"""The gate before an assignment: whom it stops, and where its sentence leads."""

from __future__ import annotations

import dataclasses
import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from app.sdk.importing import GOOD, SKIP, Import, Table, importers, suggest
from app.sdk.people import local_today
from app.sdk.services import settings_of
from plugins.training.certificates.models import Certificate
from plugins.training.duties.services import gate_refusal
from plugins.training.tests.helpers import certificate, course, duty


class Work:
    """A record of a kind with a gate."""

    __record_type__ = "complaints.complaint"


@pytest.fixture
def expired(house):
    """The key of an agent whose compulsory certificate has ended."""
    of = course(house, name="信息安全")
    duty(house, of, gate="block")
    certificate(house, of, "agent", local_today() - dt.timedelta(days=400))
    certificate(house, of, "wanghao")
    return house.actor("agent").user_id


def refused(house, actor, user_id):
    return gate_refusal(house.session, actor, Work(), user_id)


def test_an_expired_certificate_leads_to_the_page_that_the_actor_may_open(house, expired):
    def link(username):
        return refused(house, house.actor(username), expired).link

    for username in ("supervisor", "hr"):
        address = link(username).address
        assert address == f"/training/record/{expired}"
        assert house.client(username).get(address).status_code == 200
    own = link("agent").address
    assert own == "/training/mine/" and house.client("agent").get(own).status_code == 200
    # A colleague may not open the record, but everybody the course.
    course_page = link("liuyang").address
    assert course_page.startswith("/training/courses/show/")
    assert house.client("liuyang").get(course_page).status_code == 200
    assert refused(house, dataclasses.replace(house.actor("liuyang"), permissions=frozenset()),
                   expired).link is None


def test_who_holds_it_gets_work(house, expired):
    assert refused(house, house.actor("supervisor"), house.actor("wanghao").user_id) is None


def test_a_second_person_is_asked_for_and_may(house):
    of = course(house)
    duty(house, of, gate="second_person")
    agent = house.actor("agent")
    said = refused(house, agent, agent.user_id)
    assert "somebody else" in str(said) and said.link.address == "/training/mine/"
    assert refused(house, house.actor("supervisor"), agent.user_id) is None


FILE = """投诉编号,投诉日期,投诉理由,状态,经办人
A-1,2026-03-02,提前还款被收取违约金,已受理,agent
A-2,2026-03-02,提前还款被收取违约金,处理中,agent
A-3,2026-03-02,提前还款被收取违约金,处理中,wanghao
A-4,2026-03-02,提前还款被收取违约金,已归档,agent
"""


def test_a_file_that_names_an_owner_asks_for_what_is_still_to_be_done(house, expired, tmp_path):
    path = tmp_path / "file.csv"
    path.write_text(FILE, encoding="utf-8")
    table, importer = Table.open(path), importers()["complaints.complaints"]
    rejects = tmp_path / "rejects.csv"
    report = Import(
        table=table, importer=importer, mapping=suggest(importer, table.header), mode=GOOD,
        on_existing=SKIP, rejects=rejects, zone=ZoneInfo("Asia/Shanghai"),
    ).run(house.session, house.actor("admin"))
    assert (report.created, report.rejected) == (2, 2)
    said = rejects.read_text(encoding="utf-8-sig")
    assert said.count("信息安全") == 2 and "A-1" in said and "A-2" in said


def test_other_kinds_have_no_gate(house, expired):
    class Other:
        __record_type__ = "visits.visit"

    assert "complaints.complaint" in settings_of(house.session, "training")["gated_kinds"]
    assert gate_refusal(house.session, house.actor("supervisor"), Other(), expired) is None
    assert gate_refusal(house.session, house.actor("supervisor"), Certificate(), expired) is None
