"""A building table for demo and tests: buildings drawn from a table of few numbers, surveyed once they are measured."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import Field

from integrations.building_table.contract import (
    BUILDING,
    CANDIDATES,
    BuildingLine,
    BuildingReply,
    BuildingRequest,
    CandidatesReply,
    CandidatesRequest,
    StoreyLine,
    UnitLine,
)
from integrations.wire.records import rows_of
from integrations.wire.simulator import Change, ContentFault, Ground, Simulator

#: Buildings of the demo's projects: storeys, sections, units a section, labels that are left out, duplexes.
BUILDINGS = Path(__file__).with_name("buildings.csv")
_CENT = Decimal("0.01")


def read_buildings(path: Path = BUILDINGS) -> dict[str, BuildingLine]:
    """Read a table of buildings by their numbers, each drawn with its storeys and units."""
    return dict(_read_once(path))


@cache
def _read_once(path: Path) -> Mapping[str, BuildingLine]:
    # Tests start the simulators for every file of theirs; a building is replaced there, never changed.
    return {row["number"]: _drawn(row) for row in rows_of(path)}


def _drawn(row: Mapping[str, str]) -> BuildingLine:
    storeys = list(_storeys(int(row["above"]), int(row["below"]), set(row["no_labels"].split(";"))))
    units = list(_units(row, storeys))
    forecast = sum((one.forecast_gross or Decimal(0) for one in units), Decimal(0))
    surveyed = sum((one.surveyed_gross or Decimal(0) for one in units), Decimal(0))
    return BuildingLine(
        natural_building_no=row["number"],
        realty_unit_code=row["unit_code"],
        cadastral_code=row["parcel"],
        building_name=row["name"],
        address=row["address"],
        floors_above=int(row["above"]),
        floors_below=int(row["below"]),
        planned_use=row["use"],
        structure=row["structure"],
        sets_total=len(units),
        forecast_area=forecast,
        surveyed_area=surveyed or None,
        surveyed_on=date.fromisoformat(row["surveyed_on"]) if row["surveyed_on"] else None,
        storeys=tuple(storeys),
        units=tuple(units),
    )


def _storeys(above: int, below: int, left_out: set[str]) -> Iterator[StoreyLine]:
    """Yield storeys from the lowest up; there is no floor 0, and labels left out are written 3A for 4, 12A and 12B for 13 and 14."""
    for floor in range(-below, 0):
        yield StoreyLine(actual_floor=floor, nominal_floor=str(floor))
    last, more = "", 0
    for floor in range(1, above + 1):
        if str(floor) in left_out:
            label, more = f"{last}{'ABC'[more]}", more + 1
        else:
            label, last, more = str(floor), str(floor), 0
        yield StoreyLine(actual_floor=floor, nominal_floor=label)


def _units(row: Mapping[str, str], storeys: list[StoreyLine]) -> Iterator[UnitLine]:
    for storey in storeys:
        yield from _parking(row, storey) if storey.actual_floor < 0 else _homes(row, storey)


def _parking(row: Mapping[str, str], storey: StoreyLine) -> Iterator[UnitLine]:
    for column in range(int(row["parking"] or 0)):
        number = f"{-storey.actual_floor}{column + 1:02d}"
        yield UnitLine(
            house_code=f"{row['number']}C{number}",
            section_no="地下车库",
            nominal_floor=storey.nominal_floor,
            actual_floor_from=storey.actual_floor,
            actual_floor_to=storey.actual_floor,
            room_no=f"车位{number}",
            column_index=column,
            planned_use="车位",
            location=f"{row['address']}地下车位{number}",
            forecast_gross=Decimal("34.20"),
        )


def _homes(row: Mapping[str, str], storey: StoreyLine) -> Iterator[UnitLine]:
    sections, wide, base = int(row["sections"]), int(row["wide"]), Decimal(row["area"])
    floor, top, measured = storey.actual_floor, int(row["above"]), Decimal(row["measured"] or 0)
    shops = floor == 1 and row["ground_use"]
    for column in range(sections * wide):
        duplex = row["duplex"] == "1" and column == 0
        if duplex and floor == top:
            continue
        area = (base + Decimal(column % wide) * Decimal("11.35")).quantize(_CENT)
        room = "" if row["no_room"] == f"{floor}:{column}" else f"{storey.nominal_floor}{column % wide + 1:02d}"
        yield UnitLine(
            house_code=f"{row['number']}{floor:03d}{column:02d}",
            realty_unit_code=f"{row['unit_code'][:24]}{floor % 100:02d}{column:02d}",
            logical_no=f"{row['number']}-{column // wide % 2 + 1}" if row["two_logical"] == "1" else "",
            section_no=str(column // wide + 1),
            nominal_floor=storey.nominal_floor,
            actual_floor_from=floor,
            actual_floor_to=floor + 1 if duplex and floor == top - 1 else floor,
            room_no=room,
            column_index=column,
            planned_use=shops or row["use"],
            layout="" if shops else f"{column % 3 + 2}室2厅",
            location=f"{row['address']}{room and room + '室'}",
            **_areas("forecast", area),
            **_areas("surveyed", area * (1 + measured / 100) if row["surveyed_on"] else None),
        )


def _areas(kind: str, gross: Decimal | None) -> dict[str, Any]:
    """Return an area with its inner and shared part, which add up."""
    if gross is None:
        return {}
    whole = gross.quantize(_CENT)
    inner = (whole * Decimal("0.78")).quantize(_CENT)
    return {f"{kind}_gross": whole, f"{kind}_inner": inner, f"{kind}_shared": whole - inner}


class Survey(Change):
    """A survey that arrives: by how many percent areas differ from the forecast, some units otherwise, some left out."""

    number: str
    surveyed_on: date
    percent: Decimal
    otherwise: dict[str, Decimal] = Field(default_factory=dict)
    left_out: tuple[str, ...] = ()


def surveyed(line: BuildingLine, survey: Survey) -> BuildingLine:
    """Return a building as the building table has it after a survey."""
    units = []
    for one in line.units:
        if one.house_code in survey.left_out:
            continue
        percent = survey.otherwise.get(one.house_code, survey.percent)
        areas = _areas("surveyed", (one.forecast_gross or Decimal(0)) * (1 + percent / 100))
        units.append(one.model_copy(update=areas))
    whole = sum((one.surveyed_gross or Decimal(0) for one in units), Decimal(0))
    told = {"units": tuple(units), "surveyed_on": survey.surveyed_on, "surveyed_area": whole}
    return line.model_copy(update=told)


class BuildingTableSimulator(Simulator):
    """Buildings by parcel and by number; `/sim/change` lets a survey arrive."""

    def __init__(self, ground: Ground) -> None:
        super().__init__("building_table", "楼盘表（模拟）", latency_ms=ground.latency_ms)
        self.buildings = read_buildings()
        self.on_change(Survey, self._survey)

        @self.app.post(CANDIDATES.path)
        async def candidates(request: CandidatesRequest, fault: ContentFault) -> CandidatesReply:
            found = [one for one in self.buildings.values() if one.cadastral_code == request.zddm]
            if fault == "miss":
                found = []
            elif fault == "mismatch":
                found = list(self.buildings.values())
            plain = tuple(one.model_copy(update={"storeys": (), "units": ()}) for one in found)
            return CandidatesReply(request_id=request.request_id, data_time=self.data_time, buildings=plain)

        @self.app.post(BUILDING.path)
        async def building(request: BuildingRequest, fault: ContentFault) -> BuildingReply:
            found = None if fault == "miss" else self.buildings.get(request.zrzh)
            if found is not None and fault == "mismatch":
                found = found.model_copy(update={"natural_building_no": "000000"})
            return BuildingReply(request_id=request.request_id, data_time=self.data_time, building=found)

    def _survey(self, survey: Survey) -> int:
        line = self.buildings.get(survey.number)
        if line is None:
            return 0
        self.buildings[survey.number] = surveyed(line, survey)
        return 1
