"""Searching complaints: the customer by the initials of the name, numbers with their signs."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.cli.deploy import renew_where_outdated
from app.jobs.runner import EXTENSION, run_job
from app.jobs.services import job_state
from app.records.search import index, renewing, words
from app.sdk.services import search_filter
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import registered

pytestmark = pytest.mark.both_databases


def found(house, text: str) -> list[int]:
    """Return the keys of the complaints that a text finds."""
    return list(house.session.scalars(
        select(Complaint.id).where(search_filter(house.session, Complaint, text))
        .order_by(Complaint.id)))


def renew(house) -> int:
    """Index everything anew as after a deployment; return how many records there were."""
    job = renew_where_outdated(house.session)
    job_id = job.id
    house.session.rollback()
    run_job(house.app.extensions[EXTENSION], "worker", job_id)
    return job_state(house.session, job_id).result["records"]


def test_a_complaint_is_found_by_the_initials_of_its_customer(house):
    one, other = registered(house), registered(house, customer_name="陈芳")
    assert found(house, "wxm") == [one.id]
    assert found(house, "cf") == [other.id]


def test_signs_within_a_number_tell_it_from_others(house):
    one = registered(house, reason="合同 FQ-1-01 的年利率为 4.9%。")
    registered(house, reason="4 台车等了 9 个月，收据 1 号、0 号，FQ-2 未到。")
    assert found(house, "4.9") == found(house, "FQ-1-0") == [one.id]


def test_thirteen_characters_and_a_wrong_tail_find_nothing(house):
    one = registered(house, reason="提前还清贷款被收取高额违约金不合理")
    assert found(house, "提前还清贷款被收取高额违约金不合理") == [one.id]
    assert found(house, "提前还清贷款被收取高额违约金很公道") == []


def test_what_older_rules_have_indexed_is_found_by_the_present_ones_once_deployed(
        house, monkeypatch):
    with monkeypatch.context() as older:
        older.setattr(words.tokens, "initials", lambda _name: ())
        one = registered(house)
    assert found(house, "wxm") == [] and found(house, "小明") == [one.id]
    documents = len(index.documents(house.session, 0, index.last_document(house.session), 10_000))
    assert renew(house) == documents
    assert found(house, "wxm") == [one.id]
    # Once is enough for a set of rules; the next set asks for it again.
    again = renew_where_outdated(house.session)
    assert again.finished_at is not None
    monkeypatch.setattr(renewing, "RULES", renewing.RULES + 1)
    assert renew_where_outdated(house.session).id != again.id
