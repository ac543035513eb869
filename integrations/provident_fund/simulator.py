"""A provident fund for demo, tests and sandbox: keeps mandates and bills, pays through a bank of its own, decides on ends."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from integrations.wire.contract import BEIJING
from integrations.wire.exchange_simulator import Answered, ExchangeSimulator, Keys, Waiting, key_of
from models.sealing import sm3_hex
from services.direct_pay.pushes import PushedBill, PushedEnding, PushedTermination

MANDATES, RESULTS = "/direct-pay/entrustments", "/direct-pay/results"
ENDS, DECISIONS = "/direct-pay/terminations/tenant", "/direct-pay/terminations/decisions"
_SECOND = timedelta(seconds=1)
#: Results in one message.
_TOGETHER = 100
#: Reasons of the bank by how often they come, when it fails at all.
_FAILS = ("BALANCE", "BALANCE", "BALANCE", "FROZEN", "PAYEE", "INELIGIBLE")
_WORDS = {
    "BALANCE": "公积金余额不足，当月未支付，请自行支付租金",
    "FROZEN": "公积金账户已冻结",
    "PAYEE": "收款账户错误，银行退回",
    "INELIGIBLE": "不符合提取条件",
}


@dataclass(frozen=True)
class Tenancy:
    """A tenant's input in the fund's app: the lease and the payee."""

    filing_no: str
    contract_no: str
    enterprise_uscc: str
    tenant: str
    tenant_id_no: str
    monthly_rent: Decimal
    draw_from: str
    draw_to: str
    payee_name: str
    payee_account: str
    payee_bank: str = "中国建设银行上海市分行"
    payee_bank_code: str = "105290000012"
    pay_cycle: str = "MONTH"


@dataclass
class Mandate:
    """A mandate as the fund has it; `accepted` is None until the authority has answered.

    Nothing is paid from `ends_from`, YYYY-MM, on; `tenant_ends` is the part of it that is the tenant's own word.
    """

    number: str
    tenancy: Tenancy
    accepted: bool | None = None
    reasons: list[dict[str, str]] = field(default_factory=list)
    tenant_ends: str = ""
    ends_from: str = ""


@dataclass
class Bill:
    """A bill at the fund with its last result; `told` counts the results."""

    said: PushedBill
    outcome: str = ""
    amount: Decimal = Decimal(0)
    fail_code: str = ""
    decided_at: datetime | None = None
    told: int = 0


@dataclass
class Request:
    """A firm's request to end a mandate; `decision` is the last one, `told` counts them."""

    said: PushedTermination
    decision: str = ""
    told: int = 0


class ProvidentFundSimulator(ExchangeSimulator):
    """The fund under the app id of its keys; `chance` decides what its bank does."""

    def __init__(self, keys: Keys, *, latency_ms: int = 0) -> None:
        super().__init__("provident_fund", "公积金中心（模拟）", keys, latency_ms=latency_ms)
        self.tenancies: list[Tenancy] = []
        self.mandates: dict[str, Mandate] = {}
        self.bills: dict[str, Bill] = {}
        self.requests: dict[str, Request] = {}
        self.endings: dict[int, PushedEnding] = {}
        self.chance = Random(1)  # nosec B311 # repeatable failures of a bank  # noqa: S311
        #: How often the bank refuses, between 0 and 1.
        self.failing = 0.2
        self.takes("/bills", PushedBill, self._bill)
        self.takes("/terminations", PushedTermination, self._request)
        self.takes("/endings", PushedEnding, self._ending)

    # What comes in.

    def _bill(self, said: PushedBill) -> dict[str, Any]:
        mandate = self.mandates.get(said.entrust_no)
        if mandate is not None and mandate.ends_from and f"{said.period_start:%Y-%m}" >= mandate.ends_from:
            return _refusal("委托已终止")
        self.bills.setdefault(f"{said.entrust_no}:{said.bill_no}", Bill(said))
        return {"accepted": True, "bill_no": said.bill_no}

    def _request(self, said: PushedTermination) -> dict[str, Any]:
        self.requests.setdefault(f"{said.entrust_no}:{said.term_no}", Request(said))
        return {"accepted": True, "term_no": said.term_no}

    def _ending(self, said: PushedEnding) -> dict[str, Any]:
        self.endings[said.line_no] = said
        return {"accepted": True}

    # What goes out.

    def sign(self, tenancy: Tenancy) -> Mandate:
        """A tenant signs his mandate in the fund's app."""
        with self.lock:
            number = f"WT{self.here:%y%m%d%H%M%S}{len(self.mandates) + 1:04d}"
            mandate = self.mandates[number] = Mandate(number, tenancy)
        body = asdict(tenancy) | {
            "entrust_no": number,
            "monthly_rent": f"{tenancy.monthly_rent:.2f}",
            "signed_at": self.moment,
            "signature_digest": sm3_hex(f"{number} {tenancy.filing_no}".encode()),
        }
        self.post(MANDATES, body, f"{number}-1")
        return mandate

    def pay(self) -> int:
        """Pay every open bill and send the results; returns how many."""
        with self.lock:
            waiting = [bill for bill in self.bills.values() if not bill.outcome]
        self._tell([self._result(bill, *self._paid(bill)) for bill in waiting])
        return len(waiting)

    def reverse(self, bill: Bill) -> None:
        """The bank sends a payment back after all."""
        self._tell([self._result(bill, "FAIL", "PAYEE")])

    def try_again(self, bill: Bill) -> None:
        """The tenant has put his account right, and the second attempt works."""
        self._tell([self._result(bill, "SUCCESS", "")])

    def end(self, mandate: Mandate, month: str, reason: str = "OTHER") -> None:
        """The tenant ends his mandate in the fund's app: nothing is paid from `month`, YYYY-MM, on."""
        mandate.tenant_ends = month
        self._settle_end(mandate)
        number = f"GZ{mandate.number[2:]}"
        body = {
            "term_no": number,
            "entrust_no": mandate.number,
            "enterprise_uscc": mandate.tenancy.enterprise_uscc,
            "reason": reason,
            "requested_at": self.moment,
            "effective_month": month,
        }
        self.post(ENDS, body, f"{number}-1")

    def decide(self, request: Request, decision: str) -> None:
        """Decide a firm's request, APPROVED or REJECTED; a later decision replaces an earlier one."""
        request.decision, request.told = decision, request.told + 1
        said = request.said
        if (mandate := self.mandates.get(said.entrust_no)) is not None:
            self._settle_end(mandate)
        number = f"SH{said.term_no}-{request.told}"
        body = {
            "decision_no": number,
            "term_no": said.term_no,
            "entrust_no": said.entrust_no,
            "decision": decision,
            "decided_at": self.moment,
            "reason": "" if decision == "APPROVED" else "承租人未确认退租",
        }
        self.post(DECISIONS, body, key_of(number))

    def _settle_end(self, mandate: Mandate) -> None:
        """A decision taken back lets a mandate go on, unless its tenant has ended it too."""
        months = [
            one.said.effective_month
            for one in self.requests.values()
            if one.said.entrust_no == mandate.number and one.decision == "APPROVED"
        ]
        mandate.ends_from = min([*months, *([mandate.tenant_ends] if mandate.tenant_ends else [])], default="")

    def was_answered(self, message: Waiting, answered: Answered) -> None:
        if message.path == MANDATES:
            mandate = self.mandates[message.key.removesuffix("-1")]
            mandate.accepted = answered.data.get("accepted") is True
            mandate.reasons = answered.data.get("reasons") or []

    def _paid(self, bill: Bill) -> tuple[str, str]:
        if self.chance.random() >= self.failing:
            return "SUCCESS", ""
        return "FAIL", self.chance.choice(_FAILS)

    def _result(self, bill: Bill, outcome: str, fail_code: str) -> dict[str, Any]:
        now = self.clock()
        bill.outcome, bill.fail_code, bill.told = outcome, fail_code, bill.told + 1
        # The fund's own order of its words is their time; two of one bill never have the same.
        bill.decided_at = max(now, bill.decided_at + _SECOND) if bill.decided_at else now
        bill.amount = bill.said.rent_fee if outcome == "SUCCESS" else Decimal(0)
        body = {
            "result_no": f"JG{bill.said.entrust_no[2:]}-{bill.said.bill_no[-12:]}-{bill.told}",
            "entrust_no": bill.said.entrust_no,
            "bill_no": bill.said.bill_no,
            "outcome": outcome,
            "amount": f"{bill.amount:.2f}",
            "decided_at": bill.decided_at.astimezone(BEIJING).isoformat(timespec="seconds"),
        }
        if outcome == "SUCCESS":
            flow = sm3_hex(f"{bill.said.bill_no} {bill.told}".encode())[:16]
            return body | {"paid_on": f"{bill.decided_at.astimezone(BEIJING):%Y-%m-%d}", "bank_flow_no": flow}
        return body | {"fail_code": fail_code, "reason": _WORDS.get(fail_code, "")}

    def _tell(self, results: Sequence[dict[str, Any]]) -> None:
        for start in range(0, len(results), _TOGETHER):
            part = results[start : start + _TOGETHER]
            self.post(RESULTS, {"results": part}, key_of(part[0]["result_no"]))

    # Buttons, and what it does by itself.

    def gestures(self) -> dict[str, Callable[[], str]]:
        return {
            "承租人签署委托": self._sign_next,
            "支付待付账单": lambda: f"已处理 {self.pay()} 笔账单，结果待发送",
            "承租人终止委托": self._end_one,
            "同意企业终止申请": lambda: self._decide_all("APPROVED"),
            "不同意企业终止申请": lambda: self._decide_all("REJECTED"),
        }

    def live(self) -> None:
        """Answer every message as soon as it has arrived."""
        self.pay()
        for request in [one for one in self.requests.values() if not one.decision]:
            self.decide(request, "APPROVED")
        super().live()

    def _sign_next(self) -> str:
        signed = {mandate.tenancy.filing_no for mandate in self.mandates.values()}
        free = next((one for one in self.tenancies if one.filing_no not in signed), None)
        if free is None:
            return "没有尚未签署委托的租约"
        mandate = self.sign(free)
        self.deliver()
        refused = next((answered for message, answered in self.refused if message.key == f"{mandate.number}-1"), None)
        told = {None: "尚未收到应答", True: "已受理", False: "不予受理"}[mandate.accepted]
        if refused is not None:
            told = f"被拒 {refused.code} {refused.message}"
        return f"委托书 {mandate.number}（备案 {free.filing_no}）：{told}" + "".join(
            f"；{one.get('message', '')}" for one in mandate.reasons
        )

    def _end_one(self) -> str:
        running = [one for one in self.mandates.values() if one.accepted and not one.ends_from]
        if not running:
            return "没有可以终止的委托"
        self.end(running[-1], f"{self.here:%Y-%m}")
        self.deliver()
        return f"委托书 {running[-1].number} 已由承租人终止"

    def _decide_all(self, decision: str) -> str:
        waiting = [one for one in self.requests.values() if not one.decision]
        for request in waiting:
            self.decide(request, decision)
        self.deliver()
        return f"已审核 {len(waiting)} 件终止申请"


def _refusal(message: str) -> dict[str, Any]:
    return {"accepted": False, "reasons": [{"code": "F01", "message": message}]}
