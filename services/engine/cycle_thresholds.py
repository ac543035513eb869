"""The thresholds of kept records and of what two sides agree on."""

from services.engine.thresholds import Threshold, declare

REVIEW_DAYS = "records.review_days"
TAKE_MINUTES = "records.take_minutes"
OFFER_DAYS = "records.offer_days"
CLOSING_DAY = "records.closing_day"

_AGREED = "业务约定"

declare(
    Threshold(REVIEW_DAYS, "档案每级审核期限", "5", "工作日", _AGREED),
    Threshold(TAKE_MINUTES, "档案审核领取后未处理可由他人接手", "30", "分钟", _AGREED),
    Threshold(OFFER_DAYS, "双方确认事项的答复期限", "10", "工作日", _AGREED),
    Threshold(CLOSING_DAY, "月度填报关账日（次月）", "5", "日", _AGREED),
)
