"""The posts (岗位) that come with the product; an admin edits them afterwards."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.people.models import Post

POSTS = (
    ("agent", "Customer service agent", "客服专员"),
    ("supervisor", "Customer service supervisor", "客服主管"),
    ("service_manager", "Customer service manager", "客服经理"),
    ("department_manager", "Department manager", "部门经理"),
    ("administration_manager", "Administration manager", "行政经理"),
    ("marketing_director", "Marketing director", "营销总监"),
    ("general_manager", "General manager", "总经理"),
    ("human_resources", "Human resources", "人力资源"),
    ("compensation", "Compensation", "薪酬"),
    ("managers_office", "Manager's office", "经理室"),
)


def load(session: Session) -> None:
    """Add posts that are not there; what an admin renamed or retired stays as it is.

    Args:
        session: session with a running write.
    """
    known = {text for row in session.execute(select(Post.code, Post.name)) for text in row}
    for position, (code, name, name_zh) in enumerate(POSTS, start=1):
        if not known & {code, name}:
            session.add(Post(code=code, name=name, name_zh=name_zh, position=position * 10))
    session.flush()
