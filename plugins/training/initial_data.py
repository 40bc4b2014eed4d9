"""Topics, a rule of tutoring and a checklist to begin with; an admin edits them afterwards."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk.records import create
from app.sdk.services import SYSTEM
from plugins.training.choices import APPRAISAL_FAILED
from plugins.training.drills import checklist
from plugins.training.exams.models import Topic
from plugins.training.tutoring.models import TutoringRule

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
    checklist.load(session)
    if session.scalar(select(TutoringRule.id).limit(1)) is None:
        create(session, SYSTEM, TutoringRule, {
            "name": "考核不合格专项辅导", "occasion": APPRAISAL_FAILED,
            "goal": "下一次考核达到合格", "days": 30})
