"""Catalogue of alerts: rule, recipients, basis, what is to be done (market 4.1, 4.2)."""

from dataclasses import dataclass

from models.alerts import AlertGrade

#: Default recipients of a grade, and those added when it goes up unanswered.
TOLD_BY_GRADE = {AlertGrade.BLUE: "P", AlertGrade.YELLOW: "PHD", AlertGrade.RED: "PHDC"}
#: Every recipient, in the order they are written.
RECIPIENTS = {"P": "项目公司", "H": "总公司", "D": "区房屋管理局", "C": "市房屋管理局", "S": "系统管理人员"}


@dataclass(frozen=True)
class AlertRule:
    """A rule that raises alerts. `told` is a string of recipients' letters; empty means by grade."""

    code: str
    label: str
    told: str
    basis: str
    todo: str


RULES: dict[str, AlertRule] = {
    rule.code: rule
    for rule in (
        AlertRule(
            "SUB-02",
            "法人库登记",
            "HDC",
            "登记信息比对",
            "请核对统一社会信用代码，已注销或迁出的更新登记状态并说明在建项目的处置安排",
        ),
        AlertRule(
            "SUB-04",
            "资质证书有效",
            "PHD",
            "《城市房地产开发经营管理条例》第九条、《房地产开发企业资质管理规定》",
            "请核实资质情况，及时办理资质核定或延续，并更新资质信息",
        ),
        AlertRule(
            "SUB-05",
            "开发企业备案",
            "PHD",
            "《上海市房地产开发经营管理办法》、《城市房地产开发经营管理条例》第八条：领取营业执照后三十日内备案",
            "请向所在区房屋管理部门办理备案并填报备案信息",
        ),
        AlertRule(
            "SUB-07",
            "法定代表人变更",
            "HD",
            "《城市房地产开发经营管理条例》、登记信息比对",
            "请说明变更原因，并核对系统中的企业信息和经办人授权",
        ),
        AlertRule(
            "SUB-08",
            "股东或持股比例变更",
            "HDC",
            "《中华人民共和国公司法》第二百六十五条",
            "请说明股权变动情况及对在建项目的影响，附股东会决议或转让协议",
        ),
        AlertRule(
            "SUB-09",
            "变更登记或公示逾期",
            "HD",
            "《中华人民共和国市场主体登记管理条例》第二十四条、《企业信息公示暂行条例》第十条",
            "请说明逾期原因，尚未公示的尽快公示",
        ),
        AlertRule(
            "SUB-10",
            "股权出质或冻结",
            "HDC",
            "登记信息比对",
            "请说明出质或冻结的原因、金额及对项目建设和交付的影响",
        ),
        AlertRule(
            "SUB-11",
            "登记状态异常",
            "HDC",
            "《中华人民共和国市场主体登记管理条例》",
            "请说明情况及在建项目的处置安排",
        ),
        AlertRule(
            "SUB-12",
            "注册资本减少",
            "HD",
            "《中华人民共和国公司法》关于减资的规定",
            "请说明减资原因及项目资本金的落实情况",
        ),
        AlertRule(
            "SUB-13",
            "财务指标超过“三道红线”",
            "DC",
            "重点房地产企业资金监测和融资管理规则",
            "请关注企业偿债能力和在建项目资金安全",
        ),
        AlertRule("SUB-14", "融资到期或逾期", "HD", "融资信息比对", "请说明偿付安排，已偿还的更新融资信息"),
        AlertRule(
            "SUB-15",
            "出资期限",
            "HD",
            "《中华人民共和国公司法》第四十七条、《国务院关于实施公司法注册资本登记管理制度的规定》第二条",
            "请督促股东按期缴足出资，或者依法调整出资期限",
        ),
        AlertRule("SUB-16", "总公司持股比例下降", "HDC", "登记信息比对", "请说明持股变动及项目开发责任的承担方式"),
        AlertRule("SUB-17", "登记数据未更新", "CS", "数据更新要求", "请检查法人库接口，恢复后重新获取"),
        AlertRule("PAR-06", "土地出让价款分期逾期", "PHD", "土地出让合同约定", "请按合同缴付价款并更新缴款情况"),
        AlertRule("PAR-08", "地块关联待确认", "PHD", "业务约定", "请确认或者拒绝地块关联"),
        AlertRule(
            "PRJ-05",
            "项目资本金比例不足",
            "PD",
            "国务院关于固定资产投资项目资本金的规定",
            "请补足项目资本金并更新项目信息",
        ),
        AlertRule(
            "PRJ-06", "逾期未开工", "PHDC", "《中华人民共和国城市房地产管理法》第二十六条", "请说明原因和开工安排"
        ),
        AlertRule("PRJ-07", "停工闲置", "PHDC", "《闲置土地处置办法》", "请说明停工原因和复工安排"),
        AlertRule("PRJ-08", "逾期未竣工", "PHD", "土地出让合同约定", "请说明原因和竣工安排"),
        AlertRule(
            "PRJ-09",
            "预售项目转让",
            "PHDC",
            "《中华人民共和国城市房地产管理法》第三十九条",
            "请核实已售合同由谁承接，并书面告知购房人",
        ),
        AlertRule("FLW-01", "审核环节超期", "D", "业务约定", "请尽快审核，或者退回并说明意见"),
        AlertRule("PRJ-10", "转让逾期未备案", "D", "《城市房地产开发经营管理条例》第二十条", "请办理项目转让备案"),
    )
}


def rule_of(code: str) -> AlertRule:
    """Return the rule of a code; an undescribed rule notifies by grade."""
    return RULES.get(code) or AlertRule(code, code, "", "", "请核实情况并说明")


def told_of(code: str, grade: AlertGrade) -> str:
    """Return the first recipients of an alert of this rule and grade."""
    return rule_of(code).told or TOLD_BY_GRADE[grade]


def together(*letters: str) -> str:
    """All recipients of several strings, each once, in their order."""
    wanted = set("".join(letters))
    return "".join(letter for letter in RECIPIENTS if letter in wanted)


def told_words(told: str) -> str:
    return "、".join(RECIPIENTS[letter] for letter in told)
