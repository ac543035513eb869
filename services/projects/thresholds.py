"""The dated parameters of projects (market 4.2, PRJ)."""

from services.engine.thresholds import Threshold, declare_local

_DEVELOPMENT = "《城市房地产开发经营管理条例》第十三条、国发〔2015〕51号"
_REAL_ESTATE = "《城市房地产管理法》第二十六条"
_IDLE = "《闲置土地处置办法》第二条"
_TRANSFER = "《城市房地产管理法》第三十九条"
_FILING = "《城市房地产开发经营管理条例》第二十条"
_AGREED = "业务约定"

USED_AREA_TOLERANCE = "projects.used_area_tolerance"
GFA_TOLERANCE = "projects.gfa_tolerance"
ABOVE_OVER_CONTRACT = "projects.above_over_contract"
CAPITAL_HOUSING = "projects.capital_housing"
CAPITAL_OTHER = "projects.capital_other"
START_BLUE = "projects.start_blue_days"
START_YELLOW = "projects.start_yellow_days"
START_RED = "projects.start_red_days"
START_TAKEN_BACK = "projects.start_taken_back_days"
STOPPED_DAYS = "projects.stopped_days"
STOPPED_LAND = "projects.stopped_land"
STOPPED_INVESTMENT = "projects.stopped_investment"
FINISH_YELLOW = "projects.finish_yellow_days"
FINISH_RED = "projects.finish_red_days"
TRANSFER_INVESTMENT = "projects.transfer_investment"
TRANSFER_FILING_DAYS = "projects.transfer_filing_days"
INVESTED_MOST = "projects.invested_most"
RATIO_TOLERANCE = "projects.ratio_tolerance"
SUBSCRIBED_TOLERANCE = "projects.subscribed_tolerance"

declare_local(
    Threshold(USED_AREA_TOLERANCE, "项目用地面积合计可超出地块面积", "0.5", "%", _AGREED, "decimal"),
    Threshold(GFA_TOLERANCE, "总建筑面积与地上加地下的允许误差", "0.5", "㎡", _AGREED, "decimal"),
    Threshold(ABOVE_OVER_CONTRACT, "地上建筑面积可超出合同计容面积", "3", "%", _AGREED, "decimal"),
    Threshold(CAPITAL_HOUSING, "保障房和普通商品住房项目资本金最低比例", "20", "%", _DEVELOPMENT, "decimal"),
    Threshold(CAPITAL_OTHER, "其他房地产项目资本金最低比例", "25", "%", _DEVELOPMENT, "decimal"),
    Threshold(START_BLUE, "逾期未开工蓝色预警", "1", "天", _REAL_ESTATE),
    Threshold(START_YELLOW, "逾期未开工黄色预警", "180", "天", _REAL_ESTATE),
    Threshold(START_RED, "逾期未开工红色预警（可收土地闲置费）", "365", "天", _REAL_ESTATE),
    Threshold(START_TAKEN_BACK, "逾期未开工可无偿收回土地", "730", "天", _REAL_ESTATE),
    Threshold(STOPPED_DAYS, "开工后停工认定闲置的天数", "365", "天", _IDLE),
    Threshold(STOPPED_LAND, "停工认定闲置的已动工用地比例下限", "33.3333", "%", _IDLE, "decimal"),
    Threshold(STOPPED_INVESTMENT, "停工认定闲置的投资比例下限", "25", "%", _IDLE, "decimal"),
    Threshold(FINISH_YELLOW, "逾期未竣工黄色预警", "1", "天", "GF-2008-2601 合同示范文本"),
    Threshold(FINISH_RED, "逾期未竣工红色预警", "90", "天", "GF-2008-2601 合同示范文本"),
    Threshold(TRANSFER_INVESTMENT, "项目转让时最低投资比例", "25", "%", _TRANSFER, "decimal"),
    Threshold(TRANSFER_FILING_DAYS, "项目转让备案期限", "30", "天", _FILING),
    Threshold(INVESTED_MOST, "已投入可超出总投资的比例", "105", "%", _AGREED, "decimal", most=1_000),
    Threshold(RATIO_TOLERANCE, "出资比例合计的允许误差", "0.01", "%", _AGREED, "decimal"),
    Threshold(SUBSCRIBED_TOLERANCE, "认缴合计与注册资本的允许误差", "1", "元", _AGREED, "decimal"),
)
