"""A rental company's own system for demo, tests and sandbox: takes mandates, bills rent, hears what was paid, asks for ends."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from integrations.wire.exchange_simulator import Answered, ExchangeSimulator, Keys, Waiting, key_of
from services.direct_pay.pushes import (
    PushedBillState,
    PushedDecision,
    PushedMandate,
    PushedResult,
    PushedTenantTermination,
)
from services.verification.result_callbacks import VerificationResult

BILLS, CANCEL, ENDS, ACKS = (
    "/direct-pay/bills",
    "/direct-pay/bills/cancel",
    "/direct-pay/terminations/enterprise",
    "/direct-pay/acks",
)
#: Bills sent in one message.
_TOGETHER = 200


@dataclass
class Mandate:
    """A mandate as the firm has it; nothing is billed from `ends_from`, YYYY-MM, on."""

    said: PushedMandate
    ends_from: str = ""


@dataclass
class Bill:
    """A bill as the firm has it: whether the authority took it, and the newest word of the fund."""

    number: str
    entrust_no: str
    start: date
    end: date
    rent: Decimal
    accepted: bool | None = None
    reasons: list[dict[str, str]] = field(default_factory=list)
    result: PushedResult | None = None
    state: str = ""


@dataclass
class Request:
    """A request to end a mandate, and the newest decision."""

    number: str
    entrust_no: str
    month: str
    accepted: bool | None = None
    reasons: list[dict[str, str]] = field(default_factory=list)
    decision: PushedDecision | None = None


class RentalCompanySimulator(ExchangeSimulator):
    """A firm under the app id of its keys."""

    def __init__(self, keys: Keys, title: str, *, latency_ms: int = 0) -> None:
        super().__init__(f"rental_company/{keys.app_id}", title, keys, latency_ms=latency_ms)
        self.mandates: dict[str, Mandate] = {}
        self.bills: dict[str, Bill] = {}
        self.requests: dict[str, Request] = {}
        self.terminations: dict[str, PushedTenantTermination] = {}
        self.acknowledging = True
        #: Bills of an earlier run keep their numbers.
        self._began = f"{self.now():%j%H%M%S}"
        #: The newest result of every request for verification, by its number.
        self.verifications: dict[str, VerificationResult] = {}
        self.takes("/verification-results", VerificationResult, self._verified)
        self.takes("/entrustments", PushedMandate, self._mandate)
        self.takes("/payment-results", PushedResult, self._result)
        self.takes("/bill-states", PushedBillState, self._bill_state)
        self.takes("/terminations", PushedTenantTermination, self._terminated)
        self.takes("/termination-decisions", PushedDecision, self._decided)

    # What comes in.

    def _mandate(self, said: PushedMandate) -> dict[str, Any]:
        self.mandates.setdefault(said.entrust_no, Mandate(said))
        # An end may have overtaken the mandate it ends.
        self._settle_end(said.entrust_no)
        return self._taken("ENTRUSTMENT", said.entrust_no)

    def _verified(self, said: VerificationResult) -> dict[str, Any]:
        self.verifications[said.request_no] = said
        return {"accepted": True}

    def _result(self, said: PushedResult) -> dict[str, Any]:
        bill = self.bills.get(said.bill_no)
        if bill is not None and (bill.result is None or _newer(said, bill.result)):
            bill.result = said
        return self._taken("PAYMENT_RESULT", said.result_no)

    def _bill_state(self, said: PushedBillState) -> dict[str, Any]:
        if said.bill_no in self.bills:
            self.bills[said.bill_no].state = str(said.state)
        return {"accepted": True}

    def _terminated(self, said: PushedTenantTermination) -> dict[str, Any]:
        self.terminations[said.term_no] = said
        self._settle_end(said.entrust_no)
        return self._taken("TERMINATION", said.term_no)

    def _decided(self, said: PushedDecision) -> dict[str, Any]:
        request = self.requests.get(said.term_no)
        if request is not None and (request.decision is None or said.decided_at > request.decision.decided_at):
            request.decision = said
            self._settle_end(said.entrust_no)
        return self._taken("TERMINATION", said.term_no)

    def _settle_end(self, entrust_no: str) -> None:
        """Recompute the end of a mandate, in whatever order the tenant's message and the fund's decisions came."""
        months = [end.effective_month for end in self.terminations.values() if end.entrust_no == entrust_no]
        months += [
            one.decision.effective_month
            for one in self.requests.values()
            if one.entrust_no == entrust_no and one.decision and str(one.decision.decision) == "APPROVED"
        ]
        if entrust_no in self.mandates:
            self.mandates[entrust_no].ends_from = min(months, default="")

    def _taken(self, kind: str, number: str) -> dict[str, Any]:
        if self.acknowledging:
            self.post(ACKS, {"kind": kind, "number": number}, key_of(f"{kind[:4]}-{number}"))
        return {"accepted": True}

    # What goes out.

    def bill(self, entrust_no: str, start: date, end: date, rent: Decimal) -> Bill:
        """Make out a bill for a period, both days included; `send_bills` sends it."""
        with self.lock:
            number = f"ZD{self.keys.app_id[3:].upper()}{start:%y%m}{self._began}{len(self.bills) + 1:05d}"
            bill = self.bills[number] = Bill(number, entrust_no, start, end, rent)
        return bill

    def send_bills(self, bills: Sequence[Bill]) -> None:
        """Send bills, many in a message."""
        moment = self.moment
        for first in range(0, len(bills), _TOGETHER):
            part = bills[first : first + _TOGETHER]
            body = {"bills": [_bill_body(bill, moment) for bill in part]}
            self.post(BILLS, body, key_of(f"{part[0].number}-{len(part)}"))

    def ask_to_end(self, entrust_no: str, month: str, reason: str, *, since: date | None = None) -> Request:
        """Ask the fund, through the authority, to end a mandate from a month on; `since` is the day of the reason."""
        number = f"QZ{entrust_no[2:]}-{len(self.requests) + 1}"
        request = self.requests[number] = Request(number, entrust_no, month)
        body: dict[str, Any] = {
            "term_no": number,
            "entrust_no": entrust_no,
            "reason": reason,
            "effective_month": month,
            "reason_on": f"{since or self.here:%Y-%m-%d}",
            "note": "承租人欠付租金，双方已解约",
        }
        self.post(ENDS, body, key_of(number))
        return request

    def was_answered(self, message: Waiting, answered: Answered) -> None:
        if message.path == BILLS:
            for told in answered.data.get("items", []):
                bill = self.bills.get(told.get("bill_no", ""))
                if bill is not None and bill.accepted is None:
                    bill.accepted, bill.reasons = told.get("accepted") is True, told.get("reasons") or []
        elif message.path == ENDS:
            request = next((one for one in self.requests.values() if key_of(one.number) == message.key), None)
            if request is not None:
                request.accepted = answered.data.get("accepted") is True
                request.reasons = answered.data.get("reasons") or []

    # Buttons.

    def gestures(self) -> dict[str, Callable[[], str]]:
        return {"开具本月账单": self._bill_month, "申请终止最近一份委托": self._ask_last}

    def _bill_month(self) -> str:
        today = self.here.date()
        start = today.replace(day=1)
        end = (start + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        billed = {bill.entrust_no for bill in self.bills.values() if bill.start == start}
        made = [
            self.bill(number, start, end, mandate.said.monthly_rent)
            for number, mandate in self.mandates.items()
            if number not in billed and _covers(mandate, f"{today:%Y-%m}")
        ]
        self.send_bills(made)
        self.deliver()
        taken = [bill for bill in made if bill.accepted]
        told = "；".join(one.get("message", "") for bill in made for one in bill.reasons)
        return f"报送 {len(made)} 笔账单，受理 {len(taken)} 笔。{told}"

    def _ask_last(self) -> str:
        running = [number for number, mandate in self.mandates.items() if not mandate.ends_from]
        if not running:
            return "没有可以终止的委托"
        request = self.ask_to_end(running[-1], f"{self.here:%Y-%m}", "ARREARS")
        self.deliver()
        told = "；".join(one.get("message", "") for one in request.reasons)
        return f"终止申请 {request.number}：{'已送出' if request.accepted else '未受理'} {told}"


def _covers(mandate: Mandate, month: str) -> bool:
    said = mandate.said
    return said.draw_from <= month <= said.draw_to and not (mandate.ends_from and mandate.ends_from <= month)


def _newer(said: PushedResult, known: PushedResult) -> bool:
    return (said.decided_at, said.result_no) > (known.decided_at, known.result_no)


def _bill_body(bill: Bill, moment: str) -> dict[str, str]:
    rent = f"{bill.rent:.2f}"
    return {
        "bill_no": bill.number,
        "entrust_no": bill.entrust_no,
        "period_start": bill.start.isoformat(),
        "period_end": bill.end.isoformat(),
        "bill_time": moment,
        "rent_fee": rent,
        "deposit_fee": "0.00",
        "other_fee": "0.00",
        "total_amount": rent,
        "subject": f"{bill.start:%Y年%m月}租金",
    }
