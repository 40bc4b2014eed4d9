"""Rules by which events book tutoring: what is refused, and who may change them."""

from __future__ import annotations

import pytest

from app.sdk.errors import Invalid
from app.sdk.services import create
from plugins.training.choices import APPRAISAL_EXCELLENT
from plugins.training.tutoring.models import TutoringRule


@pytest.mark.parametrize(("values", "field"), [
    ({"occasion": "other"}, "occasion"), ({"occasion": APPRAISAL_EXCELLENT}, "course_id"),
    ({"days": 0}, "days"), ({"goal": ""}, "goal"),
])
def test_wrong_rules_are_refused(house, values, field):
    with pytest.raises(Invalid) as refused:
        create(house.session, house.actor("hr"), TutoringRule, {
            "name": "辅导", "occasion": "appraisal_failed", "goal": "提高", **values})
    assert field in refused.value.errors


def test_the_page_and_who_may_change_it(house):
    for username in ("hr", "supervisor"):
        page = house.client(username).get("/training/tutoring-rules/list/")
        assert page.status_code == 200 and "考核不合格专项辅导" in page.text
    assert house.client("supervisor").get("/training/tutoring-rules/add").status_code == 403
    assert house.client("hr").get("/training/tutoring-rules/add").status_code == 200
    assert house.client("agent").get("/training/tutoring-rules/list/").status_code == 403
