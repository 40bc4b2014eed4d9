"""Topics to begin with; an admin edits them afterwards."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from plugins.training.exams.models import Topic

TOPICS = (
    ("car_loans", "Car loans", "汽车贷款"),
    ("service_standards", "Service standards", "服务规范"),
    ("information_security", "Information security", "信息安全"),
    ("complaint_handling", "Complaint handling", "投诉处理"),
    ("company", "The company", "公司概况"),
)


def load(session: Session) -> None:
    """Add what is not there; what an admin renamed or retired stays as it is."""
    known = set(session.scalars(select(Topic.code)))
    session.add_all(
        Topic(code=code, name=name, name_zh=name_zh, position=place * 10)
        for place, (code, name, name_zh) in enumerate(TOPICS, start=1) if code not in known)
    session.flush()
