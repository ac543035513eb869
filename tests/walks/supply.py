"""The walk's part for supply: sums by the project's keys, closings for every reader (row 83)."""

from typing import Any

from models.access import AUTHORITY, CITY_AUTHORITY, Role, ScopeKind
from models.columns import new_id
from models.projects import Project
from models.supply import DoubtCode, SupplyClosing, SupplyDay, SupplyDoubt, SupplyMonth, SupplyProject, SupplySum
from services.engine.work import Work
from services.supply.facts import Type
from services.supply.stages import Stage
from services.supply.sums import SumsOf
from services.supply.visibility import READERS
from tests.walks.kinds import DISTRICTS


def _sums(city: Any, caller: Any, row: Any) -> bool:
    """The city sees all, a district its own, a head company none of these rows, which are of no project."""
    if caller.has(Role.SYSTEM):
        return True
    # The word of a district over the whole city is none, as in tests/walks/kinds.py.
    if any(one.kind is ScopeKind.CITY for one in caller.scope_of(*CITY_AUTHORITY, Role.ANALYST)):
        return True
    return any(
        (one.kind is ScopeKind.DISTRICT and one.code == row.district_code)
        for one in caller.scope_of(*AUTHORITY, Role.ANALYST)
    )


ORACLE: dict[Any, Any] = {
    SupplyDay: _sums,
    SupplyMonth: _sums,
    SupplySum: _sums,
    SupplyDoubt: _sums,
    SupplyProject: lambda city, caller, row: caller.has(Role.SYSTEM),
    SupplyClosing: lambda city, caller, row: caller.has(*READERS),
}
# Reports take an address's words: foreign ones are tried in tests/services/supply/test_report_views.py.
ORDERS: dict[str, Any] = {"supply.sums": (Project, lambda city, row_id: SumsOf(row_id))}
UNFOREIGN: dict[str, str] = dict.fromkeys(
    ("supply.close", "supply.check_closed", "supply.check", "supply.check_coarse", "supply.rebuild_stale"),
    "the system's own, which sees all",
)


def furnish(city: Any) -> None:
    """Sums and a doubt a side, and a closing."""
    city.counter.world.act(_furnish)


def _furnish(work: Work) -> None:
    for side in (0, 1, 0, 1):
        about: dict[str, Any] = {"district_code": DISTRICTS[side], "property_type": Type.HOUSING.value}
        work.add(SupplyMonth(month=24000, item=Stage.LAND.value, area=1, **about))
        work.add(SupplySum(grain="DISTRICT", month=24000, item=Stage.LAND.value, area=1, **about))
        work.add(SupplyDay(day=work.today, item=Stage.LAND.value, area=1, **about))
        doubt = DoubtCode.PLATE_MISSING
        work.add(SupplyDoubt(district_code=DISTRICTS[side], doubt=doubt, entity="parcel", subject_id=new_id()))
        work.add(SupplyProject(id=new_id(), stale=False))
    for month in range(24000, 24004):
        work.add(SupplyClosing(month=month, version_no="20000106-1", closed_at=work.now, digest="0" * 64))
