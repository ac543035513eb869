"""办理回执 (D7): the papers a case gives between its first page and its result (rows 5-9)."""

from __future__ import annotations

from dataclasses import dataclass

from printing.guidance import Reason, list_reasons
from printing.page import BODY, CLAUSE, NOTE, Issue, Paper
from printing.table import LABEL, Cell, Row, field, form, grid, pair, table

HOTLINE = "咨询电话：962269。"


@dataclass(frozen=True)
class Case:
    """Particulars of a case printed on every receipt; without an address the case concerns no house."""

    accept_no: str
    case_no: str
    item: str
    situation: str
    applicant: str
    address: str
    unit: str
    window: str
    clerk: str
    time: str


@dataclass(frozen=True)
class Material:
    """A document handed in, or read from the licence library."""

    name: str
    kind: str
    pages: str = ""
    returned: str = ""


@dataclass(frozen=True)
class Gap:
    """A missing or wrong document, and how to correct it."""

    item: str
    reason: str
    how: str


@dataclass(frozen=True)
class Counter:
    """A counter that a citizen can visit."""

    name: str
    address: str
    phone: str
    hours: str


@dataclass(frozen=True)
class Acceptance:
    """受理回执: the case is accepted."""

    issue: Issue
    case: Case
    materials: tuple[Material, ...]
    promised: str
    query_code: str


@dataclass(frozen=True)
class Correction:
    """补正告知书: all gaps at once."""

    issue: Issue
    case: Case
    materials: tuple[Material, ...]
    gaps: tuple[Gap, ...]
    deadline: str
    query_code: str


@dataclass(frozen=True)
class Refusal:
    """不予受理决定书: the case is outside the competence of this authority or service."""

    issue: Issue
    case: Case
    reason: str
    basis: tuple[str, ...]
    remedy: str


@dataclass(frozen=True)
class NotFiled:
    """不予备案（退件）告知书: a rule that cannot be waived has failed."""

    issue: Issue
    case: Case
    reasons: tuple[Reason, ...]
    next_steps: tuple[str, ...]
    forced_review: str


@dataclass(frozen=True)
class Intercept:
    """系统拦截告知书: the automatic check stopped the case; it stays open for a forced review."""

    issue: Issue
    case: Case
    reasons: tuple[Reason, ...]
    counters: tuple[Counter, ...]
    due: str


@dataclass(frozen=True)
class Completion:
    """办结通知: the result is there."""

    issue: Issue
    case: Case
    result: str
    result_no: str
    done_on: str
    download: str


@dataclass(frozen=True)
class MaterialList:
    """收件清单: what the counter took and gave back."""

    issue: Issue
    case: Case
    materials: tuple[Material, ...]


Receipt = Acceptance | Correction | Refusal | NotFiled | Intercept | Completion | MaterialList


def render(receipt: Receipt) -> bytes:
    """The receipt as PDF."""
    match receipt:
        case Acceptance():
            paper = acceptance(receipt)
        case Correction():
            paper = correction(receipt)
        case Refusal():
            paper = refusal(receipt)
        case NotFiled():
            paper = not_filed(receipt)
        case Intercept():
            paper = intercept(receipt)
        case Completion():
            paper = completion(receipt)
        case MaterialList():
            paper = material_list(receipt)
    return paper.pdf()


def acceptance(receipt: Acceptance) -> Paper:
    case = receipt.case
    paper = begin("受理回执", receipt.issue, case, f"您申请办理的“{case.item}”，材料齐全、符合法定形式，现予受理。")
    case_table(paper, case, [pair("承诺办结时间", receipt.promised, "办件查询码", receipt.query_code)])
    materials_table(paper, receipt.materials)
    signatures(paper, "经办人", "申请人\n（代理人）")
    paper.ending(
        ["1．请妥善保管本回执，凭办件编号和查询码可以查询办理进度。", f"2．办结后将另行通知。{HOTLINE}"],
        NOTE,
    )
    return paper


def correction(receipt: Correction) -> Paper:
    case = receipt.case
    paper = begin(
        "补正告知书",
        receipt.issue,
        case,
        f"您申请办理的“{case.item}”，经审查有下列 {len(receipt.gaps)} 项需要补正，现一次性告知。",
    )
    case_table(paper, case, [pair("补正期限", receipt.deadline, "办件查询码", receipt.query_code)])
    paper.gap(2)
    paper.heading("需要补正的内容", follows=70)
    rows = [(str(number), gap.item, gap.reason, gap.how) for number, gap in enumerate(receipt.gaps, 1)]
    grid(
        paper,
        (("序号", 0.07), ("材料或事项", 0.24), ("补正原因", 0.33), ("补正方式", 0.36)),
        rows,
        centred=(0,),
    )
    materials_table(paper, receipt.materials)
    signatures(paper, "经办人", "申请人\n（代理人）")
    paper.ending(
        [
            "1．补正材料可以通过原申请渠道在线提交，也可以到受理窗口提交。",
            f"2．逾期未补正的，视为放弃申请，需要办理的可以重新申请。{HOTLINE}",
        ],
        NOTE,
    )
    return paper


def refusal(receipt: Refusal) -> Paper:
    case = receipt.case
    paper = begin(
        "不予受理决定书", receipt.issue, case, f"您申请办理的“{case.item}”，经审查，决定不予受理。理由和依据如下。"
    )
    basis = "\n".join(receipt.basis)
    case_table(
        paper, case, [field("不予受理理由", receipt.reason), field("依据", basis), field("救济途径", receipt.remedy)]
    )
    paper.gap(8)
    paper.ending([f"已提交的材料随本决定书退还。{HOTLINE}"], BODY.but(size=9.5, leading=15))
    return paper


def not_filed(receipt: NotFiled) -> Paper:
    case = receipt.case
    paper = begin(
        "不予备案（退件）告知书",
        receipt.issue,
        case,
        f"您申请办理的“{case.item}”，经核验有下列 {len(receipt.reasons)} 项不符合备案条件，现予退件并一次性告知。",
    )
    case_table(paper, case, [field("强制核验", receipt.forced_review)])
    paper.gap(2)
    paper.heading("不予备案的原因", follows=90)
    list_reasons(paper, receipt.reasons)
    steps(paper, receipt.next_steps)
    paper.ending(
        [
            "1．有关情况改变后，可以重新申请备案。",
            f"2．对本告知有异议的，可以向受理单位提出，或者依法申请行政复议、提起行政诉讼。{HOTLINE}",
        ],
        NOTE,
    )
    return paper


def intercept(receipt: Intercept) -> Paper:
    case = receipt.case
    paper = begin(
        "系统拦截告知书",
        receipt.issue,
        case,
        f"您申请办理的“{case.item}”，自动核验未能通过，办件已暂停。您可以就下列 {len(receipt.reasons)} 项情况申请强制核验。",
    )
    case_table(paper, case, [field("强制核验期限", receipt.due)])
    paper.gap(2)
    paper.heading("拦截原因及强制核验材料", follows=90)
    list_reasons(paper, receipt.reasons, bring="应备材料")
    if receipt.counters:
        paper.heading("强制核验受理地点", follows=60)
        rows = [(counter.name, counter.address, counter.phone, counter.hours) for counter in receipt.counters]
        grid(paper, (("受理窗口", 0.26), ("地址", 0.34), ("电话", 0.16), ("办公时间", 0.24)), rows)
        paper.gap(8)
    paper.ending(
        [
            "1．拦截不等于不予备案。请携带所列材料原件，在期限内到受理地点申请强制核验，核验通过后继续办理备案。",
            f"2．登记信息已经更正的，可以直接重新申请，无需强制核验。{HOTLINE}",
        ],
        NOTE,
    )
    return paper


def completion(receipt: Completion) -> Paper:
    case = receipt.case
    paper = begin("办结通知", receipt.issue, case, f"您申请办理的“{case.item}”已办结，特此通知。")
    case_table(
        paper,
        case,
        [
            field("办理结果", receipt.result),
            pair("结果文书编号", receipt.result_no, "办结日期", receipt.done_on),
            field("领取方式", receipt.download),
        ],
    )
    paper.gap(8)
    paper.ending([f"结果文书的真伪和现时状态可以扫描文书二维码核验。{HOTLINE}"], BODY.but(size=9.5, leading=15))
    return paper


def material_list(receipt: MaterialList) -> Paper:
    paper = begin("收件清单", receipt.issue, receipt.case, "今收到申请人提交的下列材料。")
    case_table(paper, receipt.case, [])
    materials_table(paper, receipt.materials, heading="材料清单")
    signatures(paper, "收件人", "提交人")
    paper.ending(["1．“原件退还”栏载明核对后当场退还的原件。", "2．本清单一式两份，收件窗口和提交人各执一份。"], NOTE)
    return paper


def begin(title: str, issue: Issue, case: Case, opening: str) -> Paper:
    paper = Paper(title, issue)
    paper.write(f"{case.applicant}：", CLAUSE.but(first=0))
    paper.write(opening, CLAUSE.but(after=8))
    return paper


def case_table(paper: Paper, case: Case, more: list[tuple[Cell, ...]]) -> None:
    rows: list[Row] = [
        pair("受理编号", case.accept_no or "—", "办件编号", case.case_no),
        pair("事项", case.item, "情形", case.situation),
        field("申请人", case.applicant),
        *([field("房屋坐落", case.address)] if case.address else []),
        pair("受理单位", case.unit, "受理窗口", case.window),
        pair("经办人", case.clerk, "办理时间", case.time),
    ]
    form(paper, [*rows, *more])
    paper.gap(4)


def materials_table(paper: Paper, materials: tuple[Material, ...], heading: str = "已收材料") -> None:
    if not materials:
        return
    paper.heading(heading, follows=60)
    with_pages = any(material.pages or material.returned for material in materials)
    if with_pages:
        columns = (("序号", 0.07), ("材料名称", 0.46), ("形式", 0.21), ("页数", 0.1), ("原件退还", 0.16))
        rows = [
            (str(number), material.name, material.kind, material.pages, material.returned)
            for number, material in enumerate(materials, 1)
        ]
        grid(paper, columns, rows, centred=(0, 2, 3, 4))
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
