"""The thresholds of admission (market 4.1, rows 51-54); what is watched afterwards too goes by the thresholds of monitoring."""

from services.engine.thresholds import Threshold, declare_local
from services.monitoring.rules.papers import FILING_DAYS, QUALIFICATION_DAYS
from services.monitoring.rules.registered import HOLDING_PERCENT

LEAST_CAPITAL = "subjects.least_capital"
LEAST_TECHNICIANS = "subjects.least_technicians"
LEAST_ACCOUNTANTS = "subjects.least_accountants"
RATIO_TOLERANCE = "subjects.ratio_tolerance"
OFFER_DAYS = "subjects.offer_working_days"

_ORDINANCE = "城市房地产开发经营管理条例"
_AGREED = "业务约定"

declare_local(
    Threshold(
        LEAST_CAPITAL, "开发企业注册资本下限", "1000000", "元", f"{_ORDINANCE}第五条", "decimal", most=100_000_000_000
    ),
    Threshold(LEAST_TECHNICIANS, "专业技术人员下限", "4", "人", f"{_ORDINANCE}第五条"),
    Threshold(LEAST_ACCOUNTANTS, "专职会计人员下限", "2", "人", f"{_ORDINANCE}第五条"),
    Threshold(RATIO_TOLERANCE, "股东持股比例合计允许误差", "0.01", "%", _AGREED, "decimal"),
    Threshold(OFFER_DAYS, "准入退出对方确认期限", "10", "个工作日", _AGREED),
)

__all__ = [
    "FILING_DAYS",
    "HOLDING_PERCENT",
    "LEAST_ACCOUNTANTS",
    "LEAST_CAPITAL",
    "LEAST_TECHNICIANS",
    "OFFER_DAYS",
    "QUALIFICATION_DAYS",
    "RATIO_TOLERANCE",
]
