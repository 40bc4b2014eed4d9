"""What the front desk can answer about a customer who was not reached, and what follows."""

from __future__ import annotations

from app.sdk import N_

LIST_VIEW = "callbacks.UnreachableList"
LINE_VIEW = "callbacks.UnreachableLine"
NEW_NUMBER, NUMBER_RIGHT, NO_CONTACT = "new_number", "number_right", "no_contact"
ANSWERS = (
    (NEW_NUMBER, N_("New number")), (NUMBER_RIGHT, N_("The number is right")),
    ("wrong_number", N_("Wrong number, no other known")), ("moved_away", N_("Moved away")),
    ("vehicle_sold", N_("Vehicle sold")), (NO_CONTACT, N_("Wants no contact")),
    ("unknown", N_("Customer not known here")),
)
REOPENING = frozenset({NEW_NUMBER, NUMBER_RIGHT})
"""Answers after which the customer is called again."""
WORDS = {
    "新号码": NEW_NUMBER, "更正号码": NEW_NUMBER,
    "号码正确": NUMBER_RIGHT, "号码无误": NUMBER_RIGHT,
    "号码错误，无其他号码": "wrong_number", "号码错误": "wrong_number", "错号": "wrong_number",
    "已搬走": "moved_away", "已迁走": "moved_away", "搬迁": "moved_away",
    "车辆已售": "vehicle_sold", "车已卖": "vehicle_sold",
    "不愿被联系": NO_CONTACT, "拒绝联系": NO_CONTACT,
    "本店无此客户": "unknown", "查无此人": "unknown",
}
"""What files write, with the answer that it means."""
