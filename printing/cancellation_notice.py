"""备案注销通知书 (D3, row 8): a filing has ended before its time or by expiry."""

from __future__ import annotations

from dataclasses import dataclass

from printing.page import CLAUSE, NOTE, Issue, Paper
from printing.people import Person, people
from printing.table import Row, field, form, pair

TITLE = "住房租赁合同备案注销通知书"

NOTES = (
    "自注销之日起，原备案通知书不再有效，有关部门可以通过备案编号或者本通知书二维码核验备案状态。",
    "原备案通知书曾用于办理居住登记、提取住房公积金等事项的，当事人应当按照相应事项的规定办理变更。",
    "房屋再次出租的，租赁当事人应当就新的租赁合同申请备案。",
    "对注销有异议的，可以自收到本通知书之日起向受理单位提出，或者依法申请行政复议、提起行政诉讼。",
)


@dataclass(frozen=True)
class CancellationNotice:
    """Content of a cancellation notice; every text is ready to print."""

    issue: Issue
    filing_no: str
    contract_no: str
    address: str
    part: str
    lessors: tuple[Person, ...]
    lessees: tuple[Person, ...]
    valid: str
    reason: str
    ended_on: str
    cancelled_on: str
    mode: str
    accepted_by: str
    clerk: str
    channel: str
    other_side_told: str = ""


def render(notice: CancellationNotice) -> bytes:
    """The notice as PDF."""
    paper = Paper(TITLE, notice.issue, number_label="通知书编号")
    paper.write("下列住房租赁合同的备案已予注销，特此通知。", CLAUSE.but(after=8))
    form(paper, rows(notice))
    paper.gap(6)
    paper.ending([f"{number}．{note}" for number, note in enumerate(NOTES, 1)], NOTE, heading="说明")
    return paper.pdf()


def rows(notice: CancellationNotice) -> list[Row]:
    return [
        pair("原备案编号", notice.filing_no, "合同编号", notice.contract_no),
        field("房屋坐落", notice.address),
        field("租赁部位", notice.part),
        field("出租人", people(notice.lessors)),
        field("承租人", people(notice.lessees)),
        field("原备案有效期", notice.valid),
        field("注销原因", notice.reason),
        pair("合同终止日期", notice.ended_on, "注销日期", notice.cancelled_on),
        pair("申请方式", notice.mode, "受理渠道", notice.channel),
        *([field("告知另一方情况", notice.other_side_told)] if notice.other_side_told else []),
        pair("受理单位", notice.accepted_by, "经办人", notice.clerk),
    ]
