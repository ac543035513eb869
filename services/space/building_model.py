"""The model of a building: its storeys with their outlines, and the homes as prisms on them (row 81)."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from services.engine.late import shapely
from services.space.room_matches import Matchable, MatchReport, bears_storey, match_rooms, room_key
from services.space.site_plan import Building
from services.space.space_findings import SpaceFinding
from services.space.storey_division import CORE, Share, areas_of, divide_storey
from services.space.unit_table import HomeRow

#: Metres of a storey of unknown height: above ground, below ground.
USUAL_STOREY, USUAL_BASEMENT = 3.0, 3.6
#: Shares of the inner area beyond which a home's outline is reported (SPA-15).
_LEAST, _MOST = 0.7, 1.3
#: Square metres by which homes may lie on each other and a storey may stay unfilled.
_SLIVER = 0.05
#: The place of a storey that is not divided.
WHOLE = "整层"
_COMPLETE, _ENOUGH = 1.0, 0.9


class Method(Enum):
    """The way in which homes came to their outlines."""

    AUTO_SPLIT = "AUTO_SPLIT"
    CAD_FLOOR_PLAN = "CAD_FLOOR_PLAN"
    MANUAL = "MANUAL"
    UNDIVIDED = "UNDIVIDED"


@dataclass(frozen=True)
class Part:
    """A prism: a piece of a storey that belongs to a home, or to all."""

    storey: int
    base: float
    height: float
    polygon: Any
    #: The place on its plan, by which the homes of typical storeys are alike.
    key: str = CORE

    @property
    def volume(self) -> float:
        return float(self.polygon.area) * self.height


@dataclass
class Home:
    """A home of the model with its prisms; a duplex has some on two storeys."""

    room: str
    storey: int
    label: str
    entrance: str = ""
    row: HomeRow | None = None
    parts: list[Part] = field(default_factory=list)
    matched_by: str = ""
    #: The home's code in the building table where the row itself is not at hand.
    code: str = ""

    @property
    def area(self) -> float:
        return float(sum(part.polygon.area for part in self.parts))

    @property
    def volume(self) -> float:
        return sum(part.volume for part in self.parts)


@dataclass(frozen=True)
class Storey:
    """A storey: number, label, height above the building's ground floor, outline."""

    number: int
    label: str
    base: float
    height: float
    outline: Any
    divided: bool
    method: Method = Method.UNDIVIDED


@dataclass
class BuildingModel:
    """A building by storey and home, with its match report."""

    number: str | None
    method: Method
    storeys: list[Storey] = field(default_factory=list)
    homes: list[Home] = field(default_factory=list)
    common: list[Part] = field(default_factory=list)
    report: MatchReport = field(default_factory=MatchReport)
    #: The outline on the ground, and the height of the ground floor above the datum.
    footprint: Any = None
    base: float = 0.0
    findings: list[SpaceFinding] = field(default_factory=list)


@dataclass(frozen=True)
class PlannedHome:
    """A home of a floor plan drawing: its outline and the text in it; `place` is its place on a plan that was kept."""

    room: str
    polygon: Any
    place: str = ""


@dataclass(frozen=True)
class FloorPlan:
    """The homes that were drawn or cut for a storey; none of them leaves it undivided."""

    method: Method
    homes: tuple[PlannedHome, ...] = ()


@dataclass
class StoreyPlans:
    """Parts of single storeys that differ from their building: homes drawn or cut, an outline, base above ground and height."""

    plans: dict[int, FloorPlan] = field(default_factory=dict)
    outlines: dict[int, Any] = field(default_factory=dict)
    levels: dict[int, tuple[float, float]] = field(default_factory=dict)


def build_model(
    building: Building,
    rows: Sequence[HomeRow],
    *,
    floor_plan: Sequence[PlannedHome] = (),
    own: StoreyPlans | None = None,
    by_hand: Mapping[tuple[int, str], str] | None = None,
    ground: int = 0,
    core: float = 0.0,
) -> BuildingModel:
    """Build a model from a building's outline and its rows of the table.

    With a floor plan homes have its outlines; `own` is what single storeys have of their own. `by_hand` names the row of a home by its storey and place. `ground` is the
    number of storeys of the podium under the building, which are the podium's unless rows name them; `core` the share of
    a divided storey that is kept for stairs and lifts.
    """
    model = BuildingModel(building.number, Method.UNDIVIDED, footprint=building.polygon)
    own = own or StoreyPlans()
    plans: dict[Any, dict[str, Any]] = {}
    spaces: list[Home] = []
    drawn = {} if not floor_plan else {0: FloorPlan(Method.CAD_FLOOR_PLAN, tuple(floor_plan))}
    for storey in _storeys(building, rows, own, ground):
        here = [row for row in rows if row.storey == storey.number]
        homes = [row for row in here if row.room]
        plan = own.plans.get(storey.number) or (drawn.get(0) if homes else None)
        method = plan.method if plan is not None else Method.AUTO_SPLIT if homes else Method.UNDIVIDED
        storey = replace(storey, method=method, divided=method is not Method.UNDIVIDED)
        model.storeys.append(storey)
        if plan is not None and plan.homes:
            cut = _by_plan(storey, plan.homes)
        elif method is Method.AUTO_SPLIT:
            common = [row.area or 0.0 for row in here if not row.room]
            if core and not common:
                common = [sum(row.area or 0.0 for row in homes) * core / (1 - core)]
            cut = _by_area(storey, homes, common, plans)
        else:
            model.common.append(Part(storey.number, storey.base, storey.height, storey.outline, WHOLE))
            continue
        for room, entrance, key, polygon in cut:
            part = Part(storey.number, storey.base, storey.height, polygon, key)
            if key == CORE:
                model.common.append(part)
            else:
                spaces.append(Home(room, storey.number, storey.label, entrance, parts=[part]))
    model.method = _method_of(model.storeys)
    _tie(model, spaces, [row for row in rows if row.room], by_hand or {})
    model.findings += [*_storeys_differ(building, rows), *_unmatched(model), *check_model(model)]
    return model


def _method_of(storeys: Sequence[Storey]) -> Method:
    """The method of a whole building: schematic if any storey is."""
    used = {storey.method for storey in storeys}
    order = (Method.AUTO_SPLIT, Method.MANUAL, Method.CAD_FLOOR_PLAN)
    return next((method for method in order if method in used), Method.UNDIVIDED)


def _storeys(building: Building, rows: Sequence[HomeRow], own: StoreyPlans, ground: int) -> Iterator[Storey]:
    """The storeys of the table and of the drawing, from the lowest; there is none between -1 and 1."""
    listed = {row.storey: row for row in reversed(rows)}
    highest = max((building.above or 0, *listed), default=0)
    lowest = -max((building.below or 0, *(-number for number in listed)), default=0)
    usual = USUAL_STOREY
    if building.above and building.height and not any(row.height for row in rows):
        usual = building.height / building.above
    base = -sum(_height(listed.get(-place), USUAL_BASEMENT) for place in range(1, -lowest + 1))
    for number in (*range(lowest, 0), *range(1, highest + 1)):
        row = listed.get(number)
        height = _height(row, usual if number > 0 else USUAL_BASEMENT)
        if row is not None and row.base is not None:
            base = row.base
        base, height = own.levels.get(number, (base, height))
        outline = own.outlines.get(number, building.polygon)
        divided = any(one.room for one in rows if one.storey == number)
        if row is not None or number > ground or (number < 0 and not ground):
            yield Storey(number, row.label if row else str(number), round(base, 3), height, outline, divided)
        base += height


def _height(row: HomeRow | None, usual: float) -> float:
    return row.height if row is not None and row.height else usual


#: The place of a home without a room, before its number.
NO_ROOM = "无室号"
#: A space as it is cut: its room, its entrance where that is known, its place on the plan, its polygon.
Cut = tuple[str, str, str, Any]


def _by_area(
    storey: Storey, homes: Sequence[HomeRow], common: Sequence[float], plans: dict[Any, dict[str, Any]]
) -> list[Cut]:
    """The spaces of a storey by area and facing; storeys with the same homes on the same outline share a plan."""
    areas = [row.area for row in homes if row.area]
    usual = sum(areas) / len(areas) if areas else 1.0
    places = _places(homes)
    shares = tuple(
        Share(place, row.area or usual, row.facing, row.entrance) for place, row in zip(places, homes, strict=True)
    )
    signature = (storey.outline.wkb, shares, tuple(common))
    if signature not in plans:
        plans[signature] = divide_storey(storey.outline, shares, common)
    plan = plans[signature]
    cut = [
        (row.room, row.entrance, place, plan[place]) for place, row in zip(places, homes, strict=True) if place in plan
    ]
    return [*cut, (CORE, "", CORE, plan[CORE])] if CORE in plan else cut


def _places(homes: Sequence[HomeRow]) -> list[str]:
    """The places of rooms on their storey, by which typical storeys are alike; rooms of one place are numbered."""
    places: list[str] = []
    for row in homes:
        key = room_key(row.room, row.label)
        entrance = key.entrance or row.entrance
        place = f"{entrance}-{key.place.zfill(2)}" if entrance else key.place.zfill(2)
        places.append(place if place not in places else f"{place}#{row.line}")
    return places


def _entrance_in(place: str) -> str:
    """The entrance that a place on a plan begins with, as that of 1-01 is 1; empty without one."""
    before, dash, _ = place.partition("-")
    return before if dash else ""


def _by_plan(storey: Storey, floor_plan: Sequence[PlannedHome]) -> list[Cut]:
    """The spaces of a storey by a floor plan; what its homes leave is common."""
    cut: list[Cut] = []
    used: set[str] = set()
    for number, home in enumerate(floor_plan, 1):
        drawn = room_key(home.room, storey.label).place.zfill(2) if home.room else f"{NO_ROOM}{number}"
        place = home.place or drawn
        place = place if place not in used else f"{place}#{number}"
        used.add(place)
        cut.append((home.room, _entrance_in(place), place, areas_of(home.polygon.intersection(storey.outline))))
    cut = [one for one in cut if one[3].area > _SLIVER]
    rest = areas_of(storey.outline.difference(shapely.union_all([home.polygon for home in floor_plan])))
    return [*cut, (CORE, "", CORE, rest)] if rest.area > _SLIVER else cut


def _tie(
    model: BuildingModel, spaces: Sequence[Home], rows: Sequence[HomeRow], by_hand: Mapping[tuple[int, str], str]
) -> None:
    """Match spaces to rows, and put the storeys of a duplex together."""
    by_line = {row.line: row for row in rows}
    lines = {(row.code, row.storey): row.line for row in reversed(rows)} | {(row.code, 0): row.line for row in rows}
    kept: dict[Hashable, Hashable] = {}
    for place, one in enumerate(spaces):
        code = by_hand.get((one.storey, one.parts[0].key))
        if code is not None:
            kept["space", place] = lines.get((code, one.storey), lines.get((code, 0)))
    model.report = match_rooms(
        [Matchable(("space", place), one.label, one.room, one.entrance) for place, one in enumerate(spaces)],
        [Matchable(row.line, row.label, row.room, row.entrance) for row in rows],
        kept,
    )
    matched = {match.space: match for match in model.report.matches}
    homes: dict[tuple[str, str], Home] = {}
    for place, space in enumerate(spaces):
        match = matched.get(("space", place))
        if match is None or not isinstance(match.row, int):
            model.homes.append(space)
            continue
        space.row, space.matched_by = by_line[match.row], match.how
        space.room = space.row.room
        below = homes.get((space.row.entrance, space.row.room))
        if below is not None and _of_duplex(below, space):
            below.parts += space.parts
            continue
        homes[space.row.entrance, space.row.room] = space
        model.homes.append(space)


def _of_duplex(below: Home, above: Home) -> bool:
    """Return whether a room on the next storey is the upper part of one home: one in the table, or by its number."""
    next_one = below.parts[-1].storey + 1 or 1
    if below.row is not None and above.row is not None and below.row.code:
        return above.storey == next_one and below.row.code == above.row.code
    return above.storey == next_one and bears_storey(below.room, below.label)


def _storeys_differ(building: Building, rows: Sequence[HomeRow]) -> Iterator[SpaceFinding]:
    """Compare the storeys of the drawing with those of the table (SPA-13)."""
    highest = max((row.storey for row in rows), default=0)
    if rows and building.above is not None and highest != building.above:
        message = f"图纸标注地上{building.above}层，户表为{highest}层"
        yield SpaceFinding("STOREYS_DIFFER", message, building.number or "", note=True)


def _unmatched(model: BuildingModel) -> Iterator[SpaceFinding]:
    report = model.report
    if report.rate < _COMPLETE or report.model_only or report.double:
        message = (
            f"与楼盘表匹配{report.rate:.1%}：模型多出{len(report.model_only)}户，"
            f"表中多出{len(report.table_only)}户，重复{len(report.double)}处"
        )
        yield SpaceFinding("UNITS_UNMATCHED", message, model.number or "", note=report.rate >= _ENOUGH)


def check_model(model: BuildingModel) -> Iterator[SpaceFinding]:
    """Check that homes are valid, lie beside each other, fill their storeys and have about their inner areas (SPA-15)."""
    subject = model.number or ""
    for storey in model.storeys:
        parts = [part for home in model.homes for part in home.parts if part.storey == storey.number]
        parts += [part for part in model.common if part.storey == storey.number]
        whole = sum(part.polygon.area for part in parts)
        lost = abs(whole - storey.outline.area)
        if any(not part.polygon.is_valid or part.volume <= 0 for part in parts) or lost > _SLIVER * max(1, len(parts)):
            message = f"{storey.label}层各户面积合计{whole:.2f}平方米，楼层轮廓{storey.outline.area:.2f}平方米"
            yield SpaceFinding("STOREY_NOT_FILLED", message, subject)
        for place, part in enumerate(parts):
            for other in parts[:place]:
                if part.polygon.intersection(other.polygon).area > _SLIVER:
                    yield SpaceFinding("HOMES_OVERLAP", f"{storey.label}层有两户轮廓重叠", subject)
    off = [
        home
        for home in model.homes
        if home.row is not None and home.row.inner and len(home.parts) == 1
        if not _LEAST <= home.area / home.row.inner <= _MOST
    ]
    if off:
        named = "、".join(home.room for home in off[:10]) + (f"等{len(off)}户" if len(off) > 10 else "")
        yield SpaceFinding("UNIT_AREA", f"轮廓面积与套内面积相差超过30%：{named}", subject, note=True)
