"""Links between records: both ways, as far as the reader sees, gone with what they lead to."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.access.models import AuditEntry
from app.database import write
from app.errors import NotPermitted
from app.records.files import FileStore
from app.records.models import RecordLink
from app.records.purging import purge
from app.sdk.records import delete, link, links_of, unlink
from app.sdk.services import SYSTEM
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import registered, step
from tests.integration.collaboration.conftest import without


def seen(house, username, record):
    found = links_of(house.session, house.actor(username), record)
    return [(one.label, one.summary.number if one.summary else None) for one in found]


def test_a_link_leads_both_ways(house, customer):
    complaint = registered(house)
    agent = house.actor("agent")
    assert link(house.session, agent, complaint, customer, "core.origin")
    assert not link(house.session, agent, complaint, customer, "core.origin")
    assert seen(house, "agent", complaint) == [("Led to", customer.number)]
    assert seen(house, "agent", customer) == [("Came from", complaint.number)]


def test_both_histories_say_so_without_naming_the_other_record(house, customer):
    complaint = registered(house)
    link(house.session, house.actor("agent"), complaint, customer)
    client = house.client("agent")
    for path in (f"/complaints/show/{complaint.id}", f"/customers/show/{customer.id}"):
        page = client.get(path, headers={"Accept-Language": "en"}).text
        assert "linked a record" in page
    entries = house.session.scalars(select(AuditEntry).where(AuditEntry.action == "link")).all()
    assert len(entries) == 2
    assert all(customer.number not in str(one.changes) for one in entries)


def test_pages_show_links_that_can_be_opened(house, customer):
    complaint = registered(house)
    link(house.session, house.actor("agent"), complaint, customer)
    page = house.client("agent").get(f"/customers/show/{customer.id}").text
    assert f'href="/complaints/show/{complaint.id}"' in page
    other = house.client("tangli").get(f"/customers/show/{customer.id}").text
    assert complaint.number not in other


def test_who_may_not_see_a_record_neither_links_it_nor_reads_of_it(house, customer):
    complaint = registered(house)
    stranger = house.actor("tangli")
    with pytest.raises(NotPermitted):
        link(house.session, stranger, customer, complaint)
    link(house.session, house.actor("agent"), customer, complaint)
    assert links_of(house.session, stranger, customer) == []
    with pytest.raises(NotPermitted):
        unlink(house.session, stranger, customer, complaint)
    assert len(seen(house, "agent", customer)) == 1


def test_a_link_is_taken_away(house, customer):
    complaint, agent = registered(house), house.actor("agent")
    link(house.session, agent, complaint, customer)
    assert unlink(house.session, agent, complaint, customer)
    assert not unlink(house.session, agent, complaint, customer)
    assert seen(house, "agent", complaint) == []


def test_wrong_links_are_errors_of_the_author(house, customer):
    complaint, agent = registered(house), house.actor("agent")
    with pytest.raises(ValueError, match="declares"):
        link(house.session, agent, complaint, customer, "nobody.knows")
    with pytest.raises(ValueError, match="itself"):
        link(house.session, agent, complaint, complaint)


def test_a_record_out_of_force_is_not_available_and_no_dead_link(house, customer):
    complaint = registered(house)
    link(house.session, SYSTEM, complaint, customer, "complaints.merged")
    with without("complaints"):
        [found] = links_of(house.session, house.actor("agent"), customer)
        assert (found.summary, found.label) == (None, "Related")
        page = house.client("agent").get(
            f"/customers/show/{customer.id}", headers={"Accept-Language": "en"}).text
    assert "1 linked record is not available" in page
    assert complaint.number not in page and f"/complaints/show/{complaint.id}" not in page


def test_links_of_a_deleted_record_are_hidden_and_of_a_purged_one_gone(house, customer):
    complaint = registered(house)
    link(house.session, SYSTEM, complaint, customer)
    delete(house.session, SYSTEM, customer)
    assert seen(house, "agent", complaint) == []
    purge(house.session, SYSTEM, FileStore(house.app.config["CARELINE_SETTINGS"]), customer)
    assert house.session.scalar(select(func.count()).select_from(RecordLink)) == 0


def test_links_take_two_statements_whatever_they_lead_to(house, customer, statements):
    complaint, agent = registered(house), house.actor("agent")
    others = [registered(house) for _ in range(3)]
    for other in (*others, customer):
        link(house.session, SYSTEM, complaint, other)
    statements.clear()
    assert len(links_of(house.session, agent, complaint)) == 4
    assert len(statements) == 2


def merged(house):
    kept, duplicate = registered(house), registered(house)
    step(house, duplicate, "agent", "merge", merged_into_id=kept.id)
    return kept, duplicate


def test_merged_complaints_lead_to_each_other(house):
    kept, duplicate = merged(house)
    assert seen(house, "agent", duplicate) == [("Merged into", kept.number)]
    assert seen(house, "agent", kept) == [("Merged from", duplicate.number)]


def test_what_was_kept_in_the_end_names_all_that_were_merged_on_the_way(house):
    first, second, last = (registered(house) for _ in range(3))
    step(house, first, "agent", "merge", merged_into_id=second.id)
    step(house, second, "agent", "merge", merged_into_id=last.id)
    assert {number for _, number in seen(house, "agent", last)} == {first.number, second.number}
    step(house, second, "supervisor", "reopen", reopen_reason="不是同一件事")
    assert seen(house, "agent", last) == []
    assert [number for _, number in seen(house, "agent", second)] == [first.number]


def test_a_merged_complaint_does_not_name_what_its_reader_may_not_see(house):
    kept, duplicate = registered(house, "liuyang", subject="秘密的主题"), registered(house)
    step(house, duplicate, "supervisor", "merge", merged_into_id=kept.id)
    assert {number for _, number in seen(house, "agent", duplicate)} <= {None}
    agent = house.client("agent")
    for page in (f"/complaints/show/{duplicate.id}", f"/complaints/timeline/{duplicate.id}"):
        text = agent.get(page).text
        assert kept.number not in text and "秘密的主题" not in text, page


def test_a_merging_that_is_taken_back_takes_its_link_along(house):
    from app.records.operations import operations_of

    kept, duplicate = merged(house)
    entry = house.session.scalars(
        select(AuditEntry).where(AuditEntry.record_id == duplicate.id,
                                 AuditEntry.action == "transition")
        .order_by(AuditEntry.id.desc())).first()
    operations_of(Complaint).undo_action(house.session, house.actor("agent"), duplicate, entry)
    house.session.refresh(duplicate)
    assert duplicate.merged_into_id is None
    assert seen(house, "agent", kept) == []


def test_a_step_can_be_taken_back_though_a_link_followed(house, customer):
    from app.records.operations import operations_of

    complaint = registered(house)
    step(house, complaint, "agent", "withdraw", withdrawal_reason="客户撤诉")
    entry = house.session.scalars(
        select(AuditEntry).where(AuditEntry.record_id == complaint.id,
                                 AuditEntry.action == "transition")
        .order_by(AuditEntry.id.desc())).first()
    with write(house.session):
        link(house.session, SYSTEM, complaint, customer)
    operations_of(Complaint).undo_action(house.session, house.actor("agent"), complaint, entry)
    assert complaint.state != "withdrawn"
