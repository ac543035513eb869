"""Hostile cases of business: refused, nothing changed, one event with its reason and nothing of what was sent (security.md 7)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from models.access import Role
from models.tenancy_codes import ContractState
from services.engine.callers import Caller
from services.engine.listings import ListRows
from services.engine.orders import Decide, Reasoned
from services.engine.paging import Paging
from services.engine.parameters import confirm_parameter
from services.engine.refusals import Conflict, NotAllowed, NotFound, Refusal, Rejected
from services.engine.registry import Action
from services.files.workbooks import guard_workbook
from services.tenancy.contract_views import contract_view
from services.tenancy.contracts import DrawUpContract, draw_up_contract, void_contract
from services.tenancy.form_parser import read_lease_form
from services.tenancy.listings import FILINGS
from tests.files_made import rezipped, xlsx
from tests.hostile import told_once
from tests.services.tenancy.counter import Counter, somebody
from tests.services.tenancy.test_row_5 import propose

SECRET = "zq9-hostile-text"


@pytest.mark.proves("H17", "H22")
@pytest.mark.parametrize("how", ["open", "edit"])
def test_a_record_of_another_office_is_not_there_and_it_is_told(counter: Counter, how: str) -> None:
    filed, stranger = counter.filed(counter.free_flat("310115")), counter.clerk("longhua01")
    door, order = counter.world.door, Reasoned(filed.contract_id, "误填信息")
    tries: dict[str, Callable[[], Any]] = {
        "open": lambda: door.ask(contract_view, stranger, filed.contract_id),
        "edit": lambda: door.perform(void_contract, stranger, order),
    }
    with told_once(counter.world, "DATA.REFUSED", "NotFound", never=[filed.tenant.id_no, filed.tenant.name]):
        with pytest.raises(NotFound) as refused:
            tries[how]()
        assert refused.value.message == NotFound().message
    assert counter.contract(filed.contract_id).state is ContractState.EFFECTIVE


@pytest.mark.proves("H18")
def test_an_action_behind_a_hidden_button_is_refused_and_told(counter: Counter) -> None:
    row_id = propose(counter.world, "filing.min_days", "20", date(2027, 3, 1))
    with told_once(counter.world, "AUTHZ.DENY", "NotAllowed"), pytest.raises(NotAllowed):
        counter.world.door.perform(confirm_parameter, counter.clerk(), Decide(row_id, True))
    counter.world.door.perform(confirm_parameter, counter.clerk("shiju01"), Decide(row_id, False))


@pytest.mark.proves("H20")
def test_nobody_agrees_to_his_own_proposal_and_it_is_told(counter: Counter) -> None:
    row_id = propose(counter.world, "filing.min_days", "20", date(2027, 3, 1))
    with told_once(counter.world, "AUTHZ.DENY", "NotAllowed"), pytest.raises(NotAllowed, match="提出人"):
        counter.world.door.perform(confirm_parameter, counter.clerk("shi01"), Decide(row_id, True))
    counter.world.door.perform(confirm_parameter, counter.clerk("shiju01"), Decide(row_id, False))


@pytest.mark.proves("H25")
def test_a_step_in_the_wrong_state_changes_nothing_and_is_told(counter: Counter) -> None:
    filed = counter.filed()
    with told_once(counter.world, "DATA.REFUSED", "Conflict", never=[SECRET]), pytest.raises(Conflict):
        counter.world.door.perform(void_contract, counter.clerk(), Reasoned(filed.contract_id, SECRET))
    assert counter.contract(filed.contract_id).state is ContractState.EFFECTIVE


@pytest.mark.proves("H26")
def test_a_column_that_was_not_offered_is_told_and_not_repeated(counter: Counter) -> None:
    with told_once(counter.world, "DATA.REFUSED", "Rejected", never=[SECRET]), pytest.raises(Rejected) as refused:
        counter.world.door.ask(FILINGS.query, counter.clerk(), ListRows(paging=Paging(sort=SECRET)))
    assert SECRET not in refused.value.message


@pytest.mark.proves("H30", "H32", "H33")
@pytest.mark.parametrize(("place", "value"), [("rent", "NaN"), ("start", "2026-02-30"), ("end", "0000-00-00")])
def test_a_form_with_odd_values_sent_past_its_page_draws_nothing_up(counter: Counter, place: str, value: str) -> None:
    tenant = somebody()
    form = read_lease_form({**counter.form(counter.flats[0], tenant), place: value}).form
    with told_once(counter.world, "DATA.REFUSED", "Rejected", never=[tenant.id_no]), pytest.raises(Rejected):
        counter.world.door.perform(draw_up_contract, counter.clerk(), DrawUpContract(form))


BOOKS: dict[str, tuple[bytes, str]] = {
    "H36": (rezipped(xlsx(), {"xl/media/a.bin": b"\0" * (30 << 20)}), "ZIP-RATIO"),
    "H37": (rezipped(xlsx(), {"docProps/core.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'}), "XLSX-DOCTYPE"),
    "H39": (rezipped(xlsx(), {"xl/vbaProject.bin": SECRET.encode()}), "XLSX-MACRO"),
}


@pytest.mark.proves("H36", "H37", "H39")
@pytest.mark.parametrize("case", BOOKS)
def test_a_hostile_workbook_is_told_by_its_code(counter: Counter, case: str) -> None:
    content, code = BOOKS[case]

    def read(gathering: Any, order: bytes) -> Any:
        return guard_workbook(order)

    importing: Action[bytes, None] = Action(
        "test.import", "导入", frozenset({Role.STREET_CLERK}), lambda work, order, sheets: None, gather=read
    )
    clerk: Caller = counter.clerk()
    with told_once(counter.world, "DATA.REFUSED", f"FileRefused {code}", never=[SECRET]), pytest.raises(Refusal):
        counter.world.door.perform(importing, clerk, content)
