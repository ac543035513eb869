"""Row 2: both sides' applications are one cancellation; one side's waits for its notice; every other one has its reason."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import select

from models.cancellation import CancelApply
from models.documents import IssuedDocument, PaperKind
from models.one_stop_codes import MessageOutcome
from models.tenancy import LeaseFiling
from models.tenancy_codes import CancelMode, CancelState, FilingState
from models.working_days import calendar
from services.tenancy.cancellation import DecideCancelling, Object, decide_cancelling, object_to_cancelling
from tests.services.one_stop.portal import Portal, person
from tests.services.tenancy.counter import Filed, somebody

pytestmark = pytest.mark.row(2)


def _applies(portal: Portal, filed: Filed) -> list[CancelApply]:
    return list(
        portal.world.read(
            lambda work: work.rows(CancelApply, CancelApply.contract_id == filed.contract_id, by=CancelApply.id)
        )
    )


def _filing(portal: Portal, filed: Filed) -> LeaseFiling:
    found: LeaseFiling = portal.world.read(lambda work: work.session.get_one(LeaseFiling, filed.filing_id))
    return found


def _clerk_of(filed: Filed) -> str:
    return {"310115": "pudong01", "310104": "xuhui01"}[filed.flat.line["district_code"]]


def test_both_sides_are_one_cancellation_with_the_later_day(portal: Portal) -> None:
    filed = portal.counter.filed()
    cases = [
        portal.ask_to_cancel(filed, filed.tenant, "LESSEE", days=2),
        portal.ask_to_cancel(filed, filed.landlord, "LESSOR", days=5, accept_center_code="310104"),
    ]
    portal.decide()
    (apply,) = _applies(portal, filed)
    assert portal.states(*cases) == ["DONE", "DONE"]
    assert (apply.state, apply.mode) == (CancelState.APPROVED, CancelMode.BOTH)
    assert apply.terminated_on == portal.today + timedelta(days=5)
    assert _filing(portal, filed).state is FilingState.CANCELLED
    assert len({portal.case(one).group_id for one in cases} - {None}) == 1
    papers = portal.world.read(
        lambda work: work.session.exec(
            select(IssuedDocument).where(
                IssuedDocument.object_id == apply.id, IssuedDocument.kind == PaperKind.CANCEL_NOTICE
            )
        ).all()
    )
    assert len(papers) == 1
    received = [one for one in portal.send_states() if one["case_no"] in cases and one["state"] == "办结"]
    assert sorted(one["case_no"] for one in received) == sorted(cases)


def test_days_too_far_apart_are_a_suggestion_and_both_wait(portal: Portal) -> None:
    filed = portal.counter.filed()
    cases = [
        portal.ask_to_cancel(filed, filed.tenant, "LESSEE", days=2),
        portal.ask_to_cancel(filed, filed.landlord, "LESSOR", days=6),
    ]
    portal.decide()
    assert portal.states(*cases) == ["ACCEPTED", "ACCEPTED"]
    assert [one.state for one in _applies(portal, filed)] == [CancelState.NOTICE] * 2
    assert len({portal.case(one).suggestion_id for one in cases}) == 1
    assert {portal.case(one).group_id for one in cases} == {None}
    assert _filing(portal, filed).state is FilingState.ACTIVE


def test_one_side_waits_five_working_days_and_the_centre_approves(portal: Portal) -> None:
    filed = portal.counter.filed(portal.counter.free_flat("310115"))
    case = portal.ask_to_cancel(filed, filed.tenant, "LESSEE", mode="ONE", days=10)
    portal.decide()
    (apply,) = _applies(portal, filed)
    assert apply.objection_until == calendar().add_working_days(portal.today, 5)
    assert (portal.states(case), apply.state) == (["ACCEPTED"], CancelState.NOTICE)
    portal.decide()
    portal.world.stand_at(2027, 3, 9)
    centre = portal.world.caller(_clerk_of(filed))
    portal.world.door.perform(decide_cancelling, centre, DecideCancelling(apply.id, True, "期满无异议，同意注销"))
    assert (portal.states(case), _filing(portal, filed).state) == (["DONE"], FilingState.CANCELLED)


def test_an_objection_that_is_upheld_returns_the_case(portal: Portal) -> None:
    filed = portal.counter.filed(portal.counter.free_flat("310115"))
    case = portal.ask_to_cancel(filed, filed.tenant, "LESSEE", mode="ONE")
    portal.decide()
    (apply,) = _applies(portal, filed)
    centre = portal.world.caller(_clerk_of(filed))
    portal.world.door.perform(
        object_to_cancelling, centre, Object(apply.id, "合同仍在履行，不同意解除", filed.landlord.id_no)
    )
    portal.world.door.perform(
        decide_cancelling, centre, DecideCancelling(apply.id, False, "异议成立，请协商或者诉讼解决")
    )
    assert (portal.states(case), _filing(portal, filed).state) == (["RETURNED"], FilingState.ACTIVE)


def test_the_other_sides_request_during_the_notice_is_approved_at_once(portal: Portal) -> None:
    filed = portal.counter.filed()
    first = portal.ask_to_cancel(filed, filed.tenant, "LESSEE", mode="ONE", days=4)
    portal.decide()
    portal.world.stand_at(2027, 3, 3)
    second = portal.ask_to_cancel(filed, filed.landlord, "LESSOR", mode="ONE", days=2)
    portal.decide()
    (apply,) = _applies(portal, filed)
    assert (portal.states(first, second), apply.state) == (["DONE", "DONE"], CancelState.APPROVED)


def test_a_second_request_of_one_side_begins_no_second_notice(portal: Portal) -> None:
    filed = portal.counter.filed()
    cases = [portal.ask_to_cancel(filed, filed.tenant, "LESSEE", mode="ONE") for _ in range(2)]
    portal.decide()
    assert len(_applies(portal, filed)) == 1
    assert portal.states(*cases) == ["ACCEPTED", "ACCEPTED"]
    portal.further(cases[0], "WITHDRAW")
    assert [one.state for one in _applies(portal, filed)] == [CancelState.NOTICE]
    portal.further(cases[1], "WITHDRAW")
    assert [one.state for one in _applies(portal, filed)] == [CancelState.REJECTED]


@pytest.mark.parametrize(
    ("situation", "code"),
    [
        ("stranger", "C01"),
        ("mandate for filing only", "C01"),
        ("unknown", "C02"),
        ("expired", "C02"),
        ("frozen", "C07"),
    ],
)
def test_a_request_that_may_not_be_is_returned_with_its_reason(portal: Portal, situation: str, code: str) -> None:
    filed = portal.counter.filed()
    who, role = filed.tenant, "LESSEE"
    more: dict[str, Any] = {}
    if situation == "stranger":
        who = somebody()
    elif situation == "mandate for filing only":
        who, role = somebody(), "AGENT"
        principal = {**person(filed.tenant), "side": "LESSEE"}
        more = {"applicant": {"principal": principal, "mandate_scope": ["NEW"]}}
        more["papers"] = ("APPLICATION", "ID", "COMMITMENT", "MANDATE")
    elif situation == "expired":
        # The day decides, not the nightly job.
        portal.world.rewrite(LeaseFiling, LeaseFiling.id == filed.filing_id, valid_to=date(2027, 2, 28))
    elif situation == "frozen":
        portal.world.rewrite(LeaseFiling, LeaseFiling.id == filed.filing_id, state=FilingState.FROZEN)
    case = portal.ask_to_cancel(filed, who, role, mode="ONE", **more)
    if situation == "unknown":
        form = {"filing_no": "BA310115270301999999X", "mode": "ONE", "termination_date": "2027-03-04"}
        message = portal.message(
            situation="CANCEL",
            form=form,
            applicant={**person(who), "role": role},
            papers=("APPLICATION", "ID", "COMMITMENT"),
        )
        portal.take(message)
        case = message["case_no"]
    portal.decide()
    assert (portal.states(case), portal.case(case).codes) == (["RETURNED"], code)


def test_one_side_without_the_commitment_and_a_wrong_day_are_asked_about_at_once(portal: Portal) -> None:
    filed = portal.counter.filed()
    case = portal.ask_to_cancel(filed, filed.tenant, "LESSEE", mode="ONE", days=31, papers=("ID",))
    found = portal.case(case)
    assert (found.state.value, found.codes, found.gaps) == ("CORRECTION", "C03 C05 F08", "APPLICATION COMMITMENT")


def test_a_third_request_after_both_sides_finds_no_filing(portal: Portal) -> None:
    filed = portal.counter.filed()
    portal.ask_to_cancel(filed, filed.tenant, "LESSEE")
    portal.ask_to_cancel(filed, filed.landlord, "LESSOR")
    portal.decide()
    late = portal.ask_to_cancel(filed, filed.tenant, "LESSEE", mode="ONE")
    portal.decide()
    assert (portal.states(late), portal.case(late).codes) == (["RETURNED"], "C02")
    assert portal.further(late, "WITHDRAW").outcome is MessageOutcome.REFUSED


def test_a_cancellation_while_a_review_of_the_same_lease_is_open_finds_no_filing_and_leaves_the_review(
    portal: Portal,
) -> None:
    flat, tenants = portal.counter.free_flat(), portal.tenants()
    stranger = somebody("钱一鸣")
    form = portal.lease(flat, tenants, lessors=[person(stranger)])
    stopped = portal.apply(form, tenants[0])
    portal.decide()
    assert (portal.states(stopped), portal.case(stopped).codes) == (["INTERCEPTED"], "H02")
    message = portal.message(
        situation="CANCEL",
        form={"filing_no": "", "contract_no": "", "mode": "ONE", "termination_date": "2027-03-20"},
        applicant={**person(tenants[1]), "role": "LESSEE"},
        papers=("APPLICATION", "ID", "COMMITMENT"),
    )
    portal.take(message)
    portal.decide()
    assert portal.states(message["case_no"], stopped) == ["RETURNED", "INTERCEPTED"]
    assert portal.case(message["case_no"]).codes == "C02"
