"""A sheet with evidence and a declaration: uploaded, signed, voided, and read by the appraiser."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from app.database import db, write
from app.sdk.forms import FilledBy, FormDraft, FormVersion, Item, ItemKind, Level, Part
from app.testing.plugin_fixtures import PASSWORD, House
from plugins.appraisals.ready_made import MONTHLY, MONTHLY_FORM
from plugins.appraisals.tests.helpers import forms, month, sheet_of

SUBJECT = FilledBy.SUBJECT
CONFIRMED = Part("Confirmation", "确认", (
    Item("proof", ItemKind.FILE, "Evidence", "佐证材料", filled_by=SUBJECT),
    Item("true", ItemKind.SIGNATURE, "Declaration", "本人声明", filled_by=SUBJECT, required=True,
         help="It is all true.", help_zh="以上内容属实。"),
    Item("talk", ItemKind.CHOICE, "Talked over", "是否面谈", levels=(
        Level("Y", text="Yes", text_zh="是"), Level("N", text="No", text_zh="否"))),
    Item("why", ItemKind.TEXT, "Why not", "未面谈原因", shown_item="talk", shown_code="N")))


@pytest.fixture(scope="module")
def site_app(product: Flask) -> Flask:
    """The application with a month on a form that asks for evidence and a declaration."""
    with product.app_context():
        house = House(product, db.session)
        forms(house)
        form = dataclasses.replace(MONTHLY_FORM, parts=(*MONTHLY_FORM.parts, CONFIRMED))
        with write(db.session):
            draft = db.session.scalars(select(FormDraft).where(FormDraft.code == MONTHLY)).one()
            db.session.add(FormVersion(form_id=draft.id, number=2, content=form.to_dict(),
                                       content_hash=form.content_hash()))
        product.config["SHEET"] = sheet_of(house, month(house)).id
        db.session.remove()
    return product


def test_evidence_is_uploaded_and_the_declaration_signed_voided_and_signed(
        visit, site_app, tmp_path: Path):
    address = f"/appraisals/sheets/{site_app.config['SHEET']}"
    proof = tmp_path / "proof.pdf"
    proof.write_bytes(b"%PDF-1.7\nproof")
    page = visit("agent", language="en", width="phone").page
    page.goto(address + "/fill")
    page.locator("[data-upload-into=proof] input[type=file]").set_input_files(proof)
    expect(page.get_by_role("checkbox", name="proof.pdf")).to_be_checked()

    def sign() -> None:
        page.locator("#true").check()
        page.locator("#true__password").fill(PASSWORD)

    sign()
    page.get_by_role("button", name="Save", exact=True).last.click()
    page.wait_for_url("**/show/*")
    page.goto(address + "/fill")
    # What is signed is shown and not asked for.
    expect(page.get_by_role("link", name="proof.pdf")).to_be_visible()
    expect(page.get_by_role("checkbox", name="proof.pdf")).to_have_count(0)
    page.get_by_role("button", name="Void my signature").click()
    expect(page.get_by_role("checkbox", name="proof.pdf")).to_be_checked()
    sign()
    page.get_by_role("button", name="Hand in the sheet").click()
    page.wait_for_url("**/show/*")
    reader = visit("supervisor", language="en").page
    reader.goto(address + "/rate")
    expect(reader.locator("main")).to_contain_text("voided by the person who signed")
    why = reader.locator("[name=why]")
    expect(why).to_be_hidden()
    reader.locator("input[name=talk][value=N]").check()
    expect(why).to_be_visible()
