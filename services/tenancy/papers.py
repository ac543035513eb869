"""The papers of a filing: contract and notice on a pass, receipts otherwise, its cancellation and its record (D1-D3, D7; rows 5-9)."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlmodel import and_, or_

from models.access import OrgUnit, UnitKind
from models.cancellation import CancelApply
from models.documents import IssuedDocument, PaperKind
from models.house import House
from models.tenancy import ContractParty, GovCase, LeaseContract, LeaseFiling
from models.tenancy_codes import CancelMode, Side
from printing import receipts
from printing.cancellation_notice import CancellationNotice
from printing.filing_notice import FilingNotice
from printing.page import Issue
from printing.record_sheet import RecordSheet
from services.access.visibility import CLERKS
from services.documents.issuance import issue_paper, public_answer
from services.engine.clock import shanghai_text
from services.engine.findings import Finding, Judgement, Outcome, Severity
from services.engine.numbering import number_later
from services.engine.refusals import Rejected
from services.engine.registry import action
from services.engine.work import Work
from services.tenancy.contract_page import contract_page
from services.tenancy.endings import filing_state_text, newest_filing
from services.tenancy.lease_form import LeaseForm
from services.tenancy.paper_words import (
    CITY,
    clerk_name,
    day_text,
    masked_people,
    part_name,
    particulars,
    parties_of,
    public_lease,
    seal_of,
    span_text,
    unit_name,
)
from services.tenancy.review_materials import materials_for
from services.tenancy.rules.catalogue import BY_CODE


def issue_filing_papers(
    work: Work,
    contract: LeaseContract,
    house: House,
    form: LeaseForm,
    filing: LeaseFiling,
    parties: list[ContractParty],
) -> None:
    """D1 and D2, frozen in the filing's own transaction; they are drawn and signed right after it."""
    unit = unit_name(work, filing.unit_id)
    page = FilingNotice(
        **particulars(work, contract, house, filing, parties),
        issue=Issue(number=filing.filing_no, unit=unit, issued_on=filing.filed_on, seal=seal_of(work, unit)),
        firm="",
        card_no=form.card_no,
        channel=filing.channel.label,
        waived=_waived(filing),
    )
    public = public_lease(unit, parties, house, page.part, valid_from=filing.valid_from, valid_to=filing.valid_to)
    common: dict[str, Any] = {"filing_id": filing.id, "unit_id": filing.unit_id}
    # A lease that is filed again keeps the text it was first filed with.
    if not form.paper_lease and filing.previous_id is None:
        lease = contract_page(work, contract, house, form, filing, parties, unit)
        issue_paper(work, lease, kind=PaperKind.CONTRACT, about=contract, public=dict(public), **common)
    issue_paper(work, page, kind=PaperKind.FILING_NOTICE, about=filing, public=dict(public), **common)


def _waived(filing: LeaseFiling) -> str:
    """The rules that were waived, by their labels: a paper says nothing of what was found (decision 9)."""
    rules = (BY_CODE[code] for code in filing.waived_codes.split(",") if code in BY_CODE)
    named = "；".join(f"{rule.code} {rule.label}" for rule in rules)
    return f"下列规则经强制核验豁免：{named}" if named else ""


def reasons_of(judgement: Judgement) -> tuple[receipts.Reason, ...]:
    """Return every stopping finding in words for the citizen, with basis, documents and place (decision 9)."""
    return tuple(_reason(finding, offered=_may_be_reviewed(judgement)) for finding in judgement.stopping)


def _may_be_reviewed(judgement: Judgement) -> bool:
    """Return whether a forced review is open: to all reasons of a case or to none (row 11)."""
    return all(finding.forceable for finding in judgement.stopping if finding.severity is not Severity.PENDING)


def _reason(finding: Finding, *, offered: bool) -> receipts.Reason:
    rule = BY_CODE.get(finding.code)
    if rule is None:
        return receipts.Reason(finding.code, finding.message, found=finding.found)
    wanted = "、".join(materials_for(finding.code)) if finding.forceable and offered else ""
    return receipts.Reason(finding.code, finding.message, rule.basis, finding.found, rule.bring, rule.where, wanted)


def issue_case_papers(work: Work, case: GovCase, house: House, form: LeaseForm, judgement: Judgement) -> None:
    """Issue the papers of a case that did not pass: the receipt of the decision and the one-time guidance."""
    unit = unit_name(work, case.unit_id)
    reasons = reasons_of(judgement)
    block = receipts.Case(
        accept_no=case.case_no,
        case_no=case.case_no,
        item="住房租赁合同网签备案",
        situation=case.situation.label,
        applicant="、".join(party.name for party in (*form.lessors, *form.lessees)),
        address=CITY + house.address,
        unit=unit,
        window=work.caller.window,
        clerk=clerk_name(work, case.clerk_id),
        time=shanghai_text(work.now)[:16],
    )
    seal = seal_of(work, unit, "网签备案业务专用章")
    issue = Issue(number=case.case_no, unit=unit, issued_on=work.today, seal=seal)
    pages: list[receipts.Receipt] = []
    if judgement.outcome is Outcome.INTERCEPT:
        pages.append(receipts.Intercept(issue, block, reasons, _counters(work, case, house), _review(work, judgement)))
    elif judgement.outcome is Outcome.REFUSE:
        pages.append(receipts.NotFiled(issue, block, reasons))
    # A number of its own: the two papers of a case differ.
    guide = replace(issue, number=f"{case.case_no}-G")
    for page in (*pages, receipts.Guidance(guide, block, reasons)):
        public = public_answer(unit=unit)
        issue_paper(work, page, kind=PaperKind.RECEIPT, about=case, public=public, unit_id=case.unit_id)


def _review(work: Work, judgement: Judgement) -> str:
    """The sentence of the slip about a forced review."""
    if not _may_be_reviewed(judgement):
        return "上列原因中有不能强制核验的，请先按所列要求处理。"
    days = work.thresholds.integer("forced.filing_workdays")
    return (
        "上列原因均可申请强制核验：当事人在下列受理地点，企业在企业端提出申请并提交所列材料，"
        f"受理后{days}个工作日内办结；同意的当场备案，不同意的书面说明理由。"
    )


def _counters(work: Work, case: GovCase, house: House) -> tuple[receipts.Counter, ...]:
    """Return where to go: the office that took the case, and the centre of the house's district."""
    rows = work.rows(
        OrgUnit,
        or_(
            OrgUnit.id == case.unit_id,
            and_(OrgUnit.kind == UnitKind.DISTRICT_CENTER, OrgUnit.district_code == house.district_code),
        ),
    )
    return tuple(receipts.Counter(row.name, row.address, row.phone, row.hours) for row in rows)


def issue_cancel_notice(
    work: Work, apply: CancelApply, contract: LeaseContract, house: House, filing: LeaseFiling | None
) -> IssuedDocument:
    """The notice that a filing (or a signed lease never filed) has ended."""
    parties = parties_of(work, contract.id)
    unit = unit_name(work, apply.unit_id)
    told = ""
    if apply.mode is CancelMode.ONE and apply.notified_at is not None:
        told = f"已于{shanghai_text(apply.notified_at)[:16]}告知对方当事人，异议期至{apply.objection_until}。"
    page = CancellationNotice(
        issue=Issue(number=apply.apply_no, unit=unit, issued_on=work.today, seal=seal_of(work, unit)),
        filing_no=filing.filing_no if filing else "未备案",
        contract_no=contract.contract_no or "未编号",
        address=CITY + house.address,
        part=part_name(contract.rooms, contract.mode),
        lessors=masked_people(parties, Side.LESSOR),
        lessees=masked_people(parties, Side.LESSEE),
        valid=span_text(filing.valid_from, filing.valid_to) if filing else "—",
        reason=apply.reason.label,
        ended_on=day_text(apply.terminated_on),
        cancelled_on=day_text(work.today),
        mode=apply.mode.label,
        accepted_by=unit,
        clerk=clerk_name(work, apply.clerk_id),
        channel=_channel(work, apply),
        other_side_told=told,
    )
    since = filing.valid_from if filing else None
    return issue_paper(
        work,
        page,
        kind=PaperKind.CANCEL_NOTICE,
        about=apply,
        filing_id=filing.id if filing else None,
        public=public_lease(unit, parties, house, page.part, valid_from=since, valid_to=apply.terminated_on),
        unit_id=apply.unit_id,
    )


def _channel(work: Work, apply: CancelApply) -> str:
    """Return the channel that received the application; another office may decide it later."""
    return work.only(GovCase, GovCase.id == apply.case_id).channel.label


@dataclass(frozen=True)
class IssueRecordSheet:
    contract_id: UUID
    purpose: str


@dataclass(frozen=True)
class IssuedSheet:
    paper_id: UUID
    number: str


@action("contracts.record_sheet", "出具备案记录单", roles=CLERKS, event="DATA.CREATE")
def issue_record_sheet(work: Work, order: IssueRecordSheet) -> IssuedSheet:
    """Issue a new sheet for a purpose with today's state; it represents the filing at the public check."""
    contract = work.get(LeaseContract, order.contract_id)
    purpose = order.purpose.strip()[:60]
    if not purpose:
        raise Rejected("请选择打印用途")
    if not contract.paper_only:
        raise Rejected("该合同有电子文本，请直接打印合同")
    filing = newest_filing(work, contract)
    if filing is None:
        raise Rejected("该合同没有备案记录，不能出具记录单")
    house = work.only(House, House.id == contract.house_id)
    drawn: list[str] = []
    number_later(work, "JL", house.district_code, work.today, drawn.append)
    return work.later(lambda: IssuedSheet(_issue(work, contract, filing, house, drawn[0], purpose), drawn[0]))


def _issue(work: Work, contract: LeaseContract, filing: LeaseFiling, house: House, number: str, purpose: str) -> UUID:
    parties = parties_of(work, contract.id)
    unit = unit_name(work, work.caller.unit_id)
    page = RecordSheet(
        **particulars(work, contract, house, filing, parties),
        issue=Issue(number=number, unit=unit, issued_on=work.today, seal=seal_of(work, unit)),
        state=filing_state_text(filing, work.today),
        signed_on=day_text(contract.signed_on),
        deposit=f"{contract.deposit:,.2f} 元",
        purpose=purpose,
    )
    paper = issue_paper(
        work,
        page,
        # It takes the contract's place, so that scanning it shows the filing's state of that day.
        kind=PaperKind.CONTRACT,
        about=contract,
        filing_id=filing.id,
        public=public_lease(unit, parties, house, page.part, valid_from=filing.valid_from, valid_to=filing.valid_to),
        unit_id=work.caller.unit_id,
    )
    return paper.id
