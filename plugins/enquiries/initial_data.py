"""Values of the lists that come with the plugin; an admin edits them afterwards."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from plugins.enquiries.models import EnquiryCategory, EnquiryChannel

CHANNELS = (
    ("phone", "Phone", "电话"), ("counter", "At the counter", "来访"),
    ("chat", "Online chat", "在线客服"),
    ("wechat", "WeChat", "微信"), ("qq", "QQ", "QQ"), ("social", "Social media", "社交媒体"),
    ("email", "Email", "电子邮件"), ("internal", "Colleague", "内部同事"),
    ("other", "Other", "其他"),
)
CATEGORIES = (
    ("buying", "Buying a car", "购车与车价"), ("application", "Applying for a loan", "贷款申请"),
    ("progress", "Progress of an application", "审批进度"), ("repayment", "Repayment", "还款"),
    ("settlement", "Early settlement", "提前还款与结清"),
    ("mortgage", "Release of the pledge", "解除抵押"),
    ("credit_record", "Credit record", "征信"), ("insurance", "Insurance", "保险"),
    ("maintenance", "Maintenance and repair", "维修保养"), ("warranty", "Warranty", "质保"),
    ("registration", "Registration and inspection", "上牌与年检"),
    ("membership", "Membership and benefits", "会员与权益"),
    ("account", "Account and app", "账户与应用"),
    ("service", "Service and attitude", "服务与态度"), ("other", "Other matters", "其他事项"),
)


def load(session: Session) -> None:
    """Add values that are not there; what an admin renamed or retired stays as it is."""
    for model, rows in ((EnquiryChannel, CHANNELS), (EnquiryCategory, CATEGORIES)):
        known = set(session.scalars(select(model.code)))
        session.add_all(
            model(code=code, name=name, name_zh=name_zh, position=position * 10)
            for position, (code, name, name_zh) in enumerate(rows, start=1) if code not in known)
    session.flush()
