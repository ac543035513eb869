"""A model as its page shows it: storeys, the plan of one of them, and how its homes are matched (row 81, SPA-14)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from models.building_tables import HouseUnit
from models.geometry import Geometry
from models.records import RevisionState
from services.engine.kinds import MARKET_OFFICES
from services.engine.registry import query
from services.engine.work import Work
from services.space.geometry_field import polygons_of
from services.space.model_drafts import in_hand
from services.space.model_kind import natural_building_of
from services.space.table_rows import units_of


@dataclass(frozen=True)
class PartView:
    """A part of a storey: what it is, how it is matched, and its rings in metres from the plan's south-west corner."""

    part: str
    room: str
    common: bool
    house_code: str
    how: str
    area: float
    rings: tuple[tuple[tuple[float, float], ...], ...]


@dataclass(frozen=True)
class StoreyView:
    """A storey with its parts; `schematic` where places are a guess."""

    number: int
    label: str
    base: str
    height: str
    method: str
    schematic: bool
    parts: tuple[PartView, ...]


@dataclass(frozen=True)
class Loose:
    """A home of the building table that the model has not."""

    house_code: str
    label: str
    storey: int


@dataclass(frozen=True)
class ModelView:
    """A version of a model; the corner is the plan's south-west one in the plane of the drawing."""

    revision_id: UUID
    record_id: UUID
    project_id: UUID | None
    version: int
    editable: bool
    building_no: str
    building: str
    corner: tuple[float, float]
    size: tuple[float, float]
    storeys: tuple[StoreyView, ...]
    homes: int
    in_table: int
    matched: int
    inferred: int
    by_hand: int
    model_only: tuple[str, ...]
    table_only: tuple[Loose, ...]
    twice: tuple[str, ...]

    @property
    def rate(self) -> str:
        """The share of the table's homes that the model has; a dash where there is no table."""
        return f"{self.matched * 100 / self.in_table:.1f}%" if self.in_table else "—"


@query("building_models.view", "查看三维模型", roles=set(MARKET_OFFICES.readers))
def model_view(work: Work, revision_id: UUID) -> ModelView:
    """Return a version of a model that the caller sees, with its match report."""
    draft = in_hand(work, revision_id)
    values, lists = draft.form.values, draft.form.children
    building = natural_building_of(work, draft.row.project_id, values.get("natural_building_no"))
    units = units_of(work, building.id, values.get("logical_no")) if building is not None else []
    footprint = values.get("footprint")
    west, south, east, north = polygons_of(footprint).bounds if isinstance(footprint, Geometry) else (0.0,) * 4
    lines = {(line["storey_no"], line["part_no"]): line for line in lists["units"]}
    mine = draft.row.author_unit == work.caller.unit_id
    named = [line["house_code"] for line in lists["units"] if line.get("house_code")]
    codes = {unit.house_code: unit for unit in units}
    how = {line["house_code"]: _how(line) for line in lists["units"] if line.get("house_code") in codes}
    return ModelView(
        draft.row.id,
        draft.row.record_id,
        draft.row.project_id,
        draft.row.version,
        mine and draft.row.state in (RevisionState.DRAFT, RevisionState.RETURNED),
        str(values.get("building_no") or ""),
        f"{building.building_name}（{building.natural_building_no}）" if building is not None else "",
        (west, south),
        (east - west, north - south),
        tuple(_storeys(lists, lines, (west, south))),
        len({line.get("house_code") or place for place, line in lines.items()}),
        len(units),
        len(how),
        sum(one == "ORDER" for one in how.values()),
        sum(one == "MANUAL" for one in how.values()),
        tuple(f"{storey}层{part}" for (storey, part), line in lines.items() if not line.get("house_code")),
        tuple(_loose(unit) for unit in units if unit.house_code not in how),
        tuple(sorted({codes[one].room_no for one in named if one in codes and _doubled(codes[one], named)})),
    )


def _how(line: Mapping[str, Any]) -> str:
    found = line.get("matched_by")
    return found.value if found is not None else ""


def _doubled(unit: HouseUnit, named: Sequence[str]) -> bool:
    """Return whether more places are tied to a home than it has storeys."""
    storeys = sum(1 for one in range(unit.actual_floor_from, unit.actual_floor_to + 1) if one)
    return named.count(unit.house_code) > storeys


def _loose(unit: HouseUnit) -> Loose:
    return Loose(unit.house_code, f"{unit.nominal_floor}层 {unit.room_no or unit.house_code}", unit.actual_floor_from)


def _storeys(
    lists: Mapping[str, Sequence[Mapping[str, Any]]],
    lines: Mapping[tuple[int, str], Mapping[str, Any]],
    corner: tuple[float, float],
) -> list[StoreyView]:
    plans: dict[int, list[tuple[str, Geometry]]] = {}
    for line in lists["parts"]:
        plans.setdefault(line["plan_no"], []).append((line["part_no"], line["outline"]))
    found = []
    for line in reversed(lists["storeys"]):
        number = line["storey_no"]
        parts = [_part(part, outline, lines.get((number, part)), corner) for part, outline in plans[line["plan_no"]]]
        base, height = (f"{line[name].normalize():f}" for name in ("base_z", "height"))
        method = line["method"]
        schematic = method.value == "AUTO_SPLIT"
        found.append(StoreyView(number, line["nominal_floor"], base, height, method.label, schematic, tuple(parts)))
    return found


def _part(part: str, outline: Geometry, line: Mapping[str, Any] | None, corner: tuple[float, float]) -> PartView:
    west, south = corner
    rings = tuple(
        tuple((round(e / 1000 - west, 2), round(n / 1000 - south, 2)) for e, n in ring)
        for area in outline.polygons
        for ring in area
    )
    if line is None:
        return PartView(part, "", True, "", "", float(outline.area), rings)
    how = line["matched_by"].label if line.get("matched_by") else ""
    return PartView(
        part, line.get("room_no") or "", False, line.get("house_code") or "", how, float(outline.area), rings
    )
