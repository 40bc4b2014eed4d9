"""What columns of a file of complaints can fill, and how files write it."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.importing import ImportField, Kind
from app.sdk.models import Sensitive
from plugins.complaints.choices import SEVERITIES
from plugins.complaints.import_course import COURSE_FIELDS

CFPB = "cfpb"
FILE = "file"
OF_THE_REGISTER = {"source": CFPB, "rule_book": "us_cfpb"}
CLOSED, OPEN = "closed", "open"
_STANDINGS = {
    "已结": CLOSED, "已结案": CLOSED, "结案": CLOSED, "已办结": CLOSED, "办结": CLOSED,
    "已完成": CLOSED, "完成": CLOSED, "已关闭": CLOSED, "关闭": CLOSED, "已归档": CLOSED,
    "是": CLOSED, "yes": CLOSED, "y": CLOSED, "true": CLOSED, "1": CLOSED, "done": CLOSED,
    "未结": OPEN, "未结案": OPEN, "未办结": OPEN, "处理中": OPEN, "进行中": OPEN, "待处理": OPEN,
    "未处理": OPEN, "否": OPEN, "no": OPEN, "n": OPEN, "false": OPEN, "0": OPEN,
    "in progress": OPEN,
}
_SEVERITY_WORDS = {
    **dict.fromkeys(("轻微", "较轻", "低"), "minor"),
    **dict.fromkeys(("一般", "普通", "中"), "normal"),
    **dict.fromkeys(("严重", "较重", "高"), "serious"),
    **dict.fromkeys(("重大", "特别严重", "紧急"), "critical"),
}
REPORT_FIELDS = ("company", "postcode", "tags", "consent", "sent_on", "response",
                 "public_response", "timely", "disputed", "origin")

CONTACT = Sensitive("contact", 80)
FIELDS = (
    ImportField(name="external_id", label=N_("External number"), length=40,
                aliases=("外部编号", "投诉编号", "编号", "Complaint ID", "complaint_id")),
    ImportField(name="received_on", label=N_("Received on"), kind=Kind.DATE, required=True,
                with_time=True, aliases=("受理日期", "投诉日期", "日期",
                                         "Date received")),
    ImportField(name="channel", label=N_("Channel"), length=60,
                aliases=("投诉渠道", "渠道", "Submitted via")),
    ImportField(name="subject", label=N_("Subject"), aliases=("主题", "标题")),
    ImportField(name="customer_name", label=N_("Customer name"), length=120,
                aliases=("客户姓名", "姓名", "客户")),
    ImportField(name="contact", label=N_("Contact"), length=80, mask=CONTACT.mask,
                aliases=("联系方式", "联系电话", "电话", "手机")),
    ImportField(name="reason", label=N_("What happened"), kind=Kind.LONG_TEXT,
                aliases=("投诉理由", "投诉内容", "事由", "Consumer complaint narrative")),
    ImportField(name="demand", label=N_("What the customer demands"), kind=Kind.LONG_TEXT,
                aliases=("投诉要求", "客户要求", "客户诉求", "诉求")),
    ImportField(name="product", label=N_("Product"), length=120, aliases=("产品",)),
    ImportField(name="sub_product", label=N_("Sub-product"), length=120,
                aliases=("子产品", "Sub-product")),
    ImportField(name="issue", label=N_("Issue"), length=120, aliases=("问题",)),
    ImportField(name="sub_issue", label=N_("Sub-issue"), length=120, aliases=("子问题",)),
    ImportField(name="category", label=N_("Category"), length=200,
                aliases=("投诉类型", "投诉类别", "类别", "类型", "分类")),
    ImportField(name="severity", label=N_("Severity"), kind=Kind.CHOICE, choices=SEVERITIES,
                words=_SEVERITY_WORDS, aliases=("严重程度", "严重等级", "投诉等级", "等级")),
    ImportField(name="owner", label=N_("Owner"), length=120,
                aliases=("经办人", "负责人", "处理人", "客服专员")),
    ImportField(name="responsible", label=N_("Responsible department"), length=120,
                aliases=("责任部门", "处理部门", "承办部门")),
    ImportField(name="result", label=N_("Result"), kind=Kind.LONG_TEXT,
                aliases=("处理结果", "办理结果", "结果")),
    ImportField(name="region", label=N_("Region"), length=40, aliases=("地区", "State")),
    ImportField(name="standing", label=N_("Open or closed"), kind=Kind.CHOICE,
                choices=((OPEN, N_("Open")), (CLOSED, N_("Closed"))), words=_STANDINGS,
                aliases=("是否结案", "结案状态", "是否办结", "办结情况", "已结", "Closed")),
    *COURSE_FIELDS,
    ImportField(name="company", label=N_("Company"), length=160, aliases=("公司",)),
    ImportField(name="postcode", label=N_("Postcode"), length=12, aliases=("邮编", "ZIP code")),
    ImportField(name="tags", label=N_("Tags"), length=80, aliases=("标签",)),
    ImportField(name="consent", label=N_("Consent to publish"), length=40,
                aliases=("Consumer consent provided?",)),
    ImportField(name="sent_on", label=N_("Sent to the company on"), kind=Kind.DATE,
                aliases=("转交日期", "Date sent to company")),
    ImportField(name="response", label=N_("Company response"), length=60,
                aliases=("答复", "Company response to consumer")),
    ImportField(name="public_response", label=N_("Public response"), length=200,
                aliases=("Company public response",)),
    ImportField(name="timely", label=N_("Timely response"), length=8,
                aliases=("是否及时", "Timely response?")),
    ImportField(name="disputed", label=N_("Disputed by the customer"), length=8,
                aliases=("Consumer disputed?",)),
    ImportField(name="origin", label=N_("Origin"), length=40, aliases=("来源", "source")),
)
# Field to column of the CFPB's export.
CFPB_MAPPING = {
    "external_id": "Complaint ID", "received_on": "Date received", "channel": "Submitted via",
    "reason": "Consumer complaint narrative", "product": "Product", "sub_product": "Sub-product",
    "issue": "Issue", "sub_issue": "Sub-issue", "region": "State", "company": "Company",
    "postcode": "ZIP code", "tags": "Tags", "consent": "Consumer consent provided?",
    "sent_on": "Date sent to company", "response": "Company response to consumer",
    "public_response": "Company public response", "timely": "Timely response?",
    "disputed": "Consumer disputed?", "origin": "source",
}
# Other cuts of the register lack some of its columns; these it is known by.
CFPB_OPTIONAL = frozenset(CFPB_MAPPING) - {
    "external_id", "received_on", "product", "issue", "company", "response",
}
