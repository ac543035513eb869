"""The life of keys beyond rotation: what there is, when it ends, and that nothing ends which is still needed."""

from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from sqlalchemy import func
from sqlmodel import col, select

from models.access import Role
from models.documents import IssuedDocument
from models.keys import KeyRecord, KeyRotation
from models.sealing import CryptoError, family_of
from services.engine.alarms import raise_alarm
from services.engine.callers import SYSTEM
from services.engine.door import Door, Gathering
from services.engine.jobs import performed
from services.engine.listings import Line
from services.engine.refusals import Conflict, NotFound, Rejected, Unavailable
from services.engine.registry import action, query
from services.engine.words import enough_words
from services.engine.work import Work
from services.keys import carriers
from services.keys.families import FAMILY_LABELS, PREPARED_FIRST, REWRITTEN, STATE_LABELS, WAYS
from services.keys.rotation import KEEPERS, UNREACHABLE
from services.ports.crypto import Health, KeyInfo, KeyState, KeyUse

_MOVES: tuple[KeyState, ...] = ("compromised", "destroyed")
#: What a compromised key of these families has vouched for is no longer believed, so it must be vouched for anew first.
_NEEDED_WHOLE = ("mac.row",)


@dataclass(frozen=True)
class Inventory:
    """Every key with what may be done with it, the rotations, and how the provider is.

    Without the provider the keys are those last heard of.
    """

    lines: list[Line]
    rotations: tuple[KeyRotation, ...]
    health: Health | None
    #: The name under which partners address us.
    environment: str


def _health(gathering: Gathering, order: None) -> tuple[list[KeyInfo], Health] | None:
    try:
        return list(gathering.house.crypto.keys()), gathering.house.crypto.health()
    except CryptoError:
        return None


@query("keys.inventory", "密钥清单", roles=KEEPERS, gather=_health)
def inventory(work: Work, order: None, heard: tuple[list[KeyInfo], Health] | None) -> Inventory:
    """Return what there is of keys and how far rotations are; never a secret key itself."""
    records = {row.kid: row for row in work.rows(work.visible(KeyRecord))}
    keys = heard[0] if heard else [_info(row) for row in records.values()]
    lines = [_line(work, key, records.get(key.kid)) for key in keys]
    order_of = {"active": 0, "pre": 1, "retired": 2, "compromised": 3, "destroyed": 4}
    families = list(FAMILY_LABELS)
    lines.sort(key=lambda line: (families.index(family_of(line.id)), order_of[line.state], -line.made_at.timestamp()))
    recent = work.rows(work.visible(KeyRotation), by=col(KeyRotation.prepared_at).desc(), most=50)
    return Inventory(lines, tuple(recent), heard[1] if heard else None, work.house.environment_id)


def _line(work: Work, key: KeyInfo, record: KeyRecord | None) -> Line:
    ending = key.expires_at is not None and key.state in {"active", "pre"}
    return Line(
        id=key.kid,
        family=key.family,
        state=key.state,
        made_at=key.created_at,
        expires_at=key.expires_at,
        days_left=(key.expires_at - work.at).days if ending and key.expires_at else None,
        public=key.public,
        carried=record.carried if record else None,
        counted_at=record.counted_at if record else None,
        ways=WAYS[key.state] if key.family in PREPARED_FIRST else WAYS[key.state] - {"count"},
    )


def _info(row: KeyRecord) -> KeyInfo:
    use, state = cast(KeyUse, row.family.partition(".")[0]), cast(KeyState, row.state)
    return KeyInfo(row.kid, row.family, use, state, row.made_at, row.expires_at)


@action("keys.count", "清点密钥使用", roles=KEEPERS, event="")
def count_key(work: Work, kid: str) -> int:
    """Count through every table, and keep the figure with the key."""
    record = work.find(work.visible(KeyRecord), KeyRecord.kid == kid, missing=NotFound("没有这个密钥"))
    record.carried, record.counted_at = _carried(work, kid), work.at
    work.add(record)
    return record.carried


def _carried(work: Work, kid: str) -> int:
    family = family_of(kid)
    if family in REWRITTEN:
        return carriers.count(work.session, family, kid)
    if family == "mac.qr":
        # A paper's code names its key for as long as the paper is in use.
        return work.session.exec(select(func.count()).select_from(IssuedDocument)).one()
    return 0


@dataclass(frozen=True)
class MoveKey:
    """Declare a retired key compromised, or destroy it."""

    kid: str
    state: KeyState
    reason: str


def _move(gathering: Gathering, order: MoveKey) -> KeyInfo:
    if order.state not in _MOVES:
        raise Rejected("只能登记密钥泄露或销毁密钥；启用、退役由轮换完成")
    enough_words(order.reason, "理由", least=4, most=200)
    family = family_of(order.kid)
    if order.state == "destroyed" or family in _NEEDED_WHOLE:
        left = gathering.look(lambda work: _carried(work, order.kid))
        if left:
            raise Conflict(f"仍有{left:,}项数据使用该密钥，请先轮换并等改写完成，再办理此项操作")
    try:
        return gathering.house.crypto.set_state(order.kid, order.state)
    except CryptoError as problem:
        if problem.code == "KEY_NOT_FOUND":
            raise NotFound("没有这个密钥") from problem
        if problem.code == "KEY_STATE":
            raise Conflict("该密钥当前状态不允许此项操作：在用的密钥须先轮换") from problem
        raise Unavailable(UNREACHABLE) from problem


@action("keys.move", "变更密钥状态", roles=KEEPERS, gather=_move, event="KEY.STATE")
def move_key(work: Work, order: MoveKey, moved: KeyInfo) -> None:
    """Mark a key as compromised or destroyed; its data must have been rewritten before."""
    record = work.first(work.visible(KeyRecord), KeyRecord.kid == order.kid)
    if record is not None:
        record.state = moved.state
        work.add(record)
    detail = {"kid": moved.kid, "state": moved.state}
    work.trail.tell(
        "KEY.STATE",
        "keys.move",
        object_id=moved.kid,
        reason=enough_words(order.reason, "理由", least=4, most=200)[:60],
        detail=detail,
        severity=3,
    )


def _heard(gathering: Gathering, order: None) -> list[KeyInfo]:
    try:
        return list(gathering.house.crypto.keys())
    except CryptoError as problem:
        raise Unavailable(UNREACHABLE) from problem


@action("keys.follow", "核对密钥清单", roles={Role.SYSTEM}, gather=_heard, event="")
def follow_keys(work: Work, order: None, heard: list[KeyInfo]) -> int:
    """Store the provider's keys; an unordered change is logged, an end near in time raises an alarm."""
    known = {row.kid: row for row in work.rows(work.visible(KeyRecord))}
    ordered = {row.new_kid for row in work.rows(work.visible(KeyRotation))}
    replaced = {row.old_kid for row in work.rows(work.visible(KeyRotation))}
    first = not known
    for key in heard:
        record = known.pop(key.kid, None)
        if record is None:
            if not first and key.kid not in ordered:
                _tell_outside(work, key)
            work.add(_record(key))
        elif record.state != key.state:
            expected = key.kid in ordered and key.state == "active"
            expected = expected or (key.kid in replaced and key.state in {"retired", "destroyed"})
            if not expected:
                _tell_outside(work, key)
            record.state, record.expires_at = key.state, key.expires_at
            work.add(record)
        _warn(work, key)
    for record in known.values():
        raise_alarm(work, "KEY.MISSING", f"密钥清单中缺少密钥{record.kid}", kind="key", key=record.kid, severity=1)
    return len(heard)


def _record(key: KeyInfo) -> KeyRecord:
    return KeyRecord(kid=key.kid, family=key.family, state=key.state, made_at=key.created_at, expires_at=key.expires_at)


def _tell_outside(work: Work, key: KeyInfo) -> None:
    detail = {"kid": key.kid, "state": key.state}
    work.trail.tell("KEY.OUTSIDE", "keys.follow", object_id=key.kid, result="fail", detail=detail, severity=2)
    subject = f"密钥{key.kid}在系统之外变为{STATE_LABELS[key.state]}"
    raise_alarm(work, "KEY.OUTSIDE", subject, kind="key", key=key.kid, severity=2)


def _warn(work: Work, key: KeyInfo) -> None:
    days = work.thresholds.integer("keys.warn_days")
    if key.state == "active" and key.expires_at is not None and key.expires_at <= work.at + timedelta(days=days):
        subject = f"{FAMILY_LABELS.get(key.family, key.family)}密钥{key.kid}将于{key.expires_at:%Y-%m-%d}到期，请轮换"
        raise_alarm(work, "KEY.EXPIRY", subject, kind="key", key=key.kid, severity=4)


def tell_local_crypto(door: Door) -> None:
    """Log at every start that uncertified software keys are used in production, as every page shows (G10)."""
    door.tell(SYSTEM, "KEY.LOCAL", "crypto.open", severity=3)


performed("keys.follow", "核对密钥清单", follow_keys, every=3600)
