"""建筑物三维模型 (row 81): one record a building, made by spatial operators from a site plan, reviewed by spatial reviewers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.access import Role
from models.building_tables import HouseUnit, NaturalBuilding
from models.geometry import Geometry
from models.land_codes import ProjectStage
from models.planning import EngineeringPlanningPermit, PlannedBuilding
from models.projects import Project
from models.records import InForceState, Revision
from models.red_lines import RedLine
from models.space_models import BuildingModel, ModelPart, ModelShape, ModelStorey, ModelUnit
from services.engine.child_lines import lines_in_force
from services.engine.cycle import kept
from services.engine.findings import Severity
from services.engine.held_keys import holder_of
from services.engine.kinds import (
    DISTRICT,
    Child,
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
from services.engine.late import shapely
from services.engine.proposals import values_of
from services.engine.refusals import Conflict, NotFound
from services.engine.rule_declaration import Fault, rule, rules_in
from services.engine.value_checks import FORMAT, shown
from services.engine.work import Work, shown_with
from services.projects.ownership import PROJECT_NEED, in_force_project
from services.space.building_model import check_model
from services.space.geometry_field import polygons_of
from services.space.model_content import model_of, shape_of
from services.space.overlaps import in_plane
from services.space.planes import PLANES, Plane, convertible
from services.space.red_line_search import red_lines_of
from services.space.table_rows import units_of
from services.space.transforms import SPATIAL_LEVEL, plane_in

KIND_NAME = "building_model"
OPERATORS = frozenset({Role.SPATIAL_OPERATOR})
MATCH_LEAST, OUTSIDE_MOST = "space.match_least", "space.outside_most"
_TABLE, _PLANNED, _TAKEN, _NEIGHBOURS, _RED_LINE = "table", "planned", "taken", "neighbours", "red_line"
#: Square metres by which outlines of two buildings may lie on each other; shares of a home's area in the table.
_BEYOND, _ON_ANOTHER, _LEAST, _MOST = 0.5, 1.0, Decimal("0.7"), Decimal("1.3")


def whose(work: Work, about: UUID | None) -> Owner:
    """A model belongs to a project in force that the operator sees."""
    if about is None:
        raise NotFound("请先选择项目")
    project = work.first(work.visible(Project), Project.id == about)
    if project is None:
        raise NotFound
    if project.in_force is not InForceState.EFFECTIVE:
        raise Conflict("该项目已作废，不能建模")
    return Owner(project.district_code, project.head_company_id, project.project_company_id, project.id)


def _as_the_project(work: Work, owner: Owner, _: Values) -> Owner:
    """Return the owner with the district of the project as it is now: it may have moved since the draft was begun."""
    row = in_force_project(work, owner.project_id)
    return owner if row is None else replace(owner, district_code=row.district_code)


def natural_building_of(work: Work, project_id: UUID | None, number: str | None) -> NaturalBuilding | None:
    """Return a natural building of a project by its number."""
    if not number or project_id is None:
        return None
    return work.first(
        NaturalBuilding, NaturalBuilding.natural_building_no == number, NaturalBuilding.project_id == project_id
    )


def planned_building_of(work: Work, project_id: UUID | None, number: str | None) -> PlannedBuilding | None:
    """Return a planned building of a project's permits in force by its number."""
    if not number or project_id is None:
        return None
    permits = select(EngineeringPlanningPermit.id).where(
        EngineeringPlanningPermit.project_id == project_id,
        EngineeringPlanningPermit.in_force == InForceState.EFFECTIVE,
    )
    return work.first(
        PlannedBuilding, PlannedBuilding.building_no == number, col(PlannedBuilding.record_id).in_(permits)
    )


def look(work: Work, model: Proposal) -> Mapping[str, Any]:
    """Look up the building table, the planned building, the model in force of the same number, and the neighbours."""
    project_id = model.owner.project_id
    building = natural_building_of(work, project_id, model["natural_building_no"])
    others = work.rows(
        BuildingModel,
        BuildingModel.project_id == project_id,
        BuildingModel.in_force == InForceState.EFFECTIVE,
        BuildingModel.id != model.record_id,
    )
    values = {**model.values, "project_id": project_id}
    return {
        _TABLE: None if building is None else (building, units_of(work, building.id, model["logical_no"])),
        _PLANNED: planned_building_of(work, project_id, model["planned_no"]),
        _TAKEN: holder_of(work, BuildingModel, "building_key", values, other_than=model.record_id),
        _RED_LINE: [
            (plane_in(work, one.plane_system, one.outline), one.outline) for one in _red_lines(work, project_id)
        ],
        _NEIGHBOURS: [
            (one.building_no, one.plane, one.footprint, one.podium_floors, one.floors_above) for one in others
        ],
    }


def _red_lines(work: Work, project_id: UUID | None) -> Sequence[RedLine]:
    return red_lines_of(work, project_id) if project_id is not None else ()


Table = tuple[NaturalBuilding, Sequence[HouseUnit]]


@rule(FORMAT, "楼号唯一、对应建筑存在", Severity.REFUSE, "该楼号已有生效模型，请在原记录上更新")
def building_is_there(model: Proposal) -> Iterator[Fault]:
    if model.found.get(_TAKEN):
        yield Fault("building_no")
    if model["natural_building_no"] and model.found.get(_TABLE) is None:
        yield Fault("natural_building_no", "本项目没有这个自然幢，请核对编号或先关联楼盘表")
    if model["planned_no"] and model.found.get(_PLANNED) is None:
        yield Fault("planned_no", "本项目生效的工程规划许可证中没有这个规划建筑物")
    if not model["natural_building_no"] and not model["planned_no"]:
        yield Fault("planned_no", "请选择轮廓对应的自然幢或规划建筑物")


def _disagreements(model: Proposal) -> Iterator[Fault]:
    """Say where storeys, plans and homes do not refer to each other."""
    plans: dict[int | None, set[str]] = {}
    for line in model.lines("parts"):
        plans.setdefault(line.get("plan_no"), set()).add(line.get("part_no") or "")
    on: dict[int | None, int | None] = {}
    if not model.lines("storeys"):
        yield Fault("storeys", "没有楼层，请先生成模型")
    for number, line in enumerate(model.lines("storeys"), 1):
        on[line.get("storey_no")] = line.get("plan_no")
        if line.get("storey_no") == 0:
            yield Fault(f"storeys.{number}.storey_no", "没有0层，地下一层为-1")
        if line.get("plan_no") not in plans:
            yield Fault(f"storeys.{number}.plan_no", "没有这个平面")
    for number, line in enumerate(model.lines("units"), 1):
        if (line.get("part_no") or "") not in plans.get(on.get(line.get("storey_no")), set()):
            yield Fault(f"units.{number}.part_no", "该层的平面上没有这个部位")


@rule(FORMAT, "楼层、平面和分户一致", Severity.REFUSE, "楼层和平面不一致，请重新分户")
def lists_agree(model: Proposal) -> Iterator[Fault]:
    yield from _disagreements(model)


def _whole(model: Proposal) -> bool:
    """Return whether the lists can be read as a model at all."""
    named = all(line.get(name) is not None for line in model.lines("storeys") for name in ("storey_no", "plan_no"))
    drawn = all(line.get("outline") is not None for line in model.lines("parts"))
    return named and drawn and model["method"] is not None and not list(_disagreements(model))


@rule("SPA-15", "各户轮廓不重叠，面积与楼盘表相近", Severity.WARN, "模型几何不正确")
def homes_lie_beside_each_other(model: Proposal) -> Iterator[Fault]:
    if not _whole(model):
        return
    lists = {name: model.lines(name) for name in ("storeys", "parts", "units")}
    built = model_of(model.values, lists)
    for found in check_model(built):
        yield Fault("parts", found.message, severity=Severity.REFUSE)
    table: Table | None = model.found.get(_TABLE)
    areas = {unit.house_code: unit.surveyed_gross or unit.forecast_gross for unit in table[1]} if table else {}
    off = [
        home.room
        for home in built.homes
        if (area := areas.get(home.code)) and not _LEAST <= Decimal(str(home.area)) / area <= _MOST
    ]
    if off:
        named = "、".join(off[:10]) + (f"等{len(off)}户" if len(off) > 10 else "")
        yield Fault("units", f"轮廓面积与楼盘表面积相差超过30%：{named}，请核对或说明原因")


@rule("SPA-13", "模型层数与楼盘表一致", Severity.WARN, "模型层数与楼盘表不一致")
def storeys_are_those_of_the_table(model: Proposal) -> Iterator[Fault]:
    table: Table | None = model.found.get(_TABLE)
    planned: PlannedBuilding | None = model.found.get(_PLANNED)
    above, below = model["floors_above"], model["floors_below"]
    if above is None or below is None:
        return
    if table is not None and not model["logical_no"]:
        told = f"模型地上{above}层、地下{below}层，楼盘表地上{table[0].floors_above}层、地下{table[0].floors_below}层"
        if (table[0].floors_above, table[0].floors_below) != (above, below):
            yield Fault("floors_above", f"{told}，请核对或说明原因")
    elif planned is not None and (planned.floors_above, planned.floors_below) != (above, below):
        told = f"模型地上{above}层、地下{below}层，规划地上{planned.floors_above}层、地下{planned.floors_below}层"
        yield Fault("floors_above", f"{told}，请核对或说明原因")


def matched(lines: Sequence[Values], units: Sequence[HouseUnit]) -> tuple[set[str], list[str]]:
    """Return the codes of the table that the model's lines name, and those they name although the table has them not."""
    codes = {unit.house_code for unit in units}
    named: list[str] = [line["house_code"] for line in lines if line.get("house_code")]
    return codes & set(named), sorted({one for one in named if one not in codes})


@rule("SPA-14", "分户与楼盘表匹配", Severity.WARN, "分户与楼盘表没有全部匹配")
def homes_are_matched(model: Proposal) -> Iterator[Fault]:
    table: Table | None = model.found.get(_TABLE)
    if table is None or not table[1]:
        return
    found, foreign = matched(model.lines("units"), table[1])
    unmatched = sum(not line.get("house_code") for line in model.lines("units"))
    rate = Decimal(len(found) * 100) / len(table[1])
    if foreign:
        yield Fault("units", f"楼盘表中没有房屋编码{foreign[0]}", severity=Severity.REFUSE)
    if rate == 100 and not unmatched:
        return
    told = f"楼盘表{len(table[1])}户，已匹配{len(found)}户（{rate:.1f}%），模型多出{unmatched}处"
    least = model.thresholds.decimal(MATCH_LEAST)
    few = rate < least and any(
        line.get("method") and line["method"].value != "UNDIVIDED" for line in model.lines("storeys")
    )
    if few:
        yield Fault("units", f"{told}，低于{shown(least)}%，不能提交", severity=Severity.REFUSE)
    else:
        yield Fault("units", f"{told}，请核对匹配报告或说明原因")


@rule("SPA-12", "与相邻建筑轮廓不重叠", Severity.WARN, "与其他建筑的轮廓重叠")
def stands_beside_the_others(model: Proposal) -> Iterator[Fault]:
    if model["footprint"] is None:
        return
    own = polygons_of(model["footprint"])
    for number, plane, footprint, podium, floors in model.found.get(_NEIGHBOURS, ()):
        # A tower begins where its podium ends.
        if (
            plane is not model["plane"]
            or podium >= (model["floors_above"] or 0)
            or (model["podium_floors"] or 0) >= floors
        ):
            continue
        common = shapely.intersection(own, polygons_of(footprint), grid_size=0.001).area
        if common > _ON_ANOTHER:
            yield Fault("footprint", f"与{number}轮廓重叠{common:.1f}平方米，请核对或说明原因")


@rule("SPA-11", "在用地红线内", Severity.WARN, "建筑超出用地红线")
def stands_within_the_red_line(model: Proposal) -> Iterator[Fault]:
    lines: Sequence[tuple[Plane, Geometry]] = model.found.get(_RED_LINE) or ()
    if not lines or model["footprint"] is None or model["plane"] is None:
        return
    own, plane = polygons_of(model["footprint"]), PLANES[model["plane"].value]
    land = [in_plane(polygons_of(one), line, plane) for line, one in lines if convertible(line, plane)]
    if not land:
        return
    outside = shapely.difference(own, shapely.union_all(land), grid_size=0.001).area
    most = model.thresholds.decimal(OUTSIDE_MOST)
    if outside > _BEYOND:
        told = f"超出用地红线{outside:.1f}平方米（{outside * 100 / own.area:.1f}%）"
        if outside * 100 / own.area > most:
            yield Fault("footprint", f"{told}，超过{shown(most)}%，不能提交", severity=Severity.REFUSE)
        else:
            yield Fault("footprint", f"{told}，请核对或说明原因")


def _kept_shape(work: Work, row: BuildingModel, _: Revision) -> None:
    """Tie the model to its building and write the document that pages read."""
    if row.project_id is None:
        raise NotFound
    natural = natural_building_of(work, row.project_id, row.natural_building_no)
    planned = planned_building_of(work, row.project_id, row.planned_no)
    units = units_of(work, natural.id, row.logical_no) if natural is not None else []
    lists = {
        child.name: [values_of(line) for line in lines_in_force(work, child, row.id)]
        for child in BUILDING_MODEL.children
    }
    found, _foreign = matched(lists["units"], units)
    row.natural_building_id = natural.id if natural is not None else None
    row.planned_building_id = planned.id if planned is not None else None
    row.homes_total = len({line["house_code"] or (line["storey_no"], line["part_no"]) for line in lists["units"]})
    row.homes_matched = len(found)
    row.match_rate = Decimal(len(found) * 100) / len(units) if units else None
    work.add(row)
    _drop_shape(work, row, _)
    ids = {unit.house_code: unit.id for unit in units}
    centre = polygons_of(row.footprint).centroid
    shape = ModelShape(
        building_model_id=row.id,
        project_id=row.project_id,
        natural_building_id=row.natural_building_id,
        plane=row.plane,
        centre_e=round(centre.x * 1000),
        centre_n=round(centre.y * 1000),
        shape=shape_of(values_of(row), lists, ids),
    )
    work.add(shape)


def _drop_shape(work: Work, row: BuildingModel, _: Revision) -> None:
    for shape in work.rows(ModelShape, ModelShape.building_model_id == row.id):
        work.session.delete(shape)
    work.session.flush()


BUILDING_MODEL = kept(
    Kind(
        name=KIND_NAME,
        label="建筑物三维模型",
        row=81,
        prefix="MX",
        table=BuildingModel,
        makers=Makers(draft=OPERATORS, submit=OPERATORS, owner=whose, follow=_as_the_project, about="project"),
        look=Look(
            title="building_no",
            grid=(
                *("building_no", "natural_building_no", "planned_no", "method", "floors_above", "floors_below"),
                *("homes_total", "homes_matched", "match_rate"),
            ),
            filters=("building_no", "natural_building_no", "method", "match_rate"),
            sections={"building_no": "对应建筑", "plane": "轮廓与楼层", "method": "分户"},
            purpose="建筑物分层分户三维模型",
        ),
        review=(DISTRICT, SPATIAL_LEVEL),
        children=(
            Child("storeys", "楼层", ModelStorey, ("storey_no",), 200),
            Child("parts", "平面部位", ModelPart, ("plan_no", "part_no"), 5000),
            Child("units", "分户", ModelUnit, ("storey_no", "part_no"), 5000),
        ),
        slots=(
            Slot("drawing", "总平面图（DXF）"),
            Slot("floor_plan", "楼层平面图（DXF）"),
            Slot("city_json", "导入的CityJSON"),
        ),
        rules=rules_in(vars()),
        facts=Facts(look=look),
        ties=Ties(needs=(PROJECT_NEED,)),
        effects=Effects(on_effective=_kept_shape, on_void=_drop_shape),
        stage=Stage(ProjectStage.CONSTRUCTION, optional=True),
    )
)
shown_with(ModelShape, "building_model_id", BuildingModel)
