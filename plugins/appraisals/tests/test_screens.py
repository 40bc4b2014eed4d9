"""The screens of appraisals: the steps through a browser's eyes, and 404 for everybody else."""

from __future__ import annotations

import re
from typing import Any

import pytest

from app.sdk.services import act
from app.testing.plugin_fixtures import PASSWORD
from plugins.appraisals.choices import RATING, SIGNING
from plugins.appraisals.cycles.models import Cycle
from plugins.appraisals.sheets.models import Objection, Sheet
from plugins.appraisals.sheets.signing import signatures_of
from plugins.appraisals.tests.helpers import RATING as ANSWERS
from plugins.appraisals.tests.helpers import month, rated, sheet_of, sign, signed

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def cycle(house) -> Cycle:
    return month(house)


@pytest.fixture
def sheet(house, cycle) -> Sheet:
    return sheet_of(house, cycle)


class Desk:
    """A signed-in person's browser."""

    def __init__(self, house: Any, username: str) -> None:
        self._client, self._house = house.client(username), house
        page = self._client.get("/").text
        self._token = re.search(r'name="csrf-token" content="([^"]+)"', page)[1]

    def get(self, path: str) -> Any:
        """GET a page of a sheet."""
        return self._client.get(path)

    def send(self, path: str, **data: Any) -> Any:
        """POST a form, and see what it has written."""
        answer = self._client.post(path, data={"csrf_token": self._token, **data})
        self._house.session.rollback()
        self._house.session.expire_all()
        return answer


def test_a_sheet_is_filled_in_rated_objected_to_and_signed(house, sheet):
    path = f"/appraisals/sheets/{sheet.id}"
    agent, supervisor = Desk(house, "agent"), Desk(house, "supervisor")
    page = agent.get(f"{path}/fill").text
    assert 'name="summary"' in page
    assert 'name="attendance"' not in page
    answer = agent.send(f"{path}/fill", summary="小结", attitude="A", go="next",
                        version=str(sheet.version))
    assert answer.status_code == 302
    assert sheet.status == RATING
    assert agent.get(f"{path}/fill").status_code == 404
    page = supervisor.get(f"{path}/rate").text
    assert "小结" in page
    refused = supervisor.send(f"{path}/rate", go="next", version=str(sheet.version))
    assert refused.status_code == 422
    answer = supervisor.send(f"{path}/rate", **ANSWERS, go="next", version=str(sheet.version))
    assert answer.status_code == 302, answer.text
    assert sheet.status == SIGNING
    agent.send(f"{path}/object", item="learning", text="都交了", version=str(sheet.version))
    objection = house.session.query(Objection).one()
    page = supervisor.get(f"/appraisals/sheets/show/{sheet.id}").text
    assert "都交了" in page
    assert 'name="value"' in page
    supervisor.send(f"{path}/objections/{objection.id}", decision="upheld", value="A",
                    answer="属实", version=str(sheet.version))
    assert f"{sheet.score}" == "94.29"
    agent.send(f"{path}/sign", password="wrong", version=str(sheet.version))
    assert signatures_of(house.session, sheet.id)[0].signed_at is None
    agent.send(f"{path}/sign", password=PASSWORD, statement="同意", version=str(sheet.version))
    assert signatures_of(house.session, sheet.id)[0].signed_at is not None


def test_everybody_else_gets_404_on_every_way_in(house, sheet):
    rated(house, sheet)
    sign(house, sheet, "agent")
    desk = Desk(house, "wanghao")
    path, version = f"/appraisals/sheets/{sheet.id}", str(sheet.version)
    shown = f"/appraisals/sheets/show/{sheet.id}"
    for address in (shown, f"{path}/fill", f"{path}/rate", f"{path}/sheet.pdf",
                    f"/api/v1/appraisals_sheets/{sheet.id}"):
        assert desk.get(address).status_code == 404, address
    for address in ("sign", "object", "objections/1", "fill", "rate"):
        answer = desk.send(f"{path}/{address}", password=PASSWORD, version=version, item="learning",
                           text="x", answer="x")
        assert answer.status_code == 404, address
    assert sheet.number not in desk.get("/appraisals/sheets/list/").text
    assert sheet.number not in desk.get("/api/v1/appraisals_sheets/").text
    assert shown not in desk.get(f"/search/?q={sheet.number}").text
    # A peer of the chain sees the sheet and takes no step that is not theirs.
    supervisor = Desk(house, "supervisor")
    assert supervisor.get(shown).status_code == 200
    assert supervisor.get(f"{path}/fill").status_code == 404


def test_a_sheet_is_printed_with_its_signatures(house, sheet):
    signed(house, rated(house, sheet))
    answer = Desk(house, "agent").get(f"/appraisals/sheets/{sheet.id}/sheet.pdf")
    assert answer.status_code == 200
    assert answer.data.startswith(b"%PDF")
    page = Desk(house, "hr").get(f"/appraisals/sheets/show/{sheet.id}").text
    assert page.count("circle-check") or page.count("check")


def test_hr_sees_the_set_up_check_and_others_do_not(house, cycle):
    hr = Desk(house, "hr").get(f"/appraisals/cycles/show/{cycle.id}").text
    assert "李晓雯" in hr
    agent = Desk(house, "agent").get(f"/appraisals/cycles/show/{cycle.id}")
    assert agent.status_code == 200
    assert "王浩" not in agent.text
    with pytest.raises(Exception, match="role"):
        act(house.session, house.actor("supervisor"), cycle, "open_sheets")


def test_a_regular_cycle_knows_its_end(house):
    desk = Desk(house, "hr")
    answer = desk.send("/appraisals/cycles/add", kind="month", starts_on="2024-05-01")
    assert answer.status_code == 302
    made = house.session.query(Cycle).one()
    assert (made.ends_on.isoformat(), made.title) == ("2024-06-01", "2024-05")
    answer = desk.send("/appraisals/cycles/add", kind="spot", starts_on="2024-05-01")
    assert answer.status_code == 422


def test_the_home_page_says_what_waits(house, sheet):
    assert sheet.number in Desk(house, "agent").get("/").text
    rated(house, sheet)
    sign(house, sheet, "agent")
    assert sheet.number in Desk(house, "supervisor").get("/").text
