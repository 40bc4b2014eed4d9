"""A database from before sensitive columns comes over whole, and holds no clear number after."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path

import orjson
import pytest
from sqlalchemy import MetaData, inspect, select, text
from sqlalchemy.orm import Session

from app.access.audit import append_entries, chain_head, verify_chain
from app.access.models import AuditEntry
from app.customers.models import Customer
from app.database import utcnow
from app.host import migrations
from app.host.manifest import Manifest, read_manifest
from app.records.former_values import former_values
from app.records.search.index import search_filter
from app.screens.models import Draft, SavedView
from config import ROOT
from plugins.complaints.models import Complaint

pytestmark = pytest.mark.both_databases


PHONE, ID_NUMBER, LANDLINE, CONTACT = (
    "13876544321", "11010119900307425X", "021-58884321", "13998761234")
CLEAR = (PHONE, ID_NUMBER[:-1], "58884321", CONTACT)
NOW = dt.datetime(2026, 11, 1, 8, 0)


@pytest.fixture
def plugin() -> Manifest:
    """The manifest of complaints."""
    return read_manifest(ROOT / "plugins" / "complaints", "plugins.complaints")


@pytest.fixture
def engine(empty_engine, move, plugin):
    """The database of the version before, with data."""
    move("core_0001")
    move("complaints_0001", plugin)
    with empty_engine.begin() as connection:
        _fill(connection)
    return empty_engine


def _fill(connection) -> None:
    tables = MetaData()
    tables.reflect(connection)
    record = {"version": 1, "created_at": NOW, "updated_at": NOW, "extra": {}}

    def put(name: str, *rows: dict) -> None:
        connection.execute(tables.tables[name].insert(), list(rows))

    put("ab_user", {"id": 1, "first_name": "A", "last_name": "", "username": "a",
                    "email": "a@example.com", "active": True})
    customer = {"wechat": "", "qq": "", "address": "", "grade": "C", "email": "", "plates": "",
                "preferred_contact": "phone", "remarks": ""}
    put("customers_customer",
        {**record, **customer, "id": 1, "number": "KH-2026-000001", "name": "王小明",
         "phone": PHONE, "id_number": ID_NUMBER},
        {**record, **customer, "id": 2, "number": "KH-2026-000002", "name": "某公司",
         "phone": LANDLINE, "id_number": ""},
        {**record, **customer, "id": 3, "number": "KH-2026-000003", "name": "无号",
         "phone": "", "id_number": ""})
    empty = {name: "" for name, column in inspect_columns(connection, "complaints_complaint")
             if not column["nullable"] and str(column["type"]).startswith(("VARCHAR", "TEXT"))}
    put("complaints_complaint",
        {**empty, **record, "id": 1, "number": "TS-2026-000001", "subject": "违约金",
         "customer_name": "王小明", "contact": CONTACT, "received_at": NOW, "is_major": False,
         "round": 1, "is_open": True, "reason": f"请回电 {PHONE}", "customer_id": 1})
    _index(connection, 1, "customers.customer", 1, "KH-2026-000001", "王小明",
           f"rtcustomerscustomer kh 2026 000001 王小 小明 明 pywxm {PHONE} "
           + " ".join(f"dg{PHONE[i:i + 3]}" for i in range(9)) + f" {ID_NUMBER[:-1]} x dg110")
    _index(connection, 2, "customers.customer", 2, "KH-2026-000002", "某公司",
           "rtcustomerscustomer kh 2026 000002 某公 公司 司 021 58884321 02158884321 dg021 dg588")
    _index(connection, 3, "complaints.complaint", 1, "TS-2026-000001", "违约金",
           f"rtcomplaintscomplaint ts 2026 000001 违约 约金 金 回电 电 {PHONE} {CONTACT} dg139")
    entry = {"at": utcnow(), "actor_id": 1, "actor_name": "A", "record_id": 1, "number": "",
             "reason": "", "address": ""}
    append_entries(connection, [
        {**entry, "action": "create", "record_type": "customers.customer",
         "change_set": str(uuid.uuid4()), "changes": {"name": [None, "王小明"],
                                                      "phone": [None, PHONE],
                                                      "id_number": [None, ID_NUMBER]}},
        {**entry, "action": "change", "record_type": "customers.customer",
         "change_set": "the change", "changes": {"phone": [LANDLINE, PHONE]}},
        {**entry, "action": "change", "record_type": "customers.customer",
         "change_set": str(uuid.uuid4()), "changes": {"name": ["a", "b"]}},
        {**entry, "action": "create", "record_type": "complaints.complaint",
         "change_set": str(uuid.uuid4()), "changes": {"contact": [None, CONTACT]}},
        {**entry, "action": "export", "record_type": "customers.customer", "record_id": None,
         "change_set": str(uuid.uuid4()), "changes": {"list": f"?q={PHONE}&all=1", "kind": "csv"}},
    ])
    put("screens_draft", {"user_id": 1, "form": "core.Customer:new", "updated_at": NOW,
                          "values": {"phone": [PHONE]}})
    view = {"owner_id": 1, "columns": [], "widths": {}, "density": "", "position": 0,
            "shared": "", "roles": [], "default_roles": [], "updated_at": NOW}
    put("screens_saved_view",
        {**view, "id": 1, "list_name": "core.Customer", "title": "1",
         "query": f"grade__in=A&phone__contains={PHONE}&sort=phone"},
        {**view, "id": 2, "list_name": "complaints.Complaint", "title": "2",
         "query": f"contact__is={CONTACT}&contact__filled=1"},
        {**view, "id": 3, "list_name": "core.Customer", "title": "3", "query": f"q={PHONE}&all=1"})
    put("jobs_job", {
        "id": 1, "kind": "records.import", "title": "x", "title_values": {}, "args": {},
        "state": "done", "done": 1, "error_values": {}, "attempts": 1, "created_at": NOW,
        "result": {"problems": [{"line": 2, "column": "电话", "value": PHONE, "reason": "x"}]},
        **{name: NOW if "TIME" in str(column["type"]) else 0
           for name, column in inspect_columns(connection, "jobs_job")
           if column["nullable"] is False and name not in (
               "id", "kind", "title", "title_values", "args", "state", "done", "error_values")}})


def inspect_columns(connection, name: str):
    return [(column["name"], column) for column in inspect(connection).get_columns(name)]


def _index(connection, pk, kind, record_id, number, title, words) -> None:
    values = {"id": pk, "kind": kind, "record": record_id, "number": number, "title": title}
    if connection.dialect.name == "sqlite":
        connection.execute(text(
            "INSERT INTO records_search (id, record_type, record_id, number, title) "
            "VALUES (:id, :kind, :record, :number, :title)"), values)
        connection.execute(text(
            "INSERT INTO records_search_fts (rowid, words) VALUES (:id, :words)"),
            {"id": pk, "words": words})
    else:
        quoted = " ".join(f"'{word}'" for word in words.split())
        connection.execute(text(
            "INSERT INTO records_search (id, record_type, record_id, number, title, words) "
            "VALUES (:id, :kind, :record, :number, :title, CAST(:words AS tsvector))"),
            {**values, "words": quoted})


def _everything(engine) -> str:
    """Return all that the database holds: the bytes of the file, or the text of every row."""
    if engine.dialect.name == "sqlite":
        path = Path(engine.url.database)
        files = (path, path.with_name(path.name + "-wal"))
        return "".join(f.read_bytes().decode("latin-1") for f in files if f.exists())
    with engine.connect() as connection:
        names = inspect(connection).get_table_names()
        return "\n".join(
            str(row) for name in names
            for row in connection.execute(text(f'SELECT t::text FROM "{name}" t')).scalars())


def test_everything_is_carried_over_and_nothing_clear_is_left(engine, plugin):
    before = _everything(engine)
    assert all(number in before for number in CLEAR)
    with Session(engine) as session:
        noted = chain_head(session)
    assert migrations.upgrade(engine, ROOT, [plugin]) == ["core", "complaints"]
    assert migrations.differences(engine, None) == []
    assert migrations.differences(engine, plugin) == []
    # The complaint's own text names a number: what people write into texts is theirs.
    with engine.begin() as connection:
        connection.execute(text("UPDATE complaints_complaint SET reason = ''"))
    after = _everything(engine).replace(f"请回电 {PHONE}", "").replace(
        f"请回电 {PHONE}".encode().decode("latin-1"), "")
    assert [number for number in CLEAR if number in after] == []
    assert "dg138" not in after and "dg588" not in after

    with Session(engine) as session:
        customers = session.scalars(select(Customer).order_by(Customer.id)).all()
        assert [(one.phone, one.id_number) for one in customers] == [
            (PHONE, ID_NUMBER), (LANDLINE, ""), ("", "")]
        assert session.scalars(select(Complaint)).one().contact == CONTACT
        for asked, found in ((PHONE, [1]), ("138 7654 4321", [1]), ("4321", [1, 2]),
                             (ID_NUMBER, [1]), (ID_NUMBER.lower(), [1]), ("425X", [1]),
                             (LANDLINE, [2]), ("02158884321", [2]), ("王小", [1]), ("wxm", [1]),
                             ("7654", [])):
            condition = search_filter(session, Customer, asked)
            assert session.scalars(select(Customer.id).where(condition).order_by(
                Customer.id)).all() == found, asked
        for asked in (CONTACT, "1234", PHONE, "违约"):
            condition = search_filter(session, Complaint, asked)
            assert session.scalars(select(Complaint.id).where(condition)).all() == [1], asked

        assert list(verify_chain(session, noted)) == []
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert [entry.changes for entry in entries[:5]] == [
            {"name": [None, "王小明"], "phone": [None, "138****4321"],
             "id_number": [None, "110***********425X"]},
            {"phone": ["021****4321", "138****4321"]}, {"name": ["a", "b"]},
            {"contact": [None, "139****1234"]},
            {"list": "?q=138****4321&all=1", "kind": "csv"}]
        assert {entry.action for entry in entries[5:]} == {"mask_audit"}
        former = former_values(session, "customers.customer", ["the change"])
        assert former == {(1, "phone"): (LANDLINE, PHONE)}
        assert session.scalars(select(Draft.values)).one() == {"phone": [PHONE]}
        views = session.scalars(select(SavedView.query).order_by(SavedView.id)).all()
        assert views == ["grade__in=A", "contact__filled=1", "all=1"]
        (result,) = session.scalars(text("SELECT CAST(result AS TEXT) FROM jobs_job"))
        assert orjson.loads(result)["problems"][0]["value"] == "138****4321"


def test_a_masked_entry_that_is_altered_afterwards_is_found(engine, plugin):
    migrations.upgrade(engine, ROOT, [plugin])
    with Session(engine) as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).first()
        entry.changes = {**entry.changes, "name": [None, "某人"]}
        session.commit()
        assert [one.entry_id for one in verify_chain(session)] == [entry.id]
