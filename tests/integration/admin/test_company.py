"""The company has its own name on pages and on paper."""

from __future__ import annotations

import re

import pytest

from app.screens.records import pdf_response
from plugins.complaints.tests.helpers import registered

NAME = {"zh": "安驰汽车金融", "en": "Anchi Auto Finance"}


def name(desk, **names) -> None:
    """Let an admin say what the company is called."""
    admin = desk("admin")
    seen = re.search(r'name="seen" value="(\d+)"', admin.get("/company/").text)[1]
    assert admin.send("/company/", {"seen": seen, **names}).status_code == 302


def test_until_somebody_says_so_it_is_called_like_the_product(house, desk):
    page = desk("agent").get("/").text
    assert "<span>Careline</span>" in page and "· Careline</title>" in page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_menu_sign_in_and_paper_have_the_name_of_the_company(
        house, desk, language, monkeypatch):
    printed = []
    monkeypatch.setattr(
        pdf_response, "render_pdf", lambda _file, data, _fonts: printed.append(data) or b"%PDF-")
    agent = desk("agent")
    agent.get("/")  # The menu is kept as it was drawn.
    name(desk, name_zh=NAME["zh"], name_en=NAME["en"])
    agent.send("/account/language", {"locale": language})
    page = agent.get("/").text
    assert f"<span>{NAME[language]}</span>" in page and f"· {NAME[language]}</title>" in page
    sign_in = house.client().get("/login/", headers={"Accept-Language": language}).text
    assert NAME[language] in sign_in
    agent.get(f"/complaints/{registered(house).id}/record-form.pdf")
    assert printed[0]["organisation"] == NAME[language]


def test_a_name_in_one_language_serves_both_and_others_may_not_say_it(house, desk):
    name(desk, name_zh=NAME["zh"], name_en="")
    assert NAME["zh"] in desk("supervisor").get("/").text
    for username in ("agent", "supervisor", "hr"):
        assert desk(username).get("/company/").status_code == 403
