"""The thresholds of an alert's life, and the switches of the market's rules (market 4.0, 4.1)."""

from models.alerts import AlertGrade
from services.engine.switches import switchable
from services.engine.thresholds import Threshold, declare

ACKNOWLEDGE_DAYS = "alerts.acknowledge_days"
#: Within how many working days an alert of a grade is answered.
ANSWER_DAYS = {
    AlertGrade.BLUE: "alerts.answer_days_blue",
    AlertGrade.YELLOW: "alerts.answer_days_yellow",
    AlertGrade.RED: "alerts.answer_days_red",
}

_AGREED = "业务约定"

declare(
    Threshold(ACKNOWLEDGE_DAYS, "预警逾期未确认升级", "5", "工作日", _AGREED),
    Threshold(ANSWER_DAYS[AlertGrade.BLUE], "提示级预警处理期限", "20", "工作日", _AGREED),
    Threshold(ANSWER_DAYS[AlertGrade.YELLOW], "警示级预警处理期限", "10", "工作日", _AGREED),
    Threshold(ANSWER_DAYS[AlertGrade.RED], "严重级预警处理期限", "5", "工作日", _AGREED),
)

#: Without these a record would be no record: who it is, that it exists once, whose land it is, who may go.
ALWAYS_ON = frozenset(
    {
        *("SUB-01", "SUB-03", "SUB-21", "SUB-22"),
        *("PAR-01", "PAR-07", "PAR-09", "PAR-10"),
        *("PRJ-01", "PRJ-02", "PRJ-09"),
        "PLN-01",
    }
)
#: All others, by what people call them; a switch holds for the form, the review and the watch of a rule alike.
SWITCHED = {
    "SUB-02": "法人库登记核对",
    "SUB-04": "开发资质有效期",
    "SUB-05": "开发企业备案期限",
    "SUB-06": "开发企业最低条件",
    "SUB-07": "法定代表人变更",
    "SUB-08": "股东和持股比例",
    "SUB-09": "变更登记或公示逾期",
    "SUB-10": "股权出质和冻结",
    "SUB-11": "登记状态异常",
    "SUB-12": "注册资本和实缴资本",
    "SUB-13": "财务指标（三道红线）",
    "SUB-14": "融资到期和逾期",
    "SUB-15": "出资期限",
    "SUB-16": "总公司持股比例",
    "SUB-17": "登记数据未更新",
    "SUB-18": "有未完工项目的上调一级",
    "SUB-20": "项目公司退出条件",
    "PAR-02": "法定最高出让年限",
    "PAR-03": "面积、容积率与计容面积相符",
    "PAR-04": "各用途面积合计",
    "PAR-05": "分期付款合计与日期",
    "PAR-06": "土地价款逾期",
    "PAR-08": "地块关联未答复",
    "PRJ-03": "建筑面积合计与合同计容面积",
    "PRJ-04": "计划日期先后与合同期限",
    "PRJ-05": "项目资本金比例",
    "PRJ-06": "逾期未开工",
    "PRJ-07": "停工闲置",
    "PRJ-08": "逾期未竣工与延期",
    "PRJ-10": "项目转让备案期限",
    "PRJ-11": "已投入金额",
    "PRJ-12": "投资方出资合计",
    "PRJ-13": "拆迁安置数据",
    "PRJ-15": "代建单位",
    "PLN-02": "证书权利人为本公司",
    "PLN-03": "发证日期",
    "PLN-04": "用地面积与合同面积一致",
}
#: The registry is one for all districts; what the others find lies in one.
_OF_THE_CITY = frozenset({"SUB-17"})
switchable({code: label for code, label in SWITCHED.items() if code not in _OF_THE_CITY}, local=True)
switchable({code: label for code, label in SWITCHED.items() if code in _OF_THE_CITY})
