"""销售方案: ticked buildings, plans made from records, two levels of review, effects, change plans (row 76)."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

import pytest
from sqlmodel import select

from models.building_tables import SaleRole, UnitNaturalLink
from models.land_codes import ProjectStage
from models.projects import Project
from models.records import InForceState, Revision, RevisionState
from models.sales import PresalePermit, PresaleStatus
from models.sales_plans import PlanNumber, SaleKind, SalesPlan
from services.engine.cycle import acts
from services.engine.cycle_orders import Begin, Decide, OneRevision, StartUpdate, Void
from services.engine.findings import Finding
from services.engine.orders import OneRow
from services.engine.refusals import Conflict, NotFound, Rejected
from services.engine.work import Work
from services.sales.made_plan import (
    AskBuildings,
    TickBuildings,
    buildings_to_sell,
    change_plan,
    plans_of_project,
    tick_buildings,
)
from tests.building import natural_building
from tests.land import PARCEL_LISTS, Land
from tests.sales import REASONS, Selling, selling
from tests.services.projects.desk import Desk

pytestmark = pytest.mark.row(76)


@pytest.fixture
def found(land: Land) -> Selling:
    return selling(land)


def codes(desk: Desk, version: UUID) -> set[str]:
    """The rules in the way of a submission."""
    with pytest.raises(Rejected) as no:
        desk.submit(version, REASONS)
    return {one.code for one in no.value.findings if str(one.severity) == "REFUSE"}


def licensed(selling_: Selling, plan: SalesPlan) -> None:
    """A presale permit issued under a plan."""

    def make(work: Work) -> None:
        work.add(
            PresalePermit(
                permit_no="浦东房管(2027)预字9000001号",
                sales_plan_no=plan.plan_no,
                status=PresaleStatus.ARCHIVED,
                issued_on=work.today,
                recorded_at=work.now,
                district_code="310115",
                project_id=selling_.project,
            )
        )

    selling_.land.market.world.act(make)


def test_each_building_that_cannot_be_ticked_says_why(found: Selling) -> None:
    good, low = found.building("1#"), found.building("2#", floors_done=12, topped=False)
    choices = {one.number: one for one in found.desk.ask(buildings_to_sell, "binjiang01", AskBuildings(found.project))}
    assert choices[good].reasons == ()
    assert [code for code, _ in choices[low].reasons] == ["SAL-06"]
    current = AskBuildings(found.project, SaleKind.CURRENT_SALE)
    late = {one.number: one.reasons for one in found.desk.ask(buildings_to_sell, "binjiang01", current)}
    assert {code for code, _ in late[good]} == {"SAL-17"}
    with pytest.raises(Conflict, match="SAL-06"):
        found.drafted(good, low)
    with pytest.raises(NotFound):
        found.desk.ask(buildings_to_sell, "xincheng01", AskBuildings(found.project))


def test_a_plan_is_made_from_records_and_ticked_anew(found: Selling) -> None:
    one, two = found.building("1#"), found.building("2#")
    version = found.drafted(one)
    view = found.desk.view(version)
    assert view.values["position"] == "花木街道芳甸路1200号"
    assert view.values["finish_on"] == "2028-06-15"
    assert len(view.children["units"]) == 6
    assert {line["building_name"] for line in view.children["schedule"]} == {"1#"}
    number = found.land.market.world.read(
        lambda work: work.find(PlanNumber, PlanNumber.record_id == view.record_id, missing=NotFound()).plan_no
    )
    assert number.startswith("XSFA-310115-2027-")
    lines = [{**line, "unit_price": "98000.00"} for line in view.children["units"]]
    found.desk.save(version, {}, {**view.children, "units": lines})
    order = TickBuildings(version, found.desk.view(version).version, SaleKind.PRESALE, (two, one))
    found.desk.perform(tick_buildings, "binjiang01", order)
    units = found.desk.view(version).children["units"]
    assert [line.get("unit_price") for line in units] == [None] * 6 + ["98000.00"] * 6
    # The list tells of a draft what it says now.
    (listed,) = found.desk.ask(plans_of_project, "binjiang01", found.project).plans
    assert (listed.sets, listed.area, listed.price) == (12, "1,074.00 ㎡", "98,000.00 元/㎡")


def test_two_tabs_that_tick_one_building_end_in_one_plan(found: Selling) -> None:
    building = found.building("1#")
    first, second = found.filled(building), found.filled(building)
    number = PlanNumber(
        record_id=found.land.market.row(Revision, first).record_id,
        project_id=found.project,
        plan_no="XSFA-310115-2027-00077",
    )
    found.land.market.world.act(lambda work: work.add(number) and None)
    found.desk.submit(first, REASONS)
    assert codes(found.desk, second) == {"SAL-18"}
    taken = found.desk.ask(buildings_to_sell, "binjiang01", AskBuildings(found.project))[0].reasons
    assert taken == (("SAL-18", "已列入方案XSFA-310115-2027-00077（待审核）"),)
    found.desk.perform(
        acts("sales_plan").send_back,
        "pdshen01",
        Decide(first, found.land.market.row(Revision, first).version, "请核对价格"),
    )
    found.desk.submit(second, REASONS)
    found.desk.approve(second, "pdshen01", "shishen01")
    assert codes(found.desk, first) == {"SAL-18"}


def test_a_plan_needs_district_and_city_and_writes_roles_and_prices(found: Selling) -> None:
    building = found.building("1#")
    lists = found.lists(building)
    lists["units"][0] |= {"sale_role": "SELF_HELD"}
    version = found.filled(building, lists=lists)
    found.desk.submit(version, REASONS)
    found.desk.approve(version, "pdshen01")
    assert found.land.market.row(Revision, version).state is RevisionState.SUBMITTED
    assert {unit.filed_unit_price for unit in found.units(building)} == {None}
    found.desk.approve(version, "shishen01")
    plan: SalesPlan = found.land.market.row(SalesPlan, found.desk.view(version).record_id)
    assert (plan.sets_for_sale, plan.area_for_sale, plan.area_self_held) == (5, Decimal("447.50"), Decimal("89.50"))
    assert (plan.price_avg, plan.plan_no[:17]) == (Decimal("100000.00"), "XSFA-310115-2027-")
    units = found.units(building)
    assert [unit.sale_role for unit in units[:2]] == [SaleRole.SELF_HELD, SaleRole.FOR_SALE]
    assert [unit.filed_unit_price for unit in units[:2]] == [None, Decimal("100000.00")]
    assert found.land.market.row(Project, found.project).stage is ProjectStage.PRESALE


def test_every_fault_of_a_plan_is_told_at_once(land: Land) -> None:
    found = selling(land, invested="149400000.00", lists=PARCEL_LISTS, price_cap="90000")
    building = found.building("1#")
    lists = found.lists(building)
    del lists["units"][2]["sale_role"]
    version = found.filled(building, lists=lists, papers=("evidence",), changes_no="XSFA-310115-2027-99999")
    told = {"SAL-01", "SAL-05", "SAL-09", "SAL-12", "SAL-14", "SAL-19"}
    assert codes(found.desk, version) == told
    # The same plan as a current sale: nothing is finished, and no handbook is archived.
    found.desk.save(version, {"sale_kind": "CURRENT_SALE"})
    assert codes(found.desk, version) == told - {"SAL-05"} | {"SAL-17"}


@pytest.mark.row(58)
def test_a_project_updated_while_an_open_plan_quotes_it_is_told_to_maker_and_reviewers(found: Selling) -> None:
    projects, world = Desk(found.land, "project"), found.land.market.world
    plan = found.filled(found.building("1#"))

    def updated(address: str) -> None:
        world.let_pass(minutes=5)
        begun = projects.update(found.project, "门牌已核定")
        projects.save(begun.revision_id, {"address": address})
        projects.submit(begun.revision_id)
        projects.approve(begun.revision_id)
        world.let_pass(minutes=5)

    def of_project(findings: Sequence[Finding]) -> list[str]:
        return [one.message for one in findings if one.field == "position"]

    updated("花木街道芳甸路1288号")
    assert world.read(lambda work: work.only(Project.version_no, Project.id == found.project)) == 2
    assert found.desk.view(plan).values["position"] == "花木街道芳甸路1200号"
    with pytest.raises(Rejected) as no:
        found.desk.submit(plan, REASONS)
    told = "起草后项目信息已更新为第{}版，请核对坐落、竣工和交付日期后重新保存，或说明理由"
    assert of_project(no.value.findings) == [told.format(2)]
    found.desk.save(plan, {"position": "花木街道芳甸路1288号"})
    found.desk.submit(plan, REASONS)
    assert of_project(found.desk.view(plan, "pdshen01").findings) == []
    updated("花木街道芳甸路1290号")
    found.desk.approve(plan, "pdshen01")
    assert of_project(found.desk.view(plan, "shishen01").findings) == [told.format(3)]


def test_a_building_whose_tie_was_returned_cannot_be_sold(found: Selling) -> None:
    whole = found.building("1#")
    unit = found.site.unit(found.permit, "2#", floors_above=18)
    number = natural_building(found.land.market.world, building_name="2#", sets_total=None)
    ties = Desk(found.land, "unit_natural_link")
    link = {"unit_engineering_id": str(unit), "natural_building_no": number, "linked_on": "2027-02-01"}
    begun = ties.begin(found.project, link)
    ties.submit(begun.revision_id, {"CON-08": "测绘面积以楼盘表为准"})
    order = Decide(begun.revision_id, found.land.market.row(Revision, begun.revision_id).version, "自然幢编号有误")
    ties.perform(acts("unit_natural_link").send_back, "pdshen01", order)
    choices = {one.number: one for one in found.desk.ask(buildings_to_sell, "binjiang01", AskBuildings(found.project))}
    assert choices[number].reasons == (("SAL-04", "楼盘表关联退回修改，尚未生效"),)
    lists = found.lists(whole)
    lists["buildings"].append({"natural_building_no": number, "building_name": "2#"})
    assert "SAL-04" in codes(found.desk, found.filled(whole, lists=lists))


def test_a_tie_voided_after_the_draft_stops_the_submission(found: Selling) -> None:
    building = found.building("1#")
    other = found.building("2#")
    version = found.filled(building)
    links = found.desk.ask(acts("unit_natural_link").record, "binjiang01", _link_of(found, building))
    found.desk.perform(acts("unit_natural_link").void, "pdshen01", Void(links.record_id, "关联有误需要作废"))
    assert "SAL-04" in codes(found.desk, version)
    assert other in {one.number for one in found.desk.ask(buildings_to_sell, "binjiang01", AskBuildings(found.project))}


def _link_of(found: Selling, building: str) -> UUID:
    wanted = select(UnitNaturalLink.id).where(UnitNaturalLink.natural_building_no == building)
    return UUID(str(found.land.market.world.read(lambda work: work.session.exec(wanted).one())))


def test_after_the_permit_a_change_plan_takes_the_place_of_the_plan(found: Selling) -> None:
    building = found.building("1#")
    record = found.effective(building)
    begun = found.desk.update(record)
    found.desk.perform(acts("sales_plan").drop, "binjiang01", _one(begun.revision_id))
    with pytest.raises(Conflict, match="直接修改"):
        found.desk.perform(change_plan, "binjiang01", OneRow(record))
    plan: SalesPlan = found.land.market.row(SalesPlan, record)
    licensed(found, plan)
    with pytest.raises(Conflict, match="变更方案"):
        found.desk.perform(acts("sales_plan").update, "binjiang01", StartUpdate(record, "需要调整价格"))
    changed = found.desk.perform(change_plan, "binjiang01", OneRow(record)).revision_id
    view = found.desk.view(changed)
    assert view.values["changes_no"] == plan.plan_no
    found.with_papers(changed, ("evidence", "pm_contract", "covenant", "manual"))
    found.desk.submit(changed, REASONS)
    found.desk.approve(changed, "pdshen01", "shishen01")
    old: SalesPlan = found.land.market.row(SalesPlan, record)
    new: SalesPlan = found.land.market.row(SalesPlan, view.record_id)
    assert (old.in_force, new.in_force) == (InForceState.VOIDED, InForceState.EFFECTIVE)
    assert new.plan_no != old.plan_no
    # The permit was issued under the first plan, and holds of the one that replaced it.
    with pytest.raises(Conflict, match="变更方案"):
        found.desk.perform(acts("sales_plan").update, "binjiang01", StartUpdate(new.id, "需要调整价格"))
    with pytest.raises(Conflict, match="不能作废"):
        found.desk.perform(acts("sales_plan").void, "pdshen01", Void(new.id, "方案填报有误"))
    assert {unit.filed_unit_price for unit in found.units(building)} == {Decimal("100000.00")}


def test_a_voided_plan_takes_its_prices_back(found: Selling) -> None:
    building = found.building("1#")
    record = found.effective(building)
    found.desk.perform(acts("sales_plan").void, "pdshen01", Void(record, "方案填报有误"))
    assert {unit.filed_unit_price for unit in found.units(building)} == {None}
    assert found.desk.ask(buildings_to_sell, "binjiang01", AskBuildings(found.project))[0].reasons == ()


def _one(revision_id: UUID) -> object:
    return OneRevision(revision_id)


def test_a_foreign_project_is_not_found(found: Selling) -> None:
    with pytest.raises(NotFound):
        found.desk.perform(acts("sales_plan").begin, "xincheng01", Begin(found.project))
