"""Figures of plugins on appraisal sheets: computed, shown with their records, frozen, compared."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.sdk.demo import acting_at
from app.sdk.errors import Rejected
from app.sdk.forms import Item, ItemKind, Part, ScoredForm
from app.sdk.metrics import metrics_by_name, records_url
from app.sdk.services import act, write
from plugins.appraisals.commands import tampered
from plugins.appraisals.sheets import facts as sheet_facts
from plugins.appraisals.sheets import objections
from plugins.appraisals.sheets.calculation import current, differences, form_of
from plugins.appraisals.sheets.facts import PeriodFacts, period_of
from plugins.appraisals.sheets.models import Sheet
from plugins.appraisals.sheets.operations import sheet_operations
from plugins.appraisals.tests.helpers import CHAIN, month, rated, sheet_of, sign, signed
from plugins.callbacks.tests import helpers as callbacks
from tests.conformance.test_figures import MONDAY, rows, worked

__all__ = ["worked"]

BEGIN, END = dt.date(2026, 10, 1), dt.date(2026, 11, 1)


@pytest.fixture
def sheet(worked) -> Sheet:
    return sheet_of(worked, month(worked, BEGIN))


def call(house, number: int) -> None:
    """Let the agent make one more callback on the Monday."""
    with acting_at(MONDAY + dt.timedelta(hours=1)):
        task = callbacks.planned(house, customer_id=callbacks.customer(
            house, phone=f"1380000000{number}").id)
        act(house.session, house.actor("agent"), task, "start")
        callbacks.contact(house, task, "reached", **callbacks.COMPLETE)


def sign_rest(house, sheet: Sheet) -> None:
    """Let everybody sign who comes after the person."""
    for username in CHAIN[1:]:
        sign(house, sheet, username)


def every_metric() -> ScoredForm:
    """Return a form with an item for each figure that forms are offered."""
    return ScoredForm("All", "全部", (Part("", "", tuple(
        Item(f"item_{place}", ItemKind.METRIC, name, weight=Decimal(1), worst=Decimal(0),
             best=Decimal(100), source=name)
        for place, name in enumerate(metrics_by_name(personal=True)))),))


@pytest.mark.both_databases
def test_every_figure_offered_to_forms_is_the_number_of_records_behind_it(worked):
    form, client, some = every_metric(), worked.client("admin"), 0
    people = [worked.actor(name).user_id for name in ("agent", "mengdie", "supervisor")]
    together = PeriodFacts(worked.session, BEGIN, END, people)
    with worked.app.test_request_context():
        for person in people:
            facts, answers = together.of(form, person)
            alone = PeriodFacts(worked.session, BEGIN, END, [person])
            alone.at = together.at
            assert alone.of(form, person) == (facts, answers)
            for item in form.items:
                fact, metric = facts[item.name], metrics_by_name(personal=True)[item.source]
                number = fact["denominator"] if metric.is_mean else fact["numerator"]
                address = records_url(metric, period_of(BEGIN, END), {"person": person})
                assert rows(client, address) == number, (item.source, person)
                some += number
    assert {"callbacks", "complaints", "customers", "training"} <= {
        name.partition(".")[0] for name in metrics_by_name(personal=True)}
    assert some > len(people)


def test_a_sheet_fills_itself_in_with_numerator_and_denominator(worked, sheet):
    rated(worked, sheet)
    fact = sheet.facts["callbacks"]
    assert (fact["metric"], fact["numerator"], fact["denominator"], fact["kind"]) == (
        "callbacks.tried", 3, None, "count")
    assert fact["value"] == f"{Decimal(3) / Decimal(fact['days']):.2f}"
    assert sheet.answers["callbacks"] == "C"
    verified = sheet.facts["customer_data"]
    assert (verified["metric"], verified["numerator"]) == ("customers.items_verified_in_contact", 2)
    # 6 points where three callbacks are far fewer than 15 a day, 0.4 of 15 for two items.
    assert sheet.score == Decimal("69.33")


def test_before_the_signature_a_figure_follows_the_records_and_then_it_is_frozen(worked, sheet):
    rated(worked, sheet)
    form = form_of(worked.session, sheet)
    seen = current(worked.session, sheet, form).digest
    call(worked, 1)
    assert current(worked.session, sheet, form).facts["callbacks"]["numerator"] == 4
    with pytest.raises(Rejected):
        sheet_operations().put_signature(
            worked.session, worked.actor("agent"), sheet, "", None, seen)
    assert sheet.frozen_hash == ""
    sign(worked, sheet, "agent")
    assert sheet.facts["callbacks"]["numerator"] == 4
    call(worked, 2)
    assert current(worked.session, sheet, form).facts["callbacks"]["numerator"] == 4
    [found] = differences(worked.session, sheet, form)
    assert (found.item, found.frozen["numerator"], found.now["numerator"]) == ("callbacks", 4, 5)
    sign_rest(worked, sheet)
    assert tampered(worked.session) == []
    page = worked.client("hr").get(f"/appraisals/sheets/show/{sheet.id}").text
    assert 'id="changed-title"' in page


def test_a_page_shows_the_figure_and_opens_its_records(worked, sheet):
    rated(worked, sheet)
    client = worked.client("agent")
    page = client.get(f"/appraisals/sheets/show/{sheet.id}").text
    with worked.app.test_request_context():
        [tried] = metrics_by_name(["callbacks.tried"]).values()
        address = records_url(tried, period_of(BEGIN, END), {"person": sheet.owner_id})
    assert address.replace("&", "&amp;") in page
    assert rows(client, address) == 3
    assert 'id="changed-title"' not in page


def test_a_figure_that_is_not_there_is_left_out_and_never_zero(worked, sheet, monkeypatch):
    monkeypatch.setattr(sheet_facts, "metrics_by_name", lambda **_: {})
    rated(worked, sheet)
    assert (sheet.facts["callbacks"]["value"], sheet.facts["callbacks"]["why"]) == (
        None, "unknown")
    # 56 of 60: the weights of the others grow to 100.
    assert sheet.score == Decimal("93.33")
    held = current(worked.session, sheet, form_of(worked.session, sheet))
    assert sum(line.effective_weight for line in held.result.lines) == 100
    page = worked.client("agent").get(f"/appraisals/sheets/show/{sheet.id}")
    assert page.status_code == 200
    assert "data-no-data" in page.text
    signed(worked, sheet)
    assert tampered(worked.session) == []


def test_a_month_of_which_the_system_holds_nothing_is_no_data(worked):
    sheet = sheet_of(worked, month(worked, dt.date(2024, 3, 1)))
    rated(worked, sheet)
    assert (sheet.facts["callbacks"]["numerator"], sheet.facts["callbacks"]["why"]) == (
        0, "unused")
    assert sheet.answers["callbacks"] == ""
    assert sheet.score == Decimal("93.33")


def test_a_colleague_without_callbacks_has_none_and_that_counts(worked):
    cycle = month(worked, BEGIN)
    other = sheet_of(worked, cycle, "wanghao")
    rated(worked, other)
    assert (other.facts["callbacks"]["value"], other.answers["callbacks"]) == ("0.00", "C")


def test_an_upheld_objection_to_a_figure_stays_when_it_is_computed_again(worked, sheet):
    rated(worked, sheet)
    session, operations = worked.session, sheet_operations()
    raised = objections.raise_objection(
        session, operations, worked.actor("agent"), sheet, "callbacks", "停电两周", None)
    objections.decide(session, operations, worked.actor("supervisor"), sheet, raised, "属实",
                      {"callbacks": "A"}, None)
    assert sheet.answers["callbacks"] == "A"
    call(worked, 3)
    sign(worked, sheet, "agent")
    fact = sheet.facts["callbacks"]
    assert (sheet.answers["callbacks"], fact["corrected"], fact["numerator"]) == ("A", "A", 4)
    sign_rest(worked, sheet)
    act(session, worked.actor("hr"), sheet, "supersede", {"reason": "重做"})
    again = session.scalars(select(Sheet).where(Sheet.replaces_id == sheet.id)).one()
    with write(session):
        operations.take(session, again, None)
        operations.compute(session, worked.actor("hr"), again, form_of(session, again),
                           PeriodFacts(session, BEGIN, END, [again.owner_id]))
    assert again.answers["callbacks"] == "A"


@pytest.mark.both_databases
def test_computing_again_changes_no_byte(worked, sheet):
    rated(worked, sheet)
    before, version = (dict(sheet.answers), dict(sheet.facts), sheet.score), sheet.version
    for _ in range(2):
        with write(worked.session):
            sheet_operations().take(worked.session, sheet, None)
            known = PeriodFacts(worked.session, BEGIN, END, [sheet.owner_id])
            assert not sheet_operations().compute(
                worked.session, worked.actor("hr"), sheet, form_of(worked.session, sheet), known)
    assert (sheet.answers, sheet.facts, sheet.score) == before
    assert sheet.version == version
