"""Row 6: owned and public houses in one go, from the form to contract, filing, D1 and D2."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from models.documents import IssuedDocument, PaperKind
from models.sealed import Sealed
from models.tenancy import Confirmation, LeaseContract
from models.tenancy_codes import CaseState, ContractState
from services.documents.stored_papers import open_paper
from services.engine.findings import Outcome
from services.engine.numbering import has_check_digit
from services.engine.orders import Reasoned
from services.engine.refusals import Conflict, Rejected
from services.engine.work import Work
from services.tenancy.contracts import ConfirmContract, confirm_contract, void_contract
from services.tenancy.form_parser import read_lease_form
from services.tenancy.intake import ReadPerson, read_person
from tests.services.tenancy.counter import (
    CHEN,
    LI,
    MINOR,
    SIGNATURE,
    WANG,
    ZHOU,
    Counter,
    codes,
    fixtures,
    party,
    somebody,
)

pytestmark = pytest.mark.row(6)


def papers(counter: Counter, *objects: UUID) -> list[IssuedDocument]:
    statement = select(IssuedDocument).where(col(IssuedDocument.object_id).in_(objects))
    return list(counter.world.read(lambda work: work.session.exec(statement).all()))


def residents(number: int, **same: Any) -> list[dict[str, Any]]:
    return [{"name": "同住人", "id_no": somebody().id_no, "relation": "FRIEND", **same} for _ in range(number)]


def test_an_owned_house_is_filed_in_one_go_with_both_papers(counter: Counter) -> None:
    filed = counter.filed()
    contract, filing = counter.contract(filed.contract_id), counter.filing(filed.filing_id)
    assert contract.state is ContractState.EFFECTIVE
    assert contract.contract_no == filed.decision.contract_no
    assert filing.filing_no == filed.decision.filing_no
    assert has_check_digit(filing.filing_no)
    assert {paper.kind for paper in papers(counter, contract.id, filing.id)} == {
        PaperKind.CONTRACT,
        PaperKind.FILING_NOTICE,
    }


def test_both_papers_can_be_opened_as_pdf(counter: Counter) -> None:
    filed = counter.filed()
    counter.draw_papers(filed.contract_id, filed.filing_id)
    issued = papers(counter, filed.contract_id, filed.filing_id)
    assert [open_paper(counter.world.door, counter.clerk(), paper.id).content[:5] for paper in issued] == [b"%PDF-"] * 2  # type: ignore[index]


def test_a_public_house_is_let_by_the_holder_of_its_certificate(counter: Counter) -> None:
    flat = fixtures()["H-5"]
    decision = counter.file(counter.form(flat, house={"public_consent": True}))
    assert (decision.outcome, codes(decision)) == (Outcome.PASS, set())


def test_a_public_house_is_not_let_by_somebody_else(counter: Counter) -> None:
    judgement = counter.judge(counter.form(fixtures()["H-5"], lessors=[party(CHEN)]))
    assert judgement.outcome is not Outcome.PASS


def test_the_person_read_brings_his_houses(counter: Counter) -> None:
    order = ReadPerson(WANG.id_no, how="CARD")
    overview = counter.world.door.perform(read_person, counter.clerk(), order)
    assert (overview.name, [line.category for line in overview.houses]) == (WANG.name, ["PUBLIC"])


def test_one_owner_of_two_needs_the_others_consent(counter: Counter) -> None:
    flat = fixtures()["H-2"]
    assert codes(counter.judge(counter.form(flat))) == {"H03"}
    assert counter.judge(counter.form(flat, house={"co_owner_consent": True})).outcome is Outcome.PASS
    assert counter.judge(counter.form(flat, lessors=[party(CHEN), party(ZHOU)])).outcome is Outcome.PASS


def test_a_co_owned_house_with_one_owner_is_intercepted_and_can_wait_for_the_review(counter: Counter) -> None:
    decision = counter.file(counter.form(fixtures()["H-2"]))
    assert decision.outcome is Outcome.INTERCEPT
    assert counter.case(decision.case_id).state is CaseState.INTERCEPTED
    assert (
        counter.contract(counter.case(decision.case_id).contract_id or decision.case_id).state is ContractState.SIGNED
    )


def test_a_presale_house_without_handover_paper_is_not_filed(counter: Counter) -> None:
    flat = fixtures()["H-1"]
    judgement = counter.judge(counter.form(flat, house={"category": "PRESALE", "proof_kind": "A2"}))
    assert (judgement.outcome, codes(judgement) - {"F08"}) == (Outcome.CORRECT, {"H12"})


def test_a_minor_does_not_let_by_himself(counter: Counter) -> None:
    flat = counter.free_flat()
    judgement = counter.judge(counter.form(flat, lessors=[party(MINOR)]))
    assert judgement.outcome is Outcome.CORRECT
    assert "P05" in codes(judgement)


def test_eight_tenants_are_too_many_for_two_bedrooms(counter: Counter) -> None:
    eight = [party(somebody()) for _ in range(8)]
    judgement = counter.judge(counter.form(fixtures()["H-1"], lessees=eight))
    assert (judgement.outcome, codes(judgement)) == (Outcome.REFUSE, {"O03", "O04"})


def test_a_room_takes_two_beside_the_two_next_door_but_not_three(counter: Counter) -> None:
    flat = counter.free_flat()
    first, second = flat.bedrooms[:2]
    assert counter.file(counter.room(flat, first, somebody(), residents=residents(1))).outcome is Outcome.PASS
    assert counter.judge(counter.room(flat, second, somebody(), residents=residents(1))).outcome is Outcome.PASS
    assert "O03" in codes(counter.judge(counter.room(flat, second, somebody(), residents=residents(2))))


def test_a_lease_may_end_on_the_twenty_ninth_of_february(counter: Counter) -> None:
    filed = counter.filed(start="2027-03-01", end="2028-02-29")
    assert counter.filing(filed.filing_id).valid_to == date(2028, 2, 29)


def test_the_filing_of_a_lease_from_the_twenty_ninth_of_february_ends_with_february(counter: Counter) -> None:
    counter.world.stand_at(2028, 2, 29)
    filed = counter.filed(start="2028-02-29", end="2033-02-28")
    assert counter.filing(filed.filing_id).valid_to == date(2031, 2, 28)


def test_a_day_that_is_none_is_told_at_its_field(counter: Counter) -> None:
    reading = read_lease_form(counter.form(counter.free_flat(), end="2027-02-29"))
    assert [finding.field for finding in reading.findings] == ["end"]


def test_a_lease_nobody_confirmed_is_void_after_thirty_days(counter: Counter) -> None:
    drawn = counter.draw_up(counter.form(counter.free_flat()))
    counter.world.stand_at(2027, 3, 31)
    counter.run("tenancy.void_idle")
    assert counter.contract(drawn.contract_id).state is ContractState.DRAFT
    counter.world.stand_at(2027, 4, 1)
    counter.run("tenancy.void_idle")
    assert counter.contract(drawn.contract_id).state is ContractState.VOID


def test_a_refused_lease_nobody_puts_right_is_void_after_thirty_days(counter: Counter) -> None:
    """Signed, its filing returned: leasing-domain 3.2 gives thirty days for the repair."""
    flat = counter.free_flat()
    contract_id = counter.sign(counter.form(flat, start="2027-03-02", end="2027-03-20"))
    assert counter.case(counter.submit(contract_id).case_id).state is CaseState.RETURNED
    counter.world.let_pass(days=30)
    counter.run("tenancy.void_idle")
    assert counter.contract(contract_id).state is ContractState.SIGNED
    counter.world.let_pass(days=1)
    counter.run("tenancy.void_idle")
    assert counter.contract(contract_id).state is ContractState.VOID


def test_a_lease_one_side_confirmed_is_void_after_thirty_days(counter: Counter) -> None:
    raw = counter.form(counter.free_flat())
    drawn = counter.draw_up(raw)
    order = ConfirmContract(drawn.contract_id, drawn.parties[0].id, drawn.text_digest, _number(raw, drawn), SIGNATURE)
    counter.world.door.perform(confirm_contract, counter.clerk(), order)
    counter.world.let_pass(days=31)
    counter.run("tenancy.void_idle")
    assert counter.contract(drawn.contract_id).state is ContractState.VOID


def _number(raw: dict[str, Any], drawn: Any) -> str:
    side = "lessors" if drawn.parties[0].side.value == "LESSOR" else "lessees"
    return str(raw[side][0]["id_no"])


@pytest.mark.proves("H25")
def test_a_void_lease_cannot_be_filed(counter: Counter) -> None:
    contract_id = counter.sign(counter.form(counter.free_flat()))
    counter.world.door.perform(void_contract, counter.clerk(), Reasoned(contract_id, "双方不租了"))
    with pytest.raises(Conflict, match="请双方当事人确认并签名"):
        counter.submit(contract_id)


@pytest.mark.proves("H25")
def test_a_filed_lease_is_never_void(counter: Counter) -> None:
    filed = counter.filed()
    counter.world.let_pass(days=40)
    counter.run("tenancy.void_idle")
    assert counter.contract(filed.contract_id).state is ContractState.EFFECTIVE
    with pytest.raises(Conflict, match="已生效"):
        counter.world.door.perform(void_contract, counter.clerk(), Reasoned(filed.contract_id, "误填"))


def test_a_rent_changed_after_one_confirmed_makes_everybody_confirm_anew(counter: Counter) -> None:
    raw = counter.form(counter.free_flat())
    drawn = counter.draw_up(raw)
    first = ConfirmContract(drawn.contract_id, drawn.parties[0].id, drawn.text_digest, _number(raw, drawn), SIGNATURE)
    counter.world.door.perform(confirm_contract, counter.clerk(), first)
    dearer = counter.draw_up({**raw, "rent": "6800"}, contract_id=drawn.contract_id)
    assert (dearer.text_version, [line.confirmed for line in dearer.parties]) == (2, [False, False])
    assert dearer.text_digest != drawn.text_digest
    with pytest.raises(Conflict, match="请双方当事人确认并签名"):
        counter.submit(drawn.contract_id)


@pytest.mark.proves("H25")
def test_the_old_text_cannot_be_confirmed_any_more(counter: Counter) -> None:
    raw = counter.form(counter.free_flat())
    drawn = counter.draw_up(raw)
    dearer = counter.draw_up({**raw, "rent": "6800"}, contract_id=drawn.contract_id)
    stale = ConfirmContract(drawn.contract_id, dearer.parties[0].id, drawn.text_digest, _number(raw, dearer), SIGNATURE)
    with pytest.raises(Conflict, match="合同内容已变化，请双方重新确认"):
        counter.world.door.perform(confirm_contract, counter.clerk(), stale)


def test_a_text_changed_past_the_counter_is_refused_at_filing(counter: Counter) -> None:
    raw = counter.form(counter.free_flat())
    contract_id = counter.sign(raw)
    _change_kept_form(counter, contract_id, rent="9999")
    decision = counter.submit(contract_id)
    assert (decision.outcome, "F10" in codes(decision)) == (Outcome.REFUSE, True)


def _change_kept_form(counter: Counter, contract_id: UUID, **changes: Any) -> None:
    def change(work: Work) -> None:
        contract = work.session.exec(select(LeaseContract).where(LeaseContract.id == contract_id)).one()
        contract.form = Sealed.of_json({**contract.form.json(), **changes})
        work.add(contract)

    counter.world.act(change)


def test_the_same_text_again_keeps_the_confirmations(counter: Counter) -> None:
    raw = counter.form(counter.free_flat())
    drawn = counter.draw_up(raw)
    order = ConfirmContract(drawn.contract_id, drawn.parties[0].id, drawn.text_digest, _number(raw, drawn), SIGNATURE)
    counter.world.door.perform(confirm_contract, counter.clerk(), order)
    again = counter.draw_up(raw, contract_id=drawn.contract_id)
    assert (again.text_version, [line.confirmed for line in again.parties]) == (1, [True, False])


def test_confirming_twice_keeps_one_word(counter: Counter) -> None:
    raw = counter.form(counter.free_flat())
    drawn = counter.draw_up(raw)
    order = ConfirmContract(drawn.contract_id, drawn.parties[0].id, drawn.text_digest, _number(raw, drawn), SIGNATURE)
    for _ in range(2):
        counter.world.door.perform(confirm_contract, counter.clerk(), order)
    words = select(Confirmation.id).where(Confirmation.contract_id == drawn.contract_id)
    assert len(counter.world.read(lambda work: work.session.exec(words).all())) == 1


def test_another_persons_card_confirms_nothing(counter: Counter) -> None:
    drawn = counter.draw_up(counter.form(counter.free_flat()))
    order = ConfirmContract(drawn.contract_id, drawn.parties[0].id, drawn.text_digest, ZHOU.id_no, SIGNATURE)
    with pytest.raises(Rejected, match="读取的证件与合同当事人"):
        counter.world.door.perform(confirm_contract, counter.clerk(), order)


def test_a_homestead_goes_to_its_own_channel(counter: Counter) -> None:
    judgement = counter.judge(counter.form(fixtures()["H-6"], house={"category": "HOMESTEAD", "proof_kind": "B2"}))
    assert "H11" in codes(judgement)
    assert judgement.outcome is not Outcome.PASS


@pytest.mark.parametrize(
    ("house", "outcome", "code"),
    [
        ("H-3", Outcome.INTERCEPT, "H07"),
        ("H-4", Outcome.REFUSE, "H04"),
        ("H-7", Outcome.INTERCEPT, "H08"),
        ("H-8", Outcome.REFUSE, "H06"),
    ],
)
def test_a_house_that_may_not_be_let_is_stopped(counter: Counter, house: str, outcome: Outcome, code: str) -> None:
    judgement = counter.judge(counter.form(fixtures()[house]))
    assert judgement.outcome is outcome
    assert code in codes(judgement)


def test_a_hall_of_less_than_twelve_square_metres_is_not_split(counter: Counter) -> None:
    judgement = counter.judge(counter.form(fixtures()["H-9"], mode="N1", rooms=["T1"]))
    assert "O05" in codes(judgement)


def test_a_returned_lease_is_put_right_and_filed(counter: Counter) -> None:
    raw = counter.form(counter.free_flat(), materials=[])
    contract_id = counter.sign(raw)
    counter.world.fault("licence_library", "miss")
    returned = counter.submit(contract_id)
    counter.world.heal()
    assert (returned.outcome, codes(returned)) == (Outcome.CORRECT, {"F08"})
    assert counter.case(returned.case_id).state is CaseState.RETURNED
    mended = {**raw, "materials": ["不动产权证"], "rent": "6600"}
    counter.confirm(mended, counter.draw_up(mended, contract_id=contract_id))
    assert counter.submit(contract_id).outcome is Outcome.PASS


def test_every_reason_is_told_at_once(counter: Counter) -> None:
    raw = counter.form(fixtures()["H-3"], LI, lessors=[party(ZHOU)], start="2027-03-01", end="2027-03-10")
    assert {"H02", "T03"} <= codes(counter.judge(raw))


def test_papers_never_name_the_registered_owner_to_a_stranger(counter: Counter) -> None:
    flat = fixtures()["H-1"]
    decision = counter.file(counter.form(flat, lessors=[party(ZHOU)]))
    told = "".join(finding.message + finding.found for finding in decision.findings)
    assert CHEN.name not in told
    assert CHEN.id_no not in told
