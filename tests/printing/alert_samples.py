"""A notice of an alert for the tests of papers: long words, many comparisons, what every page has to bear."""

from dataclasses import replace
from datetime import date

from printing.alert_notice import AlertNotice
from printing.page import Issue

ALERT = AlertNotice(
    issue=Issue("YJ3101152703010000016", "浦东新区房屋管理局", date(2027, 3, 1), made="打印：浦东新区房屋管理局 夏初"),
    subject="上海申浦滨江置业有限公司",
    told="总公司、区房屋管理局",
    rule="SUB-07 法定代表人变更",
    grade="警示",
    state="待确认",
    title="法定代表人变更",
    detail="法定代表人由“严文清”变更为“沈听澜”。",
    basis="《城市房地产开发经营管理条例》、登记信息比对",
    threshold="任何变更为警示，12个月内再次变更为严重",
    todo="请说明变更原因，并核对系统中的企业信息和经办人授权",
    first_seen="2027-03-01 02:10:00",
    last_seen="2027-03-01 02:10:00",
    hits="1次",
    acknowledge_by="2027-03-08",
    due_on="2027-03-15",
    data_time="2027-03-01 00:30:00",
    compared=(("法定代表人", "严文清", "沈听澜"),),
    steps=(("2027-03-01 02:10", "发出预警", "警示", "系统", "—"),),
)
#: A storm of holders, and an explanation as long as one may be.
LONG_ALERT = replace(
    ALERT,
    compared=tuple((f"股东上海第{number}号投资合伙企业（有限合伙）", f"{number}.5%", "无") for number in range(60)),
    steps=(*ALERT.steps, ("2027-03-02 09:00", "提交说明", "警示", "申浦置业集团有限公司 程一诺", "情况说明，" * 400)),
)
