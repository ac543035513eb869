"""The walk's part for the association's integrity platform: the city sees the ledger, nobody else does."""

from collections.abc import Callable
from typing import Any

from models.access import Role
from models.association import AssociationEvent, CardEventKind, EventState, EventWay
from services.engine.work import Work

CITY = {Role.CITY_CENTER, Role.CITY_BUREAU}

ORACLE: dict[Any, Callable[[Any, Any, Any], bool]] = {
    AssociationEvent: lambda city, caller, row: bool(caller.has(*CITY, Role.SYSTEM)),
}
ORDERS: dict[str, Any] = {}
UNFOREIGN: dict[str, str] = {
    "practitioners.assoc_work_off": "the system's own",
    "practitioners.assoc_event": "the city's alone, to whom no event is foreign: tried with row 46",
}


def furnish(city: Any) -> None:
    """An event each way in two districts, and one of a firm nobody knows."""
    city.counter.world.act(_furnish)


def _furnish(work: Work) -> None:
    told = (("310115", EventWay.IN), ("310104", EventWay.IN), ("", EventWay.IN), ("310115", EventWay.OUT))
    for number, (district, way) in enumerate(told):
        work.add(
            AssociationEvent(
                app_id="broker-assoc",
                way=way,
                event_no=f"走查{number}",
                kind=CardEventKind.CANCELLED,
                event_at=work.now,
                received_at=work.now,
                district_code=district,
                street_code=f"{district}005" if district else "",
                state=EventState.UNKNOWN,
            )
        )
