"""补打凭条 (row 9): accompanies a reprinted paper; the paper's own bytes never change."""

from printing.labelled import LabelledPaper, half, labelled, whole
from printing.labelled import render as render


@labelled
class ReprintSlip(LabelledPaper):
    """The reprinted paper, with its requester, clerk and purpose."""

    TITLE = "文书补打凭条"
    GAP = 8
    NOTES = (
        "补打的文书与本凭条一并使用；文书真伪及现时状态以扫描文书二维码核验的结果为准。",
        "每次补打均有记录。",
    )

    paper_title: str = whole("文书名称")
    paper_no: str = half("文书编号")
    record_no: str = half("业务编号")
    issued_on: str = half("首次签发日期")
    count: int = half("补打次数", show=lambda slip: f"第 {slip.count} 次")
    paper_digest: str = whole("文书 SM3 摘要")
    requester: str = half("申请人")
    capacity: str = half("申请人身份")
    purpose: str = whole("补打用途")
    unit: str = half("打印单位")
    printer: str = half("打印人")
    printed_at: str = whole("打印时间")

    def opening(self) -> str:
        return f"补打：第 {self.count} 次。所附文书系按原签发内容再次打印，内容与首次签发一致，效力相同。"
