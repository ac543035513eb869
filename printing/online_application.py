"""网上申请书 and 单方书面承诺 (D8, row 3): what a citizen declared on the page, as a file of the application."""

from printing.labelled import LabelledPaper, half, labelled, optional, whole
from printing.labelled import render as render
from printing.people import Person


@labelled
class OnlineApplication(LabelledPaper):
    """Content of an application filled in on the citizens' page; every text is ready to print."""

    TITLE = "住房租赁合同网签备案申请书"
    NUMBER_LABEL = "申请编号"
    NOTES_HEADING = "申请人声明"
    NOTES = (
        "申请人已通过一网通办实名登录，本申请书由申请人在网上填写并确认。",
        "申请人对所填内容和所提交材料的真实性负责。",
    )

    situation: str = half("办理情形")
    applied_at: str = half("申请时间")
    applicant: tuple[Person, ...] = whole("申请人")
    role: str = half("申请人身份")
    mobile: str = half("联系电话")
    lessors: tuple[Person, ...] = whole("出租人")
    lessees: tuple[Person, ...] = whole("承租人")
    address: str = whole("房屋坐落")
    cert_no: str = half("权属证明编号")
    part: str = half("租赁部位")
    term: str = half("租赁期限")
    rent: str = half("月租金")
    filing_no: str = optional("备案编号")
    ended_on: str = optional("合同终止日期")
    reason: str = optional("注销原因")
    commitment: str = optional("单方书面承诺")

    def opening(self) -> str:
        return "申请人就下列住房租赁合同申请办理网签备案事项。"
