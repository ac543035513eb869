"""The firm's desk: what came in, what may be billed next and for how much, bills by workbook, lists, keys (rows 17-22)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from python_calamine import CalamineWorkbook
from sqlmodel import col, select

from models.direct_pay import Entrustment, PaymentResult, PaymentTermination, RentBill, TerminationDecision
from models.direct_pay_codes import (
    BillState,
    DrawCycle,
    EntrustState,
    ResultState,
    ReviewDecision,
    TermReason,
    TermSide,
    TermState,
)
from models.enterprise import Enterprise, EnterpriseKey, KeyState
from models.sealed import Sealed
from models.tenancy import LeaseFiling
from services.direct_pay.bill_hint import AskHint, BillHint, bill_hint
from services.direct_pay.bill_workbook import HEADS, MOST_ROWS, WorkbookReport, submit_workbook
from services.direct_pay.bills import cancel_bill, submit_bills
from services.direct_pay.firm_desk import (
    INBOX,
    NewBillNumber,
    filled_template,
    firm_keys,
    new_bill_number,
    unread_count,
)
from services.direct_pay.firm_lists import BILLS, MANDATES, TERMINATIONS
from services.direct_pay.mandate_intake import AckKind, Acknowledge, acknowledge
from services.direct_pay.orders import CancelBill, NewBill, SubmitBills
from services.engine.callers import Caller
from services.engine.listings import Listing, ListPage
from services.engine.notices import notify, read_notice
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from services.engine.work import Work
from services.files.file_refusals import FileRefused
from tests.files_made import xlsx
from tests.partner.leases import Lease, let_flats
from tests.services.direct_pay.mandates import Mandates
from tests.world import World, running_world

START, END = date(2027, 1, 15), date(2028, 1, 14)
HERE, THERE = "310115", "310104"


@dataclass
class Desk:
    """Two firms with leases of their own, of which each test takes one."""

    mandates: Mandates
    leases: list[Lease] = field(default_factory=list)

    @property
    def world(self) -> World:
        return self.mandates.world

    @property
    def firm(self) -> Caller:
        return self.mandates.firm(HERE)

    @property
    def other(self) -> Caller:
        return self.mandates.firm(THERE)

    def mandate(self, **more: Any) -> UUID:
        """A mandate over a lease of the first firm, the whole of its time."""
        lease = next(one for one in self.leases if one.enterprise_id == self.mandates.firms[HERE])
        self.leases.remove(lease)
        filing_id = self.world.read(lambda work: _filing_id(work, lease.filing_no))
        values: dict[str, Any] = {
            "filing_id": filing_id,
            "filing_no": lease.filing_no,
            "contract_no": lease.contract_no,
            "monthly_rent": lease.month_rent,
            "draw_from": f"{lease.start:%Y-%m}",
            "draw_to": f"{lease.end:%Y-%m}",
        }
        return self.mandates.mandate(HERE, **values | more)

    def hint(self, row_id: UUID, start: date | None = None, end: date | None = None) -> BillHint:
        hint: BillHint = self.world.door.ask(bill_hint, self.firm, AskHint(row_id, start, end))
        return hint

    def bill(self, row_id: UUID, **more: Any) -> NewBill:
        """The bill the hint proposes."""
        hint = self.hint(row_id)
        assert hint.start is not None
        assert hint.end is not None
        values: dict[str, Any] = {
            "bill_no": f"Z{uuid4().hex[:12]}",
            "entrust_no": hint.entrust_no,
            "period_start": hint.start,
            "period_end": hint.end,
            "bill_time": self.world.door.clock.now(),
            "rent_fee": hint.rent,
            "deposit_fee": Decimal("0.00"),
            "other_fee": Decimal("0.00"),
            "total_amount": more.get("rent_fee", hint.rent),
        }
        return NewBill(**values | more)

    def submit(self, *bills: NewBill) -> list[bool]:
        return [one.accepted for one in self.world.door.perform(submit_bills, self.firm, SubmitBills(bills))]


def _filing_id(work: Work, number: str) -> UUID:
    return work.session.exec(select(LeaseFiling.id).where(LeaseFiling.filing_no == number)).one()


@pytest.fixture(scope="module")
def whole_desk(database_url: str) -> Iterator[Desk]:
    with running_world(database_url, few=True) as world:
        world.stand_at(2027, 3, 1)
        mandates = Mandates(world)

        def let(work: Work) -> list[Lease]:
            firms = work.session.exec(
                select(Enterprise).where(col(Enterprise.id).in_(list(mandates.firms.values())))
            ).all()
            return let_flats(work, sorted(firms, key=lambda firm: firm.uscc), 80, START, END, 7)

        yield Desk(mandates, world.act(let))


@pytest.fixture
def desk(whole_desk: Desk) -> Desk:
    whole_desk.world.stand_at(2027, 3, 1)
    return whole_desk


# What may be billed


@pytest.mark.row(18)
def test_the_first_period_is_that_of_the_lease_and_costs_a_months_rent(desk: Desk) -> None:
    one = desk.mandate()
    hint = desk.hint(one)
    row = desk.mandates.row(Entrustment, one)
    assert (hint.start, hint.end) == (START, date(2027, 2, 14))
    assert hint.rent == row.monthly_rent
    assert f"{row.monthly_rent:,.2f} 元" in hint.words


@pytest.mark.row(18)
@pytest.mark.parametrize("cycle", [DrawCycle.MONTH, DrawCycle.QUARTER])
def test_whatever_the_hint_proposes_is_taken_until_nothing_is_left(desk: Desk, cycle: DrawCycle) -> None:
    one = desk.mandate(pay_cycle=cycle)
    months, paid = 0, Decimal("0.00")
    while (hint := desk.hint(one)).open:
        assert desk.submit(desk.bill(one)) == [True]
        months, paid = months + 1, paid + hint.rent
    assert months == (12 if cycle is DrawCycle.MONTH else 4)
    assert paid == desk.mandates.row(Entrustment, one).monthly_rent * 12
    assert hint.words == "该委托可出账的期间已全部出账"


@pytest.mark.row(18)
def test_the_next_bill_follows_the_last_one_and_months_left_out_are_named(desk: Desk) -> None:
    one = desk.mandate()
    third = desk.hint(one, date(2027, 3, 15), date(2027, 4, 14))
    bill = desk.bill(one, period_start=third.start, period_end=third.end, rent_fee=third.rent)
    assert desk.submit(bill) == [True]
    hint = desk.hint(one)
    assert (hint.start, hint.end) == (date(2027, 4, 15), date(2027, 5, 14))
    assert f"此前未出账：{START} 至 2027-03-14；" in hint.words


@pytest.mark.row(18)
def test_a_mandate_never_billed_proposes_the_last_period_that_is_over_and_names_those_before(desk: Desk) -> None:
    one, clock = desk.mandate(), desk.world.door.clock
    before = clock.shift
    try:
        desk.world.stand_at(2027, 4, 15)
        hint = desk.hint(one)
        desk.world.stand_at(2028, 6, 1)
        late = desk.hint(one)
    finally:
        clock.shift = before
    assert (hint.start, hint.end) == (date(2027, 3, 15), date(2027, 4, 14))
    assert f"此前未出账：{START} 至 2027-03-14；" in hint.words
    assert (late.start, late.end) == (date(2027, 12, 15), END)


@pytest.mark.row(18)
def test_the_ends_are_counted_by_the_day(desk: Desk) -> None:
    one = desk.mandate()
    rent = desk.mandates.row(Entrustment, one).monthly_rent
    half = desk.hint(one, START, date(2027, 1, 31))
    assert half.rent == max((rent * 17 / 31).quantize(Decimal("0.01")), half.rent)
    assert half.rent < rent
    assert desk.submit(desk.bill(one, period_end=date(2027, 1, 31), rent_fee=half.rent)) == [True]
    assert desk.submit(desk.bill(one, rent_fee=desk.hint(one).rent + Decimal("0.02"))) == [False]


@pytest.mark.row(18)
def test_after_the_end_only_what_came_before_it_is_proposed(desk: Desk) -> None:
    one = desk.mandate(state=EntrustState.ENDED, stops_from="2027-03")
    hint = desk.hint(one, date(2027, 2, 15))
    assert hint.end == date(2027, 2, 28)
    assert not desk.hint(one, date(2027, 3, 1)).open


@pytest.mark.row(18)
def test_a_hint_is_given_to_the_own_firm_only(desk: Desk) -> None:
    one = desk.mandate()
    with pytest.raises(NotFound):
        desk.world.door.ask(bill_hint, desk.other, AskHint(one))
    with pytest.raises(NotAllowed):
        desk.world.door.ask(bill_hint, desk.world.caller("shi01"), AskHint(one))


@pytest.mark.row(18)
def test_the_list_of_mandates_tells_the_next_period_of_each(desk: Desk) -> None:
    one = desk.mandate()
    row = desk.mandates.row(Entrustment, one)
    page = desk.world.listed(MANDATES, desk.firm, number=row.entrust_no)
    (line,) = page.lines
    assert (line.next_start, line.next_end, line.next_rent) == (START, date(2027, 2, 14), row.monthly_rent)
    assert desk.world.listed(MANDATES, desk.other, number=row.entrust_no).total == 0


def test_a_bill_number_is_proposed_that_is_not_used(desk: Desk) -> None:
    one = desk.mandate()
    number = desk.mandates.row(Entrustment, one).entrust_no
    asked = NewBillNumber(number, START)
    first = desk.world.door.ask(new_bill_number, desk.firm, asked)
    assert first == f"{number}-202701"
    desk.submit(desk.bill(one, bill_no=first))
    assert desk.world.door.ask(new_bill_number, desk.firm, asked) == f"{number}-202701-2"


# Workbooks


def upload(desk: Desk, lines: list[tuple[Any, ...]], heads: tuple[str, ...] = HEADS) -> WorkbookReport:
    report: WorkbookReport = desk.world.door.perform(submit_workbook, desk.firm, xlsx((heads, *lines)))
    return report


def line(desk: Desk, row_id: UUID, **more: Any) -> tuple[Any, ...]:
    bill = desk.bill(row_id, **more)
    start, end = bill.period_start.isoformat(), bill.period_end.isoformat()
    return (bill.bill_no, bill.entrust_no, start, end, float(bill.rent_fee), 0, 0, float(bill.total_amount), "房租")


@pytest.mark.row(18)
def test_every_row_of_a_workbook_is_answered_by_itself(desk: Desk) -> None:
    good, dear, foreign = desk.mandate(), desk.mandate(), str(uuid4())[:12]
    lines = [
        line(desk, good),
        line(desk, dear, rent_fee=Decimal("999999.00")),
        ("Z-F", foreign, "2027-01-15", "2027-02-14", 100, 0, 0, 100, ""),
        ("", "", "", "", "", "", "", "", ""),
        ("Z-B", desk.mandates.row(Entrustment, dear).entrust_no, "2027-02-30", "x", "1,000", 0, 0, 1, ""),
    ]
    report = upload(desk, lines)
    assert (report.accepted, report.refused) == (1, 3)
    assert [(row.number, row.accepted) for row in report.rows] == [(2, True), (3, False), (4, False), (6, False)]
    assert "G08" in report.rows[1].reasons[0]
    assert report.rows[2].reasons == ("G14 没有查到该委托",)
    assert len(report.rows[3].reasons) == 3
    assert report.rows[3].reasons[0].startswith("账期起：没有2027年2月30日")


@pytest.mark.row(18)
def test_the_same_workbook_again_takes_no_bill_twice_and_refuses_none_it_took(desk: Desk) -> None:
    one = desk.mandate()
    lines = [line(desk, one)]
    assert upload(desk, lines).accepted == 1
    desk.world.let_pass(hours=3)
    assert upload(desk, lines).accepted == 1
    stored = desk.world.read(
        lambda work: work.session.exec(select(RentBill).where(RentBill.bill_no == lines[0][0])).all()
    )
    assert len(stored) == 1
    changed = (*lines[0][:4], lines[0][4] - 1, 0, 0, lines[0][4] - 1, "房租")
    assert upload(desk, [changed]).refused == 1


@pytest.mark.row(18)
def test_a_workbook_may_leave_out_what_is_not_asked(desk: Desk) -> None:
    one = desk.mandate()
    short = line(desk, one)[:5]
    report = upload(desk, [short], HEADS[:5])
    assert report.accepted == 1
    bill = desk.world.read(lambda work: work.session.exec(select(RentBill).where(RentBill.bill_no == short[0])).one())
    assert (bill.deposit_fee, bill.total_amount) == (Decimal("0.00"), bill.rent_fee)


@pytest.mark.row(18)
def test_a_workbook_of_two_thousand_rows_is_answered_row_by_row(desk: Desk) -> None:
    one = desk.mandate()
    number = desk.mandates.row(Entrustment, one).entrust_no
    lines = [line(desk, one)]
    lines += [(f"Z-M{place}", number, "2027-01-15", "2027-02-14", 1, 0, 0, 1, "") for place in range(MOST_ROWS - 1)]
    report = upload(desk, lines)
    assert (report.accepted, report.refused, len(report.rows)) == (1, MOST_ROWS - 1, MOST_ROWS)
    assert all("G07" in row.reasons[0] for row in report.rows[1:])


@pytest.mark.row(18)
def test_a_workbook_that_is_none_or_too_long_or_empty_is_refused_whole(desk: Desk) -> None:
    with pytest.raises(FileRefused):
        desk.world.door.perform(submit_workbook, desk.firm, b"PK\x03\x04 no workbook")
    with pytest.raises(FileRefused) as refused:
        upload(desk, [("Z", "W", "2027-01-15", "2027-02-14", 1, 0, 0, 1, "")] * (MOST_ROWS + 1))
    assert refused.value.code == "IMPORT-ROWS"
    with pytest.raises(FileRefused, match="没有数据"):
        upload(desk, [])


@pytest.mark.row(18)
def test_the_template_lists_what_is_open_and_can_be_sent_back_as_it_is(desk: Desk) -> None:
    one = desk.mandate()
    number = desk.mandates.row(Entrustment, one).entrust_no
    content = desk.world.door.ask(filled_template, desk.firm, True)
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    assert tuple(rows[0]) == HEADS
    mine = next(row for row in rows[1:] if row[1] == number)
    report = upload(desk, [("Z-T1", *mine[1:])])
    assert report.accepted == 1, report.rows
    empty = desk.world.door.ask(filled_template, desk.firm, False)
    assert len(CalamineWorkbook.from_filelike(BytesIO(empty)).get_sheet_by_index(0).to_python()) == 1


@pytest.mark.row(18)
def test_only_a_firm_uploads_bills(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        desk.world.door.perform(submit_workbook, desk.world.caller("shi01"), xlsx())


# Bills


@pytest.mark.row(18)
def test_bills_are_listed_with_the_count_of_each_state(desk: Desk) -> None:
    one = desk.mandate()
    row = desk.mandates.row(Entrustment, one)
    desk.submit(desk.bill(one, bill_no="Z-L1"), desk.bill(one, bill_no="Z-L2", rent_fee=Decimal("0.00")))
    page = desk.world.listed(BILLS, desk.firm, number=row.entrust_no)
    assert page.total == 2
    assert page.counts == {"CHECKED": 1, "REFUSED": 1}
    told = {one.bill_no: one for one in page.lines}
    assert told["Z-L1"].may_cancel
    assert "G08" in told["Z-L2"].reason
    assert not told["Z-L2"].may_cancel
    only = desk.world.listed(BILLS, desk.firm, number=row.entrust_no, state="REFUSED", sort="period")
    assert [one.bill_no for one in only.lines] == ["Z-L2"]
    assert desk.world.listed(BILLS, desk.other, number=row.entrust_no).total == 0


@pytest.mark.row(18)
def test_a_bill_is_taken_back_before_it_is_sent_and_its_period_is_open_again(desk: Desk) -> None:
    one = desk.mandate()
    desk.submit(desk.bill(one, bill_no="Z-C1"))
    assert desk.hint(one).start == date(2027, 2, 15)
    desk.world.door.perform(cancel_bill, desk.firm, CancelBill("Z-C1"))
    assert desk.hint(one).start == START
    sent = desk.mandates.bill(one, 5, bill_no="Z-C2", state=BillState.SENT_TO_FUND)
    with pytest.raises(Conflict, match="不能撤销"):
        desk.world.door.perform(cancel_bill, desk.firm, CancelBill("Z-C2"))
    with pytest.raises(NotFound):
        desk.world.door.perform(cancel_bill, desk.other, CancelBill("Z-C2"))
    assert desk.mandates.row(RentBill, sent).state is BillState.SENT_TO_FUND


def test_lists_refuse_what_no_page_of_ours_asks(desk: Desk) -> None:
    asked: list[tuple[Listing, dict[str, Any]]] = [
        *((BILLS, order) for order in ({"sort": "mac"}, {"state": "X"}, {"size": 0}, {"page": 201})),
        *((TERMINATIONS, order) for order in ({"side": "X"}, {"page": 0})),
        *((INBOX, order) for order in ({"kind": "lease_filing"}, {"page": 201})),
    ]
    for listing, order in asked:
        with pytest.raises(Rejected):
            desk.world.listed(listing, desk.firm, **order)


# Inbox


def mail(desk: Desk) -> ListPage:
    return desk.world.listed(INBOX, desk.firm, size=200)


@pytest.mark.row(17)
def test_what_came_stands_in_the_inbox_until_somebody_of_the_firm_read_it(desk: Desk) -> None:
    one = desk.mandate(state=EntrustState.PUSHED)
    row = desk.mandates.row(Entrustment, one)
    before = desk.world.door.ask(unread_count, desk.firm)
    tell(desk, row, "收到公积金直付委托")
    assert desk.world.door.ask(unread_count, desk.firm) == before + 1
    line_ = next(line for line in mail(desk).lines if line.mandate_id == one)
    assert (line_.kind, line_.read_at, line_.ack, line_.number) == ("委托", None, AckKind.ENTRUSTMENT, row.entrust_no)
    desk.world.door.perform(read_notice, desk.firm, line_.id)
    assert desk.world.door.ask(unread_count, desk.firm) == before
    assert line_.id not in {line.id for line in desk.world.listed(INBOX, desk.firm, unread="unread").lines}
    assert line_.id in {line.id for line in mail(desk).lines}
    assert line_.id not in {line.id for line in desk.world.listed(INBOX, desk.other).lines}


@pytest.mark.row(17)
def test_a_mandate_is_acknowledged_from_the_inbox_once(desk: Desk) -> None:
    one = desk.mandate(state=EntrustState.PUSHED)
    row = desk.mandates.row(Entrustment, one)
    tell(desk, row, "收到公积金直付委托")
    for _ in range(2):
        desk.world.door.perform(acknowledge, desk.firm, Acknowledge(AckKind.ENTRUSTMENT, row.entrust_no))
    after = desk.mandates.row(Entrustment, one)
    assert after.state is EntrustState.ACKED
    assert next(line for line in mail(desk).lines if line.mandate_id == one).ack is None
    with pytest.raises(NotFound):
        desk.world.door.perform(acknowledge, desk.other, Acknowledge(AckKind.ENTRUSTMENT, row.entrust_no))


@pytest.mark.row(19)
@pytest.mark.row(20)
def test_results_and_ends_wait_for_the_firms_word_and_lead_to_their_mandate(desk: Desk) -> None:
    one = desk.mandate()
    number, firm_id = desk.mandates.row(Entrustment, one).entrust_no, desk.mandates.firms[HERE]
    result = desk.mandates.result(
        number, bill_id=desk.mandates.bill(one), enterprise_id=firm_id, state=ResultState.PUSHED_TO_ENTERPRISE
    )
    told = {"side": TermSide.TENANT, "reason": TermReason.TENANT_WISH, "state": TermState.PUSHED_TO_ENTERPRISE}
    end = desk.mandates.termination(one, **told)
    for table, row_id in ((PaymentResult, result), (PaymentTermination, end)):
        tell(desk, desk.mandates.row(table, row_id), "通知")
    waiting = {line.ack: line for line in mail(desk).lines if line.mandate_id == one}
    assert set(waiting) == {AckKind.PAYMENT_RESULT, AckKind.TERMINATION}
    for kind, line_ in waiting.items():
        assert kind is not None
        desk.world.door.perform(acknowledge, desk.firm, Acknowledge(kind, line_.number))
    assert {line.ack for line in mail(desk).lines if line.mandate_id == one} == {None}


def put(desk: Desk, row: Any) -> None:
    desk.world.act(lambda work: work.add(row))


def tell(desk: Desk, row: Any, subject: str) -> None:
    desk.world.act(lambda work: notify(work, subject, "请查看", about=row, to_enterprise=desk.mandates.firms[HERE]))


# Terminations and keys


@pytest.mark.row(21)
def test_terminations_are_listed_with_the_words_of_the_fund(desk: Desk) -> None:
    one = desk.mandate()
    number = desk.mandates.row(Entrustment, one).entrust_no
    end = desk.mandates.termination(one, state=TermState.REJECTED, decision=ReviewDecision.REJECTED)
    now = desk.world.door.clock.now()
    for place, words in enumerate(("材料不全", "合同仍在履行")):
        decision = TerminationDecision(
            decision_no=f"SH{uuid4().hex[:10]}",
            termination_id=end,
            decision=ReviewDecision.REJECTED,
            reason=Sealed.of_json(words),
            decided_at=now + timedelta(minutes=place),
            received_at=now,
            content_digest="0" * 64,
        )
        put(desk, decision)
    (line_,) = desk.world.listed(TERMINATIONS, desk.firm, number=number).lines
    assert (line_.side, line_.decision, line_.words) == (TermSide.ENTERPRISE, ReviewDecision.REJECTED, "合同仍在履行")
    assert desk.world.listed(TERMINATIONS, desk.other, number=number).total == 0


@pytest.mark.row(21)
def test_the_firms_keys_tell_which_may_confirm(desk: Desk) -> None:
    today = desk.world.door.clock.today()
    states = ((KeyState.VALID, 100), (KeyState.VALID, -1), (KeyState.LOST, 100))
    for place, (state, days) in enumerate(states):
        key = EnterpriseKey(
            enterprise_id=desk.mandates.firms[HERE],
            serial=f"K-{place}",
            valid_from=today - timedelta(days=200),
            valid_to=today + timedelta(days=days),
            state=state,
        )
        put(desk, key)
    keys = desk.world.door.ask(firm_keys, desk.firm)
    assert [(key.serial, key.usable) for key in keys] == [("K-0", True), ("K-1", False), ("K-2", False)]
    assert desk.world.door.ask(firm_keys, desk.other) == []
