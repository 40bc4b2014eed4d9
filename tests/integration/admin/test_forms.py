"""Forms with points: a draft is built on one page, published in versions that never change."""

from __future__ import annotations

import dataclasses
import io
import re
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.admin.form_operations import FormOperations
from app.errors import Invalid, Rejected, StaleRecord
from app.forms import editing
from app.forms.form_text import write_form
from app.forms.models import FormDraft, FormVersion, PublishedFormChanged
from app.forms.scored import Item, ItemKind, Level, Part, ScoredForm
from app.forms.store import latest, newer_shipped, published, ship_form
from app.records.operations import operations_of
from app.records.services import update
from app.sdk.services import write

LEVELS = (Level("A", Decimal(100), "Good", "好"), Level("B", Decimal(0), "Bad", "差"))
FORM = ScoredForm("Month", "月度", (Part("Work", "工作", (
    Item("care", ItemKind.LEVELS, "Care", "关怀", weight=Decimal(100), levels=LEVELS),)),))


def operations() -> FormOperations:
    found = operations_of(FormDraft)
    assert isinstance(found, FormOperations)
    return found


@pytest.fixture
def draft(house) -> FormDraft:
    return operations().new(house.session, house.actor("hr"), FORM)


def sent(form: editing.TypedForm, do: str = "save", version: int = 1) -> dict[str, str]:
    """Return a form as the page sends it."""
    values = {"title": form.title, "title_zh": form.title_zh, "do": do, "version": str(version)}
    for p, part in enumerate(form.parts):
        values |= {f"p{p}-here": "1", f"p{p}-title": part.title, f"p{p}-title_zh": part.title_zh}
        for i, item in enumerate(part.items):
            values |= {f"p{p}i{i}-{name}": "1" if held is True else held
                       for name, held in item.items() if held is not False}
            values[f"p{p}i{i}-here"] = "1"
    return values


def held(house, pk: int) -> ScoredForm:
    """Return the draft of a form as it is in the database now."""
    house.session.rollback()
    house.session.expire_all()
    return ScoredForm.from_dict(house.session.get(FormDraft, pk).content)


def post(client, path, **data):
    token = client.get("/").text.split('name="csrf-token" content="', 1)[1].split('"', 1)[0]
    return client.post(path, data={"csrf_token": token, **data})


# --- versions ----------------------------------------------------------------------------------
def test_a_draft_changes_without_touching_what_is_published(house, draft):
    first = operations().publish(house.session, house.actor("hr"), draft)
    changed = ScoredForm("Other", "另", FORM.parts)
    assert operations().save_draft(house.session, house.actor("hr"), draft, changed, 1)
    assert published(house.session, first.id).form == FORM
    second = operations().publish(house.session, house.actor("hr"), draft)
    assert (second.number, latest(house.session, draft.id).form) == (2, changed)
    assert published(house.session, first.id).form == FORM


def test_no_way_in_changes_a_published_version(house, draft):
    version = operations().publish(house.session, house.actor("hr"), draft)
    with pytest.raises(Rejected):
        update(house.session, house.actor("admin"), version, {"content": {}})
    with pytest.raises(Rejected):
        operations_of(FormVersion).delete(house.session, house.actor("admin"), version)
    with pytest.raises(Invalid):
        operations_of(FormVersion).create(house.session, house.actor("admin"), {
            "form_id": draft.id, "number": 9, "content": {}, "content_hash": ""})
    with pytest.raises(PublishedFormChanged), write(house.session):
        version.content = {"title": "other"}
        house.session.flush()
    house.session.expire_all()
    assert published(house.session, version.id).form == FORM


def test_faults_and_repetitions_are_not_published(house, draft):
    operations().publish(house.session, house.actor("hr"), draft)
    with pytest.raises(Rejected):
        operations().publish(house.session, house.actor("hr"), draft)
    operations().save_draft(house.session, house.actor("hr"), draft, ScoredForm("Empty"), 1)
    with pytest.raises(Invalid):
        operations().publish(house.session, house.actor("hr"), draft)


def test_nobody_overwrites_a_draft_unseen(house, draft):
    operations().save_draft(house.session, house.actor("hr"), draft, ScoredForm("One"), 1)
    with pytest.raises(StaleRecord):
        operations().save_draft(house.session, house.actor("admin"), draft, ScoredForm("Two"), 1)


def test_a_shipped_form_is_added_once_and_stays_as_people_changed_it(house):
    with write(house.session):
        ship_form(house.session, "test.form", FORM)
    draft = house.session.scalars(select(FormDraft).where(FormDraft.code == "test.form")).one()
    operations().save_draft(house.session, house.actor("hr"), draft, ScoredForm("Own"), 1)
    with write(house.session):
        ship_form(house.session, "test.form", FORM)
    assert draft.title == "Own"
    with pytest.raises(ValueError), write(house.session):
        ship_form(house.session, "test.bad", ScoredForm("Empty"))


# --- what ships ---------------------------------------------------------------------------------
NEWER = dataclasses.replace(FORM, parts=(*FORM.parts, Part("More", "补充", (
    Item("words", ItemKind.TEXT, "Words", "说明"),))))


@pytest.fixture
def shipped(house) -> FormDraft:
    """A form that came with the product, of which a newer one ships since."""
    for form in (FORM, NEWER):
        with write(house.session):
            ship_form(house.session, "test.form", form)
    return house.session.scalars(select(FormDraft).where(FormDraft.code == "test.form")).one()


def is_offered(house, draft: FormDraft) -> bool:
    """Return whether list, page and operations agree that a newer form is offered."""
    house.session.rollback()
    house.session.expire_all()
    client = house.client("hr")
    shown = f'action="/forms/{draft.id}/shipped"' in client.get(f"/forms/{draft.id}").text
    assert ("随产品发布了新版" in client.get("/forms/").text) == shown
    assert (draft.id in newer_shipped(house.session, [draft])) == shown
    return shown


def test_a_newer_shipped_form_is_compared_taken_over_and_published(house, shipped):
    assert is_offered(house, shipped)
    client = house.client("hr")
    assert "words" in client.get(f"/forms/{shipped.id}/preview?version=shipped").text
    page = client.get(f"/forms/{shipped.id}/versions?after=shipped").text
    assert "说明" in page and '<option value="shipped" selected>' in page
    assert "工作 / 补充" in page
    stale = post(client, f"/forms/{shipped.id}/shipped", do="take", version="7")
    assert stale.status_code == 302 and is_offered(house, shipped)
    post(client, f"/forms/{shipped.id}/shipped", do="take", version=str(shipped.version))
    assert held(house, shipped.id) == NEWER and not is_offered(house, shipped)
    # Nothing is published by itself, and what was stays.
    assert latest(house.session, shipped.id).form == FORM
    own = dataclasses.replace(NEWER, title_zh="本公司月度")
    operations().save_draft(house.session, house.actor("hr"), shipped, own, shipped.version)
    assert operations().publish(house.session, house.actor("hr"), shipped).number == 2
    assert not is_offered(house, shipped)


def test_a_newer_shipped_form_that_is_declined_is_not_offered_again(house, shipped):
    post(house.client("hr"), f"/forms/{shipped.id}/shipped", do="decline")
    assert not is_offered(house, shipped) and held(house, shipped.id) == FORM
    with pytest.raises(Rejected):
        operations().answer_shipped(house.session, house.actor("hr"), shipped, 1,
                                    takes_over=True)
    with write(house.session):
        ship_form(house.session, "test.form", dataclasses.replace(NEWER, title="Newest"))
    assert is_offered(house, shipped)


def test_what_was_published_here_once_is_not_offered(house, shipped):
    with write(house.session):
        ship_form(house.session, "test.form", FORM)
    changed = ScoredForm("Own", "自拟", FORM.parts)
    operations().save_draft(house.session, house.actor("hr"), shipped, changed, shipped.version)
    assert not is_offered(house, shipped)
    assert post(house.client("agent"), f"/forms/{shipped.id}/shipped").status_code == 403


# --- the page ----------------------------------------------------------------------------------
def test_the_page_sends_back_what_it_shows(house, draft):
    page = house.client("hr").get(f"/forms/{draft.id}").text
    names = set(re.findall(r'name="(p0i0-\w+)"', page))
    assert names >= {f"p0i0-{name}" for name in (*editing.TEXTS, *editing.FLAGS)}
    form, errors = editing.read(editing.read_typed(sent(editing.typed(FORM))))
    assert (form, errors) == (FORM, {})


def test_a_form_is_built_and_published_without_script(house):
    client = house.client("hr")
    address = post(client, "/forms/new").headers["Location"]
    pk = int(address.rpartition("/")[2])
    for version, do in enumerate(("add-part:", "add-item:p0", "copy:p0i0"), 1):
        answer = post(client, address, **sent(editing.typed(held(house, pk)), do, version))
        assert answer.status_code == 302, answer.text
    assert answer.headers["Location"].endswith("#p0i1")
    typed = editing.typed(held(house, pk))
    typed.title_zh = "月度考核"
    for item, weight in zip(typed.parts[0].items, ("60", "40"), strict=True):
        item |= {"label_zh": f"项目{weight}", "weight": weight,
                 "levels": f"A | {weight} | | 好\nC｜0"}
    refused = post(client, address, **sent(typed, "publish", 1))
    assert refused.status_code == 422
    assert post(client, address, **sent(typed, "publish", 4)).status_code == 302
    house.session.rollback()
    made = latest(house.session, pk)
    assert (made.number, made.form.total_weight) == (1, 100)
    assert made.form.items[1].levels[1] == Level("C")


def test_what_cannot_be_read_is_shown_again_with_its_fault(house, draft):
    typed = editing.typed(FORM)
    typed.parts[0].items[0]["weight"] = "plenty"
    answer = post(house.client("hr"), f"/forms/{draft.id}", **sent(typed))
    assert answer.status_code == 422
    assert 'value="plenty"' in answer.text
    assert 'id="p0i0-weight-error"' in answer.text


def test_preview_versions_and_files(house, draft):
    operations().publish(house.session, house.actor("hr"), draft)
    operations().save_draft(house.session, house.actor("hr"), draft, ScoredForm(
        "Month", "月度", (Part("Work", "工作", (
            Item("care", ItemKind.LEVELS, "Care", "客户关怀", weight=Decimal(100),
                 levels=LEVELS),)),)), 1)
    client = house.client("hr")
    assert "关怀" in client.get(f"/forms/{draft.id}/preview?version=1").text
    page = client.get(f"/forms/{draft.id}/versions").text
    assert "客户关怀" in page
    for path in (f"{draft.id}/preview?version=7", f"{draft.id}/preview?version=x",
                 f"{draft.id}/export?version=7", "999/versions", "999"):
        assert client.get(f"/forms/{path}").status_code == 404, path
    file = client.get(f"/forms/{draft.id}/export?version=1").data
    assert file.decode() == write_form(FORM)
    answer = post(client, "/forms/import", file=(io.BytesIO(file), "form.yaml"))
    assert held(house, int(answer.headers["Location"].rpartition("/")[2])) == FORM
    answer = post(client, "/forms/import", file=(io.BytesIO(b"a: ["), "form.yaml"))
    assert answer.headers["Location"].endswith("/forms/")


@pytest.mark.parametrize("username", ["agent", "supervisor", "leader"])
def test_others_build_no_forms(house, draft, username):
    client = house.client(username)
    assert client.get("/forms/").status_code == 403
    assert client.get(f"/forms/{draft.id}").status_code == 403
    assert post(client, f"/forms/{draft.id}", do="save").status_code == 403


def test_the_page_offers_the_figures_of_plugins_and_keeps_one_that_is_not_there(house, draft):
    made = dataclasses.replace(FORM.items[0], source="gone.rate")
    assert operations().save_draft(
        house.session, house.actor("hr"), draft,
        ScoredForm("Month", "月度", (Part("", "", (made,)),)), draft.version)
    page = house.client("hr").get(f"/forms/{draft.id}").text
    offered = re.findall(r'<option value="([a-z_]+\.?[a-z_]*)"', page)
    assert {"attendance", "complaints.satisfied_rate", "callbacks.tried"} <= set(offered)
    # Figures of the present have no month.
    assert "complaints.open" not in offered
    assert '<option value="gone.rate" selected>' in page
