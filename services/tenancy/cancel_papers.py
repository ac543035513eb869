"""备案注销通知书 (D3): issued with the cancellation, in its transaction."""

from sqlmodel import select

from models.cancellation import CancelApply
from models.documents import IssuedDocument, PaperKind
from models.house import House
from models.tenancy import GovCase, LeaseContract, LeaseFiling
from models.tenancy_codes import CancelMode, Side
from printing.cancellation_notice import CancellationNotice
from printing.page import Issue
from services.documents.issuance import issue_paper
from services.engine.clock import shanghai_text
from services.engine.work import Work
from services.tenancy.paper_words import (
    CITY,
    clerk_name,
    day_text,
    masked_people,
    part_name,
    parties_of,
    public_lease,
    seal_of,
    span_text,
    unit_name,
)


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
    return work.session.exec(select(GovCase).where(GovCase.id == apply.case_id)).one().channel.label
