"""The dated parameters of parcels and their links (market 4.2, PAR)."""

from models.land_codes import LandUse
from services.engine.thresholds import Threshold, declare, declare_local

_TERMS_LAW = "《城镇国有土地使用权出让和转让暂行条例》第十二条"
_MODEL = "GF-2008-2601 合同示范文本"
_AGREED = "业务约定"

TERM = {
    LandUse.HOUSING: "parcels.term_housing",
    LandUse.COMMERCE: "parcels.term_commerce",
    LandUse.INDUSTRY: "parcels.term_industry",
    LandUse.PUBLIC: "parcels.term_public",
    LandUse.MIXED: "parcels.term_mixed",
}
FAR_TOLERANCE = "parcels.far_tolerance"
USE_AREA_TOLERANCE = "parcels.use_area_tolerance"
INSTALMENT_TOLERANCE = "parcels.instalment_tolerance"
INSTALMENT_YELLOW = "parcels.instalment_yellow_days"
INSTALMENT_RED = "parcels.instalment_red_days"
EXTENSION_DAYS = "parcels.extension_days"
SHARE_WHOLE = "parcels.share_whole"
OFFER_BLUE = "parcels.offer_blue_days"
OFFER_YELLOW = "parcels.offer_yellow_days"
OFFER_EXPIRES = "parcels.offer_expire_days"

declare_local(
    Threshold(TERM[LandUse.HOUSING], "居住用地最高出让年限", "70", "年", _TERMS_LAW),
    Threshold(TERM[LandUse.COMMERCE], "商业旅游娱乐用地最高出让年限", "40", "年", _TERMS_LAW),
    Threshold(TERM[LandUse.INDUSTRY], "工业用地最高出让年限", "50", "年", _TERMS_LAW),
    Threshold(TERM[LandUse.PUBLIC], "科教文卫体用地最高出让年限", "50", "年", _TERMS_LAW),
    Threshold(TERM[LandUse.MIXED], "综合或其他用地最高出让年限", "50", "年", _TERMS_LAW),
    Threshold(FAR_TOLERANCE, "计容面积与面积乘容积率的允许误差", "1", "%", _AGREED, "decimal"),
    Threshold(USE_AREA_TOLERANCE, "各用途面积合计可超出计容面积", "1", "%", _AGREED, "decimal"),
    Threshold(INSTALMENT_TOLERANCE, "分期付款合计与总价相差多少即不符", "0.01", "元", _MODEL, "decimal"),
    Threshold(INSTALMENT_YELLOW, "土地价款逾期黄色预警天数", "1", "天", _MODEL),
    Threshold(INSTALMENT_RED, "土地价款逾期红色预警天数", "30", "天", _MODEL),
    Threshold(EXTENSION_DAYS, "开工、竣工延期的最长天数", "365", "天", _MODEL),
    Threshold(OFFER_BLUE, "地块关联未答复蓝色预警", "10", "工作日", _AGREED),
    Threshold(OFFER_YELLOW, "地块关联未答复黄色预警", "20", "工作日", _AGREED),
    Threshold(OFFER_EXPIRES, "地块关联未答复失效", "30", "工作日", _AGREED),
)
declare(Threshold(SHARE_WHOLE, "地块关联份额合计上限", "100", "%", _AGREED, "decimal"))
