"""补打凭条 (row 9): accompanies a reprinted paper; the paper's own bytes never change."""

from __future__ import annotations

from dataclasses import dataclass

from printing.page import CLAUSE, NOTE, Issue, Paper
from printing.table import field, form, pair

TITLE = "文书补打凭条"


@dataclass(frozen=True)
class ReprintSlip:
    """The reprinted paper, with its requester, clerk and purpose."""

    issue: Issue
    paper_title: str
    paper_no: str
    record_no: str
    issued_on: str
    paper_digest: str
    count: int
    requester: str
    capacity: str
    purpose: str
    unit: str
    printer: str
    printed_at: str


def render(slip: ReprintSlip) -> bytes:
    """The slip as PDF."""
    paper = Paper(TITLE, slip.issue)
    paper.write(
        f"补打：第 {slip.count} 次。所附文书系按原签发内容再次打印，内容与首次签发一致，效力相同。",
        CLAUSE.but(after=8),
    )
    form(
        paper,
        [
            field("文书名称", slip.paper_title),
            pair("文书编号", slip.paper_no, "业务编号", slip.record_no),
            pair("首次签发日期", slip.issued_on, "补打次数", f"第 {slip.count} 次"),
            field("文书 SM3 摘要", slip.paper_digest),
            pair("申请人", slip.requester, "申请人身份", slip.capacity),
            field("补打用途", slip.purpose),
            pair("打印单位", slip.unit, "打印人", slip.printer),
            field("打印时间", slip.printed_at),
        ],
    )
    paper.gap(8)
    paper.ending(
        [
            "1．补打的文书与本凭条一并使用；文书真伪及现时状态以扫描文书二维码核验的结果为准。",
            "2．每次补打均有记录。",
        ],
        NOTE,
    )
    return paper.pdf()
