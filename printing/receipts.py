"""办理回执 (D7): the papers a case gives between its first page and its result (rows 5-9)."""

from collections.abc import Sequence
from dataclasses import dataclass

from printing.fonts import Face
from printing.labelled import LabelledPaper, column, half, labelled, optional, rows_of, whole, write_list
from printing.labelled import render as render
from printing.page import CLAUSE, Paper
from printing.table import LABEL, VALUE, Cell, Row, form, pair, table
from printing.text import Align

HOTLINE = "咨询电话：962269。"


@labelled
class Case:
    """Particulars of a case printed on every receipt; without an address the case concerns no house."""

    accept_no: str = half("受理编号", empty="—")
    case_no: str = half("办件编号")
    item: str = half("事项")
    situation: str = half("情形")
    applicant: str = whole("申请人")
    address: str = optional("房屋坐落")
    unit: str = half("受理单位")
    window: str = half("受理窗口")
    clerk: str = half("经办人")
    time: str = half("办理时间")


@labelled
class Material:
    """A document handed in, or read from the licence library."""

    name: str = column("材料名称", 0.68)
    kind: str = column("形式", 0.25, centred=True)


@dataclass(frozen=True)
class Reason:
    """A failed rule in words a citizen can act on; empty parts are left out."""

    code: str
    message: str
    basis: str = ""
    found: str = ""
    bring: str = ""
    where: str = ""
    #: What a reviewer wants to see, where a forced review is open to this reason.
    review: str = ""


@labelled
class Counter:
    """A counter that a citizen can visit."""

    name: str = column("受理窗口", 0.26)
    address: str = column("地址", 0.34)
    phone: str = column("电话", 0.16)
    hours: str = column("办公时间", 0.24)


@labelled
class Receipt(LabelledPaper):
    """A receipt: the case, and a sentence to its applicant."""

    GAP = 4

    case: Case

    def begin(self, paper: Paper) -> None:
        paper.write(f"{self.case.applicant}：", CLAUSE.but(first=0))
        super().begin(paper)

    def rows(self) -> list[Row]:
        return [*rows_of(self.case), *rows_of(self)]


@labelled
class Acceptance(Receipt):
    """受理回执: the case is accepted."""

    TITLE = "受理回执"
    NOTES = ("请妥善保管本回执，凭办件编号和查询码可以查询办理进度。", f"办结后将另行通知。{HOTLINE}")

    materials: tuple[Material, ...]
    promised: str = half("承诺办结时间")
    query_code: str = half("办件查询码")

    def opening(self) -> str:
        return f"您申请办理的“{self.case.item}”，材料齐全、符合法定形式，现予受理。"

    def go_on(self, paper: Paper) -> None:
        paper.heading("已收材料", follows=60)
        write_list(paper, self.materials, number=0.07)
        sign(paper)


@labelled
class HandedItem:
    """A material as it was handed over a counter."""

    name: str = column("材料名称", 0.45)
    pages: str = column("页数", 0.1, centred=True)
    original: str = column("原件", 0.22, centred=True)
    kept: str = column("留存", 0.16, centred=True)


@labelled
class HandedIn(Receipt):
    """收件清单: what was handed over a counter, with its pages, and which originals went back."""

    TITLE = "收件清单"
    NOTES = ("请当场核对材料、页数和退还的原件，无误后签名；本清单不代表申请已经核准。", HOTLINE)

    items: tuple[HandedItem, ...]
    total: str = whole("合计")

    def opening(self) -> str:
        return f"您为办理“{self.case.item}”在本窗口提交的材料如下。"

    def go_on(self, paper: Paper) -> None:
        paper.heading("材料", follows=60)
        write_list(paper, self.items, number=0.07)
        sign(paper)


@labelled
class Gap:
    """A fault to put right: the reason, and how the applicant does it."""

    item: str = column("需补正的材料或内容", 0.27)
    reason: str = column("原因", 0.34)
    how: str = column("怎样补正", 0.32)


@labelled
class Correction(Receipt):
    """补正告知书: everything that is missing or wrong, in one list, before the case is accepted."""

    TITLE = "补正告知书"
    NOTES = (
        "请在提交申请的渠道打开本办件，在补正期限内一次补齐后重新提交；齐全后即予受理，自受理起计算办理期限。",
        f"补正期限届满没有补正的，本办件关闭，可以重新申请。{HOTLINE}",
    )

    gaps: tuple[Gap, ...]
    deadline: str = whole("补正期限")
    promised: str = half("承诺办结时间")
    query_code: str = half("办件查询码")
    materials: tuple[Material, ...] = ()

    def opening(self) -> str:
        return f"您申请办理的“{self.case.item}”，经收件审查，有下列 {len(self.gaps)} 项需要补正，现一次性告知。"

    def go_on(self, paper: Paper) -> None:
        paper.heading("需补正的材料和内容", follows=60)
        write_list(paper, self.gaps, number=0.07)
        if self.materials:
            paper.heading("已收材料", follows=60)
            write_list(paper, self.materials, number=0.07)
        sign(paper)


@labelled
class Refusal(Receipt):
    """不予受理决定书: the application is not this authority's matter, or rests on false material."""

    TITLE = "不予受理决定书"
    RED_HEAD = True
    NOTES = (
        "对本决定不服的，可以自收到本决定书之日起60日内依法申请行政复议，或者在6个月内依法向人民法院提起行政诉讼。",
        f"对办理过程有意见的，可以向受理单位或者其上级主管部门投诉。{HOTLINE}",
    )

    ground: str = whole("决定事由")
    reason: str = whole("具体理由")
    basis: str = whole("法律依据")

    def opening(self) -> str:
        return f"您申请办理的“{self.case.item}”，经审查，决定不予受理。"


@labelled
class Finished(Receipt):
    """办结通知: the result with its number, and where its paper is had."""

    TITLE = "办结通知"
    NOTES = (HOTLINE,)

    result: str = half("办理结果")
    number: str = half("结果编号")
    paper: str = half("结果文书")
    done_on: str = half("办结时间")
    download: str = whole("下载方式")

    def opening(self) -> str:
        return f"您申请办理的“{self.case.item}”已经办结，结果如下。"


@labelled
class NotFiled(Receipt):
    """不予备案（退件）告知书: a rule that cannot be waived has failed."""

    TITLE = "不予备案（退件）告知书"
    NOTES = (
        "请按所列要求处理后重新申请；信息已更正的，可以直接重新提交。",
        f"对本告知有异议的，可以向受理单位提出，或者依法申请行政复议、提起行政诉讼。{HOTLINE}",
    )

    reasons: tuple[Reason, ...]

    def opening(self) -> str:
        number = len(self.reasons)
        return f"您申请办理的“{self.case.item}”，经核验有下列 {number} 项不符合备案条件，现予退件并一次性告知。"

    def go_on(self, paper: Paper) -> None:
        paper.gap(2)
        paper.heading("退件的原因", follows=90)
        list_reasons(paper, self.reasons)


@labelled
class Intercept(Receipt):
    """系统拦截告知书: the automatic check stopped the case; a forced review is open where every reason may be forced (row 11)."""

    TITLE = "系统拦截告知书"
    NOTES = (
        "拦截不等于退件。请携带所列材料原件到受理地点核对；登记信息已经更正的，可以直接重新申请。",
        f"对本告知有疑问的，可以向受理地点询问。{HOTLINE}",
    )

    reasons: tuple[Reason, ...]
    counters: tuple[Counter, ...]
    #: Whether a forced review is open, and how long it takes.
    review: str = ""

    def opening(self) -> str:
        return f"您申请办理的“{self.case.item}”，自动核验未能通过，办件已暂停。原因有下列 {len(self.reasons)} 项。"

    def go_on(self, paper: Paper) -> None:
        paper.gap(2)
        paper.heading("拦截原因及应携带的材料", follows=90)
        list_reasons(paper, self.reasons)
        if self.review:
            paper.heading("强制核验", follows=40)
            paper.write(self.review, CLAUSE.but(after=8))
        if self.counters:
            paper.heading("受理地点", follows=60)
            write_list(paper, self.counters)
            paper.gap(8)


@labelled
class Guidance(Receipt):
    """一次性告知单: for every rule that failed, why, by which provision, what was found, what to bring and where."""

    TITLE = "一次性告知单"
    GAP = 8
    NOTES = (
        "以上情况系按申请时提交的信息及有关登记信息核验的结果；信息已经更正的，可以直接重新申请。",
        "对核验结果有疑问的，可以向受理单位查询；本告知单不是行政决定，不影响您依法享有的权利。",
        HOTLINE,
    )

    reasons: tuple[Reason, ...]

    def opening(self) -> str:
        return (
            f"您申请办理的“{self.case.item}”经核验，有下列 {len(self.reasons)} 项情况需要处理。"
            "现一次性告知如下，请按所列要求备齐材料后办理。"
        )

    def go_on(self, paper: Paper) -> None:
        list_reasons(paper, self.reasons)
        paper.gap(6)


def sign(paper: Paper) -> None:
    """Room for the signatures of clerk and applicant."""
    paper.gap(12)
    paper.keep(40)
    form(paper, [pair("经办人签名", "\n", "申请人\n（代理人）签名", "\n")])
    paper.gap(8)


def list_reasons(paper: Paper, reasons: Sequence[Reason]) -> None:
    """A block for each reason; a block is not torn from its first line."""
    title = VALUE.but(face=Face.SERIF_BOLD)
    code = LABEL.but(size=9, align=Align.RIGHT)
    for number, reason in enumerate(reasons, 1):
        rows: list[Row] = [
            (
                Cell(f"{number}．{reason.message}", span=2, style=title, shaded=True),
                Cell(reason.code, style=code, shaded=True),
            )
        ]
        for label, text in (
            ("依据", reason.basis),
            ("核验情况", reason.found),
            ("应备材料", reason.bring),
            ("强制核验材料", reason.review),
            ("办理地点", reason.where),
        ):
            if text:
                rows.append((Cell(label, style=LABEL), Cell(text, span=2)))
        paper.keep(90)
        table(paper, (0.178, 0.642, 0.18), rows)
        paper.gap(7)
