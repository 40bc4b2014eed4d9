"""The audit trail is complete, in the act's transaction, and shows every kind of tampering."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from app.access.actor import SYSTEM
from app.access.audit import ERASED, ERASED_ENTRIES, chain_head, record_act, verify_chain
from app.access.models import AuditEntry
from app.database import write

pytestmark = pytest.mark.both_databases


def act(session, number, **changes):
    with write(session):
        record_act(session, SYSTEM, "change", record_type="t", record_id=1, number=number,
                   changes={key: [None, value] for key, value in changes.items()})


@pytest.fixture
def trail(session):
    for number in range(5):
        act(session, f"N{number}", name=f"值 {number}", amount=1.5)
    assert list(verify_chain(session)) == []
    return session


def test_entries_are_linked_and_the_chain_holds(trail):
    entries = trail.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.number for entry in entries] == ["N0", "N1", "N2", "N3", "N4"]
    assert len({entry.chain for entry in entries}) == 5
    assert len({entry.change_set for entry in entries}) == 5


def test_a_rollback_leaves_no_entry(session):
    with pytest.raises(ValueError, match="on purpose"), write(session):
        record_act(session, SYSTEM, "change")
        raise ValueError("on purpose")
    assert session.scalars(select(AuditEntry)).all() == []
    act(session, "after")
    assert [entry.number for entry in session.scalars(select(AuditEntry))] == ["after"]


@pytest.mark.parametrize("how", ["error", "database"])
def test_what_is_taken_back_within_a_transaction_takes_only_its_own_entries(session, how):
    """A row of an import that is refused must not hide the good ones before it."""
    with write(session):
        record_act(session, SYSTEM, "change", number="before")
        with pytest.raises((ValueError, IntegrityError)), session.begin_nested():
            record_act(session, SYSTEM, "change", number="taken back")
            with session.begin_nested():
                record_act(session, SYSTEM, "change", number="deeper")
            if how == "error":
                raise ValueError("on purpose")
            session.add(AuditEntry(at=None))
            session.flush()
        with session.begin_nested():
            record_act(session, SYSTEM, "change", number="tried and kept")
        record_act(session, SYSTEM, "change", number="after")
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.number for entry in entries] == ["before", "tried and kept", "after"]
    assert len({entry.change_set for entry in entries}) == 1
    assert list(verify_chain(session)) == []


def test_acts_of_one_transaction_share_a_change_set(session):
    with write(session):
        record_act(session, SYSTEM, "one")
        record_act(session, SYSTEM, "two")
    entries = session.scalars(select(AuditEntry)).all()
    assert len(entries) == 2
    assert len({entry.change_set for entry in entries}) == 1


@pytest.mark.parametrize("column", ["actor_name", "action", "number", "changes", "at", "reason"])
def test_an_altered_entry_shows(trail, column):
    third = trail.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()[2]
    value = {"changes": {"name": [None, "forged"]}, "at": third.at.replace(year=2001)}
    trail.execute(
        update(AuditEntry).where(AuditEntry.id == third.id)
        .values({column: value.get(column, "forged")})
    )
    trail.commit()
    assert third.id in {broken.entry_id for broken in verify_chain(trail)}


def test_a_removed_entry_shows(trail):
    third = trail.scalars(select(AuditEntry.id).order_by(AuditEntry.id)).all()[2]
    trail.execute(delete(AuditEntry).where(AuditEntry.id == third))
    trail.commit()
    assert list(verify_chain(trail))


def test_a_cut_off_end_shows_against_a_noted_head(trail):
    noted = chain_head(trail)
    last = trail.scalars(select(AuditEntry.id).order_by(AuditEntry.id.desc())).first()
    assert list(verify_chain(trail, noted)) == []
    trail.execute(delete(AuditEntry).where(AuditEntry.id == last))
    trail.commit()
    assert list(verify_chain(trail)) == []
    assert [broken.entry_id for broken in verify_chain(trail, noted)] == [last]


def test_values_that_were_emptied_show_unless_a_later_entry_says_so(trail):
    second, third = trail.scalars(select(AuditEntry.id).order_by(AuditEntry.id)).all()[1:3]
    trail.execute(update(AuditEntry).where(AuditEntry.id.in_((second, third)))
                  .values(changes=None, reason=""))
    trail.commit()
    assert [broken.entry_id for broken in verify_chain(trail)] == [second, third]
    with write(trail):
        record_act(trail, SYSTEM, ERASED, changes={ERASED_ENTRIES: [third]})
    assert [broken.entry_id for broken in verify_chain(trail)] == [second]
    # The entry that says so cannot be emptied either.
    last = trail.scalar(select(func.max(AuditEntry.id)))
    trail.execute(update(AuditEntry).where(AuditEntry.id == last).values(changes=None))
    trail.commit()
    assert [broken.entry_id for broken in verify_chain(trail)] == [second, third, last]


def test_concurrent_writers_make_one_chain(sessions, session):
    def work(name):
        with sessions() as own:
            for number in range(10):
                act(own, f"{name}-{number}")

    threads = [threading.Thread(target=work, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(session.scalars(select(AuditEntry.id)).all()) == 40
    assert list(verify_chain(session)) == []
