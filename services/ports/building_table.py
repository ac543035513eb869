"""The building table of the property register: natural buildings with storeys and units, as we ask for them (row 70)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from services.ports.answers import Answer
from services.ports.port import Port

BUILDING_TABLE = "楼盘表"


@dataclass(frozen=True)
class ToldStorey:
    """A storey: its real number and the label people use."""

    actual_floor: int
    nominal_floor: str
    gross_area: Decimal | None = None


@dataclass(frozen=True)
class ToldUnit:
    """A unit by its code, with its place in the table and its areas."""

    house_code: str
    nominal_floor: str
    actual_floor_from: int
    actual_floor_to: int
    planned_use: str
    section_no: str = ""
    logical_no: str = ""
    room_no: str = ""
    column_index: int = 0
    column_span: int = 1
    layout: str = ""
    realty_unit_code: str = ""
    location: str = ""
    forecast_gross: Decimal | None = None
    forecast_inner: Decimal | None = None
    forecast_shared: Decimal | None = None
    surveyed_gross: Decimal | None = None
    surveyed_inner: Decimal | None = None
    surveyed_shared: Decimal | None = None


@dataclass(frozen=True)
class ToldBuilding:
    """A natural building; a candidate comes without storeys and units."""

    natural_building_no: str
    building_name: str
    planned_use: str
    floors_above: int
    floors_below: int
    realty_unit_code: str = ""
    cadastral_code: str = ""
    address: str = ""
    structure: str = ""
    sets_total: int | None = None
    forecast_area: Decimal | None = None
    surveyed_area: Decimal | None = None
    surveyed_on: date | None = None
    storeys: tuple[ToldStorey, ...] = ()
    units: tuple[ToldUnit, ...] = ()


class BuildingTables(Protocol):
    """楼盘表: natural buildings of a parcel, and one with all its units."""

    def candidates(self, cadastral_code: str) -> Answer[tuple[ToldBuilding, ...]]:
        """Return the natural buildings on a parcel; MISS when there is none."""
        ...

    def building(self, natural_building_no: str) -> Answer[ToldBuilding]:
        """Return a natural building with storeys and units; MISS when there is none."""
        ...


BUILDING_TABLES: Port[BuildingTables] = Port("building_table", BUILDING_TABLE)
