"""强制核验申请书 and 审核意见书 of an intercepted filing (D7, row 11)."""

from collections.abc import Sequence

from printing.labelled import LabelledPaper, column, half, labelled, optional, whole, write_list
from printing.labelled import render as render
from printing.page import Paper
from printing.table import form, pair


@labelled
class ReasonLine:
    """A rule under review."""

    code: str = column("规则", 0.1, centred=True)
    words: str = column("原因", 0.42)
    result: str = column("处理", 0.14, centred=True)
    materials: str = column("材料", 0.34)


@labelled
class ReviewPaper(LabelledPaper):
    """Particulars of an application on both papers; every text is ready to print, the person masked."""

    apply_no: str = half("申请编号")
    case_no: str = half("办件编号")
    applicant: str = half("申请人")
    capacity: str = half("申请人身份")
    address: str = whole("房屋坐落")
    accepted_by: str = half("受理单位")
    accepted_on: str = half("受理日期")
    reason: str = whole("申请理由")

    def lines(self) -> Sequence[ReasonLine]:
        return ()

    def go_on(self, paper: Paper) -> None:
        if lines := self.lines():
            paper.heading("申请复核的规则和材料", follows=60)
            write_list(paper, lines)
            paper.gap(10)


@labelled
class ForcedApplication(ReviewPaper):
    """Content of the application."""

    TITLE = "强制核验申请书"
    NUMBER_LABEL = "申请编号"
    NOTES_HEADING = "申请人声明"
    NOTES = (
        "所提交的材料真实、合法、有效；材料虚假的，依法承担责任。",
        "知悉审核只对所列规则作出，其余规则重新核验；审核期限为受理后三个工作日。",
    )

    reasons: tuple[ReasonLine, ...]

    def opening(self) -> str:
        return "下列住房租赁合同网签备案经自动核验被拦截，现申请对所列规则进行强制核验。"

    def lines(self) -> Sequence[ReasonLine]:
        return self.reasons

    def go_on(self, paper: Paper) -> None:
        super().go_on(paper)
        paper.keep(40)
        form(paper, [pair("申请人\n（代理人）签名", "\n", "日期", "\n")])
        paper.gap(8)


@labelled
class ForcedOpinion(ReviewPaper):
    """Content of the opinion: a refusal gives its grounds, an agreement what was waived."""

    TITLE = "强制核验审核意见书"
    NUMBER_LABEL = "申请编号"

    reasons: tuple[ReasonLine, ...]
    result: str = half("审核结果")
    filing_no: str = half("备案编号", empty="—")
    opinion: str = whole("审核意见", empty="同意")
    second_opinion: str = optional("复核意见")
    reviewer: str = half("审核人")
    decided_on: str = half("审核日期")

    def opening(self) -> str:
        return "对下列住房租赁合同网签备案的强制核验申请，经审核提出意见如下。"

    def lines(self) -> Sequence[ReasonLine]:
        return self.reasons

    def notes(self) -> Sequence[str]:
        if self.filing_no:
            return ("只豁免上表注明的规则，其余规则已重新核验通过；备案通知书载明豁免情况。",)
        return (
            "未同意后再次申请的，须提交新的材料；登记信息已经更正的，可以直接重新申请备案。",
            "对本意见有异议的，可以向审核单位提出，或者依法申请行政复议、提起行政诉讼。咨询电话：962269。",
        )
