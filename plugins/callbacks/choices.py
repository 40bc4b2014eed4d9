"""Values that the code of callbacks knows by name, with their labels."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.customers import PURPOSES

SATISFIED, FAIR, DISSATISFIED = "satisfied", "fair", "dissatisfied"

SATISFACTIONS = (
    (SATISFIED, N_("Satisfied")), (FAIR, N_("Fair")), (DISSATISFIED, N_("Dissatisfied")),
)
PHONE = "phone"
CHANNELS = (
    (PHONE, N_("Phone")), ("sms", N_("SMS")), ("mail", N_("Mail")), ("wechat", N_("WeChat")),
    ("qq", N_("QQ")),
)
PRIORITIES = (("urgent", N_("Urgent")), ("normal", N_("Normal priority")), ("low", N_("Low")))
LANGUAGES = (("zh", N_("Chinese")), ("en", N_("English")))
BY_NUMBER = frozenset({PHONE, "sms"})
"""Channels that use a telephone number."""
SPOKEN = frozenset({PHONE})
"""Channels on which somebody answers at once; on the others a message is sent by hand."""
CONTACT_PURPOSES = PURPOSES
RATED_PURPOSES = frozenset({"service", "survey"})
"""What the customer is contacted for where satisfaction is asked."""
# What the rules of contact take a callback for, by the code of its purpose; others are service.
PURPOSE_OF_CODE = {
    "delivery": "survey", "delivery_month": "survey", "workshop": "survey", "complaint": "survey",
    "lost": "survey", "renewal": "reminder", "inspection": "reminder", "maintenance": "reminder",
    "loan": "reminder", "investment": "reminder", "verification": "reminder",
    "greeting": "greeting", "offer": "marketing",
}
SALES_CONTACT, LOST, DELIVERED, WORKSHOP_VISIT = (
    "sales_contact", "lost", "delivered", "workshop_visit")
REGISTERED, UNVERIFIED, BIRTHDAY = "registered", "unverified", "birthday"
INSURANCE, INSPECTION, MAINTENANCE, LOAN_MATURES, INVESTMENT_MATURES, HOLIDAY = (
    "insurance", "inspection", "maintenance", "loan_matures", "investment_matures", "holiday")
EVENT_TRIGGERS = (
    (SALES_CONTACT, N_("Sales contact")), (DELIVERED, N_("Delivery")),
    (WORKSHOP_VISIT, N_("Workshop visit")), (LOST, N_("Lost customer")),
    (REGISTERED, N_("A customer is registered")),
)
DATE_TRIGGERS = (
    (INSURANCE, N_("The insurance expires")), (INSPECTION, N_("The inspection is due")),
    (MAINTENANCE, N_("The maintenance is due")), (LOAN_MATURES, N_("A loan matures")),
    (INVESTMENT_MATURES, N_("An investment matures")),
    (BIRTHDAY, N_("A birthday comes")), (HOLIDAY, N_("A public holiday comes")),
    (UNVERIFIED, N_("A registered customer is still not verified")),
)
TRIGGERS = (*EVENT_TRIGGERS, *DATE_TRIGGERS)
GRADES = (("A", "A"), ("B", "B"), ("C", "C"))
