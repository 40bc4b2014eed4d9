"""Articles for demonstrations: own wording, no promises, figures that are plainly examples."""

from __future__ import annotations

# Kind, topic, product, Chinese title, English title, Chinese text, English text, tags.
ARTICLES = (
    ("answer", "application", "new_car_loan", "申请车贷需要哪些资料", "Documents for a car loan", "- 身份证\n- 收入证明或近六个月银行流水\n- 征信授权书\n- 购车合同或订单\n\n资料以所选产品的清单为准。", "- Identity card\n- Proof of income, or bank statements of the last six months\n- Consent to a credit report\n- Purchase contract or order\n\nThe checklist of the chosen product decides.", "材料 证件 清单"),
    ("answer", "application", "new_car_loan", "审批一般需要多久", "How long an approval takes", "资料齐全后进入初审，再转审批部门。每一步的办理时间以系统显示的期限为准，不向客户承诺结果。", "Complete papers go to the first review and then to the approval department. The deadlines in the system hold for each step; no result is promised.", "进度 多长时间"),
    ("answer", "application", "", "申请没有通过怎么办", "When an application is refused", "告知客户未通过的原因类别和可以补充的资料；征信有误的，可向征信机构提出异议。", "Tell the customer the kind of reason and what may be handed in later. Wrong entries of a credit report are objected to at the credit bureau.", "拒绝 未通过"),
    ("answer", "application", "used_car_loan", "二手车贷款对车龄有什么要求", "Age of a car for a used-car loan", "车龄与里程的上限写在产品说明中，受理时按车辆登记证核对登记日期。", "The limits of age and mileage stand in the description of the product; check the date of registration against the certificate.", "二手车 年限"),
    ("answer", "application", "", "可以请人担保或共同借款吗", "Guarantors and joint borrowers", "可以登记共同借款人或担保人，双方都要提交身份证明并签署授权。", "A joint borrower or a guarantor can be named; both hand in proof of identity and sign the consent.", "担保人 共同借款人"),
    ("answer", "repayment", "", "提前还款怎么办理", "How to repay early", "1. 客户提出申请，登记希望的还款日。\n2. 按合同条款试算应还金额并书面告知。\n3. 入账后办理结清手续。", "1. The customer applies and names a day.\n2. The amount is worked out by the contract and told in writing.\n3. After the payment is booked, the contract is settled.", "结清 提前结清 一次性还清"),
    ("answer", "repayment", "", "还款日能不能修改", "Changing the day of payment", "合同期内可申请变更一次还款日，须无逾期。登记后由账务岗确认首个新还款日。", "The day can be changed once while nothing is overdue. The accounts desk confirms the first new day.", "扣款日 改日期"),
    ("answer", "repayment", "", "扣款失败了怎么办", "When a debit failed", "先核对余额和卡片状态，再登记补扣日期；罚息按合同计算，由系统列出。", "Check balance and card first, then register a day for a second debit. Interest on arrears follows the contract and is listed by the system.", "扣款不成功 余额不足"),
    ("answer", "repayment", "", "怎样更换还款银行卡", "Changing the bank card", "客户本人提交新卡照片与身份证，二次验证后登记；新卡从下一期起使用。", "The customer hands in the new card and the identity card in person. After a second check the card is used from the next instalment on.", "换卡 银行卡"),
    ("answer", "repayment", "", "逾期会有什么影响", "What being overdue means", "如实说明合同中的罚息条款和征信报送规则，不夸大、不催收；需要协商的登记为协商还款。", "Explain the clauses on interest and credit reporting as they are, without exaggeration. A wish for another plan is registered as such.", "逾期 征信 罚息"),
    ("answer", "repayment", "", "可以延期还款吗", "Paying later", "遇到疾病、失业等情况，可提交说明和证明，由审批部门决定是否展期。", "In case of illness or loss of work the customer hands in an explanation with proof; the approval department decides.", "展期 困难"),
    ("answer", "repayment", "", "在哪里查看还款计划", "Where to see the payment plan", "还款计划附在合同后面，也可在客户页面的贷款信息中打印。", "The plan is an annex of the contract, and can be printed from the loan on the customer's page.", "还款计划表 月供"),
    ("answer", "contract", "", "结清后多久解除抵押", "Release of the mortgage", "结清款入账后出具结清证明，再到车管部门办理解除抵押登记。告知客户所需证件和预约方式。", "After the last payment a certificate is issued; the registration office then deletes the mortgage. Tell the customer which papers are needed and how to book a day.", "解押 抵押登记 绿本"),
    ("answer", "contract", "", "合同丢了能补吗", "A lost contract", "凭身份证申请合同复印件，登记用途，三个工作日内寄出或自取。", "A copy is made against the identity card, with a note on its use, and sent or fetched within three working days.", "合同复印件 补办"),
    ("answer", "contract", "", "贷款期间能过户吗", "Selling the car during the loan", "抵押期间不能过户，先结清并解除抵押；转让贷款需另行审批。", "The car cannot change hands while it is mortgaged: settle first. Taking over a loan needs an approval of its own.", "过户 转让"),
    ("answer", "contract", "", "怎样开具结清证明", "Certificate of settlement", "系统核对无欠款后打印结清证明，加盖印章并登记编号。", "When nothing is owed, the certificate is printed, sealed and numbered.", "结清证明"),
    ("answer", "insurance", "", "贷款期间必须买哪些保险", "Insurance during the loan", "以合同约定为准。不得指定保险公司，也不得以放款为条件搭售。", "The contract decides. No insurer is prescribed, and no policy is tied to the payout.", "车险 强制 商业险"),
    ("answer", "insurance", "", "保险到期前怎么提醒", "Reminder before insurance ends", "系统在到期前登记回访任务，客户拒绝提醒的按其意愿停止。", "The system makes a callback before the end; whoever wants no reminder gets none.", "续保 提醒"),
    ("answer", "privacy", "", "怎样更正个人信息", "Correcting personal data", "核实身份后提交更正申请并附证明，由另一名同事复核。", "After a check of identity the correction is handed in with proof; a colleague decides on it.", "更改资料 手机号"),
    ("answer", "privacy", "", "征信记录有误怎么处理", "A wrong credit record", "登记异议内容，说明受理和答复时限，核查后书面答复。", "Register the objection, tell the time limits, check it and answer in writing.", "征信异议"),
    ("answer", "privacy", "", "不想接到营销电话", "No marketing calls", "当场登记“拒绝营销”，立即生效；服务类提醒照常。", "Note the refusal at once; it holds from then on. Service reminders go on.", "骚扰 拒绝营销"),
    ("answer", "purchase", "new_car", "订车后多久能提车", "Delivery after an order", "以订单写明的交付周期为准，延期由销售顾问主动告知原因和新日期。", "The order names the time of delivery. Of a delay the sales adviser tells reason and new date unasked.", "交车 提车 等车"),
    ("answer", "purchase", "new_car", "定金能不能退", "Deposits", "区分定金与订金，按合同约定处理；有争议的登记为投诉。", "What was paid and under which name decides, by the contract. Disputes are registered as complaints.", "退定金 订金"),
    ("answer", "purchase", "new_car", "交车当天需要检查什么", "What to check at delivery", "- 外观与内饰\n- 随车文件\n- 里程与车架号\n- 随车工具", "- Body and interior\n- Papers of the car\n- Mileage and chassis number\n- Tools", "验车 交车清单"),
    ("answer", "purchase", "new_car", "试驾怎么预约", "Booking a test drive", "登记客户姓名、驾照信息和希望的时间，由销售顾问确认。", "Note name, driving licence and the wished time; the sales adviser confirms.", "试驾 预约"),
    ("answer", "workshop", "service", "首次保养什么时候做", "First service", "以保养手册写明的里程或时间先到者为准，可提前预约工位。", "Whichever of mileage and time in the service book comes first; a bay can be booked.", "首保 保养周期"),
    ("answer", "workshop", "service", "维修进度怎么查", "Progress of a repair", "按车牌查工单，告知当前工序和预计完成时间；延期要说明原因。", "Find the job by the plate, tell the present step and the expected time; explain delays.", "修车进度 工单"),
    ("answer", "workshop", "service", "发动机故障灯亮了怎么办", "Engine warning light", "提醒客户安全停车、不要继续高速行驶，登记报修并转救援或预约检查。", "Ask the customer to stop in a safe place and not to drive on fast; register a repair report and pass it on.", "故障灯 报警灯"),
    ("answer", "workshop", "service", "车辆半路抛锚怎么救援", "Breakdown on the road", "先确认人身安全，再记录车牌、位置、情况，转救援并告知预计到达时间。", "First make sure that people are safe; then note plate, place and situation, pass it on and tell the expected time.", "救援 拖车 抛锚"),
    ("answer", "workshop", "service", "配件没货要等多久", "Waiting for a spare part", "登记缺件并询问供应周期，每次更新都告知客户。", "Register the missing part, ask for the time of supply, and tell every change.", "配件 缺货"),
    ("guide", "complaint_call", "", "投诉来电怎么登记", "Registering a complaint", "一、先听完，不打断。\n二、记录五要素：谁、何时、何地、何事、为何。\n三、复述确认。\n四、告知答复时间。", "1. Listen to the end.\n2. Note who, when, where, what and why.\n3. Repeat it.\n4. Tell when the customer hears from us.", "投诉登记 步骤"),
    ("guide", "transfer_call", "", "电话分流要注意什么", "Transferring calls", "转接前说明原因，确认同事接听后再退出；无人接听改为留言。", "Say why before you transfer, leave the line only when somebody is there, and take a message where nobody is.", "转接"),
    ("guide", "greeting", "", "接听电话八个步骤", "Eight steps of a call", "三声内接听、问候、报单位、询问需求、记录、复述、致谢、等客户先挂断。", "Answer within three rings, greet, say who we are, ask, note, repeat, thank, let the customer hang up first.", "八步 礼仪"),
    ("script", "repayment", "", "提醒还款话术片段", "Reminder of a payment", "您好，提醒您本月还款日是合同约定的日期，请提前存足款项。如有困难，我可以为您登记。", "Good day, this is a reminder of the day of payment named in your contract. If that is difficult, I can note it for you.", "提醒 话术"),
    ("script", "complaint_call", "", "安抚情绪话术片段", "Calming an upset customer", "我理解这件事给您带来的麻烦。请您把经过告诉我，我会逐条记录，并在答应的时间回复您。", "I understand what trouble this has caused. Please tell me what happened; I will note every point and answer within the promised time.", "安抚 情绪"),
    ("script", "purchase", "new_car", "邀约到店话术片段", "Inviting to the showroom", "这款车的展车已经到店，您方便的话，我为您预留一个看车时间。", "The car is in the showroom now. If it suits you, I will keep a time for you.", "邀约"),
)
# Kind, topic, product, Chinese title, English title, lines: name, English name, model, price, months,
# kilometres, scope, number to call.
TABLES = (
    ("new_car_prices", "purchase", "new_car", "示例车型厂商指导价", "List prices of example models", (
        ("标准型", "Standard", "示例 A1", "99800.00", None, None, "", ""),
        ("舒适型", "Comfort", "示例 A1", "112800.00", None, None, "", ""),
        ("运动型", "Sport", "示例 A3", "159800.00", None, None, "", ""))),
    ("warranty", "workshop", "service", "保修范围与期限（示例）", "Warranty scope and time (example)", (
        ("整车", "Whole car", "", None, 36, 60000, "材料与工艺缺陷", ""),
        ("动力总成", "Powertrain", "", None, 60, 100000, "发动机、变速器", ""),
        ("易损件", "Wearing parts", "", None, 3, 5000, "刹车片、雨刮、滤芯", ""))),
    ("repair_prices", "workshop", "service", "常用维修项目价格（示例）", "Prices of common repairs (example)", (
        ("更换机油机滤", "Oil and filter", "示例 A1", "398.00", None, None, "含工时", ""),
        ("更换前刹车片", "Front brake pads", "示例 A1", "560.00", None, None, "含工时", ""),
        ("四轮定位", "Wheel alignment", "全系", "280.00", None, None, "", ""))),
    ("rescue_numbers", "repair_call", "service", "救援联系电话（示例）", "Rescue numbers (example)", (
        ("厂家道路救援", "Maker's road rescue", "", None, None, None, "全天", "400-000-0000"),
        ("本店救援车", "Our own rescue car", "", None, None, None, "08:00–20:00", "分机 110"))),
)
# What was asked when nothing was found, and how often.
GAPS = (("新能源车的电池能不能单独贷款", 6), ("外地车能不能在本地办解押", 4), ("公司名义买车怎么申请", 3),
        ("Can I pay from a foreign bank account", 2))
# Place of an article, question that it answered, how often.
ANSWERED = ((5, "我想一次性把车贷还清", 9), (5, "提前结清要交违约金吗", 4), (0, "办贷款要带什么", 7),
            (12, "还完钱绿本什么时候给我", 6), (26, "我的车修好了没有", 5), (28, "车在高速上坏了", 4),
            (9, "晚还几天会不会上征信", 3), (8, "换一张卡还款", 3))
# Place of an article, how often it was opened and did not help.
MISSED = ((29, 7), (21, 6))
