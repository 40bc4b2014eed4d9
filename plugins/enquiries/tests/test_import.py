"""Enquiries and calls from files; what came in is found as by a plain scan."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from app.sdk.importing import ALL, GOOD, SKIP, Import, Table, importers, suggest
from app.sdk.people import local_zone
from app.sdk.services import search_filter
from plugins.enquiries.demo_public import HEADER, public_rows, write_rows
from plugins.enquiries.models import Call, Enquiry

OF_EACH = 120


def read_in(house, path: Path, name: str, mode: str = ALL, username: str = "supervisor") -> Any:
    """Import a file as a person; return the report."""
    table, importer = Table.open(path), importers()[name]
    return Import(
        table=table, importer=importer, mapping=suggest(importer, table.header), mode=mode,
        on_existing=SKIP, rejects=path.with_suffix(".bad.csv"), zone=local_zone(),
        file_name=path.name).run(house.session, house.actor(username))


def scan(texts: dict[int, str], text: str) -> set[int]:
    """Return whose text holds every part: Chinese as it stands, Latin as the start of a word."""
    def holds(held: str, part: str) -> bool:
        if re.match(r"[\u4e00-\u9fff]", part):
            return part in held
        return any(word.startswith(part) for word in re.findall(r"[a-z]+|[0-9]+", held))

    parts = re.findall(r"[\u4e00-\u9fff]+|[a-z]+|[0-9]+", text.lower())
    return {key for key, held in texts.items() if all(holds(held.lower(), one) for one in parts)}


def test_public_enquiries_come_in_and_are_found_as_by_a_scan(house, data_dir, tmp_path):
    rows = public_rows(data_dir, OF_EACH, dt.date(2026, 11, 2))
    assert len(rows) == 2 * OF_EACH
    path = write_rows(tmp_path / "daily.csv", HEADER, rows)
    report = read_in(house, path, "records.enquiries.Enquiry")
    assert report.created == len(rows) and not report.rejected
    # A file that does not say what kind of call it was holds enquiries; their answers stay.
    answered = house.session.scalars(select(Enquiry).where(Enquiry.answer != "")).all()
    assert len(answered) == OF_EACH and {one.kind for one in answered} == {"enquiry"}
    again = read_in(house, path, "records.enquiries.Enquiry")
    assert again.created == 0
    assert house.session.scalar(select(func.count()).select_from(Enquiry)) == len(rows)
    found = house.session.execute(select(Enquiry.id, Enquiry.question, Enquiry.answer)).all()
    texts = {row.id: f"{row.question}\n{row.answer}" for row in found}
    for text in ("酒店", "地铁", "推荐", "评分", "wifi", "card", "top up", "exchange rate",
                 "人均 100", "酒店 4", "元的 推荐", "nothing at all like this"):
        hits = set(house.session.scalars(
            select(Enquiry.id).where(search_filter(house.session, Enquiry, text))))
        assert hits == scan(texts, text), text
    assert scan(texts, "酒店") and scan(texts, "card") and scan(texts, "人均 100")


def test_calls_of_the_telephone_system_come_in_once(house, tmp_path):
    header = ("电话系统编号", "来电时间", "来电号码", "线路", "振铃次数", "是否接听")
    rows = [("T1", "2026-11-02 09:01", "13900000001", "400", 2, "是"),
            ("T2", "2026-11-02 09:05", "13900000002", "400", 7, "否"),
            ("T3", "2026-11-02 09:09", "13900000003", "400", 999, "是")]
    path = write_rows(tmp_path / "calls.csv", header, rows)
    report = read_in(house, path, "records.enquiries.Call", GOOD)
    assert (report.created, report.rejected) == (2, 1)
    read_in(house, path, "records.enquiries.Call", GOOD)
    assert house.session.scalar(select(func.count()).select_from(Call)) == 2
    rings = dict(house.session.execute(select(Call.rings, Call.answered)).all())
    assert rings == {2: True, 7: False}
