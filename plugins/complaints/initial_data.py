"""Values of the lists that come with the plugin; an admin edits them afterwards."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from plugins.complaints.models import Category, Cause, Channel

CHANNELS = (
    ("phone", "Phone", "电话"), ("on_site", "On site", "现场"), ("postal_mail", "Postal mail", "信函"),
    ("email", "Email", "电子邮件"), ("web", "Web", "网络"), ("other", "Other", "其他"),
)
CATEGORIES = (
    ("contract", "Contract and terms", "合同与条款"), ("fees", "Fees and interest", "费用与利息"),
    ("repayment", "Repayment and settlement", "还款与结清"), ("collection", "Collection", "催收行为"),
    ("credit_record", "Credit record", "征信记录"), ("vehicle_quality", "Vehicle quality", "车辆质量"),
    ("delivery", "Delivery and registration", "交付与上牌"), ("repair", "Repair and service", "维修与保养"),
    ("insurance", "Insurance", "保险"), ("service", "Service and attitude", "服务态度"),
    ("privacy", "Personal information", "个人信息"), ("other", "Other matters", "其他"),
)
CAUSES = (
    ("information", "Insufficient information", "告知不足"), ("process", "Process too slow", "流程过慢"),
    ("mistake", "Mistake in handling", "操作失误"), ("system", "System failure", "系统故障"),
    ("attitude", "Conduct of staff", "员工行为"), ("product", "Product or quality", "产品质量"),
    ("partner", "Partner or supplier", "合作方原因"), ("misunderstanding", "Misunderstanding", "客户误解"),
    ("policy", "Policy or price", "政策或价格"),
)

# Categories that need a second look stand out in lists.
COLOURS = {"collection": "bad", "privacy": "bad", "vehicle_quality": "warn", "credit_record": "warn"}


def load(session: Session) -> None:
    """Add values that are not there; what an admin renamed or retired stays as it is."""
    for model, rows in ((Channel, CHANNELS), (Category, CATEGORIES), (Cause, CAUSES)):
        known = set(session.scalars(select(model.code)))
        for position, (code, name, name_zh) in enumerate(rows, start=1):
            if code not in known:
                session.add(model(code=code, name=name, name_zh=name_zh, position=position * 10,
                                  colour=COLOURS.get(code, "") if model is Category else ""))
    session.flush()
