"""The thresholds of leasing 4.1 that rows 5-10 use."""

from services.engine.thresholds import Threshold, declare

declare(
    Threshold("filing.deadline_days", "备案期限", "30", "天", "上海市住房租赁条例第十八条"),
    Threshold("filing.min_days", "最短租期", "30", "天", "沪房规范〔2019〕11号第十二条"),
    Threshold("filing.max_months", "备案最长有效期", "36", "月", "沪房规范〔2024〕8号"),
    Threshold("filing.interval_months", "备案间隔", "2", "月", "沪房规范〔2024〕8号"),
    Threshold("filing.interval_on", "启用备案间隔", "true", "", "沪房规范〔2024〕8号", "flag"),
    Threshold("filing.interval_central", "集中式房源适用备案间隔", "false", "", "业务约定", "flag"),
    Threshold("filing.refile_days", "重新备案提前天数", "30", "天", "业务约定", least=0),
    Threshold("filing.suspect_tenant", "同一承租人有效备案预警数", "3", "件", "业务约定"),
    Threshold("filing.suspect_house", "同一房屋十二个月备案预警数", "4", "件", "业务约定"),
    Threshold("lease.max_years", "租赁最长期限", "20", "年", "民法典第七百零五条", most=20),
    Threshold("occupancy.room_max_persons", "每间最多居住人数", "2", "人", "上海市居住房屋租赁管理办法第十条"),
    Threshold(
        "occupancy.min_usable_area", "人均最小居住使用面积", "5.0", "㎡", "上海市居住房屋租赁管理办法第十条", "decimal"
    ),
    Threshold(
        "split.hall_min_usable_area", "客厅隔间最小使用面积", "12.0", "㎡", "沪房规范〔2023〕6号第八条", "decimal"
    ),
    Threshold("rent.low_factor", "租金参考下限倍数", "0.2", "倍", "业务约定", "decimal"),
    Threshold("rent.high_factor", "租金参考上限倍数", "5", "倍", "业务约定", "decimal"),
    Threshold("deposit.default_max_months", "押金提示上限", "2", "月", "上海市居住房屋租赁管理办法第十六条"),
    Threshold("funds.supervised_rent_months", "监管租金起点", "3", "月", "上海市住房租赁条例第三十条"),
    Threshold("funds.supervised_deposit_months", "监管押金起点", "1", "月", "上海市住房租赁条例第三十条"),
    Threshold("affordable.deposit_months", "保租房押金上限", "1", "月", "上海市住房租赁条例第三十八条"),
    Threshold("affordable.min_years", "保租房最短租期", "1", "年", "沪住建规范联〔2022〕3号"),
    Threshold("affordable.max_years", "保租房最长租期", "3", "年", "沪住建规范联〔2022〕3号"),
    Threshold("concentrated.rooms", "集中出租房间数", "10", "间", "沪公行规〔2024〕1号第二条"),
    Threshold("concentrated.persons", "集中出租居住人数", "15", "人", "沪公行规〔2024〕1号第二条"),
    Threshold("house.area_tolerance", "面积允许误差", "1", "㎡", "业务约定", "decimal"),
    Threshold("handover.tolerance_days", "交付日期允许偏差", "30", "天", "业务约定", least=0),
    Threshold("contract.idle_days", "未确认合同作废天数", "30", "天", "业务约定"),
    Threshold("cancel.objection_workdays", "单方注销异议期", "5", "工作日", "沪房市场〔2020〕150号第十三条"),
    Threshold("cancel.ahead_days", "终止日期最多提前", "30", "天", "业务约定", least=0),
    Threshold("cancel.restore_workdays", "注销恢复期限", "5", "工作日", "业务约定"),
    Threshold("archive.after_end_years", "到期后保存年限", "2", "年", "沪房规范〔2019〕11号第十六条"),
    Threshold("sms.on", "向当事人发送短信", "false", "", "业务约定", "flag"),
)
