"""Groups of customers that come with the plugin; an admin edits them afterwards."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from plugins.work.models import CustomerGroup

GROUPS = (
    ("owners", "Car owners", "车主交流群"),
    ("loans", "Loan customers", "贷款客户服务群"),
    ("new_energy", "New-energy owners", "新能源车主群"),
)


def load(session: Session) -> None:
    """Add groups that are not there; what an admin changed or retired stays as it is."""
    known = set(session.scalars(select(CustomerGroup.code)))
    session.add_all(
        CustomerGroup(code=code, name=name, name_zh=name_zh, position=place * 10)
        for place, (code, name, name_zh) in enumerate(GROUPS, start=1) if code not in known)
    session.flush()
