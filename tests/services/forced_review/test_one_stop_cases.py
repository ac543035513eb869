"""Applications of the case library that rules intercepted go on by forced review, with their whole group (rows 1, 11)."""

from itertools import count
from typing import Any

import pytest

from models.forced_review import ReviewState
from models.one_stop import StopCase
from models.one_stop_codes import StopState
from models.tenancy import GovCase
from models.tenancy_codes import CaseState, FilingWay
from services.engine.callers import SYSTEM
from services.engine.refusals import Conflict
from services.forced_review.applications import Applied, apply_review
from services.forced_review.listings import INTERCEPTED
from services.forced_review.stopped_case import apply_sheet
from services.one_stop.decisions import decide_case
from services.one_stop.intake import TakeMessage, take_message
from tests.services.forced_review.reviews import GROUNDS, TAKER, Reviews, Stopped
from tests.services.tenancy.counter import Flat, Person, somebody

pytestmark = [pytest.mark.row(11), pytest.mark.row(1)]

_SERIAL = count(1)


def _message(flat: Flat, landlord: Person, tenant: Person, *, by_landlord: bool) -> dict[str, Any]:
    serial = next(_SERIAL)
    applicant = landlord if by_landlord else tenant
    person = {"id_type": "11", "mobile": "13900001234"}
    return {
        "msg_id": f"MSFR{serial:05}",
        "case_no": f"YWTB20270301{serial:06}",
        "version": 1,
        "event_time": "2027-03-01T09:00:00+08:00",
        "kind": "SUBMIT",
        "item_code": "310-ZLBA-0001",
        "situation": "NEW",
        "channel": "YWTB",
        "accept_center_code": "310115",
        "applicant": person
        | {"name": applicant.name, "id_no": applicant.id_no, "role": "LESSOR" if by_landlord else "LESSEE"},
        "form": {
            "house": {
                "proof_type": "A1",
                "title_cert_no": flat.cert_no,
                "address_text": flat.line["address"],
                "district_code": flat.line["district_code"],
                "house_id": flat.code,
            },
            "deal_kind": "SELF",
            "lease_mode": "WHOLE",
            "rooms": [],
            "lessors": [person | {"name": landlord.name, "id_no": landlord.id_no}],
            "lessees": [person | {"name": tenant.name, "id_no": tenant.id_no}],
            "co_occupants": [],
            "sign_date": "2027-03-01",
            "start_date": "2027-03-10",
            "end_date": "2028-03-09",
            "rent_amount": "6500.00",
            "rent_unit": "MONTH",
        },
        "attachments": [
            {"material": kind, "file_name": f"{kind}.pdf", "size": 1000}
            for kind in ("APPLICATION", "ID", "TITLE", "CONTRACT")
        ],
    }


def _cases(reviews: Reviews, numbers: list[str]) -> list[StopCase]:
    found: list[StopCase] = reviews.world.read(
        lambda work: [work.only(StopCase, StopCase.case_no == number) for number in numbers]
    )
    return found


def _intercepted(reviews: Reviews, *, both: bool) -> tuple[Stopped, list[str]]:
    """One application or two of one lease, stopped by H02."""
    flat, landlord, tenant = reviews.counter.free_flat("310115"), somebody("程更名"), somebody()
    raw = [_message(flat, landlord, tenant, by_landlord=side) for side in ((False, True) if both else (False,))]
    for one in raw:
        reviews.world.door.perform(take_message, SYSTEM, TakeMessage(one))
    numbers = [one["case_no"] for one in raw]
    first = _cases(reviews, numbers)[0]
    reviews.world.door.perform(decide_case, SYSTEM, first.id)
    cases = _cases(reviews, numbers)
    assert {one.state for one in cases} == {StopState.INTERCEPTED}, [(one.state, one.codes) for one in cases]
    assert first.gov_case_id is not None
    decision: Any = type("Told", (), {"case_id": first.gov_case_id, "case_no": ""})
    contract_id = cases[0].contract_id
    assert contract_id is not None
    return Stopped(flat, landlord, tenant, contract_id, decision), numbers


def _applied(reviews: Reviews, stopped: Stopped) -> Applied:
    order = reviews.order(stopped, applicant_name=stopped.tenant.name, applicant_id_no=stopped.tenant.id_no)
    made: Applied = reviews.perform(apply_review, TAKER, order)
    return made


@pytest.mark.parametrize("both", [False, True])
def test_a_passed_review_gives_every_member_the_same_number(reviews: Reviews, both: bool) -> None:
    stopped, numbers = _intercepted(reviews, both=both)
    assert [one.code for one in reviews.ask(apply_sheet, TAKER, stopped.case_id).stops] == ["H02"]
    done = reviews.decide(_applied(reviews, stopped))
    assert done.state is ReviewState.DONE, done.findings
    cases = _cases(reviews, numbers)
    assert {(one.state, one.filing_id) for one in cases} == {(StopState.DONE, done.filing_id)}
    assert reviews.counter.filing(done.filing_id).way is FilingWay.FORCED  # type: ignore[arg-type]
    assert {reviews.one(GovCase, one.gov_case_id).state for one in cases} == {CaseState.DONE}


def test_a_refused_review_returns_every_member_with_the_reason(reviews: Reviews) -> None:
    stopped, numbers = _intercepted(reviews, both=True)
    reviews.decide(_applied(reviews, stopped), agree=False, opinion=GROUNDS)
    cases = _cases(reviews, numbers)
    assert {one.state for one in cases} == {StopState.RETURNED}
    assert {reviews.one(GovCase, one.gov_case_id).state for one in cases} == {CaseState.RETURNED}
    with pytest.raises(Conflict, match="请申请人重新申请"):
        reviews.ask(apply_sheet, TAKER, stopped.case_id)


def _lines(reviews: Reviews, stopped: Stopped) -> list[str]:
    """The numbers under which a lease is offered for forced review at the counter that took it in."""
    listed = reviews.world.listed(INTERCEPTED, TAKER, size=200).lines
    return [row.case_no for row in listed if row.contract_id == stopped.contract_id]


def test_an_application_after_the_interception_joins_its_lease(reviews: Reviews) -> None:
    stopped, numbers = _intercepted(reviews, both=False)
    assert _lines(reviews, stopped) == numbers
    late = _message(stopped.flat, stopped.landlord, stopped.tenant, by_landlord=True)
    reviews.world.door.perform(take_message, SYSTEM, TakeMessage(late))
    numbers.append(late["case_no"])
    reviews.world.door.perform(decide_case, SYSTEM, _cases(reviews, numbers)[1].id)
    cases = _cases(reviews, numbers)
    assert {(one.state, one.contract_id) for one in cases} == {(StopState.INTERCEPTED, stopped.contract_id)}
    assert cases[0].group_id is not None
    assert {one.group_id for one in cases} == {cases[0].group_id}
    assert _lines(reviews, stopped) == numbers[1:]
    applied = _applied(reviews, stopped)
    assert _lines(reviews, stopped) == []
    with pytest.raises(Conflict, match="已在强制核验中"):
        reviews.ask(apply_sheet, TAKER, cases[1].gov_case_id)
    done = reviews.decide(applied)
    assert {(one.state, one.filing_id) for one in _cases(reviews, numbers)} == {(StopState.DONE, done.filing_id)}
