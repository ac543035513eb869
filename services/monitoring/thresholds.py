"""The thresholds of the monitoring of companies (market 4.1, SUB-04 to SUB-18)."""

from services.engine.thresholds import Threshold, declare, declare_local

QUALIFICATION_DAYS = "monitoring.qualification_days"
FILING_DAYS = "monitoring.filing_days"
REPRESENTATIVE_MONTHS = "monitoring.representative_months"
CONTROL_PERCENT = "monitoring.control_percent"
REGISTER_DAYS, PUBLISH_DAYS = "monitoring.register_days", "monitoring.publish_days"
PLEDGE_YELLOW, PLEDGE_RED = "monitoring.pledge_yellow", "monitoring.pledge_red"
CAPITAL_RED = "monitoring.capital_red"
LINE_DEBT, LINE_GEARING, LINE_CASH = "monitoring.line_debt", "monitoring.line_gearing", "monitoring.line_cash"
FINANCING_DAYS, FINANCING_RED = "monitoring.financing_days", "monitoring.financing_red_days"
CONTRIBUTION_YEARS, CONTRIBUTION_DAYS = "monitoring.contribution_years", "monitoring.contribution_days"
CONTRIBUTION_FROM, CONTRIBUTION_ADJUST = "monitoring.contribution_from", "monitoring.contribution_adjust_by"
HOLDING_PERCENT = "monitoring.holding_percent"
STALE_BLUE, STALE_YELLOW = "monitoring.stale_blue_hours", "monitoring.stale_yellow_hours"

_AGREED = "业务约定"
_COMPANY_LAW = "公司法"
_CAPITAL_RULES = "国务院关于实施公司法注册资本登记管理制度的规定"

declare_local(
    Threshold(QUALIFICATION_DAYS, "资质到期提示天数", "90", "天", "城市房地产开发经营管理条例第九条"),
    Threshold(FILING_DAYS, "开发企业备案期限", "30", "天", "城市房地产开发经营管理条例第八条"),
    Threshold(REPRESENTATIVE_MONTHS, "法定代表人再次变更计为严重的期间", "12", "个月", _AGREED, most=240),
    Threshold(CONTROL_PERCENT, "控股股东持股比例（超过）", "50", "%", f"{_COMPANY_LAW}第二百六十五条", "decimal"),
    Threshold(REGISTER_DAYS, "变更登记期限", "30", "天", "市场主体登记管理条例第二十四条"),
    Threshold(PUBLISH_DAYS, "变更公示期限", "20", "工作日", "企业信息公示暂行条例第十条"),
    Threshold(PLEDGE_YELLOW, "股权出质比例警示线", "30", "%", _AGREED, "decimal"),
    Threshold(PLEDGE_RED, "股权出质比例严重线", "50", "%", _AGREED, "decimal"),
    Threshold(CAPITAL_RED, "注册资本减少严重线", "20", "%", _AGREED, "decimal"),
    Threshold(LINE_DEBT, "剔除预收款后的资产负债率（超过）", "70", "%", "重点房地产企业融资管理规则", "decimal"),
    Threshold(LINE_GEARING, "净负债率（超过）", "100", "%", "重点房地产企业融资管理规则", "decimal", most=1_000),
    Threshold(LINE_CASH, "现金短债比（低于）", "1", "倍", "重点房地产企业融资管理规则", "decimal"),
    Threshold(FINANCING_DAYS, "融资到期提示天数", "60", "天", _AGREED),
    Threshold(FINANCING_RED, "融资逾期严重天数", "30", "天", _AGREED),
    Threshold(CONTRIBUTION_YEARS, "认缴出资缴足年限", "5", "年", f"{_COMPANY_LAW}第四十七条", most=100),
    Threshold(CONTRIBUTION_DAYS, "出资到期提示天数", "180", "天", _AGREED),
    Threshold(CONTRIBUTION_FROM, "认缴五年缴足施行日", "2024-07-01", "", f"{_COMPANY_LAW}第二百六十六条", "day"),
    Threshold(CONTRIBUTION_ADJUST, "存量公司调整出资期限截止日", "2027-06-30", "", f"{_CAPITAL_RULES}第二条", "day"),
    Threshold(HOLDING_PERCENT, "总公司持股比例警示线（低于）", "34", "%", _AGREED, "decimal"),
)
# The registry is one for all districts.
declare(
    Threshold(STALE_BLUE, "登记数据未更新提示", "24", "小时", _AGREED),
    Threshold(STALE_YELLOW, "登记数据未更新警示", "72", "小时", _AGREED),
)
