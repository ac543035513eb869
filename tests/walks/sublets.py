"""The walk's part for personal sublets: an office what it registered, a district what lies in it or it was notified of."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlmodel import select

from models.access import Role
from models.house import House
from models.sealed import Sealed
from models.sublets import (
    SubletAct,
    SubletAlert,
    SubletAlertDistrict,
    SubletAlertStep,
    SubletPerson,
    SubletUnit,
)
from services.engine.orders import Reasoned
from services.engine.work import Work
from services.sublets.alerts import NoteTalk
from services.sublets.units import JoinDocuments, NoteFirm

_CITY = (Role.CITY_CENTER, Role.CITY_BUREAU, Role.SYSTEM)
_CLERKS = (Role.STREET_CLERK, Role.DISTRICT_CLERK)


def _districts(caller: Any) -> set[str]:
    return {scope.code for scope in caller.scope_of(Role.DISTRICT_BUREAU)}


def _office(caller: Any, row: Any) -> bool:
    return bool(caller.has(*_CLERKS)) and caller.unit_id is not None and row.unit_id == caller.unit_id


def _streets(caller: Any) -> set[str]:
    return {scope.code for scope in caller.scope_of(Role.STREET_CLERK)} - {""}


def _unit(city: Any, caller: Any, row: Any) -> bool:
    near = row.district_code in _districts(caller) or row.street_code in _streets(caller)
    return bool(caller.has(*_CITY)) or _office(caller, row) or near


def _person(city: Any, caller: Any, row: Any) -> bool:
    units = city.where(SubletUnit, "person_id", row.id)
    if {unit.street_code for unit in units} & _streets(caller):
        return True
    seen = bool(caller.has(*_CITY)) or _office(caller, row) or row.district_code in _districts(caller)
    return seen or bool({unit.district_code for unit in units} & _districts(caller))


def _alert(city: Any, caller: Any, alert_id: Any) -> bool:
    told = {one.district_code for one in city.where(SubletAlertDistrict, "alert_id", alert_id)}
    return bool(caller.has(*_CITY)) or bool(told & _districts(caller))


ORACLE: dict[Any, Callable[[Any, Any, Any], bool]] = {
    SubletUnit: _unit,
    SubletPerson: _person,
    SubletAlert: lambda city, caller, row: _alert(city, caller, row.id),
    SubletAlertDistrict: lambda city, caller, row: _alert(city, caller, row.alert_id),
    SubletAlertStep: lambda city, caller, row: _alert(city, caller, row.alert_id),
}

_WORDS = "走查时写明的处理情况和原因"
ORDERS: dict[str, Any] = {
    "sublets.end": (SubletUnit, lambda city, row_id: row_id),
    "sublets.alert": (SubletAlert, lambda city, row_id: row_id),
    "sublets.notice": (SubletAlert, lambda city, row_id: row_id),
    "sublets.handle": (SubletAlert, lambda city, row_id: row_id),
    "sublets.note_talk": (SubletAlert, lambda city, row_id: NoteTalk(row_id, False, _WORDS)),
    "sublets.close": (SubletAlert, lambda city, row_id: Reasoned(row_id, _WORDS)),
    "sublets.join": (SubletPerson, lambda city, row_id: JoinDocuments(row_id, "310101199901010018", _WORDS)),
    "sublets.note_firm": (SubletPerson, lambda city, row_id: NoteFirm(row_id, "91310115MA1K000016")),
}
UNFOREIGN: dict[str, str] = {"sublets.recount": "the system's own"}


def furnish(city: Any) -> None:
    """Four persons, in two districts, each registered by an office there, each with an alert."""
    city.counter.world.act(lambda work: _furnish(work, city))


def _furnish(work: Work, city: Any) -> None:
    for number, (login, filed) in enumerate(city.filed.items()):
        house = work.session.exec(select(House).where(House.house_code == filed.flat.code)).one()
        office = city.callers[login].unit_id
        person = SubletPerson(
            name=Sealed.of("走查甲"),
            id_type="31",
            id_no=Sealed.of(f"WALK{number:05d}"),
            district_code=house.district_code,
            unit_id=office,
            units=11,
        )
        alert = SubletAlert(person_id=person.id, units=11, threshold=10, opened_at=work.now)
        work.add(person)
        work.add(alert)
        work.add(
            SubletUnit(
                person_id=person.id,
                house_id=house.id,
                part="*",
                head_from=date(2027, 1, 1),
                head_to=date(2028, 1, 1),
                district_code=house.district_code,
                street_code=house.street_code,
                unit_id=office,
            )
        )
        work.add(SubletAlertDistrict(alert_id=alert.id, district_code=house.district_code, main=True, units=11))
        work.add(SubletAlertStep(alert_id=alert.id, act=SubletAct.OPENED, at=work.now, units=11))
