"""Filling a parcel from its land contract: only of the own company, for the authority of any (market 2.17)."""

from dataclasses import fields
from typing import Any

from models.access import AUTHORITY
from models.parcels import Parcel
from services.engine.copied import taken
from services.engine.door import Gathering
from services.engine.kinds import Given, Owner
from services.engine.shapes import fields_of
from services.parcels.companies import codes_of_head
from services.ports.answers import Answer, AnswerState, hit
from services.ports.land import LandContract
from services.ports.systems import PROPERTY_REGISTER

SOURCE = "土地出让合同"
NOT_YOURS = "合同存在，受让人与本公司不一致"


def contract_by_number(gathering: Gathering, key: str, owner: Owner) -> Answer[Given]:
    """The contract of this number, or of the parcel of this number, as the form holds it."""
    answer = gathering.systems.at(PROPERTY_REGISTER).land_contract(key)
    if answer.missed:
        answer = gathering.systems.at(PROPERTY_REGISTER).land_contract_of_parcel(key)
    if not answer.hit or answer.value is None:
        return Answer(answer.state, answer.source, None, answer.at, answer.milliseconds, answer.note)
    contract = answer.value
    own = gathering.look(lambda work: codes_of_head(work, owner.head_company_id))
    if not gathering.caller.has(*AUTHORITY) and contract.grantee_uscc not in own:
        return Answer(AnswerState.MISS, SOURCE, None, answer.at, answer.milliseconds, NOT_YOURS)
    return hit(SOURCE, Given(values_of(contract), lists_of(contract), SOURCE, answer.at), answer.at)


def values_of(contract: LandContract) -> dict[str, Any]:
    """Return the form values in a land contract, which has most under the names of the form; missing ones are left out."""
    of_form = {one.name for one in fields_of(Parcel)}
    values = taken(contract, *(one.name for one in fields(contract) if one.name in of_form)) | {
        "district": contract.district_code,
        "parcel_area_granted": contract.land_area,
        "parcel_area_total": contract.total_area,
    }
    return {name: value for name, value in values.items() if value not in (None, "")}


def lists_of(contract: LandContract) -> dict[str, list[dict[str, Any]]]:
    return {
        "uses": [{"use": one.use, "use_area": one.area, "term_years": one.term_years} for one in contract.uses],
        "instalments": [taken(one, "no", "amount", "due_on", "paid_on", "paid_amount") for one in contract.payments],
        "cadastres": [{"cadastral_code": code} for code in contract.cadastral_codes],
    }
