"""Choosing what a complaint is about: by typing at once, and only from what belongs together."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from app.customers.models import Customer, Loan, Vehicle
from app.database import db
from tests.browser.complaints.desks import Desk


@pytest.fixture
def owners(site_app) -> list[tuple[str, str, str]]:
    """Name, phone and plate of two customers with one car each."""
    with site_app.app_context():
        rows = db.session.execute(
            select(Customer.name, Customer.phone, func.min(Vehicle.plate))
            .join(Vehicle, Vehicle.customer_id == Customer.id)
            .group_by(Customer.id).having(func.count() == 1).order_by(Customer.id).limit(2)
        ).all()
        db.session.remove()
    return [tuple(row) for row in rows]


def control(page: Page, name: str):
    return page.locator(f"select[name={name}] + .ts-wrapper .ts-control")


def offered(page: Page):
    return page.locator(".ts-dropdown:visible .option")


def test_what_is_typed_into_a_fresh_form_finds_the_customer(visit, owners):
    (name, phone, plate), _ = owners
    desk = Desk(visit, "agent", "zh").open("/complaints/add")
    last_four = phone.reveal()[-4:]
    desk.page.keyboard.type(last_four)
    box = desk.page.locator(".dropdown-input:visible")
    expect(box).to_be_focused()
    expect(box).to_have_value(last_four)
    expect(offered(desk.page).first).to_contain_text(name)
    desk.page.keyboard.press("Enter")
    expect(control(desk.page, "customer")).to_contain_text(name)
    # Who it is stands beside the form.
    expect(desk.page.locator(".form-aside")).to_contain_text(phone.masked)
    expect(desk.page.locator(".form-aside")).to_contain_text(plate)


def test_a_key_with_control_stays_a_command(visit):
    desk = Desk(visit, "agent", "zh").open("/complaints/add")
    desk.page.keyboard.press("Control+k")
    expect(desk.page.locator("[role=listbox]:visible")).not_to_have_count(0)
    expect(desk.page.locator(".dropdown-input:visible")).to_have_count(0)


def test_cars_are_those_of_the_customer_and_go_with_them(visit, owners):
    (name, _, plate), (other, _, other_plate) = owners
    desk = Desk(visit, "agent", "zh").open("/complaints/add")
    page = desk.page

    def choose(field: str, text: str) -> None:
        control(page, field).click()
        page.locator(".dropdown-input:visible").fill(text)
        offered(page).get_by_text(text).first.click()

    choose("customer", name)
    control(page, "vehicle").click()
    expect(offered(page)).to_have_count(1)
    offered(page).first.click()
    expect(control(page, "vehicle")).to_contain_text(plate)
    choose("customer", other)
    expect(control(page, "vehicle")).not_to_contain_text(plate)
    control(page, "vehicle").click()
    expect(offered(page)).to_have_count(1)
    expect(offered(page)).to_contain_text(other_plate)


def test_a_search_that_waits_for_the_end_of_typing_ends_with_the_choice(visit, owners):
    (name, _, plate), _ = owners
    page = Desk(visit, "agent", "zh").open("/complaints/add").page
    control(page, "customer").click()
    expect(offered(page).get_by_text(name)).to_be_visible()
    page.locator(".dropdown-input:visible").fill(name)
    # Whoever knows the line does not wait for what is found.
    offered(page).get_by_text(name).click()
    control(page, "vehicle").click()
    expect(offered(page)).to_contain_text(plate)
    # Longer than the list waits before it asks.
    page.wait_for_timeout(800)
    expect(offered(page)).to_contain_text(plate)
    expect(control(page, "customer")).to_contain_text(name)


def test_an_answer_in_the_middle_of_a_click_leaves_the_list_to_the_click(visit):
    """The button goes down, what the field asked for arrives, the button comes up."""
    desk = Desk(visit, "agent", "zh")
    held = []
    page = desk.page
    page.route("**/options/customer?**", lambda route: held.append(route))
    with page.expect_request("**/options/customer?**"):
        desk.open("/complaints/add")
    field = page.locator("select[name=customer]")
    expect(control(page, "customer")).to_be_focused()
    control(page, "customer").hover()
    page.mouse.down()
    for route in held:
        route.continue_()
    expect(field.locator("xpath=following-sibling::*[1]")).not_to_have_class(re.compile("loading"))
    page.mouse.up()
    expect(page.locator(".dropdown-input:visible")).to_be_focused()
    expect(offered(page)).not_to_have_count(0)


def test_enter_before_the_answer_takes_what_was_typed(visit, owners):
    """The list still shows everybody: the first of them was not meant."""
    _, (name, phone, _) = owners
    desk = Desk(visit, "agent", "zh")
    typed = phone.reveal()[-4:]
    held = []
    page = desk.page
    page.route(f"**/options/customer?q={typed}*", lambda route: held.append(route))
    desk.open("/complaints/add")
    control(page, "customer").click()
    expect(offered(page).first).to_be_visible()
    with page.expect_request(f"**/options/customer?q={typed}*"):
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
    expect(page.locator("select[name=customer]")).to_have_value("")
    for route in held:
        route.continue_()
    expect(control(page, "customer")).to_contain_text(name)
    expect(offered(page)).to_have_count(0)


def test_what_is_offered_can_be_chosen_while_more_is_asked_for(visit):
    desk = Desk(visit, "agent", "zh")
    page = desk.page
    page.route("**/options/customer?q=x*", lambda route: None)
    desk.open("/complaints/add")
    control(page, "customer").click()
    name = offered(page).first.inner_text()
    with page.expect_request("**/options/customer?q=x*"):
        page.keyboard.type("x")
    offered(page).first.click()
    expect(control(page, "customer")).to_contain_text(name)


def test_an_answer_that_a_later_one_has_overtaken_is_left_out(visit, owners):
    """The list of all is asked for first and answered last: only what was typed is offered."""
    (name, phone, _), _ = owners
    desk = Desk(visit, "agent", "zh")
    held = []
    page = desk.page
    page.route("**/options/customer?q=", lambda route: held.append(route))
    with page.expect_request("**/options/customer?q="):
        desk.open("/complaints/add")
    page.keyboard.type(phone.reveal()[-4:])
    expect(offered(page).first).to_contain_text(name)
    found = offered(page).count()
    for route in held:
        route.continue_()
    field = page.locator("select[name=customer]")
    expect(field.locator("xpath=following-sibling::*[1]")).not_to_have_class(re.compile("loading"))
    expect(offered(page)).to_have_count(found)
    expect(offered(page).first).to_contain_text(name)


def test_a_value_that_is_chosen_once_more_ends_the_search_too(visit, owners):
    (name, *_), _ = owners
    page = Desk(visit, "agent", "zh").open("/complaints/add").page
    for _ in range(2):
        control(page, "customer").click()
        page.locator(".dropdown-input:visible").fill(name)
        offered(page).get_by_text(name).click()
    page.wait_for_timeout(800)
    expect(offered(page)).to_have_count(0)
    expect(control(page, "customer")).to_contain_text(name)


def test_a_tab_is_filled_when_the_arrows_reach_it(visit, site_app):
    with site_app.app_context():
        loan = db.session.scalars(select(Loan).order_by(Loan.id).limit(1)).one()
        key, contract = loan.customer_id, loan.contract
        db.session.remove()
    page = Desk(visit, "agent", "zh").open(f"/customers/show/{key}").page
    page.locator("#tab-details").focus()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".tab-pane.active")).to_contain_text(contract)
