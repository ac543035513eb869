"""公开地图: names and stages of projects over an approved base map without sign-in; off without one (row 80)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from models.access import Role
from models.documents import FileState
from models.land_codes import ProjectStage
from models.places_data import district
from models.projects import Project
from models.records import InForceState
from models.red_lines import RedLine
from models.spatial_areas import BaseMap
from services.engine.registry import query
from services.engine.work import Work
from services.practitioners.records import sound
from services.space.base_map import base_map_of, picture_of, share_of
from services.space.city_map import approval_no
from services.space.planes import GK40, between
from services.space.red_line_checks import plane_of

_MOST = 5_000
#: Symbols stand on a grid of so many metres: where land ends exactly is not published.
_COARSE = 50.0


@dataclass(frozen=True)
class PublicProject:
    """The published part of a project; `across` and `down` are its place on the base map, 0 at the west and north side."""

    name: str
    district_code: str
    district: str
    stage: ProjectStage
    across: float
    down: float


@dataclass(frozen=True)
class PublicMap:
    """The base map with its number, the shape of its frame, and the projects on it."""

    approval_no: str
    title: str
    issuer: str
    picture_id: UUID
    #: Width of the frame to its height.
    ratio: float
    projects: tuple[PublicProject, ...]

    def in_district(self, code: str) -> "tuple[PublicProject, ...]":
        return tuple(one for one in self.projects if one.district_code == code)

    @property
    def districts(self) -> list[tuple[str, str, int]]:
        """Code, name and number of projects of the districts that have any."""
        counts = Counter((one.district_code, one.district) for one in self.projects)
        return [(code, name, count) for (code, name), count in sorted(counts.items())]


def stages_of(projects: Iterable[PublicProject]) -> list[tuple[ProjectStage, int]]:
    """Count projects by stage, from land to keys; stages of none are left out."""
    counts = Counter(one.stage for one in projects)
    return [(stage, counts[stage]) for stage in ProjectStage if counts[stage]]


@query("public.map", "公开地图", roles={Role.SYSTEM})
def public_map(work: Work, order: None) -> PublicMap | None:
    """Return the map, or None while no approved base map is configured: a number confirmed as parameter, and a map in
    force with that number."""
    found = _base_map(work)
    if found is None:
        return None
    base, picture_id = found
    ratio = float((base.east - base.west) / (base.north - base.south))
    return PublicMap(base.approval_no, base.map_title, base.issuer, picture_id, ratio, _projects(work, base))


@query("public.map_picture", "公开地图的底图", roles={Role.SYSTEM})
def public_map_picture(work: Work, picture_id: UUID) -> tuple[str, bytes] | None:
    """Return type and content of the base map in use; of no other file."""
    found = _base_map(work)
    if found is None or found[1] != picture_id or (file := picture_of(work, found[0])) is None:
        return None
    return file.media_type, work.sealer.open_file(file.content, str(file.id))


def _base_map(work: Work) -> tuple[BaseMap, UUID] | None:
    number = approval_no(work)
    base = base_map_of(work, number) if number else None
    file = picture_of(work, base) if base is not None else None
    if base is None or file is None or file.state is FileState.QUARANTINED:
        return None
    return base, file.id


def _projects(work: Work, base: BaseMap) -> tuple[PublicProject, ...]:
    """The projects with a red line, where the middle of their land lies."""
    boxes = (
        select(
            col(RedLine.project_id),
            func.min(RedLine.e_min) + func.max(RedLine.e_max),
            func.min(RedLine.n_min) + func.max(RedLine.n_max),
        )
        .where(RedLine.in_force == InForceState.EFFECTIVE, col(RedLine.width) > 0, sound(work, RedLine))
        .group_by(col(RedLine.project_id))
    )
    # Half of the sum of both sides, in metres.
    middles = {project: (e / 2000, n / 2000) for project, e, n in work.session.exec(boxes).all()}
    wanted = select(Project).where(Project.in_force == InForceState.EFFECTIVE, sound(work, Project))
    plane = plane_of(base.plane_system)
    found = []
    for row in work.session.exec(wanted.order_by(col(Project.district_code), col(Project.name)).limit(_MOST)).all():
        if row.id not in middles:
            continue
        e, n = (round(one / _COARSE) * _COARSE for one in between(middles[row.id], GK40, plane))
        across, down = share_of(e, base.west, base.east), share_of(n, base.north, base.south)
        if 0 <= across <= 1 and 0 <= down <= 1:
            known = district(row.district_code)
            name = known.name if known is not None else ""
            found.append(PublicProject(row.name, row.district_code, name, row.stage, round(across, 5), round(down, 5)))
    return tuple(found)
