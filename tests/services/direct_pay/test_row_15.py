"""Row 15: the fund asks for a filing by number or for a person's filings; the answer is the record as it is now."""

from typing import Any

import pytest
from sqlmodel import select

from models.audit import AuditEvent
from models.privacy import PersonAccess
from models.sealed import indexes_of
from models.tenancy import LeaseFiling
from models.tenancy_codes import FilingState
from services.engine.refusals import NotAllowed, NotFound, Rejected
from services.engine.work import Work
from tests.services.direct_pay.rent_month import DirectPay
from tests.services.tenancy.counter import WANG, Filed, party, somebody
from tests.world import sealer

pytestmark = pytest.mark.row(15)


def _ask(pay: DirectPay, **question: str) -> dict[str, Any]:
    return pay.call("/filings/query", pay.fund, {"purpose": "提取审核", **question})


def _of(pay: DirectPay, filed: Filed) -> dict[str, Any]:
    (found,) = _ask(pay, filing_no=str(filed.decision.filing_no))["filings"]
    return dict(found)


def test_a_filing_number_gives_everything_agreed_and_a_contract_number_the_same(pay: DirectPay) -> None:
    filed = pay.lease()
    by_filing = _of(pay, filed)
    (by_contract,) = _ask(pay, contract_no=str(filed.decision.contract_no))["filings"]
    assert by_filing == by_contract
    assert by_filing["state"] == "ACTIVE"
    assert by_filing["tenants"] == [{"name": filed.tenant.name, "id_no": filed.tenant.id_no}]
    assert by_filing["landlords"] == [filed.landlord.name]
    assert (by_filing["month_rent"], by_filing["valid_from"], by_filing["enterprise_uscc"]) == (
        "6500.00",
        "2027-03-01",
        pay.firm.uscc,
    )


def test_a_person_gives_summaries_only(pay: DirectPay) -> None:
    tenant = somebody("丁一")
    leases = [pay.lease(lessees=[party(tenant)]) for _ in range(4)]
    answer = _ask(pay, name=tenant.name, id_no=tenant.id_no)
    assert answer["filings"] == []
    assert {one["filing_no"] for one in answer["summaries"]} == {one.decision.filing_no for one in leases}
    assert set(answer["summaries"][0]) == {
        "filing_no",
        "contract_no",
        "state",
        "valid_from",
        "valid_to",
        "changed_at",
    }


def test_a_person_without_filings_is_an_empty_list(pay: DirectPay) -> None:
    assert _ask(pay, name=WANG.name, id_no=WANG.id_no) == {"filings": [], "summaries": []}


def test_name_and_number_must_both_fit(pay: DirectPay) -> None:
    filed = pay.lease()
    assert _ask(pay, name="另一人", id_no=filed.tenant.id_no)["summaries"] == []
    with pytest.raises(Rejected, match="证件号码"):
        _ask(pay, name=filed.tenant.name)


def test_a_small_x_is_the_same_number(pay: DirectPay) -> None:
    tenant = next(one for one in (somebody("任晓") for _ in range(60)) if one.id_no.endswith("X"))
    pay.lease(lessees=[party(tenant)])
    assert len(_ask(pay, name=tenant.name, id_no=tenant.id_no.lower())["summaries"]) == 1


def test_who_lives_there_too_is_not_told_as_a_tenant(pay: DirectPay) -> None:
    guest = somebody("同住人")
    resident = {"name": guest.name, "id_no": guest.id_no, "mobile": "13900001235", "relation": "SPOUSE"}
    filed = pay.lease(residents=[resident])
    assert _ask(pay, name=guest.name, id_no=guest.id_no)["summaries"] == []
    assert guest.id_no not in str(_of(pay, filed))


def test_an_expired_filing_is_told_as_expired_by_date(pay: DirectPay) -> None:
    filed = pay.lease()
    pay.world.stand_at(2028, 3, 1)
    assert _of(pay, filed)["state"] == "ACTIVE"
    pay.world.stand_at(2028, 3, 2)
    found = _of(pay, filed)
    assert (found["state"], found["ended_on"], found["contract_state"]) == ("EXPIRED", "2028-03-01", "EXPIRED")
    assert found["changed_at"] == "2028-03-02T00:00:00+08:00"
    assert pay.counter.filing(filed.filing_id).state is FilingState.ACTIVE


def test_a_frozen_filing_is_told_as_frozen(pay: DirectPay) -> None:
    filed = pay.lease()
    pay.world.rewrite(LeaseFiling, LeaseFiling.id == filed.filing_id, state=FilingState.FROZEN)
    assert _of(pay, filed)["state"] == "FROZEN"


def test_a_filing_cancelled_a_moment_ago_shows_at_once(pay: DirectPay) -> None:
    filed = pay.lease()
    before = _of(pay, filed)
    pay.world.let_pass(seconds=10)
    pay.counter.cancel(filed)
    after = _of(pay, filed)
    assert (before["state"], after["state"], after["ended_on"]) == ("ACTIVE", "CANCELLED", "2027-03-01")
    assert after["changed_at"] > before["changed_at"]


def test_an_unknown_number_is_not_found(pay: DirectPay) -> None:
    for question in ({"filing_no": "BA000"}, {"contract_no": "HT000"}):
        with pytest.raises(NotFound):
            _ask(pay, **question)


def test_one_layer_a_question(pay: DirectPay) -> None:
    with pytest.raises(Rejected, match="三种方式"):
        _ask(pay)
    with pytest.raises(Rejected, match="三种方式"):
        _ask(pay, filing_no="BA1", contract_no="HT1")


def test_each_question_is_audited_and_the_person_can_see_who_looked_and_why(pay: DirectPay) -> None:
    filed = pay.lease()
    _ask(pay, filing_no=str(filed.decision.filing_no), purpose="提取审核")

    def looks(work: Work) -> list[PersonAccess]:
        hashed = indexes_of(sealer(), "id_no", filed.tenant.id_no)
        return [
            one
            for one in work.session.exec(select(PersonAccess)).all()
            if one.id_no_index in hashed and one.act.startswith("filings.")
        ]

    (look,) = pay.world.read(looks)
    assert (look.partner, look.purpose.json()) == ("gjj-center", "提取审核")

    def told(work: Work) -> int:
        return len(
            work.session.exec(
                select(AuditEvent.id).where(AuditEvent.event == "PII.READ", AuditEvent.act == "filings.ask")
            ).all()
        )

    assert pay.world.read(told) > 0


def test_nobody_but_the_fund_asks(pay: DirectPay) -> None:
    filed = pay.lease()
    with pytest.raises(NotAllowed):
        pay.call("/filings/query", pay.firm.system, {"filing_no": str(filed.decision.filing_no), "purpose": "提取审核"})
