"""A sales plan made from records: buildings ticked with the reasons against each, then text, schedule and units filled in (row 76)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col

from models.access import MARKET, PROJECT_OFFICE
from models.building_tables import SaleRole
from models.codes import Code
from models.companies import ProjectCompany
from models.planning import EngineeringPlanningPermit, PlannedBuilding
from models.progress import Milestone, MilestoneCode, MilestoneScope
from models.projects import Project
from models.records import Revision, SourceMode
from models.sales_plans import FacilityKind, PlanNumber, SaleKind, SalesPlan
from services.engine.cycle import acts
from services.engine.cycle_drafts import copied_lines
from services.engine.cycle_orders import Begin, Begun, Save, Saved
from services.engine.kinds import Owner
from services.engine.orders import OneRow
from services.engine.proposals import form_of, raw_row
from services.engine.refusals import Conflict, NotFound, Rejected
from services.engine.registry import action, query
from services.engine.work import Work
from services.projects.ownership import own_project
from services.sales.plan_facts import KIND, ground_of, permits_under
from services.sales.plan_ground import PlanGround, SeenBuilding, SeenUnit, reasons_against
from services.sales.plan_rules import OUTLIER_FACTOR
from services.sales.plan_sums import sums_of, total_of
from services.sales.sales_plan import SALES_PLAN, number_of

_STEPS = (MilestoneCode.M07, MilestoneCode.M09, MilestoneCode.M12, MilestoneCode.M16, MilestoneCode.M17)
#: Values of a unit's line that its user decides; they stay when buildings are ticked anew.
_DECIDED = ("sale_role", "inner_area", "shared_area", "unit_price", "total_price")


@dataclass(frozen=True)
class AskBuildings:
    """A question for the buildings of a project that a plan may sell; `revision_id` is the draft that ticks them."""

    project_id: UUID
    sale_kind: SaleKind = SaleKind.PRESALE
    revision_id: UUID | None = None


@dataclass(frozen=True)
class BuildingChoice:
    """A building of a project with the reasons why it cannot be ticked, each with the code of its rule."""

    number: str
    name: str
    use: str
    sets: int
    area: str
    reasons: tuple[tuple[str, str], ...]
    ticked: bool


@query("sales_plans.buildings", "可列入销售方案的楼幢", roles=set(PROJECT_OFFICE))
def buildings_to_sell(work: Work, order: AskBuildings) -> list[BuildingChoice]:
    """Return the buildings of a project of the caller's company, by name."""
    own_project(work, order.project_id)
    draft = _own_draft(work, order.revision_id) if order.revision_id is not None else None
    payload = draft.payload.json() if draft is not None else {}
    ticked = {str(line.get("natural_building_no")) for line in payload.get("children", {}).get("buildings", ())}
    changes_no = str(payload.get("values", {}).get("changes_no") or "")
    found = ground_of(
        work, order.project_id, record_id=draft.record_id if draft is not None else None, changes_no=changes_no
    )
    thresholds = work.thresholds.over(draft.district_code if draft is not None else "")
    return [
        BuildingChoice(
            one.number,
            one.name,
            one.use,
            len(one.units),
            f"{one.area:,.2f}" if one.area is not None else "",
            tuple(dict.fromkeys(reasons_against(one, order.sale_kind, thresholds))),
            one.number in ticked,
        )
        for one in sorted(found.buildings.values(), key=lambda one: (len(one.name), one.name, one.number))
    ]


def _own_draft(work: Work, revision_id: UUID) -> Revision:
    row = work.get(Revision, revision_id)
    if row.kind != KIND or row.author_unit != work.caller.unit_id:
        raise NotFound
    return row


# Drafts


@dataclass(frozen=True)
class DraftPlan:
    """An order to make a plan for these buildings of a project."""

    project_id: UUID
    sale_kind: SaleKind
    numbers: tuple[str, ...]


@action("sales_plans.draft", "生成销售方案", roles=set(PROJECT_OFFICE), event="")
def draft_plan(work: Work, order: DraftPlan) -> Begun:
    """Begin a plan filled from records; a building that cannot be sold is refused with its reasons."""
    owner = own_project(work, order.project_id)
    found = ground_of(work, order.project_id)
    ticked = _ticked(found, order.numbers, order.sale_kind, work, owner)
    values = _values(work, owner, found, ticked, order.sale_kind)
    lists = {
        "buildings": [{"natural_building_no": one.number, "building_name": one.name} for one in ticked],
        "schedule": _schedule(work, owner, ticked),
        "units": [_unit(one, unit) for one in ticked for unit in one.units],
        "facilities": _facilities(work, owner),
    }
    begun = acts(KIND).begin(work, Begin(order.project_id, values, lists, SourceMode.PREFILLED))
    number_of(work, begun.record_id, owner)
    return begun


def _ticked(found: PlanGround, numbers: Sequence[str], kind: SaleKind, work: Work, owner: Owner) -> list[SeenBuilding]:
    """Return the ticked buildings, or refuse with the first reason against each that cannot be sold."""
    if not numbers:
        raise Rejected("请至少勾选一幢")
    thresholds = work.thresholds.over(owner.district_code)
    ticked, against = [], []
    for number in dict.fromkeys(numbers):
        one = found.buildings.get(number)
        if one is None:
            raise NotFound
        if reason := next(reasons_against(one, kind, thresholds), None):
            against.append(f"“{one.name}”{reason[1]}（{reason[0]}）")
        ticked.append(one)
    if against:
        raise Conflict("；".join(against))
    return ticked


def _values(
    work: Work, owner: Owner, found: PlanGround, ticked: Sequence[SeenBuilding], kind: SaleKind
) -> dict[str, str]:
    project = work.find(Project, Project.id == owner.project_id, missing=NotFound())
    company = work.first(ProjectCompany.name, ProjectCompany.id == owner.project_company_id)
    finish = [one.planned_finish for building in ticked for one in building.works if one.planned_finish is not None]
    property_rooms = [
        f"{building.name}{unit.room}"
        for building in ticked
        for unit in building.units
        if unit.role is SaleRole.OWNERS_COMMON and "物业" in unit.use
    ]
    values: dict[str, Any] = {
        "sale_kind": kind,
        "position": project.address,
        "finish_on": max(finish, default=project.planned_finish_on),
        "deliver_on": project.planned_delivery_on,
        "decoration": _decoration(work, owner),
        "quality_bearer": company,
        "pm_rooms": "、".join(property_rooms)[:500],
        "mortgage_note": f"{'、'.join(found.mortgages)}已抵押"[:500] if found.mortgages else None,
    }
    return {name: _raw(value) for name, value in values.items() if value}


def _raw(value: Any) -> str:
    if isinstance(value, Code):
        return str(value.value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _planned(work: Work, owner: Owner) -> Sequence[PlannedBuilding]:
    permits = work.in_force(EngineeringPlanningPermit, project=owner.project_id, by=EngineeringPlanningPermit.id)
    return work.rows(
        PlannedBuilding,
        col(PlannedBuilding.record_id).in_([one.id for one in permits]),
        by=(PlannedBuilding.building_no, PlannedBuilding.id),
    )


def _decoration(work: Work, owner: Owner) -> Code | None:
    """Return the standard of delivery where all planned buildings have one."""
    known = {one.delivery_standard for one in _planned(work, owner) if one.delivery_standard is not None}
    return known.pop() if len(known) == 1 else None


def _facilities(work: Work, owner: Owner) -> list[dict[str, str]]:
    """Return the public facilities that the planning permits name."""
    found = {}
    for one in _planned(work, owner):
        if one.public_facility_area:
            name = f"{one.building_no}{one.name or ''}公共设施"[:100]
            found[name] = {
                "facility": name,
                "kind": FacilityKind.FREE.value,
                "owned_by": "按规划移交",
                "facility_area": str(one.public_facility_area),
            }
    return list(found.values())


def _schedule(work: Work, owner: Owner, ticked: Sequence[SeenBuilding]) -> list[dict[str, str]]:
    ids = {one.id for building in ticked for one in building.works}
    rows = work.rows(
        Milestone,
        Milestone.project_id == owner.project_id,
        Milestone.scope == MilestoneScope.UNIT,
        col(Milestone.milestone).in_(_STEPS),
        col(Milestone.subject_id).in_(ids),
    )
    known = {(row.subject_id, row.milestone): row for row in rows}
    return [line for building in ticked for line in _steps(building, known)]


def _steps(building: SeenBuilding, known: Mapping[tuple[UUID, MilestoneCode], Milestone]) -> Iterator[dict[str, str]]:
    """Yield the steps of a building: planned ones as far as a plan says, the end of its works in any case."""
    for code in _STEPS:
        rows = [row for one in building.structures if (row := known.get((one.id, code))) is not None]
        planned = max((row.planned_on for row in rows if row.planned_on is not None), default=None)
        actual = max((row.actual_on for row in rows if row.actual_on is not None), default=None)
        if planned is None and code is MilestoneCode.M17:
            planned = max((one.planned_finish for one in building.works if one.planned_finish), default=None)
        if (on := planned or actual) is not None:
            line = {"building_name": building.name, "step": code.label, "planned_on": on.isoformat()}
            yield line | ({"actual_on": actual.isoformat()} if actual is not None else {})


def _unit(building: SeenBuilding, unit: SeenUnit) -> dict[str, str]:
    """Return the line of a unit; a price filed before is taken over."""
    price = unit.price if unit.role is SaleRole.FOR_SALE else None
    total = total_of(unit.gross, price)
    line = {
        "house_code": unit.code,
        "building_name": building.name,
        "section_no": unit.section,
        "nominal_floor": unit.floor,
        "room_no": unit.room,
        "planned_use": unit.use,
        "layout": unit.layout,
        "sale_role": unit.role.value,
        "gross_area": str(unit.gross) if unit.gross is not None else "",
        "unit_price": str(price) if price is not None else "",
        "total_price": str(total) if total is not None else "",
    }
    return {name: value for name, value in line.items() if value}


@dataclass(frozen=True)
class TickBuildings:
    """Other buildings for a draft, with the version its page shows."""

    revision_id: UUID
    version: int
    sale_kind: SaleKind
    numbers: tuple[str, ...]


@action("sales_plans.tick", "调整销售楼幢", roles=set(PROJECT_OFFICE), event="")
def tick_buildings(work: Work, order: TickBuildings) -> Saved:
    """Choose the buildings of a draft anew; units of those that stay keep their roles and prices."""
    draft = _own_draft(work, order.revision_id)
    payload: dict[str, Any] = draft.payload.json()
    values, children = dict(payload.get("values", {})), dict(payload.get("children", {}))
    owner = Owner.of(draft)
    changes_no = str(values.get("changes_no") or "")
    found = ground_of(work, draft.project_id, record_id=draft.record_id, changes_no=changes_no)
    ticked = _ticked(found, order.numbers, order.sale_kind, work, owner)
    decided = {line.get("house_code"): line for line in children.get("units", ())}
    scheduled = {line.get("building_name") for line in children.get("schedule", ())}
    names = {one.name for one in ticked}
    fresh = [one for one in ticked if one.name not in scheduled]
    children["buildings"] = [{"natural_building_no": one.number, "building_name": one.name} for one in ticked]
    children["schedule"] = [
        *(line for line in children.get("schedule", ()) if line.get("building_name") in names),
        *_schedule(work, owner, fresh),
    ]
    children["units"] = [
        _with_decided(_unit(one, unit), decided.get(unit.code)) for one in ticked for unit in one.units
    ]
    number_of(work, draft.record_id, owner)
    saved: Saved = acts(KIND).save(
        work,
        Save(
            draft.id,
            order.version,
            {**values, "sale_kind": order.sale_kind.value},
            children,
            {slot: [UUID(one) for one in ids] for slot, ids in payload.get("files", {}).items()},
        ),
    )
    return saved


def _with_decided(line: dict[str, str], before: Mapping[str, Any] | None) -> dict[str, str]:
    if before is None:
        return line
    kept = {name: value for name, value in line.items() if name not in _DECIDED}
    return {**kept, **{name: str(before[name]) for name in _DECIDED if before.get(name)}}


@action("sales_plans.change", "申报变更方案", roles=set(PROJECT_OFFICE), event="")
def change_plan(work: Work, order: OneRow) -> Begun:
    """Begin a change plan over a plan that has a presale permit: a plan of its own, filled with what the first one says."""
    plan: SalesPlan = work.get(SalesPlan, order.id)
    owner = own_project(work, plan.project_id)
    if not permits_under(work, plan.plan_no):
        raise Conflict("本方案尚未取得预售许可，请直接修改")
    values = {**raw_row(plan), "changes_no": plan.plan_no}
    lists = copied_lines(work, SALES_PLAN, plan.id)
    begun = acts(KIND).begin(work, Begin(plan.project_id, values, lists, SourceMode.PREFILLED))
    number_of(work, begun.record_id, owner)
    return begun


@dataclass(frozen=True)
class PlanSettings:
    """The number of a plan, and how many times the median a price may differ before it is marked."""

    number: str
    factor: Decimal


@query("sales_plans.settings", "销售方案的编号和价格提示", roles=set(MARKET))
def plan_settings(work: Work, revision_id: UUID) -> PlanSettings:
    """Return the number of the plan of a version that the caller sees, and the factor of its district."""
    row = work.get(Revision, revision_id)
    if row.kind != KIND:
        raise NotFound
    number = work.first(PlanNumber.plan_no, PlanNumber.record_id == row.record_id) or ""
    return PlanSettings(number, work.thresholds.over(row.district_code).decimal(OUTLIER_FACTOR))


# Plans of a project


@dataclass(frozen=True)
class PlanLine:
    """A plan of a project as its page lists it: the version on its way, or the one in force."""

    record_id: UUID
    number: str
    title: str
    state: Code
    version_no: int
    sets: int | None
    area: str
    price: str
    permits: tuple[str, ...]


@dataclass(frozen=True)
class PlansOfProject:
    """The plans of a project, the newest first; `mine` says that the caller's company may make another."""

    project: str
    mine: bool
    plans: tuple[PlanLine, ...]


@query("sales_plans.of_project", "项目的销售方案", roles=set(MARKET))
def plans_of_project(work: Work, project_id: UUID) -> PlansOfProject:
    """Return the plans of a project that the caller sees, one line a record."""
    project = work.get(Project, project_id)
    rows = work.rows(
        work.visible(Revision),
        Revision.kind == KIND,
        Revision.project_id == project_id,
        by=(col(Revision.version_no).desc(), Revision.id),
    )
    newest: dict[UUID, Revision] = {}
    for row in rows:
        newest.setdefault(row.record_id, row)
    ids = list(newest)
    numbers = {one.record_id: one.plan_no for one in work.rows(PlanNumber, col(PlanNumber.record_id).in_(ids))}
    plans = {one.id: one for one in work.rows(SalesPlan, col(SalesPlan.id).in_(ids))}
    lines = [
        _plan_line(work, row, plans.get(record_id), numbers.get(record_id, "")) for record_id, row in newest.items()
    ]
    lines.sort(key=lambda one: one.number, reverse=True)
    return PlansOfProject(project.name, project.project_company_id == work.caller.enterprise_id, tuple(lines))


def _plan_line(work: Work, row: Revision, plan: SalesPlan | None, number: str) -> PlanLine:
    """Return the line of a plan: of one that never was in force the figures are those of its version."""
    known = plan.plan_no if plan is not None else number
    if plan is not None:
        sets, area, price = plan.sets_for_sale, plan.area_for_sale, plan.price_avg
    else:
        sums = sums_of(form_of(SALES_PLAN, row.payload.json()).children["units"])
        sets, area, price = sums.sets(SaleRole.FOR_SALE), sums.area(SaleRole.FOR_SALE), sums.average
    return PlanLine(
        row.record_id,
        known,
        str(row.title.json()),
        row.state,
        row.version_no,
        sets,
        f"{area:,.2f} ㎡" if area is not None else "",
        f"{price:,.2f} 元/㎡" if price is not None else "",
        permits_under(work, known) if plan is not None and known else (),
    )
