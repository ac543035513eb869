"""租赁备案信息查询结果 (D9, row 10): the filings of a house within what the asker may know, or that there is none."""

from printing.fonts import Face
from printing.labelled import LabelledPaper, column, half, labelled, whole, write_list
from printing.labelled import render as render
from printing.page import BODY, CLAUSE, Paper
from printing.table import DENSE
from printing.text import Align

NONE_FOUND = "未查询到有效备案信息"


@labelled
class Entry:
    """A filing in the result; the caller masks the tenant."""

    filing_no: str = column("备案编号", 107)
    place: str = column("坐落／部位", 86)
    tenant: str = column("承租人", 46, centred=True)
    term: str = column("租期", 64, centred=True)
    valid: str = column("备案有效期", 64, centred=True)
    state: str = column("状态", 35, centred=True)
    accepted_by: str = column("受理单位", 56)


@labelled
class QueryResult(LabelledPaper):
    """A query with its requester and purpose, and the filings found; without entries it is the negative certificate."""

    TITLE = "租赁备案信息查询结果"
    NUMBER_LABEL = "查询编号"
    GAP = 10
    NOTES = (
        "本结果仅反映查询时点的备案信息；备案状态以扫描各备案通知书二维码核验的结果为准。",
        "查询结果仅供查询人用于所载用途，不得泄露或者用于其他目的。",
    )

    requester: str = half("查询人")
    capacity: str = half("查询人身份")
    purpose: str = whole("查询用途")
    criteria: str = whole("查询条件")
    data_time: str = half("数据时点")
    operator: str = half("操作员")
    entries: tuple[Entry, ...] = ()

    def go_on(self, paper: Paper) -> None:
        if self.entries:
            paper.write(f"按上述条件共查询到备案信息 {len(self.entries)} 条：", BODY.but(after=5))
            write_list(paper, self.entries, number=25, style=DENSE, pad=3.0)
        else:
            paper.gap(26)
            paper.write(NONE_FOUND, BODY.but(face=Face.SERIF_BOLD, size=15, leading=26, align=Align.CENTER))
            paper.gap(16)
            told = (
                f"截至数据时点（{self.data_time}），按上述查询条件在本市住房租赁合同备案信息中{NONE_FOUND}。特此说明。"
            )
            paper.write(told, CLAUSE.but(after=30))
        paper.gap(6)
