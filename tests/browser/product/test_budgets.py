"""How many clicks, fields and page loads everyday work takes, beside what it may take.

The figures are printed as a table at the end of the run (see ``tests/services/reporting.py``).
Choosing a value in a field that has been reached is part of filling it and no click of its own.
Every other press of the mouse counts, the ticking of rows too.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

import pytest
from flask_appbuilder.security.sqla.models import User
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.access.services import actor_for
from app.customers.models import Customer
from app.database import db
from app.records.search.tokens import initials
from app.records.services import create
from plugins.complaints.models import Complaint
from tests.browser.following import followed


@dataclasses.dataclass
class Counter:
    """Counts what one person does on one page."""

    page: Page
    clicks: int = 0
    fields: int = 0
    loads: int = 0

    def start(self, path: str) -> Counter:
        """Begin on a page; what led there is not counted."""
        self.page.goto(path)
        self.ready()
        self.clicks = self.fields = self.loads = 0
        self.page.on("load", self._loaded)
        return self

    def _loaded(self, _page: object) -> None:
        self.loads += 1

    def ready(self) -> None:
        self.page.wait_for_selector("html[data-ready=true]", state="attached")

    def click(self, selector: str, *, leaves: bool = False, keys: Sequence[str] = ()) -> None:
        """Press something, with keys held down, and wait for the page it leads to."""
        self.clicks += 1
        if not leaves:
            self.page.locator(selector).first.click(modifiers=[*keys])
            return
        with followed(self.page):
            self.page.locator(selector).first.click()
        self.ready()

    def fill(self, selector: str, text: str) -> None:
        self.fields += 1
        self.page.locator(selector).first.fill(text)

    def give(self, selector: str, value: str) -> None:
        """Write into a field, or tick the circle of a value."""
        circle = self.page.locator(f"{selector}[type=radio][value={value!r}]")
        self.page.locator(selector).first.wait_for()
        if not circle.count():
            self.fill(selector, value)
            return
        self.fields += 1
        circle.check()

    def choose(self, name: str, text: str) -> None:
        """Choose from a searchable list in the dialog."""
        self.fields += 1
        wrapper = self.page.locator(f"#dialog-body select[name={name}] + .ts-wrapper")
        wrapper.locator(".ts-control").click()
        wrapper.locator(".dropdown-input").fill(text)
        self.page.locator(".ts-dropdown .option", has_text=text).first.click()


@pytest.fixture
def keep(record_property):
    """Check figures against their bar and keep them for the table."""

    def check(task: str, counter: Counter, clicks: int, fields: int, loads: int) -> None:
        counter.page.wait_for_load_state("load")
        row = (task, counter.clicks, clicks, counter.fields, fields, counter.loads, loads)
        record_property("budget", row)
        assert counter.clicks <= clicks, row
        assert counter.fields <= fields, row
        assert counter.loads <= loads, row

    return check


@pytest.fixture
def complaints(site_app):
    """Find complaints by state: ``complaints("recorded", owner_id=None)``."""

    def find(state: str, count: int = 1, **columns) -> list[tuple[int, str]]:
        with site_app.app_context():
            rows = db.session.execute(
                select(Complaint.id, Complaint.number)
                .where(Complaint.state == state)
                .filter_by(**columns).order_by(Complaint.id.desc()).limit(count)
            ).all()
            db.session.remove()
        assert len(rows) == count, state
        return [(row.id, row.number) for row in rows]

    return find


@pytest.fixture
def unowned(site_app) -> tuple[int, str]:
    """A complaint that was registered a moment ago and that nobody has taken yet."""
    with site_app.app_context():
        user = db.session.scalar(select(User.id).where(User.username == "supervisor"))
        complaint = create(db.session, actor_for(db.session, user), Complaint, {
            "contact": "19900001111", "reason": "重复扣款", "demand": "退款", "owner_id": None,
        })
        found = complaint.id, complaint.number
        db.session.remove()
    return found


def state_of(site_app, pk: int) -> str:
    with site_app.app_context():
        state = db.session.scalar(select(Complaint.state).where(Complaint.id == pk))
        db.session.remove()
    return state


def test_a_phone_call_becomes_a_complaint(visit, site_app, keep):
    with site_app.app_context():
        phone = db.session.scalar(
            select(Customer.phone).order_by(Customer.id).limit(1)).reveal()
        db.session.remove()
    counter = Counter(visit("agent", "zh").page).start(f"/complaints/add?contact={phone}")
    # The customer is there already, and the first empty field has the focus.
    expect(counter.page.locator("[name=contact]")).to_have_value(phone)
    counter.fill("[name=reason]", "提前还款被收取违约金。")
    counter.fill("[name=demand]", "退还违约金")
    counter.click(".save-bar .btn-primary", leaves=True)
    assert re.search(r"/complaints/show/\d+", counter.page.url)
    keep("register a call, from the screen pop", counter, clicks=2, fields=5, loads=1)


def test_a_call_from_an_unknown_number(visit, keep):
    counter = Counter(visit("agent", "zh").page).start("/complaints/list/")
    counter.click("a.btn-primary[href*='/add']", leaves=True)
    counter.fill("[name=contact]", "19912345678")
    counter.fill("[name=customer_name]", "钱多多")
    counter.fill("[name=reason]", "保养后仪表报警。")
    counter.fill("[name=demand]", "免费检修")
    counter.click(".save-bar .btn-primary", leaves=True)
    keep("register a call, from the list", counter, clicks=2, fields=5, loads=2)


def test_take_from_the_record(visit, unowned, keep):
    pk, _ = unowned
    counter = Counter(visit("supervisor", "zh").page).start(f"/complaints/show/{pk}")
    counter.click("[data-offer=take]", leaves=True)
    keep("take, on its page", counter, clicks=1, fields=0, loads=0)


def test_take_from_the_list(visit, unowned, keep):
    pk, number = unowned
    counter = Counter(visit("supervisor", "zh").page).start(f"/complaints/list/?q={number}")
    counter.click(f"tr[data-row='{pk}'] [data-row-step=take]", leaves=True)
    expect(counter.page.locator(f"tr[data-row='{pk}'] [data-row-step]")).to_have_count(0)
    keep("take, in the list", counter, clicks=1, fields=0, loads=0)


def owner_of(site_app, pk: int) -> int | None:
    with site_app.app_context():
        owner = db.session.scalar(select(Complaint.owner_id).where(Complaint.id == pk))
        db.session.remove()
    return owner


def step(counter: Counter, name: str, **fields: str) -> None:
    """Take a next step on the page of a record, filling what it needs."""
    counter.click(f"[data-offer={name}]")
    for field, value in fields.items():
        counter.give(f"#dialog-body [name={field}]", value)
    counter.click("#dialog-body button.btn-primary", leaves=True)


def taken_back(counter: Counter, keep, what: str) -> None:
    """Press the one button that undoes what was done a moment ago."""
    counter.page.wait_for_load_state("load")
    counter.clicks = counter.fields = counter.loads = 0
    counter.click(".undo-toast button.btn-sm, .undo-note button.btn-sm", leaves=True)
    keep(f"undo {what}", counter, clicks=1, fields=0, loads=0)


def assignment(counter: Counter) -> None:
    """Fill the dialog of an assignment and send it."""
    counter.choose("responsible_department_id", "贷后管理部")
    counter.choose("handler_id", "孟蝶")
    counter.fields += 1
    counter.page.locator("#dialog-body select[name=liability]").select_option("department")
    counter.click("#dialog-body button.btn-primary", leaves=True)


@pytest.mark.parametrize("way", ["mouse", "keys"])
def test_assess_and_assign_one_from_the_list(visit, site_app, complaints, keep, way):
    [(pk, number)] = complaints("recorded")
    page, row = visit("supervisor", "zh").page, f"tr[data-row='{pk}']"

    def ahead(step: str) -> Counter:
        counter = Counter(page).start(f"/complaints/list/?q={number}")
        button = counter.page.locator(f"{row} [data-row-ahead={step}]")
        if way == "mouse":
            # It shows on the row that one points at.
            expect(button).to_have_css("opacity", "0")
            counter.page.locator(row).hover()
            expect(button).to_have_css("opacity", "1")
            counter.click(f"{row} [data-row-ahead={step}]")
        else:
            counter.page.keyboard.press("j")
            counter.page.keyboard.press("n")
        expect(counter.page.locator("#dialog-body form")).to_be_visible()
        return counter

    counter = ahead("assess")
    counter.fill("#dialog-body [name=cause_analysis]", "条款告知不足")
    counter.click("#dialog-body button.btn-primary", leaves=True)
    assert "/complaints/list/" in counter.page.url
    keep(f"assess one, in the list, {way}", counter, clicks=2, fields=3, loads=0)
    counter = ahead("assign")
    assignment(counter)
    assert state_of(site_app, pk) == "assigned"
    assert "/complaints/list/" in counter.page.url
    keep(f"assign one, in the list, {way}", counter, clicks=2, fields=3, loads=0)


def test_assign_several_from_the_list(visit, site_app, complaints, keep):
    chosen = complaints("assessed", 3)
    counter = Counter(visit("supervisor", "zh").page).start(
        "/complaints/list/?state__in=assessed&sort=-number&size=200"
    )
    for pk, _ in chosen:
        counter.click(f"tr[data-row='{pk}'] input[name=row]")
    counter.click("[data-bulk-bar] button[value=assign]")
    assignment(counter)
    assert [state_of(site_app, pk) for pk, _ in chosen] == ["assigned"] * 3
    # Two, and one for each row that is ticked.
    keep("assign three, in the list, ticks with", counter, clicks=2 + 3, fields=3, loads=0)


@pytest.mark.parametrize(("act", "note"), [("approve", ""), ("send_back", "请补充退款依据")])
def test_decide_from_home(visit, site_app, complaints, keep, act, note):
    leaders = {"SALES": "gaoqiang", "AFTER": "hejun", "CREDIT": "songwei", "COLLECT": "fengtao",
               "CARE": "supervisor", "CS": "leader"}
    with site_app.app_context():
        row = db.session.execute(
            select(Complaint).where(Complaint.state == "proposed").order_by(Complaint.id)
        ).scalars().first()
        pk, solution = row.id, row.solution
        leader = leaders[row.responsible_department.code]
        db.session.remove()
    counter = Counter(visit(leader, "zh").page).start("/")
    # The substance is in sight before anything is pressed.
    expect(counter.page.locator(".home-grid")).to_contain_text(solution)
    counter.click(f"[data-act={act}][data-record='{pk}']")
    if note:
        counter.fill("#dialog-body [name=approval_note]", note)
    counter.click("#dialog-body button.btn-primary", leaves=True)
    assert state_of(site_app, pk) == {"approve": "approved", "send_back": "assigned"}[act]
    keep(f"{act.replace('_', ' ')}, from home", counter, clicks=2, fields=1 if note else 0, loads=0)


def test_reassign_five_from_the_list_and_take_it_back(visit, site_app, complaints, keep):
    chosen = complaints("assessed", 5)
    with site_app.app_context():
        owner, name = db.session.execute(
            select(User.id, User.last_name + User.first_name).where(User.username == "linna")
        ).one()
        db.session.remove()
    before = [owner_of(site_app, pk) for pk, _ in chosen]
    counter = Counter(visit("supervisor", "zh").page).start(
        "/complaints/list/?state__in=assessed&sort=-number&size=200"
    )
    # The first row is ticked, the fifth with Shift: all between them come along.
    for pk, keys in ((chosen[0][0], []), (chosen[4][0], ["Shift"])):
        counter.click(f"tr[data-row='{pk}'] input[name=row]", keys=keys)
    counter.click("[data-bulk-bar] button[value=reassign]")
    counter.choose("owner_id", name)
    counter.click("#dialog-body button.btn-primary", leaves=True)
    assert [owner_of(site_app, pk) for pk, _ in chosen] == [owner] * 5
    keep("reassign five, in the list", counter, clicks=4, fields=1, loads=0)
    taken_back(counter, keep, "five that were reassigned")
    assert [owner_of(site_app, pk) for pk, _ in chosen] == before


def test_a_step_on_a_record_is_taken_back(visit, site_app, complaints, keep):
    [(pk, _)] = complaints("recorded")
    counter = Counter(visit("supervisor", "zh").page).start(f"/complaints/show/{pk}")
    step(counter, "assess", cause_analysis="条款告知不足")
    assert state_of(site_app, pk) == "assessed"
    taken_back(counter, keep, "a step, on its page")
    assert state_of(site_app, pk) == "recorded"


def test_a_deleted_record_comes_back(visit, site_app, complaints, keep):
    [(pk, number)] = complaints("recorded")
    counter = Counter(visit("supervisor", "zh").page).start(f"/complaints/list/?q={number}")
    counter.click(f"tr[data-row='{pk}'] input[name=row]")
    counter.click("[data-bulk-delete]", leaves=True)
    expect(counter.page.locator(f"tr[data-row='{pk}']")).to_have_count(0)
    taken_back(counter, keep, "a deletion, in the list")
    expect(counter.page.locator(f"tr[data-row='{pk}']")).to_have_count(1)


def test_a_whole_round(visit, site_app, complaints, keep):
    """From the assessment to the archive, all together; opening the record is not counted."""
    [(pk, _)] = complaints("recorded")
    address = f"/complaints/show/{pk}"
    people: list[Counter] = []

    def at(username: str) -> Counter:
        counter = Counter(visit(username, "zh").page).start(address)
        people.append(counter)
        return counter

    supervisor = at("supervisor")
    step(supervisor, "assess", cause_analysis="条款告知不足")
    supervisor.click("[data-offer=assign]")
    assignment(supervisor)
    step(at("mengdie"), "propose", solution="退还违约金 500 元")
    step(at("fengtao"), "approve")
    handler = at("mengdie")
    step(handler, "consent")
    step(handler, "carry_out", result="已退款")
    step(handler, "collect_feedback", feedback="已电话告知客户")
    step(handler, "rate", outcome="satisfied")
    step(handler, "summarise", summary="告知不足", improvement="改进话术")
    at("supervisor").click("[data-offer=archive]", leaves=True)
    assert state_of(site_app, pk) == "archived"
    whole = Counter(supervisor.page)
    for one in people:
        one.page.wait_for_load_state("load")
        whole.clicks += one.clicks
        whole.fields += one.fields
        whole.loads += one.loads
    keep("a whole round, from assessing to archiving", whole, clicks=20, fields=10, loads=6)


def test_find_a_record_by_initials_from_anywhere(visit, site_app, keep):
    with site_app.app_context():
        customer = db.session.scalars(select(Customer).order_by(Customer.id).limit(1)).one()
        name = customer.name
        db.session.remove()
    counter = Counter(visit("agent", "zh").page).start("/")
    counter.page.keyboard.press("Control+k")
    counter.page.keyboard.type(initials(name)[0])
    counter.fields += 1
    found = counter.page.locator("[role=listbox] [role=option]", has_text=name)
    expect(found.first).to_be_visible()
    keep("find a customer by initials, from any page", counter, clicks=0, fields=1, loads=0)
