"""Many new records at once are the same, and refused for the same, as each made by itself."""

from __future__ import annotations

import contextlib
import datetime as dt
import decimal
import itertools
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import select

from app.access.actor import SYSTEM
from app.access.audit import verify_chain
from app.access.models import AuditEntry
from app.customers.models import Customer, Investment, Loan, Vehicle
from app.customers.operations import CustomerOperations
from app.database import acting_at, write
from app.errors import CarelineError
from app.i18n import Message
from app.jobs.hidden_rows import hiding
from app.records.custom_fields.definitions import CustomField
from app.records.custom_fields.store import define_field
from app.records.importing.fields import REJECTED, SKIP, ImportRow
from app.records.operations import Operations, operations_of
from app.records.record_operations import (
    RecordOperations,
    are_made_together,
    made_together,
)
from app.records.search.index import search_filter
from app.records.services import create_many
from app.screens.imports.form_fields import FormFields
from app.screens.imports.page import ImportPage
from app.screens.imports.registration import importer_of
from app.screens.registry import registry
from tests.integration.records.comparing import everything, give_keys_back, numbers_given_back

__all__ = ["numbers_given_back"]

class _TakenBackError(Exception):
    pass


def one_by_one(operations, session, actor, rows):
    return Operations._create_many(operations, session, actor, rows, "")


def at_once(operations, session, actor, rows):
    return create_many(session, actor, operations.model, rows)


def told(outcome: Any) -> str:
    if isinstance(outcome, CarelineError):
        return f"{type(outcome).__name__} {outcome} {outcome.message.msgid}"
    return outcome.number


def tried(session, actor, model, rows, how, number=None):
    """Return outcomes and all that the database holds then; nothing of it stays."""
    found: list[Any] = []
    moment = dt.datetime(2026, 5, 6, 7, 8, 9, tzinfo=dt.UTC)
    give_keys_back(session)
    with contextlib.suppress(_TakenBackError), acting_at(moment), write(session):
        if number is None:
            made = how(operations_of(model), session, actor, rows)
        else:
            with hiding(number):
                made = how(operations_of(model), session, actor, rows)
        session.flush()
        found += [list(map(told, made)), everything(session)]
        raise _TakenBackError
    return found


def compared(house, actor, model, rows, number=None):
    """Make rows in both ways, and return the outcomes, which must be the same."""
    alone = tried(house.session, actor, model, rows, one_by_one, number)
    together = tried(house.session, actor, model, rows, at_once, number)
    assert together[0] == alone[0]
    refused = any(one.startswith("Conflict") for one in alone[0])
    if refused and house.session.get_bind().dialect.name == "postgresql":
        # It gives nobody the key of a row that it refused: those after it have other keys.
        return alone[0]
    for name, there in alone[1].items():
        assert together[1][name] == there, name
    return alone[0]


PHONES = itertools.count(13800000001)
RIGHT = {"name": "王小明", "phone": "138 0013 8000", "grade": "A"}
ROWS = [
    RIGHT,
    {"name": "李丽", "phone": "", "address": "上海市南京路1号", "email": "li@example.com",
     "born_on": dt.date(1990, 5, 6), "remarks": "打过 13912345678"},
    {"name": "John Smith", "contact_hours": "at noon"},
    {"name": "单雄信", "timezone": "Asia/Shanghai", "contact_hours": "09:00-12:00"},
    {"name": "无", "timezone": "Nowhere"},
    {"name": "masked", "phone": "138****8000"},
    {"name": "words", "phone": "13800138000 ask for Li"},
    {"name": "step", "plates": "沪A12345"},
    {"name": "protected", "number": "KH-1"},
    {"name": "member", "member_since": dt.date(2020, 1, 1)},
    {"name": "owned", "owner": 1, "phone": "13800138000", "id_number": "11010519491231002X"},
    {"name": "field", "x_hobby": "钓鱼", "x_card": "6222020200112233"},
    {"name": "astray", "x_partner": "KH-2000-000001"},
    {"name": "none", "x_nothing": "1"},
    {"name": "last", "extra": {"hobby": "围棋"}, "wechat": "wx"},
]


@pytest.fixture
def fields(house):
    for field in (CustomField(name="hobby", kind="text", label="Hobby", required=True),
                  CustomField(name="card", kind="text", label="Card", sensitive=True),
                  CustomField(name="partner", kind="record", label="Partner",
                              target=Customer.__record_type__)):
        define_field(house.session, SYSTEM, Customer, field)


@pytest.mark.parametrize("who", ["supervisor", "agent", None])
@pytest.mark.parametrize("number", [None, 7])
def test_customers(house, fields, who, number):
    outcomes = compared(house, SYSTEM if who is None else house.actor(who), Customer, ROWS, number)
    assert sum(one.startswith("KH-") for one in outcomes) >= 5
    assert sum(not one.startswith("KH-") for one in outcomes) >= 7


def test_what_only_the_database_refuses_takes_no_other_with_it(house):
    with write(house.session):
        customer = operations_of(Customer).create(house.session, SYSTEM, RIGHT)
    key = customer.id
    rows = [{"customer": key, "contract": contract, "amount": decimal.Decimal(5),
             "started_on": dt.date(2026, 1, 1), "term_months": 6}
            for contract in ("A-1", "A-2", "A-1", "A-3")]
    outcomes = compared(house, SYSTEM, Investment, rows)
    assert [one.startswith("TZ-") for one in outcomes] == [True, True, False, True]
    loans = [{"customer": key, "contract": one["contract"], "principal": one["amount"]}
             for one in rows]
    assert [one[:3] for one in compared(house, SYSTEM, Loan, loans)] == ["DK-", "DK-", "Con", "DK-"]


@pytest.mark.both_databases
def test_they_are_there_as_if_made_one_by_one(house):
    rows = [RIGHT, {"name": None}, {**RIGHT, "name": "李丽"}, {"name": "no zone", "timezone": "X"}]
    made = create_many(house.session, SYSTEM, Customer, rows)
    assert [isinstance(one, Customer) for one in made] == [True, True, True, False]
    kept = house.session.scalars(
        select(Customer).where(Customer.name != "").order_by(Customer.id)).all()
    assert [(one.name, one.phone.reveal(), one.version) for one in kept] == [
        ("王小明", "13800138000", 1), ("李丽", "13800138000", 1)]
    acts = house.session.scalars(select(AuditEntry.number).where(
        AuditEntry.record_type == Customer.__record_type__).order_by(AuditEntry.id))
    assert list(acts) == [one.number for one in made[:3]]
    found = house.session.scalars(select(Customer.name).where(
        search_filter(house.session, Customer, "13800138000")))
    assert sorted(found) == ["李丽", "王小明"]
    assert not list(verify_chain(house.session))


def test_vehicles_whose_plates_their_owner_is_found_by(house):
    with write(house.session):
        customer = operations_of(Customer).create(house.session, SYSTEM, RIGHT)
    rows = [{"customer": customer.id, "plate": plate} for plate in ("沪A11111", "沪A22222")]
    assert [one[:3] for one in compared(house, SYSTEM, Vehicle, rows)] == ["CL-", "CL-"]


def test_a_person_whom_a_plugin_denies_the_record(house, monkeypatch):
    def refusal(_session, _actor, record, changes):
        return Message("On leave.") if changes.get("owner_id", [None, None])[1] == 1 else None

    monkeypatch.setattr("app.records.saving.assignment_refusal", refusal)
    outcomes = compared(house, house.actor("supervisor"), Customer, ROWS)
    assert sum("On leave." in one for one in outcomes) == 1


def test_all_at_once_takes_a_fraction_of_the_statements(house):
    rows = [{"name": f"客户{place}", "phone": str(next(PHONES))} for place in range(50)]
    counted = {
        how: len(house.statements_of(
            lambda how=how: tried(house.session, SYSTEM, Customer, rows, how)))
        for how in (one_by_one, at_once)}
    nothing = len(house.statements_of(
        lambda: tried(house.session, SYSTEM, Customer, [], one_by_one)))
    assert counted[at_once] - nothing < 20
    assert counted[one_by_one] - nothing > 50 * 5


def test_rules_that_a_class_adds_are_asked_record_by_record(house):
    class Unlike(CustomerOperations):
        def validate(self, session, actor, record, values):
            same = session.scalar(select(Customer.id).where(Customer.name == values["name"]))
            return super().validate(session, actor, record, values) | (
                {"name": Message("There is one.")} if same else {})

    @made_together
    class Further(Unlike):
        pass

    rows = [RIGHT, {**RIGHT, "address": "上海"}]
    found = {}
    for kind in (Unlike, Further):
        with pytest.raises(_TakenBackError), write(house.session):
            made = kind(Customer)._create_many(house.session, SYSTEM, rows, "")
            found[kind] = [isinstance(one, Customer) for one in made]
            raise _TakenBackError
    # The second class says that its rules look at no other new record, which is not so.
    assert found == {Unlike: [True, False], Further: [True, True]}


# --- every kind that a form reads in ------------------------------------------------------------
def _value(house, column, place):
    if column.kind == "relation":
        key = column.target.__mapper__.primary_key[0]
        return house.session.scalar(select(key).order_by(key).limit(1))
    return {
        "text": f"文本{place}", "long_text": f"说明 {place}", "integer": place + 1,
        "decimal": decimal.Decimal(place + 1), "boolean": bool(place % 2),
        "date": dt.date(2026, 3, place + 1), "sensitive": f"1390000{place:04}",
        "datetime": dt.datetime(2026, 4, place + 1, tzinfo=dt.UTC),
    }.get(column.kind)


def _rows(house, screen):
    fields = FormFields(screen)
    for place in range(4):
        values = {}
        for name in fields.names:
            column = fields.columns.get(name)
            if column is None:
                continue
            if column.kind == "choice":
                choices = screen.choices_of(name)
                values[name] = choices[place % len(choices)].value or None if choices else None
            else:
                values[name] = _value(house, column, place)
        yield values


def test_every_kind_that_a_form_reads_in(house):
    made, at_once_made = Counter(), set()
    with write(house.session):
        operations_of(Customer).create(house.session, SYSTEM, RIGHT)
    for screen in registry().screens:
        if not screen.part(ImportPage).is_offered() or screen.declared.importer_name or not (
                isinstance(screen.operations, RecordOperations)):
            continue
        with house.app.test_request_context():
            rows = list(_rows(house, screen))
        outcomes = compared(house, house.actor("admin"), screen.model, rows)
        prefix = f"{screen.model.__number_prefix__}-"
        made[screen.model.__record_type__] = sum(one.startswith(prefix) for one in outcomes)
        if are_made_together(type(screen.operations)) and made[screen.model.__record_type__]:
            at_once_made.add(screen.model.__record_type__)
    assert sum(map(bool, made.values())) >= 15, made
    assert at_once_made >= {"customers.loan", "customers.investment", "enquiries.call",
                            "knowledge.forbidden_word"}, made


def _lines(screen, house, rows, how):
    importer = importer_of(screen)
    found: list[set[int]] = []
    with contextlib.suppress(_TakenBackError), write(house.session):
        found.append(how(importer, rows))
        raise _TakenBackError
    return found[0]


def test_what_the_check_of_a_form_refuses_is_refused_where_it_is_written(house):
    """``Importer.refuses_alone``: a file that was checked as a whole is not checked again."""
    refused = Counter()
    actor = house.actor("admin")
    for screen in registry().screens:
        if not screen.part(ImportPage).is_offered() or screen.declared.importer_name:
            continue
        with house.app.test_request_context():
            fields = FormFields(screen)
            # What names other rows is refused as a name that nothing has.
            good = [{**dict.fromkeys(fields.key, "1"), **{
                name: value for name, value in values.items()
                if fields.columns[name].kind != "relation"}} for values in _rows(house, screen)]
        # Every third field is empty, from another one on in each row.
        rows = [ImportRow(line, values | dict.fromkeys(
                    [name for name in values if name not in fields.key][line - 2::3]))
                for line, values in enumerate(good, 2)]
        rows += [ImportRow(line, {name: "长" * 5000 if isinstance(value, str) else value
                                  for name, value in values.items()})
                 for line, values in enumerate(good, 20)]
        checked = _lines(screen, house, rows, lambda importer, rows: {
            one.line for one in importer.check(house.session, actor, rows)})
        written = _lines(screen, house, rows, lambda importer, rows: {
            one.line for one in importer.write(house.session, actor, rows, SKIP)
            if one.action == REJECTED})
        assert checked <= written, screen.class_permission_name
        refused[screen.class_permission_name] = len(checked)
    assert sum(map(bool, refused.values())) >= 15, refused
