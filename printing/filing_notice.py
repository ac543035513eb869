"""住房租赁合同备案通知书 (D2, rows 7 and 9): the result paper of a filing."""

from __future__ import annotations

from dataclasses import dataclass

from printing.page import CLAUSE, NOTE, Issue, Paper
from printing.people import Person, people
from printing.table import Row, field, form, pair

TITLE = "住房租赁合同备案通知书"

NOTES = (
    "本通知书记载的备案内容发生变化的，租赁当事人应当自变化之日起三十日内办理变更或者重新备案手续。",
    "租赁合同提前解除或者终止的，租赁当事人应当及时申请注销备案；合同期限届满的，备案自动注销。",
    "备案有效期届满而租赁关系继续的，租赁当事人应当在有效期届满前重新申请备案。",
    "本通知书可以用于办理居住登记、子女入学、提取住房公积金支付房租等事项；办理上述事项时凭本通知书即可，无需另行提交租赁合同。",
    "本通知书仅证明租赁合同已办理备案，不作为房屋权属、房屋安全状况或者合同履行情况的证明。",
)


@dataclass(frozen=True)
class FilingNotice:
    """Content of a filing notice; every text is ready to print."""

    issue: Issue
    filing_no: str
    contract_no: str
    lessors: tuple[Person, ...]
    lessees: tuple[Person, ...]
    residents: tuple[str, ...]
    address: str
    part: str
    proof_kind: str
    proof_no: str
    building_area: str
    leased_area: str
    use: str
    term: str
    valid: str
    shorter_than_term: bool
    rent: str
    deal: str
    firm: str
    card_no: str
    way: str
    accepted_by: str
    clerk: str
    channel: str
    filed_on: str
    show_rent: bool = True
    copy: str = ""


def render(notice: FilingNotice) -> bytes:
    """The notice as PDF."""
    return laid_out(notice).pdf()


def laid_out(notice: FilingNotice) -> Paper:
    """The notice with everything in its place, not yet drawn."""
    paper = Paper(TITLE, notice.issue, number_label="通知书编号")
    paper.write(
        "根据住房租赁管理的有关规定，下列住房租赁合同经核验符合备案条件，已予备案，特此通知。", CLAUSE.but(after=8)
    )
    form(paper, rows(notice))
    paper.gap(6)
    notes = [f"{number}．{note}" for number, note in enumerate(NOTES, 1)]
    if notice.copy:
        notes.append(f"{len(notes) + 1}．本通知书一式两份，出租人、承租人各执一份。本份为：{notice.copy}。")
    paper.ending(notes, NOTE, heading="说明")
    return paper


def rows(notice: FilingNotice) -> list[Row]:
    """The table of the notice, in the order of the register."""
    valid = notice.valid + ("（短于租赁期限，届满前请重新备案）" if notice.shorter_than_term else "")
    residents = f"共 {len(notice.residents)} 人"
    if notice.residents:
        residents += "：" + "、".join(notice.residents)
    return [
        pair("备案编号", notice.filing_no, "合同编号", notice.contract_no),
        field("出租人", people(notice.lessors)),
        field("承租人", people(notice.lessees)),
        field("共同居住人", residents),
        field("房屋坐落", notice.address),
        pair("租赁部位", notice.part, "房屋用途", notice.use),
        pair("权属证明", notice.proof_kind, "证明编号", notice.proof_no),
        pair("建筑面积", notice.building_area, "租赁面积", notice.leased_area),
        field("租赁期限", notice.term),
        field("备案有效期", valid),
        *([field("月租金", notice.rent)] if notice.show_rent else []),
        pair("成交方式", notice.deal, "备案方式", notice.way),
        pair("经纪机构／企业", notice.firm or "—", "从业信息卡编号", notice.card_no or "—"),
        pair("受理单位", notice.accepted_by, "经办人", notice.clerk),
        pair("受理渠道", notice.channel, "备案日期", notice.filed_on),
    ]
