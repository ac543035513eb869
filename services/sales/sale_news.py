"""Messages of the sale system: permits, opening units and events, each applied once with the state of its units (row 76)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import bindparam
from sqlmodel import col, select

from models.access import Role
from models.building_tables import HouseUnit, NaturalBuilding
from models.planning import RealtyCertificate
from models.postgres import PREPARED
from models.progress import MilestoneCode, MilestoneScope
from models.sales import (
    OpeningMode,
    OpeningUnit,
    PresaleBuilding,
    PresalePermit,
    PresaleStatus,
    SaleAct,
    SaleEvent,
    SaleNews,
    SaleNewsKind,
    SaleReading,
)
from models.sealed import Sealed
from services.engine.alarms import raise_alarm
from services.engine.callers import SYSTEM
from services.engine.door import Door, Gathering
from services.engine.jobs import job, one_by_one, together_or_apart
from services.engine.kinds import SCOPE_KEYS
from services.engine.refusals import Conflict
from services.engine.registry import action
from services.engine.work import Work
from services.ports.sale_system import SALE_NEWS, ToldMessage, ToldNews, ToldOpening, ToldPermit, ToldSale, ToldUnread
from services.projects.milestones import milestone_of
from services.sales.folded_states import refold, refold_all

_KINDS = {ToldPermit: SaleNewsKind.PERMIT, ToldOpening: SaleNewsKind.OPENING, ToldSale: SaleNewsKind.EVENT}
_SHAPES: Mapping[SaleNewsKind, TypeAdapter[Any]] = {kind: TypeAdapter(shape) for shape, kind in _KINDS.items()}
_MESSAGE = TypeAdapter(ToldMessage)
#: So many messages that wait are tried again at once.
_AT_ONCE = 500
_WAITS, _ARRIVAL = col(SaleNews.settled_at).is_(None), (SaleNews.arrived_at, SaleNews.message_no)
# Made once and bound anew: each event asks whether it is known, and the unit and the project it is about.
_KNOWN: Any = select(SaleEvent.id).where(SaleEvent.event_no == bindparam("number")).exists()
_UNIT = (
    select(_KNOWN, HouseUnit.id, NaturalBuilding.project_id)
    .where(NaturalBuilding.id == HouseUnit.natural_building_id, HouseUnit.house_code == bindparam("code"))
    .execution_options(**PREPARED)
)


class NotYet(Conflict):
    """Refuse a message for now: what it refers to is not known yet."""


# Reading


def _place(work: Work) -> str:
    row = work.first(SaleReading)
    return row.reading if row is not None else ""


@action("sales.read_news", "接收销售系统消息", roles={Role.SYSTEM}, event="")
def read_news(work: Work, page: ToldNews) -> None:
    """Apply messages, in one transaction, and note the place from which the next are asked for."""
    row = work.first(SaleReading) or SaleReading()
    if page.messages and receive(work, page.messages):
        try_waiting(work)
    row.reading, row.read_at = page.next, work.now
    work.add(row)


def receive(work: Work, messages: Sequence[ToldMessage]) -> int:
    """Apply messages in their order; returns how many changed something.

    One that cannot be applied yet is kept, one that cannot be read set aside; either is settled where it comes again in order.
    """
    changed, numbers = 0, [one.message_no for one in messages]
    kept = {row.message_no: row for row in work.rows(SaleNews, col(SaleNews.message_no).in_(numbers))}
    for one in messages:
        row = kept.get(one.message_no)
        if isinstance(one.about, ToldUnread):
            kept[one.message_no] = _set_aside(work, row, one, f"不合约定（{one.about.fields}）")
            continue
        try:
            changed += apply(work, one.about, one.sent_at)
        except NotYet as why:
            if row is None or row.kind is SaleNewsKind.ASIDE:
                kept[one.message_no] = _keep(work, row, one, why.message)
            elif row.settled_at is None:
                _tried(work, row, why.message)
        else:
            if row is not None and row.settled_at is None:
                row.settled_at = work.now
                work.add(row)
    return changed


def _keep(work: Work, row: SaleNews | None, message: ToldMessage, problem: str) -> SaleNews:
    """Keep a message until what it refers to is known; `row` is the one that was set aside before."""
    about = message.about
    assert not isinstance(about, ToldUnread)
    kind = _KINDS[type(about)]
    row = row or SaleNews(message_no=message.message_no, arrived_at=message.sent_at)
    row.kind, row.problem, row.settled_at = kind, problem[:200], None
    row.content = Sealed.of_json(_SHAPES[kind].dump_python(about, mode="json"))
    return work.add(row)


def _tried(work: Work, row: SaleNews, problem: str) -> None:
    """Note that a message was tried again in vain, and why."""
    row.tries, row.problem = row.tries + 1, problem[:200]
    work.add(row)


def try_waiting(work: Work) -> int:
    """Try the messages that wait again, permits first; returns how many were applied."""
    rows = work.rows(SaleNews, _WAITS, SaleNews.kind != SaleNewsKind.ASIDE, by=_ARRIVAL, most=_AT_ONCE)
    order = {kind: place for place, kind in enumerate(SaleNewsKind)}
    done = 0
    for row in sorted(rows, key=lambda one: (order[one.kind], one.arrived_at, one.message_no)):
        try:
            apply(work, _SHAPES[row.kind].validate_python(row.content.json()), row.arrived_at)
        except NotYet as why:
            _tried(work, row, why.message)
        else:
            row.settled_at, done = work.now, done + 1
            work.add(row)
    return done


@action("sales.try_news", "重新处理销售系统消息", roles={Role.SYSTEM}, event="")
def try_news(work: Work, order: None) -> int:
    """Try the messages that wait for a building, a permit or an opening unit."""
    return try_waiting(work)


@job("sales.read_news", "接收预售许可、开盘单元和销售事件", every=60)
def read_all(door: Door) -> int:
    pages = 0
    if door.systems.find(SALE_NEWS) is None:
        return pages
    while _read_page(door):
        pages += 1
    return pages


def _read_page(door: Door) -> bool:
    """Apply a page and move on behind it; returns whether there are more. After a crash in between it is read again."""
    place = door.look(SYSTEM, _place)
    page = door.systems.at(SALE_NEWS).news(place).value
    if page is None:
        return False
    together_or_apart(
        page.messages,
        lambda some: door.perform(read_news, SYSTEM, ToldNews(tuple(some), place)),
        lambda one, why: door.perform(set_news_aside, SYSTEM, Failing(one, why)),
    )
    door.perform(read_news, SYSTEM, ToldNews((), page.next))
    return page.more


@job("sales.try_news", "重新处理未能处理的销售消息", at="01:55")
def try_all(door: Door) -> int:
    return door.perform(try_news, SYSTEM, None)


# Set aside


@dataclass(frozen=True)
class Failing:
    """A message whose application failed, and why."""

    message: ToldMessage
    why: str


def _set_aside(work: Work, row: SaleNews | None, message: ToldMessage, problem: str) -> SaleNews:
    """Keep a message as it came and raise an alarm; the others go on. One that was kept before counts as tried again."""
    kept = Sealed.of_json(_MESSAGE.dump_python(message, mode="json"))
    if row is not None:
        if row.kind is SaleNewsKind.ASIDE and row.settled_at is None:
            row.content = kept
            _tried(work, row, problem)
        return row
    words = f"商品房销售系统的消息{message.message_no}{problem}，已另存，其他消息照常处理；请联系对方更正后按原编号重发"
    raise_alarm(work, "UPSTREAM.MESSAGE", words, kind=str(SaleNews.__tablename__), key=SALE_NEWS.name)
    row = SaleNews(message_no=message.message_no, kind=SaleNewsKind.ASIDE, content=kept, arrived_at=message.sent_at)
    row.problem = problem[:200]
    return work.add(row)


@action("sales.set_aside", "另存处理失败的销售消息", roles={Role.SYSTEM}, event="")
def set_news_aside(work: Work, order: Failing) -> None:
    """Set a message aside whose application failed."""
    row = work.first(SaleNews, SaleNews.message_no == order.message.message_no)
    _set_aside(work, row, order.message, f"处理失败（{order.why}）")


def _read_again(gathering: Gathering, row_id: UUID) -> ToldMessage | None:
    content = gathering.look(lambda work: work.get(SaleNews, row_id).content.json())
    message: ToldMessage = _MESSAGE.validate_python(content)
    if isinstance(message.about, ToldUnread):
        return gathering.systems.at(SALE_NEWS).read_again(message.about.raw)
    return message


@action("sales.try_aside", "重新处理另存的销售消息", roles={Role.SYSTEM}, gather=_read_again, event="")
def try_aside(work: Work, row_id: UUID, message: ToldMessage | None) -> bool:
    """Try a message that was set aside; returns whether it could be read."""
    row = work.get(SaleNews, row_id)
    if message is not None:
        # One without a number of its own keeps that of its place.
        receive(work, [replace(message, message_no=row.message_no)])
        return True
    _tried(work, row, row.problem)
    return False


def _aside(work: Work) -> Sequence[UUID]:
    return work.rows(SaleNews.id, _WAITS, SaleNews.kind == SaleNewsKind.ASIDE, by=_ARRIVAL, most=_AT_ONCE)


one_by_one("sales.try_aside", "重新处理另存的销售消息", try_aside, _aside, at="01:50")


# Applying


def apply(work: Work, about: ToldPermit | ToldOpening | ToldSale, at: datetime) -> bool:
    """Apply a message that arrived at a moment; returns whether it changed anything. A repeated one changes nothing."""
    if isinstance(about, ToldPermit):
        return _permit(work, about, at)
    if isinstance(about, ToldOpening):
        return _opening(work, about)
    return _sale(work, about, at)


def _permit(work: Work, told: ToldPermit, at: datetime) -> bool:
    buildings = work.rows(NaturalBuilding, col(NaturalBuilding.natural_building_no).in_(told.buildings))
    known = {row.natural_building_no for row in buildings if row.project_id is not None}
    if missing := [one for one in told.buildings if one not in known]:
        raise NotYet(f"预售许可的楼幢{missing[0]}未关联项目")
    row = work.first(PresalePermit, PresalePermit.permit_no == told.permit_no) if told.permit_no else None
    values: dict[str, Any] = {
        "sales_plan_no": told.plan_no,
        "sets": told.sets,
        "permitted_area": told.permitted_area,
        "status": PresaleStatus.of(told.status),
        "issued_on": told.issued_on,
        "issued_at": told.issued_at,
        "voided_at": told.voided_at,
        **{name: getattr(buildings[0], name) for name in SCOPE_KEYS},
    }
    if row is not None and all(getattr(row, name) == value for name, value in values.items()):
        return False
    if row is None:
        row = PresalePermit(permit_no=told.permit_no, recorded_at=at, **values)
    was_voided = row.voided_at is not None
    for name, value in values.items():
        setattr(row, name, value)
    work.add(row)
    work.session.flush()
    covered = set(work.rows(PresaleBuilding.natural_building_id, PresaleBuilding.presale_permit_id == row.id))
    for one in buildings:
        if one.id not in covered:
            work.add(PresaleBuilding(presale_permit_id=row.id, natural_building_id=one.id))
    counts = row.status is PresaleStatus.ARCHIVED and row.voided_at is None
    _reach(work, row, MilestoneScope.PRESALE_PERMIT, MilestoneCode.M14, row.issued_on if counts else None)
    if row.voided_at is not None or was_voided:
        _refold_buildings(work, [one.id for one in buildings])
    return True


def _refold_buildings(work: Work, ids: Sequence[UUID]) -> None:
    """Fold the units of buildings again whose permit was voided or put back in force."""
    work.session.flush()
    units = work.rows(HouseUnit.id, col(HouseUnit.natural_building_id).in_(list(ids)))
    refold_all(work, sorted(set(work.rows(SaleEvent.house_unit_id, col(SaleEvent.house_unit_id).in_(units))), key=str))


def _opening(work: Work, told: ToldOpening) -> bool:
    permit = _permit_no(work, told.permit_no) if told.permit_no else None
    certificate = _certificate(work, told.certificate_no) if told.certificate_no else None
    units = work.rows(HouseUnit, col(HouseUnit.house_code).in_(told.homes))
    codes = {row.house_code for row in units}
    if missing := [one for one in told.homes if one not in codes]:
        raise NotYet(f"开盘单元的房屋{missing[0]}不在楼盘表中")
    project_id = (permit.project_id if permit is not None else None) or (
        certificate.project_id if certificate is not None else None
    )
    if project_id is None:
        raise NotYet("开盘单元没有对应的预售许可或大产证")
    row = work.first(OpeningUnit, OpeningUnit.opening_code == told.opening_code)
    values: dict[str, Any] = {
        "project_id": project_id,
        "presale_permit_id": permit.id if permit is not None else None,
        "master_certificate_id": certificate.id if certificate is not None else None,
        "mode": OpeningMode.of(told.mode),
        "opened_on": told.opened_on,
        "subscribe_from": told.subscribe_from,
        "subscribe_to": told.subscribe_to,
    }
    same = row is not None and all(getattr(row, name) == value for name, value in values.items())
    if row is None:
        row = OpeningUnit(opening_code=told.opening_code, **values)
    for name, value in values.items():
        setattr(row, name, value)
    work.add(row)
    work.session.flush()
    moved = [unit for unit in units if unit.opening_unit_id != row.id]
    for unit in moved:
        unit.opening_unit_id = row.id
        work.add(unit)
    _reach(work, row, MilestoneScope.OPENING_UNIT, MilestoneCode.M15, row.opened_on)
    return not same or bool(moved)


def _reach(
    work: Work, row: PresalePermit | OpeningUnit, scope: MilestoneScope, code: MilestoneCode, on: date | None
) -> None:
    """Note the day of a permit or an opening as its milestone, or clear it."""
    if row.project_id is None:
        return
    one = milestone_of(work, row.project_id, scope, row.id, code)
    if one.actual_on != on:
        one.actual_on, one.recorded_at = on, work.now if on is not None else None
        one.evidence, one.evidence_id = (str(row.__tablename__), row.id) if on is not None else (None, None)
        work.add(one)


def _sale(work: Work, told: ToldSale, at: datetime) -> bool:
    found = work.session.exec(_UNIT, params={"number": told.event_no, "code": told.house_code}).first()
    known, unit_id, project_id = found or (work.has(SaleEvent, SaleEvent.event_no == told.event_no), None, None)
    if known:
        return False
    if unit_id is None:
        raise NotYet(f"房屋{told.house_code}不在楼盘表中")
    if project_id is None:
        raise NotYet(f"房屋{told.house_code}的楼幢未关联项目")
    act = SaleAct.of(told.act)
    work.add(
        SaleEvent(
            event_no=told.event_no,
            project_id=project_id,
            house_unit_id=unit_id,
            act=act,
            happened_on=told.happened_on,
            recorded_at=at,
            contract_no=told.contract_no,
            gross_area=told.gross_area,
            amount=told.amount,
            ref_id=_basis(work, act, told.basis),
        )
    )
    work.session.flush()
    refold(work, unit_id, project_id)
    return True


def _basis(work: Work, act: SaleAct, basis: str) -> UUID | None:
    """Return what an event names: a listing its permit or certificate, an opening its opening unit."""
    if not basis:
        return None
    if act is SaleAct.OPEN:
        opening = work.first(OpeningUnit.id, OpeningUnit.opening_code == basis)
        if opening is None:
            raise NotYet(f"开盘单元{basis}尚未收到")
        return opening
    permit = work.first(PresalePermit.id, PresalePermit.permit_no == basis)
    return permit if permit is not None else _certificate(work, basis).id


def _permit_no(work: Work, permit_no: str) -> PresalePermit:
    return work.find(
        PresalePermit, PresalePermit.permit_no == permit_no, missing=NotYet(f"预售许可证{permit_no}尚未收到")
    )


def _certificate(work: Work, number: str) -> RealtyCertificate:
    return work.find(
        RealtyCertificate, RealtyCertificate.cert_no == number, missing=NotYet(f"预售许可证或大产证{number}尚未收到")
    )
