"""The receipts an applicant of the case library gets: what to put right, a refusal at intake, the result (D7, rows 1-3)."""

from collections.abc import Iterator, Sequence

from models.cancellation import CancelApply
from models.documents import PaperKind
from models.house import House
from models.one_stop import StopCase, StopMaterial
from models.one_stop_codes import MaterialState, RefusalGround, StopMaterialKind
from models.tenancy import LeaseFiling
from models.tenancy_codes import Situation
from printing import receipts
from printing.page import Issue
from services.documents.issuance import issue_paper, public_answer
from services.engine.clock import shanghai_text
from services.engine.findings import Finding
from services.engine.work import Work
from services.one_stop.items import Item, item_on
from services.one_stop.messages import content_of
from services.tenancy.paper_words import CITY, clerk_name, day_text, seal_of, unit_name
from services.tenancy.rules.catalogue import BY_CODE

#: The law on permits is followed where the rules of filing say nothing of intake.
_BASIS = {
    RefusalGround.NOT_OURS: "参照《中华人民共和国行政许可法》第三十二条第一款第（二）项：申请事项依法不属于本行政机关职权范围的，"
    "应当即时作出不予受理的决定，并告知申请人向有关行政机关申请。",
    RefusalGround.FALSE_MATERIAL: "参照《中华人民共和国行政许可法》第三十一条：申请人应当如实提交有关材料和反映真实情况，并对申请材料"
    "实质内容的真实性负责；第七十八条：申请人隐瞒有关情况或者提供虚假材料申请的，不予受理。",
}
_SEAL = "网签备案业务专用章"
_EDIT = "请在申请表中更正后重新提交。"


def issue_correction(
    work: Work, case: StopCase, findings: Sequence[Finding], gaps: Sequence[StopMaterialKind], words: str
) -> None:
    """Issue the notice of everything that is to be put right, `words` a clerk's; each notice of a case has its number."""
    assert case.correct_by is not None
    item, materials = _item(work, case), work.rows(StopMaterial, StopMaterial.case_id == case.id)
    page = receipts.Correction(
        issue=_issue(work, case, f"B{case.corrections}"),
        case=_case(work, case, item),
        gaps=tuple(_gaps(() if words else findings, gaps, words, materials)),
        deadline=day_text(case.correct_by),
        promised=f"受理后 {item.limit_days} 个工作日内",
        query_code=case.case_no[-6:],
        materials=tuple(
            receipts.Material(one.kind.label, one.source.label)
            for one in materials
            if one.state is not MaterialState.BAD
        ),
    )
    _give(work, case, page)


def _gaps(
    findings: Sequence[Finding], gaps: Sequence[StopMaterialKind], words: str, materials: Sequence[StopMaterial]
) -> Iterator[receipts.Gap]:
    """Every missing material with its reason, then every other fault."""
    faults = {one.kind: one.note for one in materials if one.state is MaterialState.BAD}
    for kind in gaps:
        yield receipts.Gap(kind.label, faults.get(kind) or "未提交", f"请提交清晰、有效的{kind.label}。")
    for one in findings:
        rule = BY_CODE.get(one.code)
        if one.code != "F08":
            yield receipts.Gap(rule.label if rule else "申请内容", one.message, (rule.bring if rule else "") or _EDIT)
    if words:
        yield receipts.Gap("其他需补正的内容", words, "请按所列说明补正后重新提交。")


def issue_refusal(work: Work, case: StopCase, ground: RefusalGround, reason: str) -> None:
    """Issue the decision not to accept an application."""
    page = receipts.Refusal(
        issue=_issue(work, case, "N"),
        case=_case(work, case, _item(work, case)),
        ground=ground.label,
        reason=reason,
        basis=_BASIS[ground],
    )
    _give(work, case, page)


def issue_result(work: Work, case: StopCase) -> None:
    """Issue the notice that a case is done; called once its result has its number."""
    if case.situation is Situation.NEW:
        result, paper = "准予备案", "住房租赁合同备案通知书"
        number = work.only(LeaseFiling.filing_no, LeaseFiling.id == case.filing_id)
        where = "备案通知书已制成电子证照，持证人可以在“随申办”中查看、下载；也可以携带身份证件到受理单位打印。"
    else:
        result, paper = "备案已注销", "备案注销通知书"
        number = work.only(CancelApply.apply_no, CancelApply.id == case.cancel_id)
        where = "请当事人携带身份证件到受理单位打印；备案状态以扫描原备案文书二维码核验的结果为准。"
    page = receipts.Finished(
        issue=_issue(work, case, "W"),
        case=_case(work, case, _item(work, case)),
        result=result,
        number=number or "—",
        paper=paper,
        done_on=shanghai_text(work.now)[:16],
        download=where,
    )
    _give(work, case, page, filed=case.situation is Situation.NEW)


def _item(work: Work, case: StopCase) -> Item:
    return item_on(work, case.item_code, case.opened_on)


def _issue(work: Work, case: StopCase, mark: str) -> Issue:
    unit = unit_name(work, case.unit_id)
    return Issue(number=f"{case.case_no}-{mark}", unit=unit, issued_on=work.today, seal=seal_of(work, unit, _SEAL))


def _case(work: Work, case: StopCase, item: Item) -> receipts.Case:
    house = work.session.get(House, case.house_id) if case.house_id else None
    address = (
        CITY + house.address
        if house
        else content_of(case.content.json() if case.content else None).form.house.address_text
    )
    return receipts.Case(
        accept_no=case.case_no if case.accepted_at else "",
        case_no=case.case_no,
        item=item.name,
        situation=case.situation.label,
        applicant=case.applicant.plain if case.applicant else "申请人",
        address=address,
        unit=unit_name(work, case.unit_id),
        window=work.caller.window or case.channel.label,
        clerk=clerk_name(work, work.caller.account_id),
        time=shanghai_text(work.now)[:16],
    )


def _give(work: Work, case: StopCase, page: receipts.Receipt, *, filed: bool = False) -> None:
    public = public_answer(unit=page.issue.unit)
    filing_id = case.filing_id if filed else None
    issue_paper(
        work, page, kind=PaperKind.RECEIPT, about=case, public=public, unit_id=case.unit_id, filing_id=filing_id
    )
