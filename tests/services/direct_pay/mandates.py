"""Mandates, bills, results and terminations put as rows, for tests of what is shown of them."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

from sqlmodel import select

from models.access import Role, ScopeKind
from models.direct_pay import Entrustment, PaymentResult, PaymentTermination, RentBill
from models.direct_pay_codes import (
    BillState,
    DrawCycle,
    EntrustState,
    PaymentOutcome,
    ResultState,
    TermReason,
    TermSide,
    TermState,
)
from models.engine import Outgoing, OutgoingState
from models.enterprise import Enterprise, EnterpriseKind, RecordState
from models.rooms import CentralProject, ProjectKind
from models.sealed import Sealed
from services.engine.callers import Caller, Scope
from services.engine.work import Work
from tests.world import World

_NUMBERS = count(1)
TENANT, TENANT_NO = "欧阳晓", "310104199001010012"


@dataclass
class Mandates:
    """A world with two firms, one in each of two districts, and one project each."""

    world: World
    firms: dict[str, UUID] = field(default_factory=dict)
    projects: dict[str, UUID] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.world.act(self._found)

    def _found(self, work: Work) -> None:
        for district, name, project in (
            ("310115", "沪寓公寓管理", "花木青年公寓"),
            ("310104", "安居长租", "龙华人才公寓"),
        ):
            firm = Enterprise(
                name=f"{name}（测试）",
                kind=EnterpriseKind.RENTAL,
                uscc=f"9131{district}MA{next(_NUMBERS):06d}",
                record_state=RecordState.RECORDED,
                district_code=district,
            )
            work.add(firm)
            built = CentralProject(
                project_no=f"XM{district}{next(_NUMBERS):04d}",
                name=project,
                kind=ProjectKind.MARKET,
                enterprise_id=firm.id,
                district_code=district,
            )
            work.add(built)
            self.firms[district], self.projects[district] = firm.id, built.id

    def firm(self, district: str = "310115", role: Role = Role.ENTERPRISE_USER) -> Caller:
        """Somebody of the firm of a district."""
        owner = self.firms[district]
        scope = Scope(role, ScopeKind.ORGANISATION, str(owner))
        return Caller("企业经办人", (scope,), account_id=owner, enterprise_id=owner, district_code=district)

    def mandate(self, district: str = "310115", **more: Any) -> UUID:
        """One mandate; running, received an hour ago, unless `more` says otherwise."""
        number = next(_NUMBERS)
        now = self.world.door.clock.now()
        values: dict[str, Any] = {
            "entrust_no": f"WT{number:08d}",
            "receipt_no": f"HZ{number:08d}",
            "filing_no": f"BA{district}20270301{number:06d}",
            "contract_no": f"HT{district}20270301{number:06d}",
            "enterprise_id": self.firms[district],
            "project_id": self.projects[district],
            "district_code": district,
            "tenant": Sealed.of(TENANT),
            "tenant_id_no": Sealed.of(TENANT_NO),
            "payee_name": "沪寓公寓管理",
            "payee_bank": "上海银行花木支行",
            "payee_bank_code": "325290000012",
            "payee_account": Sealed.of("6222021001123456789"),
            "pay_cycle": DrawCycle.MONTH,
            "monthly_rent": Decimal("4500.00"),
            "draw_from": "2027-01",
            "draw_to": "2027-12",
            "signed_at": now - timedelta(hours=2),
            "signature_digest": "0" * 64,
            "content_digest": "0" * 64,
            "findings": Sealed.of_json([]),
            "received_at": now - timedelta(hours=1),
            "state": EntrustState.RUNNING,
        }
        row = Entrustment(**values | more)
        self.world.act(lambda work: work.add(row))
        return row.id

    def row(self, table: Any, row_id: UUID) -> Any:
        return self.world.read(lambda work: work.session.exec(select(table).where(table.id == row_id)).one())

    def bill(self, mandate_id: UUID, month: int = 1, **more: Any) -> UUID:
        """The bill of a month of 2027; sent unless `more` says otherwise."""
        mandate: Entrustment = self.row(Entrustment, mandate_id)
        start = date(2027, month, 1)
        now = self.world.door.clock.now()
        values: dict[str, Any] = {
            "bill_no": f"ZD{next(_NUMBERS):08d}",
            "entrustment_id": mandate_id,
            "entrust_no": mandate.entrust_no,
            "contract_no": mandate.contract_no,
            "enterprise_id": mandate.enterprise_id,
            "district_code": mandate.district_code,
            "period_start": start,
            "period_end": (start + timedelta(days=32)).replace(day=1) - timedelta(days=1),
            "bill_time": now,
            "rent_fee": Decimal("4500.00"),
            "deposit_fee": Decimal("0.00"),
            "other_fee": Decimal("0.00"),
            "total_amount": Decimal("4500.00"),
            "content_digest": "0" * 64,
            "findings": Sealed.of_json([]),
            "received_at": now,
            "sent_at": now,
            "state": BillState.SENT_TO_FUND,
        }
        row = RentBill(**values | more)
        self.world.act(lambda work: work.add(row))
        return row.id

    def result(self, entrust_no: str, **more: Any) -> UUID:
        now = self.world.door.clock.now()
        values: dict[str, Any] = {
            "result_no": f"JG{next(_NUMBERS):08d}",
            "district_code": "310115",
            "entrust_no": entrust_no,
            "bill_no": f"ZD{next(_NUMBERS):08d}",
            "amount": Decimal("4500.00"),
            "outcome": PaymentOutcome.SUCCESS,
            "reason": Sealed.of_json(""),
            "decided_at": now,
            "content_digest": "0" * 64,
            "received_at": now,
            "bank_flow_no": "LS0001",
            "state": ResultState.MATCHED,
        }
        row = PaymentResult(**values | more)
        self.world.act(lambda work: work.add(row))
        return row.id

    def termination(self, mandate_id: UUID, **more: Any) -> UUID:
        mandate: Entrustment = self.row(Entrustment, mandate_id)
        now: datetime = self.world.door.clock.now()
        values: dict[str, Any] = {
            "term_no": f"ZZ{next(_NUMBERS):08d}",
            "side": TermSide.ENTERPRISE,
            "asked_by": str(mandate.enterprise_id),
            "entrustment_id": mandate_id,
            "entrust_no": mandate.entrust_no,
            "enterprise_id": mandate.enterprise_id,
            "district_code": mandate.district_code,
            "reason": TermReason.ARREARS,
            "note": Sealed.of_json("欠付两个月"),
            "requested_at": now,
            "effective_month": "2027-04",
            "content_digest": "0" * 64,
            "sent_at": now,
            "state": TermState.SENT_TO_FUND,
        }
        row = PaymentTermination(**values | more)
        self.world.act(lambda work: work.add(row))
        return row.id

    def message(self, table: Any, row_id: UUID, state: OutgoingState = OutgoingState.DEAD) -> UUID:
        """A message about a row; dead unless said otherwise."""
        number = next(_NUMBERS)
        row = Outgoing(
            system="rental_company",
            operation="entrustment",
            business_key=f"entrustment:qy-test:K{number}",
            object_kind=table.__tablename__,
            object_id=row_id,
            request_id=f"R{number:08d}",
            payload=Sealed.of_json({}),
            state=state,
            attempts=4,
            next_at=self.world.door.clock.now(),
            last_error="NoAnswer",
            receipt="HZ-7" if state is OutgoingState.SENT else "",
        )
        self.world.act(lambda work: work.add(row))
        return row.id
