"""预警告知单 (market 6.3): which rule, what was found, on what it rests, what is to be done and until when."""

from collections.abc import Sequence
from copy import deepcopy

from printing.labelled import LabelledPaper, half, labelled, whole
from printing.labelled import render as render
from printing.page import CLAUSE, Paper
from printing.table import DENSE, grid

_COMPARED = (("事项", 163.0), ("原值或标准", 160.0), ("现值", 160.0))
_STEPS = (("时间", 92.0), ("事项", 80.0), ("级别", 40.0), ("办理人", 110.0), ("内容", 161.0))


@labelled
class AlertNotice(LabelledPaper):
    """Content of an alert notice; every text is ready to print."""

    TITLE = "风险预警告知单"
    RED_HEAD = True
    NUMBER_LABEL = "预警编号"
    NOTES = (
        "请在确认期限前登录系统确认本预警，逾期未确认的，级别将上调一级并扩大告知范围。",
        "请在处理期限前提交书面说明及有关材料；情形消除后预警自动解除，办理过程长期保留。",
        "登记信息来自法人库，与实际不一致的，请先向登记机关核实。",
    )

    subject: str = whole("预警对象")
    rule: str = half("规则")
    grade: str = half("级别")
    state: str = half("状态")
    hits: str = half("发现次数")
    title: str = whole("预警事项")
    detail: str = whole("情况")
    threshold: str = whole("判定标准", empty="—")
    basis: str = whole("依据", empty="—")
    todo: str = whole("处理要求")
    first_seen: str = half("首次发现")
    last_seen: str = half("最近发现")
    acknowledge_by: str = half("确认期限")
    due_on: str = half("处理期限")
    data_time: str = whole("数据时间", empty="—")
    told: str
    compared: Sequence[tuple[str, str, str]] = ()
    steps: Sequence[tuple[str, str, str, str, str]] = ()

    def opening(self) -> str:
        return f"经监测，{self.subject}出现下列情形，现予告知，请按要求处理。"

    def begin(self, paper: Paper) -> None:
        paper.write(f"{self.told or self.subject}：", CLAUSE.but(first=0, after=2))
        super().begin(paper)

    def go_on(self, paper: Paper) -> None:
        if self.compared:
            paper.heading("比对数据")
            grid(paper, _COMPARED, self.compared, style=DENSE)
            paper.gap(6)
        # The table above has when it was raised.
        if len(self.steps) > 1:
            tried = deepcopy(paper)
            self._write_steps(tried)
            fits = len(tried.sheets) == len(paper.sheets)
            self.end(tried)
            if fits and len(tried.sheets) > len(paper.sheets):
                # Rather than remarks alone the last page has the course of the matter, too.
                paper.turn()
            self._write_steps(paper)

    def _write_steps(self, paper: Paper) -> None:
        paper.heading("办理过程")
        grid(paper, _STEPS, self.steps, style=DENSE, centred=(0, 1, 2))
        paper.gap(6)
