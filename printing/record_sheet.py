"""仅备案记录单 (row 9): what is on record of a paper contract whose text is not in the system."""

from printing.filing_notice import FilingPaper
from printing.labelled import half, labelled
from printing.labelled import render as render


@labelled
class RecordSheet(FilingPaper):
    """The recorded particulars of a filing without text; every text is as it should be shown."""

    TITLE = "住房租赁合同备案记录单"
    GAP = 8
    NOTES = (
        "本记录单反映备案登记内容，不替代当事人持有的纸质合同；合同约定以双方持有的合同文本为准。",
        "备案的现时状态以扫描二维码核验的结果为准。",
    )

    state: str = half("备案状态")
    signed_on: str = half("合同签订日期")
    deposit: str = half("押金")
    purpose: str = half("打印用途")

    def opening(self) -> str:
        return "下列租赁合同以纸质文本订立，采用仅备案方式办理，系统未存有合同文本。现按备案登记内容打印如下。"
