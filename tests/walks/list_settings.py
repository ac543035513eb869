"""The walk's part for saved filters and column layouts: each user his own, and what his office shares."""

from typing import Any

from models.list_settings import ListLayout, SavedFilter
from models.sealed import Sealed
from services.engine.work import Work


def _own(city: Any, caller: Any, row: Any) -> bool:
    return caller.account_id is not None and row.account_id == caller.account_id


def _own_or_shared(city: Any, caller: Any, row: Any) -> bool:
    shared = row.unit_id is not None and row.unit_id == caller.unit_id
    return _own(city, caller, row) or shared


ORACLE: dict[Any, Any] = {SavedFilter: _own_or_shared, ListLayout: _own}
ORDERS: dict[str, Any] = {"lists.drop_filter": (SavedFilter, lambda city, row_id: row_id)}
UNFOREIGN: dict[str, str] = {}


def furnish(city: Any) -> None:
    """Four clerks set up a list, every second of them for the office."""
    clerks = [city.counter.clerk(login) for login in ("huamu01", "longhua01", "pudong01", "xuhui01")]

    def set_up(work: Work) -> None:
        for number, clerk in enumerate(clerks):
            unit = clerk.unit_id if number % 2 else None
            filters = Sealed.of_json({"state": "DONE"})
            work.add(
                SavedFilter(listing="cases", title="走查", account_id=clerk.account_id, unit_id=unit, filters=filters)
            )
            work.add(ListLayout(listing="cases", account_id=clerk.account_id, columns=[{"key": "state", "width": 0}]))

    city.counter.world.act(set_up)
