"""Judgement of a room in its project, by workbook or by application (Z01-Z03, O03, O04, O06); pure."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from models.rooms import ProjectKind

#: Layouts, and how many rooms each has to live in.
LAYOUTS = {"1室0厅1卫": 1, "1室1厅1卫": 1, "2室1厅1卫": 2, "2室2厅2卫": 2, "3室1厅2卫": 3}
LEAST_AREA, MOST_AREA = Decimal(1), Decimal(2000)


@dataclass(frozen=True, slots=True)
class TitleFacts:
    """A title proof: the project it belongs to, and its last day."""

    project_no: str
    valid_to: date


@dataclass(frozen=True)
class ProjectFacts:
    """A project as its rooms are judged against it; `taken` are the buildings and numbers in the library."""

    project_no: str
    kind: ProjectKind
    operator: str
    closed: bool = False
    recognised: bool = False
    buildings: Mapping[str, int] = field(default_factory=dict)
    taken: Collection[tuple[str, str]] = frozenset()
    build_area: Decimal | None = None
    has_manager: bool = True
    #: Area and persons of the rooms already in the library.
    library_area: Decimal = Decimal(0)
    library_persons: int = 0


@dataclass(frozen=True)
class RoomForm:
    """A room as it would be; what is not given, or could not be read, is None and is not judged."""

    building: str = ""
    room_no: str = ""
    floor: int | None = None
    layout: str = ""
    build_area: Decimal | None = None
    usable_area: Decimal | None = None
    max_persons: int | None = None
    beds: int | None = None
    managed: bool | None = None


@dataclass(frozen=True)
class Limits:
    """The thresholds of occupancy: persons of a room to live in, and usable area of a person."""

    persons: int = 2
    area: Decimal = Decimal(5)


@dataclass(frozen=True)
class RoomFault:
    """A fault of a room: its field, the code of a row in a workbook, the rule, and what to do."""

    field: str
    code: str
    rule: str
    message: str


def faults_of(room: RoomForm, project: ProjectFacts, limits: Limits = Limits()) -> Iterator[RoomFault]:
    """Find every fault of a room but those of its title and number."""
    yield from _place_faults(room, project)
    yield from _area_faults(room)
    yield from _occupancy_faults(room, project, limits)
    if room.managed and not project.recognised:
        told = "填报纳管，但项目没有纳管认定文件，请先在项目资料中补充"
        yield RoomFault("managed", "MANAGED_PAPER", "Z02", told)


def title_faults(
    title_ref: str, title: TitleFacts | None, project: ProjectFacts | None, today: date
) -> Iterator[RoomFault]:
    """Find what is wrong with the title proof that a room cites (Z01)."""
    if title is None:
        yield RoomFault("title_ref", "TITLE_NOT_FOUND", "Z01", f"没有权属文件“{title_ref[:40]}”，请先上传或核对编号")
    elif project is not None and title.project_no != project.project_no:
        yield RoomFault("title_ref", "TITLE_OTHER_PROJECT", "Z01", "这份权属文件属于另一项目，请核对编号")
    elif title.valid_to < today:
        told = f"权属文件已于{title.valid_to.isoformat()}到期，请更换有效的文件"
        yield RoomFault("title_ref", "TITLE_EXPIRED", "Z01", told)


def area_fault(field_name: str, value: Decimal) -> RoomFault | None:
    """Return the fault of an area by itself."""
    if value <= 0:
        return RoomFault(field_name, "AREA_NOT_POSITIVE", "Z03", "面积应大于0，请核对")
    if not LEAST_AREA <= value <= MOST_AREA:
        return RoomFault(field_name, "AREA_RANGE", "Z03", f"面积应在{LEAST_AREA}到{MOST_AREA}平方米之间，请核对")
    return None


def _place_faults(room: RoomForm, project: ProjectFacts) -> Iterator[RoomFault]:
    floors = project.buildings.get(room.building)
    if room.building and floors is None:
        known = "、".join(list(project.buildings)[:10])
        yield RoomFault("building", "BUILDING_NOT_FOUND", "Z03", f"项目没有这幢楼，现有：{known or '（无）'}")
    elif floors is not None and room.floor is not None and room.floor > floors:
        yield RoomFault("floor", "FLOOR_OVER", "Z03", f"楼层大于楼栋的总层数{floors}，请核对")


def _area_faults(room: RoomForm) -> Iterator[RoomFault]:
    for name in ("build_area", "usable_area"):
        value: Decimal | None = getattr(room, name)
        if value is not None and (fault := area_fault(name, value)):
            yield fault
    build, usable = room.build_area, room.usable_area
    if build is not None and usable is not None and 0 < build < usable:
        yield RoomFault("usable_area", "AREA_ORDER", "Z03", "使用面积大于建筑面积，请核对")


def _occupancy_faults(room: RoomForm, project: ProjectFacts, limits: Limits) -> Iterator[RoomFault]:
    persons, rooms = room.max_persons, LAYOUTS.get(room.layout)
    by_bed = project.kind is ProjectKind.BUILDER_HOME
    if persons is not None and rooms is not None and not by_bed and persons > limits.persons * rooms:
        told = f"每室最多居住{limits.persons}人，该户型最多{limits.persons * rooms}人"
        yield RoomFault("max_persons", "PERSONS_OVER", "O03", told)
    elif persons is not None and room.usable_area is not None and 0 < room.usable_area < limits.area * persons:
        told = f"人均使用面积不足{limits.area.normalize():f}平方米，请减少人数或核对面积"
        yield RoomFault("max_persons", "PERSONS_AREA", "O04", told)
    if room.beds and not by_bed:
        yield RoomFault("beds", "BED_NOT_ALLOWED", "O06", "该类项目不得按床位出租，请清空床位数")
    elif by_bed and not room.beds:
        yield RoomFault("beds", "BED_MISSING", "O06", "建设者管理者之家请填写床位数")
