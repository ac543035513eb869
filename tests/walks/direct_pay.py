"""The walk's part for direct rent: the city all, a district its own, a firm its own tenants, nobody else anything."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from models.access import Role
from models.direct_pay import (
    Entrustment,
    FilingEnding,
    PaymentResult,
    PaymentTermination,
    PilotScope,
    RentBill,
    TerminationDecision,
)
from models.direct_pay_codes import (
    BillState,
    DrawCycle,
    EndingKind,
    EntrustState,
    PaymentOutcome,
    PilotState,
    ResultState,
    ReviewDecision,
    TermReason,
    TermSide,
    TermState,
)
from models.enterprise import Enterprise, EnterpriseKind, RecordState
from models.sealed import Sealed
from services.engine.work import Work

_CITY = (Role.CITY_CENTER, Role.CITY_BUREAU, Role.SYSTEM)
_DISTRICT = (Role.DISTRICT_BUREAU, Role.DISTRICT_CLERK)
_FIRM = (Role.ENTERPRISE_USER, Role.ENTERPRISE_ADMIN, Role.PARTNER)
_AT = datetime(2027, 2, 1, tzinfo=UTC)


def _district(caller: Any, row: Any) -> bool:
    return bool(row.district_code) and row.district_code in {scope.code for scope in caller.scope_of(*_DISTRICT)}


def _own(caller: Any, row: Any) -> bool:
    return bool(caller.has(*_FIRM)) and caller.enterprise_id is not None and row.enterprise_id == caller.enterprise_id


def _row(city: Any, caller: Any, row: Any) -> bool:
    return bool(caller.has(*_CITY)) or _district(caller, row) or _own(caller, row)


def _mandate(city: Any, caller: Any, row: Any) -> bool:
    hidden = row.state in (EntrustState.REFUSED, EntrustState.RECEIVED)
    return bool(caller.has(*_CITY)) or _district(caller, row) or (_own(caller, row) and not hidden)


def _termination(city: Any, caller: Any, row: Any) -> bool:
    waits = row.state is TermState.WAITING
    return bool(caller.has(*_CITY)) or _district(caller, row) or (_own(caller, row) and not waits)


def _decision(city: Any, caller: Any, row: Any) -> bool:
    return any(_termination(city, caller, one) for one in city.where(PaymentTermination, "id", row.termination_id))


def _pilot(city: Any, caller: Any, row: Any) -> bool:
    own = row.enterprise_id == caller.enterprise_id and row.state is PilotState.CONFIRMED
    firm = caller.has(Role.ENTERPRISE_USER, Role.ENTERPRISE_ADMIN)
    return bool(caller.has(*_CITY, *_DISTRICT)) or (bool(firm) and caller.enterprise_id is not None and own)


def _ending(city: Any, caller: Any, row: Any) -> bool:
    return bool(caller.has(*_CITY)) or _district(caller, row)


ORACLE: dict[Any, Any] = {
    Entrustment: _mandate,
    RentBill: _row,
    PaymentResult: _row,
    PaymentTermination: _termination,
    TerminationDecision: _decision,
    PilotScope: _pilot,
    FilingEnding: _ending,
}

ORDERS: dict[str, Any] = {}

_SEES_ALL = "the city's, which sees all"
UNFOREIGN: dict[str, str] = {
    "orphans.open": _SEES_ALL,
    "direct_pay.handle_orphan": _SEES_ALL,
    "direct_pay.decide_pilot": _SEES_ALL,
    "direct_pay.end_pilot": _SEES_ALL,
}


def furnish(city: Any) -> None:
    """In each office a running and a refused mandate, a bill, a result and an orphan, ends, a decision, a ledger line."""
    city.counter.world.act(lambda work: _furnish(work, city))


def _furnish(work: Work, city: Any) -> None:
    for place, firm in enumerate(city.firms):
        work.add(
            Enterprise(
                id=firm,
                name=f"直付企业{place}",
                kind=EnterpriseKind.RENTAL,
                uscc=f"91310115MAWALK00{place}X",
                record_state=RecordState.RECORDED,
                district_code="310115",
            )
        )
        for state in (PilotState.PROPOSED, PilotState.CONFIRMED):
            work.add(PilotScope(enterprise_id=firm, valid_from=date(2027, 1, 1), fund_letter="函1号", state=state))
    for place, filed in enumerate(city.filed.values()):
        _office(work, place, filed, city.firms[place % 2])


def _office(work: Work, place: int, filed: Any, firm: UUID) -> None:
    shared = {"district_code": filed.flat.line["district_code"], "enterprise_id": firm}
    for state in (EntrustState.RUNNING, EntrustState.REFUSED):
        mandate = Entrustment(
            entrust_no=f"WTWALK{place}{state}",
            filing_no=filed.decision.filing_no,
            filing_id=filed.filing_id,
            tenant=Sealed.of(filed.tenant.name),
            tenant_id_no=Sealed.of(filed.tenant.id_no),
            payee_name="企业",
            payee_bank="银行",
            payee_bank_code="1",
            payee_account=Sealed.of("310000000001"),
            pay_cycle=DrawCycle.MONTH,
            monthly_rent=Decimal(6500),
            draw_from="2027-03",
            draw_to="2027-12",
            signed_at=_AT,
            signature_digest="a1" * 32,
            content_digest="a1" * 32,
            findings=Sealed.of_json([]),
            received_at=_AT,
            state=state,
            **shared,
        )
        work.add(mandate)
    bill = RentBill(
        bill_no=f"ZDWALK{place}",
        entrust_no=f"WTWALK{place}",
        period_start=date(2027, 3, 1),
        period_end=date(2027, 3, 31),
        bill_time=_AT,
        rent_fee=Decimal(6500),
        deposit_fee=Decimal(0),
        other_fee=Decimal(0),
        total_amount=Decimal(6500),
        content_digest="a1" * 32,
        findings=Sealed.of_json([]),
        received_at=_AT,
        state=BillState.PAID,
        **shared,
    )
    work.add(bill)
    for orphan in (False, True):
        work.add(_result(place, bill, {"district_code": "", "enterprise_id": None} if orphan else shared, orphan))
    _ends(work, place, shared)
    work.add(
        FilingEnding(
            position=1_000_000 + place,
            filing_id=filed.filing_id,
            filing_no=filed.decision.filing_no,
            kind=EndingKind.MOVE_OUT,
            ended_on=date(2027, 3, 1),
            recorded_at=_AT,
            district_code=shared["district_code"],
        )
    )


def _result(place: int, bill: RentBill, shared: dict[str, Any], orphan: bool) -> PaymentResult:
    return PaymentResult(
        result_no=f"JGWALK{place}{orphan}",
        entrust_no=bill.entrust_no,
        bill_no=bill.bill_no,
        bill_id=None if orphan else bill.id,
        amount=Decimal(6500),
        outcome=PaymentOutcome.SUCCESS,
        reason=Sealed.of_json(""),
        decided_at=_AT,
        content_digest="a1" * 32,
        received_at=_AT,
        state=ResultState.ORPHAN if orphan else ResultState.ACKED,
        **shared,
    )


def _ends(work: Work, place: int, shared: dict[str, Any]) -> None:
    for side, state in ((TermSide.ENTERPRISE, TermState.APPROVED), (TermSide.TENANT, TermState.WAITING)):
        end = PaymentTermination(
            term_no=f"ZZWALK{place}",
            side=side,
            asked_by="walk",
            entrust_no=f"WTWALK{place}",
            reason=TermReason.OTHER,
            note=Sealed.of_json(""),
            requested_at=_AT,
            effective_month="2027-04",
            content_digest="a1" * 32,
            state=state,
            **shared,
        )
        work.add(end)
        work.add(
            TerminationDecision(
                decision_no=f"SHWALK{place}{side}",
                termination_id=end.id,
                decision=ReviewDecision.APPROVED,
                reason=Sealed.of_json(""),
                decided_at=_AT,
                received_at=_AT,
                content_digest="a1" * 32,
            )
        )
