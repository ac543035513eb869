"""办理回执 (D7): the papers a case gives between its first page and its result (rows 5-9)."""

from dataclasses import dataclass

from printing.guidance import Reason, list_reasons
from printing.labelled import LabelledPaper, column, half, labelled, optional, rows_of, whole, write_list
from printing.labelled import render as render
from printing.page import BODY, CLAUSE, Paper
from printing.table import LABEL, Cell, Row, grid, numbered, table

HOTLINE = "咨询电话：962269。"
#: The last sentence of a paper that has no notes.
LAST = BODY.but(size=9.5, leading=15)


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


@dataclass(frozen=True)
class Material:
    """A document handed in, or read from the licence library."""

    name: str
    kind: str
    pages: str = ""
    returned: str = ""


@labelled
class Gap:
    """A missing or wrong document, and how to correct it."""

    item: str = column("材料或事项", 0.24)
    reason: str = column("补正原因", 0.33)
    how: str = column("补正方式", 0.36)


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
        materials_table(paper, self.materials)
        signatures(paper, "经办人", "申请人\n（代理人）")


@labelled
class Correction(Receipt):
    """补正告知书: all gaps at once."""

    TITLE = "补正告知书"
    NOTES = (
        "补正材料可以通过原申请渠道在线提交，也可以到受理窗口提交。",
        f"逾期未补正的，视为放弃申请，需要办理的可以重新申请。{HOTLINE}",
    )

    materials: tuple[Material, ...]
    gaps: tuple[Gap, ...]
    deadline: str = half("补正期限")
    query_code: str = half("办件查询码")

    def opening(self) -> str:
        return f"您申请办理的“{self.case.item}”，经审查有下列 {len(self.gaps)} 项需要补正，现一次性告知。"

    def go_on(self, paper: Paper) -> None:
        paper.gap(2)
        paper.heading("需要补正的内容", follows=70)
        write_list(paper, self.gaps, number=0.07)
        materials_table(paper, self.materials)
        signatures(paper, "经办人", "申请人\n（代理人）")


@labelled
class Refusal(Receipt):
    """不予受理决定书: the case is outside the competence of this authority or service."""

    TITLE = "不予受理决定书"

    reason: str = whole("不予受理理由")
    basis: tuple[str, ...] = whole("依据", show=lambda receipt: "\n".join(receipt.basis))
    remedy: str = whole("救济途径")

    def opening(self) -> str:
        return f"您申请办理的“{self.case.item}”，经审查，决定不予受理。理由和依据如下。"

    def end(self, paper: Paper) -> None:
        paper.gap(8)
        paper.ending([f"已提交的材料随本决定书退还。{HOTLINE}"], LAST)


@labelled
class NotFiled(Receipt):
    """不予备案（退件）告知书: a rule that cannot be waived has failed."""

    TITLE = "不予备案（退件）告知书"
    NOTES = (
        "有关情况改变后，可以重新申请备案。",
        f"对本告知有异议的，可以向受理单位提出，或者依法申请行政复议、提起行政诉讼。{HOTLINE}",
    )

    reasons: tuple[Reason, ...]
    next_steps: tuple[str, ...]

    def opening(self) -> str:
        number = len(self.reasons)
        return f"您申请办理的“{self.case.item}”，经核验有下列 {number} 项不符合备案条件，现予退件并一次性告知。"

    def go_on(self, paper: Paper) -> None:
        paper.gap(2)
        paper.heading("不予备案的原因", follows=90)
        list_reasons(paper, self.reasons)
        steps(paper, self.next_steps)


@labelled
class Intercept(Receipt):
    """系统拦截告知书: the automatic check stopped the case; it is kept, and the lease may be filed anew.

    It promises no forced review while the product has none (row 3 brings it).
    """

    TITLE = "系统拦截告知书"
    NOTES = (
        "拦截不等于不予备案。请携带所列材料原件到受理地点核对；登记信息已经更正的，可以直接重新申请。",
        f"对本告知有疑问的，可以向受理地点询问。{HOTLINE}",
    )

    reasons: tuple[Reason, ...]
    counters: tuple[Counter, ...]

    def opening(self) -> str:
        return f"您申请办理的“{self.case.item}”，自动核验未能通过，办件已暂停。原因有下列 {len(self.reasons)} 项。"

    def go_on(self, paper: Paper) -> None:
        paper.gap(2)
        paper.heading("拦截原因及应携带的材料", follows=90)
        list_reasons(paper, self.reasons)
        if self.counters:
            paper.heading("受理地点", follows=60)
            write_list(paper, self.counters)
            paper.gap(8)


@labelled
class Completion(Receipt):
    """办结通知: the result is there."""

    TITLE = "办结通知"

    result: str = whole("办理结果")
    result_no: str = half("结果文书编号")
    done_on: str = half("办结日期")
    download: str = whole("领取方式")

    def opening(self) -> str:
        return f"您申请办理的“{self.case.item}”已办结，特此通知。"

    def end(self, paper: Paper) -> None:
        paper.gap(8)
        paper.ending([f"结果文书的真伪和现时状态可以扫描文书二维码核验。{HOTLINE}"], LAST)


@labelled
class MaterialList(Receipt):
    """收件清单: what the counter took and gave back."""

    TITLE = "收件清单"
    NOTES = ("“原件退还”栏载明核对后当场退还的原件。", "本清单一式两份，收件窗口和提交人各执一份。")

    materials: tuple[Material, ...]

    def opening(self) -> str:
        return "今收到申请人提交的下列材料。"

    def go_on(self, paper: Paper) -> None:
        materials_table(paper, self.materials, heading="材料清单")
        signatures(paper, "收件人", "提交人")


def materials_table(paper: Paper, materials: tuple[Material, ...], heading: str = "已收材料") -> None:
    if not materials:
        return
    paper.heading(heading, follows=60)
    with_pages = any(material.pages or material.returned for material in materials)
    if with_pages:
        columns = (("序号", 0.07), ("材料名称", 0.46), ("形式", 0.21), ("页数", 0.1), ("原件退还", 0.16))
        grid(paper, columns, numbered(materials), centred=(0, 2, 3, 4))
    else:
        pairs = [(str(number), material.name, material.kind) for number, material in enumerate(materials, 1)]
        grid(paper, (("序号", 0.07), ("材料名称", 0.68), ("形式", 0.25)), pairs, centred=(0, 2))
    paper.gap(4)


def steps(paper: Paper, next_steps: tuple[str, ...]) -> None:
    if not next_steps:
        return
    paper.heading("后续办理", follows=40)
    for number, step in enumerate(next_steps, 1):
        paper.write(f"{number}．{step}", BODY.but(indent=17, first=-17, after=2))
    paper.gap(6)


def signatures(paper: Paper, left: str, right: str) -> None:
    paper.gap(8)
    paper.keep(40)
    row = [
        Cell(f"{left}签名", style=LABEL, shaded=True),
        Cell("\n"),
        Cell(f"{right}签名", style=LABEL, shaded=True),
        Cell("\n"),
    ]
    table(paper, (0.178, 0.322, 0.178, 0.322), [row])
    paper.gap(8)
