"""一次性告知单 (rows 5-8): for every rule that failed, why, by which provision, what was found, what to bring and where."""

from collections.abc import Sequence
from dataclasses import dataclass

from printing.fonts import Face
from printing.labelled import LabelledPaper, half, labelled, whole
from printing.labelled import render as render
from printing.page import CLAUSE, Paper
from printing.table import LABEL, VALUE, Cell, Row, table
from printing.text import Align


@dataclass(frozen=True)
class Reason:
    """A failed rule in words a citizen can act on; empty parts are left out."""

    code: str
    message: str
    basis: str = ""
    found: str = ""
    bring: str = ""
    where: str = ""


@labelled
class Guidance(LabelledPaper):
    """Content of the one-time guidance, which lists every reason at once."""

    TITLE = "一次性告知单"
    GAP = 8
    NOTES = (
        "以上情况系按申请时提交的信息及有关登记信息核验的结果；信息已经更正的，可以直接重新申请。",
        "对核验结果有疑问的，可以向受理单位查询；本告知单不是行政决定，不影响您依法享有的权利。",
    )

    case_no: str = whole("办件编号")
    address: str = whole("房屋坐落")
    accepted_by: str = half("受理单位")
    clerk: str = half("经办人")
    told_at: str = whole("告知时间")
    item: str
    applicant: str
    reasons: tuple[Reason, ...]
    hotline: str = "962269"

    def opening(self) -> str:
        return (
            f"您申请办理的“{self.item}”经核验，有下列 {len(self.reasons)} 项情况需要处理。"
            "现一次性告知如下，请按所列要求备齐材料后办理。"
        )

    def begin(self, paper: Paper) -> None:
        paper.write(f"{self.applicant}：", CLAUSE.but(first=0))
        super().begin(paper)

    def go_on(self, paper: Paper) -> None:
        list_reasons(paper, self.reasons)
        paper.gap(6)

    def notes(self) -> Sequence[str]:
        return (*self.NOTES, f"咨询电话：{self.hotline}。")


def list_reasons(paper: Paper, reasons: Sequence[Reason]) -> None:
    """A block for each reason; a block is not torn from its first line."""
    title = VALUE.but(face=Face.SERIF_BOLD)
    code = LABEL.but(size=9, align=Align.RIGHT)
    for number, reason in enumerate(reasons, 1):
        rows: list[Row] = [
            (
                Cell(f"{number}．{reason.message}", span=2, style=title, shaded=True),
                Cell(reason.code, style=code, shaded=True),
            )
        ]
        for label, text in (
            ("依据", reason.basis),
            ("核验情况", reason.found),
            ("应备材料", reason.bring),
            ("办理地点", reason.where),
        ):
            if text:
                rows.append((Cell(label, style=LABEL), Cell(text, span=2)))
        paper.keep(90)
        table(paper, (0.178, 0.642, 0.18), rows)
        paper.gap(7)
