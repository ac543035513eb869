"""The papers of a filing: contract and notice on a pass, receipts and the one-time guidance otherwise (D1, D2, D7)."""

from typing import Any

from sqlmodel import and_, or_, select

from models.access import OrgUnit, UnitKind
from models.documents import PaperKind
from models.house import House
from models.tenancy import ContractParty, GovCase, LeaseContract, LeaseFiling
from printing import receipts
from printing.filing_notice import FilingNotice
from printing.page import Issue
from services.documents.issuance import issue_paper, public_answer
from services.engine.clock import shanghai_text
from services.engine.findings import Finding, Judgement, Outcome
from services.engine.work import Work
from services.tenancy.contract_page import contract_page
from services.tenancy.lease_form import LeaseForm
from services.tenancy.paper_words import CITY, clerk_name, particulars, public_lease, seal_of, unit_name
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
        **particulars(contract, house, filing, parties),
        issue=Issue(number=filing.filing_no, unit=unit, issued_on=filing.filed_on, seal=seal_of(work, unit)),
        shorter_than_term=filing.valid_to < contract.end,
        firm="",
        card_no=form.card_no,
        accepted_by=unit,
        clerk=clerk_name(work, filing.clerk_id),
        channel=filing.channel.label,
    )
    public = public_lease(unit, parties, house, page.part, valid_from=filing.valid_from, valid_to=filing.valid_to)
    common: dict[str, Any] = {"filing_id": filing.id, "unit_id": filing.unit_id}
    if not form.paper_lease:
        lease = contract_page(work, contract, house, form, filing, parties, unit)
        issue_paper(work, lease, kind=PaperKind.CONTRACT, about=contract, public=dict(public), **common)
    issue_paper(work, page, kind=PaperKind.FILING_NOTICE, about=filing, public=dict(public), **common)


def reasons_of(judgement: Judgement) -> tuple[receipts.Reason, ...]:
    """Return every stopping finding in words for the citizen, with basis, documents and place (decision 9)."""
    return tuple(_reason(finding) for finding in judgement.stopping)


def _reason(finding: Finding) -> receipts.Reason:
    rule = BY_CODE.get(finding.code)
    if rule is None:
        return receipts.Reason(finding.code, finding.message, found=finding.found)
    return receipts.Reason(finding.code, finding.message, rule.basis, finding.found, rule.bring, rule.where)


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
        pages.append(receipts.Intercept(issue, block, reasons, _counters(work, case, house)))
    elif judgement.outcome is Outcome.REFUSE:
        pages.append(receipts.NotFiled(issue, block, reasons))
    for page in (*pages, receipts.Guidance(issue, block, reasons)):
        public = public_answer(unit=unit)
        issue_paper(work, page, kind=PaperKind.RECEIPT, about=case, public=public, unit_id=case.unit_id)


def _counters(work: Work, case: GovCase, house: House) -> tuple[receipts.Counter, ...]:
    """Return where to go: the office that took the case, and the centre of the house's district."""
    rows = work.session.exec(
        select(OrgUnit).where(
            or_(
                OrgUnit.id == case.unit_id,
                and_(OrgUnit.kind == UnitKind.DISTRICT_CENTER, OrgUnit.district_code == house.district_code),
            )
        )
    ).all()
    return tuple(receipts.Counter(row.name, row.address, row.phone, row.hours) for row in rows)
