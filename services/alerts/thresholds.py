"""The thresholds of an alert's life (market 4.1)."""

from models.alerts import AlertGrade
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
