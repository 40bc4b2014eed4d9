"""The template that the product offers: what a lender of car loans asks of a customer (C1)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from app.customers.template import CUSTOMERS
from app.records.custom_fields.definitions import CustomChoice, CustomField
from app.records.custom_fields.store import offer_fields


def _choices(*triples: tuple[str, str, str]) -> tuple[CustomChoice, ...]:
    return tuple(CustomChoice(*triple) for triple in triples)


def _group(title: str, title_zh: str, *fields: CustomField) -> Iterator[CustomField]:
    for field in fields:
        yield dataclasses.replace(field, group=title, group_zh=title_zh)


TEMPLATE = (
    *_group(
        "Basic information", "基本信息",
        CustomField(
            name="marital_status", kind="choice", label="Marital status", label_zh="婚姻状况",
            choices=_choices(("single", "Single", "未婚"), ("married", "Married", "已婚"),
                             ("divorced", "Divorced", "离异"), ("widowed", "Widowed", "丧偶"))),
        CustomField(
            name="education", kind="choice", label="Education", label_zh="学历",
            choices=_choices(("school", "Secondary school or less", "高中及以下"),
                             ("college", "College", "大专"), ("bachelor", "Bachelor", "本科"),
                             ("master", "Master or higher", "硕士及以上"))),
        CustomField(
            name="housing", kind="choice", label="Housing", label_zh="住房情况",
            choices=_choices(("owned", "Owned, paid off", "自有住房（无贷款）"),
                             ("mortgaged", "Owned, with a mortgage", "自有住房（按揭中）"),
                             ("rented", "Rented", "租房"),
                             ("family", "With family", "与亲属同住"))),
        CustomField(name="work_unit", label="Employer", label_zh="工作单位", verified=True),
        CustomField(name="position", label="Position", label_zh="职务"),
        CustomField(name="work_phone", kind="phone", label="Phone at work", label_zh="单位电话",
                    sensitive=True),
        CustomField(name="emergency_contact", label="Emergency contact", label_zh="紧急联系人",
                    help="Name and relation, such as Li Na, wife.",
                    help_zh="姓名及关系，如：李娜，配偶。"),
        CustomField(name="emergency_phone", kind="phone", label="Phone of the emergency contact",
                    label_zh="紧急联系人电话", sensitive=True),
    ),
    *_group(
        "Financial information", "财务信息",
        CustomField(name="monthly_income", kind="money", label="Monthly income (CNY)",
                    label_zh="月收入（元）", sensitive=True, verified=True),
        CustomField(name="other_debts", kind="money", label="Other debts (CNY)",
                    label_zh="其他负债（元）", sensitive=True),
        CustomField(name="bank", label="Bank of the card", label_zh="开户行"),
        CustomField(name="card_number", kind="card", label="Bank card", label_zh="银行卡号",
                    sensitive=True, verified=True,
                    help="The card that instalments are taken from.",
                    help_zh="用于还款扣款的银行卡。"),
    ),
    *_group(
        "Credit information", "信用信息",
        CustomField(
            name="credit_record", kind="choice", label="Credit record", label_zh="征信情况",
            sensitive=True, verified=True,
            choices=_choices(("good", "No overdue payment", "无逾期"),
                             ("minor", "Now and then overdue", "偶有逾期"),
                             ("serious", "Overdue several times in a row", "连续逾期"),
                             ("none", "No record", "无征信记录"))),
        CustomField(name="credit_report_on", kind="date", label="Credit report of",
                    label_zh="征信报告日期"),
        CustomField(name="guarantor", label="Guarantor", label_zh="担保人"),
        CustomField(name="guarantor_id_number", kind="id_number",
                    label="ID number of the guarantor", label_zh="担保人身份证号", sensitive=True),
    ),
)
"""Fields in order; an admin adds them on the page of the customers' fields, and changes them."""

offer_fields(CUSTOMERS, TEMPLATE)
