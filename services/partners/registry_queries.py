"""The registry as its keepers see it: partners, their keys, what is proposed, and what waits for them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, or_, select

from models.access import Account
from models.codes import Code, Toned
from models.engine import Outgoing, OutgoingState
from models.enterprise import Enterprise
from models.name_search import holds_text
from models.partners import (
    ChangeState,
    Partner,
    PartnerChange,
    PartnerExchange,
    PartnerKey,
    PartnerKeyState,
    PartnerKind,
    PartnerRight,
    PartnerState,
)
from models.places_data import district
from services.engine.list_pages import lines_of
from services.engine.listings import Column, Line, Listing, choice, listed
from services.engine.look_ups import values_by
from services.engine.refusals import Rejected
from services.engine.registry import query
from services.engine.search_terms import search_word
from services.engine.work import Work
from services.partners.outgoing import addressee_in, passage_of
from services.partners.registry import ADMINISTRATORS, READERS


def waiting_messages(work: Work) -> dict[str, int]:
    """Return how many messages wait for each partner."""
    counted: dict[str, int] = {}
    columns = select(Outgoing.system, Outgoing.operation, Outgoing.business_key)
    for system, operation, key in work.session.exec(columns.where(Outgoing.state == OutgoingState.WAITING)).all():
        if passage_of(system, operation) is not None:
            app_id = addressee_in(key)
            counted[app_id] = counted.get(app_id, 0) + 1
    return counted


def _cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    firms = values_by(work, Enterprise.id, Enterprise.name, (row.enterprise_id for row in rows))
    waiting = waiting_messages(work)
    newest = _newest(work, [row.app_id for row in rows])

    def last(row: Partner) -> str:
        _, code = newest.get(row.app_id, (None, None))
        return "" if code is None else Toned("成功", "good") if code == "0" else Toned("失败", "bad")

    return {
        "owner": lambda row: firms.get(row.enterprise_id) or area_name(row.district_code),
        "last": last,
        "last_at": lambda row: newest.get(row.app_id, (None, None))[0],
        "waiting": lambda row: waiting.get(row.app_id, 0),
    }


def _newest(work: Work, app_ids: Sequence[str]) -> Mapping[str, tuple[datetime, str]]:
    """Time and code of the newest exchange of each partner, in one question for all."""
    # Equal app ids would let PostgreSQL seek by time alone, through the whole log for a partner that never came.
    log: Any = PartnerExchange.__table__  # type: ignore[attr-defined]
    key = (log.c.app_id, log.c.at)
    end = sa.literal(work.now + timedelta(days=1), log.c.at.type)
    newest = (
        select(PartnerExchange.id)
        .where(sa.tuple_(*key) < sa.tuple_(col(Partner.app_id), end))
        .order_by(*(column.desc() for column in key))
        .limit(1)
        .correlate(Partner)
        .scalar_subquery()
    )
    found = (
        select(Partner.app_id, PartnerExchange.app_id, PartnerExchange.at, PartnerExchange.code)
        .join(PartnerExchange, col(PartnerExchange.id) == newest)
        .where(col(Partner.app_id).in_(app_ids))
    )
    # For a partner that never came the index gives one of another.
    return {app_id: (at, code) for app_id, whose, at, code in work.session.exec(found).all() if whose == app_id}


def area_name(code: str) -> str:
    """The name of a district by its code."""
    found = district(code)
    return found.name if found is not None else code


def right_names(scopes: str) -> str:
    """Return the Chinese names of rights; one that no endpoint asks for any more is named as it was given."""
    known = {str(one): str(one.label) for one in PartnerRight}
    return "、".join(known.get(one, one) for one in scopes.split(",") if one)


def _standing(row: Partner) -> Code | str:
    """Maintenance is a state of its own to those who look."""
    return Toned("维护中", "warn") if row.maintenance and row.state is PartnerState.ACTIVE else row.state


PARTNERS = listed(
    Listing(
        name="partners",
        label="对接方",
        roles=READERS,
        table=Partner,
        columns=(
            Column("app_id", "应用标识", sortable=True, width=150),
            Column("label", "名称"),
            Column("kind", "类别", width=90),
            Column("owner", "企业或区", width=160),
            Column("standing", "状态", _standing, width=76),
            Column("last", "最近交换", width=76),
            Column("last_at", "时间", width=126),
            Column("waiting", "待发", number=True, width=52),
            Column("base_url", "接口基址", shown=False),
            Column("rights", "接口权限", lambda row: right_names(row.scopes), shown=False),
        ),
        filters=(choice("kind", "类别", Partner.kind, PartnerKind),),
        sort="app_id",
        look_up=_cells,
        also=("state", "maintenance", "district_code", "scopes"),
        exporters=frozenset(),
        empty="还没有登记对接方",
    )
)


@dataclass(frozen=True)
class PartnerSheet:
    """A partner; keys and proposals are for its administrators."""

    line: Line
    networks: str = ""
    maintenance_since: datetime | None = None
    keys: tuple[Line, ...] = ()
    changes: tuple[Line, ...] = ()


@query("partners.open", "对接方详情", roles=READERS)
def open_partner(work: Work, partner_id: UUID) -> PartnerSheet:
    """Return a partner, to an administrator with its keys, newest first, and its last proposals."""
    row = work.get(Partner, partner_id)
    line = lines_of(work, PARTNERS, [row])[0]
    if not work.caller.has(*ADMINISTRATORS):
        return PartnerSheet(line)
    keys = work.rows(work.visible(PartnerKey), PartnerKey.partner_id == row.id, by=col(PartnerKey.valid_from).desc())
    changes = work.rows(
        work.visible(PartnerChange),
        PartnerChange.app_id == row.app_id,
        by=col(PartnerChange.proposed_at).desc(),
        most=20,
    )
    return PartnerSheet(
        line, row.networks, row.maintenance_since, tuple(_key(work, key) for key in keys), _changes(work, changes)
    )


_OF_KEY = ("id", "kid", "use", "public_key", "valid_from", "valid_to", "state")
_OF_CHANGE = ("id", "partner_id", "app_id", "kind", "state", "proposed_at", "decided_at")


def _key(work: Work, key: PartnerKey) -> Line:
    """A key of a partner; `in_use` says whether it counts now."""
    in_use = key.state is PartnerKeyState.ACTIVE and key.valid_from <= work.at < key.valid_to
    return Line(**{name: getattr(key, name) for name in _OF_KEY}, in_use=in_use)


@query("partners.changes", "待确认的对接方变更", roles=ADMINISTRATORS)
def open_changes(work: Work, order: None) -> tuple[Line, ...]:
    """Return what waits for the second hand, oldest first."""
    rows = work.rows(
        work.visible(PartnerChange), PartnerChange.state == ChangeState.PROPOSED, by=PartnerChange.proposed_at
    )
    return _changes(work, rows)


def _changes(work: Work, rows: Sequence[PartnerChange]) -> tuple[Line, ...]:
    """Proposals; `mine` says that the viewer made it and cannot confirm it."""
    logins = values_by(work, Account.id, Account.login, (row.proposed_by for row in rows))
    named = [UUID(firm) for row in rows if (firm := row.wanted.get("enterprise_id"))]
    firms = {row.id.hex: firm_words(row) for row in _firms(work, col(Enterprise.id).in_(named))}
    return tuple(
        Line(
            **{name: getattr(row, name) for name in _OF_CHANGE},
            wanted={name: str(value) for name, value in row.wanted.items()},
            firm=firms.get(row.wanted.get("enterprise_id") or "", ""),
            proposed_by=logins.get(row.proposed_by, ""),
            mine=row.proposed_by is not None and row.proposed_by == work.caller.account_id,
        )
        for row in rows
    )


_MOST_FIRMS = 30


@query("partners.firms", "查找企业", roles=ADMINISTRATORS)
def find_firms(work: Work, text: str) -> dict[str, str]:
    """Up to thirty firms by id whose name holds the word, or the one of this credit code."""
    word = search_word(text)
    if len(word) < 2:
        raise Rejected("请至少输入2个字")
    named = or_(holds_text(word, Enterprise.name), Enterprise.uscc == word.upper())
    return {str(row.id): firm_words(row) for row in _firms(work, named)}


def _firms(work: Work, where: Any) -> Sequence[Enterprise]:
    return work.rows(Enterprise, where, by=Enterprise.name, most=_MOST_FIRMS)


def firm_words(firm: Enterprise) -> str:
    """A firm as its name with its credit code."""
    return f"{firm.name}（{firm.uscc}）"
