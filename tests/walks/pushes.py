"""The walk's part for pushes and stays: each sender what it sent, each district its own, the city all."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from models.access import Role, ScopeKind
from models.enterprise import Enterprise, EnterpriseKind, RecordState
from models.push_codes import BatchState, DifferenceKind, MoveOutState, PushState, StayState
from models.pushes import BrokerBatch, BrokerPush, CheckIn, MoveOut, OccupiedList, StayDifference
from models.rooms import CentralProject, ProjectKind
from services.engine.callers import Caller, Scope
from services.engine.work import Work

CITY = {Role.CITY_CENTER, Role.CITY_BUREAU}
FIRM = {Role.ENTERPRISE_USER, Role.ENTERPRISE_ADMIN}
APPS = ("broker-assoc", "other-assoc", "district-310115", "district-310104")


def _everything(caller: Any) -> bool:
    return bool(caller.has(*CITY, Role.SYSTEM))


def _district(caller: Any, row: Any) -> bool:
    return row.district_code in {scope.code for scope in caller.scope_of(Role.DISTRICT_BUREAU)}


def _sender(caller: Any, row: Any) -> bool:
    return bool(caller.has(Role.PARTNER)) and row.app_id == caller.name


def _firm(caller: Any, row: Any) -> bool:
    return bool(caller.has(*FIRM)) and caller.enterprise_id is not None and row.enterprise_id == caller.enterprise_id


def _push(city: Any, caller: Any, row: Any) -> bool:
    return _everything(caller) or _sender(caller, row) or _district(caller, row) or _firm(caller, row)


ORACLE: dict[Any, Callable[[Any, Any, Any], bool]] = {
    BrokerBatch: lambda city, caller, row: _everything(caller) or _sender(caller, row),
    BrokerPush: _push,
    CheckIn: _push,
    MoveOut: lambda city, caller, row: _everything(caller) or _sender(caller, row) or _district(caller, row),
    OccupiedList: lambda city, caller, row: _everything(caller) or _sender(caller, row) or _district(caller, row),
    StayDifference: lambda city, caller, row: _everything(caller) or _district(caller, row),
}


ORDERS: dict[str, Any] = {}
UNFOREIGN: dict[str, str] = {
    "broker_pushes.file_items": "a partner's: tried with row 13",
    "check_ins.admit": "the system's own",
    "check_ins.reconcile": "the system's own",
}


def furnish(city: Any) -> None:
    """Two senders of each kind with rows in two districts, of both firms."""
    for app in APPS:
        scope = Scope(Role.PARTNER, ScopeKind.ORGANISATION, app)
        district = app.removeprefix("district-") if app.startswith("district-") else ""
        city.callers[f"partner.{app}"] = Caller(app, (scope,), district_code=district)
    city.counter.world.act(lambda work: _furnish(work, city.firms))


def _furnish(work: Work, firms: tuple[UUID, UUID]) -> None:
    for number, district in enumerate(("310115", "310104")):
        street, firm = f"{district}005", firms[number]
        operator = Enterprise(
            name=f"走查运营{number}",
            kind=EnterpriseKind.RENTAL,
            uscc=f"91310115WALK0000{number}X",
            record_state=RecordState.RECORDED,
            district_code=district,
            street_code=street,
        )
        project = CentralProject(
            project_no=f"XMWALK{number}",
            name="走查项目",
            kind=ProjectKind.MARKET,
            enterprise_id=operator.id,
            district_code=district,
            street_code=street,
        )
        work.add(operator)
        work.add(project)
        for turn, app in enumerate(APPS[:2]):
            _pushed(work, app, f"走查{number}{turn}", district, street, firm)
        for turn, app in enumerate(APPS[2:]):
            _stayed(work, app, f"{number}{turn}", project, firm)


def _pushed(work: Work, app: str, name: str, district: str, street: str, firm: UUID) -> None:
    batch = BrokerBatch(
        app_id=app, batch_no=name, fingerprint="", received_at=work.now, total=1, state=BatchState.ANSWERED
    )
    work.add(batch)
    work.add(
        BrokerPush(
            app_id=app,
            batch_id=batch.id,
            position=1,
            member_uscc="91310104MA7A000029",
            enterprise_id=firm,
            own_no=name,
            fingerprint="",
            received_at=work.now,
            month="2027-03",
            district_code=district,
            street_code=street,
            state=PushState.REFUSED,
        )
    )


def _stayed(work: Work, app: str, name: str, project: CentralProject, firm: UUID) -> None:
    place: dict[str, Any] = {"district_code": project.district_code, "street_code": project.street_code}
    day = date(2027, 3, 1)
    work.add(
        CheckIn(
            app_id=app,
            checkin_no=f"RZW{name}",
            fingerprint="",
            operator_uscc="91310115WALK00000X",
            enterprise_id=firm,
            project_id=project.id,
            project_no=project.project_no,
            room_no="0101",
            start=day,
            end=date(2028, 2, 29),
            checked_in_at=work.now,
            received_at=work.now,
            month="2027-03",
            state=StayState.REFUSED,
            **place,
        )
    )
    work.add(
        MoveOut(
            app_id=app,
            checkout_no=f"TZW{name}",
            fingerprint="",
            checkin_no=f"RZW{name}",
            project_id=project.id,
            project_no=project.project_no,
            room_no="0101",
            left_on=day,
            received_at=work.now,
            month="2027-03",
            state=MoveOutState.REFUSED,
            **place,
        )
    )
    listed = OccupiedList(
        app_id=app, project_id=project.id, as_of=day.replace(day=1 + int(name)), received_at=work.now, rooms=[], **place
    )
    work.add(listed)
    work.add(
        StayDifference(
            project_id=project.id,
            kind=DifferenceKind.NOT_FILED,
            room_no=f"01{name}",
            found_on=day,
            **place,
        )
    )
