"""The registry as its keepers see it: partners, their keys, what is proposed, and what waits for them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from models.access import Account
from models.engine import Outgoing, OutgoingState
from models.enterprise import Enterprise
from models.partners import (
    ChangeKind,
    ChangeState,
    KeyUse,
    Partner,
    PartnerChange,
    PartnerExchange,
    PartnerKey,
    PartnerKeyState,
    PartnerKind,
    PartnerState,
)
from services.engine.registry import query
from services.engine.work import Work
from services.partners.outgoing import addressee_in, passage_of
from services.partners.registry import ADMINISTRATORS, READERS


@dataclass(frozen=True)
class PartnerLine:
    """A partner; `last_at` and `last_ok` are of the newest exchange, `waiting` counts messages not sent yet."""

    id: UUID
    app_id: str
    label: str
    kind: PartnerKind
    enterprise: str
    district_code: str
    base_url: str
    scopes: tuple[str, ...]
    state: PartnerState
    maintenance: bool
    last_at: datetime | None
    last_ok: bool | None
    waiting: int


@query("partners.list", "对接方一览", roles=READERS)
def list_partners(work: Work, order: None) -> list[PartnerLine]:
    """Return every partner with its state."""
    rows = work.session.exec(work.visible(Partner).order_by(col(Partner.app_id))).all()
    firms = _firms(work, [row.enterprise_id for row in rows if row.enterprise_id])
    waiting = waiting_messages(work)
    return [_line(work, row, firms, waiting) for row in rows]


def waiting_messages(work: Work) -> dict[str, int]:
    """Return how many messages wait for each partner."""
    counted: dict[str, int] = {}
    columns = select(Outgoing.system, Outgoing.operation, Outgoing.business_key)
    for system, operation, key in work.session.exec(columns.where(Outgoing.state == OutgoingState.WAITING)).all():
        if passage_of(system, operation) is not None:
            app_id = addressee_in(key)
            counted[app_id] = counted.get(app_id, 0) + 1
    return counted


def _line(work: Work, row: Partner, firms: dict[UUID, str], waiting: dict[str, int]) -> PartnerLine:
    newest = work.session.exec(
        select(PartnerExchange.at, PartnerExchange.code)
        .where(PartnerExchange.app_id == row.app_id)
        .order_by(col(PartnerExchange.at).desc())
        .limit(1)
    ).first()
    return PartnerLine(
        row.id,
        row.app_id,
        row.label,
        row.kind,
        firms.get(row.enterprise_id, "") if row.enterprise_id else "",
        row.district_code,
        row.base_url,
        tuple(sorted(row.scope_set)),
        row.state,
        row.maintenance,
        newest[0] if newest else None,
        newest[1] == "0" if newest else None,
        waiting.get(row.app_id, 0),
    )


def _firms(work: Work, ids: list[UUID]) -> dict[UUID, str]:
    return dict(work.session.exec(select(Enterprise.id, Enterprise.name).where(col(Enterprise.id).in_(ids))).all())


@dataclass(frozen=True)
class KeyLine:
    """A key of a partner; `in_use` says whether it counts now."""

    id: UUID
    kid: str
    use: KeyUse
    public_key: str
    valid_from: datetime
    valid_to: datetime
    state: PartnerKeyState
    in_use: bool


@dataclass(frozen=True)
class ChangeLine:
    """A proposal; `mine` says that the viewer made it and cannot confirm it."""

    id: UUID
    partner_id: UUID | None
    app_id: str
    kind: ChangeKind
    wanted: dict[str, str]
    state: ChangeState
    proposed_by: str
    proposed_at: datetime
    decided_at: datetime | None
    mine: bool


@dataclass(frozen=True)
class PartnerSheet:
    line: PartnerLine
    networks: str
    maintenance_since: datetime | None
    keys: list[KeyLine]
    changes: list[ChangeLine]


@query("partners.open", "对接方详情", roles=ADMINISTRATORS)
def open_partner(work: Work, partner_id: UUID) -> PartnerSheet:
    """Return a partner with keys, newest first, and its last proposals."""
    row = work.get(Partner, partner_id)
    keys = work.session.exec(
        work.visible(PartnerKey).where(PartnerKey.partner_id == row.id).order_by(col(PartnerKey.valid_from).desc())
    ).all()
    changes = work.session.exec(
        work.visible(PartnerChange)
        .where(PartnerChange.app_id == row.app_id)
        .order_by(col(PartnerChange.proposed_at).desc())
        .limit(20)
    ).all()
    firms = _firms(work, [row.enterprise_id] if row.enterprise_id else [])
    return PartnerSheet(
        _line(work, row, firms, waiting_messages(work)),
        row.networks,
        row.maintenance_since,
        [
            KeyLine(
                key.id,
                key.kid,
                key.use,
                key.public_key,
                key.valid_from,
                key.valid_to,
                key.state,
                key.state is PartnerKeyState.ACTIVE and key.valid_from <= work.at < key.valid_to,
            )
            for key in keys
        ],
        _changes(work, list(changes)),
    )


@query("partners.changes", "待确认的对接方变更", roles=ADMINISTRATORS)
def open_changes(work: Work, order: None) -> list[ChangeLine]:
    """Return what waits for the second hand, oldest first."""
    rows = work.session.exec(
        work.visible(PartnerChange)
        .where(PartnerChange.state == ChangeState.PROPOSED)
        .order_by(col(PartnerChange.proposed_at))
    ).all()
    return _changes(work, list(rows))


def _changes(work: Work, rows: list[PartnerChange]) -> list[ChangeLine]:
    ids = [row.proposed_by for row in rows if row.proposed_by]
    logins = dict(work.session.exec(select(Account.id, Account.login).where(col(Account.id).in_(ids))).all())
    return [
        ChangeLine(
            row.id,
            row.partner_id,
            row.app_id,
            row.kind,
            {name: str(value) for name, value in row.wanted.items()},
            row.state,
            logins.get(row.proposed_by, "") if row.proposed_by else "",
            row.proposed_at,
            row.decided_at,
            row.proposed_by is not None and row.proposed_by == work.caller.account_id,
        )
        for row in rows
    ]
