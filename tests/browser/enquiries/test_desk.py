"""The desk: ten mixed calls by keyboard, one answered in two clicks, a repair that comes back."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.customers.models import Customer, Vehicle
from app.database import db
from plugins.enquiries.models import Enquiry
from tests.browser.complaints.desks import Desk, KeyDesk
from tests.services.choosing import further

SHOWN = re.compile(r"/enquiries/show/\d+")
WORDS = {
    "zh": {"closed": "已办结", "open": "待答复"},
    "en": {"closed": "Closed", "open": "To be answered"},
}
# What is said at the desk: kind, question, further fields, how the enquiry stands afterwards.
CALLS: tuple[tuple[str, str, Mapping[str, str], str], ...] = (
    ("enquiry", "提前还款要付违约金吗？", {"answer": "满一年不收。", "satisfaction": "satisfied"},
     "closed"),
    ("enquiry", "Where is my contract?", {}, "open"),
    ("complaint", "催收电话太多，请停止。", {}, "closed"),
    ("grumble", "Parking is a nuisance.", {"answer": "Told the showroom.",
                                           "satisfaction": "fair"}, "closed"),
    ("suggestion", "休息区加一台充电桩。", {}, "closed"),
    ("repair", "The brakes squeal.", {"repair_items": "Brakes"}, "closed"),
    ("transfer", "客户找刘洋问交车时间。",
     {"transferred_to": "刘洋", "transfer_result": "taken"}, "closed"),
    ("pitch", "They sell office chairs.", {}, "closed"),
    ("request", "请提供新车型话术。", {}, "closed"),
    ("message", "Please call back about the insurance.", {"message_for": "张静"}, "closed"),
)


def numbers_of(site_app, most: int) -> list[str]:
    """Return whole phone numbers of customers."""
    with site_app.app_context():
        found = [one.reveal() for one in db.session.scalars(
            select(Customer.phone).order_by(Customer.id).limit(most))]
        db.session.remove()
    return found


@pytest.mark.parametrize("language", ["zh", further("en")])
def test_ten_mixed_calls_by_keyboard(visit, site_app, language):
    agent = KeyDesk(visit, "agent", language)
    for (kind, question, fields, state), phone in zip(
            CALLS, numbers_of(site_app, len(CALLS)), strict=True):
        agent.open(f"/enquiries/add?phone={phone}")
        if kind != "enquiry":
            agent.choose(agent.page.locator("[name=kind]"), kind)
        agent.write("[name=question]", question)
        for name, value in fields.items():
            field = agent.page.locator(f"[name={name}]")
            if field.evaluate("e => 'select' in e.dataset"):
                agent.search(agent.page.locator(f"select[name={name}] + .ts-wrapper"), value)
            elif name in ("satisfaction", "transfer_result"):
                agent.choose(field, value)
            else:
                agent.write(f"[name={name}]", value)
        agent.save()
        assert SHOWN.search(agent.page.url), (kind, agent.page.url)
        assert agent.state() == WORDS[language][state], kind
    with site_app.app_context():
        made = db.session.execute(
            select(Enquiry.kind, Enquiry.became).order_by(Enquiry.id.desc()).limit(10)).all()
        db.session.remove()
    led = {kind: number[:2] for kind, number in made if number}
    assert led == {"complaint": "TS", "suggestion": "YJ", "repair": "WX", "message": "HF",
                   "request": "XQ"}


def test_an_enquiry_answered_on_the_spot_takes_four_fields_and_two_clicks(visit, site_app):
    with site_app.app_context():
        plate, name = db.session.execute(
            select(Vehicle.plate, Customer.name)
            .join(Customer, Customer.id == Vehicle.customer_id).order_by(Vehicle.id.desc())
            .limit(1)).one()
        db.session.remove()
    agent = Desk(visit, "agent", "zh")
    agent.open("/enquiries/add")
    page = agent.page
    page.evaluate("""() => {
        window.clicks = 0;
        addEventListener("click", (event) => { if (event.isTrusted) window.clicks += 1; }, true);
    }""")
    # The box for the customer has the focus: what is typed finds the caller, here by plate.
    page.keyboard.press("ArrowDown")
    search = page.locator("select[name=customer] + .ts-wrapper .dropdown-input")
    expect(search).to_be_focused()
    page.keyboard.type(plate)
    expect(page.locator(".ts-dropdown .option.active", has_text=name)).to_be_visible()
    page.keyboard.press("Enter")
    fields = ["customer"]
    for field, text in (("question", "怎么变更还款卡？"), ("answer", "在 APP 合同页更换。")):
        page.locator(f"[name={field}]").fill(text)
        fields.append(field)
    page.locator("[name=satisfaction]").select_option("satisfied")
    fields.append("satisfaction")
    expect(page.locator("#caller-title + *, .form-aside").first).to_contain_text(name)
    clicks = page.evaluate("window.clicks") + 1
    agent.follow(page.locator(".save-bar .btn-primary").first)
    assert agent.state() == WORDS["zh"]["closed"]
    print(f"enquiry answered on the spot: {len(fields)} fields, {clicks} clicks")
    assert len(fields) <= 4 and clicks <= 2


def test_a_repair_report_reaches_the_workshop_and_comes_back(visit, site_app):
    [phone] = numbers_of(site_app, 1)
    agent = Desk(visit, "agent", "zh")
    agent.open(f"/enquiries/add?phone={phone}&kind=rescue")
    agent.write("[name=question]", "电瓶没电，车打不着。")
    agent.write("[name=happened_where]", "火车北站停车场")
    agent.save()
    link = agent.page.locator("a[href*='/enquiries/repairs/show/']").first
    address = link.get_attribute("href")
    workshop = Desk(visit, "luoting", "zh")
    workshop.open("/")
    expect(workshop.page.locator(f".home-card a[href='{address}']").first).to_be_visible()
    workshop.open(address)
    workshop.take("accept", arrival="三十分钟内到")
    workshop.take("finish", result="现场充电")
    agent.open(address)
    assert agent.state() == "已完成"
    expect(agent.page.locator("dl.facts").nth(1)).to_contain_text("现场充电")
    agent.take("tell", told="客户满意")
    assert agent.state() == "已告知客户"
