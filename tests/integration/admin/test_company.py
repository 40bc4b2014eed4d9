"""The company has its own name on pages and on paper."""

from __future__ import annotations

import io
import re
import struct
import zlib

import pytest

from app.records.pdf import render_pdf
from app.screens.records import pdf_response
from app.settings import logo as logos
from app.web.assets import VENDOR
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


# --- the logo ------------------------------------------------------------------------------------
def chunk(kind: bytes, content: bytes) -> bytes:
    return (struct.pack(">I", len(content)) + kind + content
            + struct.pack(">I", zlib.crc32(kind + content)))


def png(width: int, height: int) -> bytes:
    """Return a picture of one colour."""
    lines = b"".join(b"\0" + b"\x20\x60\xa0" * width for _ in range(height))
    return (b"\x89PNG\r\n\x1a\n"
            + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b""))


PICTURE = png(40, 20)
ADDRESS = re.compile(r'<img class="brand-logo" src="([^"]+)"')


def give(desk, body: bytes, **also) -> None:
    """Let an admin send a file as the logo, and see the page again."""
    admin = desk("admin")
    answer = admin.send("/company/logo", {"logo": (io.BytesIO(body), "logo.png"), **also})
    assert answer.status_code == 302
    return admin.get("/company/").text


def test_the_logo_stands_in_the_menu_and_on_the_sign_in_page_and_goes_again(house, desk):
    agent, stranger = desk("agent"), house.client()
    assert not ADDRESS.search(agent.get("/").text)
    assert "brand-logo" in give(desk, PICTURE)
    address = ADDRESS.search(agent.get("/").text)[1]
    assert ADDRESS.search(stranger.get("/login/").text)[1] == address
    sent = stranger.get(address)
    assert sent.data == PICTURE and sent.mimetype == "image/png"
    assert "immutable" in sent.headers["Cache-Control"]
    assert stranger.get(address + "0").status_code == 404
    assert "brand-logo" not in give(desk, b"", remove="1")
    assert not ADDRESS.search(agent.get("/").text)
    assert stranger.get(address).status_code == 404
    assert desk("supervisor").send("/company/logo", {"remove": "1"}).status_code == 403


@pytest.mark.parametrize(("body", "told"), [
    (b"", "A logo is a PNG picture."),
    (b"<svg onload='alert(1)'></svg>", "A logo is a PNG picture."),
    (PICTURE + b"\0" * logos.MOST_BYTES, "at most"),
    (png(logos.MOST_PIXELS + 1, 1), "at most"),
    (PICTURE[:60], "the file is damaged"),
])
def test_what_is_no_small_picture_is_refused_and_the_logo_stays(house, desk, body, told):
    give(desk, PICTURE)
    page = give(desk, body)
    assert told in page and "brand-logo" in page


def test_documents_carry_the_logo(house, desk, monkeypatch, tmp_path):
    printed = []
    monkeypatch.setattr(
        pdf_response, "render_pdf", lambda _file, data, _fonts: printed.append(data) or b"%PDF-")
    give(desk, PICTURE)
    desk("agent").get(f"/complaints/{registered(house).id}/record-form.pdf")
    assert printed[0]["logo"] == PICTURE
    template = tmp_path / "document.typ"
    template.write_text('#import "careline.typ": *\n#show: document-page\nText')
    plain = render_pdf(template, {"title": "A"}, VENDOR / "fonts")
    marked = render_pdf(template, {"title": "A", "logo": PICTURE}, VENDOR / "fonts")
    assert b"/Subtype/Image" in marked
    assert b"/Subtype/Image" not in plain
