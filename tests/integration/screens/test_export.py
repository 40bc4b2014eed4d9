"""Exports: what the list shows, streamed, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from python_calamine import CalamineWorkbook

from app.access.models import AuditEntry
from app.database import db
from tests.integration.screens.building import add_cases

HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "\r=1", "=cmd|'/c calc'!A0"]


def rows_of(answer) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_csv_holds_the_filtered_rows_in_order(browser, app):
    with app.app_context():
        add_cases(30)
    agent = browser("agent")
    rows = rows_of(agent.get("/sample/cases/export/csv?state__in=new&sort=number"))
    assert rows[0] == ["Number", "Subject", "State", "Kind", "Owner", "Department", "Received"]
    assert len(rows) == 11
    assert [row[0] for row in rows[1:]] == sorted(row[0] for row in rows[1:])
    assert {row[2] for row in rows[1:]} == {"New"}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_cell_is_a_formula(browser, app, kind):
    with app.app_context():
        for text in HOSTILE:
            add_cases(1, subject=text)
    answer = browser("agent").get(f"/sample/cases/export/{kind}")
    if kind == "csv":
        cells = [cell for row in rows_of(answer) for cell in row]
    else:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0)
        cells = [str(cell) for row in sheet.to_python() for cell in row]
    for cell in cells:
        assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "＝")), cell
    assert any("calc" in cell for cell in cells)


def test_days_times_and_amounts_can_be_sorted_and_summed(browser, app):
    with app.app_context():
        add_cases(1, received_at=dt.datetime(2026, 11, 22, 6, 5, 33, tzinfo=dt.UTC),
                  promised_on=dt.date(2026, 11, 30), amount="12.50")
    agent = browser("agent")
    agent.send("/sample/cases/columns", {"column": ["received_at", "promised_on", "amount"]})
    answer = agent.get("/sample/cases/export/xlsx")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0)
    assert sheet.to_python()[1][-3:] == [
        dt.datetime(2026, 11, 22, 14, 5), dt.date(2026, 11, 30), 12.5]
    # The same in every language: what reads the file need not know which one it was.
    for language in ("en-GB", "zh-CN"):
        answer = agent.get("/sample/cases/export/csv", headers={"Accept-Language": language})
        assert rows_of(answer)[1][-3:] == ["2026-11-22 14:05", "2026-11-30", "12.50"]


def test_more_rows_than_a_batch_come_whole(browser, app):
    with app.app_context():
        add_cases(2345)
    agent = browser("agent")
    rows = rows_of(agent.get("/sample/cases/export/csv?sort=visits"))
    assert len(rows) == 2346
    assert len({row[0] for row in rows[1:]}) == 2345


def test_export_is_audited_and_bad_requests_are_4xx(browser, app):
    with app.app_context():
        add_cases(1)
    agent = browser("agent")
    agent.get("/sample/cases/export/csv")
    with app.app_context():
        entry = db.session.query(AuditEntry).filter_by(action="export").one()
        assert entry.changes["kind"] == "csv" and entry.actor_name == "李晓雯"
    assert agent.get("/sample/cases/export/exe").status_code == 404
    assert agent.get("/sample/cases/export/csv?visits__is=x").status_code == 400
    assert agent.get("/sample/cases/export/csv?owner__in=x").status_code == 400
