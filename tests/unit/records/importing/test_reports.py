"""What a report says of the rows that were not taken."""

from __future__ import annotations

import csv

from app.i18n import Link, Message
from app.records.importing.fields import Problem
from app.records.importing.reports import Rejects, Report
from app.records.importing.tables import TableRow

STOPPED = Message("%(name)s gets no new work.", {"name": "Li Li"},
                  Link("/training/record/7", "Training record"))


def test_a_sentence_keeps_the_page_that_helps_on_and_the_file_the_sentence(tmp_path):
    report, path = Report(), tmp_path / "rejects.csv"
    with Rejects(path, ["Owner"], report, str, {"owner": 0}) as rejects:
        rejects.add(TableRow(2, ("Li Li",)), [Problem(2, STOPPED, field="owner")])
        rejects.add(TableRow(3, ("x",)), [Problem(3, Message("Choose one."), field="owner")])
    assert report.problems == [
        {"line": 2, "column": "Owner", "value": "", "reason": "Li Li gets no new work.",
         "address": "/training/record/7", "link_text": "Training record"},
        {"line": 3, "column": "Owner", "value": "", "reason": "Choose one."}]
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert [row[-1] for row in csv.reader(file)][1:] == [
            "Owner: Li Li gets no new work.", "Owner: Choose one."]
