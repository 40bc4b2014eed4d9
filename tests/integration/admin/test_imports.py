"""The import screen, from the file to the rows, and who may not use it."""

from __future__ import annotations

import contextvars
import io
import re
import threading

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select, update

from app.database import write
from app.jobs.models import Job
from app.people.models import Staff
from app.records.importing.models import ImportMapping
from plugins.complaints.models import Channel, Complaint

NAME = "complaints.complaints"
TABLE = (
    "编号,日期,主题,负责\n"
    "A-1,2026-01-05,提前还款违约金,甲\n"
    "A-2,2026-01-32,短信骚扰,乙\n"
    "A-3,2026-01-07,<script>alert(1)</script>,丙\n"
)
GOOD = TABLE.replace("2026-01-32", "2026-01-30")


def upload(desk, text: str | bytes, name: str = "投诉.csv", importer: str = NAME):
    data = text.encode("gb18030") if isinstance(text, str) else text
    return desk.send(
        f"/imports/{importer}/", {"files": (io.BytesIO(data), name)},
        content_type="multipart/form-data",
    )


def checked(desk, work, text: str = TABLE, importer: str = NAME, **more: str):
    """Upload, take the suggested columns, run the check; return its page."""
    columns = upload(desk, text, importer=importer).location
    page = desk.get(columns).text
    form = {
        f"column.{field}": chosen[0]
        for field, options in re.findall(r'name="column\.(\w+)">(.*?)</select>', page, re.DOTALL)
        if (chosen := re.findall(r'value="([^"]*)" selected', options))
    }
    started = desk.send(columns.split("?")[0], {"file": "投诉.csv", **form, **more})
    assert started.status_code == 302, started.text
    work()
    return started.location


def complaints(house) -> int:
    return house.session.scalar(select(func.count()).select_from(Complaint))


def test_the_good_rows_come_in_and_the_bad_ones_are_given_back(house, desk, work):
    supervisor = desk("supervisor")
    assert "/imports/complaints.complaints/" in supervisor.get("/complaints/list/").text
    columns = supervisor.get(upload(supervisor, TABLE).location).text
    assert "GB18030" in columns and '<option value="主题" selected>' in columns

    run = checked(supervisor, work)
    page = supervisor.get(run).text
    assert "There is no such day." in page and ">A-2<" not in page and "2026-01-32" in page
    assert 'value="all"' not in page and complaints(house) == 0

    started = supervisor.send(f"{run}/start", {"mode": "good"})
    work()
    done = supervisor.get(started.location).text
    assert complaints(house) == 2 and "投诉-rejects.csv" in work_file(done)
    rejects = supervisor.get(work_file(done).split()[0]).data.decode("utf-8-sig")
    assert "A-2" in rejects and "A-1" not in rejects and "no such day" in rejects


def work_file(page: str) -> str:
    """Return address and name of the download on a page of a run."""
    address = re.search(r'href="(/jobs/\d+/file)"', page).group(1)
    return f"{address} 投诉-rejects.csv"


def test_all_or_nothing_and_a_second_time(house, desk, work):
    supervisor = desk("supervisor")
    run = checked(supervisor, work, GOOD)
    assert 'value="all"' in supervisor.get(run).text
    supervisor.send(f"{run}/start", {"mode": "all"})
    assert work().result["created"] == 3
    run = checked(supervisor, work, GOOD, on_existing="skip")
    supervisor.send(f"{run}/start", {"mode": "all"})
    assert work().result["skipped"] == 3
    assert complaints(house) == 3


CHANNELS = (
    "编号,日期,主题,投诉渠道\n"
    "A-1,2026-01-05,提前还款违约金,抖音\n"
    "A-2,2026-01-06,短信骚扰,老客户转告\n"
    "A-3,2026-01-07,催收方式,门店留言\n"
)


def test_new_values_of_a_list_are_asked_about_and_never_added_silently(house, desk, work):
    admin = desk("admin")
    run = checked(admin, work, CHANNELS)
    page = admin.get(run).text
    assert all(name in page for name in ("抖音", "老客户转告", "门店留言", "Add it to the list"))

    before = channels(house)
    unsaid = admin.send(f"{run}/start", {"mode": "all", "value-0-0": "+"})
    assert unsaid.location == run and complaints(house) == 0
    assert "Say first what the new values" in admin.get(run).text

    said = {"value-0-0": "+", "value-0-1": "Phone", "value-0-2": "-"}
    admin.send(f"{run}/start", {"mode": "all", **said})
    assert work().result["created"] == 3
    assert channels(house) == before | {"抖音"}
    found = house.session.execute(
        select(Complaint.external_id, Channel.name).outerjoin(Channel)).all()
    assert dict(map(tuple, found)) == {"A-1": "抖音", "A-2": "Phone", "A-3": None}


def test_who_may_not_change_the_list_takes_new_values_for_others(house, desk, work):
    supervisor = desk("supervisor")
    run = checked(supervisor, work, CHANNELS)
    assert "Add it to the list" not in supervisor.get(run).text
    before = channels(house)
    forced = {"value-0-0": "+", "value-0-1": "Phone", "value-0-2": "-"}
    assert supervisor.send(f"{run}/start", {"mode": "all", **forced}).location == run
    supervisor.send(f"{run}/start", {"mode": "all", **forced, "value-0-0": "Phone"})
    assert work().result["created"] == 3
    assert channels(house) == before


def test_more_new_values_than_anybody_decides_about_are_a_wrong_column(house, desk, work):
    lines = "".join(f"A-{n},2026-01-05,主题,说法{n}\n" for n in range(51))
    supervisor = desk("supervisor")
    run = checked(supervisor, work, "编号,日期,主题,投诉渠道\n" + lines)
    page = supervisor.get(run).text
    assert "51 values are in no list" in page and 'name="value-0-0"' not in page
    assert supervisor.send(f"{run}/start", {"mode": "good"}).location == run
    assert complaints(house) == 0


def channels(house) -> set[str]:
    """Return the names of all channels."""
    return set(house.session.scalars(select(Channel.name)))


def test_what_would_change_is_shown_with_the_check_and_left_by_default(house, desk, work):
    supervisor = desk("supervisor")
    run = checked(supervisor, work, GOOD)
    supervisor.send(f"{run}/start", {"mode": "all"})
    work()
    run = checked(supervisor, work, GOOD.replace("提前还款违约金", "另一件事"))
    page = supervisor.get(run).text
    assert "What the file says otherwise" in page
    assert "提前还款违约金" in page and "另一件事" in page
    supervisor.send(f"{run}/start", {"mode": "all"})
    assert work().result["skipped"] == 3
    run = checked(supervisor, work, GOOD.replace("提前还款违约金", "另一件事"),
                  on_existing="update")
    assert "Will be changed" in supervisor.get(run).text
    supervisor.send(f"{run}/start", {"mode": "all"})
    assert work().result["updated"] == 1


def test_pressing_the_button_many_times_at_once_imports_once(house, desk, work):
    run = checked(desk("supervisor"), work, GOOD)
    pressing = [desk("supervisor") for _ in range(6)]
    barrier, answers = threading.Barrier(len(pressing)), []
    house.session.rollback()

    def press(browser) -> None:
        barrier.wait()
        # Not by ``send``: what it does afterwards belongs to the thread of the test.
        answers.append(contextvars.Context().run(
            browser._client.post, f"{run}/start",
            data={"csrf_token": browser.token, "mode": "all"}, buffered=True))

    threads = [threading.Thread(target=press, args=(browser,)) for browser in pressing]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {302}
    assert len({answer.location for answer in answers}) == 1
    jobs = house.session.scalars(select(Job).where(Job.kind == "records.import")).all()
    assert sorted(job.args["mode"] for job in jobs) == ["all", "check"]
    assert work().result["created"] == 3
    # Once it is done, the same button leads to what it has done.
    assert desk("supervisor").send(f"{run}/start", {"mode": "all"}).location == answers[0].location


def test_progress_is_a_part_that_stops_asking(desk, work):
    supervisor = desk("supervisor")
    run = checked(supervisor, work, GOOD)
    part = supervisor.get(run, headers={"HX-Request": "true"}).text
    assert "<html" not in part and "hx-trigger" not in part
    started = supervisor.send(f"{run}/start", {"mode": "all"}).location
    waiting = supervisor.get(started, headers={"HX-Request": "true"}).text
    assert "<html" not in waiting and 'hx-trigger="every 1s"' in waiting
    assert supervisor.send(f"/jobs/{started.rsplit('/', 1)[1]}/cancel").status_code == 302
    assert "Nothing was written" in supervisor.get(started).text


def test_mappings_are_saved_used_and_deleted(house, desk, work):
    supervisor = desk("supervisor")
    checked(supervisor, work, GOOD, save_as="月报")
    columns = upload(supervisor, GOOD).location
    assert '<option value="月报" selected>' in supervisor.get(f"{columns}&use=月报").text
    assert "cfpb (ready-made)" in supervisor.get(columns).text
    supervisor.send(f"/imports/{NAME}/mappings/delete", {"mapping": "月报"})
    assert house.session.scalar(select(func.count()).select_from(ImportMapping)) == 0


def test_a_mapping_that_does_not_fit_is_refused_with_sentences(desk):
    supervisor = desk("supervisor")
    columns = upload(supervisor, GOOD).location.split("?")[0]
    answer = supervisor.send(columns, {"column.subject": "主题", "column.region": "无此列"})
    assert answer.status_code == 422
    assert "The file has no column 无此列." in answer.text
    assert "No column fills the required field" in answer.text
    saved = supervisor.send(
        columns, {"column.external_id": "编号", "column.received_on": "日期", "save_as": "cfpb"}
    )
    assert saved.status_code == 422 and "comes with the product" in saved.text
    assert supervisor.send(columns, {"on_existing": "x"}).status_code == 400


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"%PDF-1.7 x", "PDF"), (b"\x89PNG\r\n", "picture"), (b"", "is empty"),
     (b"a,b\n1\x00,2\n", "not a text file")],
)
def test_what_is_no_table_is_refused(house, desk, content, sentence):
    supervisor = desk("supervisor")
    answer = upload(supervisor, content, "../../x.csv")
    assert answer.status_code == 422 and sentence in answer.text
    folder = house.app.config["CARELINE_SETTINGS"].var_dir / "uploads"
    assert list(folder.iterdir()) == []
    assert supervisor.send(f"/imports/{NAME}/").status_code == 422


def test_templates_bring_columns_that_are_recognised(desk):
    supervisor = desk("supervisor")
    sheet = supervisor.get(f"/imports/{NAME}/template/xlsx").data
    header = CalamineWorkbook.from_filelike(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()[0]
    csv = supervisor.get(f"/imports/{NAME}/template/csv").data
    assert csv.decode("utf-8-sig").strip().split(",") == header
    page = supervisor.get(upload(supervisor, csv, "empty.csv").location).text
    assert page.count(" selected>") >= len(header)
    assert supervisor.get(f"/imports/{NAME}/template/exe").status_code == 404


def test_who_may_not_is_kept_out_everywhere(house, desk, work):
    supervisor, agent = desk("supervisor"), desk("agent")
    run = checked(supervisor, work, GOOD)
    for path in ("/imports/", f"/imports/{NAME}/", f"/imports/{NAME}/template/csv", run):
        assert agent.get(path).status_code == 403, path
    assert upload(agent, GOOD).status_code == 403
    assert agent.send(f"{run}/start", {"mode": "all"}).status_code == 403
    assert "/imports/" not in agent.get("/complaints/list/").text
    assert agent.get(run.replace("/imports/runs/", "/jobs/")).status_code == 404
    # Somebody who oversees jobs looks on, but imports nothing in another's name.
    admin = desk("admin")
    assert 'value="all"' not in admin.get(run).text
    assert admin.send(f"{run}/start", {"mode": "all"}).status_code == 403
    assert desk("").get("/imports/").status_code == 302


def test_nothing_begins_by_get_or_out_of_order(house, desk, work):
    supervisor = desk("supervisor")
    run = checked(supervisor, work, GOOD)
    assert supervisor.get(f"{run}/start").status_code == 405
    assert supervisor.get(f"/imports/{NAME}/mappings/delete").status_code == 405
    assert supervisor.send(f"{run}/start", {"mode": "check"}).status_code == 400
    real = supervisor.send(f"{run}/start", {"mode": "all"}).location
    work()
    assert supervisor.send(f"{real}/start", {"mode": "all"}).status_code == 409
    assert supervisor.get("/imports/none/").status_code == 404
    assert supervisor.get("/imports/runs/999999").status_code == 404
    gone = supervisor.get(f"/imports/{NAME}/file/{'0' * 32}")
    assert gone.status_code == 302 and gone.location.endswith(f"/imports/{NAME}/")
    assert supervisor.get(f"/imports/{NAME}/file/..%2f..%2fsecret").status_code in (302, 404)
    assert complaints(house) == 3


@pytest.mark.parametrize(("importer", "table", "reason", "otherwise"), [
    (NAME, TABLE, "There is no such day.", "没有这一天"),
    ("records.core.Customer", "Name,Phone,Born on\n王小明,138,Z\n",
     "Enter a date like 2026-01-31.", "请"),
])
def test_reasons_come_in_the_language_of_the_page(
    house, desk, work, importer, table, reason, otherwise
):
    admin = desk("admin")
    # The browser asks for English, and nobody ever pressed the switch.
    with write(house.session):
        house.session.execute(update(Staff).values(locale=""))
    page = admin.get(checked(admin, work, table, importer=importer)).text
    assert reason in page and otherwise not in page
