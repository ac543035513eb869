"""The same events in any order, each as often as it likes, come to the same books (rows 17-22)."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.engine.refusals import Refusal
from tests.services.direct_pay.rent_month import DirectPay, number

Event = Callable[[], Any]
#: Enough to go through many orders, few enough for the whole suite.
_MANY = settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class Story:
    """One lease, and everything that will be said about it; nothing is said yet but the mandate and a bill."""

    def __init__(self, pay: DirectPay) -> None:
        self.pay = pay
        self.entrust_no = pay.entrust()
        self.bill_no = pay.billed(self.entrust_no)
        self.term_no = number("QZ")
        pay.ask_to_end(self.entrust_no, term_no=self.term_no, effective_month="2027-08")
        self.results = [
            pay.result(self.entrust_no, self.bill_no, "FAIL", decided_at="2027-02-15T10:00:00+08:00"),
            pay.result(self.entrust_no, self.bill_no, decided_at="2027-02-16T10:00:00+08:00"),
            pay.result(
                self.entrust_no, self.bill_no, "FAIL", fail_code="PAYEE", decided_at="2027-02-17T10:00:00+08:00"
            ),
        ]
        self.ends = [(number("GZ"), "2027-07"), (number("GZ"), "2027-06")]
        self.decisions = [(number("SH"), "REJECTED", "03"), (number("SH"), "APPROVED", "04")]

    def events(self) -> list[Event]:
        pay, mandate = self.pay, self.entrust_no
        told: list[Event] = [lambda one=one: pay.send_results(one) for one in self.results]  # type: ignore[misc]
        told += [
            lambda no=no, month=month: pay.end_by_tenant(mandate, term_no=no, effective_month=month)  # type: ignore[misc]
            for no, month in self.ends
        ]
        told += [
            lambda no=no, word=word, day=day: pay.decide(  # type: ignore[misc]
                mandate, self.term_no, word, decision_no=no, decided_at=f"2027-02-{day}T09:00:00+08:00"
            )
            for no, word, day in self.decisions
        ]
        return [
            *told,
            lambda: pay.arrive("entrustment", mandate),
            lambda: pay.arrive("bill", self.bill_no),
            lambda: pay.arrive("termination", self.term_no),
            lambda: pay.arrive("payment_result", self.bill_no),
            lambda: pay.arrive("decision", self.term_no),
            lambda: pay.acknowledge("ENTRUSTMENT", mandate),
        ]

    def books(self) -> tuple[Any, ...]:
        """What stands in the end, once everything that waits has arrived."""
        for operation in ("entrustment", "bill", "payment_result", "termination", "decision"):
            self.pay.arrive(operation, self.entrust_no)
        mandate, bill, end = (
            self.pay.kept_mandate(self.entrust_no),
            self.pay.kept_bill(self.bill_no),
            self.pay.kept_end(self.term_no),
        )
        return (
            (mandate.state, mandate.stops_from, mandate.unpaid_flagged, mandate.ack_at is not None),
            (bill.state, bill.paid_amount, bill.decided_at, bill.reason and bill.reason.json()),
            (end.state, end.decision, end.decided_at),
            [len(self.pay.messages("payment_result", one["result_no"])) for one in self.results],
            [len(self.pay.messages("termination", no)) for no, _ in self.ends],
            len(self.pay.messages("entrustment", self.entrust_no)),
            len(self.pay.messages("bill", self.bill_no)),
            [self.pay.kept_result(one["result_no"]).state for one in self.results],
        )


@pytest.mark.row(17, 18, 19, 20, 21, 22)
@_MANY
@given(order=st.lists(st.integers(0, 12), min_size=13, max_size=30))
def test_any_order_and_any_number_of_times_come_to_the_same_books(pay: DirectPay, order: list[int]) -> None:
    pay.world.stand_at(2027, 3, 1)
    plain = Story(pay)
    for event in plain.events():
        event()
    mixed = Story(pay)
    events = mixed.events()
    # Whatever the draw left out is said in the end, so that both stories hold the same events.
    for place in [*order, *(place for place in range(len(events)) if place not in order)]:
        pay.world.let_pass(seconds=1)
        try:
            events[place]()
        except Refusal as refusal:
            raise AssertionError(f"{place}: {refusal.message}") from refusal
    assert mixed.books() == plain.books()
