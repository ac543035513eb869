"""项目空间范围 (row 80): the surveyed red line of a project's land, checked, reviewed and put in force (SPA-01..10)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from math import dist
from typing import Any
from uuid import UUID

from models.access import PROJECT_OFFICE, Role
from models.building_codes import CertificateKind
from models.geometry import Geometry
from models.land_codes import ProjectStage, Ring
from models.planning import RealtyCertificate
from models.records import InForceState, Revision
from models.red_lines import PlaneSystem, RedLine, SurveyClass
from services.engine.cycle import kept
from services.engine.findings import Rule, Severity
from services.engine.kinds import (
    DISTRICT,
    Effects,
    Facts,
    Kind,
    Look,
    Makers,
    Owner,
    Proposal,
    Slot,
    Stage,
    Ties,
    Values,
)
from services.engine.refusals import Conflict, NotFound
from services.engine.rule_declaration import Fault, rule, rules_in
from services.engine.value_checks import FORMAT
from services.engine.work import Work
from services.projects.ownership import PROJECT_NEED, in_force_project, own_project, standing_project
from services.projects.project import parcels_of
from services.space.geometry_field import polygons_of
from services.space.red_line_checks import Papers, Tolerance, check_outline
from services.space.red_line_search import box_of, neighbours_of
from services.space.space_findings import EDGES_DIFFER, SpaceFinding
from services.space.spatial_areas import plate_and_ring
from services.space.transforms import SPATIAL_LEVEL, plane_in

KIND = "red_line"
FOUND, FOREIGN_PARCEL, PLACED = "space", "foreign_parcel", "placed"


def papers_of(work: Work, owner: Owner, values: Values) -> Papers:
    """The areas that the papers of a project state; those of its parcel alone where the red line names one."""
    parcels = list(parcels_of(work, owner.project_id)) if owner.project_id is not None else []
    chosen = values.get("parcel_id")
    used = [area for parcel, area in parcels if chosen is None or parcel.id == chosen]
    certificate = values.get("certificate_area")
    if certificate is None and chosen is None and owner.project_id is not None:
        certificate = _land_certificates(work, owner.project_id)
    return Papers(
        report=values.get("report_area"),
        certificate=certificate,
        contract=sum(used, Decimal(0)) or None,
        district=owner.district_code,
        survey_class=values.get("survey_class") or SurveyClass.FIRST,
    )


def _land_certificates(work: Work, project_id: UUID) -> Decimal | None:
    rows = work.rows(
        RealtyCertificate,
        RealtyCertificate.project_id == project_id,
        RealtyCertificate.kind == CertificateKind.LAND,
        RealtyCertificate.in_force == InForceState.EFFECTIVE,
    )
    return sum((row.parcel_area for row in rows), Decimal(0)) or None


def look(work: Work, red_line: Proposal) -> Mapping[str, Any]:
    """Check the outline against its papers and the red lines in force around it."""
    return {
        FOUND: found_in(work, red_line.owner, red_line.values, but=red_line.record_id),
        FOREIGN_PARCEL: _foreign_parcel(work, red_line),
        PLACED: tuple(_misplaced(work, red_line)),
    }


def _misplaced(work: Work, red_line: Proposal) -> Iterator[str]:
    """Sentences on plate and ring of the project where the kept areas say otherwise."""
    outline, system = red_line["outline"], red_line["plane_system"]
    project = in_force_project(work, red_line.owner.project_id)
    if not isinstance(outline, Geometry) or system is None or project is None:
        return
    plate, ring = place_of(work, outline, system)
    if plate and plate != project.plate:
        yield f"按板块范围，用地位于“{plate}”，项目所填为“{project.plate}”，请核对并更新项目信息"
    if ring is not None and ring is not project.ring:
        yield f"按环线范围，用地位于{ring.label}，项目所填为{project.ring.label}，请核对并更新项目信息"


def place_of(work: Work, outline: Geometry, system: PlaneSystem) -> tuple[str, Ring | None]:
    """The plate and ring in which an outline lies; nothing of one that crosses itself."""
    whole = polygons_of(outline)
    return plate_and_ring(work, whole, plane_in(work, system, outline)) if whole.is_valid else ("", None)


def found_in(work: Work, owner: Owner, values: Values, *, but: UUID | None = None) -> tuple[SpaceFinding, ...]:
    """Check an outline against its papers and its neighbours; without one nothing is found."""
    outline, system = values.get("outline"), values.get("plane_system")
    if not isinstance(outline, Geometry) or not isinstance(system, PlaneSystem):
        return ()
    papers = papers_of(work, owner, values)
    tolerance = Tolerance.of(work.thresholds.over(owner.district_code), papers.survey_class)
    neighbours = neighbours_of(work, outline, system, but=but)
    plane = plane_in(work, system, outline)
    return check_outline(outline, system, papers, neighbours, tolerance, plane=plane).findings


def _foreign_parcel(work: Work, red_line: Proposal) -> bool:
    chosen, project_id = red_line["parcel_id"], red_line.owner.project_id
    return (
        chosen is not None
        and project_id is not None
        and chosen not in {parcel.id for parcel, _ in parcels_of(work, project_id)}
    )


@rule(FORMAT, "对应地块属于本项目", Severity.REFUSE, "所选地块不是本项目的地块，请重新选择")
def report_is_of_this_project(red_line: Proposal) -> Iterator[Fault]:
    if red_line.found.get(FOREIGN_PARCEL):
        yield Fault("parcel_id")


@rule("SPA-08", "表列边长与坐标一致", Severity.WARN, "表列边长与坐标不一致")
def stated_edges_are_those_of_the_points(red_line: Proposal) -> Iterator[Fault]:
    if str(red_line["edge_check"] or "").startswith(EDGES_DIFFER):
        yield Fault("edge_check", f"{red_line['edge_check']}，请核对坐标表或说明原因")


def _outline_rule(code: str, label: str, severity: Severity, message: str) -> Rule[Proposal]:
    """A rule over what was found in the outline; the finding decides its severity and place."""

    def told(red_line: Proposal) -> Iterator[Fault]:
        for finding in red_line.found.get(FOUND, ()):
            if finding.rule == code:
                graver = None if not (finding.note or finding.warns) else Severity.WARN
                place = {"e": round(finding.place[0], 3), "n": round(finding.place[1], 3)} if finding.place else {}
                yield Fault("outline", finding.message, severity=graver, evidence=place)

    return rule(code, label, severity, message)(told)


_OUTLINE_RULES = tuple(
    _outline_rule(*words)
    for words in (
        ("SPA-01", "界址线闭合", Severity.REFUSE, "界址线没有闭合"),
        ("SPA-02", "界址点不少于3个，没有重复点和尖刺", Severity.REFUSE, "界址点重复或形成尖刺"),
        ("SPA-03", "界址线不自相交，内圈在外圈之内", Severity.REFUSE, "界址线相交"),
        ("SPA-04", "坐标在上海范围内，与所选坐标系相符", Severity.REFUSE, "坐标与所选坐标系不符"),
        ("SPA-05", "X与Y没有写反", Severity.REFUSE, "X与Y写反"),
        ("SPA-06", "按坐标计算的面积与成果报告一致", Severity.REFUSE, "面积与成果报告不一致"),
        ("SPA-07", "按坐标计算的面积与证书、合同一致", Severity.WARN, "面积与证书或合同不一致"),
        ("SPA-09", "不与已入库的范围重叠", Severity.REFUSE, "与已入库的范围重叠"),
        ("SPA-10", "范围在项目所在区内", Severity.WARN, "范围不在项目所在区内"),
    )
)


@rule(FORMAT, "板块和环线与项目所填一致", Severity.WARN, "板块或环线与项目所填不一致")
def place_is_that_of_the_project(red_line: Proposal) -> Iterator[Fault]:
    for told in red_line.found.get(PLACED, ()):
        yield Fault("outline", told)


# ------------------------------------------------------------------ taking effect


def in_force(work: Work, row: RedLine, revision: Revision) -> None:
    """Compute area, perimeter and points in the plane of the survey, where it lies, and the box by which it is found."""
    row.area_computed = row.outline.area.quantize(Decimal("0.01"))
    row.perimeter = perimeter_of(row.outline)
    row.point_count = sum(len(ring) for polygon in row.outline.polygons for ring in polygon)
    plate, row.ring = place_of(work, row.outline, row.plane_system)
    row.plate = plate or None
    if (box := box_of(work, row.outline, row.plane_system)) is not None:
        row.e_min, row.n_min, row.e_max, row.n_max = box.e_min, box.n_min, box.e_max, box.n_max
        row.width = box.e_max - box.e_min
    work.add(row)


def perimeter_of(outline: Geometry) -> Decimal:
    """The length of all rings in metres, to the centimetre."""
    rings = [ring for polygon in outline.polygons for ring in polygon]
    millimetres = sum(dist(ring[place - 1], ring[place]) for ring in rings for place in range(len(ring)))
    return (Decimal(round(millimetres)) / 1000).quantize(Decimal("0.01"))


# ------------------------------------------------------------------ the kind

_OPERATOR = Role.SPATIAL_OPERATOR


def whose(work: Work, about: UUID | None) -> Owner:
    """A project of the caller's company; of any company for an operator of spatial data who sees it."""
    if not work.caller.has(_OPERATOR):
        return own_project(work, about)
    found = standing_project(work, about) if about is not None else None
    if found is None or found.row is None:
        raise NotFound("请先选择项目")
    if found.row.in_force is not InForceState.EFFECTIVE:
        raise Conflict("该项目已作废，不能填报")
    return found.owner


def as_the_project(work: Work, owner: Owner, _: Values) -> Owner:
    """The scope keys follow those of the project."""
    row = in_force_project(work, owner.project_id)
    return owner if row is None else replace(owner, district_code=row.district_code, relaxed=row.relaxed_order)


RED_LINE = kept(
    Kind(
        name=KIND,
        label="项目空间范围",
        row=80,
        prefix="HX",
        table=RedLine,
        makers=Makers(
            draft=PROJECT_OFFICE | {_OPERATOR},
            submit=frozenset({Role.PROJ_ADMIN, _OPERATOR}),
            owner=whose,
            follow=as_the_project,
            about="project",
        ),
        look=Look(
            title="report_no",
            grid=(
                "report_no",
                "survey_unit",
                "plane_system",
                "report_area",
                "area_computed",
                "point_count",
                "plate",
                "survey_on",
            ),
            filters=("report_no", "plane_system", "survey_on"),
            sections={"report_no": "测绘成果", "report_area": "面积", "plane_system": "界址范围"},
            purpose="项目用地空间范围管理，供规划、销售和统计按位置使用",
        ),
        review=(DISTRICT, SPATIAL_LEVEL),
        slots=(Slot("report", "勘测定界或宗地测量报告", least=1), Slot("coordinates", "坐标文件")),
        rules=(*rules_in(vars()), *_OUTLINE_RULES),
        facts=Facts(look=look),
        ties=Ties(needs=(PROJECT_NEED,)),
        effects=Effects(on_effective=in_force),
        stage=Stage(ProjectStage.LAND, optional=True),
    )
)
