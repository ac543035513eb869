"""租赁备案信息查询结果 (D9, row 10): the filings of a house within what the asker may know, or that there is none."""

from __future__ import annotations

from dataclasses import dataclass

from printing.fonts import Face
from printing.page import BODY, CLAUSE, NOTE, Issue, Paper
from printing.table import ENTRY, field, form, grid, pair
from printing.text import Align

TITLE = "租赁备案信息查询结果"
NONE_FOUND = "未查询到有效备案信息"

COLUMNS = (
    ("序号", 25.0),
    ("备案编号", 107.0),
    ("坐落／部位", 86.0),
    ("承租人", 46.0),
    ("租期", 64.0),
    ("备案有效期", 64.0),
    ("状态", 35.0),
    ("受理单位", 56.0),
)


@dataclass(frozen=True)
class Entry:
    """A filing in the result; the caller masks the tenant."""

    filing_no: str
    place: str
    tenant: str
    term: str
    valid: str
    state: str
    accepted_by: str


@dataclass(frozen=True)
class QueryResult:
    """A query with its requester and purpose, and the filings found."""

    issue: Issue
    requester: str
    capacity: str
    purpose: str
    criteria: str
    data_time: str
    operator: str
    entries: tuple[Entry, ...] = ()


def render(result: QueryResult) -> bytes:
    """The result as PDF; without entries it is the negative certificate."""
    paper = Paper(TITLE, result.issue, number_label="查询编号")
    form(
        paper,
        [
            pair("查询人", result.requester, "查询人身份", result.capacity),
            field("查询用途", result.purpose),
            field("查询条件", result.criteria),
            pair("数据时点", result.data_time, "操作员", result.operator),
        ],
    )
    paper.gap(10)
    if result.entries:
        write_entries(paper, result)
    else:
        write_absence(paper, result)
    paper.gap(6)
    paper.ending(
        [
            "1．本结果仅反映查询时点的备案信息；备案状态以扫描各备案通知书二维码核验的结果为准。",
            "2．查询结果仅供查询人用于所载用途，不得泄露或者用于其他目的。",
        ],
        NOTE,
    )
    return paper.pdf()


def write_entries(paper: Paper, result: QueryResult) -> None:
    paper.write(f"按上述条件共查询到备案信息 {len(result.entries)} 条：", BODY.but(after=5))
    rows = [
        (
            str(number),
            entry.filing_no,
            entry.place,
            entry.tenant,
            entry.term,
            entry.valid,
            entry.state,
            entry.accepted_by,
        )
        for number, entry in enumerate(result.entries, 1)
    ]
    style = ENTRY.but(size=8.5, leading=12.5)
    grid(paper, COLUMNS, rows, centred=(0, 3, 4, 5, 6), style=style, pad=3.0)


def write_absence(paper: Paper, result: QueryResult) -> None:
    bold = BODY.but(face=Face.SERIF_BOLD, size=15, leading=26, align=Align.CENTER)
    paper.gap(26)
    paper.write(NONE_FOUND, bold)
    paper.gap(16)
    paper.write(
        f"截至数据时点（{result.data_time}），按上述查询条件在本市住房租赁合同备案信息中{NONE_FOUND}。特此说明。",
        CLAUSE.but(after=30),
    )
