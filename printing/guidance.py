"""一次性告知单 (rows 5-8): for every rule that failed, why, by which provision, what was found, what to bring and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from printing.fonts import Face
from printing.page import CLAUSE, NOTE, Issue, Paper
from printing.table import LABEL, VALUE, Cell, Row, field, form, pair, table
from printing.text import Align

TITLE = "一次性告知单"


@dataclass(frozen=True)
class Reason:
    """A failed rule in words a citizen can act on; empty parts are left out."""

    code: str
    message: str
    basis: str = ""
    found: str = ""
    bring: str = ""
    where: str = ""


@dataclass(frozen=True)
class Guidance:
    """Content of the one-time guidance, which lists every reason at once."""

    issue: Issue
    case_no: str
    item: str
    applicant: str
    address: str
    reasons: tuple[Reason, ...]
    accepted_by: str
    clerk: str
    told_at: str
    hotline: str = "962269"


def render(guidance: Guidance) -> bytes:
    """The sheet as PDF."""
    paper = Paper(TITLE, guidance.issue)
    paper.write(f"{guidance.applicant}：", CLAUSE.but(first=0))
    paper.write(
        f"您申请办理的“{guidance.item}”经核验，有下列 {len(guidance.reasons)} 项情况需要处理。"
        "现一次性告知如下，请按所列要求备齐材料后办理。",
        CLAUSE.but(after=8),
    )
    form(
        paper,
        [
            field("办件编号", guidance.case_no),
            field("房屋坐落", guidance.address),
            pair("受理单位", guidance.accepted_by, "经办人", guidance.clerk),
            field("告知时间", guidance.told_at),
        ],
    )
    paper.gap(8)
    list_reasons(paper, guidance.reasons)
    paper.gap(6)
    paper.ending(
        [
            "1．以上情况系按申请时提交的信息及有关登记信息核验的结果；信息已经更正的，可以直接重新申请。",
            "2．对核验结果有疑问的，可以向受理单位查询；本告知单不是行政决定，不影响您依法享有的权利。",
            f"3．咨询电话：{guidance.hotline}。",
        ],
        NOTE,
    )
    return paper.pdf()


def list_reasons(paper: Paper, reasons: Sequence[Reason], *, bring: str = "应备材料") -> None:
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
            (bring, reason.bring),
            ("办理地点", reason.where),
        ):
            if text:
                rows.append((Cell(label, style=LABEL), Cell(text, span=2)))
        paper.keep(90)
        table(paper, (0.178, 0.642, 0.18), rows)
        paper.gap(7)
