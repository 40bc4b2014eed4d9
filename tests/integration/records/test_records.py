"""Records: numbers, history, optimistic locking, search, recycle bin, on both databases."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from sqlalchemy import select

from app.access.actor import SYSTEM
from app.access.models import AuditEntry
from app.customers.models import Customer
from app.database import db, write
from app.errors import ProtectedField, StaleRecord
from app.records.bulk import BulkFieldChange, run
from app.records.comments import comment
from app.records.numbers import next_numbers
from app.records.search import index as search_index
from app.records.services import create, delete, find, restore, update

pytestmark = pytest.mark.both_databases


class Gapless(Customer):
    """The numbering of customers, as if a rule demanded no gaps."""

    __record_type__ = "tests.gapless"
    __number_prefix__ = "GL"
    __number_gapless__ = True
    __mapper_args__ = {}
    __abstract__ = True


@pytest.fixture
def inside(app: Flask):
    with app.app_context():
        yield db.session


def customer(session, **values) -> Customer:
    return create(session, SYSTEM, Customer, {"name": "王小明", "phone": "13812345678", **values})


def history(session, record) -> list[AuditEntry]:
    return list(session.scalars(
        select(AuditEntry).where(AuditEntry.record_id == record.id).order_by(AuditEntry.id)
    ))


def found(session, text) -> list[str]:
    condition = search_index.search_filter(session, Customer, text)
    return list(session.scalars(select(Customer.name).where(condition).order_by(Customer.id)))


def test_numbers_count_up_per_kind_and_year(inside):
    first, second = customer(inside), customer(inside)
    assert first.number.startswith("KH-20") and first.number.endswith("-000001")
    assert second.number.endswith("-000002")


def test_creation_is_in_the_history_with_all_values(inside):
    record = customer(inside)
    [entry] = history(inside, record)
    assert entry.action == "create"
    assert entry.changes["name"] == [None, "王小明"]


def test_a_change_holds_before_and_after_and_only_what_changed(inside):
    record = customer(inside)
    changes = update(inside, SYSTEM, record, {"name": "王大明", "phone": "13812345678"}, 1)
    assert changes == {"name": ["王小明", "王大明"]}
    assert history(inside, record)[-1].changes == changes
    assert record.version == 2


def test_a_change_to_the_same_values_writes_nothing(inside):
    record = customer(inside)
    assert update(inside, SYSTEM, record, {"name": "王小明"}, 1) == {}
    assert len(history(inside, record)) == 1
    assert record.version == 1


def test_a_stale_change_is_refused_and_nothing_is_lost(inside):
    record = customer(inside)
    update(inside, SYSTEM, record, {"name": "王大明"}, 1)
    with pytest.raises(StaleRecord) as refused:
        update(inside, SYSTEM, record, {"name": "王二明"}, 1)
    assert refused.value.record.name == "王大明"
    assert refused.value.values == {"name": "王二明"}
    inside.expire_all()
    assert inside.get(Customer, record.id).name == "王大明"


@pytest.mark.parametrize("field", ["id", "number", "version", "deleted_at", "created_by_id"])
def test_what_only_the_product_writes_cannot_be_set(inside, field):
    with pytest.raises(ProtectedField):
        customer(inside, **{field: 1})


def test_custom_values_are_merged_not_replaced(inside):
    record = customer(inside, extra={"a": 1, "b": 2})
    update(inside, SYSTEM, record, {"extra": {"b": 3}})
    assert record.extra == {"a": 1, "b": 3}


@pytest.mark.parametrize(
    "text", ["小明", "王小", "wxm", "5678", "138 1234 5678", "王小明 5678", "KH-"])
def test_search_finds_the_record(inside, text):
    customer(inside)
    create(inside, SYSTEM, Customer, {"name": "陈芳", "phone": "13900000000"})
    expected = ["王小明", "陈芳"] if text == "KH-" else ["王小明"]
    assert found(inside, text) == expected


def test_search_follows_changes_and_the_recycle_bin(inside):
    record = customer(inside)
    update(inside, SYSTEM, record, {"name": "李雷"})
    assert found(inside, "小明") == []
    assert found(inside, "李雷") == ["李雷"]
    delete(inside, SYSTEM, record)
    assert found(inside, "李雷") == []
    assert find(inside, SYSTEM, Customer, record.id) is None
    restore(inside, SYSTEM, record)
    assert found(inside, "李雷") == ["李雷"]
    assert [entry.action for entry in history(inside, record)] == [
        "create", "change", "delete", "restore"
    ]


@pytest.mark.parametrize("text", ["'", '"', "NEAR(", "a OR b", "*", "王\x00小", ")(", "\\", "%_"])
def test_hostile_search_texts_are_answered(inside, text):
    customer(inside)
    assert isinstance(found(inside, text), list)


def test_comment_needs_text_and_is_audited(inside):
    record = customer(inside)
    with pytest.raises(ValueError, match="empty"):
        comment(inside, SYSTEM, record, "   ")
    comment(inside, SYSTEM, record, " 已回电 ")
    assert history(inside, record)[-1].action == "comment"


def test_bulk_change_is_one_change_set_with_an_outcome_each(inside):
    records = [customer(inside), customer(inside, grade="A")]
    done = run(inside, SYSTEM, Customer, {records[0].id: 1, records[1].id: None, 999: None},
               BulkFieldChange({"grade": "A"}))
    assert [(one.record_id, str(one.result)) for one in done.outcomes] == [
        (records[0].id, "done"), (records[1].id, "unchanged"), (999, "not_found")]


def test_numbers_without_gaps_stay_so_under_concurrency_and_rollback(app):
    taken: list[str] = []
    lock = threading.Lock()

    def work(fail: bool):
        with app.app_context():
            for _ in range(10):
                try:
                    with write(db.session):
                        [number] = next_numbers(db.session, Gapless)
                        if fail:
                            raise ValueError("on purpose")
                        with lock:
                            taken.append(number)
                except ValueError:
                    continue

    threads = [threading.Thread(target=work, args=(fail,)) for fail in (False, True, False, True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(int(number[-6:]) for number in taken) == list(range(1, 21))


def test_two_writers_of_one_record_one_wins(app):
    with app.app_context():
        pk = customer(db.session).id
    outcomes: list[str] = []
    barrier = threading.Barrier(8)

    def work(name: str):
        with app.app_context():
            record = db.session.get(Customer, pk)
            barrier.wait()
            try:
                update(db.session, SYSTEM, record, {"name": name}, 1)
                outcomes.append("won")
            except StaleRecord:
                outcomes.append("stale")

    threads = [threading.Thread(target=work, args=(f"名{i}",)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["stale"] * 7 + ["won"]
