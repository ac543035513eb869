"""The thresholds of listing verification (leasing 4.1)."""

from services.engine.thresholds import Threshold, declare

declare(
    Threshold("verify.code_days", "核验码有效天数", "60", "天", "《上海市租赁住房房源核验业务规则》"),
    Threshold("verify.renew_days", "到期前可换码天数", "10", "天", "业务约定", least=0),
    Threshold("verify.takedown_workdays", "失效后下架期限", "5", "工作日", "《上海市租赁住房房源核验业务规则》"),
    Threshold("verify.requests_a_day", "同一房屋每日核验次数", "5", "次", "业务约定"),
    Threshold("verify.penalties", "限制发布的处罚次数", "3", "次", "上海市住房租赁条例第二十七条"),
    Threshold("verify.penalty_years", "处罚累计年限", "2", "年", "上海市住房租赁条例第二十七条"),
    Threshold("split.plan_tolerance", "拆间面积允许误差", "0.50", "㎡", "业务约定", "decimal"),
    Threshold("platform.stale_days", "平台房源维护期限", "30", "天", "沪房规范〔2023〕6号第十二条"),
    Threshold("platform.archive_years", "平台发布者信息保存年限", "3", "年", "上海市住房租赁条例第二十六条"),
    Threshold("precheck.token_hours", "前置核验凭证有效期", "24", "小时", "业务约定"),
    Threshold("precheck.person_a_day", "同一人员每日前置核验次数", "30", "次", "业务约定"),
    Threshold("precheck.address_an_hour", "同一网络地址每小时前置核验次数", "120", "次", "业务约定"),
    Threshold("precheck.question_after", "连续未通过几次后提问", "3", "次", "业务约定"),
    area="verification",
)
