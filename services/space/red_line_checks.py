"""Checks the outline of a red line as it is kept: the same checks as a file's, and the areas of its papers (SPA-01..10)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from models.geometry import Geometry
from models.geometry import Ring as Places
from models.red_lines import PlaneSystem, SurveyClass
from services.engine.thresholds import Thresholds
from services.space.boundary_file import Boundary, BoundaryFile, ListedRing
from services.space.extent import Declared, Extent, Limits, area_deviation, check_extent
from services.space.overlaps import Neighbour
from services.space.planes import OLD_CITY, PLANES, Plane
from services.space.space_findings import SpaceFinding

#: The error of a boundary point in metres by class of survey (market 7.3).
POINT_ERROR = {SurveyClass.FIRST: 0.05, SurveyClass.SECOND: 0.075, SurveyClass.THIRD: 0.10}
_HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Papers:
    """The areas a red line is held against, each with the name of its paper, and what else is known of its project."""

    report: Decimal | None = None
    certificate: Decimal | None = None
    contract: Decimal | None = None
    district: str = ""
    survey_class: SurveyClass = SurveyClass.FIRST

    @property
    def named(self) -> tuple[tuple[str, Decimal], ...]:
        """The papers beside the report that state an area."""
        every = (("不动产权证", self.certificate), ("出让合同", self.contract))
        return tuple((name, area) for name, area in every if area)


@dataclass(frozen=True)
class Tolerance:
    """Bounds of what areas and overlaps may be off, as the parameters of a day and district say."""

    limits: Limits = field(default_factory=Limits)
    paper_told: float = 0.005
    paper_stops: float = 0.03

    @classmethod
    def of(cls, thresholds: Thresholds, survey_class: SurveyClass) -> "Tolerance":
        def share(key: str) -> float:
            return float(thresholds.decimal(f"space.{key}") / _HUNDRED)

        limits = Limits(
            POINT_ERROR[survey_class],
            share("report_area_told"),
            share("report_area_stops"),
            share("overlap_told"),
            share("overlap_stops"),
        )
        return cls(limits, share("paper_area_told"), share("paper_area_stops"))


def plane_of(system: PlaneSystem) -> Plane:
    """The plane of a system; the old city system has one whose points are known in no other."""
    return PLANES.get(str(system.value), OLD_CITY)


def file_of(outline: Geometry, system: PlaneSystem) -> BoundaryFile:
    """The rings of an outline as a file that declares its system: a parcel for each polygon, ring 1 its shell."""
    file = BoundaryFile("drawn", system=str(system.value))
    for number, polygon in enumerate(outline.polygons, 1):
        several = f"第{number}块" if len(outline.polygons) > 1 else ""
        file.parcels.append(Boundary(several, rings=[_listed(place, ring) for place, ring in enumerate(polygon, 1)]))
    return file


def _listed(number: int, ring: Places) -> ListedRing:
    listed = ListedRing(number, closed=True)
    for place, (east, north) in enumerate(ring, 1):
        listed.add(f"J{place}", (east / 1000, north / 1000))
    return listed


def check_outline(
    outline: Geometry,
    system: PlaneSystem,
    papers: Papers = Papers(),
    neighbours: Sequence[Neighbour] = (),
    tolerance: Tolerance = Tolerance(),
    *,
    plane: Plane | None = None,
) -> Extent:
    """Run every check over an outline and return it as an extent with everything found.

    `plane` is that of the outline where its system alone does not say it (`services/space/transforms.py`).
    """
    declared = Declared(
        system=str(system.value),
        area=float(papers.report) if papers.report is not None else None,
        district=papers.district,
        limits=tolerance.limits,
        old_city=plane if plane is not None and plane.shift is not None else None,
    )
    extent = check_extent(file_of(outline, system), declared, neighbours)
    more = tuple(_papers(extent, papers, tolerance))
    return Extent(extent.plane, extent.parcels, (*extent.findings, *more))


def _papers(extent: Extent, papers: Papers, tolerance: Tolerance) -> Iterator[SpaceFinding]:
    """Compare the area with those of the certificate and the contract (SPA-07)."""
    if any(finding.rule in ("SPA-03", "SPA-02") for finding in extent.findings):
        return
    polygons = [polygon for parcel in extent.parcels for polygon in parcel.polygons]
    deviation = 2 * area_deviation(polygons, tolerance.limits.point_error)
    for name, stated in papers.named:
        difference = abs(extent.area - float(stated))
        if difference <= max(deviation, tolerance.paper_told * float(stated)):
            continue
        share = difference / float(stated)
        told = f"{name}面积{stated:.2f}平方米，按坐标计算为{extent.area:.2f}平方米，相差{share:.2%}"
        more = "，超出允许范围，未说明理由不能提交" if share > tolerance.paper_stops else "，请核对或说明理由"
        yield SpaceFinding("CERTIFIED_AREA", told + more, name, warns=True)
