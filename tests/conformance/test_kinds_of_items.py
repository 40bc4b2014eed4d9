"""An item of every kind goes through everything that a form with points goes through.

Built, written to a file and read again, compared, previewed, filled in and rated on a sheet,
printed, and answered in the checklist of a drill. A kind that is added is tried here by itself.
"""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from flask_appbuilder.security.sqla.models import User
from flask_login import login_user
from sqlalchemy import select

from app.access.models import AuditEntry
from app.forms import editing
from app.forms.faults import problems
from app.forms.form_text import compare, read_form, write_form
from app.forms.scored import SCORED
from app.forms.signing import holds
from app.records.files import FileStore, attach
from app.screens.forms.answers import written_answer
from app.sdk.errors import Invalid
from app.sdk.forms import (
    PASSWORD,
    VOID,
    FilledBy,
    FormDraft,
    FormVersion,
    Item,
    ItemKind,
    Level,
    Part,
    ScoredForm,
)
from app.sdk.people import local_today
from app.sdk.records import act, actions, create
from app.sdk.services import write
from app.testing.plugin_fixtures import PASSWORD as WORD
from plugins.appraisals.choices import FILLING, RATING, SIGNING
from plugins.appraisals.ready_made import MONTHLY
from plugins.appraisals.sheets import objections
from plugins.appraisals.sheets.calculation import form_of
from plugins.appraisals.sheets.operations import sheet_operations
from plugins.appraisals.sheets.paper import paper
from plugins.appraisals.tests.helpers import forms, month, sheet_of
from plugins.training.drills import checklist
from plugins.training.drills.models import Drill

D, SUBJECT = Decimal, FilledBy.SUBJECT
RATED = Item("rated", ItemKind.LEVELS, "Rated", "评分", weight=D(100), levels=(
    Level("A", D(100), "Good", "好"), Level("B", D(0), "Poor", "差")))
OF_KIND = {
    ItemKind.LEVELS: {"weight": D(50), "levels": (Level("A", D(50)), Level("B", D(0)))},
    ItemKind.PER_UNIT: {"weight": D(50), "unit_points": D("0.5"), "unit": "calls"},
    ItemKind.METRIC: {"weight": D(50), "worst": D(0), "best": D(10)},
    ItemKind.CHOICE: {"required": True,
                      "levels": (Level("X", D(0), "Ex"), Level("Y", D(0), "Why"))},
    ItemKind.TEXT: {"required": True}, ItemKind.NUMBER: {"required": True},
    ItemKind.DATE: {"required": True}, ItemKind.FILE: {"required": True},
    ItemKind.SIGNATURE: {"required": True, "help": "I have seen it.", "help_zh": "本人已阅。"},
}
TYPED = {
    ItemKind.LEVELS: "A", ItemKind.PER_UNIT: "10", ItemKind.METRIC: "5", ItemKind.CHOICE: "Y",
    ItemKind.TEXT: "说明", ItemKind.NUMBER: "2.5", ItemKind.DATE: "2026-03-01",
}
EVERY = list(ItemKind)
PDF = b"%PDF-1.7\nproof"


def made(kind: ItemKind, side: FilledBy = FilledBy.REVIEWER) -> ScoredForm:
    """Return a form with one item of a kind below one that is rated."""
    item = Item("tried", kind, "Tried", "试用项", filled_by=side, **OF_KIND[kind])
    rated = RATED if not item.is_scored else Item(
        "rated", ItemKind.LEVELS, "Rated", weight=D(50), levels=OF_KIND[ItemKind.LEVELS]["levels"])
    return ScoredForm("Form", "表", (Part("All", "全部", (rated, item)),))


def put_in_force(house, code: str, form: ScoredForm) -> None:
    """Let a form be the newest version of a shipped one."""
    with write(house.session):
        draft = house.session.scalars(select(FormDraft).where(FormDraft.code == code)).one()
        house.session.add(FormVersion(form_id=draft.id, number=2, content=form.to_dict(),
                                      content_hash=form.content_hash()))


def file_on(house, record, username: str, name: str = "证明.pdf"):
    return attach(house.session, house.actor(username),
                  FileStore(house.app.config["CARELINE_SETTINGS"]), record, name, io.BytesIO(PDF))


def typed(house, kind: ItemKind, record, username: str) -> dict:
    """Return what somebody types into the item that is tried."""
    if kind is ItemKind.FILE:
        return {"tried": [str(file_on(house, record, username).id)]}
    if kind is ItemKind.SIGNATURE:
        return {"tried" + PASSWORD: WORD}
    return {"tried": TYPED[kind]}


def sheet_with(house, form: ScoredForm):
    forms(house)
    put_in_force(house, MONTHLY, form)
    return sheet_of(house, month(house))


# --- the form ----------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", EVERY)
def test_it_is_declared_built_written_and_compared(kind):
    form = made(kind)
    assert problems(form) == []
    assert read_form(write_form(form)) == form
    assert editing.read(editing.typed(form)) == (form, {})
    before = made(ItemKind.DATE if kind is ItemKind.TEXT else ItemKind.TEXT)
    changed = {one.item.name: one.fields for one in compare(before, form)}
    assert "kind" in [name for name, _old, _new in changed["tried"]]


@pytest.mark.parametrize("kind", EVERY)
def test_it_is_offered_and_previewed(house, kind):
    with write(house.session):
        draft = FormDraft(code=f"try.{kind.value}", content=made(kind).to_dict())
        house.session.add(draft)
    client = house.client("hr")
    assert f'<option value="{kind.value}" selected>' in client.get(f"/forms/{draft.id}").text
    page = client.get(f"/forms/{draft.id}/preview").text
    assert 'name="item-tried' in page and "试用项" in page
    assert ("本人已阅" in page) == (kind is ItemKind.SIGNATURE)


# --- a sheet -----------------------------------------------------------------------------------
# What is scored is rated: the person's own view of it is no answer.
BY_SIDE = [(kind, side) for kind in EVERY for side in FilledBy
           if side is not SUBJECT or kind not in SCORED]


@pytest.mark.parametrize(("kind", "side"), BY_SIDE)
def test_it_is_filled_in_on_a_sheet_read_and_printed(house, kind, side):
    sheet, operations = sheet_with(house, made(kind, side)), sheet_operations()
    if side is SUBJECT:
        page = house.client("agent").get(f"/appraisals/sheets/{sheet.id}/fill").text
        assert 'name="tried' in page
        with pytest.raises(Invalid) as refused:
            operations.fill(house.session, house.actor("agent"), sheet, {}, None, hands_in=True)
        assert set(refused.value.errors) == {"tried"} and sheet.status == FILLING
    own = typed(house, kind, sheet, "agent") if side is SUBJECT else {}
    operations.fill(house.session, house.actor("agent"), sheet, own, None, hands_in=True)
    supervisor, rating = house.actor("supervisor"), {"rated": "A"}
    if side is not SUBJECT:
        assert 'name="tried' in house.client("supervisor").get(
            f"/appraisals/sheets/{sheet.id}/rate").text
        with pytest.raises(Invalid) as refused:
            operations.rate(house.session, supervisor, sheet, rating, [], "", None,
                            passes_on=True)
        assert set(refused.value.errors) == {"tried"} and sheet.status == RATING
        rating |= typed(house, kind, sheet, "supervisor")
    operations.rate(house.session, supervisor, sheet, rating, [], "", None, passes_on=True)
    assert sheet.status == SIGNING
    page = house.client("agent").get(f"/appraisals/sheets/show/{sheet.id}")
    assert page.status_code == 200
    [section] = paper_of(house, sheet)["sections"]
    printed = str(section)
    for said in {ItemKind.FILE: ("证明.pdf",),
                 ItemKind.SIGNATURE: (signer_name(house, side), "本人已阅。"),
                 ItemKind.TEXT: ("说明",), ItemKind.CHOICE: ("Why",)}.get(kind, ()):
        assert said in page.text and said in printed
    assert WORD not in str(sheet.answers)


def signer_name(house, side: FilledBy) -> str:
    return house.actor("agent" if side is SUBJECT else "supervisor").name


def paper_of(house, sheet) -> dict:
    with house.app.test_request_context():
        login_user(house.session.get(User, sheet.owner_id))
        return paper(house.session, sheet)


def test_what_is_not_signed_leaves_a_box_below_the_statement(house):
    sheet = sheet_with(house, made(ItemKind.SIGNATURE))
    [section] = paper_of(house, sheet)["sections"]
    assert [one["value"] for one in section["texts"]] == ["本人已阅。\n"]


def test_a_file_of_another_sheet_is_refused_and_another_person_opens_none(house):
    sheet = sheet_with(house, made(ItemKind.FILE, SUBJECT))
    other = sheet_of(house, sheet.cycle, "wanghao")
    foreign = file_on(house, other, "wanghao")
    with pytest.raises(Invalid) as refused:
        sheet_operations().fill(house.session, house.actor("agent"), sheet,
                                {"tried": [str(foreign.id)]}, None, hands_in=False)
    assert set(refused.value.errors) == {"tried"} and not sheet.answers.get("tried")
    client, own = house.client("agent"), file_on(house, sheet, "agent")
    sheet_operations().fill(house.session, house.actor("agent"), sheet,
                            {"tried": [str(own.id)]}, None, hands_in=False)
    address = f"/appraisals/sheets/files/{sheet.id}/{own.id}"
    assert address in client.get(f"/appraisals/sheets/show/{sheet.id}").text
    assert client.get(address).data == PDF
    assert house.client("wanghao").get(address).status_code == 404


def test_what_was_sent_survives_a_refusal(house):
    sheet = sheet_with(house, made(ItemKind.FILE, SUBJECT))
    client, page = house.client("agent"), f"/appraisals/sheets/{sheet.id}/fill"
    own = file_on(house, sheet, "agent")
    token = client.get(page).text.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
    answer = client.post(page, data={
        "csrf_token": token, "version": str(sheet.version), "tried": ["", str(own.id), "999"],
        "go": "save"})
    assert answer.status_code == 422
    assert f'value="{own.id}" checked' in answer.text


def test_what_a_condition_hides_is_not_asked_when_the_sheet_is_handed_in(house):
    asks = Item("asks", ItemKind.CHOICE, "Trouble", "有无困难", filled_by=SUBJECT, required=True,
                levels=(Level("Y"), Level("N")))
    what = Item("what", ItemKind.TEXT, "Which", "何种困难", filled_by=SUBJECT, required=True,
                shown_item="asks", shown_code="Y")
    sheet = sheet_with(house, ScoredForm("Form", "表", (Part("", "", (RATED, asks, what)),)))
    page = house.client("agent").get(f"/appraisals/sheets/{sheet.id}/fill").text
    assert "data-visible-when" in page
    with pytest.raises(Invalid) as refused:
        fill(house, sheet, hands_in=True, asks="Y")
    assert set(refused.value.errors) == {"what"}
    fill(house, sheet, hands_in=True, asks="N")
    assert sheet.status == RATING


# --- signatures on a sheet ---------------------------------------------------------------------
WORDS = Item("words", ItemKind.TEXT, "Words", "自述", filled_by=SUBJECT)
MARK = Item("mark", ItemKind.SIGNATURE, "Mark", "本人签字", filled_by=SUBJECT, required=True,
            help="It is all true.", help_zh="以上内容属实。")
SEEN = Item("seen", ItemKind.SIGNATURE, "Seen", "考核人签字", help="I have rated with care.")
SIGNED_FORM = ScoredForm("Form", "表", (Part("", "", (WORDS, MARK)),
                                        Part("", "", (RATED, SEEN))))


def fill(house, sheet, hands_in=False, **values):
    house.session.rollback()
    sheet_operations().fill(house.session, house.actor("agent"), sheet, values, None,
                            hands_in=hands_in)


def test_a_wrong_password_signs_nothing_and_is_noted(house):
    sheet = sheet_with(house, SIGNED_FORM)
    with pytest.raises(Invalid) as refused:
        fill(house, sheet, words="好", **{"mark" + PASSWORD: "wrong"})
    assert set(refused.value.errors) == {"mark" + PASSWORD}
    house.session.expire_all()
    assert not sheet.answers.get("mark") and not sheet.answers.get("words")


def test_what_is_signed_changes_only_after_the_signature_is_voided_for_all_to_see(house):
    sheet = sheet_with(house, SIGNED_FORM)
    fill(house, sheet, words="好", **{"mark" + PASSWORD: WORD})
    assert holds(form_of(house.session, sheet), MARK, sheet.answers)
    with pytest.raises(Invalid) as refused:
        fill(house, sheet, words="更好")
    assert set(refused.value.errors) == {"words"}
    client, page = house.client("agent"), f"/appraisals/sheets/{sheet.id}/fill"
    shown = client.get(page).text
    assert 'name="words"' not in shown and f'name="mark{VOID}"' in shown
    token = shown.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
    answer = client.post(page, data={"csrf_token": token, "version": str(sheet.version),
                                     "mark" + VOID: "1"})
    assert answer.headers["Location"].endswith("/fill")
    house.session.rollback()
    house.session.refresh(sheet)
    assert not sheet.answers["mark"] and sheet.answers["words"] == "好"
    fill(house, sheet, words="更好", hands_in=True, **{"mark" + PASSWORD: WORD})
    with house.app.test_request_context():
        lines = written_answer(MARK, sheet.answers, "zh").splitlines()
    assert len(lines) == 2 and house.actor("agent").name in lines[0]


def test_a_password_that_a_browser_fills_in_signs_nothing_without_the_tick(house):
    sheet = sheet_with(house, SIGNED_FORM)
    client, page = house.client("agent"), f"/appraisals/sheets/{sheet.id}/fill"
    token = client.get(page).text.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]

    def send(**values):
        answer = client.post(page, data={
            "csrf_token": token, "version": str(sheet.version), "words": "好", "go": "save",
            "mark" + PASSWORD: WORD, **values})
        house.session.rollback()
        house.session.refresh(sheet)
        return answer

    assert send().status_code == 302 and not sheet.answers.get("mark")
    assert send(mark="1").status_code == 302 and sheet.answers["mark"]["by"]
    trail = house.session.scalars(select(AuditEntry)).all()
    assert WORD not in str([one.changes for one in trail])


def test_an_objection_that_is_upheld_voids_what_it_changes(house):
    sheet, operations = sheet_with(house, SIGNED_FORM), sheet_operations()
    fill(house, sheet, hands_in=True, words="好", **{"mark" + PASSWORD: WORD})
    operations.rate(house.session, house.actor("supervisor"), sheet,
                    {"rated": "B", "seen" + PASSWORD: WORD}, [], "", None, passes_on=True)
    assert holds(SIGNED_FORM, SEEN, sheet.answers)
    made_ = objections.raise_objection(
        house.session, operations, house.actor("agent"), sheet, "rated", "不对", None)
    objections.decide(house.session, operations, house.actor("supervisor"), sheet, made_,
                      "同意", {"rated": "A"}, None)
    assert not sheet.answers["seen"] and len(sheet.answers["seen__voided"]) == 1
    assert holds(SIGNED_FORM, MARK, sheet.answers)
    assert "作废" in house.client("agent").get(f"/appraisals/sheets/show/{sheet.id}").text


# --- a drill -----------------------------------------------------------------------------------
def drill_with(house, form: ScoredForm) -> Drill:
    with write(house.session):
        checklist.load(house.session)
    put_in_force(house, checklist.CHECKLIST, form)
    return create(house.session, house.actor("supervisor"), Drill, {
        "subject": "回访话术", "owner_id": house.actor("agent").user_id,
        "held_on": local_today()})


@pytest.mark.parametrize("kind", EVERY)
def test_it_is_answered_in_the_checklist_of_a_drill(house, kind):
    drill, supervisor = drill_with(house, made(kind)), house.actor("supervisor")
    dialog = house.client("supervisor").get(f"/training/drills/act/{drill.id}/observe").text
    assert 'name="tried' in dialog
    house.session.rollback()
    with pytest.raises(Invalid) as refused:
        act(house.session, supervisor, drill, "observe", {"rated": "A"})
    assert {name.removesuffix(PASSWORD) for name in refused.value.errors} == {"tried"}
    house.session.rollback()
    act(house.session, supervisor, drill, "observe",
        {"rated": "A", **typed(house, kind, drill, "supervisor")})
    assert drill.answers["tried"] and WORD not in str(drill.answers)
    page = house.client("agent").get(f"/training/drills/show/{drill.id}").text
    assert {ItemKind.FILE: "证明.pdf", ItemKind.SIGNATURE: supervisor.name}.get(kind, "") in page


def test_a_file_of_another_drill_is_no_answer(house):
    drill, supervisor = drill_with(house, made(ItemKind.FILE)), house.actor("supervisor")
    other = create(house.session, supervisor, Drill, {
        "subject": "其他", "owner_id": house.actor("agent").user_id, "held_on": local_today()})
    foreign = file_on(house, other, "supervisor")
    with pytest.raises(Invalid):
        act(house.session, supervisor, drill, "observe",
            {"rated": "A", "tried": [foreign.id]})


def test_the_learner_signs_after_the_observer(house):
    drill = drill_with(house, made(ItemKind.SIGNATURE, SUBJECT))
    agent = house.actor("agent")
    act(house.session, house.actor("supervisor"), drill, "observe", {"rated": "A"})
    assert [one.name for one in actions(house.session, agent, drill)] == ["sign"]
    assert actions(house.session, house.actor("supervisor"), drill) == ()
    with pytest.raises(Invalid):
        act(house.session, agent, drill, "sign", {})
    house.session.rollback()
    act(house.session, agent, drill, "sign", {"tried" + PASSWORD: WORD})
    assert drill.answers["tried"]["by"] == agent.user_id
    assert drill.answers["tried"]["items"] == ["rated"] and drill.points == 100
    assert actions(house.session, agent, drill) == ()
