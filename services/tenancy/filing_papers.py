"""The papers of a filing: contract and notice on a pass, receipts and the one-time guidance otherwise (D1, D2, D7)."""

from typing import Any

from sqlmodel import and_, or_, select

from models.access import OrgUnit, UnitKind
from models.documents import PaperKind
from models.house import House
from models.tenancy import ContractParty, GovCase, LeaseContract, LeaseFiling
from models.tenancy_codes import Side
from models.working_days import calendar
from printing import receipts
from printing.filing_notice import FilingNotice
from printing.guidance import Guidance, Reason
from printing.page import Issue
from services.documents.issuance import issue_paper, public_answer
from services.engine.clock import shanghai_text
from services.engine.findings import Judgement, Outcome
from services.engine.work import Work
from services.tenancy.contract_page import contract_page
from services.tenancy.lease_form import LeaseForm
from services.tenancy.paper_words import (
    CITY,
    area_words,
    clerk_name,
    day_text,
    masked_people,
    part_name,
    printed_cert,
    public_parties,
    seal_of,
    span_text,
    unit_name,
)
from services.tenancy.rules.catalogue import FILING_RULES

_RULES = {rule.code: rule for rule in FILING_RULES}


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
    public = public_answer(
        unit=unit,
        parties=public_parties(parties),
        address="上海市" + house.address,
        part=part_name(filing.mode, filing.part_keys),
        valid_from=filing.valid_from,
        valid_to=filing.valid_to,
    )
    if not form.paper_lease:
        paper = issue_paper(
            work,
            kind=PaperKind.CONTRACT,
            title="住房租赁合同",
            number=contract.contract_no or "",
            about=contract,
            filing_id=filing.id,
            page=contract_page(work, contract, house, form, filing, parties, unit),
            public=dict(public),
            district_code=house.district_code,
            street_code=house.street_code,
        )
        paper.unit_id = filing.unit_id
    paper = issue_paper(
        work,
        kind=PaperKind.FILING_NOTICE,
        title="住房租赁合同备案通知书",
        number=filing.filing_no,
        about=filing,
        filing_id=filing.id,
        page=FilingNotice(
            issue=Issue(number=filing.filing_no, unit=unit, issued_on=filing.filed_on, seal=seal_of(work, unit)),
            filing_no=filing.filing_no,
            contract_no=contract.contract_no or "",
            lessors=masked_people(parties, Side.LESSOR),
            lessees=masked_people(parties, Side.LESSEE),
            residents=tuple(party.name.plain for party in parties if party.side is Side.OCCUPANT),
            address="上海市" + house.address,
            part=part_name(filing.mode, filing.part_keys),
            proof_kind=house.proof_kind.label,
            proof_no=printed_cert(house.cert_no.plain),
            building_area=area_words(house.build_area),
            leased_area=area_words(filing.leased_area),
            use="居住",
            term=span_text(contract.start, contract.end),
            valid=span_text(filing.valid_from, filing.valid_to),
            shorter_than_term=filing.valid_to < contract.end,
            rent=f"{filing.month_rent:,.2f} 元／月",
            deal=filing.deal.label,
            firm="",
            card_no=form.card_no,
            way=filing.way.label,
            accepted_by=unit,
            clerk=clerk_name(work, filing.clerk_id),
            channel=filing.channel.label,
            filed_on=day_text(filing.filed_on),
        ),
        public=dict(public),
        district_code=house.district_code,
        street_code=house.street_code,
    )
    paper.unit_id = filing.unit_id


def reasons_of(judgement: Judgement) -> tuple[Reason, ...]:
    """Return every stopping finding in words for the citizen, with basis, documents and place (decision 9)."""
    told = []
    for finding in judgement.stopping:
        rule = _RULES.get(finding.code)
        told.append(
            Reason(
                code=finding.code,
                message=finding.message,
                basis=rule.basis if rule else "",
                found=finding.found,
                bring=rule.bring if rule else "",
                where=rule.where if rule else "",
            )
        )
    return tuple(told)


def issue_case_papers(work: Work, case: GovCase, house: House, form: LeaseForm, judgement: Judgement) -> None:
    """Issue the papers of a case that did not pass: the receipt of the decision and the one-time guidance."""
    unit = unit_name(work, case.unit_id)
    clerk = clerk_name(work, case.clerk_id)
    applicant = "、".join(party.name for party in (*form.lessors, *form.lessees))
    reasons = reasons_of(judgement)
    told = shanghai_text(work.now)[:16]
    seal = seal_of(work, unit, "网签备案业务专用章")
    block = receipts.Case(
        accept_no=case.case_no,
        case_no=case.case_no,
        item="住房租赁合同网签备案",
        situation=case.situation.label,
        applicant=applicant,
        address=CITY + house.address,
        unit=unit,
        window=work.caller.window,
        clerk=clerk,
        time=told,
    )
    issue = Issue(number=case.case_no, unit=unit, issued_on=work.today, seal=seal)
    pages: list[tuple[str, Any]] = []
    if judgement.outcome is Outcome.INTERCEPT:
        pages.append(
            ("系统拦截告知书", receipts.Intercept(issue, block, reasons, _counters(work, case, house), _due(work)))
        )
    elif judgement.outcome is Outcome.REFUSE:
        forceable = bool(judgement.stopping) and all(finding.forceable for finding in judgement.stopping)
        pages.append(
            (
                "不予备案（退件）告知书",
                receipts.NotFiled(
                    issue,
                    block,
                    reasons,
                    ("请按所列要求处理后重新申请；信息已更正的，可以直接重新提交。",),
                    "所列情形可申请强制核验" if forceable else "所列情形不适用强制核验",
                ),
            )
        )
    pages.append(
        (
            "一次性告知单",
            Guidance(
                issue=issue,
                case_no=case.case_no,
                item="住房租赁合同网签备案",
                applicant=applicant,
                address=CITY + house.address,
                reasons=reasons,
                accepted_by=unit,
                clerk=clerk,
                told_at=told,
            ),
        )
    )
    for title, page in pages:
        paper = issue_paper(
            work,
            kind=PaperKind.RECEIPT,
            title=title,
            number=case.case_no,
            about=case,
            filing_id=None,
            page=page,
            public=public_answer(unit=unit),
            district_code=house.district_code,
            street_code=house.street_code,
        )
        paper.unit_id = case.unit_id


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


def _due(work: Work) -> str:
    return day_text(calendar().add_working_days(work.today, 3))
