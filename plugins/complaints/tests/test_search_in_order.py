"""What a search finds comes from the index in the order of the list, as if it had been sorted."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest
from sqlalchemy import select, text

from app.cli.deploy import place_where_unplaced
from app.customers.models import Customer
from app.jobs.hidden_rows import HIDDEN_BEFORE
from app.jobs.runner import EXTENSION, run_job
from app.jobs.services import job_state
from app.records.models import SearchDocument
from app.records.search import places
from app.records.services import create, delete, restore
from app.screens.query import datamodel, found_in_order
from app.sdk.services import SYSTEM, search_filter, update, utcnow
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import put, registered

WORD = "征信"
REASON = "征信报告里有一笔不是本人的贷款。"
sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def in_order(monkeypatch):
    """Returns what a call answers, and requires the same answer where all matches are sorted."""
    way = datamodel.rows_in_order

    def both(call, *, is_taken: bool | None = True):
        taken = []

        def noted(*arguments, **options):
            taken.append(way(*arguments, **options))
            return taken[-1]

        with monkeypatch.context() as noting:
            noting.setattr(datamodel, "rows_in_order", noted)
            answer = call()
        ways = {rows is not None for rows in taken}
        # A page without rows is looked for in both ways.
        assert ways == ({True, False} if is_taken is None else {is_taken}) or not any(answer)
        with monkeypatch.context() as plain:
            plain.setattr(datamodel, "rows_in_order", lambda *_, **__: None)
            assert call() == answer
        return answer

    return both


def is_sqlite(house) -> bool:
    return house.session.get_bind().dialect.name == "sqlite"


def pages(client, arguments: str) -> list[list[int]]:
    """Return the keys on all pages of a search, forward and then back again."""
    def page(position: str = "") -> dict[str, Any]:
        answer = client.get(f"/api/v1/complaints/?search={WORD}&{arguments}{position}")
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    at = page()
    found = [at["ids"]]
    for way, argument in (("next", "after"), ("previous", "before")):
        while at[way]:
            at = page(f"&{argument}={at[way]}")
            found.append(at["ids"])
    return found


def moments(chance: random.Random) -> list[dt.datetime]:
    """Return moments of which many are equal, or within one second, or long ago."""
    now = utcnow().replace(microsecond=0) - dt.timedelta(days=2)
    same = [now - dt.timedelta(hours=chance.randrange(50)) for _ in range(4)]
    return [*same, *(one + dt.timedelta(microseconds=chance.randrange(10**6)) for one in same),
            now - dt.timedelta(days=9000), dt.datetime(1969, 12, 31, tzinfo=dt.UTC),
            dt.datetime(1968, 1, 1, tzinfo=dt.UTC)]


def written(house, seed: int) -> None:
    """Write complaints, and change, delete and hide some of them."""
    chance = random.Random(seed)
    when = moments(chance)
    for _ in range(26):
        registered(house, chance.choice(["agent", "agent", "supervisor", "mengdie"]),
                   reason=chance.choice([REASON, REASON, "提前还款被收取违约金。"]),
                   received_at=chance.choice(when))
    create(house.session, SYSTEM, Customer, {"name": "征信", "phone": "13900000000"})
    every = list(house.session.scalars(select(Complaint)))
    for one in chance.sample(every, 5):
        update(house.session, SYSTEM, one, {"received_at": chance.choice(when)})
    for one in chance.sample(every, 4):
        update(house.session, SYSTEM, one, {"reason": chance.choice([REASON, "已协商。"])})
    away = chance.sample(every, 4)
    for one in away:
        delete(house.session, SYSTEM, one)
    restore(house.session, SYSTEM, away[0])
    put(house, next(one for one in every if one not in away),
        deleted_at=HIDDEN_BEFORE - dt.timedelta(days=1))


@pytest.mark.both_databases
@pytest.mark.parametrize("seed", range(3))
def test_pages_are_those_of_sorted_matches(house, in_order, seed):
    written(house, seed)
    found = {}
    for username in ("admin", "supervisor", "agent", "mengdie"):
        client = house.client(username)
        for arguments in ("size=4&sort=-received_at", "size=3&sort=received_at",
                          "size=25&sort=-received_at", "size=4&sort=-received_at&number__contains=1"):
            found[username, arguments] = in_order(
                lambda client=client, arguments=arguments: pages(client, arguments),
                is_taken=is_sqlite(house))
    keys = [key for page in found["admin", "size=25&sort=-received_at"] for key in page]
    assert keys == [
        row.id for row in house.session.execute(
            select(Complaint.id).where(
                search_filter(house.session, Complaint, WORD), Complaint.deleted_at.is_(None))
            .order_by(Complaint.received_at.desc(), Complaint.id.desc()))]
    assert 0 < sum(map(len, found["mengdie", "size=25&sort=-received_at"])) < len(keys)


@sqlite
def test_who_sees_few_of_many_matches_gets_them_sorted(house, in_order, monkeypatch):
    when = [utcnow() - dt.timedelta(days=days) for days in range(1, 13)]
    own = {1, 2, 3, 9, 12}
    keys = [registered(house, "agent" if day in own else "supervisor", reason=REASON,
                       received_at=moment).id for day, moment in enumerate(when, 1)]
    for key in keys:
        if keys.index(key) + 1 not in own:
            put(house, house.session.get(Complaint, key), team_id=None, department_id=None)
    monkeypatch.setattr(found_in_order, "_MOST_LOOKED_AT", 4)
    client, arguments = house.client("agent"), "size=2&sort=-received_at"
    found = in_order(lambda: pages(client, arguments), is_taken=None)
    assert found[:3] == [[keys[0], keys[1]], [keys[2], keys[8]], [keys[11]]]
    # Whoever sees all of them has them in order.
    assert len(in_order(lambda: pages(house.client("admin"), arguments))) == 11
    # One of a severity among them is as far away for everybody.
    put(house, house.session.get(Complaint, keys[7]), severity="serious")
    in_order(lambda: house.client("admin").get(
        f"/complaints/list/?q={WORD}&severity__in=serious", headers={"HX-Request": "true"}).text,
        is_taken=False)


@sqlite
def test_a_list_is_the_same_page_with_as_many_statements(house, in_order):
    noon = utcnow() - dt.timedelta(days=1)
    for _ in range(9):
        registered(house, reason=REASON, received_at=noon)
    client = house.client("admin")
    address = f"/complaints/list/?all=1&size=5&q={WORD}"
    page = in_order(lambda: client.get(address, headers={"HX-Request": "true"}).text)
    assert page.count("data-row=") == 5
    assert len(house.statements_of(lambda: client.get(address))) <= 8


@sqlite
def test_matches_are_read_in_the_order_of_the_index(house):
    for hours in range(4):
        registered(house, reason=REASON, received_at=utcnow() - dt.timedelta(hours=hours))
    client = house.client("admin")
    first = client.get(f"/api/v1/complaints/?search={WORD}&sort=-received_at&size=2").get_json()
    for position in ("", f"&after={first['next']}"):
        address = f"/api/v1/complaints/?search={WORD}&sort=-received_at&size=1{position}"
        plan = house.plans_of("ORDER BY", lambda address=address: client.get(address))
        # The days that a page reaches into are sorted, what decides on them is not.
        outer, _, inner = plan.partition("SCALAR SUBQUERY")
        assert "records_search_fts VIRTUAL TABLE" in outer
        assert "records_search_fts VIRTUAL TABLE" in inner.partition("SCALAR SUBQUERY")[0]
        assert plan.count("TEMP B-TREE") == 1


@sqlite
@pytest.mark.parametrize("arguments", ["sort=-due_at", "sort=number"])
def test_in_another_order_matches_are_sorted(house, in_order, arguments):
    written(house, 7)
    client = house.client("admin")
    in_order(lambda: pages(client, f"size=4&{arguments}"), is_taken=False)


@sqlite
def test_the_record_before_and_after_are_found_in_order(house, in_order):
    keys = [registered(house, reason=REASON, received_at=utcnow() - dt.timedelta(hours=hours)).id
            for hours in range(3)]
    client = house.client("admin")
    listed = {"list": f"all=1&q={WORD}"}
    assert in_order(lambda: [
        client.get(f"/complaints/step/{keys[1]}/{way}", query_string=listed).location.split("?")[0]
        for way in ("previous", "next")
    ]) == [f"/complaints/show/{keys[0]}", f"/complaints/show/{keys[2]}"]


@sqlite
def test_a_document_keeps_its_place_until_the_receipt_changes(house):
    one = registered(house, reason=REASON)

    def place() -> int:
        return house.session.scalar(select(SearchDocument.id).where(
            SearchDocument.record_type == Complaint.__record_type__,
            SearchDocument.record_id == one.id))

    first = place()
    assert places.is_placed(first, one.received_at)
    update(house.session, SYSTEM, one, {"reason": "已协商。"})
    assert place() == first
    update(house.session, SYSTEM, one, {"received_at": one.received_at - dt.timedelta(days=1)})
    assert place() < first
    assert places.is_placed(place(), one.received_at)


@sqlite
def test_where_a_day_is_full_matches_are_sorted(house, in_order):
    noon = utcnow() - dt.timedelta(days=1)
    one = registered(house, reason=REASON, received_at=noon)
    first, last = places.places_at(one.received_at)
    for table, key in (("records_search_fts", "rowid"), ("records_search", "id")):
        house.session.execute(
            text(f"UPDATE {table} SET {key} = :last WHERE {key} = :first"),
            {"first": first, "last": last})
    house.session.commit()
    client = house.client("admin")
    assert in_order(lambda: pages(client, "size=25&sort=-received_at")) == [[one.id]]
    keys = [registered(house, reason=REASON, received_at=noon).id for _ in range(3)]
    assert in_order(lambda: pages(client, "size=25&sort=-received_at"), is_taken=False) == [[*keys[::-1], one.id]]


def counted_through(house) -> None:
    """Number the documents as the version before did: one after the other."""
    session = house.session
    for place, id_ in enumerate(session.scalars(
            select(SearchDocument.id).order_by(SearchDocument.record_id)).all(), 1):
        session.execute(text(
            "INSERT INTO records_search_fts (rowid, words)"
            " SELECT :place, words FROM records_search_fts WHERE rowid = :id"),
            {"place": place, "id": id_})
        session.execute(text("DELETE FROM records_search_fts WHERE rowid = :id"), {"id": id_})
        session.execute(text("UPDATE records_search SET id = :place WHERE id = :id"),
                        {"place": place, "id": id_})
    session.commit()


@sqlite
def test_what_an_earlier_version_has_indexed_is_sorted_until_it_has_its_places(house, in_order):
    written(house, 5)
    counted_through(house)
    client = house.client("admin")
    before = in_order(lambda: pages(client, "size=4&sort=-received_at"), is_taken=False)
    # What is written meanwhile does not make it look finished.
    registered(house, reason=REASON)
    in_order(lambda: pages(client, "size=4&sort=-received_at"), is_taken=False)
    house.session.rollback()
    documents = house.session.scalars(select(SearchDocument.id)).all()
    job_id = place_where_unplaced(house.session).id
    house.session.rollback()
    run_job(house.app.extensions[EXTENSION], "worker", job_id)
    assert job_state(house.session, job_id).result["records"] == len(documents) - 1
    assert in_order(lambda: pages(client, "size=4&sort=-received_at")) != before
    assert place_where_unplaced(house.session).id == job_id
    words = house.session.scalars(text("SELECT count(*) FROM records_search_fts")).one()
    assert words == len(documents)


@pytest.mark.both_databases
def test_the_palette_shows_the_last_received(house):
    keys = [registered(house, reason=REASON, received_at=utcnow() - dt.timedelta(hours=hours)).id
            for hours in (3, 1, 2)]
    update(house.session, SYSTEM, house.session.get(Complaint, keys[0]), {"demand": "删除记录"})
    page = house.client("admin").get("/palette/records", query_string={"q": WORD}).text
    found = [page.index(f'/complaints/show/{key}"') for key in keys]
    assert found[1] < found[2] < found[0]


@pytest.mark.both_databases
def test_a_common_word_is_looked_for_only_in_kinds_that_hold_it(house, monkeypatch):
    monkeypatch.setattr("app.records.search.index._MOST_LOOKED_AT", 2)
    for _ in range(3):
        registered(house, reason=REASON)
    create(house.session, SYSTEM, Customer, {"name": "征信", "phone": "13900000000"})
    client, address = house.client("admin"), f"/palette/records?q={WORD}"
    client.get(address)
    asked = [statement for statement, _ in house.statements_of(lambda: client.get(address))
             if "records_search" in statement]
    # Which kinds the first matches are of, which hold any, and those of two kinds.
    assert len(asked) == 4
