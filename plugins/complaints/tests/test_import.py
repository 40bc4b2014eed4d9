"""The public register of the CFPB comes in whole, again without duplicates, and counts right."""

from __future__ import annotations

import csv
import datetime as dt
import functools
import io
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select

from app.jobs.portions import MOST_ROWS, Pace
from app.records.importing import running
from app.sdk.importing import ALL, CHECK, GOOD, SKIP, UPDATE, Import, Table
from app.sdk.services import sees, utcnow, write
from plugins.complaints.commands import run_import
from plugins.complaints.importing import CFPB_MAPPING, IMPORTER
from plugins.complaints.models import Complaint
from plugins.complaints.statistics import counts, crosstab
from plugins.complaints.tests.helpers import department

CSV = "cfpb_complaints_dev.csv"
EXPECTED = "expected_cfpb_dev.json"
# Our axis and what the reference calls it.
PAIRS = {
    "product": "by_product", "sub_product": "by_sub_product", "issue": "by_issue",
    "sub_issue": "by_sub_issue", "region": "by_state", "channel": "by_channel",
    "timely": "by_timely", "response": "by_company_response", "month": "by_month_received",
    "year": "by_year_received", "origin": "by_source",
}


def public(house, name: str) -> Path:
    """Return a public data file, or skip where the folder is not there."""
    file = house.app.config["CARELINE_SETTINGS"].data_dir / name
    if not file.is_file():
        pytest.skip(f"public data is not there: {name}")
    return file


def test_the_register_comes_in_whole_and_counts_right(house):
    file = public(house, CSV)
    expected = json.loads(public(house, EXPECTED).read_text())
    made = run_import(file, "cfpb")
    still = sum(expected["by_company_response"].get(name, 0) for name in ("In progress", ""))
    assert made == {"rows": 15382, "created": 15382, "updated": 0, "skipped": 0, "rejected": 0,
                    "open": still, "closed": 15382 - still}
    admin = house.actor("admin")
    for axis, reference in PAIRS.items():
        got = dict(counts(house.session, admin, axis, limit=5000))
        assert got == expected[reference], axis
    timely = crosstab(house.session, admin, "product", "timely")
    for product, row in expected["timely_by_product"].items():
        got = timely[product]
        assert (got.get("Yes", 0), got.get("No", 0), got.get("", 0)) == (
            row["yes"], row["no"], row["blank"]
        ), product
    by_year = crosstab(house.session, admin, "product", "year")
    assert by_year == expected["product_by_year"]
    assert crosstab(house.session, admin, "product", "response") == expected["product_by_response"]
    again = run_import(file, "cfpb")
    assert again == {"rows": 15382, "created": 0, "updated": 0, "skipped": 15382, "rejected": 0,
                     "open": 0, "closed": 0}
    client = house.client("admin")
    answer = client.get("/api/v1/complaints/statistics/product").get_json()
    assert answer["counts"] == expected["by_product"]
    assert answer["total"] == expected["rows"]
    narrow = client.get("/api/v1/complaints/statistics/issue?product=Mortgage").get_json()
    assert narrow["total"] == expected["by_product"]["Mortgage"]


def write_file(tmp_path: Path, rows: list[dict[str, str]], encoding: str = "utf-8") -> Path:
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(CFPB_MAPPING.values()))
    writer.writeheader()
    writer.writerows(rows)
    file = tmp_path / "file.csv"
    file.write_bytes(out.getvalue().encode(encoding))
    return file


def row(number: str, **values: str) -> dict[str, str]:
    return {"Complaint ID": number, "Date received": "2026-03-01", "Product": "新车贷",
            "Submitted via": "Phone", **values}


def count(house) -> int:
    return house.session.scalar(select(func.count()).select_from(Complaint)) or 0


def imported(house, file: Path, mode: str, on_existing: str = SKIP):
    import zoneinfo

    return Import(
        table=Table.open(file), importer=IMPORTER, mapping=CFPB_MAPPING, mode=mode,
        rejects=file.with_name("rejects.csv"), zone=zoneinfo.ZoneInfo("Asia/Shanghai"),
        on_existing=on_existing,
    ).run(house.session, house.actor("supervisor"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings_are_told_apart(house, tmp_path, encoding):
    file = write_file(tmp_path, [row("1", Issue="贷款合同条款告知不足导致的纠纷问题")] * 1, encoding)
    assert imported(house, file, ALL).created == 1
    found = house.session.scalar(select(Complaint.issue))
    assert found == "贷款合同条款告知不足导致的纠纷问题"


def test_one_bad_row_keeps_everything_out_or_only_itself(house, tmp_path):
    rows = [row("1"), row("2", **{"Date received": "not a day"}), row("3")]
    file = write_file(tmp_path, rows)
    report = imported(house, file, CHECK)
    assert (report.rejected, count(house)) == (1, 0)
    assert report.problems[0]["line"] == 3
    report = imported(house, file, ALL)
    assert (report.created, report.rejected, count(house)) == (0, 1, 0)
    report = imported(house, file, GOOD)
    assert (report.created, report.rejected, count(house)) == (2, 1, 2)
    rejects = file.with_name("rejects.csv").read_text("utf-8-sig")
    assert "not a day" in rejects and "2026-03-01" not in rejects


@pytest.mark.both_databases
def test_a_changed_row_updates_and_never_moves_the_state(house, tmp_path):
    response = "Company response to consumer"
    imported(house, write_file(tmp_path, [row("1", **{response: "In progress"})]), ALL)
    complaint = house.session.scalar(select(Complaint))
    assert (complaint.state, complaint.is_open) == ("recorded", True)
    changed = row("1", Issue="New issue", **{response: "Closed with explanation"})
    report = imported(house, write_file(tmp_path, [changed]), ALL, UPDATE)
    assert (report.updated, count(house)) == (1, 1)
    house.session.refresh(complaint)
    assert (complaint.issue, complaint.state) == ("New issue", "recorded")


def test_numbers_follow_the_year_of_receipt(house, tmp_path):
    rows = [row("1", **{"Date received": "2014-05-01"}), row("2", **{"Date received": "2014-06-01"}),
            row("3", **{"Date received": "2020-01-01"})]
    imported(house, write_file(tmp_path, rows), ALL)
    numbers = sorted(house.session.scalars(select(Complaint.number)))
    assert numbers == ["TS-2014-000001", "TS-2014-000002", "TS-2020-000001"]


def test_a_row_cannot_touch_what_the_importer_does_not_see(house, tmp_path):
    imported(house, write_file(tmp_path, [row("1", Issue="Theirs")]), ALL)
    complaint = house.session.scalar(select(Complaint))
    with write(house.session):
        complaint.department_id = department(house, "HR")
        complaint.owner_id = complaint.team_id = complaint.created_by_id = None
    assert not sees(house.actor("supervisor"), complaint)
    file = write_file(tmp_path, [row("1", Issue="Overwritten"), row("2")])
    report = imported(house, file, CHECK)
    assert (report.rejected, report.problems[0]["line"]) == (1, 2)
    report = imported(house, file, GOOD)
    assert (report.created, report.updated, report.rejected) == (1, 0, 1)
    house.session.refresh(complaint)
    assert complaint.issue == "Theirs"


def test_a_day_of_receipt_in_the_future_is_a_bad_row(house, tmp_path):
    ahead = (utcnow() + dt.timedelta(days=3)).strftime("%Y-%m-%d")
    file = write_file(tmp_path, [row("1"), row("2", **{"Date received": ahead})])
    report = imported(house, file, GOOD)
    assert (report.created, report.rejected) == (1, 1)
    assert report.problems[0]["value"] == ahead


@pytest.mark.both_databases
def test_a_file_that_comes_again_takes_as_many_statements_as_a_shorter_one(
    house, tmp_path, monkeypatch
):
    # How many portions there are depends on the time that each one takes.
    monkeypatch.setattr(running, "Pace", functools.partial(Pace, 600.0, first=MOST_ROWS))

    def statements(size: int) -> int:
        file = write_file(tmp_path, [row(str(number)) for number in range(size)])
        imported(house, file, ALL)
        asked: list[str] = []

        def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
            asked.append(statement)

        engine = house.session.get_bind()
        event.listen(engine, "before_cursor_execute", note)
        assert imported(house, file, ALL, UPDATE).skipped == size
        event.remove(engine, "before_cursor_execute", note)
        return len(asked)

    assert statements(200) == statements(300) > 3


def test_what_an_import_changes_stands_in_the_history_of_the_record(house, tmp_path):
    imported(house, write_file(tmp_path, [row("1", Issue="Old")]), ALL)
    complaint = house.session.scalar(select(Complaint))
    version = complaint.version
    imported(house, write_file(tmp_path, [row("1", Issue="New")]), ALL, UPDATE)
    house.session.refresh(complaint)
    assert complaint.version > version
    page = house.client("supervisor").get(f"/complaints/show/{complaint.id}").text
    assert "Old" in page and "New" in page
