"""项目进度监测月报 (row 75): projects by light, reports of the month, alerts by rule and district, and what is serious."""

from collections.abc import Sequence
from dataclasses import dataclass

from printing.labelled import LabelledPaper, column, half, labelled, whole, write_list
from printing.labelled import render as render
from printing.page import Paper
from printing.table import DENSE


@dataclass(frozen=True)
class DistrictLine:
    """A district in the month."""

    name: str = column("所在区", 0.18)
    projects: str = column("项目", 0.1, centred=True)
    red: str = column("严重", 0.1, centred=True)
    yellow: str = column("警示", 0.1, centred=True)
    blue: str = column("提示", 0.1, centred=True)
    reports: str = column("已填报／应填报", 0.18, centred=True)
    raised: str = column("新增预警", 0.12, centred=True)
    ended: str = column("了结预警", 0.12, centred=True)


@dataclass(frozen=True)
class RuleLine:
    """A rule in the month."""

    rule: str = column("规则", 0.4)
    raised: str = column("新增", 0.12, centred=True)
    ended: str = column("了结", 0.12, centred=True)
    red: str = column("严重", 0.12, centred=True)
    yellow: str = column("警示", 0.12, centred=True)
    blue: str = column("提示", 0.12, centred=True)


@dataclass(frozen=True)
class MilestoneLine:
    """A milestone in the month: planned in it, reached in it, and overdue at its end."""

    milestone: str = column("节点", 0.4)
    planned: str = column("本月计划", 0.2, centred=True)
    reached: str = column("本月完成", 0.2, centred=True)
    overdue: str = column("月末逾期", 0.2, centred=True)


@dataclass(frozen=True)
class SeriousLine:
    """A project with serious alerts at the end of the month."""

    project: str = column("项目", 0.24)
    district: str = column("所在区", 0.12)
    company: str = column("项目公司", 0.24)
    why: str = column("严重预警", 0.4)


@labelled
class ProgressSummary(LabelledPaper):
    """Content of a monthly summary; every text is ready to print."""

    TITLE = "项目进度监测月报"
    NUMBER_LABEL = "月份"
    NOTES_HEADING = "说明"
    NOTES = (
        "项目按未了结预警的最高级别计入严重、警示或提示，没有未了结预警的为正常；级别以月末时为准。",
        "应填报的项目为月末前已开工且未在上月以前全部竣工的项目；生效的进度填报计为已填报。",
        "新增、了结按预警发出和了结的日期统计；节点按单位工程统计。",
    )

    scope: str = whole("范围")
    projects: str = half("项目数")
    reports: str = half("已填报／应填报")
    red: str = half("严重")
    yellow: str = half("警示")
    blue: str = half("提示")
    green: str = half("正常")
    raised: str = half("本月新增预警")
    ended: str = half("本月了结预警")
    until: str = whole("数据截至")
    districts: Sequence[DistrictLine] = ()
    rules: Sequence[RuleLine] = ()
    milestones: Sequence[MilestoneLine] = ()
    serious: Sequence[SeriousLine] = ()
    more: str = ""

    def go_on(self, paper: Paper) -> None:
        for heading, lines in (
            ("分区情况", self.districts),
            ("预警情况（级别为月末未了结的条数）", self.rules),
            ("节点完成情况", self.milestones),
            ("严重预警项目", self.serious),
        ):
            if lines:
                paper.heading(heading)
                write_list(paper, lines, style=DENSE)
                paper.gap(6)
        if self.more:
            paper.write(self.more, DENSE)
            paper.gap(6)
