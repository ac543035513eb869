"""办件: every application opens a case, from any channel (归集率 100%)."""

from models.house import House
from models.tenancy import GovCase, LeaseContract
from models.tenancy_codes import CASE, ApplicantSide, CaseState, Channel, Situation
from services.engine.copied import taken
from services.engine.numbering import number_later
from services.engine.steps import take_step
from services.engine.work import Work
from services.tenancy.contracts import channel_of


def decide_case(work: Work, case: GovCase, *steps: str, reason: str = "") -> None:
    """Take the last steps of a case: from here on it is decided."""
    for step in steps:
        take_step(work, case, CASE, step, reason=reason)
    case.decided_at = work.now
    work.add(case)


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
