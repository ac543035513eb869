"""办件: every application opens a case, from any channel (归集率 100%)."""

from sqlmodel import col, select

from models.house import House
from models.tenancy import GovCase, LeaseContract
from models.tenancy_codes import CASE, OPEN_CASES, ApplicantSide, CaseState, Channel, Situation
from services.engine.copied import taken
from services.engine.events import on
from services.engine.numbering import number_later
from services.engine.steps import take_step
from services.engine.work import Work
from services.tenancy.contracts import OVER, channel_of


def decide_case(work: Work, case: GovCase, *steps: str, reason: str = "") -> None:
    """Take the last steps of a case: from here on it is decided."""
    for step in steps:
        take_step(work, case, CASE, step, reason=reason)
    case.decided_at = work.now
    work.add(case)


@on(OVER)
def withdraw_cases(work: Work, contract: LeaseContract) -> None:
    """A lease that is over is filed no more: its cases hold no other application up (F03)."""
    cases = select(GovCase).where(GovCase.contract_id == contract.id, GovCase.situation == Situation.NEW)
    for case in work.held(cases.where(col(GovCase.state).in_(list(OPEN_CASES)))).all():
        case.retry_at = None
        decide_case(work, case, "withdraw", reason=f"合同{contract.state.label}")


#: Steps of a case that did not pass.
RETURNED = ("check", "return")


def open_case(
    work: Work,
    situation: Situation,
    contract: LeaseContract,
    house: House,
    *,
    side: ApplicantSide = ApplicantSide.BOTH,
    channel: Channel | None = None,
) -> GovCase:
    """A case received and accepted here and now; its number comes before the commit."""
    case = GovCase(
        case_no="",
        situation=situation,
        contract_id=contract.id,
        house_id=house.id,
        part_keys=contract.rooms,
        side=side,
        channel=channel or channel_of(work),
        unit_id=work.caller.unit_id,
        clerk_id=work.caller.account_id,
        **taken(contract, "start", "end", "enterprise_id"),
        **taken(house, "district_code", "street_code"),
        received_at=work.now,
        accepted_on=work.today,
        state=CaseState.RECEIVED,
    )
    number_later(work, "SL", house.district_code, work.today, lambda number: setattr(case, "case_no", number))
    take_step(work, case, CASE, "accept")
    return case
