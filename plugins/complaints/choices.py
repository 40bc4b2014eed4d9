"""The fixed lists of complaints: what a value is called. Pure."""

from __future__ import annotations

from app.sdk import N_

# How the customer wants to hear the result.
REPLY_WAYS = (
    ("phone", N_("Phone")), ("sms", N_("SMS")), ("wechat", N_("WeChat")), ("mail", N_("Mail")),
    ("letter", N_("Letter")), ("visit", N_("Visit")),
)
SEVERITIES = (
    ("minor", N_("Minor")), ("normal", N_("Normal")), ("serious", N_("Serious")),
    ("critical", N_("Critical")),
)
URGENCIES = (
    ("low", N_("Not urgent")), ("normal", N_("Normal")), ("high", N_("Urgent")),
)
# Judgement of responsibility (责任判定).
LIABILITIES = (
    ("department", N_("Department is responsible")),
    ("employee", N_("Employee is responsible")),
    ("process", N_("Process or system")),
    ("supplier", N_("Supplier or partner")),
    ("customer", N_("Customer is responsible")),
    ("shared", N_("Shared responsibility")),
    ("none", N_("Nobody is responsible")),
)
SATISFACTIONS = (
    ("satisfied", N_("Satisfied")), ("fair", N_("Fair")), ("dissatisfied", N_("Dissatisfied")),
)
# How a deadline ended.
DEADLINE_RESULTS = (("kept", N_("In time")), ("missed", N_("Too late")))
# Where complaints come from that nobody here registered.
SOURCES = (("cfpb", N_("Imported register")), ("file", N_("File of the department")))
# Which rule book the statutory clocks follow: a preset of the deadline policies, or none.
HOUSE = "house"
RULE_BOOKS = (
    (HOUSE, N_("House rules only")),
    ("cn_cbirc_2020", N_("Complaints to banks and insurers (China)")),
    ("cn_pboc", N_("Complaints passed on by the central bank (China)")),
    ("cn_cars_warranty", N_("Cars: repair, replacement, refund (China)")),
    ("cn_market_regulator", N_("Complaints to the market regulator (China)")),
    ("cn_credit_report", N_("Objections to credit reports (China)")),
    ("uk_disp", N_("Complaints to financial firms (UK)")),
    ("uk_disp_payments", N_("Complaints about payments (UK)")),
    ("us_cfpb", N_("Complaints passed on by the CFPB (US)")),
)


def label_of(pairs: tuple[tuple[str, str], ...], value: str) -> str:
    """Return the message id of a value, or the value itself when it is not in the list."""
    return dict(pairs).get(value, value)
