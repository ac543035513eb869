"""城市一张图 behind the sign-in: red lines of the projects a caller sees, by stage and alert, over outlines of districts (row 80)."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlmodel import col, select

from models.alerts import STANDING, Alert, AlertGrade
from models.land_codes import ProjectStage
from models.parcels import Parcel
from models.places_data import district
from models.projects import Project, ProjectParcelLine, ProjectParcels
from models.records import InForceState
from models.red_lines import RedLine
from services.engine.registry import query
from services.engine.work import Work
from services.space.districts import district_outline
from services.space.map_ground import MOST, districts_drawn, land_of, red_lines_seen
from services.space.red_line import RED_LINE
from services.space.red_line_views import Around, Rings, rings_of
from services.space.spatial_areas import land_of_area, plates_in_force

#: The number under which the base map of a public page was approved; without one there is no such page.
APPROVAL, NONE = "space.map_approval_no", "无"
_GRAVEST = (AlertGrade.RED, AlertGrade.YELLOW, AlertGrade.BLUE)


@dataclass(frozen=True)
class OnMap:
    """A project with its red lines in zone 40, its stage and its gravest open alert."""

    project_id: UUID
    name: str
    district: str
    stage: ProjectStage
    grade: AlertGrade | None
    alerts: int
    area: Decimal
    centre: tuple[float, float]
    polygons: list[Rings]


@dataclass(frozen=True)
class BareParcel:
    """A parcel that no project uses yet. Its land is not surveyed yet: it is drawn in the middle of its plate, where
    that is kept, or else of its district."""

    parcel_no: str
    name: str
    district: str
    plate: str
    area: Decimal
    centre: tuple[float, float] | None
    #: The area in whose middle it is drawn.
    within: str


@dataclass(frozen=True)
class CityMap:
    """The projects a caller sees on the map, how many of his have no red line in force, his parcels without a project,
    and the districts below."""

    projects: list[OnMap]
    without: int
    parcels: list[BareParcel]
    districts: list[Around]
    approval_no: str


@query("city_map.look", "城市一张图", roles=set(RED_LINE.makers.offices.readers))
def city_map(work: Work, order: None) -> CityMap:
    """Return what the caller sees: his own projects, a district's, or all."""
    seen = work.session.exec(work.visible(Project).where(Project.in_force == InForceState.EFFECTIVE).limit(MOST)).all()
    lines: dict[UUID, list[RedLine]] = {}
    for row in red_lines_seen(work):
        if row.project_id is not None:
            lines.setdefault(row.project_id, []).append(row)
    graded = _alerts(work)
    shown = [
        _on_map(work, project, lines[project.id], graded.get(project.id, [])) for project in seen if project.id in lines
    ]
    return CityMap(
        sorted(shown, key=lambda one: (one.district, one.name)),
        len(seen) - len(shown),
        list(_bare_parcels(work)),
        districts_drawn(),
        approval_no(work),
    )


def approval_no(work: Work) -> str:
    """The number under which a base map was approved for publication, empty while there is none."""
    number = work.thresholds.text(APPROVAL)
    return "" if number == NONE else number


def _bare_parcels(work: Work) -> Iterator[BareParcel]:
    used = (
        select(ProjectParcelLine.parcel_id)
        .join(ProjectParcels, col(ProjectParcels.id) == col(ProjectParcelLine.record_id))
        .where(ProjectParcels.in_force == InForceState.EFFECTIVE)
    )
    rows = work.rows(
        work.visible(Parcel),
        Parcel.in_force == InForceState.EFFECTIVE,
        col(Parcel.id).not_in(used),
        by=(Parcel.district_code, Parcel.parcel_no),
        most=MOST,
    )
    plates = {one.area_name: one for one in plates_in_force(work)}
    for row in rows:
        known = district(row.district_code)
        name = known.name if known is not None else ""
        plate = plates.get(row.plate)
        land = land_of_area(work, plate) if plate is not None else district_outline(row.district_code)
        middle = land.representative_point() if land is not None else None
        yield BareParcel(
            row.parcel_no,
            row.parcel_name,
            name,
            row.plate,
            row.land_area,
            (round(middle.x, 2), round(middle.y, 2)) if middle is not None else None,
            plate.area_name if plate is not None else name,
        )


def _alerts(work: Work) -> dict[UUID, list[AlertGrade]]:
    found: dict[UUID, list[AlertGrade]] = {}
    for alert in work.session.exec(work.visible(Alert).where(col(Alert.state).in_(STANDING))).all():
        if (about := alert.project_id or alert.subject_id) is not None:
            found.setdefault(about, []).append(alert.grade)
    return found


def _on_map(work: Work, project: Project, rows: list[RedLine], grades: list[AlertGrade]) -> OnMap:
    whole = land_of(work, rows)
    known = district(project.district_code)
    centre = whole.centroid
    return OnMap(
        project.id,
        project.name,
        known.name if known is not None else "",
        project.stage,
        next((grade for grade in _GRAVEST if grade in grades), None),
        len(grades),
        sum((row.area_computed or Decimal(0) for row in rows), Decimal(0)),
        (round(centre.x, 2), round(centre.y, 2)),
        rings_of(whole),
    )
