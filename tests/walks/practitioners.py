"""The walk's part for practitioners, cards, applications, tasks and brands: firm, its record's district, the city (rows 38-44)."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from models.access import Role
from models.columns import new_id
from models.enterprise import Enterprise, EnterpriseKind, RecordState
from models.practitioner_codes import (
    ApplyChannel,
    ApplyKind,
    ApplyState,
    BrandState,
    CardState,
    TaskKind,
)
from models.practitioners import Brand, CardApply, CardTask, InfoCard, Portrait, Practitioner
from models.sealed import Sealed
from services.engine.orders import OneRow
from services.engine.work import Work
from services.practitioners.card_past import CardOnDay
from services.practitioners.orders import CancelAtWindow, Told

_CITY = (Role.CITY_CENTER, Role.CITY_BUREAU, Role.SYSTEM)
_FIRM = (Role.ENTERPRISE_USER, Role.ENTERPRISE_ADMIN)
_AT = datetime(2027, 2, 1, tzinfo=UTC)


def _districts(caller: Any, *roles: Role) -> set[str]:
    return {scope.code for scope in caller.scope_of(*roles) if scope.code}


def _record_district(city: Any, enterprise_id: UUID | None) -> str:
    return next((firm.district_code for firm in city.where(Enterprise, "id", enterprise_id)), "")


def _own(caller: Any, row: Any) -> bool:
    return bool(caller.has(*_FIRM)) and caller.enterprise_id is not None and row.enterprise_id == caller.enterprise_id


def _bureau(city: Any, caller: Any, row: Any) -> bool:
    return _record_district(city, row.enterprise_id) in _districts(caller, Role.DISTRICT_BUREAU)


def _row(city: Any, caller: Any, row: Any) -> bool:
    return bool(caller.has(*_CITY)) or _own(caller, row) or _bureau(city, caller, row)


def _apply(city: Any, caller: Any, row: Any) -> bool:
    offices = _districts(caller, Role.DISTRICT_CLERK, Role.DISTRICT_BUREAU)
    at_window = row.channel is ApplyChannel.WINDOW and row.district_code in offices
    return _row(city, caller, row) or at_window


def _task(city: Any, caller: Any, row: Any) -> bool:
    if row.enterprise_id is None:
        return bool(caller.has(*_CITY)) or row.district_code in _districts(caller, Role.DISTRICT_BUREAU)
    objection = _own(caller, row) and row.kind is TaskKind.DISPUTE
    return bool(caller.has(*_CITY)) or _bureau(city, caller, row) or objection


ORACLE: dict[Any, Any] = {
    Practitioner: _row,
    Portrait: _row,
    InfoCard: _row,
    CardApply: _apply,
    CardTask: _task,
    Brand: _row,
}

_REASON = "核查情况已经清楚"
ORDERS: dict[str, Any] = {
    "practitioners.take": (CardApply, lambda city, row_id: OneRow(row_id)),
    "practitioners.release": (CardApply, lambda city, row_id: OneRow(row_id)),
    "practitioners.pass": (CardApply, lambda city, row_id: Told(row_id)),
    "practitioners.preview_card": (CardApply, lambda city, row_id: Told(row_id)),
    "practitioners.return": (CardApply, lambda city, row_id: Told(row_id, _REASON)),
    "practitioners.inspection_undo": (CardApply, lambda city, row_id: OneRow(row_id)),
    "practitioners.inspection_undo_left": (CardApply, lambda city, row_id: row_id),
    "practitioners.check_again": (CardApply, lambda city, row_id: OneRow(row_id)),
    "practitioners.sheet": (CardApply, lambda city, row_id: row_id),
    "practitioners.window_confirm": (CardApply, lambda city, row_id: Told(row_id)),
    "practitioners.window_return": (CardApply, lambda city, row_id: Told(row_id, _REASON)),
    "practitioners.window_cancel": (
        InfoCard,
        lambda city, row_id: CancelAtWindow(row_id, "无名", "11", "310101199003070017"),
    ),
    "practitioners.portrait": (Portrait, lambda city, row_id: row_id),
    "practitioners.card_past": (InfoCard, lambda city, row_id: CardOnDay(row_id, date(2027, 3, 1))),
    "practitioners.suspend": (InfoCard, lambda city, row_id: Told(row_id, _REASON)),
    "practitioners.resume": (InfoCard, lambda city, row_id: Told(row_id, _REASON)),
    "practitioners.task": (CardTask, lambda city, row_id: row_id),
    "practitioners.task_confirm": (CardTask, lambda city, row_id: Told(row_id, _REASON)),
    "practitioners.task_lift": (CardTask, lambda city, row_id: Told(row_id, _REASON)),
    "practitioners.task_close": (CardTask, lambda city, row_id: Told(row_id, _REASON)),
    "practitioners.task_undo": (CardTask, lambda city, row_id: OneRow(row_id)),
    "practitioners.task_undo_left": (CardTask, lambda city, row_id: row_id),
    "practitioners.brand_take": (Brand, lambda city, row_id: OneRow(row_id)),
    "practitioners.brand_release": (Brand, lambda city, row_id: OneRow(row_id)),
    "practitioners.brand_approve": (Brand, lambda city, row_id: Told(row_id)),
    "practitioners.brand_return": (Brand, lambda city, row_id: Told(row_id, _REASON)),
    "practitioners.brand_undo": (Brand, lambda city, row_id: OneRow(row_id)),
    "practitioners.brand_undo_left": (Brand, lambda city, row_id: row_id),
    "practitioners.brand_open": (Brand, lambda city, row_id: row_id),
    "practitioners.brand_logo": (Brand, lambda city, row_id: row_id),
}

_FIRMS = "firms' only, tried as another firm in tests/services/practitioners/desks"
UNFOREIGN: dict[str, str] = {
    "practitioners.apply": _FIRMS,
    "practitioners.apply_many": _FIRMS,
    "practitioners.would_pass": _FIRMS,
    "practitioners.doubles": _FIRMS,
    "practitioners.withdraw": _FIRMS,
    "practitioners.activate": _FIRMS,
    "practitioners.leave": _FIRMS,
    "practitioners.dispute": _FIRMS,
    "practitioners.brand": _FIRMS,
    "practitioners.brand_withdraw": _FIRMS,
    "practitioners.recheck": "the system's own",
    "practitioners.look_at_unseen": "the system's own",
}


def furnish(city: Any) -> None:
    """Two firms with users and two of another district, each with people, cards, applications, tasks and brands."""
    city.counter.world.act(lambda work: _furnish(work, city.firms))


def _furnish(work: Work, firms: tuple[UUID, UUID]) -> None:
    others = []
    for number in range(2):
        firm = Enterprise(
            name=f"走查从业企业{number}",
            kind=EnterpriseKind.RENTAL,
            uscc=f"91310104WALKPR0{number:02d}X",
            record_state=RecordState.RECORDED,
            district_code="310104",
        )
        work.add(firm)
        others.append(firm.id)
    for number, firm_id in enumerate((*firms, *others)):
        _of_firm(work, firm_id, number, "310115" if number < 2 else "310104")
    for district in ("310115", "310104"):
        work.add(_task_row(None, district, TaskKind.REPORT))


def _of_firm(work: Work, firm_id: UUID, number: int, district: str) -> None:
    place: dict[str, Any] = {"district_code": district}
    id_no = f"WALK{number:04d}"
    person = Practitioner(enterprise_id=firm_id, name=Sealed.of("走查人"), id_no=Sealed.of(id_no), **place)
    work.add(person)
    work.add(
        Portrait(id=new_id(), enterprise_id=firm_id, digest="00" * 32, width=1, height=1, content=b"", kept_at=_AT)
    )
    card = InfoCard(
        card_no=f"SHWALK{number}",
        enterprise_id=firm_id,
        practitioner_id=person.id,
        name=Sealed.of("走查人"),
        id_no=Sealed.of(id_no),
        live=1,
        state=CardState.ACTIVE,
    )
    work.add(card)
    for channel, kind in ((ApplyChannel.FIRM, ApplyKind.NEW), (ApplyChannel.WINDOW, ApplyKind.CANCEL)):
        # The window that took it in lies in the other district.
        taken_in = {"310115": "310104", "310104": "310115"}[district] if channel is ApplyChannel.WINDOW else district
        work.add(
            CardApply(
                apply_no=f"SQWALK{number}{channel}",
                kind=kind,
                channel=channel,
                enterprise_id=firm_id,
                card_id=card.id if kind is ApplyKind.CANCEL else None,
                id_no=Sealed.of(id_no),
                name=Sealed.of("走查人"),
                submitted_by=uuid4(),
                district_code=taken_in,
                state=ApplyState.INSPECTING,
            )
        )
    for task in (TaskKind.DISPUTE, TaskKind.BLACKLIST):
        work.add(_task_row(firm_id, district, task))
    work.add(
        Brand(
            enterprise_id=firm_id,
            short_name=f"走查{number}",
            logo_digest="00" * 32,
            logo_side=1,
            logo=b"",
            state=BrandState.SUBMITTED,
            **place,
        )
    )


def _task_row(firm_id: UUID | None, district: str, kind: TaskKind) -> CardTask:
    return CardTask(kind=kind, enterprise_id=firm_id, detail=Sealed.of_json({}), raised_at=_AT, district_code=district)
