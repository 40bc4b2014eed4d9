"""How a file is read is detected, shown, changed and remembered: encoding, header, dates."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.customers.models import Customer
from app.records.importing.models import ImportMapping
from tests.integration.admin.test_imports import upload

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

NAME = "records.core.Customer"
TITLED = "客户生日登记表,,\n\n名称,电话,出生日期\n王小明,13800009991,{}\n李丽,13800009992,{}\n"


def selected(page: str, name: str) -> str:
    """Return what is chosen in a select of a page: its first option where none is marked."""
    body = re.search(rf'name="{name}"[^>]*>(.*?)</select>', page, re.DOTALL).group(1)
    found = re.search(r'value="([^"]*)" selected', body) or re.search(r'value="([^"]*)"', body)
    return found.group(1)


def form_of(page: str) -> dict[str, str]:
    """Return the fields of the form of columns as a browser would send them."""
    names = re.findall(r'<select[^>]* name="([^"]+)"', page)
    return {name: selected(page, re.escape(name)) for name in names}


def columns(desk, text: str) -> tuple[str, str]:
    """Upload a file of customers; return the address of its columns and the page."""
    place = upload(desk, text.encode(), importer=NAME).location
    return place, desk.get(place).text


def days(house) -> dict[str, str]:
    house.session.rollback()
    house.session.expire_all()
    rows = house.session.execute(
        select(Customer.name, Customer.born_on).where(Customer.born_on.is_not(None)))
    return {name: day.isoformat() for name, day in rows if name in ("王小明", "李丽")}


def test_header_and_dates_are_detected_shown_and_read(house, desk, work):
    supervisor = desk("supervisor")
    place, page = columns(supervisor, TITLED.format("05/01/1990", "25/01/1991"))
    assert (selected(page, "header_line"), selected(page, "date_order")) == ("3", "dmy")
    assert "Line 1: 客户生日登记表" in page and "<strong>1990-01-05</strong>" in page
    assert selected(page, r"column\.born_on") == "出生日期"
    answer = supervisor.send(place.split("?")[0], {"file": "a.csv", **form_of(page)})
    assert answer.status_code == 302
    run = answer.location
    work()
    supervisor.send(f"{run}/start", {"mode": "all"})
    work()
    assert days(house) == {"王小明": "1990-01-05", "李丽": "1991-01-25"}


def test_dates_that_are_read_in_two_ways_are_asked_about(house, desk, work):
    supervisor = desk("supervisor")
    place, page = columns(supervisor, TITLED.format("05/01/1990", "06/01/1991"))
    assert selected(page, "date_order") == "" and "can be read in two ways" in page
    form = {"file": "a.csv", **form_of(page)}
    refused = supervisor.send(place.split("?")[0], form)
    assert refused.status_code == 422 and "Day or month first?" in refused.text
    shown = supervisor.send(place.split("?")[0], {**form, "date_order": "mdy", "apply": "1"})
    assert shown.status_code == 200 and "<strong>1990-05-01</strong>" in shown.text
    run = supervisor.send(place.split("?")[0], form_of(shown.text) | {"file": "a.csv"}).location
    work()
    # Whoever goes back to the columns finds what was chosen.
    back = re.search(r'href="([^"]+check=\d+)"', supervisor.get(run).text).group(1)
    again = supervisor.get(back.replace("&amp;", "&")).text
    assert (selected(again, "date_order"), selected(again, "header_line")) == ("mdy", "3")
    supervisor.send(f"{run}/start", {"mode": "all"})
    work()
    assert days(house) == {"王小明": "1990-05-01", "李丽": "1991-06-01"}


def test_another_line_names_the_columns(desk):
    supervisor = desk("supervisor")
    place, page = columns(supervisor, "名称,电话\nName,Phone\n王小明,13800009991\n")
    assert selected(page, "header_line") == "1"
    shown = supervisor.send(
        place.split("?")[0], {**form_of(page), "file": "a.csv", "header_line": "2", "apply": "1"})
    assert selected(shown.text, r"column\.name") == "Name"
    assert '<th scope="col">Phone</th>' in shown.text


def test_an_encoding_that_does_not_fit_gives_the_detected_one_back(desk):
    supervisor = desk("supervisor")
    place, page = columns(supervisor, "名称,电话\n王小明,13800009991\n")
    answer = supervisor.send(
        place.split("?")[0], {**form_of(page), "file": "a.csv", "encoding": "utf-16", "apply": "1"})
    assert answer.status_code == 302 and "/file/" in answer.location
    assert "Detected: UTF-8" in supervisor.get(answer.location).text


def test_how_a_file_is_read_is_remembered_with_its_mapping(house, desk):
    supervisor = desk("supervisor")
    place, page = columns(supervisor, TITLED.format("05/01/1990", "06/01/1991"))
    form = {**form_of(page), "file": "a.csv", "date_order": "dmy", "save_as": "branch"}
    assert supervisor.send(place.split("?")[0], form).status_code == 302
    held = house.session.scalars(select(ImportMapping)).one()
    # The line is found by itself next time, below however many titles.
    assert held.options == {"date_order": "dmy"} and held.columns["born_on"] == "出生日期"
    taller = "一,,\n二,,\n三,,\n" + TITLED.format("05/01/90", "06/01/1991")
    place, page = columns(supervisor, taller)
    page = supervisor.get(f"{place}&use=branch").text
    assert (selected(page, "date_order"), selected(page, "header_line")) == ("dmy", "6")
    forced = {**form_of(page), "used": "branch", "file": "a.csv", "header_line": "7",
              "save_as": "odd",
              "column.name": "王小明", "column.phone": "13800009991", "column.born_on": ""}
    assert supervisor.send(place.split("?")[0], forced).status_code == 302
    house.session.rollback()
    odd = house.session.scalars(
        select(ImportMapping.options).where(ImportMapping.name == "odd")).one()
    assert odd["header_line"] == 7
