"""Revealing a masked field: with a reason, within the daily quota, notified to the person; parameters of privacy (decision 8, H24)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import select

from models.access import Account, Reveal, Role
from models.dialect import locked
from models.practitioners import CardApply, InfoCard, Practitioner
from models.privacy import Shown
from models.sealed import Sealed
from models.tenancy import ContractParty
from services.access.visibility import STAFF
from services.engine.alarms import raise_alarm
from services.engine.refusals import NotFound, Rejected, TooMany
from services.engine.registry import action
from services.engine.thresholds import Threshold, Thresholds, declare
from services.engine.words import enough_words
from services.engine.work import Work
from services.privacy.accesses import note_access
from services.privacy.reauthentication import need_fresh

#: Those who keep accounts see whose they are.
ACCOUNT_KEEPERS = frozenset({Role.SYS_ADMIN, Role.CITY_HANDLER, Role.HEAD_ADMIN})
_REVEALING = STAFF | ACCOUNT_KEEPERS


def quota_key(role: Role) -> str:
    return f"reveal.daily_quota.{role.value}"


for _role in sorted(_REVEALING, key=str):
    declare(
        Threshold(quota_key(_role), f"每日查看完整信息次数（{_role.label}）", "50", "次", "个人信息保护", least=0),
        area="privacy",
    )


def quota_of(roles: frozenset[Role], thresholds: Thresholds) -> int:
    """Return the daily reveal quota: the largest of the roles', none for a role that reveals nothing."""
    return max((thresholds.integer(quota_key(role)) for role in roles & _REVEALING), default=0)


BURST = "PII.BURST"
LEAST_REASON = 4
MOST_AT_ONCE = 40


@dataclass(frozen=True)
class Revealable:
    """A table whose masked fields may be revealed, and the field that names each one's person by his keyed hash."""

    table: Any
    fields: Mapping[str, str]


REVEALABLE: dict[str, Revealable] = {
    "contract_party": Revealable(
        ContractParty,
        {
            "name": "id_no_index",
            "id_no": "id_no_index",
            "mobile": "id_no_index",
            "agent_name": "agent_id_no_index",
            "agent_id_no": "agent_id_no_index",
        },
    ),
    "practitioner": Revealable(Practitioner, dict.fromkeys(("name", "id_no", "mobile"), "id_no_index")),
    "info_card": Revealable(InfoCard, dict.fromkeys(("name", "id_no"), "id_no_index")),
    "account": Revealable(Account, dict.fromkeys(("name", "id_no", "mobile"), "id_no_index")),
    "card_apply": Revealable(CardApply, dict.fromkeys(("name", "id_no"), "id_no_index")),
}


@dataclass(frozen=True)
class RevealField:
    """A field of one record."""

    kind: str
    id: UUID
    field: str
    reason: str


@action("privacy.reveal", "查看完整信息", roles=STAFF, event="PII.UNMASK")
def reveal_field(work: Work, order: RevealField) -> str:
    """Return the plain value of a field of a visible record; revealing row after row is stopped with an alarm."""
    row, _ = _known(work, order.kind, order.id, order.field)
    return reveal_value(work, order.kind, row, order.field, order.reason)


def reveal_value(work: Work, kind: str, row: Any, field: str, reason: str, *, act: str = "privacy.reveal") -> str:
    """Return the plain value of a field of a row already found visible, with reason, quota and log."""
    if field not in REVEALABLE[kind].fields:
        raise NotFound
    reason = enough_words(reason, "查看理由", least=LEAST_REASON, most=200)
    used_just_now = _take(work, 1)
    burst = work.thresholds.integer("reveal.burst_count")
    if used_just_now >= burst:
        raise TooMany("短时间内连续查看完整信息过多，已暂停并告知安全管理员，请稍后再试")
    value = _reveal(work, kind, row, field, reason, act)
    if used_just_now + 1 >= burst:
        _alarm(work)
    return value


@action("accounts.reveal", "查看账号完整信息", roles={Role.SYS_ADMIN}, event="PII.UNMASK")
def reveal_account(work: Work, order: RevealField) -> str:
    """The holder's number or telephone in clear, for a reason and within the day's quota."""
    return reveal_value(work, "account", work.get(Account, order.id), order.field, order.reason, act="accounts.reveal")


@dataclass(frozen=True)
class RevealSeveral:
    """Several fields of several records of one kind, for one reason."""

    kind: str
    ids: tuple[UUID, ...]
    fields: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class RevealedValue:
    id: UUID
    field: str
    value: str


@action("privacy.reveal_several", "批量查看完整信息", roles=STAFF, event="PII.UNMASK")
def reveal_several(work: Work, order: RevealSeveral) -> list[RevealedValue]:
    """Every value asked for, after the password was typed again; each counts, and what exceeds the quota shows nothing."""
    need_fresh(work)
    reason = enough_words(order.reason, "查看理由", least=LEAST_REASON, most=200)
    wanted = []
    for row_id in dict.fromkeys(order.ids[: MOST_AT_ONCE + 1]):
        for field in dict.fromkeys(order.fields):
            row, value = _known(work, order.kind, row_id, field)
            if value is not None:
                wanted.append((row, field))
    if not wanted or len(wanted) > MOST_AT_ONCE:
        raise Rejected(f"一次可查看1至{MOST_AT_ONCE}项，请减少选择")
    used_just_now = _take(work, len(wanted))
    shown = [
        RevealedValue(row.id, field, _reveal(work, order.kind, row, field, reason, "privacy.reveal"))
        for row, field in wanted
    ]
    if used_just_now + len(shown) >= work.thresholds.integer("reveal.burst_count"):
        _alarm(work)
    return shown


def _known(work: Work, kind: str, row_id: UUID, field: str) -> tuple[Any, Sealed | None]:
    known = REVEALABLE.get(kind)
    if known is None or field not in known.fields or work.caller.account_id is None:
        raise NotFound
    row = work.get(known.table, row_id)
    value = getattr(row, field)
    if value is not None and not isinstance(value, Sealed):
        raise NotFound
    return row, value


def _take(work: Work, count: int) -> int:
    """Refuse what the day's quota no longer holds; gives how many were revealed just now."""
    # Two at once wait for each other here, so that the last one left is given once.
    work.session.exec(locked(work.session, select(Account.id).where(Account.id == work.caller.account_id))).first()
    quota = quota_of(work.caller.roles, work.thresholds)
    mine = select(func.count()).select_from(Reveal).where(Reveal.account_id == work.caller.account_id)
    used = work.session.exec(mine.where(Reveal.on_day == work.today)).one()
    if used + count > quota:
        raise TooMany(f"今日查看完整信息已用{used}次，每日限{quota}次，请明日再试或联系管理人员")
    since = work.at - timedelta(minutes=work.thresholds.integer("reveal.burst_minutes"))
    return work.session.exec(mine.where(Reveal.at > since)).one()


def _reveal(work: Work, kind: str, row: Any, field: str, reason: str, act: str) -> str:
    value = getattr(row, field)
    if value is None or work.caller.account_id is None:
        raise NotFound
    work.add(
        Reveal(
            account_id=work.caller.account_id,
            object_kind=kind,
            object_id=row.id,
            field=field,
            reason=Sealed.of_json(reason),
            on_day=work.today,
            at=work.at,
        )
    )
    person = getattr(row, REVEALABLE[kind].fields[field])
    note_access(work, [person], act, Shown.FULL, purpose=reason, about=row)
    # The reason may name a person; it is kept sealed and the audit says only that there is one.
    work.trail.tell("PII.UNMASK", act, about=row, reason="STATED", detail={"field": field})
    plain: str = value.plain
    return plain


def _alarm(work: Work) -> None:
    raise_alarm(
        work,
        BURST,
        "同一账号短时间内连续查看多条完整个人信息",
        kind="account",
        key=str(work.caller.account_id),
    )
