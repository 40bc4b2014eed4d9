"""An expired certificate stops the assignment of a complaint, and the sentence leads on."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.database import db
from app.sdk.people import local_today
from app.testing.plugin_fixtures import House
from plugins.complaints.tests.helpers import registered
from plugins.training.courses.models import Course
from plugins.training.tests.helpers import certificate, duty
from tests.browser.complaints.desks import Desk
from tests.services.choosing import further

WORDS = {
    "zh": ("刘洋的“信息安全”证书无效，不能分派新业务。", "打开培训记录"),
    "en": ("刘洋 gets no new work: the certificate 信息安全 is not valid.",
           "Open training record"),
}


@pytest.fixture(scope="module")
def complaint(site_app):
    """The key of a complaint; the certificate of one agent has expired."""
    with site_app.app_context():
        house = House(site_app, db.session)
        of = db.session.scalars(select(Course).where(Course.code == "SEC")).one()
        duty(house, of, gate="block")
        certificate(house, of, "liuyang", local_today() - dt.timedelta(days=400))
        key, person = registered(house).id, house.actor("liuyang").user_id
        db.session.remove()
    return key, person


@pytest.mark.parametrize("language", [further("zh"), "en"])
def test_the_sentence_in_the_dialog_leads_to_the_training_record(visit, complaint, language):
    key, person = complaint
    sentence, text = WORDS[language]
    visitor = visit("supervisor", language)
    # What is refused is answered with this.
    visitor.watch.expected.append("422")
    desk = Desk(lambda *_: visitor, "supervisor", language).open(f"/complaints/show/{key}")
    desk.press(desk.page.locator("[data-offer=reassign]"))
    dialog = desk.page.locator("#dialog-body")
    desk.fill("owner_id", "刘洋")
    desk.press(dialog.locator("button.btn-primary"))
    alert = dialog.get_by_role("alert")
    expect(alert).to_contain_text(sentence)
    desk.follow(alert.get_by_role("link", name=text))
    expect(desk.page).to_have_url(re.compile(f"/training/record/{person}$"))
    expect(desk.page.locator("main")).to_contain_text("刘洋")
