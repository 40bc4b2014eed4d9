"""Values that the code of callbacks knows by name, with their labels."""

from __future__ import annotations

from app.sdk import N_

SATISFIED, FAIR, DISSATISFIED = "satisfied", "fair", "dissatisfied"

SATISFACTIONS = (
    (SATISFIED, N_("Satisfied")), (FAIR, N_("Fair")), (DISSATISFIED, N_("Dissatisfied")),
)
CHANNELS = (
    ("phone", N_("Phone")), ("sms", N_("SMS")), ("mail", N_("Mail")), ("wechat", N_("WeChat")),
    ("qq", N_("QQ")),
)
PRIORITIES = (("urgent", N_("Urgent")), ("normal", N_("Normal")), ("low", N_("Low")))
LANGUAGES = (("zh", N_("Chinese")), ("en", N_("English")))
COMPLAINT_FINISHED, BIRTHDAY = "complaint_finished", "birthday"
TRIGGERS = (
    (COMPLAINT_FINISHED, N_("A complaint is finished")), (BIRTHDAY, N_("A birthday comes")),
)
GRADES = (("A", "A"), ("B", "B"), ("C", "C"))
