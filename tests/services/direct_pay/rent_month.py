"""Direct payment at work, for tests: a firm with leases, the fund's messages, what waits to be passed on."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import col, select

import integrations.endpoints  # noqa: F401
from integrations.wire.exchange.relay import ROOT, relay_at
from models.access import Role, ScopeKind
from models.alarms import Alarm
from models.direct_pay import Entrustment, FilingEnding, PaymentResult, PaymentTermination, PilotScope, RentBill
from models.direct_pay_codes import PilotState
from models.engine import Notice, Outgoing, OutgoingState
from models.enterprise import Enterprise, EnterpriseKey, EnterpriseKind, KeyState, RecordState
from models.house import House
from models.identity import credit_check_character
from models.partners import PartnerKind
from models.rooms import CentralProject, ProjectKind
from models.sealed import Sealed
from models.tenancy import LeaseContract, LeaseFiling
from services.engine.callers import SYSTEM, Caller, Scope
from services.engine.outbox import Delivery, record
from services.engine.registry import ACTIONS, Action
from services.engine.work import Work
from services.partners.registry import EnrolKey, ProposePartner, enrol
from services.ports.exchange import PartnerAnswer
from tests.services.tenancy.counter import Counter, Filed

FUND = "gjj-center"
ACCOUNT = "31050161364000000123"
FUND_SCOPES = (
    "filings.query,filings.endings,direct-pay.entrustments,direct-pay.results,"
    "direct-pay.terminations.tenant,direct-pay.terminations.decisions"
)
FIRM_SCOPES = "direct-pay.bills,direct-pay.terminations.enterprise,direct-pay.acks"
_SERIAL = count(1)


def number(prefix: str) -> str:
    return f"{prefix}{next(_SERIAL):08d}"


@dataclass
class Firm:
    """A rental firm: its row, its system's caller, a person at its workspace."""

    id: UUID
    uscc: str
    app_id: str
    project_id: UUID

    @property
    def system(self) -> Caller:
        scope = Scope(Role.PARTNER, ScopeKind.ORGANISATION, self.app_id)
        return Caller(self.app_id, (scope,), enterprise_id=self.id)

    @property
    def person(self) -> Caller:
        scope = Scope(Role.ENTERPRISE_USER, ScopeKind.ORGANISATION, str(self.id))
        return Caller("企业经办人", (scope,), account_id=uuid4(), enterprise_id=self.id)


@dataclass
class DirectPay:
    """A counter with two firms and the fund; every message of a partner goes through its relay."""

    counter: Counter
    firms: list[Firm] = field(default_factory=list)
    #: The keys a partner is enrolled with; tests over HTTP have some.
    keys_of: Callable[[str], tuple[EnrolKey, ...]] = lambda _: ()

    @property
    def world(self) -> Any:
        return self.counter.world

    @property
    def firm(self) -> Firm:
        return self.firms[0]

    @property
    def fund(self) -> Caller:
        return Caller(FUND, (Scope(Role.PARTNER, ScopeKind.ORGANISATION, FUND),))

    def found(self) -> "DirectPay":
        """Two firms in the pilot, one project each, and the fund."""
        self.world.act(self._found)
        return self

    def _found(self, work: Work) -> None:
        order = ProposePartner(FUND, "公积金中心", PartnerKind.FUND, base_url="http://127.0.0.1:1", scopes=FUND_SCOPES)
        enrol(work, order, self.keys_of(FUND))
        for place in range(2):
            self.firms.append(self.new_firm(work, f"qy-{place}x{next(_SERIAL)}"))

    def new_firm(self, work: Work, app_id: str = "", *, pilot: bool = True) -> Firm:
        """A firm with a key, a project and, with `app_id`, a system of its own."""
        body = f"91310115MA{next(_SERIAL):07d}"
        uscc = body + credit_check_character(body)
        firm = Enterprise(
            name=f"直付租赁{next(_SERIAL)}",
            kind=EnterpriseKind.RENTAL,
            uscc=uscc,
            record_state=RecordState.RECORDED,
            district_code="310115",
            supervised_account=Sealed.of(ACCOUNT),
        )
        work.add(firm)
        project = CentralProject(
            project_no=number("XM"),
            name="直付公寓",
            kind=ProjectKind.MARKET,
            managed=True,
            enterprise_id=firm.id,
            district_code="310115",
        )
        work.add(project)
        work.session.flush()
        for state, last in ((KeyState.VALID, date(2030, 1, 1)), (KeyState.EXPIRED, date(2026, 1, 1))):
            work.add(
                EnterpriseKey(
                    enterprise_id=firm.id,
                    serial=f"{uscc}-{state}",
                    valid_from=date(2025, 1, 1),
                    valid_to=last,
                    state=state,
                )
            )
        if pilot:
            work.add(
                PilotScope(
                    enterprise_id=firm.id,
                    valid_from=date(2026, 1, 1),
                    fund_letter="沪公积金函〔2026〕1号",
                    state=PilotState.CONFIRMED,
                )
            )
        if app_id:
            enrol(
                work,
                ProposePartner(
                    app_id,
                    "租赁企业",
                    PartnerKind.ENTERPRISE,
                    base_url="http://127.0.0.1:1",
                    scopes=FIRM_SCOPES,
                    enterprise_id=firm.id,
                ),
                self.keys_of(app_id),
            )
        return Firm(firm.id, uscc, app_id, project.id)

    def lease(self, firm: Firm | None = None, *, central: bool = False, **changes: Any) -> Filed:
        """A filed lease of a firm; with `central` its house belongs to the firm's project."""
        firm = firm or self.firm
        filed = self.counter.filed(**changes)

        def give(work: Work) -> None:
            filing = work.session.exec(select(LeaseFiling).where(LeaseFiling.id == filed.filing_id)).one()
            contract = work.session.exec(select(LeaseContract).where(LeaseContract.id == filed.contract_id)).one()
            filing.enterprise_id = contract.enterprise_id = firm.id
            work.add(filing)
            work.add(contract)
            if central:
                house = work.session.exec(select(House).where(House.id == filing.house_id)).one()
                house.project_id = firm.project_id
                work.add(house)

        self.world.act(give)
        return filed

    # Messages

    def call(self, path: str, caller: Caller, body: dict[str, Any]) -> dict[str, Any]:
        """A message as it arrives: read by its contract, done through the door, answered in the partner's words."""
        relay = relay_at("POST", ROOT + path)
        assert relay is not None, path
        message = relay.message.model_validate_json(json.dumps(body))
        order = relay.order(message)
        assert relay.business_key(message)
        door = self.world.door
        if isinstance(relay.act, Action):
            return relay.reply(door.perform(relay.act, caller, order))
        return relay.reply(door.ask(relay.act, caller, order))

    def mandate(self, filed: Filed, firm: Firm | None = None, **changes: Any) -> dict[str, Any]:
        """A mandate of a lease's tenant as the fund sends it."""
        filing = self.counter.filing(filed.filing_id)
        return {
            "entrust_no": number("WT"),
            "filing_no": filing.filing_no,
            "contract_no": filed.decision.contract_no,
            "enterprise_uscc": (firm or self.firm).uscc,
            "tenant": filed.tenant.name,
            "tenant_id_no": filed.tenant.id_no,
            "payee_name": "直付租赁",
            "payee_bank": "示范银行上海分行",
            "payee_bank_code": "105290000012",
            "payee_account": ACCOUNT,
            "pay_cycle": "MONTH",
            "monthly_rent": f"{filing.month_rent:.2f}",
            "draw_from": f"{filing.valid_from:%Y-%m}",
            "draw_to": f"{filing.valid_to:%Y-%m}",
            "signed_at": "2027-03-01T09:30:00+08:00",
            "signature_digest": "a7" * 32,
            **changes,
        }

    def entrust(self, filed: Filed | None = None, firm: Firm | None = None, **changes: Any) -> str:
        """A mandate that is taken; its number."""
        body = self.mandate(filed or self.lease(firm), firm, **changes)
        answer = self.call("/direct-pay/entrustments", self.fund, body)
        assert answer["accepted"], answer
        return str(body["entrust_no"])

    def bill(self, entrust_no: str, **changes: Any) -> dict[str, Any]:
        """A bill for March 2027 at the whole rent."""
        rent = changes.pop("rent", "6500.00")
        return {
            "bill_no": number("ZD"),
            "entrust_no": entrust_no,
            "period_start": "2027-03-01",
            "period_end": "2027-03-31",
            "bill_time": "2027-03-01T10:00:00+08:00",
            "rent_fee": rent,
            "deposit_fee": "0.00",
            "other_fee": "0.00",
            "total_amount": rent,
            **changes,
        }

    def send_bills(self, *bills: dict[str, Any], firm: Firm | None = None) -> list[dict[str, Any]]:
        answer = self.call("/direct-pay/bills", (firm or self.firm).system, {"bills": list(bills)})
        items: list[dict[str, Any]] = answer["items"]
        return items

    def billed(self, entrust_no: str, firm: Firm | None = None, **changes: Any) -> str:
        """A bill that is taken; its number."""
        body = self.bill(entrust_no, **changes)
        (answer,) = self.send_bills(body, firm=firm)
        assert answer["accepted"], answer
        return str(body["bill_no"])

    def result(self, entrust_no: str, bill_no: str, outcome: str = "SUCCESS", **changes: Any) -> dict[str, Any]:
        """A result of a bill; a failure is for want of money unless said otherwise."""
        paid = outcome == "SUCCESS"
        return {
            "result_no": number("JG"),
            "entrust_no": entrust_no,
            "bill_no": bill_no,
            "outcome": outcome,
            "amount": "6500.00" if paid else "0.00",
            "decided_at": "2027-02-15T10:00:00+08:00",
            **({"paid_on": "2027-03-05", "bank_flow_no": "BF0001"} if paid else {"fail_code": "BALANCE"}),
            **changes,
        }

    def send_results(self, *results: dict[str, Any]) -> list[dict[str, Any]]:
        answer = self.call("/direct-pay/results", self.fund, {"results": list(results)})
        items: list[dict[str, Any]] = answer["items"]
        return items

    def end_by_tenant(self, entrust_no: str, firm: Firm | None = None, **changes: Any) -> dict[str, Any]:
        body = {
            "term_no": number("GZ"),
            "entrust_no": entrust_no,
            "enterprise_uscc": (firm or self.firm).uscc,
            "reason": "TENANT_WISH",
            "requested_at": "2027-03-02T09:00:00+08:00",
            "effective_month": "2027-04",
            **changes,
        }
        return self.call("/direct-pay/terminations/tenant", self.fund, body)

    def ask_to_end(self, entrust_no: str, firm: Firm | None = None, **changes: Any) -> dict[str, Any]:
        body = {
            "term_no": number("QZ"),
            "entrust_no": entrust_no,
            "reason": "ROOM_OUT",
            "reason_on": "2027-03-01",
            "effective_month": "2027-04",
            **changes,
        }
        return self.call("/direct-pay/terminations/enterprise", (firm or self.firm).system, body)

    def decide(self, entrust_no: str, term_no: str, decision: str = "APPROVED", **changes: Any) -> dict[str, Any]:
        body = {
            "decision_no": number("SH"),
            "term_no": term_no,
            "entrust_no": entrust_no,
            "decision": decision,
            "decided_at": "2027-02-13T09:00:00+08:00",
            **changes,
        }
        return self.call("/direct-pay/terminations/decisions", self.fund, body)

    def acknowledge(self, kind: str, number: str, firm: Firm | None = None) -> dict[str, Any]:
        return self.call("/direct-pay/acks", (firm or self.firm).system, {"kind": kind, "number": number})

    # What goes out

    def waiting(self, operation: str, *words: str) -> list[Outgoing]:
        """Messages of a kind that carry all these words and have not arrived, oldest first."""
        return [one for one in self.messages(operation, *words) if one.state is OutgoingState.WAITING]

    def messages(self, operation: str, *words: str) -> list[Outgoing]:
        rows = self.world.read(
            lambda work: work.session.exec(
                select(Outgoing).where(Outgoing.operation == operation).order_by(col(Outgoing.id))
            ).all()
        )
        return [row for row in rows if all(word in json.dumps(row.payload.json()) for word in words)]

    def addressees(self, operation: str, *words: str) -> set[str]:
        return {message.payload.json()["to"] for message in self.messages(operation, *words)}

    def arrive(self, operation: str, *words: str, **told: Any) -> int:
        """Every such message arrives and is answered, with accepted unless `told` says otherwise."""
        waiting = self.waiting(operation, *words)
        for message in waiting:
            answer = PartnerAnswer(status=200, code="0", data={"accepted": True, **told})
            self.world.door.perform(record, SYSTEM, Delivery(message.id, "r-1", "", 1, answer))
        return len(waiting)

    def fail(self, operation: str, *words: str) -> None:
        """One try of every such message is not answered."""
        for message in self.waiting(operation, *words):
            self.world.rewrite(Outgoing, Outgoing.id == message.id, attempts=message.attempts + 1)
            self.world.door.perform(
                record, SYSTEM, Delivery(message.id, "", "no answer", 1, PartnerAnswer(error="no answer"))
            )

    def die(self, operation: str, *words: str) -> None:
        """Every such message is given up after its last retry."""
        for message in self.waiting(operation, *words):
            self.world.rewrite(Outgoing, Outgoing.id == message.id, attempts=4)
            self.world.door.perform(
                record, SYSTEM, Delivery(message.id, "", "no answer", 1, PartnerAnswer(error="no answer"))
            )

    # What is kept

    def kept_mandate(self, entrust_no: str) -> Entrustment:
        found: Entrustment = self._one(Entrustment, Entrustment.entrust_no == entrust_no)
        return found

    def kept_bill(self, bill_no: str) -> RentBill:
        found: RentBill = self._one(RentBill, RentBill.bill_no == bill_no)
        return found

    def kept_result(self, result_no: str) -> PaymentResult:
        found: PaymentResult = self._one(PaymentResult, PaymentResult.result_no == result_no)
        return found

    def kept_ends(self, term_no: str) -> list[PaymentTermination]:
        """Every end of a number: fund and firm number by themselves."""
        return self._all(PaymentTermination, PaymentTermination.term_no == term_no, col(PaymentTermination.id))

    def kept_end(self, term_no: str) -> PaymentTermination:
        found: PaymentTermination = self._one(PaymentTermination, PaymentTermination.term_no == term_no)
        return found

    def lines(self, filing_id: UUID) -> list[FilingEnding]:
        """The ledger of one filing."""
        return self._all(FilingEnding, FilingEnding.filing_id == filing_id, col(FilingEnding.position))

    def alarms(self, code: str, word: str = "") -> list[Alarm]:
        return [one for one in self._all(Alarm, Alarm.alarm_code == code, col(Alarm.id)) if word in one.subject]

    def notices(self, firm: Firm, word: str) -> list[Notice]:
        found = self._all(Notice, Notice.to_enterprise == firm.id, col(Notice.id))
        return [one for one in found if word in one.subject + str(one.body.json())]

    def act_as(self, name: str, caller: Caller, order: Any) -> Any:
        return self.world.door.perform(ACTIONS[name], caller, order)

    def run(self, job: str) -> None:
        self.counter.run(job)

    def _one(self, table: Any, where: Any) -> Any:
        return self.world.read(lambda work: work.session.exec(select(table).where(where)).one())

    def _all(self, table: Any, where: Any, order: Any) -> list[Any]:
        read: Callable[[Work], Any] = lambda work: work.session.exec(select(table).where(where).order_by(order)).all()  # noqa: E731
        return list(self.world.read(read))


def codes(answer: dict[str, Any]) -> list[str]:
    """The codes of an answer's reasons, in order, each once."""
    return list(dict.fromkeys(one["code"] for one in answer["reasons"]))
