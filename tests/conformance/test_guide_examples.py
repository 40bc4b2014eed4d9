"""The examples of the guide about schedules and people run as they stand there."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.database import utcnow
from app.forms.cleaning import InvalidValue
from app.forms.models import FormDraft, FormVersion
from app.forms.store import published
from app.jobs.kinds import Schedule, TryLater
from app.people.clock import local_today
from app.people.ledger import given_between
from config import ROOT

GUIDE = (ROOT / "docs" / "plugin-authors.md").read_text(encoding="utf-8")
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def examples(heading: str) -> str:
    """Return the Python of a section of the guide, one block after the other."""
    [section] = [part for part in re.split(r"^## ", GUIDE, flags=re.MULTILINE)
                 if part.startswith(f"{heading}\n")]
    blocks = re.findall(r"^```python\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    assert blocks
    return "\n".join(blocks)


def test_schedules(house):
    names: dict[str, object] = {}
    exec(compile(examples("Schedules"), "guide", "exec"), names)
    found = [one for one in names.values() if isinstance(one, Schedule)]
    assert len(found) == 3
    for schedule in found:
        schedule.run(house.session, utcnow(), utcnow())


def test_people(house):
    names: dict[str, object] = {"session": house.session, "actor": house.actor("agent")}
    exec(compile(examples("People"), "guide", "exec"), names)
    assert names["named"] and set(names["load"]) == set(names["named"])
    assert [one.name for one in names["managers"]] == ["周敏"]
    [first, second] = names["choices"]
    assert first.user_id in names["named"] and second.user_id is None
    today = local_today()
    assert given_between(house.session, "complaints.complaint", today, today)


def test_reading_and_writing(house):
    names: dict[str, object] = {"session": house.session, "actor": house.actor("supervisor")}
    exec(compile(examples("Reading and writing, and what stands against it"), "guide", "exec"),
         names)
    assert "refused" not in names and names["customer"].deleted_at is None
    followed, named = names["people"]
    assert house.actor("supervisor").user_id in followed
    assert named == [house.actor("supervisor").user_id] or named == []
    assert names["whole_hours"]("3h") == 3
    with pytest.raises(InvalidValue):
        names["whole_hours"]("long")
    with pytest.raises(TryLater):
        names["FETCH"].run(None)


def test_forms_with_points(house):
    names: dict[str, object] = {"session": house.session}
    exec(compile(examples("Forms with points"), "guide", "exec"), names)
    made = house.session.scalars(select(FormVersion).join(FormDraft).where(
        FormDraft.code == "visits.visit")).one()
    assert published(house.session, made.id).form == names["form"]
