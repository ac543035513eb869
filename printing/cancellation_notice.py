"""备案注销通知书 (D3, row 8): a filing has ended before its time or by expiry."""

from printing.labelled import LabelledPaper, half, labelled, optional, whole
from printing.labelled import render as render
from printing.people import Person


@labelled
class CancellationNotice(LabelledPaper):
    """Content of a cancellation notice; every text is ready to print."""

    TITLE = "住房租赁合同备案注销通知书"
    NUMBER_LABEL = "通知书编号"
    NOTES_HEADING = "说明"
    NOTES = (
        "自注销之日起，原备案通知书不再有效，有关部门可以通过备案编号或者本通知书二维码核验备案状态。",
        "原备案通知书曾用于办理居住登记、提取住房公积金等事项的，当事人应当按照相应事项的规定办理变更。",
        "房屋再次出租的，租赁当事人应当就新的租赁合同申请备案。",
        "对注销有异议的，可以自收到本通知书之日起向受理单位提出，或者依法申请行政复议、提起行政诉讼。",
    )

    filing_no: str = half("原备案编号")
    contract_no: str = half("合同编号")
    address: str = whole("房屋坐落")
    part: str = whole("租赁部位")
    lessors: tuple[Person, ...] = whole("出租人")
    lessees: tuple[Person, ...] = whole("承租人")
    valid: str = whole("原备案有效期")
    reason: str = whole("注销原因")
    ended_on: str = half("合同终止日期")
    cancelled_on: str = half("注销日期")
    mode: str = half("申请方式")
    channel: str = half("受理渠道")
    other_side_told: str = optional("告知另一方情况")
    accepted_by: str = half("受理单位")
    clerk: str = half("经办人")

    def opening(self) -> str:
        return "下列住房租赁合同的备案已予注销，特此通知。"
