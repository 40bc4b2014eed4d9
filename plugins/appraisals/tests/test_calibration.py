"""Final scores are calibrated before the release: previewed, applied, noted, taken back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from app.sdk.errors import Invalid, NotPermitted, Rejected
from app.sdk.services import act, names_of, write
from plugins.appraisals.bonus.models import BonusTable
from plugins.appraisals.bonus.operations import lines_of
from plugins.appraisals.calibration import operations, views
from plugins.appraisals.commands import tampered
from plugins.appraisals.consequences.services import history
from plugins.appraisals.cycles.models import Cycle
from plugins.appraisals.cycles.operations import COMPILE, RELEASE
from plugins.appraisals.sheets.models import Sheet
from plugins.appraisals.tests.helpers import BEGIN, month, rated, sheet_of, signed
from plugins.appraisals.tests.test_screens import Desk

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def cycle(house) -> Cycle:
    """Two people whose sheets all have signed; the others were absent."""
    made = month(house)
    mine = {house.actor(name).user_id for name in ("agent", "wanghao")}
    for one in house.session.scalars(select(Sheet).where(Sheet.cycle_id == made.id)).all():
        if one.owner_id in mine:
            signed(house, rated(house, one))
        else:
            act(house.session, house.actor("hr"), one, "mark_absent", {"reason": "整月病假"})
    return made


def typed(sheet: Sheet, points: str, reason: str = "与同组口径一致") -> dict[str, str]:
    return {f"points_{sheet.id}": points, f"reason_{sheet.id}": reason}


def calibrate(house, cycle, values):
    hr = house.actor("hr")
    seen = operations.digest(operations.propose(house.session, hr, cycle, values))
    house.session.rollback()
    return operations.calibrate(house.session, hr, cycle, values, seen)


def test_only_the_final_score_changes_and_the_signatures_hold(house, cycle):
    mine, other = sheet_of(house, cycle), sheet_of(house, cycle, "wanghao")
    before = (mine.score, mine.grade, mine.frozen_hash)
    calibrate(house, cycle, {**typed(mine, "-15.5"), **typed(other, "2")})
    assert (mine.score, mine.grade, mine.frozen_hash) == before
    assert (mine.final_score, mine.final_grade) == (Decimal("77.83"), "qualified")
    assert (other.final_score, other.calibrated_by_id) == (
        Decimal("95.33"), house.actor("hr").user_id)
    assert tampered(house.session) == []
    with write(house.session):
        mine.final_score = Decimal(99)
    assert tampered(house.session) == [mine.number]


@pytest.mark.parametrize(("points", "reason"), [
    ("9.34", "高于 100"), ("-93.34", "低于 0"), ("x", "不是数字"), ("1.005", "三位小数"),
    ("1", " "), ("NaN", "不是数字")])
def test_what_leaves_the_scale_or_has_no_reason_is_refused(house, cycle, points, reason):
    with pytest.raises(Invalid):
        operations.propose(house.session, house.actor("hr"), cycle,
                           typed(sheet_of(house, cycle), points, reason))


def test_only_who_releases_calibrates_and_never_the_own_sheet(house, cycle):
    sheet = sheet_of(house, cycle)
    for username in ("agent", "supervisor", "leader"):
        with pytest.raises(NotPermitted):
            operations.propose(house.session, house.actor(username), cycle, typed(sheet, "1"))
        assert Desk(house, username).get(
            f"/appraisals/cycles/{cycle.id}/calibrate").status_code == 404
    with write(house.session):
        sheet.owner_id = house.actor("hr").user_id
    with pytest.raises(Invalid):
        operations.propose(house.session, house.actor("hr"), cycle, typed(sheet, "1"))


def test_something_else_than_the_preview_is_not_applied(house, cycle):
    sheet, hr = sheet_of(house, cycle), house.actor("hr")
    seen = operations.digest(operations.propose(house.session, hr, cycle, typed(sheet, "1")))
    house.session.rollback()
    with pytest.raises(Rejected):
        operations.calibrate(house.session, hr, cycle, typed(sheet, "2"), seen)
    with pytest.raises(Rejected):
        operations.calibrate(house.session, hr, cycle, {}, seen)
    house.session.refresh(sheet)
    assert sheet.calibrated_points is None


def test_a_calibration_is_taken_back_as_a_whole(house, cycle):
    mine, other = sheet_of(house, cycle), sheet_of(house, cycle, "wanghao")
    calibrate(house, cycle, typed(mine, "1"))
    operations.take_note(house.session, house.actor("agent"), mine, None)
    noted = mine.calibration_noted_at
    second = calibrate(house, cycle, {**typed(mine, "3"), **typed(other, "-2")})
    assert mine.calibration_noted_at is None
    with pytest.raises(NotPermitted):
        operations.undo(house.session, house.actor("agent"), cycle, second.id)
    assert operations.undo(house.session, house.actor("hr"), cycle, second.id) == 2
    assert (mine.final_score, mine.calibrated_points) == (Decimal("94.33"), 1)
    assert mine.calibration_noted_at == noted
    assert (other.final_score, other.calibrated_points, other.final_grade) == (
        other.score, None, other.grade)
    with pytest.raises(Rejected):
        operations.undo(house.session, house.actor("hr"), cycle, second.id)


def test_grade_streak_bonus_and_release_follow_the_final_score(house, cycle):
    sheet, hr = sheet_of(house, cycle), house.actor("hr")
    calibrate(house, cycle, typed(sheet, "-43.33"))
    with pytest.raises(Rejected):
        act(house.session, hr, cycle, RELEASE)
    with pytest.raises(NotPermitted):
        operations.take_note(house.session, house.actor("wanghao"), sheet, None)
    operations.take_note(house.session, house.actor("agent"), sheet, None)
    act(house.session, hr, cycle, RELEASE)
    assert history(house.session, sheet.owner_id, BEGIN) == ["encouraged"]
    act(house.session, hr, cycle, COMPILE)
    table = house.session.scalars(select(BonusTable)).one()
    [line] = [one for one in lines_of(house.session, table.id) if one.sheet_id == sheet.id]
    assert line.amount == Decimal("150.00")
    assert line.steps[:4] == [
        ["signed", "93.33"], ["calibrated", "-43.33"], ["quota", "300"], ["score", "50"]]
    with pytest.raises(Rejected):
        operations.propose(house.session, hr, cycle, typed(sheet, "1"))


def test_hr_previews_applies_and_takes_back_in_the_browser(house, cycle):
    sheet, desk = sheet_of(house, cycle), Desk(house, "hr")
    path = f"/appraisals/cycles/{cycle.id}/calibrate"
    assert path in desk.get(f"/appraisals/cycles/show/{cycle.id}").text
    page = desk.send(path, go="preview", **typed(sheet, "-15.5"))
    assert "77.83" in page.text
    assert sheet.calibrated_points is None
    seen = page.text.split('name="previewed" value="', 1)[1].split('"', 1)[0]
    assert desk.send(path, go="apply", previewed=seen, **typed(sheet, "-15.5")).status_code == 302
    assert sheet.final_score == Decimal("77.83")
    agent = Desk(house, "agent")
    shown = agent.get(f"/appraisals/sheets/show/{sheet.id}").text
    assert "77.83" in shown and "93.33" in shown and "与同组口径一致" in shown
    assert agent.get(f"/appraisals/sheets/{sheet.id}/sheet.pdf").data.startswith(b"%PDF")
    agent.send(f"/appraisals/sheets/{sheet.id}/note-calibration", version=str(sheet.version))
    assert sheet.calibration_noted_at is not None
    made = operations.latest(house.session, cycle.id)
    desk.send(f"{path}/undo", calibration=str(made.id))
    assert sheet.calibrated_points is None


def test_a_long_table_has_pages_and_what_was_typed_goes_along(house, cycle, monkeypatch):
    monkeypatch.setattr(views, "PAGE", 1)
    first, last = operations.sheets_to_calibrate(house.session, cycle)
    desk, path = Desk(house, "hr"), f"/appraisals/cycles/{cycle.id}/calibrate"
    page = desk.get(path).text
    assert f'name="points_{first.id}"' in page and f'name="points_{last.id}"' not in page
    page = desk.send(path, **{**typed(first, "-3"), "page": "2", "shown": "1"}).text
    assert f'type="hidden" name="points_{first.id}" value="-3"' in page
    assert f'name="points_{last.id}"' in page
    page = desk.send(path, **{**typed(first, "-3"), **typed(last, "2"), "go": "preview",
                            "shown": "2"}).text
    assert page.count("<strong>") == 2 and f'type="hidden" name="points_{first.id}"' in page
    person = names_of(house.session, [first.owner_id])[first.owner_id]
    page = desk.send(path, **{**typed(last, "2"), "go": "find", "find": person, "shown": "2"}).text
    assert page.count(f'name="points_{first.id}"') == 1
    assert f'type="hidden" name="points_{last.id}" value="2"' in page
    assert "没有该姓名的人员" in desk.send(path, **{"go": "find", "find": "查无此人"}).text
    digest = operations.digest(operations.propose(
        house.session, house.actor("hr"), cycle, {**typed(first, "-3"), **typed(last, "2")}))
    desk.send(path, **{**typed(first, "-3"), **typed(last, "2"), "go": "apply",
                     "previewed": digest})
    assert len(operations.latest(house.session, cycle.id).lines) == 2
