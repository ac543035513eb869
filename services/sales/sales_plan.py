"""销售方案 (row 76): whole buildings for presale or current sale with role and price of every unit; two levels of review."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col

from models.building_tables import HouseUnit, NaturalBuilding, SaleRole
from models.land_codes import ProjectStage
from models.records import InForceState, Revision
from models.sales_plans import (
    PlannedFacility,
    PlannedSale,
    PlannedStep,
    PlanNumber,
    SaleKind,
    SalesPlan,
    SoldBuilding,
)
from services.engine.cycle import kept
from services.engine.cycle_effect import end_record
from services.engine.events import Event
from services.engine.kinds import (
    CITY,
    DISTRICT,
    KINDS,
    Child,
    Effects,
    Facts,
    Kind,
    Look,
    Owner,
    Slot,
    Ties,
    Values,
)
from services.engine.proposals import values_of
from services.engine.refusals import Conflict
from services.engine.work import Work, shown_with
from services.projects.list_names import project_title
from services.projects.ownership import PROJECT_NEED, of_project
from services.projects.stages import in_project, settles
from services.sales.plan_facts import KIND, look, permits_under, plan_numbered
from services.sales.plan_rules import CONSENT, PAPERS, RULES
from services.sales.plan_sums import sums_of

#: A version of a plan takes effect, or a plan ends: its paper is issued or replaced.
IN_FORCE: Event[SalesPlan] = Event("sales_plan.in_force")
OVER: Event[SalesPlan] = Event("sales_plan.over")
#: A plan has at most so many units.
MOST_UNITS = 6000
shown_with(PlanNumber, "record_id", SalesPlan)


def number_of(work: Work, record_id: UUID, owner: Owner) -> None:
    """Have the door draw the number of a plan, unless it has one: XSFA-district-year-serial."""
    if owner.project_id is None or work.has(PlanNumber, PlanNumber.record_id == record_id):
        return
    series = f"XSFA-{owner.district_code}-{work.today:%Y}-"
    row = PlanNumber(record_id=record_id, project_id=owner.project_id, plan_no=f"~{record_id}"[:40])
    work.add(row)

    def take(value: int) -> None:
        row.plan_no = f"{series}{value:05d}"
        work.add(row)
        plan = work.session.get(SalesPlan, record_id)
        if plan is not None:
            plan.plan_no = row.plan_no
            work.add(plan)

    work.numbers.append((series, take))


def titled(work: Work, owner: Owner, values: Values) -> str:
    """Name a draft by its project and the way of sale."""
    kind = values.get("sale_kind")
    label = kind.label if isinstance(kind, SaleKind) else "销售"
    return f"{project_title(work, owner)}{label}方案"


def _licensed(work: Work, plan: SalesPlan) -> str:
    """Say why a plan is frozen: a presale permit was issued under it (SAL-19)."""
    permits = permits_under(work, plan.plan_no)
    return f"本方案已取得预售许可证{'、'.join(permits)}，不能直接修改，请申报变更方案" if permits else ""


def _effective(work: Work, plan: SalesPlan, revision: Revision) -> None:
    """Number a plan, add it up, write roles and prices to its units, and end the plan it replaces."""
    known = work.first(PlanNumber, PlanNumber.record_id == plan.id)
    if known is None:
        number_of(work, plan.id, Owner.of(plan))
    else:
        plan.plan_no = known.plan_no
    plan.project_name = project_title(work, Owner.of(plan))
    lines = work.rows(PlannedSale, PlannedSale.record_id == plan.id)
    sums = sums_of([values_of(line) for line in lines])
    plan.sets_for_sale, plan.area_total = sums.sets(SaleRole.FOR_SALE), sums.total
    plan.area_for_sale, plan.area_self_held = sums.area(SaleRole.FOR_SALE), sums.area(SaleRole.SELF_HELD)
    plan.area_affordable = sums.area(SaleRole.AFFORDABLE, SaleRole.RELOCATION)
    plan.area_public, plan.area_common = sums.area(SaleRole.PUBLIC_FACILITY), sums.area(SaleRole.OWNERS_COMMON)
    plan.price_avg, plan.price_min, plan.price_max = sums.average, sums.lowest, sums.highest
    work.add(plan)
    _write_units(work, plan, lines)
    if plan.changes_no and (former := plan_numbered(work, plan.project_id, plan.changes_no)) is not None:
        end_record(work, KINDS[KIND], former.id, f"由变更方案{plan.plan_no or plan.record_no}替代")
    IN_FORCE.happened(work, plan)


def _voided(work: Work, plan: SalesPlan, _: Revision) -> None:
    """Take back the filed prices of a voided plan; one with a presale permit ends only by its change plan."""
    OVER.happened(work, plan)
    replaced = work.has(SalesPlan, SalesPlan.changes_no == plan.plan_no, SalesPlan.in_force == InForceState.EFFECTIVE)
    if replaced:
        return
    if permits := permits_under(work, plan.plan_no):
        raise Conflict(f"本方案已取得预售许可证{'、'.join(permits)}，不能作废，请由企业申报变更方案")
    ids = work.rows(PlannedSale.house_unit_id, PlannedSale.record_id == plan.id)
    for unit in work.rows(HouseUnit, col(HouseUnit.id).in_([one for one in ids if one is not None])):
        if unit.filed_unit_price is not None:
            unit.filed_unit_price = None
            work.add(unit)


def _write_units(work: Work, plan: SalesPlan, lines: Sequence[PlannedSale]) -> None:
    sold = work.rows(SoldBuilding, SoldBuilding.record_id == plan.id)
    numbers = [one.natural_building_no for one in sold]
    buildings = {
        row.natural_building_no: row
        for row in work.rows(NaturalBuilding, col(NaturalBuilding.natural_building_no).in_(numbers))
    }
    for one in sold:
        row = buildings.get(one.natural_building_no)
        if row is not None and one.natural_building_id != row.id:
            one.natural_building_id = row.id
            work.add(one)
    ids = [row.id for row in buildings.values()]
    units = {row.house_code: row for row in work.rows(HouseUnit, col(HouseUnit.natural_building_id).in_(ids))}
    for line in lines:
        unit = units.get(line.house_code)
        if unit is None:
            continue
        price = line.unit_price if line.sale_role is SaleRole.FOR_SALE else None
        if line.sale_role is not None and (unit.sale_role, unit.filed_unit_price) != (line.sale_role, price):
            unit.sale_role, unit.filed_unit_price = line.sale_role, price
            work.add(unit)
        if line.house_unit_id != unit.id:
            line.house_unit_id = unit.id
            work.add(line)


SALES_PLAN = kept(
    Kind(
        name=KIND,
        label="销售方案",
        row=76,
        prefix="XS",
        table=SalesPlan,
        makers=of_project(KIND, SalesPlan, several=True),
        look=Look(
            title="plan_no",
            grid=(
                *("plan_no", "project_name", "sale_kind", "sets_for_sale", "area_for_sale", "price_avg"),
                *("finish_on", "deliver_on"),
            ),
            filters=("plan_no", "project_name", "sale_kind", "finish_on", "deliver_on"),
            sections={
                "sale_kind": "方案",
                "float_range": "价格与权属",
                "escrow_bank": "资金监管与抵押",
            },
            change="修改",
            purpose="商品房预售、现售方案管理",
            titled=titled,
        ),
        review=(DISTRICT, CITY),
        children=(
            Child("buildings", "销售楼幢", SoldBuilding, ("natural_building_no",), 200, least=1),
            Child("schedule", "建设进度安排", PlannedStep, ("building_name", "step"), 1000),
            Child("units", "房屋与价格（一房一价）", PlannedSale, ("house_code",), MOST_UNITS, apart=True),
            Child("facilities", "配套设施", PlannedFacility, ("facility",), 200),
        ),
        slots=(
            Slot("evidence", "形象进度证明", least=1),
            *(Slot(name, label) for name, label in PAPERS.items()),
            Slot(CONSENT, "抵押权人同意证明", help="土地或房屋已抵押的上传"),
            Slot("escrow", "资金监管协议"),
        ),
        rules=RULES,
        facts=Facts(look=look),
        ties=Ties(needs=(PROJECT_NEED, in_project("unit_natural_link", "单位工程与楼盘表关联")), may_update=_licensed),
        effects=Effects(on_effective=_effective, on_void=_voided),
        stage=settles(ProjectStage.PRESALE),
    )
)
