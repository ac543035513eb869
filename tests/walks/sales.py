"""The walk's part for sales plans, states of units and what the sale system says (row 76)."""

from datetime import UTC, datetime
from typing import Any

from models.access import CITY_AUTHORITY, Role
from models.building_tables import HouseUnit, NaturalBuilding
from models.columns import new_id
from models.projects import Project
from models.records import Revision
from models.sales import SaleNews, SaleNewsKind, SaleReading, UnitSale
from models.sales_plans import PlanNumber, SaleKind, SalesPlan
from models.sealed import Sealed
from services.engine.orders import OneRow
from services.engine.work import Work
from services.sales.made_plan import AskBuildings, DraftPlan, TickBuildings
from services.sales.plan_prices import PriceSheet, ReadPrices
from tests.walks.kinds import ORACLE as OF_KINDS
from tests.walks.units import _with

_AT = datetime(2027, 2, 1, tzinfo=UTC)


def _city(city: Any, caller: Any, row: Any) -> bool:
    return bool(caller.has(Role.SYSTEM, *CITY_AUTHORITY))


def _plan(city: Any, caller: Any, row: Any) -> bool:
    plan = next(iter(city.where(SalesPlan, "id", row.record_id)), None)
    return plan is not None and bool(OF_KINDS[SalesPlan](city, caller, plan))


ORACLE: dict[Any, Any] = {
    PlanNumber: _plan,
    UnitSale: _with(HouseUnit, "house_unit_id"),
    SaleNews: _city,
    SaleReading: _city,
}
ORDERS: dict[str, Any] = {
    "sales_plans.buildings": (Project, lambda city, row_id: AskBuildings(row_id)),
    "sales_plans.draft": (Project, lambda city, row_id: DraftPlan(row_id, SaleKind.PRESALE, ("W0",))),
    "sales_plans.tick": (Revision, lambda city, row_id: TickBuildings(row_id, 1, SaleKind.PRESALE, ("W0",))),
    "sales_plans.settings": (Revision, lambda city, row_id: row_id),
    "sales_plans.of_project": (Project, lambda city, row_id: row_id),
    "sales_plans.price_sheet": (Revision, lambda city, row_id: PriceSheet(row_id, ())),
    "sales_plans.read_prices": (Revision, lambda city, row_id: ReadPrices(row_id, (), b"")),
    "sales.of_project": (Project, lambda city, row_id: row_id),
    "sales.states": (NaturalBuilding, lambda city, row_id: row_id),
    "sales.unit": (HouseUnit, lambda city, row_id: row_id),
    "sales_plans.change": (SalesPlan, lambda city, row_id: OneRow(row_id)),
}
UNFOREIGN: dict[str, str] = dict.fromkeys(
    ("sales.read_news", "sales.try_news", "sales.set_aside", "sales.try_aside", "sales.fold_units"),
    "the system alone does it, and it sees everything",
)


def furnish(city: Any) -> None:
    """A number for each plan, and messages that wait."""
    city.counter.world.act(_furnish)


def _furnish(work: Work) -> None:
    for number, plan in enumerate(work.rows(SalesPlan)):
        work.add(PlanNumber(record_id=plan.id, project_id=plan.project_id or new_id(), plan_no=f"XSFA-W-{number}"))
    for number in range(4):
        work.add(
            SaleNews(
                message_no=f"W{number}",
                kind=SaleNewsKind.EVENT,
                content=Sealed.of_json({}),
                problem="走查",
                arrived_at=_AT,
            )
        )
        work.add(SaleReading(reading=str(number)))
