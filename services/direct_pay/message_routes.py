"""Recipients of direct rent messages: the fund, or the firm concerned, and no other (rows 17-22, G14)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlmodel import SQLModel, select

from models.base import Row
from models.engine import Outgoing, OutgoingState
from models.machines import Machine
from models.partners import PartnerKind
from services.engine.alarms import raise_alarm
from services.engine.notices import notify
from services.engine.steps import step_on
from services.engine.work import Work
from services.partners.outgoing import pass_on
from services.partners.registry import partner_of_enterprise, partner_of_kind

FUND, FIRM = "provident_fund", "rental_company"


def pushed(work: Work, row: Any, machine: Machine[Any]) -> None:
    """Note that the firm has a row; a message that arrives twice or late changes nothing."""
    row.pushed_at = row.pushed_at or work.now
    step_on(work, row, machine, "push")
    work.add(row)


def with_the_fund(work: Work, row: Any, machine: Machine[Any]) -> None:
    """Note that the fund has a row: by our own delivery, or by what the fund says of it before."""
    row.sent_at = row.sent_at or work.now
    step_on(work, row, machine, "send")
    work.add(row)


Held = TypeVar("Held", bound=SQLModel)


def held(work: Work, table: type[Held], row_id: UUID) -> Held:
    """Lock and refresh a row, so that a delivery report does not overwrite what arrived meanwhile."""
    work.session.flush()
    return work.held(select(table).where(table.id == row_id)).one()  # type: ignore[attr-defined]


def arrived(
    table: type[SQLModel], machine: Machine[Any], noted: Callable[[Work, Any, Machine[Any]], None]
) -> Callable[[Work, Outgoing], None]:
    """Return what follows the delivery of a row: it is noted, once the message has arrived."""

    def follow(work: Work, message: Outgoing) -> None:
        if message.state is OutgoingState.SENT:
            noted(work, held(work, table, message.object_id), machine)

    return follow


def to_fund(
    work: Work, operation: str, *, key: str, about: Row, body: dict[str, Any], delay_minutes: int = 0
) -> Outgoing | None:
    """Queue a message to the fund; without a registered fund an alarm is raised."""
    fund = partner_of_kind(work, PartnerKind.FUND)
    if fund is None:
        raise_alarm(work, "DIRECTPAY.NO_FUND", "公积金中心尚未登记为对接方，直付消息不能送出", kind="partner", key=FUND)
        return None
    message = pass_on(work, fund, FUND, operation, business_key=key, about=about, body=body)
    if delay_minutes:
        message.next_at = work.now + timedelta(minutes=delay_minutes)
    return message


def to_firm(
    work: Work,
    operation: str,
    *,
    enterprise_id: UUID,
    key: str,
    about: Row,
    body: dict[str, Any],
    subject: str,
    words: str,
) -> bool:
    """Notify a firm in its workspace, and by message if it has a system; returns whether a message was queued."""
    notify(work, subject, words, about=about, to_enterprise=enterprise_id)
    system = partner_of_enterprise(work, enterprise_id)
    if system is None:
        return False
    pass_on(work, system, FIRM, operation, business_key=key, about=about, body=body)
    return True
