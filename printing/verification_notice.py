"""房源核验结果通知书 (D4, row 25): the result of a verification with every reason, and where to go next."""

from collections.abc import Sequence

from printing.labelled import LabelledPaper, column, half, labelled, optional, whole, write_list
from printing.labelled import render as render
from printing.page import Paper


@labelled
class FailedRule:
    """A rule that failed, in words of the applicant: what to do about it, and whether a forced review is open to it."""

    code: str = column("编号", 0.1, centred=True)
    message: str = column("原因", 0.36)
    advice: str = column("处理办法", 0.38)
    forced: str = column("强制核验", 0.16, centred=True)


@labelled
class Window:
    """The window that takes applications for forced review."""

    name: str = column("受理窗口", 0.28)
    address: str = column("地址", 0.32)
    phone: str = column("电话", 0.18)
    hours: str = column("办公时间", 0.22)


@labelled
class VerificationNotice(LabelledPaper):
    """Content of a notice. `opening_words` and `closing_words` are those of the template in force when it was issued."""

    TITLE = "房源核验结果通知书"
    NUMBER_LABEL = "通知书编号"
    NOTES_HEADING = "说明"

    verify_no: str = half("申请编号")
    result: str = half("核验结果")
    applicant: str = whole("申请人")
    address: str = whole("房屋坐落")
    proof_kind: str = half("权属证明")
    proof_no: str = half("证明编号")
    checked_at: str = half("核验时间")
    template: str = half("模板版次")
    code_no: str = optional("核验码")
    valid: str = optional("有效期")

    opening_words: str = ""
    closing_words: tuple[str, ...] = ()
    reasons: tuple[FailedRule, ...] = ()
    windows: tuple[Window, ...] = ()

    def opening(self) -> str:
        return self.opening_words

    def go_on(self, paper: Paper) -> None:
        if not self.reasons:
            return
        paper.heading(f"未通过的原因（共 {len(self.reasons)} 项）", follows=90)
        write_list(paper, self.reasons)
        paper.gap(8)
        if self.windows:
            paper.heading("申请强制核验的窗口", follows=60)
            write_list(paper, self.windows)
            paper.gap(8)

    def notes(self) -> Sequence[str]:
        return self.closing_words
