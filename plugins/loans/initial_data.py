"""Products, documents and reasons that come with the plugin; an admin edits them afterwards."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk.models import Post
from app.sdk.services import SYSTEM, create
from plugins.loans.choices import EMPLOYED, SELF_EMPLOYED
from plugins.loans.models import LoanDocumentKind, LoanProduct, RefusalReason, Requirement

DOCUMENT_KINDS = (
    ("identity", "Identity document", "身份证明"),
    ("income", "Proof of income", "收入证明"),
    ("bank_statement", "Bank statement of six months", "近六个月银行流水"),
    ("business_licence", "Business licence", "营业执照"),
    ("credit_record", "Credit record", "征信记录"),
    ("residence", "Proof of residence", "居住证明"),
    ("driving_licence", "Driving licence", "驾驶证"),
    ("purchase_contract", "Purchase contract of the vehicle", "购车合同"),
    ("vehicle_appraisal", "Appraisal of the used car", "二手车评估报告"),
)
# Code, English and Chinese name, advice in both languages.
REASONS = (
    ("income", "Income not sufficient", "收入不足",
     "Choose a longer term or a higher down payment, or name a co-applicant.",
     "可延长贷款期限、提高首付比例，或增加共同申请人后再申请。"),
    ("credit", "Credit record", "征信不良",
     "Settle overdue amounts; apply again after six months of regular payments.",
     "请先结清逾期款项，连续正常还款六个月后再申请。"),
    ("debt", "Too many other debts", "负债过高",
     "Pay back other loans first, or apply for a smaller amount.",
     "可先归还部分其他贷款，或降低申请金额。"),
    ("documents", "Documents not true or not valid", "材料不真实或已失效",
     "Hand in valid originals and apply again.", "请补交真实、有效的材料后重新申请。"),
    ("age", "Age or term outside the rules", "年龄或期限不符合规定",
     "Choose a shorter term, or name a co-applicant.", "可缩短贷款期限，或增加共同申请人。"),
    ("vehicle", "Vehicle not accepted", "车辆不符合要求",
     "Choose a vehicle of at most eight years.", "请选择车龄不超过八年的车辆。"),
)
# Asked by every product: kind, valid days, condition.
_OF_ALL: tuple[tuple[str, int | None, str], ...] = (
    ("identity", None, ""), ("income", 60, EMPLOYED), ("business_licence", None, SELF_EMPLOYED),
    ("bank_statement", 30, SELF_EMPLOYED), ("credit_record", 30, ""), ("driving_licence", None, ""),
)
_STEPS = ("Sign the contract at the branch within 15 days with identity document and bank card, "
          "then register the mortgage of the vehicle.")
_STEPS_ZH = "请在 15 日内携带身份证和银行卡到网点签订合同，随后办理车辆抵押登记。"
PRODUCTS: tuple[dict[str, Any], ...] = (
    {"code": "new_car", "name": "New car loan", "name_zh": "新车贷", "rate": "4.80",
     "terms": "12, 24, 36, 48, 60", "amount_from": 30_000, "amount_to": 800_000,
     "down_payment_share": 20, "more": (("purchase_contract", None, ""),)},
    {"code": "new_energy", "name": "New-energy car loan", "name_zh": "新能源车贷", "rate": "3.60",
     "terms": "12, 24, 36, 48, 60", "amount_from": 30_000, "amount_to": 600_000,
     "down_payment_share": 15, "more": (("purchase_contract", None, ""),)},
    {"code": "used_car", "name": "Used car loan", "name_zh": "二手车贷", "rate": "6.90",
     "terms": "12, 24, 36", "amount_from": 20_000, "amount_to": 300_000,
     "down_payment_share": 30, "more": (("vehicle_appraisal", 30, ""),
                                        ("purchase_contract", None, ""))},
    {"code": "owner_credit", "name": "Loan for car owners", "name_zh": "车主信用贷", "rate": "8.40",
     "terms": "6, 12, 18, 24", "amount_from": 10_000, "amount_to": 200_000,
     "down_payment_share": 0, "more": (("residence", 90, ""),)},
)
_SECOND_FROM = 300_000


def load(session: Session) -> None:
    """Add what is not there; what an admin changed or retired stays as it is."""
    _values(session, LoanDocumentKind, [
        {"code": code, "name": name, "name_zh": name_zh}
        for code, name, name_zh in DOCUMENT_KINDS])
    _values(session, RefusalReason, [
        {"code": code, "name": name, "name_zh": name_zh, "advice": advice, "advice_zh": advice_zh}
        for code, name, name_zh, advice, advice_zh in REASONS])
    _products(session)


def _values(session: Session, model: Any, rows: list[dict[str, str]]) -> None:
    known = set(session.scalars(select(model.code)))
    session.add_all(model(**row, position=place * 10)
                    for place, row in enumerate(rows, start=1) if row["code"] not in known)
    session.flush()


def _products(session: Session) -> None:
    posts = dict(session.execute(select(Post.code, Post.id)).all())
    known = set(session.scalars(select(LoanProduct.code)))
    kinds = dict(session.execute(select(LoanDocumentKind.code, LoanDocumentKind.id)).all())
    if not {"department_manager", "general_manager"} <= posts.keys():
        # An admin gave these posts other codes: products are entered by hand.
        return
    for one in PRODUCTS:
        if one["code"] in known:
            continue
        product = create(session, SYSTEM, LoanProduct, {
            **{name: value for name, value in one.items() if name != "more"},
            **{name: Decimal(str(one[name])) for name in (
                "rate", "amount_from", "amount_to", "down_payment_share")},
            "first_post_id": posts["department_manager"],
            "second_post_id": posts["general_manager"], "second_from": Decimal(_SECOND_FROM),
            "next_steps": _STEPS, "next_steps_zh": _STEPS_ZH})
        for code, days, condition in (*_OF_ALL, *one["more"]):
            create(session, SYSTEM, Requirement, {
                "product_id": product.id, "kind_id": kinds[code], "valid_days": days,
                "condition": condition})
