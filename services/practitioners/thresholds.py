"""The thresholds of rows 38-44."""

from services.engine.thresholds import Threshold, declare

LAPSE_DAYS = "practitioners.lapse_days"
HIRED_DAYS = "practitioners.hired_days"
LEAST_AGE, MOST_AGE = "practitioners.least_age", "practitioners.most_age"
PHOTO_KB, PHOTO_SIDE = "practitioners.photo_kb", "practitioners.photo_side"
FACE_LEAST, FACE_MOST = "practitioners.face_least", "practitioners.face_most"
FACE_ASIDE = "practitioners.face_aside"
TAKE_MINUTES = "practitioners.take_minutes"
CHECK_HOURS = "practitioners.check_hours"
BRAND_KB, BRAND_SIDE = "practitioners.brand_kb", "practitioners.brand_side"
MISLEADING = "practitioners.misleading_words"

_SERVICE = "沪房市场〔2023〕162号"
_AGREED = "业务约定"

declare(
    Threshold(LAPSE_DAYS, "信息卡激活期限", "30", "天", _AGREED),
    Threshold(HIRED_DAYS, "入职后申办提示天数", "30", "天", "沪房规范〔2023〕6号第七条"),
    Threshold(LEAST_AGE, "从业人员最小年龄", "18", "周岁", _AGREED),
    Threshold(MOST_AGE, "从业人员年龄提示上限", "70", "周岁", _AGREED),
    Threshold(PHOTO_KB, "从业人员照片最大", "500", "KB", _AGREED),
    Threshold(PHOTO_SIDE, "从业人员照片最小边长提示", "60", "像素", _AGREED),
    Threshold(FACE_LEAST, "照片中人脸高度占比下限提示", "20", "%", _AGREED),
    Threshold(FACE_MOST, "照片中人脸高度占比上限提示", "65", "%", _AGREED),
    Threshold(FACE_ASIDE, "照片中人脸偏离中央提示", "20", "%", _AGREED),
    Threshold(TAKE_MINUTES, "领取后未处理可由他人接手", "30", "分钟", _AGREED),
    Threshold(CHECK_HOURS, "核验自动重试时长", "24", "小时", _AGREED),
    Threshold(BRAND_KB, "企业图标最大", "1024", "KB", _AGREED),
    Threshold(BRAND_SIDE, "企业图标最小边长", "200", "像素", _AGREED),
    Threshold(
        MISLEADING,
        "企业简称不得含有的字样",
        "国家、官方、中国、中华、全国、政府、住建、房管、公安、法院、政务、上海市、国务院、中央、國家、中國、中華、全國、政務、國務院",
        "",
        _AGREED,
        "words",
    ),
)
