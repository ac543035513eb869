"""Row 16: every end of a filing and every return is a line that stays; the list goes on from a cursor, by date."""

from datetime import datetime
from functools import partial
from typing import Any

import pytest

from models.direct_pay import FilingEnding
from models.direct_pay_codes import EndingKind, EntrustState
from models.tenancy import LeaseFiling
from models.tenancy_codes import FilingState
from services.engine.clock import SHANGHAI
from services.engine.orders import Reasoned
from services.engine.refusals import NotAllowed, NotFound, Rejected
from services.engine.work import Work
from services.tenancy.cancellation import restore_lease
from services.tenancy.endings import SERIES
from tests.services.direct_pay.rent_month import DirectPay
from tests.world import at_once

pytestmark = pytest.mark.row(16)


def _ask(pay: DirectPay, **question: Any) -> dict[str, Any]:
    return pay.call("/filings/endings", pay.fund, question)


def _now(pay: DirectPay) -> str:
    """The cursor behind everything there is."""
    cursor, more = "", True
    while more:
        page = _ask(pay, cursor=cursor)
        cursor, more = page["cursor"], page["more"]
    return str(cursor)


def _restore(pay: DirectPay, apply_id: Any) -> None:
    pay.world.door.perform(restore_lease, pay.world.caller("shi01"), Reasoned(apply_id, "窗口误注销"))


def test_a_cancelled_filing_is_a_line_with_its_reason_and_day(pay: DirectPay) -> None:
    filed, cursor = pay.lease(), _now(pay)
    pay.counter.cancel(filed)
    page = _ask(pay, cursor=cursor)
    (line,) = page["lines"]
    assert (line["filing_no"], line["contract_no"]) == (filed.decision.filing_no, filed.decision.contract_no)
    assert (line["kind"], line["ended_on"]) == ("EARLY_BOTH", "2027-03-01")
    assert (page["cursor"], page["more"]) == (str(line["line_no"]), False)


def test_cancelled_then_restored_is_two_lines_and_both_stay(pay: DirectPay) -> None:
    filed, cursor = pay.lease(), _now(pay)
    cancelled = pay.counter.cancel(filed)
    _restore(pay, cancelled.apply_id)
    for question in ({"cursor": cursor}, {"filing_no": filed.decision.filing_no}):
        lines = _ask(pay, **question)["lines"]
        assert [one["kind"] for one in lines] == ["EARLY_BOTH", "RESTORED"]
    (number,) = _ask(pay, contract_no=filed.decision.contract_no)["numbers"]
    assert (number["state"], number["ended_on"]) == ("ACTIVE", None)


def test_by_number_tells_state_kind_and_day(pay: DirectPay) -> None:
    filed = pay.lease()
    assert _ask(pay, filing_no=filed.decision.filing_no)["lines"] == []
    pay.counter.cancel(filed)
    answer = _ask(pay, filing_no=filed.decision.filing_no)
    assert answer["numbers"] == [
        {
            "filing_no": filed.decision.filing_no,
            "contract_no": filed.decision.contract_no,
            "state": "CANCELLED",
            "ended_on": "2027-03-01",
        }
    ]
    assert [one["kind"] for one in answer["lines"]] == ["EARLY_BOTH"]
    with pytest.raises(NotFound):
        _ask(pay, filing_no="BA000")


def test_expired_at_midnight_is_told_before_the_job_at_half_past(pay: DirectPay) -> None:
    by_number, by_list, cursor = pay.lease(), pay.lease(), _now(pay)
    pay.world.door.clock.stand_at(datetime(2028, 3, 2, 0, 10, tzinfo=SHANGHAI))
    (number,) = _ask(pay, filing_no=by_number.decision.filing_no)["numbers"]
    assert (number["state"], number["ended_on"]) == ("EXPIRED", "2028-03-01")
    lines = {one["filing_no"]: one for one in _page_on(pay, cursor)}
    assert set(lines) >= {by_number.decision.filing_no, by_list.decision.filing_no}
    for filed in (by_number, by_list):
        line = lines[str(filed.decision.filing_no)]
        assert (line["kind"], line["ended_on"]) == ("EXPIRED", "2028-03-01")
        assert line["recorded_at"] == "2028-03-02T00:00:00+08:00"
    pay.run("tenancy.expire")
    assert len(pay.lines(by_list.filing_id)) == 1
    assert pay.counter.filing(by_list.filing_id).state is FilingState.EXPIRED


def _page_on(pay: DirectPay, cursor: str, limit: int = 1000) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    while True:
        page = _ask(pay, cursor=cursor, limit=limit)
        lines, cursor = lines + page["lines"], page["cursor"]
        if not page["more"]:
            return lines


def test_the_list_goes_on_from_its_cursor_without_gap_or_repeat(pay: DirectPay) -> None:
    cursor = _now(pay)
    leases = [pay.lease() for _ in range(5)]
    for filed in leases:
        pay.counter.cancel(filed)
    lines = _page_on(pay, cursor, limit=2)
    assert [one["filing_no"] for one in lines] == [one.decision.filing_no for one in leases]
    numbers = [one["line_no"] for one in lines]
    assert numbers == sorted(set(numbers))
    assert _ask(pay, cursor=cursor, limit=2)["more"] is True


def test_lines_written_at_once_are_seen_in_order_and_none_is_skipped(pay: DirectPay) -> None:
    cursor = _now(pay)
    leases = [pay.lease() for _ in range(4)]
    clerk = pay.counter.clerk()
    at_once([partial(pay.counter.cancel, filed, clerk) for filed in leases])
    lines = _page_on(pay, cursor, limit=1)
    assert {one["filing_no"] for one in lines} == {one.decision.filing_no for one in leases}


def test_a_cursor_of_the_future_is_an_empty_page_that_skips_nothing(pay: DirectPay) -> None:
    last = _now(pay)
    page = _ask(pay, cursor="999999999")
    assert (page["lines"], page["cursor"], page["more"]) == ([], last, False)
    page = _ask(pay, since="2099-01-01T00:00:00+08:00")
    assert (page["lines"], page["cursor"]) == ([], last)
    pay.counter.cancel(pay.lease())
    assert len(_ask(pay, cursor=page["cursor"])["lines"]) == 1


def test_a_moment_begins_a_list(pay: DirectPay) -> None:
    pay.counter.cancel(pay.lease())
    pay.world.let_pass(hours=1)
    filed = pay.lease()
    pay.counter.cancel(filed)
    page = _ask(pay, since="2027-03-01T10:30:00+08:00", limit=1000)
    assert filed.decision.filing_no in [one["filing_no"] for one in page["lines"]]


def test_a_page_has_a_thousand_lines_at_most(pay: DirectPay) -> None:
    from pydantic import ValidationError

    for limit in (0, 1001):
        with pytest.raises(ValidationError):
            _ask(pay, limit=limit)
    with pytest.raises(Rejected, match="游标"):
        _ask(pay, cursor="x1")


def test_the_fund_is_offered_what_happened_to_a_filing_under_a_mandate(pay: DirectPay) -> None:
    filed = pay.lease()
    entrust_no = pay.entrust(filed)
    pay.billed(entrust_no)
    cancelled = pay.counter.cancel(filed)
    mandate = pay.kept_mandate(entrust_no)
    assert (mandate.state, str(mandate.filing_ended_on)) == (EntrustState.ENDING, "2027-03-01")
    _restore(pay, cancelled.apply_id)
    mandate = pay.kept_mandate(entrust_no)
    assert (mandate.state, mandate.filing_ended_on) == (EntrustState.RUNNING, None)
    told = [message.payload.json() for message in pay.messages("ending", entrust_no)]
    assert [one["body"]["kind"] for one in told] == ["EARLY_BOTH", "RESTORED"]
    assert {one["to"] for one in told} == {"gjj-center"}
    assert [one["body"]["line_no"] for one in told] == [one.position for one in pay.lines(filed.filing_id)]


def test_the_end_of_a_filing_without_a_mandate_is_offered_to_nobody(pay: DirectPay) -> None:
    filed = pay.lease()
    pay.counter.cancel(filed)
    assert pay.messages("ending", str(filed.decision.filing_no)) == []


def test_a_line_is_never_taken_away(pay: DirectPay) -> None:
    filed = pay.lease()
    cancelled = pay.counter.cancel(filed)
    kept = pay.lines(filed.filing_id)
    _restore(pay, cancelled.apply_id)
    pay.counter.cancel(filed)
    lines: list[Any] = pay.lines(filed.filing_id)
    assert [one.kind for one in lines] == [EndingKind.EARLY_BOTH, EndingKind.RESTORED, EndingKind.EARLY_BOTH]
    assert lines[0].id == kept[0].id


def test_nobody_but_the_fund_asks(pay: DirectPay) -> None:
    with pytest.raises(NotAllowed):
        pay.call("/filings/endings", pay.firm.system, {})


def test_a_thousand_lines_are_one_page_and_the_next_is_another(pay: DirectPay) -> None:
    filed, cursor = pay.lease(), _now(pay)

    def write(work: Work) -> None:
        filing = work.only(LeaseFiling, LeaseFiling.id == filed.filing_id)
        for _ in range(1001):
            line = FilingEnding(
                district_code=filing.district_code,
                street_code=filing.street_code,
                filing_id=filing.id,
                filing_no=filing.filing_no,
                kind=EndingKind.EARLY_BOTH,
                ended_on=work.today,
                recorded_at=work.now,
            )
            work.add(line)
            work.numbers.append((SERIES, partial(setattr, line, "position")))

    pay.world.act(write)
    page = _ask(pay, cursor=cursor, limit=1000)
    rest = _ask(pay, cursor=page["cursor"], limit=1000)
    assert (len(page["lines"]), page["more"], len(rest["lines"]), rest["more"]) == (1000, True, 1, False)
    assert rest["lines"][0]["line_no"] == page["lines"][-1]["line_no"] + 1
