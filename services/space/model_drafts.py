"""Drafts of models: made from the outlines of a drawing, divided anew, matched by hand; the review follows the cycle (row 81)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from models.geometry import Geometry
from models.normal import normal_building_no
from models.records import Revision
from models.sealing import sm3_hex
from models.space_models import DrawingUse, MatchedBy, ModelPlane
from services.engine.child_lines import lines_in_force
from services.engine.cycle import acts
from services.engine.cycle_orders import Begin, Save, StartUpdate
from services.engine.proposals import Form, form_of, values_of
from services.engine.refusals import NotFound, Rejected
from services.engine.registry import action
from services.engine.work import Work
from services.space.building_model import BuildingModel, FloorPlan, Method, PlannedHome, StoreyPlans, build_model
from services.space.drawing_answers import homes_of
from services.space.drawing_queue import answer_to, drawing_file
from services.space.geometry_field import polygons_of
from services.space.model_content import lists_of, model_of, planned_homes, storey_outline
from services.space.model_kind import BUILDING_MODEL, KIND_NAME, OPERATORS, natural_building_of
from services.space.plan_outlines import PlanOutline, model_in_force, seen_project
from services.space.site_plan import Building
from services.space.storey_cuts import Line, cut, cuts_across, fitted, numbered, storeys_named, typical
from services.space.table_rows import home_rows, units_of

#: Square metres by which an outline may differ from the one before it and still keep what was divided by hand.
SAME = 1.0
_MOST_CORE = 40
_REASON = "依据新的总平面图更新模型"
Lists = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class TiedOutline:
    """An outline of a drawing tied to its building, with the storeys its operator confirmed."""

    outline: PlanOutline
    number: str
    above: int
    below: int
    natural_no: str = ""
    planned_no: str = ""
    logical_no: str = ""


@dataclass(frozen=True)
class DraftModels:
    """The outlines of a drawing to be made models of; `base` is the height of the ground floors above the datum."""

    project_id: UUID
    plane: ModelPlane
    drawing: str
    outlines: tuple[TiedOutline, ...]
    #: The drawing that was read, whose file the models cite; none for a file that came another way.
    reading_id: UUID | None = None
    base: Decimal = Decimal(0)
    #: What a file says of single storeys, by the place of the outline.
    storeys: Mapping[int, StoreyPlans] = field(default_factory=dict)


@dataclass(frozen=True)
class DraftedModel:
    """A draft that was made, with how far its homes are matched."""

    number: str
    revision_id: UUID
    homes: int
    matched: int
    in_table: int
    schematic: bool
    note: str = ""


@dataclass
class Standing(StoreyPlans):
    """Work done by hand on a model before: homes divided by hand or by a drawing, and homes matched by hand."""

    by_hand: dict[tuple[int, str], str] = field(default_factory=dict)


def drawing_name(name: str, content: bytes) -> str:
    """A drawing as its models name it: its name with the digest of its content."""
    return f"{name[-100:]}（SM3 {sm3_hex(content)[:12]}）"


@action("building_models.draft", "起草三维模型", roles=set(OPERATORS), event="")
def draft_models(work: Work, order: DraftModels) -> tuple[DraftedModel, ...]:
    """Make a draft for each outline: a new record, or the next version of the one in force, which keeps what was done by hand."""
    seen_project(work, order.project_id)
    numbers = [normal_building_no(one.number) for one in order.outlines]
    if not numbers or "" in numbers:
        raise Rejected("请为每个选中的轮廓填写楼号")
    if twice := sorted({one for one in numbers if numbers.count(one) > 1}):
        raise Rejected(f"楼号{'、'.join(twice)}选中了多个轮廓，请只保留一个")
    return tuple(_draft(work, order, place) for place in range(len(order.outlines)))


def _draft(work: Work, order: DraftModels, place: int) -> DraftedModel:
    tied = order.outlines[place]
    number = normal_building_no(tied.number)
    polygon = polygons_of(tied.outline.outline)
    before = model_in_force(work, order.project_id, number)
    note, standing = "", Standing()
    if before is not None:
        lists: Lists = {
            child.name: [values_of(line) for line in lines_in_force(work, child, before.id)]
            for child in BUILDING_MODEL.children
        }
        standing = standing_of_lists(lists, polygons_of(before.footprint))
        # The new drawing says how high its storeys are.
        standing.levels = {}
        if polygons_of(before.footprint).symmetric_difference(polygon).area > SAME and standing.plans:
            note, standing.plans, standing.outlines = "轮廓已变，原有的手工分户未沿用", {}, {}
    homes = [PlannedHome(room, polygons_of(one)) for room, one in tied.outline.homes]
    values: dict[str, Any] = {
        "building_no": number,
        "planned_no": tied.planned_no or None,
        "natural_building_no": tied.natural_no or None,
        "logical_no": tied.logical_no or None,
        "plane": order.plane.value,
        "footprint": str(tied.outline.outline),
        "floors_above": tied.above,
        "floors_below": tied.below,
        "podium_floors": tied.outline.ground,
        "height_m": f"{tied.outline.height:g}" if tied.outline.height else None,
        "base_z": str(order.base) if tied.outline.base is None else f"{tied.outline.base:g}",
        "drawing": order.drawing,
    }
    if (told := order.storeys.get(place)) is not None:
        standing = Standing({**standing.plans, **told.plans}, told.outlines, told.levels, standing.by_hand)
    model = modelled(work, order.project_id, values, polygon, standing, homes=homes)
    values["method"] = model.method.value
    given = {name: value for name, value in values.items() if value is not None}
    files: dict[str, Sequence[UUID]] = {}
    if order.reading_id is not None:
        slot, file_id = drawing_file(work, order.reading_id)
        files[slot] = (file_id,)
    if before is None:
        begun = acts(KIND_NAME).begin(work, Begin(order.project_id))
    else:
        begun = acts(KIND_NAME).update(work, StartUpdate(before.id, _REASON))
    acts(KIND_NAME).save(work, Save(begun.revision_id, begun.version, given, lists_of(model), files))
    return _drafted(number, begun.revision_id, model, note)


def _drafted(number: str, revision_id: UUID, model: BuildingModel, note: str = "") -> DraftedModel:
    codes = {home.row.code for home in model.homes if home.row is not None}
    in_table = len(codes) + len(model.report.table_only)
    schematic = any(storey.method is Method.AUTO_SPLIT for storey in model.storeys)
    return DraftedModel(number, revision_id, len(model.homes), len(codes), in_table, schematic, note)


def standing_of_lists(lists: Lists, footprint: Any) -> Standing:
    """Return what stays when a model is made anew of its lines.

    That is: plans that are not schematic, matches by hand, levels, and outlines of storeys other than the footprint.
    """
    standing = Standing()
    plans: dict[int, list[Mapping[str, Any]]] = {}
    units: dict[int, list[Mapping[str, Any]]] = {}
    for line in lists["parts"]:
        plans.setdefault(line["plan_no"], []).append(line)
    for line in lists["units"]:
        units.setdefault(line["storey_no"], []).append(line)
        if line.get("matched_by") is MatchedBy.MANUAL and line.get("house_code"):
            standing.by_hand[line["storey_no"], line["part_no"]] = line["house_code"]
    outlines = {number: storey_outline(lines) for number, lines in plans.items()}
    for line in lists["storeys"]:
        method, number = Method(line["method"].value), line["storey_no"]
        standing.levels[number] = (float(line["base_z"]), float(line["height"]))
        outline = outlines.get(line["plan_no"])
        if outline is not None and outline.symmetric_difference(footprint).area > SAME:
            standing.outlines[number] = outline
        if method in (Method.MANUAL, Method.CAD_FLOOR_PLAN):
            homes = planned_homes(plans.get(line["plan_no"], ()), units.get(number, ()))
            standing.plans[number] = FloorPlan(method, tuple(homes))
    return standing


def modelled(
    work: Work,
    project_id: UUID | None,
    values: Mapping[str, Any],
    polygon: Any,
    standing: Standing,
    *,
    homes: Sequence[PlannedHome] = (),
) -> BuildingModel:
    """Build the model of an outline over the homes of the building table as it is now."""
    building = natural_building_of(work, project_id, values.get("natural_building_no"))
    units = units_of(work, building.id, values.get("logical_no")) if building is not None else []
    height = values.get("height_m")
    outline = Building(
        values["building_no"],
        int(values["floors_above"]),
        int(values["floors_below"]),
        float(height) if height else None,
        polygon,
        (),
    )
    ground = int(values.get("podium_floors") or 0)
    core = float(values.get("core_share") or 0) / 100
    rows = home_rows(units)
    if homes:
        bare = build_model(outline, rows, ground=ground)
        storeys = [one for one in bare.storeys if one.number > 0]
        plans = {**typical(Method.CAD_FLOOR_PLAN, homes, storeys), **standing.plans} if storeys else standing.plans
        standing = replace(standing, plans=plans)
    return build_model(outline, rows, own=standing, by_hand=standing.by_hand, ground=ground, core=core)


# ------------------------------------------------------------------ drafts in hand


@dataclass(frozen=True)
class InHand:
    """A draft with its content read."""

    row: Revision
    form: Form

    @property
    def polygon(self) -> Any:
        footprint = self.form.values.get("footprint")
        if not isinstance(footprint, Geometry):
            raise Rejected("没有基底轮廓，请先从总平面图生成模型")
        return polygons_of(footprint)


def in_hand(work: Work, revision_id: UUID) -> InHand:
    """A version of a model that the caller sees."""
    row = work.get(Revision, revision_id)
    if row.kind != KIND_NAME:
        raise NotFound
    return InHand(row, form_of(BUILDING_MODEL, row.payload.json()))


def _keep(
    work: Work,
    draft: InHand,
    version: int,
    model: BuildingModel,
    change: Mapping[str, Any] | None = None,
    files: Mapping[str, Sequence[UUID]] | None = None,
) -> DraftedModel:
    values = {**draft.form.raw, **(change or {}), "method": model.method.value}
    cited = draft.form.files if files is None else files
    acts(KIND_NAME).save(work, Save(draft.row.id, version, values, lists_of(model), cited))
    return _drafted(str(draft.form.values.get("building_no") or ""), draft.row.id, model)


@dataclass(frozen=True)
class Divide:
    """Divide storeys of a draft anew.

    By hand: at lines, or at distances along the long axis; `rooms` names the pieces. By a floor plan drawing. Else
    schematically, with a share of each storey kept for stairs and lifts.
    """

    revision_id: UUID
    version: int
    method: Method
    storeys: str = ""
    lines: tuple[Line, ...] = ()
    distances: tuple[float, ...] = ()
    rooms: tuple[str, ...] = ()
    #: The floor plan drawing that the worker read.
    reading_id: UUID | None = None
    core: Decimal = Decimal(0)


@action("building_models.divide", "分户", roles=set(OPERATORS), event="")
def divide(work: Work, order: Divide) -> DraftedModel:
    """Divide storeys of a draft; all others and the matches made by hand stay."""
    draft = in_hand(work, order.revision_id)
    lists: Lists = draft.form.children
    standing = standing_of_lists(lists, draft.polygon)
    known = {line["storey_no"]: line for line in lists["storeys"]}
    chosen = storeys_named(order.storeys, sorted(known))
    outlines = {one.number: one for one in model_of(draft.form.values, lists).storeys}
    storeys = [outlines[one] for one in chosen]
    share: dict[str, Any] = {}
    files = draft.form.files
    outline = storeys[0].outline
    if order.method is Method.AUTO_SPLIT:
        if not 0 <= order.core <= _MOST_CORE:
            raise Rejected(f"公共部位比例应在0至{_MOST_CORE}%之间")
        share = {"core_share": order.core}
        for one in chosen:
            standing.plans.pop(one, None)
    elif order.method is Method.MANUAL:
        lines = [*order.lines, *cuts_across(outline, order.distances)]
        standing.plans |= typical(Method.MANUAL, numbered(cut(outline, lines), order.rooms), storeys)
    elif order.method is Method.CAD_FLOOR_PLAN:
        if order.reading_id is None:
            raise Rejected("请先上传楼层平面图（DXF）")
        drawn = homes_of(answer_to(work, order.reading_id, DrawingUse.FLOOR_PLAN))
        slot, file_id = drawing_file(work, order.reading_id)
        files = {**files, slot: (*files.get(slot, ()), file_id)}
        standing.plans |= typical(Method.CAD_FLOOR_PLAN, fitted(drawn, outline), storeys)
    else:
        standing.plans |= {one: FloorPlan(Method.UNDIVIDED) for one in chosen}
    values = {**draft.form.values, **share}
    model = modelled(work, draft.row.project_id, values, draft.polygon, standing)
    return _keep(work, draft, order.version, model, {name: str(value) for name, value in share.items()}, files)


@dataclass(frozen=True)
class MatchHome:
    """Ties a home of a draft to one of the building table by hand; without a code it is matched by the rules again."""

    revision_id: UUID
    version: int
    storey: int
    part: str
    house_code: str = ""


@action("building_models.match", "匹配房屋", roles=set(OPERATORS), event="")
def match_home(work: Work, order: MatchHome) -> DraftedModel:
    """Tie a home by hand and match all others anew to the building table as it is now."""
    draft = in_hand(work, order.revision_id)
    lists: Lists = draft.form.children
    place = (order.storey, order.part)
    if place not in {(line["storey_no"], line["part_no"]) for line in lists["units"]}:
        raise Rejected("模型中没有这一户，请刷新后再试")
    standing = standing_of_lists(lists, draft.polygon)
    standing.by_hand = {
        one: code
        for one, code in standing.by_hand.items()
        if one != place and (one[0], code) != (order.storey, order.house_code)
    }
    if order.house_code:
        building = natural_building_of(work, draft.row.project_id, draft.form.values.get("natural_building_no"))
        units = units_of(work, building.id) if building is not None else []
        if order.house_code not in {unit.house_code for unit in units}:
            raise Rejected("楼盘表中没有这个房屋编码")
        standing.by_hand[place] = order.house_code
    model = modelled(work, draft.row.project_id, draft.form.values, draft.polygon, standing)
    return _keep(work, draft, order.version, model)
