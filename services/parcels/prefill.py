"""Filling a parcel from its land contract: only of the own company, for the authority of any (market 2.17)."""

from typing import Any

from models.access import AUTHORITY
from services.engine.door import Gathering
from services.engine.kinds import Given, Owner
from services.engine.work import Work
from services.parcels.companies import codes_of_head
from services.ports.answers import Answer, AnswerState, hit
from services.ports.land import LandContract
from services.ports.systems import PROPERTY_REGISTER

SOURCE = "土地出让合同"
NOT_YOURS = "合同存在，受让人与本公司不一致"

_SAME = (
    "contract_no",
    "parcel_no",
    "parcel_name",
    "announcement_no",
    "street",
    "plate",
    "ring",
    "location",
    "acquire_mode",
    "supervision_no",
    "grantor",
    "grantee_uscc",
    "signed_on",
    "land_area",
    "far",
    "far_area",
    "building_density",
    "green_ratio",
    "height_limit",
    "residential_area",
    "commercial_area",
    "office_area",
    "other_area",
    "affordable_area",
    "self_held_area",
    "public_facility_area",
    "price_total",
    "deposit",
    "handover_due_on",
    "handover_on",
    "start_due_on",
    "finish_due_on",
)


def contract_by_number(gathering: Gathering, key: str, owner: Owner) -> Answer[Given]:
    """The contract of this number, or of the parcel of this number, as the form holds it."""
    answer = gathering.systems.at(PROPERTY_REGISTER).land_contract(key)
    if answer.missed:
        answer = gathering.systems.at(PROPERTY_REGISTER).land_contract_of_parcel(key)
    if not answer.hit or answer.value is None:
        return Answer(answer.state, answer.source, None, answer.at, answer.milliseconds, answer.note)
    contract = answer.value
    if not gathering.caller.has(*AUTHORITY) and contract.grantee_uscc not in gathering.look(_own_codes(owner)):
        return Answer(AnswerState.MISS, SOURCE, None, answer.at, answer.milliseconds, NOT_YOURS)
    return hit(SOURCE, Given(values_of(contract), lists_of(contract), SOURCE, answer.at), answer.at)


def values_of(contract: LandContract) -> dict[str, Any]:
    """Return the form values in a land contract; missing ones are left out."""
    values = {name: getattr(contract, name) for name in _SAME} | {
        "district": contract.district_code,
        "parcel_area_granted": contract.land_area,
        "parcel_area_total": contract.total_area,
    }
    return {name: value for name, value in values.items() if value not in (None, "")}


def lists_of(contract: LandContract) -> dict[str, list[dict[str, Any]]]:
    return {
        "uses": [{"use": one.use, "use_area": one.area, "term_years": one.term_years} for one in contract.uses],
        "instalments": [
            {
                "no": one.no,
                "amount": one.amount,
                "due_on": one.due_on,
                "paid_on": one.paid_on,
                "paid_amount": one.paid_amount,
            }
            for one in contract.payments
        ],
        "cadastres": [{"cadastral_code": code} for code in contract.cadastral_codes],
    }


def _own_codes(owner: Owner) -> Any:
    def read(work: Work) -> frozenset[str]:
        return codes_of_head(work, owner.head_company_id)

    return read
