"""Complaints by their event, rules in two languages, scripts that correct, an index of tries

Revision ID: callbacks_0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "callbacks_0008"
down_revision = "callbacks_0007"
branch_labels = None
depends_on = None

_BEFORE, _AFTER = "complaint_finished", "complaints.finished"
_TEXTS = ("wrong_answer", "right_answer")
# Code, name in Chinese, which the rules that come with the product had, and name in English.
_NAMES = (
    ("presale", "售前接触后24小时内电访", "Call within 24 hours of a sales contact"),
    ("delivery", "交车后第7天回访", "On the 7th day after delivery"),
    ("delivery_month", "交车后一个月回访", "One month after delivery"),
    ("workshop", "进厂维修后3至5天回访", "3 to 5 days after a workshop visit"),
    ("lost", "战败客户回访", "Lost customers"),
    ("complaint", "投诉办结后回访", "After a complaint is finished"),
    ("registered", "新登记客户资料核实", "Verification of new customers"),
    ("loan", "贷款到期提醒", "Loan maturing"), ("investment", "投资到期提醒", "Investment maturing"),
    ("renewal", "续保提醒", "Renewal of insurance"), ("inspection", "验车提醒", "Vehicle inspection"),
    ("maintenance", "保养提醒", "Maintenance"), ("birthday", "生日问候", "Birthday greeting"),
    ("holiday", "节日问候", "Greeting before a holiday"),
)
_RULE = sa.table("callbacks_rule", *(sa.column(name, sa.String()) for name in (
    "code", "name", "name_zh")))


def upgrade() -> None:
    """Apply; rules and what they have noted go by the name of the event from now on.

    A rule that somebody has renamed keeps its name.
    """
    _rename(_BEFORE, _AFTER)
    for name, length, default in (("name_zh", 120, ""), ("language", 4, "zh")):
        op.add_column("callbacks_rule", sa.Column(
            name, sa.String(length), nullable=False, server_default=default))
    for code, chinese, english in _NAMES:
        op.execute(_RULE.update().where(_RULE.c.code == code, _RULE.c.name == chinese).values(
            name=english, name_zh=chinese))
    for name in _TEXTS:
        op.add_column("callbacks_script", sa.Column(
            name, sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_callbacks_task_last_tried_at", "callbacks_task", ["last_tried_at"])


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_callbacks_task_last_tried_at", "callbacks_task")
    for name in reversed(_TEXTS):
        op.drop_column("callbacks_script", name)
    op.execute(_RULE.update().where(_RULE.c.name_zh != "").values(name=_RULE.c.name_zh))
    for name in ("language", "name_zh"):
        op.drop_column("callbacks_rule", name)
    _rename(_AFTER, _BEFORE)


def _rename(before: str, after: str) -> None:
    for name in ("callbacks_rule", "callbacks_foreign_event"):
        table = sa.table(name, sa.column("trigger", sa.String()))
        op.execute(table.update().where(table.c.trigger == before).values(trigger=after))
