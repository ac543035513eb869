"""仅备案记录单: a filing whose contract exists on paper only is printed as what is on record (row 9)."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import select

from models.documents import PaperKind
from models.house import House
from models.tenancy import LeaseContract, LeaseFiling
from printing.page import Issue
from printing.record_sheet import RecordSheet
from services.access.visibility import CLERKS
from services.documents.issuance import issue_paper
from services.engine.numbering import number_later
from services.engine.refusals import Rejected
from services.engine.registry import action
from services.engine.work import Work
from services.tenancy.filed_lease import newest_filing
from services.tenancy.intake import filing_state_text
from services.tenancy.paper_words import (
    clerk_name,
    day_text,
    particulars,
    parties_of,
    public_lease,
    seal_of,
    unit_name,
)


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
    house = work.session.exec(select(House).where(House.id == contract.house_id)).one()
    drawn: list[str] = []
    number_later(work, "JL", house.district_code, work.today, drawn.append)
    return work.later(lambda: IssuedSheet(_issue(work, contract, filing, house, drawn[0], purpose), drawn[0]))


def _issue(work: Work, contract: LeaseContract, filing: LeaseFiling, house: House, number: str, purpose: str) -> UUID:
    parties = parties_of(work, contract.id)
    unit = unit_name(work, work.caller.unit_id)
    page = RecordSheet(
        **particulars(contract, house, filing, parties),
        issue=Issue(number=number, unit=unit, issued_on=work.today, seal=seal_of(work, unit)),
        state=filing_state_text(filing, work.today),
        signed_on=day_text(contract.signed_on),
        deposit=f"{contract.deposit:,.2f} 元",
        accepted_by=unit_name(work, filing.unit_id),
        clerk=clerk_name(work, filing.clerk_id) if filing.clerk_id else "历史备案",
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
