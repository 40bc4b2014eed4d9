"""Of an erased customer nothing is found in any table, whichever plugin it belongs to."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from flask import current_app
from sqlalchemy import (
    Boolean,
    Date,
    DateTime,
    Integer,
    Numeric,
    String,
    Table,
    Text,
    insert,
    select,
    text,
)

from app.access.actor import SYSTEM
from app.access.audit import verify_chain
from app.access.sensitive.columns import EncryptedJson, Sensitive
from app.customers.merging.operations import merge
from app.customers.models import Customer
from app.customers.privacy.models import ErasureRequest
from app.customers.privacy.requests import REMOVE_CONTENTS
from app.database import Json, UTCDateTime, metadata, utcnow, write
from app.jobs.models import Job
from app.jobs.runner import EXTENSION, run_job
from app.metrics import rebuilding
from app.metrics.models import MetricSum
from app.records.files import FileStore, attach
from app.records.models import File
from app.records.personal import Personal, Treatment, declarations, texts_in, treatments
from app.records.purging import tables_of
from app.screens.forms.drafts import save_draft
from app.sdk.services import act, create, update
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import registered

NAME, FORMER, PHONE, OTHER_PHONE = "金丝雀", "金丝雀旧名", "13855667788", "13699887766"
SECRET = "canary-in-a-cage"
TEXT = f"{NAME}来电（{PHONE[:3]} {PHONE[3:7]} {PHONE[7:]}），另有 {OTHER_PHONE}"
CANARIES = ("金丝雀", PHONE, OTHER_PHONE, SECRET)
# Written by every record, or by its workflow, and codes by nature.
_OF_RECORDS = {"number", "state", "extra"}


def about_customers(session) -> list[Table]:
    """Return the tables with rows that refer to customers, and those whose rows belong to them."""
    found = [Customer.__table__]
    for table in tables_of(session):
        parents = {key.column.table for key in table.foreign_keys} - {table}
        if table not in found and parents.intersection(found):
            found.append(table)
    return found


def test_of_every_text_about_a_customer_it_is_said_what_erasure_makes_of_it(house):
    declared, unsaid, wrong = declarations(), [], []
    for table in about_customers(house.session):
        one = declared.get(table.name, Personal())
        said = [*one.names, *one.emptied, *one.swept, *one.kept]
        wrong += [f"{table.name}.{name}" for name in said
                  if name not in table.c or said.count(name) > 1]
        unsaid += [
            f"{table.name}.{column.name}" for column in table.columns
            if isinstance(column.type, String | Json | EncryptedJson)
            and not isinstance(column.type, Text) and not column.foreign_keys
            and not column.info.get("choices") and column.name not in {*said, *_OF_RECORDS}]
    assert (unsaid, wrong) == ([], [])


def test_sensitive_columns_about_a_customer_are_emptied(house):
    declared = declarations()
    assert [
        f"{table.name}.{column.name}" for table in about_customers(house.session)
        for column in table.columns
        if isinstance(column.type, Sensitive) and treatments(
            table, declared.get(table.name, Personal())).get(column.name) is not Treatment.EMPTIED
    ] == []


class Filler:
    """Fills one row of every table about a customer, with a canary wherever a text may stand."""

    def __init__(self, session, customer) -> None:
        self.session, self.keys = session, {Customer.__table__.name: customer.id}
        self.declared = declarations()

    def fill(self) -> None:
        for table in about_customers(self.session):
            if table.name not in self.keys and table.primary_key.columns.keys() == ["id"]:
                self._insert(table)

    def _insert(self, table) -> None:
        treated = treatments(table, self.declared.get(table.name, Personal()))
        values = {
            column.name: self._value(column, treated.get(column.name))
            for column in table.columns if not column.primary_key}
        key = self.session.execute(insert(table).values(values)).inserted_primary_key[0]
        self.keys[table.name] = key

    def _value(self, column, treatment):
        if column.foreign_keys:
            target = next(iter(column.foreign_keys)).column.table
            return self.keys.get(target.name) or (
                None if column.nullable else self._any_key(target))
        if column.name == "deleted_at" or column.name.endswith("lifted_at"):
            return None
        return _text(column, treatment) if isinstance(
            column.type, String | Json | EncryptedJson | Sensitive) else _plain(column)

    def _any_key(self, table):
        key = self.session.scalar(select(table.c.id).limit(1))
        if key is None:
            values = {
                column.name: self._value(column, None)
                for column in table.columns if not column.primary_key}
            key = self.session.execute(insert(table).values(values)).inserted_primary_key[0]
        return key


def _text(column, treatment):
    length = getattr(column.type, "length", None)
    if treatment is Treatment.NAMED:
        return NAME
    if treatment is Treatment.EMPTIED:
        if isinstance(column.type, EncryptedJson):
            return {"before": SECRET}
        return OTHER_PHONE if getattr(column.type, "kind", "") == "phone" else SECRET[:length]
    if treatment is Treatment.SWEPT:
        if isinstance(column.type, Json | EncryptedJson):
            return {"said": [TEXT]}
        return TEXT[:length]
    return {} if isinstance(column.type, Json | EncryptedJson) else f"c{column.table.name}"[:length]


def _plain(column):
    if isinstance(column.type, UTCDateTime | DateTime):
        return utcnow()
    if isinstance(column.type, Date):
        return dt.date(2026, 1, 5)
    if isinstance(column.type, Boolean):
        return False
    return 1 if isinstance(column.type, Integer | Numeric) else None


def told(session) -> list[str]:
    """Return where a canary still stands: every column of every table, and the search index."""
    session.expire_all()
    found = [
        f"{table.name}.{name}: {one}" for table in tables_of(session)
        for row in session.execute(select(table)).mappings() for name, value in row.items()
        for one in CANARIES if one in " ".join((*texts_in(value), str(value)))]
    if session.get_bind().dialect.name == "sqlite":
        words = " ".join(session.scalars(text("SELECT words FROM records_search_fts")))
    else:
        words = " ".join(session.scalars(text("SELECT words::text FROM records_search")))
    return found + [f"search: {one}" for one in CANARIES if one in words]


@pytest.fixture
def known(house):
    """A customer with a past: renamed, merged, with a row in every table about customers."""
    session = house.session
    customer = create(session, SYSTEM, Customer, {
        "name": FORMER, "phone": OTHER_PHONE, "email": f"{SECRET}@example.com", "wechat": SECRET,
        "address": f"{SECRET} 路 1 号", "remarks": SECRET, "born_on": dt.date(1990, 1, 5)})
    update(session, SYSTEM, customer, {"name": NAME, "phone": PHONE})
    twin = create(session, SYSTEM, Customer, {"name": NAME, "phone": PHONE, "remarks": SECRET})
    merge(session, house.actor("supervisor"), customer, twin, ["remarks"], f"{NAME}是同一人")
    complaint = registered(house, customer_id=customer.id, customer_name=NAME, contact=PHONE,
                           reason=TEXT)
    act(session, house.actor("agent"), complaint, "withdraw", {"withdrawal_reason": TEXT})
    store = FileStore(current_app.config["CARELINE_SETTINGS"])
    for record in (customer, complaint):
        attach(session, house.actor("agent"), store, record, f"{NAME}.txt",
               io.BytesIO(SECRET.encode()), note=TEXT)
    save_draft(session, house.actor("agent").user_id, "x", {"summary": TEXT})
    with write(session):
        Filler(session, customer).fill()
    return customer


def erased(house, customer) -> ErasureRequest:
    """Let one person ask and another one decide; what still stands open is closed before."""
    session = house.session
    with write(session):
        for table in tables_of(session):
            if {"is_open", "customer_id"} <= set(table.c.keys()):
                session.execute(table.update().values(is_open=False))
        for name, status in (("customers_loan", "settled"), ("customers_investment", "redeemed"),
                             ("customers_change_request", "rejected")):
            session.execute(metadata().tables[name].update().values(status=status))
        session.execute(metadata().tables["customers_legal_hold"].update().values(
            lifted_at=utcnow()))
        session.execute(metadata().tables["customers_erasure_request"].update().values(
            status="rejected"))
    act(session, house.actor("supervisor"), customer, "erase", {"reason": f"{NAME}本人要求"})
    request = session.scalars(
        select(ErasureRequest).where(ErasureRequest.status == "open")).one()
    act(session, house.actor("admin"), request, "approve")
    return request


@pytest.mark.both_databases
def test_a_canary_is_found_nowhere_afterwards(house, known):
    before = told(house.session)
    assert {one.split(".")[0] for one in before} >= {
        table.name for table in about_customers(house.session)
        if treatments(table, declarations().get(table.name, Personal()))
        and "id" in table.c} - {"customers_merge"}
    erased(house, known)
    assert told(house.session) == []
    assert list(verify_chain(house.session)) == []


def test_the_contents_of_files_go_with_a_job(house, known):
    store = FileStore(current_app.config["CARELINE_SETTINGS"])
    contents = [row.key for row in house.session.scalars(select(File)) if row.name.startswith(NAME)]
    assert [store.open(key).read() for key in contents] == [SECRET.encode()] * 2
    erased(house, known)
    [job] = house.session.scalars(select(Job).where(Job.kind == REMOVE_CONTENTS))
    assert set(job.args["keys"]) >= set(contents)
    run_job(house.app.extensions[EXTENSION], "worker", job.id)
    for key in contents:
        with pytest.raises(FileNotFoundError):
            store.open(key)


@pytest.mark.both_databases
def test_the_cases_stay_and_figures_do_not_change(house, known):
    session = house.session
    rebuilding.rebuild(session)
    erased_sums = _sums(session)
    number = session.scalar(select(Complaint.number).where(Complaint.customer_id == known.id))
    erased(house, known)
    complaint = session.scalars(select(Complaint).where(Complaint.number == number)).one()
    assert complaint.customer_name == known.number
    assert known.number in complaint.reason
    rebuilding.rebuild(session)
    assert _sums(session) == erased_sums


def _sums(session) -> list:
    session.expire_all()
    return sorted(map(str, session.execute(select(MetricSum.__table__)).all()))
