"""A project whose buildings may be sold, and the forms of sales plans over them, for tests (row 76)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import select

from models.building_tables import HouseUnit, NaturalBuilding
from models.progress import MilestoneCode, MilestoneScope, ProgressLine, ProgressReport
from models.sales_plans import SaleKind
from services.engine.cycle import acts
from services.engine.cycle_orders import Save
from services.engine.work import Work
from services.projects.milestones import milestone_of
from services.records.attachments import AttachFile, attach_file
from services.sales.made_plan import DraftPlan, draft_plan
from services.sales.plan_rules import PAPERS
from services.sales.plan_sums import total_of
from tests.building import natural_building, tie
from tests.files_made import png
from tests.land import PARCEL_LISTS, Land
from tests.services.projects.desk import Desk
from tests.site import Site, certificate, land_permit

#: Construction investment is 600,000,000; a quarter of it is invested.
INVESTED = "150000000.00"
PAID = {
    **PARCEL_LISTS,
    "instalments": [
        {
            "no": "1",
            "amount": "900000000.00",
            "due_on": "2026-02-15",
            "paid_on": "2026-02-14",
            "paid_amount": "900000000.00",
        }
    ],
}
TEXTS: dict[str, Any] = {
    "position": "花木街道芳甸路1200号",
    "decoration": "FITTED",
    "decoration_text": "全装修交付，标准见附件",
    "finish_on": "2028-06-30",
    "deliver_on": "2028-12-31",
    "float_range": "5",
    "common_parts": "楼梯间、电梯井、门厅、屋面",
    "pm_rooms": "物业101",
    "quality_bearer": "上海申浦滨江置业有限公司",
    "escrow_bank": "上海示例银行浦东支行",
    "escrow_account": "310066661018800012345",
    "escrow_agreement_no": "JG-2027-0001",
}
REASONS = {"SAL-08": "分期销售，其余楼幢尚未达到条件", "SAL-11": "顶层复式户型，价格属实"}


@dataclass
class Selling:
    """A project of binjiang with buildings of three storeys and two units each, topped out, paid and permitted."""

    land: Land
    site: Site
    planning: UUID
    permit: UUID
    buildings: tuple[str, ...] = ()

    @property
    def project(self) -> UUID:
        return self.site.project

    @property
    def desk(self) -> Desk:
        return Desk(self.land, "sales_plan")

    def building(self, number: str, *, floors_done: int = 18, topped: bool = True, tied: bool = True) -> str:
        """A natural building with its unit work, which is topped out; returns its number."""
        unit = self.site.unit(self.permit, number, floors_above=18)
        self.site.tie(unit, self.planning, number)
        world = self.land.market.world
        building = natural_building(world, building_name=number, forecast_area="537.00", surveyed_area=None)
        if tied:
            tie(self.site, unit, building)
        world.act(lambda work: self.progress(work, unit, floors_done, topped=topped))
        self.buildings += (building,)
        return building

    def progress(self, work: Work, unit: UUID, floors_done: int, *, topped: bool) -> None:
        """Note how far a unit work is."""
        report = work.first(ProgressReport, ProgressReport.project_id == self.project)
        if report is not None:
            line = ProgressLine(record_id=report.id, unit_engineering_id=unit, visual_progress="4", percent=50)  # type: ignore[arg-type]
            line.floors_done = floors_done
            work.add(line)
        if topped:
            row = milestone_of(work, self.project, MilestoneScope.UNIT, unit, MilestoneCode.M12)
            row.actual_on = work.today
            work.add(row)

    def units(self, building: str) -> list[HouseUnit]:
        wanted = (
            select(HouseUnit)
            .where(HouseUnit.natural_building_id == NaturalBuilding.id, NaturalBuilding.natural_building_no == building)
            .order_by(HouseUnit.house_code)
        )
        return list(self.land.market.world.read(lambda work: work.session.exec(wanted).all()))

    def lists(self, *buildings: str, price: str = "100000") -> dict[str, list[dict[str, Any]]]:
        """The lists of a plan of these buildings with every unit for sale at a price."""
        names = {one: f"{place}#" for place, one in enumerate(self.buildings, 1)}
        lines = []
        for one in buildings:
            for unit in self.units(one):
                total = total_of(unit.forecast_gross, Decimal(price))
                lines.append(
                    {
                        "house_code": unit.house_code,
                        "building_name": names[one],
                        "section_no": unit.section_no,
                        "nominal_floor": unit.nominal_floor,
                        "room_no": unit.room_no,
                        "planned_use": "住宅",
                        "sale_role": "FOR_SALE",
                        "gross_area": "89.50",
                        "unit_price": price,
                        "total_price": str(total),
                    }
                )
        steps = [{"building_name": names[one], "step": "竣工验收", "planned_on": "2028-06-15"} for one in buildings]
        named = [{"natural_building_no": one, "building_name": names[one]} for one in buildings]
        return {"buildings": named, "schedule": steps, "units": lines}

    def drafted(self, *buildings: str, kind: SaleKind = SaleKind.PRESALE) -> UUID:
        """A draft made by ticking; returns its version."""
        order = DraftPlan(self.project, kind, buildings)
        made: UUID = self.desk.perform(draft_plan, "binjiang01", order).revision_id
        return made

    def filled(
        self,
        *buildings: str,
        kind: SaleKind = SaleKind.PRESALE,
        lists: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
        papers: Sequence[str] = ("evidence", *PAPERS),
        **change: Any,
    ) -> UUID:
        """A whole draft with its papers; returns its version."""
        named = list(buildings)
        values = {**TEXTS, "sale_kind": kind.value, **change}
        values = {name: value for name, value in values.items() if value is not None}
        begun = self.desk.begin(self.project, values, lists or self.lists(*named))
        self.with_papers(begun.revision_id, papers)
        return begun.revision_id

    def with_papers(self, revision_id: UUID, slots: Sequence[str]) -> None:
        desk = self.desk
        files = {}
        for slot in slots:
            order = AttachFile(revision_id, slot, "材料.png", png())
            files[slot] = (desk.perform(attach_file, "binjiang01", order).id,)
        view = desk.view(revision_id)
        save = Save(revision_id, view.version, view.values, view.children, files)
        desk.perform(acts("sales_plan").save, "binjiang01", save)

    def effective(self, *buildings: str, **change: Any) -> UUID:
        """A plan in force through both levels of review; returns its record."""
        version = self.filled(*buildings, **change)
        self.desk.submit(version, REASONS)
        self.desk.approve(version, "pdshen01", "shishen01")
        return self.desk.view(version).record_id


def selling(land: Land, *, invested: str = INVESTED, lists: Any = None, **parcel: Any) -> Selling:
    """A project that may sell; its parcel's lists and columns may be others."""
    piece = land.parcel(head="H-1", lists=lists or PAID, **parcel)
    land.link_company(piece, "P-1")
    site = Site(land, land.project("P-1", parcel=piece))
    site.put("project_parcels", {}, {"parcels": [{"parcel_id": str(piece), "used_area": "10000.00"}]})
    site.put("land_planning_permit", land_permit())
    site.put("realty_certificate", certificate())
    planning = site.planning()
    found = Selling(land, site, planning, site.permit(planning))
    report = {"period": "2027-02", "report_on": "2027-02-25", "invested_period": "0", "invested_cum": invested}
    site.put("progress_report", report)
    return found
