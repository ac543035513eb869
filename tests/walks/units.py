"""The walk's part for building tables, milestones, photos and sales: with the project they belong to (rows 70-76)."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from models.access import CITY_AUTHORITY, MARKET, Role
from models.building_tables import HouseUnit, NaturalBuilding, Storey, UnitSurvey
from models.columns import new_id
from models.documents import Attachment
from models.market_loads import LoadedRows, MarketLoad
from models.progress import (
    EngineeringPayment,
    Milestone,
    MilestoneBaseline,
    MilestoneCode,
    MilestoneScope,
    MonthlySummary,
    ProgressPhoto,
    ProgressReport,
    ProjectWatch,
)
from models.projects import Project
from models.records import Revision
from models.sales import (
    OpeningMode,
    OpeningUnit,
    PresaleBuilding,
    PresalePermit,
    PresaleStatus,
    SaleAct,
    SaleEvent,
    UnitLimit,
    UnitRestriction,
    UnitSale,
)
from services.construction.building_tables import TakeBuilding
from services.engine.work import Work
from tests.walks.kinds import ORACLE as OF_KINDS
from tests.walks.kinds import by_keys

_AT = datetime(2027, 2, 1, tzinfo=UTC)


def _with(table: Any, column: str) -> Callable[[Any, Any, Any], bool]:
    """See a row when its parent is seen."""

    def seen(city: Any, caller: Any, row: Any) -> bool:
        parent = next(iter(city.where(table, "id", getattr(row, column))))
        oracle = ORACLE.get(table) or OF_KINDS[table]
        return bool(oracle(city, caller, parent))

    return seen


def _keyed(city: Any, caller: Any, row: Any) -> bool:
    return by_keys(caller, row)


ORACLE: dict[Any, Callable[[Any, Any, Any], bool]] = {
    NaturalBuilding: _keyed,
    PresalePermit: _keyed,
    Storey: _with(NaturalBuilding, "natural_building_id"),
    HouseUnit: _with(NaturalBuilding, "natural_building_id"),
    UnitSurvey: _with(NaturalBuilding, "natural_building_id"),
    PresaleBuilding: _with(PresalePermit, "presale_permit_id"),
    UnitRestriction: _with(HouseUnit, "house_unit_id"),
    OpeningUnit: _with(Project, "project_id"),
    SaleEvent: _with(Project, "project_id"),
    ProjectWatch: _with(Project, "project_id"),
    Milestone: _with(Project, "project_id"),
    MilestoneBaseline: _with(Milestone, "milestone_id"),
    MonthlySummary: lambda city, caller, row: caller.has(Role.SYSTEM, *MARKET),
    ProgressPhoto: _with(Attachment, "attachment_id"),
    MarketLoad: lambda city, caller, row: caller.has(Role.SYSTEM, *CITY_AUTHORITY),
    LoadedRows: lambda city, caller, row: caller.has(Role.SYSTEM, *CITY_AUTHORITY),
}
ORDERS: dict[str, Any] = {
    "building_tables.table": (NaturalBuilding, lambda city, row_id: row_id),
    "building_tables.of_project": (Project, lambda city, row_id: row_id),
    "completion.desk": (Project, lambda city, row_id: row_id),
    "progress.project": (Project, lambda city, row_id: row_id),
    **{
        f"{kind}.next_period": (table, lambda city, row_id: row_id)
        for kind, table in (("engineering_payment", EngineeringPayment), ("progress_report", ProgressReport))
    },
    "progress.plan_works": (Project, lambda city, row_id: row_id),
    "progress.photos_beside": (Revision, lambda city, row_id: row_id),
    "progress.thumbnail": (
        ProgressPhoto,
        lambda city, row_id: next((one.attachment_id for one in city.where(ProgressPhoto, "id", row_id)), row_id),
    ),
    "progress.payment_curve": (EngineeringPayment, lambda city, row_id: row_id),
    "building_tables.unit": (HouseUnit, lambda city, row_id: row_id),
    "building_tables.candidates": (Project, lambda city, row_id: row_id),
    "building_tables.take": (Project, lambda city, row_id: TakeBuilding(row_id, "310115001001GB00001F0001")),
}
UNFOREIGN: dict[str, str] = {
    "progress.summary_month": "a month of the calendar, the same for everybody; its paper is of what its reader sees"
} | dict.fromkeys(
    (
        *("market.known_companies", "market.load_portion", "market.load_standing", "market.undo_load"),
        *("market.begin_load", "market.load_of", "progress.watch", "building_tables.refresh"),
    ),
    "the system alone does it, and it sees everything",
)


def furnish(city: Any) -> None:
    """Each project has a natural building with units, a presale permit and what belongs to them."""
    city.counter.world.act(_furnish)


def _furnish(work: Work) -> None:
    for number, project in enumerate(work.rows(Project)):
        keys: dict[str, Any] = {
            "district_code": project.district_code,
            "head_company_id": project.head_company_id,
            "project_company_id": project.project_company_id,
            "project_id": project.id,
        }
        building = work.add(
            NaturalBuilding(
                natural_building_no=f"W{number}",
                building_name="1#",
                planned_use="住宅",
                floors_above=1,
                floors_below=0,
                **keys,
            )
        )
        work.add(Storey(natural_building_id=building.id, actual_floor=1, nominal_floor="1"))
        unit = work.add(
            HouseUnit(
                natural_building_id=building.id,
                house_code=f"W{number}-1",
                nominal_floor="1",
                actual_floor_from=1,
                actual_floor_to=1,
                planned_use="住宅",
            )
        )
        work.add(UnitSale(house_unit_id=unit.id, project_id=project.id, changed_at=_AT))
        work.add(UnitSurvey(house_unit_id=unit.id, natural_building_id=building.id, replaced_at=_AT))
        permit = work.add(PresalePermit(status=PresaleStatus.ARCHIVED, recorded_at=_AT, **keys))
        work.add(PresaleBuilding(presale_permit_id=permit.id, natural_building_id=building.id))
        work.add(
            UnitRestriction(house_unit_id=unit.id, kind=UnitLimit.LIMIT, from_on=date(2027, 1, 1), recorded_at=_AT)
        )
        work.add(OpeningUnit(project_id=project.id, opening_code=f"W{number}", mode=OpeningMode.AT_ONCE))
        work.add(
            SaleEvent(
                event_no=f"W{number}",
                project_id=project.id,
                house_unit_id=unit.id,
                act=SaleAct.LIST,
                happened_on=date(2027, 1, 1),
                recorded_at=_AT,
            )
        )
        milestone = work.add(
            Milestone(
                project_id=project.id,
                scope=MilestoneScope.PROJECT,
                subject_id=project.id,
                milestone=MilestoneCode.M01,
            )
        )
        work.add(ProjectWatch(project_id=project.id, watched_on=date(2027, 2, 1), watched_at=_AT))
        work.add(MilestoneBaseline(milestone_id=milestone.id, baseline_no=1, since=_AT))
    for file in work.rows(Attachment):
        work.add(
            ProgressPhoto(
                attachment_id=file.id,
                project_id=new_id(),
                digest="0" * 64,
                likeness="0" * 16,
                width=1,
                height=1,
                thumbnail=work.sealer.seal_file(b"small", str(file.id)),
                kept_at=_AT,
            )
        )
    for number in range(4):
        work.add(MonthlySummary(period=f"2026-0{number + 1}", told_at=_AT))
        load = work.add(MarketLoad(digest=f"{number:064}", begun_at=_AT))
        work.add(LoadedRows(load_id=load.id, place=1, table_name="project", ids=""))
