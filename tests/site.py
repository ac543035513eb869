"""Permits, planned buildings, unit works and ties of a project for tests, in force where a test begins (rows 63-69)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

from sqlmodel import select

from models.building_tables import UnitNaturalLink
from models.columns import new_id
from models.construction import UnitEngineering
from models.planning import PlannedBuilding
from models.progress import ProgressLine, ProgressReport, VisualProgress
from services.construction.ties import NewTie, TieUnits, tie_units
from services.engine.work import Work
from tests.land import Land

_SERIAL = count(1)
#: The company of every site, whose people are binjiang01 and binjiang_admin.
COMPANY, USCC = "上海申浦滨江置业有限公司", "91310115MAYPA0014U"

Values = dict[str, Any]


def land_permit(**change: Any) -> Values:
    return {
        "permit_no": f"地字第3101152026YG9{next(_SERIAL):06d}号",
        "project_name": "花木A1-02地块住宅项目",
        "land_user": COMPANY,
        "land_user_uscc": USCC,
        "location": "东至芳甸路，南至锦绣路",
        "land_use": "居住用地",
        "land_area_text": "壹万平方米",
        "land_area_total": "10000.00",
        "scale_text": "地上建筑面积20000平方米",
        "issuer": "上海市浦东新区规划和自然资源局",
        "issued_on": "2026-03-20",
        **change,
    }


def certificate(**change: Any) -> Values:
    return {
        "kind": "LAND",
        "cert_no": f"沪(2026)浦字不动产权第9{next(_SERIAL):05d}号",
        "realty_unit_code": "310115001001GB00001W00000000",
        "holder": COMPANY,
        "holder_uscc": USCC,
        "location": "浦东新区花木街道芳甸路1200号",
        "right_type": "LAND",
        "right_nature": "出让",
        "parcel_area": "10000.00",
        "use_term_from": "2026-01-15",
        "use_term_to": "2096-01-14",
        "registered_on": "2026-02-20",
        **change,
    }


def planning_permit(**change: Any) -> Values:
    return {
        "permit_no": f"建字第3101152026GG9{next(_SERIAL):06d}号",
        "builder": COMPANY,
        "builder_uscc": USCC,
        "project_name": "花木A1-02地块住宅项目",
        "location": "花木街道芳甸路1200号",
        "scale_text": "住宅及配套",
        "gfa_total": "27000.00",
        "gfa_above": "20000.00",
        "gfa_below": "7000.00",
        "place_name_doc_no": "浦地名〔2026〕12号",
        "issuer": "上海市浦东新区规划和自然资源局",
        "issued_on": "2026-04-20",
        **change,
    }


def building(number: str, **change: Any) -> Values:
    """A planned building of 18 storeys; three of them and the garage are the permit's area."""
    return {
        "building_no": number,
        "name": "住宅楼",
        "use": "HOUSING",
        "structure": "SHEAR_WALL",
        "floors_above": 18,
        "floors_below": 1,
        "height_m": "54.90",
        "gfa_above": "10000.00",
        "gfa_below": "500.00",
        "gfa_total": "10500.00",
        "footprint_area": "555.56",
        "sets": 72,
        **change,
    }


GARAGE: Values = {
    "building_no": "3#",
    "name": "地下车库",
    "use": "GARAGE",
    "structure": "FRAME",
    "floors_above": 0,
    "floors_below": 1,
    "gfa_above": "0",
    "gfa_below": "6000.00",
    "gfa_total": "6000.00",
}
BUILDINGS: list[Values] = [building("1#"), building("2#"), GARAGE]


def community(**change: Any) -> Values:
    return {
        "name": f"花木雅苑{next(_SERIAL)}",
        "approved_place_name": "花木雅苑",
        "property_area_code": "PD-2026-0012",
        "total_gfa": "27000.00",
        "sets_total": 144,
        "buildings_total": 3,
        "pm_office_area": "100.00",
        "owners_committee_area": "30.00",
        **change,
    }


def construction_permit(**change: Any) -> Values:
    return {
        # Above the numbers that tests write by hand.
        "permit_no": f"31011520260601{1000 + next(_SERIAL):04d}",
        "project_name": "花木A1-02地块住宅项目",
        "builder": COMPANY,
        "builder_uscc": USCC,
        "address": "花木街道芳甸路1200号",
        "works_area": "27000.00",
        "contract_amount": "120000000.00",
        "contract_start": "2026-06-10",
        "contract_finish": "2028-06-30",
        "contractor": "上海示例建设有限公司",
        "contractor_uscc": "91310115MAYHA0017M",
        "supervisor": "上海示例工程监理有限公司",
        "supervisor_uscc": "91310104MAYPA0022Q",
        "issuer": "上海市浦东新区建设和交通委员会",
        "issued_on": "2026-06-01",
        **change,
    }


def unit(permit_id: UUID, number: str, **change: Any) -> Values:
    return {
        "construction_permit_id": str(permit_id),
        "unit_no": number,
        "name": f"{number}住宅楼",
        "kind": "HOUSING",
        "gfa": "10500.00",
        "planned_start": "2026-06-15",
        "planned_topout": "2027-06-15",
        "planned_finish": "2028-06-15",
        **change,
    }


@dataclass
class Site:
    """A project of binjiang with what stands before a test."""

    land: Land
    project: UUID

    @classmethod
    def begun(cls, land: Land, **change: Any) -> "Site":
        """A project with its land permit and land certificate."""
        site = cls(land, land.project("P-1", **change))
        site.put("land_planning_permit", land_permit())
        site.put("realty_certificate", certificate())
        return site

    def put(self, kind: str, values: Values, lists: Mapping[str, Sequence[Values]] | None = None) -> UUID:
        return self.land.side(kind, self.project, values, lists)

    def planning(self, lists: Sequence[Values] = BUILDINGS, **change: Any) -> UUID:
        """An engineering planning permit in force with its buildings."""
        return self.put("engineering_planning_permit", planning_permit(**change), {"buildings": lists})

    def permit(self, *plannings: UUID, **change: Any) -> UUID:
        """A construction permit in force under these planning permits."""
        named = [{"planning_permit_id": str(one)} for one in plannings]
        return self.put("construction_permit", construction_permit(**change), {"plannings": named})

    def unit(self, permit: UUID, number: str, **change: Any) -> UUID:
        return self.put("unit_engineering", unit(permit, number, **change))

    def building(self, planning: UUID, number: str) -> PlannedBuilding:
        wanted = select(PlannedBuilding).where(
            PlannedBuilding.record_id == planning, PlannedBuilding.building_no == number
        )
        found: PlannedBuilding = self.land.market.world.read(lambda work: work.session.exec(wanted).one())
        return found

    def row(self, unit_id: UUID) -> UnitEngineering:
        found: UnitEngineering = self.land.market.row(UnitEngineering, unit_id)
        return found

    def tie(self, unit_id: UUID, planning: UUID, number: str, ratio: str = "1") -> None:
        """A tie of a unit work to a planned building, made by its company."""
        order = TieUnits((NewTie(unit_id, self.building(planning, number).id, Decimal(ratio)),))
        market = self.land.market
        market.world.door.perform(tie_units, market.caller("binjiang01"), order)

    def natural_link(self, unit_id: UUID) -> None:
        """A tie of a unit work to a natural building in force, as its row alone."""
        self._later(
            UnitNaturalLink, unit_engineering_id=unit_id, natural_building_no="ZR-1", linked_on=date(2026, 12, 1)
        )

    def reported(self, unit_id: UUID) -> None:
        """A progress report of December in force that names a unit work, as its rows alone."""
        report = self._later(
            ProgressReport,
            period="2026-12",
            report_on=date(2026, 12, 31),
            invested_period=Decimal(0),
            invested_cum=Decimal(0),
        )
        line: dict[str, Any] = {"visual_progress": next(iter(VisualProgress)), "percent": 10}
        self.land.market.world.act(
            lambda work: work.add(ProgressLine(record_id=report, unit_engineering_id=unit_id, **line))
        )

    def _later(self, table: Any, **values: Any) -> UUID:
        def make(work: Work) -> UUID:
            row_id = new_id()
            header = {"record_no": f"~{row_id.hex[:30]}", "revision_id": row_id, "effective_from": work.now}
            work.add(table(id=row_id, project_id=self.project, district_code="310115", **header, **values))
            return row_id

        made: UUID = self.land.market.world.act(make)
        return made
