"""文书发放清单: lies on top of the papers of a case that are handed out together, and is signed by their receiver."""

from collections.abc import Sequence
from dataclasses import dataclass

from printing.labelled import LabelledPaper, column, half, labelled, or_dash, write_list
from printing.labelled import render as render
from printing.page import BODY, Paper


@dataclass(frozen=True)
class HandedOut:
    """A paper on the sheet, with the version and the copy that is handed out."""

    title: str = column("文书名称", 150)
    number: str = column("文书编号", 140)
    version: str = column("签发日期及摘要", 116)
    copy: str = column("份数", 56, centred=True)


@labelled
class HandoutSheet(LabelledPaper):
    """The papers that are handed out, their receiver and the clerk."""

    TITLE = "文书发放清单"
    NUMBER_LABEL = "首份文书编号"
    NOTES = (
        "请当场核对所列文书的名称、编号和份数，无误后签字。",
        "文书真伪及现时状态以扫描各文书二维码核验的结果为准。",
    )

    receiver: str = half("领取人")
    handed_at: str = half("发放时间")
    clerk: str = half("经办人")
    purpose: str = half("用途", empty="—", show=lambda sheet: or_dash(sheet.purpose))
    papers: Sequence[HandedOut] = ()

    def go_on(self, paper: Paper) -> None:
        write_list(paper, self.papers, number=28)
        paper.gap(14)
        paper.write("领取人（签字）：____________________　　　日期：________年____月____日", BODY)
        paper.gap(8)
