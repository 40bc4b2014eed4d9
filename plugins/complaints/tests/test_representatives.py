"""A mass complaint has at most five representatives."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from plugins.complaints.models import Incident
from plugins.complaints.representatives import names

FIVE = "王小明、李四、张三、赵六、钱七"


@pytest.mark.parametrize(("text", "found"), [
    ("", 0), ("王小明", 1), (FIVE, 5), ("王小明，李四, 张三；赵六;钱七", 5), ("王小明 李四  张三", 3),
    ("Wang Li, Zhao Min", 2), ("王小明\n李四\n", 2), ("、，,", 0), ("阿依古丽·买买提、李四", 2),
])
def test_names_are_told_apart(text, found):
    assert len(names(text)) == found


def token(client) -> str:
    return client.get("/").text.split('name="csrf-token" content="', 1)[1].split('"', 1)[0]


def test_the_sixth_is_refused_wherever_it_is_written(house):
    client = house.client("supervisor")
    sent = {"csrf_token": token(client), "subject": "重复扣款", "representatives": f"{FIVE}、孙八"}
    answer = client.post("/complaints/incidents/add", data=sent)
    assert "6" in answer.text and 'aria-invalid="true"' in answer.text
    assert house.session.scalar(select(Incident)) is None
    house.session.rollback()
    assert client.post("/complaints/incidents/add",
                       data={**sent, "representatives": FIVE}).status_code == 302
    incident = house.session.scalar(select(Incident))
    version, address = incident.version, f"/complaints/incidents/fact/{incident.id}/representatives"
    answer = client.post(address, data={**sent, "version": version})
    assert answer.status_code == 422
    house.session.rollback()
    assert house.session.scalar(select(Incident.representatives)) == FIVE
