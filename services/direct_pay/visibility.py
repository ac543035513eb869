"""Visibility of direct rent: the city all, a district its own, a firm its tenants, the fund its part (G14)."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

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
from models.direct_pay_codes import EntrustState, PilotState, TermState
from models.partners import Partner, PartnerKind, PartnerState
from services.access.visibility import CITY, ENTERPRISE
from services.engine.refusals import NotAllowed
from services.engine.work import Work, visible_rows

DISTRICT = {Role.DISTRICT_BUREAU, Role.DISTRICT_CLERK}
#: A firm at its workspace, or its system.
FIRMS = ENTERPRISE | {Role.PARTNER}
WATCHERS = CITY | DISTRICT
READERS = WATCHERS | ENTERPRISE


def is_fund(work: Work) -> bool:
    """Return whether the system of the provident fund is calling."""
    if not work.caller.has(Role.PARTNER) or work.caller.enterprise_id is not None:
        return False
    kind = select(Partner.kind).where(Partner.app_id == work.caller.name, Partner.state == PartnerState.ACTIVE)
    return work.session.exec(kind).first() is PartnerKind.FUND


def only_the_fund(work: Work) -> None:
    """Refuse every caller except the fund, whatever its scope."""
    if not is_fund(work):
        raise NotAllowed("只有公积金中心可以报送此项内容")


def _of_district(work: Work, table: Any) -> list[Any]:
    districts = [scope.code for scope in work.caller.scope_of(*DISTRICT) if scope.code]
    return [col(table.district_code).in_(districts)] if districts else []


def _rows(work: Work, table: Any, *firms: Any) -> Any:
    if work.caller.has(*CITY, Role.SYSTEM) or is_fund(work):
        return sa.true()
    allowed = _of_district(work, table)
    if work.caller.has(*FIRMS) and work.caller.enterprise_id is not None:
        allowed.append(sa.and_(table.enterprise_id == work.caller.enterprise_id, *firms))
    return sa.or_(*allowed) if allowed else sa.false()


@visible_rows(Entrustment)
def mandates(work: Work, table: Any) -> Any:
    """Hide refused mandates from all but authority and fund: the firm they name may be the wrong one."""
    return _rows(work, table, col(table.state).not_in([EntrustState.RECEIVED, EntrustState.REFUSED]))


@visible_rows(RentBill)
def bills(work: Work, table: Any) -> Any:
    return _rows(work, table)


@visible_rows(PaymentResult)
def results(work: Work, table: Any) -> Any:
    return _rows(work, table)


@visible_rows(PaymentTermination)
def terminations(work: Work, table: Any) -> Any:
    """Return a that waits for its mandate may name the wrong firm."""
    return _rows(work, table, col(table.state) != TermState.WAITING)


@visible_rows(TerminationDecision)
def decisions(work: Work, table: Any) -> Any:
    """Decisions go with their request."""
    seen = select(PaymentTermination.id).where(terminations(work, PaymentTermination))
    return col(table.termination_id).in_(seen)


@visible_rows(PilotScope)
def pilots(work: Work, table: Any) -> Any:
    """The pilot is the city's and open to its districts; a firm sees what holds for itself."""
    if work.caller.has(*CITY, *DISTRICT, Role.SYSTEM):
        return sa.true()
    if work.caller.has(*ENTERPRISE) and work.caller.enterprise_id is not None:
        return sa.and_(table.enterprise_id == work.caller.enterprise_id, table.state == PilotState.CONFIRMED)
    return sa.false()


@visible_rows(FilingEnding)
def endings(work: Work, table: Any) -> Any:
    if work.caller.has(*CITY, Role.SYSTEM) or is_fund(work):
        return sa.true()
    allowed = _of_district(work, table)
    return sa.or_(*allowed) if allowed else sa.false()
