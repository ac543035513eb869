"""住房租赁合同备案通知书 (D2, rows 7 and 9): the result paper of a filing."""

from printing.labelled import LabelledPaper, half, labelled, optional, residents, whole
from printing.labelled import render as render
from printing.people import Person


@labelled
class FilingPaper(LabelledPaper):
    """A paper that says what is on record of a filing; every text is ready to print."""

    filing_no: str = half("备案编号")
    contract_no: str = half("合同编号", empty="—")
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
    term: str = whole("租赁期限")
    valid: str = whole("备案有效期")
    rent: str = half("月租金")
    deal: str = half("成交方式")
    way: str = half("备案方式")
    filed_on: str = half("备案日期")
    accepted_by: str = half("受理单位")
    clerk: str = half("经办人")


@labelled
class FilingNotice(FilingPaper):
    """Content of a filing notice, in the order of the register."""

    TITLE = "住房租赁合同备案通知书"
    NUMBER_LABEL = "通知书编号"
    NOTES_HEADING = "说明"
    NOTES = (
        "本通知书记载的备案内容发生变化的，租赁当事人应当自变化之日起三十日内办理变更或者重新备案手续。",
        "租赁合同提前解除或者终止的，租赁当事人应当及时申请注销备案；合同期限届满的，备案自动注销。",
        "备案有效期届满而租赁关系继续的，租赁当事人应当在有效期届满前重新申请备案。",
        "本通知书可以用于办理居住登记、子女入学、提取住房公积金支付房租等事项；办理上述事项时凭本通知书即可，无需另行提交租赁合同。",
        "本通知书仅证明租赁合同已办理备案，不作为房屋权属、房屋安全状况或者合同履行情况的证明。",
    )

    firm: str = half("经纪机构／企业", empty="—")
    card_no: str = half("从业信息卡编号", empty="—")
    channel: str = whole("受理渠道")
    #: What a reviewer let go, of a filing made by forced review (row 11).
    waived: str = optional("强制核验", default="")

    def opening(self) -> str:
        return "根据住房租赁管理的有关规定，下列住房租赁合同经核验符合备案条件，已予备案，特此通知。"
