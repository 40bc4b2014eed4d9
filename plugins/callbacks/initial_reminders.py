"""Further scripts that come with the product: before the sale, lost customers, reminders, greetings."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True, slots=True)
class InitialScript:
    """A script to begin with; see ``plugins.callbacks.script_text`` for its text."""

    code: str
    language: str
    purpose: str
    name: str
    text: str


_LATER_ZH = "[later: text] 打扰您了。请问什么时间再联系您比较合适？\n"
_LATER_EN = "[later: text] I am sorry to disturb you. When may we call you again?\n"
_CONVENIENT_ZH = "[convenient: choice: 方便; 不方便] 请问您现在方便接听吗？\n不方便 -> later\n"
_CONVENIENT_EN = "[convenient: choice: yes; no] Is it convenient for you now?\nno -> later\n"
_THANKS_ZH = "[thanks: say] 感谢您的接听，再见。\n-> end\n"
_THANKS_EN = "[thanks: say] Thank you for your time. Goodbye.\n-> end\n"


def _zh(greeting: str, middle: str) -> str:
    return f"[greeting: say] 您好，我是客服专员，{greeting}\n{_CONVENIENT_ZH}{middle}{_THANKS_ZH}{_LATER_ZH}"


def _en(greeting: str, middle: str) -> str:
    return f"[greeting: say] Good day, {greeting}\n{_CONVENIENT_EN}{middle}{_THANKS_EN}{_LATER_EN}"


PRESALE_ZH = _zh("感谢您近日咨询或到店看车，想做一个简短回访。", """
[service: level] 您对销售顾问的接待和讲解是否满意？
一般, 不满意 -> service_reason
-> plan
[service_reason: text] 请问哪里让您觉得不够好？
[plan: choice: 近期购买; 还在比较; 暂不考虑] 请问您目前的购车打算是？
暂不考虑 -> suggestion
[visit: date] 您看哪一天方便，我们为您安排试驾或到店？
[suggestion: text] 您还有什么想了解或建议的吗？
""")
PRESALE_EN = _en("thank you for asking about our cars the other day.", """
[service: level] Were you satisfied with how our sales adviser received you?
fair, dissatisfied -> service_reason
-> plan
[service_reason: text] What should have gone better?
[plan: choice: buying soon; still comparing; not at present] What are your plans for a car?
not at present -> suggestion
[visit: date] On which day may we arrange a test drive or a visit?
[suggestion: text] Is there anything else you would like to know or suggest?
""")
MONTH_ZH = _zh("您的新车已使用一个月，想了解一下用车情况。", """
[car: level] 这一个月来，您对车辆的使用情况是否满意？
一般, 不满意 -> car_reason
-> known
[car_reason: text] 请问车辆有哪些问题？从什么时候开始的？
[known: choice: 清楚; 不清楚] 您是否清楚首次保养的时间和里程？
[suggestion: text] 您对我们的服务还有什么建议？
""")
MONTH_EN = _en("you have had your new car for a month, and I would like to ask how it runs.", """
[car: level] How satisfied have you been with the car this month?
fair, dissatisfied -> car_reason
-> known
[car_reason: text] What is wrong with the car, and since when?
[known: choice: known; not known] Do you know when the first maintenance is due?
[suggestion: text] Is there anything you would suggest to us?
""")
LOST_ZH = _zh("了解到您最终没有选择我们，想听听您的意见，帮助我们改进。", """
[reason: choice: 价格; 车型; 服务; 交车时间; 其他] 请问主要是什么原因？
[detail: text] 方便具体说说吗？
[service: level] 总体来说，您对我们的接待是否满意？
[suggestion: text] 您对我们有什么建议？
""")
LOST_EN = _en("you decided against us in the end, and your opinion would help us to do better.", """
[reason: choice: price; model; service; time of delivery; other] What was the main reason?
[detail: text] Could you tell me a little more?
[service: level] All in all, were you satisfied with how you were received?
[suggestion: text] What would you suggest to us?
""")
VERIFY_ZH = _zh("您近期在我公司登记，想与您核对资料，核对后可享受会员服务。", """
[right: choice: 全部正确; 需要更正] 请问登记的姓名、联系方式和地址是否正确？
全部正确 -> channel
[correction: text] 请问需要更正哪些内容？
[channel: choice: 电话; 微信; QQ; 短信] 今后您希望我们通过哪种方式联系您？
""")
VERIFY_EN = _en("you have registered with us, and I would like to check your data with you.", """
[right: choice: all correct; to be corrected] Are your name, contact data and address correct?
all correct -> channel
[correction: text] What should be corrected?
[channel: choice: phone; WeChat; QQ; SMS] How would you like us to contact you?
""")
UNVERIFIED_ZH = _zh("您在我公司登记后资料尚未核实，想请您协助核对。", """
[right: choice: 全部正确; 需要更正] 请问登记的姓名、联系方式和地址是否正确？
全部正确 -> proof
[correction: text] 请问需要更正哪些内容？
[proof: choice: 现在可以; 稍后提供; 不愿提供] 核实需要您的证件，请问您方便提供吗？
不愿提供 -> suggestion
[reward: choice: 需要登记; 不需要] 完成核实的客户可按公司公布的规则领取奖励，是否需要为您登记？
[suggestion: text] 您对我们的服务有什么建议？
""")
UNVERIFIED_EN = _en("your data have not been verified since you registered, and I ask for your help.", """
[right: choice: all correct; to be corrected] Are your name, contact data and address correct?
all correct -> proof
[correction: text] What should be corrected?
[proof: choice: now; later; not willing] We need to see a document of yours. Can you provide one?
not willing -> suggestion
[reward: choice: note it; not wanted] Verified customers may claim a reward under our published rules. Shall I note it?
[suggestion: text] Is there anything you would suggest to us?
""")
OFFER_ZH = _zh("您的资料已核实，现有一项面向已核实客户的优惠，想告知您。", """
[wanted: choice: 愿意了解; 暂不需要] 优惠内容以公司公布的书面说明为准，请问您是否愿意了解？
暂不需要 -> suggestion
[channel: choice: 电话; 微信; QQ; 短信; 到店] 请问您希望通过哪种方式收到说明？
[suggestion: text] 您还有什么想了解或建议的吗？
""")
OFFER_EN = _en("your data are verified, and there is an offer for verified customers.", """
[wanted: choice: would like to know; not wanted] What it contains is set down in writing. Would you like to know more?
not wanted -> suggestion
[channel: choice: phone; WeChat; QQ; SMS; visit] How would you like to receive it?
[suggestion: text] Is there anything else you would like to know or suggest?
""")
LOAN_ZH = _zh("您的车贷合同即将到期，特来提醒您。", """
[plan: choice: 已清楚; 需要说明] 您是否清楚最后一期还款和解押手续？
已清楚 -> suggestion
[question: text] 请问您想了解哪些内容？
[suggestion: text] 您对我们的服务有什么建议？
""")
LOAN_EN = _en("your car loan matures soon, and I call to remind you of it.", """
[plan: choice: clear; needs explaining] Are the last instalment and the release of the car clear to you?
clear -> suggestion
[question: text] What would you like to know?
[suggestion: text] Is there anything you would suggest to us?
""")

INVESTMENT_ZH = _zh("您的投资即将到期，特来提醒您到期日和到账方式。", """
[plan: choice: 到期赎回; 需要了解; 再考虑] 请问您到期后有什么打算？
到期赎回, 再考虑 -> account
[question: text] 请问您想了解哪些内容？
[account: choice: 正确; 需要更正] 请问收款账户是否仍然正确？（不在电话中报卡号）
[suggestion: text] 您对我们的服务有什么建议？
""")
INVESTMENT_EN = _en("your investment matures soon, and I call to remind you of the day.", """
[plan: choice: take it out; would like to know more; not decided] What are your plans for that day?
take it out, not decided -> account
[question: text] What would you like to know?
[account: choice: correct; to be changed] Is the account still correct? (No numbers on the phone.)
[suggestion: text] Is there anything you would suggest to us?
""")


def _visit_zh(what: str) -> str:
    return _zh(f"您的车辆{what}即将到期，特来提醒您。", f"""
[plan: choice: 到店办理; 已办理; 再考虑] 请问您对{what}有什么安排？
已办理, 再考虑 -> thanks
[visit: date] 您看哪一天到店方便？
""")


def _visit_en(what: str) -> str:
    return _en(f"the {what} of your car is due soon, and I call to remind you of it.", f"""
[plan: choice: with us; done already; not decided] What are your plans for the {what}?
done already, not decided -> thanks
[visit: date] On which day would it suit you to come?
""")


_ROWS = (
    ("presale", "presale", "售前电访", PRESALE_ZH, "After a sales contact", PRESALE_EN),
    ("delivery_month", "delivery_month", "交车一个月回访", MONTH_ZH, "One month after delivery", MONTH_EN),
    ("lost", "lost", "战败客户回访", LOST_ZH, "Lost customer", LOST_EN),
    ("verification", "verification", "资料核实", VERIFY_ZH, "Verification of data", VERIFY_EN),
    ("unverified", "verification", "未核实客户核实", UNVERIFIED_ZH, "Customer still not verified", UNVERIFIED_EN),
    ("offer", "offer", "已核实客户优惠告知", OFFER_ZH, "Offer to verified customers", OFFER_EN),
    ("loan", "loan", "贷款到期提醒", LOAN_ZH, "Loan maturing", LOAN_EN),
    ("investment", "investment", "投资到期提醒", INVESTMENT_ZH, "Investment maturing", INVESTMENT_EN),
    ("inspection", "inspection", "验车提醒", _visit_zh("年检"), "Vehicle inspection", _visit_en("inspection")),
    ("maintenance", "maintenance", "保养提醒", _visit_zh("保养"), "Maintenance", _visit_en("maintenance")),
    ("birthday", "greeting", "生日问候",
     "[text: say] 尊敬的客户，今天是您的生日，祝您生日快乐、一路平安！\n-> end",
     "Birthday greeting",
     "[text: say] Dear customer, we wish you a happy birthday and a safe journey.\n-> end"),
    ("holiday", "greeting", "节日问候",
     "[text: say] 尊敬的客户，节日将至，祝您和家人节日快乐、出行平安！\n-> end",
     "Greeting before a holiday",
     "[text: say] Dear customer, we wish you and your family a happy holiday and a safe journey.\n-> end"),
)
MORE_SCRIPTS = tuple(
    InitialScript(code, language, purpose, name, text.strip())
    for code, purpose, name_zh, text_zh, name_en, text_en in _ROWS
    for language, name, text in (("zh", name_zh, text_zh), ("en", name_en, text_en)))
