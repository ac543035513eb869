"""What the guided form is told while it is filled in: the house, early reasons, materials, dates, how far it is (row 6)."""

from datetime import date, timedelta
from typing import Any

import pytest

from models.house import ProofKind
from models.tenancy_codes import CaseState, ContractState
from services.engine.findings import Outcome
from services.engine.refusals import NotFound
from services.tenancy.contracts import DrawUpContract, draw_up_contract
from services.tenancy.counter_forms import (
    FollowOn,
    case_state,
    check_form,
    filing_progress,
    follow_on_form,
    materials_for,
    new_form,
    short_day,
    try_at_counter,
)
from services.tenancy.counter_house import FormHouse, HouseQuestion, house_for_form
from services.tenancy.form_parser import read_lease_form
from services.tenancy.predicates import last_day
from tests.services.tenancy.counter import CHEN, LI, WANG, ZHOU, Counter, fixtures, party, somebody


def asked(counter: Counter, cert_no: str, *lessors: str, **more: Any) -> FormHouse:
    question = HouseQuestion(cert_no=cert_no, lessors=lessors, **more)
    found: FormHouse = counter.world.door.ask(house_for_form, counter.clerk(), question)
    return found


@pytest.mark.row(6)
def test_the_register_answers_with_facts_and_never_with_owners(counter: Counter) -> None:
    flat = fixtures()["H-1"]
    house = asked(counter, flat.cert_no, CHEN.id_no, LI.id_no)
    assert (house.address, house.build_area, house.in_library) == ("南泉路1201弄3号302室", "72.03", True)
    assert house.agree == (True, False)
    assert house.others == 0
    assert CHEN.name not in repr(house)
    assert CHEN.id_no not in repr(house)


@pytest.mark.row(6)
def test_rooms_say_how_many_fit(counter: Counter) -> None:
    house = asked(counter, fixtures()["H-1"].cert_no)
    fits = {room.label: room.fits for room in house.rooms}
    assert fits["A"] == fits["B"] == 2
    assert fits["K1"] == fits["W1"] == fits["B1"] == 0


@pytest.mark.row(6)
def test_another_owner_is_counted_and_a_restriction_is_named(counter: Counter) -> None:
    assert asked(counter, fixtures()["H-2"].cert_no, CHEN.id_no).others == 1
    assert asked(counter, fixtures()["H-2"].cert_no, CHEN.id_no, ZHOU.id_no).others == 0
    assert asked(counter, fixtures()["H-3"].cert_no).restrictions == ("查封",)


@pytest.mark.row(6)
def test_a_public_house_is_asked_by_its_tenancy_certificate(counter: Counter) -> None:
    house = asked(counter, fixtures()["H-5"].cert_no, WANG.id_no, proof_kind=ProofKind.A4)
    assert house.known
    assert house.agree == (True,)


@pytest.mark.row(6)
def test_a_silent_register_leaves_our_snapshot_with_its_age(counter: Counter) -> None:
    flat = fixtures()["H-1"]
    counter.world.fault("property_register", "error")
    house = asked(counter, flat.cert_no, CHEN.id_no)
    assert house.source == "本系统房屋基础库"
    assert house.at is not None
    assert house.agree == (True,)
    assert "没有应答" in house.note


@pytest.mark.row(6)
def test_an_unknown_certificate_is_told_and_may_be_typed(counter: Counter) -> None:
    house = asked(counter, "沪（2021）浦字不动产权第999999号")
    assert not house.known
    assert "未查到" in house.note


@pytest.mark.row(6)
def test_the_early_check_asks_nobody_and_tells_only_what_it_can_know(counter: Counter) -> None:
    flat = counter.free_flat()
    raw = counter.form(flat, flat.owners[0], deposit_deduct_rule="")
    for system in ("property_register", "police", "licence_library"):
        counter.world.fault(system, "error")
    found = counter.world.door.ask(check_form, counter.clerk(), read_lease_form(raw).form)
    assert {"P09", "T07"} <= {finding.code for finding in found}
    assert not {"P01", "H01", "H02", "F08"} & {finding.code for finding in found}


@pytest.mark.row(6)
def test_a_name_with_digits_is_no_name(counter: Counter) -> None:
    raw = counter.form(counter.free_flat())
    raw["lessees"][0]["name"] = "李4静"
    found = counter.world.door.ask(check_form, counter.clerk(), read_lease_form(raw).form)
    assert [finding.field for finding in found if finding.code == "P02"] == ["lessees.0.name"]


@pytest.mark.row(6)
def test_the_trial_names_every_source_and_whether_it_answered(counter: Counter) -> None:
    form = read_lease_form(counter.form(counter.free_flat(), somebody())).form
    counter.world.fault("police", "error")
    trial = counter.world.door.ask(try_at_counter, counter.clerk(), form)
    assert trial.judgement.outcome is not Outcome.PASS
    assert {source.source: source.silent for source in trial.sources}["公安人口库"]
    assert not {source.source: source.silent for source in trial.sources}["不动产登记"]


@pytest.mark.row(3)
def test_what_the_library_holds_is_not_asked_for(counter: Counter) -> None:
    raw = counter.form(fixtures()["H-1"], LI)
    raw["lessors"][0]["card_read"] = True
    lines = counter.world.door.ask(materials_for, counter.clerk(), read_lease_form(raw).form)
    states = {(line.name, line.whose): line.state for line in lines}
    assert set(states.values()) <= {"HELD", "SHOWN", "NEEDED"}
    counter.world.fault("licence_library", "error")
    lines = counter.world.door.ask(materials_for, counter.clerk(), read_lease_form(raw).form)
    assert {line.state for line in lines} <= {"SILENT", "SHOWN"}


@pytest.mark.row(6)
def test_a_paper_handed_in_later_needs_no_new_confirmation(counter: Counter) -> None:
    raw = counter.form(counter.free_flat(), somebody(), materials=[])
    contract_id = counter.sign(raw)
    stopped = counter.submit(contract_id)
    assert stopped.outcome is Outcome.CORRECT
    form = read_lease_form({**raw, "materials": ["不动产权证"]}).form
    drawn = counter.world.door.perform(draw_up_contract, counter.clerk(), DrawUpContract(form, contract_id))
    assert all(line.confirmed for line in drawn.parties)
    assert counter.submit(contract_id).outcome is Outcome.PASS


@pytest.mark.row(6)
def test_progress_tells_how_far_a_lease_is(counter: Counter) -> None:
    raw = counter.form(counter.free_flat(), somebody())
    drawn = counter.draw_up(raw)
    ask = counter.world.door.ask
    assert ask(filing_progress, counter.clerk(), drawn.contract_id).contract.state is ContractState.DRAFT
    counter.confirm(raw, drawn)
    decision = counter.submit(drawn.contract_id)
    progress = ask(filing_progress, counter.clerk(), drawn.contract_id)
    assert (progress.contract.state, progress.filing_no) == (ContractState.EFFECTIVE, decision.filing_no)
    assert "住房租赁合同备案通知书" in {paper.title for paper in progress.papers}
    assert ask(case_state, counter.clerk(), decision.case_id) is CaseState.DONE
    with pytest.raises(NotFound):
        ask(filing_progress, counter.clerk("longhua01"), drawn.contract_id)


def test_a_new_form_lacks_only_what_nobody_can_know(counter: Counter) -> None:
    raw = new_form(date(2027, 3, 1))
    raw |= {"lessors": [party(CHEN)], "lessees": [party(LI)], "rent": "6500", "deposit": "0"}
    reading = read_lease_form(raw)
    assert reading.findings == ()
    assert reading.form.end == date(2028, 2, 29)


@pytest.mark.parametrize("renews", [False, True])
def test_the_lease_that_follows_has_the_terms_and_those_who_showed_a_document(counter: Counter, renews: bool) -> None:
    filed = counter.filed()
    clerk = counter.clerk("huamu02")
    counter.show_document(filed.contract_id, filed.landlord.id_no, clerk)
    raw = counter.world.door.ask(follow_on_form, clerk, FollowOn(filed.contract_id, renews))
    contract = counter.contract(filed.contract_id)
    first = contract.end + timedelta(days=1) if renews else contract.start
    assert (raw["start"], raw["rent"], raw["house"]["house_code"]) == (first.isoformat(), "6500", filed.flat.code)
    assert raw["previous_filing_no"] == ("" if renews else filed.decision.filing_no)
    assert (raw["lessors"][0]["id_no"], raw["lessors"][0]["card_read"]) == (filed.landlord.id_no, True)
    assert (raw["lessees"][0]["id_no"], raw["lessees"][0]["name"]) == ("", "")


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2027, 3, 1), 12, date(2028, 2, 29)),
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2026, 12, 15), 12, date(2027, 12, 14)),
        (date(2027, 1, 1), 12, date(2027, 12, 31)),
    ],
)
def test_a_term_of_whole_months_ends_the_day_before(start: date, months: int, end: date) -> None:
    assert last_day(start, months) == end


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("+1y", "2028-02-29"),
        ("＋６ｍ", "2027-08-31"),
        ("+30d", "2027-03-30"),
        ("+2年", "2029-02-28"),
        ("t", "2027-02-01"),
        ("2027-05-01", "2027-05-01"),
        ("+0m", "+0m"),
        ("+999y", "+999y"),
        ("", ""),
    ],
)
def test_short_dates_are_counted_from_the_start(typed: str, day: str) -> None:
    assert short_day(typed, start=date(2027, 3, 1), today=date(2027, 2, 1)) == day
