"""The list of records whose figures are doubtful, now or at the end of a month (row 83)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col

from models.building_tables import HouseUnit, NaturalBuilding
from models.construction import UnitEngineering
from models.parcels import Parcel
from models.places_data import districts_by_code
from models.projects import Project
from models.supply import DoubtCode, SupplyDoubt
from services.engine.list_filters import Control, Filter, read_month
from services.engine.listings import Column, Listing, about, choice, listed, part, through
from services.engine.look_ups import values_by
from services.engine.work import Work
from services.supply.months import month_named, name_of
from services.supply.visibility import READERS

ENTITIES = {
    "project": "项目",
    "parcel": "地块",
    "unit_engineering": "单位工程",
    "natural_building": "自然幢",
    "house_unit": "户",
}
_SQUARE_METRE = 1_000_000


def _named(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    projects = values_by(work, Project.id, Project.name, (row.project_id for row in rows))
    names: dict[UUID, str] = {}
    for entity, key, value in (
        ("project", Project.id, Project.name),
        ("parcel", Parcel.id, Parcel.parcel_name),
        ("unit_engineering", UnitEngineering.id, UnitEngineering.name),
        ("natural_building", NaturalBuilding.id, NaturalBuilding.building_name),
        ("house_unit", HouseUnit.id, HouseUnit.room_no),
    ):
        names |= values_by(work, key, value, _ids(rows, entity))
    buildings = values_by(work, HouseUnit.id, HouseUnit.natural_building_id, _ids(rows, "house_unit"))
    towers = values_by(work, NaturalBuilding.id, NaturalBuilding.building_name, buildings.values())

    def named(row: Any) -> str:
        tower = towers.get(buildings.get(row.subject_id), "")
        return " ".join(filter(None, (tower, names.get(row.subject_id) or "")))

    return {"project": lambda row: projects.get(row.project_id, ""), "named": named}


def _ids(rows: Iterable[Any], entity: str) -> list[UUID]:
    return [row.subject_id for row in rows if row.entity == entity]


def doubtful_at(month: int | None) -> Any:
    """The clause of doubts at the end of a month, or of those that stand now."""
    until = col(SupplyDoubt.to_month)
    if month is None:
        return until.is_(None)
    return (col(SupplyDoubt.from_month) <= month) & (until.is_(None) | (until > month))


def _as_of(work: Work, text: str) -> Any:
    return doubtful_at(month_named(read_month(text)) if text else None)


DOUBTS = listed(
    Listing(
        name="supply_doubts",
        label="可供应量存疑数据",
        roles=set(READERS),
        table=SupplyDoubt,
        columns=(
            Column("doubt", "问题", width=190),
            Column("entity", "对象类别", lambda row: ENTITIES.get(row.entity, row.entity), width=80),
            Column("named", "对象", width=200),
            Column("project", "项目"),
            Column(
                "area",
                "面积差 ㎡",
                lambda row: f"{row.area / _SQUARE_METRE:,.2f}" if row.area is not None else "",
                width=110,
            ),
            Column("district_code", "区", lambda row: districts_by_code().get(row.district_code, ""), width=84),
            Column("since", "自", lambda row: name_of(row.from_month) if row.from_month else "记录之初", width=84),
        ),
        filters=(
            choice("doubt", "问题", SupplyDoubt.doubt, DoubtCode),
            through(SupplyDoubt.project_id, Project.id, part("name", "项目", Project.name, width=190)),
            about("project_id", "项目", SupplyDoubt.project_id),
            Filter("month", "截至月末", _as_of, Control.MONTH, always=True),
        ),
        sort="doubt",
        look_up=_named,
        also=("subject_id", "project_id"),
        empty="没有存疑数据",
        may_lag=True,
    )
)
