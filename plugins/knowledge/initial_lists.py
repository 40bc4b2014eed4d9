"""The lists that articles are sorted by, to begin with; an admin edits them afterwards."""

from __future__ import annotations

# Code, English name, Chinese name.
KINDS = (
    ("answer", "Question and answer", "问答"),
    ("guide", "Guide", "办事指南"),
    ("phrase", "Polite phrase", "礼貌用语"),
    ("opening", "Opening phrase", "开头语"),
    ("closing", "Closing phrase", "结束语"),
    ("script", "Part of a script", "话术片段"),
    ("new_car_prices", "New-car prices", "新车价格表"),
    ("warranty", "Warranty scope and time", "保修范围与期限"),
    ("repair_prices", "Repair prices", "维修价格表"),
    ("rescue_numbers", "Rescue numbers", "救援电话"),
)
TOPICS = (
    ("greeting", "Greeting", "问候"),
    ("visit_welcome", "Welcoming a visitor", "来访欢迎"),
    ("congratulation", "Congratulation", "祝贺"),
    ("apology", "Apology", "道歉"),
    ("thanks", "Thanks", "道谢"),
    ("response", "Response", "应答"),
    ("asking", "Asking for a wish", "征询"),
    ("plea", "Plea", "祈求"),
    ("consultation", "Asking for agreement", "商量"),
    ("explanation", "Explanation", "解释"),
    ("ten_words", "The ten words", "十字"),
    ("feedback", "Feedback", "反馈"),
    ("enquiry_call", "Enquiry by telephone", "咨询来电"),
    ("complaint_call", "Complaint by telephone", "投诉来电"),
    ("suggestion_call", "Suggestion by telephone", "建议来电"),
    ("repair_call", "Repair or rescue", "报修救援"),
    ("transfer_call", "Transfer of a call", "电话分流"),
    ("message_call", "Message for a colleague", "留言转达"),
    ("sales_pitch", "Sales pitch", "推销来电"),
    ("application", "Applying for a loan", "贷款申请"),
    ("repayment", "Repayment", "还款"),
    ("contract", "Contract and mortgage", "合同与抵押"),
    ("purchase", "Buying a car", "购车"),
    ("workshop", "Maintenance and repair", "维修保养"),
    ("insurance", "Insurance", "保险"),
    ("privacy", "Personal information", "个人信息"),
)
PRODUCTS = (
    ("new_car_loan", "New-car loan", "新车贷款"),
    ("used_car_loan", "Used-car loan", "二手车贷款"),
    ("lease", "Finance lease", "融资租赁"),
    ("new_car", "New car", "新车"),
    ("service", "After-sales service", "售后服务"),
)
# Each for the ready-made role of the same name.
AUDIENCES = (
    ("agent", "Agents", "客服专员"),
    ("supervisor", "Supervisors", "客服主管"),
    ("leader", "Leaders", "领导"),
    ("hr", "HR", "人力资源"),
)
