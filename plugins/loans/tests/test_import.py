"""Loan applications from a file: each good row is taken in by the rules, each bad one says why."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

from sqlalchemy import select

from app.sdk.importing import GOOD, SKIP, Import, Table, importers, suggest
from app.sdk.people import local_zone
from plugins.loans.access import APPLICATION
from plugins.loans.checklist.services import documents_of
from plugins.loans.models import LoanApplication
from plugins.loans.tests.helpers import customer

HEADER = ("外部编号", "客户", "贷款产品", "贷款金额", "贷款期限（月）",
          "拟购车辆", "职业类型", "月收入", "来源")
REST = ("比亚迪 汉 EV", "受雇", "12000", "展厅")


def read_in(house, path: Path):
    """Import a file as a supervisor; return the report."""
    table, importer = Table.open(path), importers()[f"records.{APPLICATION}"]
    return Import(
        table=table, importer=importer, mapping=suggest(importer, table.header), mode=GOOD,
        on_existing=SKIP, rejects=path.with_suffix(".bad.csv"), zone=local_zone(),
        file_name=path.name).run(house.session, house.actor("supervisor"))


def test_a_file_of_applications_is_taken_in_by_the_rules(house, tmp_path):
    one = customer(house)
    path = tmp_path / "applications.csv"
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows([
            HEADER,
            ("A1", one.number, "新车贷", "100000", "36", *REST),
            ("A2", one.number, "新车贷", "100000", "7", *REST),
            ("A3", one.number, "没有的产品", "100000", "36", *REST),
            ("A4", "KH-none", "新车贷", "100000", "36", *REST),
        ])
    report = read_in(house, path)
    assert (report.created, report.rejected) == (1, 3)
    [application] = house.session.scalars(select(LoanApplication))
    assert (application.external_id, application.customer_id, application.state) == (
        "A1", one.id, "received")
    assert (application.amount, application.term_months) == (Decimal(100_000), 36)
    assert application.employment == "employed" and application.source == "showroom"
    assert application.monthly_income.reveal() == "12000" and application.instalment > 0
    assert application.customer_name == "王小明"
    assert application.to_bring == sum(
        document.required for document in documents_of(house.session, application)) > 0
    bad = path.with_suffix(".bad.csv").read_text(encoding="utf-8-sig")
    assert all(key in bad for key in ("A2", "A3", "A4"))
    again = read_in(house, path)
    assert (again.created, again.rejected) == (0, 3)
