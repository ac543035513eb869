"""仅备案记录单 (row 9): what is on record of a paper contract whose text is not in the system."""

from printing.labelled import LabelledPaper, half, labelled, residents, whole
from printing.labelled import render as render
from printing.people import Person


@labelled
class RecordSheet(LabelledPaper):
    """The recorded particulars of a filing without text; every text is as it should be shown."""

    TITLE = "住房租赁合同备案记录单"
    GAP = 8
    NOTES = (
        "本记录单反映备案登记内容，不替代当事人持有的纸质合同；合同约定以双方持有的合同文本为准。",
        "备案的现时状态以扫描二维码核验的结果为准。",
    )

    filing_no: str = half("备案编号")
    contract_no: str = half("合同编号", empty="—")
    state: str = half("备案状态")
    way: str = half("备案方式")
    lessors: tuple[Person, ...] = whole("出租人")
    lessees: tuple[Person, ...] = whole("承租人")
    residents: tuple[str, ...] = whole("共同居住人", show=residents)
    address: str = whole("房屋坐落")
    part: str = half("租赁部位")
    use: str = half("房屋用途")
    proof_kind: str = half("权属证明")
    proof_no: str = half("证明编号")
    building_area: str = half("建筑面积")
    leased_area: str = half("租赁面积")
    signed_on: str = half("合同签订日期")
    deal: str = half("成交方式")
    term: str = whole("租赁期限")
    valid: str = whole("备案有效期")
    rent: str = half("月租金")
    deposit: str = half("押金")
    accepted_by: str = half("受理单位")
    clerk: str = half("经办人")
    filed_on: str = half("备案日期")
    purpose: str = half("打印用途")

    def opening(self) -> str:
        return "下列租赁合同以纸质文本订立，采用仅备案方式办理，系统未存有合同文本。现按备案登记内容打印如下。"
