"""集中式房源入库／变更审核意见 (D10): what the district decided on each room of an application."""

from collections.abc import Sequence

from printing.labelled import LabelledPaper, column, half, labelled, optional, whole, write_list
from printing.labelled import render as render
from printing.page import Paper
from printing.table import DENSE


@labelled
class RoomResult:
    """A line of the application with its result."""

    line_no: str = column("行号", 0.08, centred=True)
    kind: str = column("类别", 0.09, centred=True)
    room: str = column("房间", 0.2)
    content: str = column("内容", 0.31)
    result: str = column("结果", 0.1, centred=True)
    note: str = column("说明", 0.22)


@labelled
class RoomOpinion(LabelledPaper):
    """Content of an opinion on rooms; every text is ready to print."""

    TITLE = "集中式房源审核意见"
    NUMBER_LABEL = "意见编号"
    NOTES_HEADING = "说明"
    NOTES = (
        "生效的房间自本意见出具之日起按新的内容办理开盘、备案和入住报送。",
        "不通过的房间，可以按说明补正后重新申请；对本意见有异议的，可以向出具单位提出。",
    )

    project: str = whole("项目")
    project_no: str = half("项目编号")
    apply_no: str = half("申请编号")
    operator: str = whole("运营主体")
    kind: str = half("申请类别")
    submitted_at: str = half("提交时间")
    counts: str = whole("办理结果")
    opinion: str = optional("审核意见")
    reviewer: str = half("审核人")
    reviewed_at: str = half("审核时间")
    results: Sequence[RoomResult] = ()
    #: Lines that the paper does not list one by one.
    more: int = 0

    def opening(self) -> str:
        return f"{self.operator}提交的集中式房源{self.kind}申请已经审核，意见如下。"

    def go_on(self, paper: Paper) -> None:
        if self.results:
            paper.heading("逐行结果")
            write_list(paper, self.results, style=DENSE)
            paper.gap(6)
        if self.more:
            paper.write(f"其余{self.more}行的结果可在系统中查看和导出。")
