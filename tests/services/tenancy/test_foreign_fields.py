"""H19: fields nobody asked for decide nothing: refused where another system writes, without effect in a clerk's form."""

import pytest
from pydantic import ValidationError
from sqlmodel import col, select

from integrations.licence_library.contract import Deposit
from models.audit import AuditEvent
from models.tenancy_codes import ContractState
from services.tenancy.form_parser import read_lease_form
from services.tenancy.papers import IssueRecordSheet
from tests.services.tenancy.counter import Counter

FOREIGN = {
    "status": "ACTIVE",
    "state": "FILED",
    "approved_by": "shi01",
    "org_id": "0192f0c1-7a2b-7c3d-9e4f-5a6b7c8d9e0f",
    "unit_id": "0192f0c1-7a2b-7c3d-9e4f-5a6b7c8d9e0f",
    "row_version": 99,
    "version": 99,
    "contract_no": "HT0000",
    "district_code": "310101",
}


@pytest.mark.proves("H19", "D14")
def test_h19_what_a_form_carries_beside_its_fields_reaches_no_row(counter: Counter) -> None:
    flat, clerk = counter.free_flat("310115"), counter.clerk()
    plain = counter.form(flat)
    assert read_lease_form({**plain, **FOREIGN}).form == read_lease_form(plain).form
    contract = counter.contract(counter.sign({**plain, **FOREIGN}))
    assert contract.state is ContractState.SIGNED
    assert contract.contract_no != "HT0000"
    assert (contract.unit_id, contract.clerk_id) == (clerk.unit_id, clerk.account_id)
    assert contract.district_code == "310115"
    assert contract.version < 99
    told = select(AuditEvent.body).where(AuditEvent.object_id == str(contract.id)).order_by(col(AuditEvent.seq))
    bodies = counter.world.read(lambda work: work.session.exec(told).all())
    assert bodies
    assert not any(str(value) in body for body in bodies for value in ("HT0000", FOREIGN["org_id"]))


@pytest.mark.proves("H19", "D14")
@pytest.mark.parametrize("name", FOREIGN)
def test_h19_an_order_takes_no_field_it_does_not_have(counter: Counter, name: str) -> None:
    with pytest.raises(TypeError):
        IssueRecordSheet(counter.clerk().account_id, "存档", **{name: FOREIGN[name]})  # type: ignore[arg-type]


@pytest.mark.proves("H19", "D14")
@pytest.mark.parametrize("name", ["approved_by", "row_version", "state"])
def test_h19_message_between_systems_with_a_foreign_field_is_refused(name: str) -> None:
    sound = Deposit.model_fields
    with pytest.raises(ValidationError) as refused:
        Deposit.model_validate({**dict.fromkeys(sound, "x"), name: FOREIGN[name]})
    assert any(error["type"] == "extra_forbidden" and error["loc"] == (name,) for error in refused.value.errors())
