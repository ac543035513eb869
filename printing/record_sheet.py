"""仅备案记录单 (row 9): what is on record of a paper contract whose text is not in the system."""

from __future__ import annotations

from dataclasses import dataclass

from printing.page import CLAUSE, NOTE, Issue, Paper
from printing.people import Person, people
from printing.table import field, form, pair

TITLE = "住房租赁合同备案记录单"


@dataclass(frozen=True)
class RecordSheet:
    """The recorded particulars of a filing without text; every text is as it should be shown."""

    issue: Issue
    filing_no: str
    contract_no: str
    state: str
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
    signed_on: str
    term: str
    valid: str
    rent: str
    deposit: str
    deal: str
    way: str
    accepted_by: str
    clerk: str
    filed_on: str
    purpose: str


def render(sheet: RecordSheet) -> bytes:
    """The sheet as PDF."""
    paper = Paper(TITLE, sheet.issue)
    paper.write(
        "下列租赁合同以纸质文本订立，采用仅备案方式办理，系统未存有合同文本。现按备案登记内容打印如下。",
        CLAUSE.but(after=8),
    )
    residents = f"共 {len(sheet.residents)} 人" + ("：" + "、".join(sheet.residents) if sheet.residents else "")
    form(
        paper,
        [
            pair("备案编号", sheet.filing_no, "合同编号", sheet.contract_no or "—"),
            pair("备案状态", sheet.state, "备案方式", sheet.way),
            field("出租人", people(sheet.lessors)),
            field("承租人", people(sheet.lessees)),
            field("共同居住人", residents),
            field("房屋坐落", sheet.address),
            pair("租赁部位", sheet.part, "房屋用途", sheet.use),
            pair("权属证明", sheet.proof_kind, "证明编号", sheet.proof_no),
            pair("建筑面积", sheet.building_area, "租赁面积", sheet.leased_area),
            pair("合同签订日期", sheet.signed_on, "成交方式", sheet.deal),
            field("租赁期限", sheet.term),
            field("备案有效期", sheet.valid),
            pair("月租金", sheet.rent, "押金", sheet.deposit),
            pair("受理单位", sheet.accepted_by, "经办人", sheet.clerk),
            pair("备案日期", sheet.filed_on, "打印用途", sheet.purpose),
        ],
    )
    paper.gap(8)
    paper.ending(
        [
            "1．本记录单反映备案登记内容，不替代当事人持有的纸质合同；合同约定以双方持有的合同文本为准。",
            "2．备案的现时状态以扫描二维码核验的结果为准。",
        ],
        NOTE,
    )
    return paper.pdf()
