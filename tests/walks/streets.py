"""The walk's part for links of street users: the city all, a district those of its streets, a user the own ones."""

from collections.abc import Callable
from datetime import date
from typing import Any

from models.access import Role
from models.streets import LinkDuty, StreetChange, StreetChangeKind, StreetChoice, StreetLink
from services.engine.orders import OneRow, Reasoned
from services.engine.work import Work
from services.streets.links import ChangeLink

_CITY = (Role.CITY_CENTER, Role.CITY_BUREAU, Role.SYSTEM)
_STAFF = (*_CITY, Role.DISTRICT_BUREAU, Role.STREET_CLERK, Role.DISTRICT_CLERK)


def _own(caller: Any, row: Any) -> bool:
    return caller.account_id is not None and row.account_id == caller.account_id


def _link(city: Any, caller: Any, row: Any) -> bool:
    districts = {scope.code for scope in caller.scope_of(Role.DISTRICT_BUREAU)}
    return bool(caller.has(*_CITY)) or row.district_code in districts or _own(caller, row)


ORACLE: dict[Any, Callable[[Any, Any, Any], bool]] = {
    StreetLink: _link,
    StreetChoice: lambda city, caller, row: _own(caller, row),
    StreetChange: lambda city, caller, row: bool(caller.has(*_STAFF)),
}

_WORDS = "走查时写明的调整原因"
ORDERS: dict[str, Any] = {
    "streets.change_link": (
        StreetLink,
        lambda city, row_id: ChangeLink(row_id, LinkDuty.READ, None, False, _WORDS),
    ),
    "streets.make_main": (StreetLink, lambda city, row_id: OneRow(row_id)),
    "streets.end_link": (StreetLink, lambda city, row_id: Reasoned(row_id, _WORDS)),
}
UNFOREIGN: dict[str, str] = {
    "streets.drop_change": "the city's, who sees every change",
    "streets.turn": "the system's own",
    "streets.adopt": "the system's own",
    "streets.choose": "names a street, not a row; another's street is tried in test_row_50",
}


def furnish(city: Any) -> None:
    """Links came with the offices; changes of streets and choices of sessions come here."""
    city.counter.world.act(lambda work: _furnish(work, city))


def _furnish(work: Work, city: Any) -> None:
    for number, login in enumerate(("huamu01", "huamu02", "longhua01", "pudong01")):
        account = city.callers[login].account_id
        work.add(StreetChoice(account_id=account, session_digest=f"walk{number}", street_code="310115005"))
        work.add(
            StreetChange(
                old_code=f"31011599{number}",
                old_name=f"走查{number}镇",
                district_code="310115",
                change=StreetChangeKind.RENAMED,
                new_code="310115005",
                new_name="花木街道",
                effective=date(2029, 1, 1),
            )
        )
        work.add(
            StreetLink(
                account_id=account,
                district_code="310104",
                street_code="310104011",
                valid_from=date(2029, 1, 1),
                valid_to=date(2029, 2, 1),
            )
        )
