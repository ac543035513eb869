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
from services.engine.work import Work, rows_in_scope, shown_with, visible_rows

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


def _rows(work: Work, table: Any, *firms: Any) -> Any:
    if is_fund(work):
        return sa.true()
    own: list[Any] = []
    if work.caller.has(*FIRMS) and work.caller.enterprise_id is not None:
        own.append(sa.and_(table.enterprise_id == work.caller.enterprise_id, *firms))
    return rows_in_scope(work, table, *own, whole=CITY, districts=DISTRICT)


@visible_rows(Entrustment)
def mandates(work: Work, table: Any) -> Any:
    """Hide refused mandates from all but authority and fund: the firm they name may be the wrong one."""
    return _rows(work, table, col(table.state).not_in([EntrustState.RECEIVED, EntrustState.REFUSED]))


visible_rows(RentBill)(_rows)
visible_rows(PaymentResult)(_rows)


@visible_rows(PaymentTermination)
def terminations(work: Work, table: Any) -> Any:
    """Hide a request that waits for its mandate from firms: it may name the wrong one."""
    return _rows(work, table, col(table.state) != TermState.WAITING)


shown_with(TerminationDecision, "termination_id", PaymentTermination)


@visible_rows(PilotScope)
def pilots(work: Work, table: Any) -> Any:
    """The pilot is the city's and open to its districts; a firm sees what holds for itself."""
    seen = rows_in_scope(work, table, whole=WATCHERS, firms=ENTERPRISE)
    return seen if work.caller.has(*WATCHERS, Role.SYSTEM) else sa.and_(seen, table.state == PilotState.CONFIRMED)


@visible_rows(FilingEnding)
def endings(work: Work, table: Any) -> Any:
    return sa.true() if is_fund(work) else rows_in_scope(work, table, whole=CITY, districts=DISTRICT)
