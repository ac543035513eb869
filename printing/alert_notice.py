"""预警告知单 (market 6.3): which rule, what was found, on what it rests, what is to be done and until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from printing.page import CLAUSE, NOTE, Issue, Paper
from printing.table import ENTRY, field, form, grid, pair

TITLE = "风险预警告知单"

_COMPARED = (("事项", 163.0), ("变动前", 160.0), ("变动后（现值）", 160.0))
_STEPS = (("时间", 92.0), ("事项", 80.0), ("级别", 40.0), ("办理人", 110.0), ("内容", 161.0))

NOTES = (
    "请在确认期限前登录系统确认本预警，逾期未确认的，级别将上调一级并扩大告知范围。",
    "请在处理期限前提交书面说明及有关材料；情形消除后预警自动解除，办理过程长期保留。",
    "登记信息来自法人库，与实际不一致的，请先向登记机关核实。",
)


@dataclass(frozen=True)
class AlertNotice:
    """Content of an alert notice; every text is ready to print."""

    issue: Issue
    subject: str
    told: str
    rule: str
    grade: str
    state: str
    title: str
    detail: str
    basis: str
    threshold: str
    todo: str
    first_seen: str
    last_seen: str
    hits: str
    acknowledge_by: str
    due_on: str
    data_time: str
    compared: Sequence[tuple[str, str, str]] = ()
    steps: Sequence[tuple[str, str, str, str, str]] = ()


def render(notice: AlertNotice) -> bytes:
    """The notice as PDF."""
    paper = Paper(TITLE, notice.issue, number_label="预警编号")
    paper.write(f"{notice.told or notice.subject}：", CLAUSE.but(first=0, after=2))
    paper.write(f"经监测，{notice.subject}出现下列情形，现予告知，请按要求处理。", CLAUSE.but(after=8))
    form(
        paper,
        [
            field("预警对象", notice.subject),
            pair("规则", notice.rule, "级别", notice.grade),
            pair("状态", notice.state, "发现次数", notice.hits),
            field("预警事项", notice.title),
            field("情况", notice.detail),
            field("判定标准", notice.threshold or "—"),
            field("依据", notice.basis or "—"),
            field("处理要求", notice.todo),
            pair("首次发现", notice.first_seen, "最近发现", notice.last_seen),
            pair("确认期限", notice.acknowledge_by, "处理期限", notice.due_on),
            field("数据时间", notice.data_time or "—"),
        ],
    )
    paper.gap(6)
    small = ENTRY.but(size=8.5, leading=12.5)
    if notice.compared:
        paper.heading("比对数据")
        grid(paper, _COMPARED, notice.compared, style=small)
        paper.gap(6)
    if notice.steps:
        paper.heading("办理过程")
        grid(paper, _STEPS, notice.steps, style=small, centred=(0, 1, 2))
        paper.gap(6)
    paper.ending([f"{number}．{note}" for number, note in enumerate(NOTES, 1)], NOTE, heading="说明")
    return paper.pdf()
