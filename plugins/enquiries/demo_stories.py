"""What people call about in demonstrations, in both languages. Pure data."""

from __future__ import annotations

# Category, question, answer.
ENQUIRIES = (
    ("settlement", "我想提前还清车贷，要付违约金吗？",
     "还款满十二期后提前结清不收违约金，未满的按剩余本金百分之三收取。"),
    ("settlement", "Can I settle my loan early, and what does it cost?",
     "After twelve instalments it costs nothing; before, three per cent of what is left."),
    ("repayment", "这个月的还款日能不能往后改两天？", "还款日每年可以变更一次，已发送变更链接。"),
    ("repayment", "My bank card has changed. How do I repay from the new one?",
     "Open the contract in the app, choose the new card and confirm with the code we send."),
    ("progress", "资料交了三天了，审批到哪一步？", "已通过初审，预计两个工作日内出结果。"),
    ("application", "没有社保能不能申请车贷？", "可以，另需提供六个月银行流水。"),
    ("application", "Which papers do I need for a used-car loan?",
     "Identity card, driving licence, six months of statements and the car's registration."),
    ("mortgage", "贷款结清了，解押要带什么？",
     "带身份证、登记证书和结清证明到车管所，当天可以办完。"),
    ("insurance", "续保是不是必须在你们店里买？",
     "不是，第三年起可以自行选择保险公司，只需抄送保单。"),
    ("maintenance", "首保是五千公里还是一万公里？",
     "首保为五千公里或者六个月，以先到为准，免费。"),
    ("maintenance", "Is the first service free of charge?",
     "Yes, at 5,000 km or after six months, whichever comes first."),
    ("warranty", "变速箱质保到什么时候？", "整车三年或者十万公里，变速箱同此期限。"),
    ("buying", "秦PLUS 现在落地多少钱？有没有零息？", "落地约十一万八，十二期零息，首付三成。"),
    ("buying", "What do I pay for a Corolla with plates and insurance?",
     "About 139,000 yuan on the road; a test drive can be had tomorrow."),
    ("registration", "外地户口能不能在本地上牌？", "有居住证就可以，居住证需满六个月。"),
    ("credit_record", "结清以后征信多久更新？", "结清后下个月的十五日前更新。"),
    ("membership", "银卡会员洗车还剩几次？", "今年还剩四次，有效期到十二月底。"),
    ("account", "登录不上 APP，验证码收不到。", "已更换短信通道，重新获取即可登录。"),
)
# Category, question, department, what is asked, its answer.
ASKED = (
    ("mortgage", "登记证书寄出十天还没有收到。", "CREDIT", "请核实快递单号。",
     "快递滞留，已补寄，明天送达。"),
    ("repayment", "The last instalment was taken twice.", "COLLECT",
     "Please look at the last run.", "Taken twice by mistake; it goes back within two days."),
    ("buying", "订车合同里写的赠品什么时候给？", "SALES", "请核对合同附件。",
     "随车交付，交车日已通知客户。"),
    ("warranty", "空调压缩机换过一次，又坏了，还保修吗？", "AFTER", "请查维修记录。",
     "更换件质保一年，可免费再换。"),
)
BUYERS = (
    ("想看秦PLUS，周末能试驾吗？", "可以，已记录需求，销售会联系。"),
    ("Do you take my old car in part exchange?", "Yes; a salesperson will call with a valuation."),
    ("新能源置换补贴还有名额吗？", "有，销售会核对条件后回电。"),
    ("I am comparing three cars and want an offer.", "Noted; a salesperson will send it today."),
    ("朗逸现车有白色的吗？", "有两台，销售会联系看车。"),
)
GRUMBLES = (
    ("service", "展厅周末停车太难，转了半小时。"), ("account",
     "The app asks for my code three times a day."),
    ("service", "客服热线排队音乐太吵。"),
)
# Kind, items, place, what happened, what was done.
REPAIRS = (
    ("repair", "空调", "", "空调不制冷，出风口有异味。", "更换滤芯并补充冷媒。"),
    ("rescue", "轮胎", "沪宁高速无锡段 85 公里处", "右后轮爆胎，没有备胎。",
     "拖车到店，更换轮胎。"),
    ("repair", "Brakes", "", "The brakes squeal when the car is cold.",
     "Pads replaced, discs measured."),
    ("rescue", "Battery", "Car park of the north railway station", "The car does not start.",
     "Battery charged on the spot; a new one is offered."),
    ("repair", "车门", "", "左后车门关不严，下雨漏水。", "更换密封条。"),
)
# What is suggested, department, decision, answer.
SUGGESTIONS = (
    ("休息区希望增加充电插座和儿童桌椅。", "AFTER", "adopted", "本月底前安装。"),
    ("Please send the bill of a service by mail as well.", "AFTER", "partly",
     "It comes by mail on request from next month."),
    ("还款提醒短信希望提前三天，而不是当天。", "COLLECT", "adopted", "已改为提前三天发送。"),
    ("试驾能不能送到家门口？", "SALES", "declined", "目前人手不足，暂不能上门。"),
)
REQUESTS = (
    ("请提供新车型的标准话术。", "SALES", "话术已发到共享文件夹。"),
    ("Please confirm the hours of the workshop on the holiday.", "AFTER",
     "Open from nine to four."),
)
PITCHES = ("推销办公桌椅。", "A firm offers translation of web sites.", "推销短信群发平台。")
MESSAGES = ("客户要找销售顾问，问赠品的事，请回电。", "Please call back about the test drive.")
