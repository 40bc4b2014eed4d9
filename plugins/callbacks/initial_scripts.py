"""Scripts that come with the product, in both languages; they promise nothing about money."""

from __future__ import annotations

from plugins.callbacks.initial_reminders import MORE_SCRIPTS, InitialScript

DELIVERY_ZH = """
[greeting: say] 您好，请问是车主本人吗？我是客服专员，想就您的新车交付情况做一个简短回访。
[convenient: choice: 方便; 不方便] 请问您现在方便接听吗？大约需要三分钟。
不方便 -> later
[handover: level] 您对交车过程的安排和讲解是否满意？
一般, 不满意 -> handover_reason
[car: level] 新车使用到现在，您对车辆是否满意？
-> suggestion
[handover_reason: text] 请您具体说说，哪个环节让您觉得不够好？
[suggestion: text] 您对我们的服务还有什么建议？
[thanks: say] 感谢您的宝贵意见，祝您用车愉快，再见。
-> end
[later: text] 打扰您了。请问什么时间再联系您比较合适？
"""
DELIVERY_EN = """
[greeting: say] Good day, am I speaking to the owner of the car? I call about the delivery of your new car.
[convenient: choice: yes; no] Is it convenient for you now? It takes about three minutes.
no -> later
[handover: level] Were you satisfied with how the car was handed over and explained?
fair, dissatisfied -> handover_reason
[car: level] How satisfied have you been with the car so far?
-> suggestion
[handover_reason: text] Which part of it should have gone better?
[suggestion: text] Is there anything you would suggest to us?
[thanks: say] Thank you for your time, and enjoy your car. Goodbye.
-> end
[later: text] I am sorry to disturb you. When may we call you again?
"""
WORKSHOP_ZH = """
[greeting: say] 您好，我是客服专员，想了解您最近一次到店维修保养的情况。
[convenient: choice: 方便; 不方便] 请问您现在方便接听吗？
不方便 -> later
[quality: level] 维修保养后，车辆使用情况是否让您满意？
一般, 不满意 -> quality_reason
[service: level] 您对服务顾问的接待是否满意？
一般, 不满意 -> service_reason
-> suggestion
[quality_reason: text] 请问车辆现在还有什么问题？从什么时候开始的？
-> suggestion
[service_reason: text] 请问接待中哪里做得不够好？
[suggestion: text] 您还有什么建议吗？
[thanks: say] 感谢您的反馈，再见。
-> end
[later: text] 打扰您了。请问什么时间再联系您比较合适？
"""
WORKSHOP_EN = """
[greeting: say] Good day, I call about your last visit to our workshop.
[convenient: choice: yes; no] Is it convenient for you now?
no -> later
[quality: level] Are you satisfied with how the car runs since then?
fair, dissatisfied -> quality_reason
[service: level] Were you satisfied with how you were received?
fair, dissatisfied -> service_reason
-> suggestion
[quality_reason: text] What is still wrong with the car, and since when?
-> suggestion
[service_reason: text] What should have gone better?
[suggestion: text] Is there anything else you would suggest?
[thanks: say] Thank you for telling us. Goodbye.
-> end
[later: text] I am sorry to disturb you. When may we call you again?
"""
COMPLAINT_ZH = """
[greeting: say] 您好，我是客服专员，您反映的问题我们已处理，想听听您的意见。
[convenient: choice: 方便; 不方便] 请问您现在方便接听吗？
不方便 -> later
[solved: choice: 已解决; 未解决] 请问您反映的问题是否已经解决？
未解决 -> open_points
[handling: level] 您对处理的过程和结果是否满意？
满意 -> thanks
[reason: text] 请问是哪一点让您觉得不够满意？
-> thanks
[open_points: text] 请问还有哪些问题没有解决？
[thanks: say] 感谢您的反馈，您的意见我会如实记录并转达，再见。
-> end
[later: text] 打扰您了。请问什么时间再联系您比较合适？
"""
COMPLAINT_EN = """
[greeting: say] Good day, we have dealt with what you told us about, and would like to hear your opinion.
[convenient: choice: yes; no] Is it convenient for you now?
no -> later
[solved: choice: solved; not solved] Has the problem been solved?
not solved -> open_points
[handling: level] Were you satisfied with the way it was handled and with the result?
satisfied -> thanks
[reason: text] What was it that you were not content with?
-> thanks
[open_points: text] What has not been solved yet?
[thanks: say] Thank you. I have written down what you said and will pass it on. Goodbye.
-> end
[later: text] I am sorry to disturb you. When may we call you again?
"""
RENEWAL_ZH = """
[greeting: say] 您好，我是客服专员，您的车辆保险即将到期，特来提醒您。
[convenient: choice: 方便; 不方便] 请问您现在方便接听吗？
不方便 -> later
[plan: choice: 在本店续保; 已在别处续保; 还没有考虑] 请问您对续保有什么打算？
已在别处续保 -> elsewhere
还没有考虑 -> call_on
[visit: date] 请问您打算哪一天到店办理？
-> thanks
[elsewhere: text] 方便了解一下您选择那家的原因吗？
-> thanks
[call_on: date] 请问哪一天再联系您比较合适？
[thanks: say] 感谢您的接听，请留意保险到期日，再见。
-> end
[later: text] 打扰您了。请问什么时间再联系您比较合适？
"""
RENEWAL_EN = """
[greeting: say] Good day, the insurance of your car expires soon, and I call to remind you of it.
[convenient: choice: yes; no] Is it convenient for you now?
no -> later
[plan: choice: renew here; renewed elsewhere; not decided] What are your plans for the insurance?
renewed elsewhere -> elsewhere
not decided -> call_on
[visit: date] On which day would you like to come to us?
-> thanks
[elsewhere: text] May I ask why you chose the other one?
-> thanks
[call_on: date] On which day may we call you again?
[thanks: say] Thank you for your time. Please mind the day on which the insurance expires. Goodbye.
-> end
[later: text] I am sorry to disturb you. When may we call you again?
"""

SCRIPTS = (
    InitialScript("delivery", "zh", "delivery", "交车后满意度回访", DELIVERY_ZH),
    InitialScript("delivery", "en", "delivery", "Satisfaction after delivery", DELIVERY_EN),
    InitialScript("workshop", "zh", "workshop", "维修保养后满意度回访", WORKSHOP_ZH),
    InitialScript("workshop", "en", "workshop", "Satisfaction after a workshop visit", WORKSHOP_EN),
    InitialScript("complaint", "zh", "complaint", "投诉处理后回访", COMPLAINT_ZH),
    InitialScript("complaint", "en", "complaint", "After a complaint", COMPLAINT_EN),
    InitialScript("renewal", "zh", "renewal", "续保提醒", RENEWAL_ZH),
    InitialScript("renewal", "en", "renewal", "Renewal of insurance", RENEWAL_EN),
    *MORE_SCRIPTS,
)
