"""重新备案 (row 24): a filing of a centralized room that runs out is made again for the lease that goes on."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from models.rooms import CentralProject, CentralRoom
from models.tenancy import LeaseContract, LeaseFiling
from models.tenancy_codes import ApplicantSide, Channel, ContractState, FilingWay, Situation
from services.access.visibility import ENTERPRISE
from services.engine.door import Gathering
from services.engine.events import Event
from services.engine.findings import Outcome, Severity
from services.engine.refusals import Conflict, NotFound, Rejected
from services.engine.registry import action
from services.engine.work import Work
from services.tenancy.cases import open_case
from services.tenancy.contracts import confirmed_form
from services.tenancy.endings import filed_again
from services.tenancy.fact_sources import OutsideFacts, ask_outside
from services.tenancy.filing import Decided, Renewal, decide, lock_house, told_findings, valid_until
from services.tenancy.jobs import expire
from services.tenancy.lease_form import LeaseForm

#: A filing was made in continuation of another.
REFILED: Event[LeaseFiling] = Event("tenancy.refiled")


@dataclass(frozen=True)
class Refile:
    """A filing to be made again. `month_rent` is the rent now paid, where it may have changed."""

    filing_id: UUID
    month_rent: Decimal | None = None


@dataclass(frozen=True)
class Refiled:
    filing_id: UUID
    filing_no: str
    valid_from: date
    valid_to: date
    warnings: tuple[str, ...] = ()


def _gather(gathering: Gathering, order: Refile) -> OutsideFacts:
    return ask_outside(gathering.systems, gathering.look(lambda work: _form(work, order.filing_id)))


def _form(work: Work, filing_id: UUID) -> LeaseForm:
    """The lease as it was signed; only what says how it is filed is another."""
    filing = work.get(LeaseFiling, filing_id)
    form = confirmed_form(work, _lease_of(work, filing))
    return replace(
        form,
        way=FilingWay.REFILE,
        previous_filing_no=filing.filing_no,
        applicant=ApplicantSide.ENTERPRISE,
        channel=Channel.ENT,
    )


def _lease_of(work: Work, filing: LeaseFiling) -> LeaseContract:
    return work.only(LeaseContract, LeaseContract.id == filing.contract_id)


@action("tenancy.refile", "重新备案", roles=ENTERPRISE, gather=_gather)
def refile(work: Work, order: Refile, outside: OutsideFacts) -> Refiled:
    """File a lease in force again: from the day after the old filing, or from today where that is past."""
    filing = work.get(LeaseFiling, order.filing_id)
    house = lock_house(work, filing.house_id)
    work.session.refresh(filing)
    contract = _lease_of(work, filing)
    if (room := work.first(CentralRoom, CentralRoom.house_id == house.id)) is None:
        raise NotFound("该备案不是集中式房源的备案，请按普通备案办理")
    if (following := filed_again(work, filing)) is not None:
        raise Conflict(f"该备案已重新备案（{following.filing_no}），请勿重复办理")
    if contract.state is ContractState.SUPERSEDED:
        raise Conflict("原合同已被新合同替代，请对新合同办理备案")
    if order.month_rent is not None and order.month_rent != contract.month_rent:
        raise Conflict(f"月租金与原合同不一致（原合同{contract.month_rent:,.2f}元），请另签合同后备案")
    expire(work, filing)
    case = open_case(work, Situation.NEW, contract, house, side=ApplicantSide.ENTERPRISE, channel=Channel.ENT)
    renewal = _renewal(work, filing, contract, work.session.get(CentralProject, room.project_id))
    decided = decide(work, case, contract, house, _form(work, filing.id), outside, renewal=renewal)
    return _answer(work, decided)


def _renewal(work: Work, filing: LeaseFiling, contract: LeaseContract, project: CentralProject | None) -> Renewal:
    """The days of the new filing: without gap and overlap, no longer than the lease and the right to operate (Q7)."""
    first = max(filing.valid_to + timedelta(days=1), work.today)
    last = valid_until(first, contract.end, work.thresholds.integer("filing.max_months"))
    until = project.operate_to if project is not None else None
    return Renewal(filing, first, min(last, until) if until is not None and until >= first else last)


def _answer(work: Work, decided: Decided) -> Refiled:
    """The new filing, or every reason in one refusal that leaves nothing behind."""
    findings = told_findings(decided.judgement)
    filing = decided.filing
    if filing is None:
        told = "；".join(dict.fromkeys(one.message for one in decided.judgement.stopping))
        if decided.judgement.outcome is Outcome.PENDING:
            told = f"暂时不能核验，请稍后再办：{told}"
        raise Rejected(told or "暂不符合重新备案条件", findings)
    REFILED.happened(work, filing)
    warnings = tuple(one.message for one in findings if one.severity is Severity.WARN and one.code in ("F16", "T04"))
    return work.later(lambda: Refiled(filing.id, filing.filing_no, filing.valid_from, filing.valid_to, warnings))
