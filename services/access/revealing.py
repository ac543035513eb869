"""Revealing a masked field: one record, with a reason, within the day's quota, always told (decision 8)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import select

from models.access import Reveal
from models.sealed import Sealed
from models.tenancy import ContractParty
from services.access.visibility import STAFF
from services.engine.refusals import NotFound, Rejected, TooMany
from services.engine.registry import action
from services.engine.work import Work

_FIELDS: dict[str, tuple[Any, frozenset[str]]] = {
    "contract_party": (ContractParty, frozenset({"name", "id_no", "mobile", "agent_name", "agent_id_no"})),
}


@dataclass(frozen=True)
class RevealField:
    kind: str
    id: UUID
    field: str
    reason: str


@action("privacy.reveal", "查看明文", roles=STAFF, event="PII.UNMASK")
def reveal_field(work: Work, order: RevealField) -> str:
    """The plain value of one field of one visible record."""
    known = _FIELDS.get(order.kind)
    if known is None or order.field not in known[1]:
        raise NotFound
    if len(order.reason.strip()) < 4:
        raise Rejected("请填写查看理由（不少于4个字）")
    quota = work.thresholds.integer("reveal.daily_quota")
    used = work.session.exec(
        select(func.count())
        .select_from(Reveal)
        .where(Reveal.account_id == work.caller.account_id, Reveal.on_day == work.today)
    ).one()
    if used >= quota:
        raise TooMany(f"今日查看明文次数已达{quota}次，请明日再试或联系管理人员")
    row = work.get(known[0], order.id)
    value = getattr(row, order.field)
    if not isinstance(value, Sealed) or work.caller.account_id is None:
        raise NotFound
    work.add(
        Reveal(
            account_id=work.caller.account_id,
            object_kind=order.kind,
            object_id=order.id,
            field=order.field,
            reason=order.reason.strip()[:200],
            on_day=work.today,
            at=work.at,
        )
    )
    work.trail.tell(
        "PII.UNMASK", "privacy.reveal", about=row, reason=order.reason.strip()[:60], detail={"field": order.field}
    )
    return value.plain
