"""The demo's projects from land to keys: papers, works and completion on days that agree with each other (rows 63-73).

A line of `data/project_lives.csv` has a project's days counted from today; a day that is left empty is still to come.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlmodel import col

from deploy.demo.kept import put_kept
from deploy.demo.tables import cells_of
from models.access import Role
from models.building_tables import UnitNaturalLink
from models.companies import ProjectCompany
from models.completion import DeliveryItem, DeliveryPermit
from models.construction import UnitEngineering
from models.planning import EngineeringPlanningPermit
from models.projects import Project
from services.engine.kinds import Owner
from services.engine.registry import action
from services.engine.work import Work

_CENT = Decimal("0.01")
_PLACES = {"310115": ("浦", "浦东新区"), "310104": ("徐", "徐汇区"), "310114": ("嘉", "嘉定区")}
_TERM = timedelta(days=25_567)
#: Project, permit and certificate numbers of these lives begin here; those before are of `data/kept`.
_FIRST = 11


class Life:
    """A project with the days of its papers and works."""

    def __init__(self, number: int, project: Project, company: ProjectCompany, cells: Mapping[str, str], today: date):
        self.number, self.project, self.cells, self.today = number, project, cells, today
        self.owner = Owner.of(project)
        self.builder = {"builder": company.name, "builder_uscc": company.uscc}
        self.letter, self.place = _PLACES[project.district_code]
        self.homes, self.floors = int(cells["homes"]), int(cells["floors"])

    def day(self, name: str) -> date | None:
        return self.today + timedelta(days=int(self.cells[name])) if self.cells[name] else None

    def on(self, name: str) -> date:
        """Return a day that has come or is planned."""
        found = self.day(name)
        assert found is not None
        return found

    @cached_property
    def areas(self) -> list[Decimal]:
        """The area of each house, which together are the project's above the ground."""
        part = (self.project.above_gfa / self.homes).quantize(_CENT)
        return [part] * (self.homes - 1) + [self.project.above_gfa - part * (self.homes - 1)]

    @property
    def sets(self) -> int:
        """The homes of each house."""
        return self.floors * homes_on_a_storey(self.areas[0], self.floors)

    def measured(self, place: int) -> Decimal:
        """Return what was measured of a house, a little more than was planned."""
        return (self.areas[place] * Decimal("1.008")).quantize(_CENT)


def homes_on_a_storey(area: Decimal, floors: int) -> int:
    """Return how many homes of about 115 square metres a storey of a house has, in pairs beside each staircase."""
    return max(2, round(area / floors / 230) * 2)


def lives_of(work: Work) -> Iterator[Life]:
    """Yield the lives of the demo's projects."""
    projects = {row.name: row for row in work.rows(Project)}
    companies: dict[UUID | None, ProjectCompany] = {row.id: row for row in work.rows(ProjectCompany)}
    for number, cells in enumerate(cells_of("project_lives"), _FIRST):
        project = projects.get(cells["project"])
        company = companies.get(project.project_company_id) if project is not None else None
        if project is not None and company is not None:
            yield Life(number, project, company, cells, work.today)


def load_lives(work: Work) -> None:
    """Put permits, planned buildings and unit works in force."""
    for life in lives_of(work):
        _land(work, life)
        planning = _planning(work, life)
        if life.cells["estate"]:
            _estate(work, life)
        _works(work, life, planning)


def _land(work: Work, life: Life) -> None:
    project, certified = life.project, life.on("cert")
    if (permitted := life.day("land")) is not None:
        values = {
            "permit_no": f"地字第{project.district_code}00{permitted:%Y}YG{life.number:07d}号",
            "project_name": f"{project.name}项目",
            "land_user": life.builder["builder"],
            "land_user_uscc": life.builder["builder_uscc"],
            "location": project.address,
            "land_use": "居住用地",
            "land_area_text": f"{project.land_area:.2f}平方米",
            "land_area_total": f"{project.land_area:.2f}",
            "scale_text": f"计容建筑面积{project.above_gfa:.2f}平方米",
            "issuer": f"上海市{life.place}规划和自然资源局",
            "issued_on": permitted.isoformat(),
        }
        put_kept(work, "land_planning_permit", values, life.owner)
    values = {
        "kind": "LAND",
        "cert_no": f"沪({certified:%Y}){life.letter}字不动产权第{910_000 + life.number}号",
        "realty_unit_code": f"{project.district_code}001001GB{life.number:05d}W00000000",
        "holder": life.builder["builder"],
        "holder_uscc": life.builder["builder_uscc"],
        "location": project.address,
        "right_type": "LAND",
        "right_nature": "出让",
        "land_use": "城镇住宅用地",
        "parcel_area": f"{project.land_area:.2f}",
        "use_term_from": certified.isoformat(),
        "use_term_to": (certified + _TERM).isoformat(),
        "registered_on": certified.isoformat(),
    }
    put_kept(work, "realty_certificate", values, life.owner)


def _planning(work: Work, life: Life) -> Any:
    project, issued = life.project, life.on("planning")
    values = {
        **life.builder,
        "permit_no": f"建字第{project.district_code}{issued:%Y}GG{life.number:07d}号",
        "project_name": f"{project.name}项目",
        "location": project.address,
        "scale_text": f"{life.homes}幢{life.floors}层住宅和1处地下车库",
        "gfa_total": str(project.total_gfa),
        "gfa_above": str(project.above_gfa),
        "gfa_below": str(project.below_gfa),
        "far_area": str(project.above_gfa),
        "place_name_doc_no": f"{life.letter}地名({issued:%Y}){life.number}号",
        "issuer": f"上海市{life.place}规划和自然资源局",
        "issued_on": issued.isoformat(),
    }
    lines = [
        {
            "building_no": f"{place}#",
            "name": "住宅楼",
            "use": "HOUSING",
            "structure": "SHEAR_WALL",
            "floors_above": life.floors,
            "floors_below": 0,
            "height_m": str(life.floors * 3),
            "gfa_above": str(area),
            "gfa_below": "0",
            "gfa_total": str(area),
            "footprint_area": str((area / life.floors).quantize(_CENT)),
            "sets": life.sets,
            "saleable_area": str(area),
        }
        for place, area in enumerate(life.areas, 1)
    ]
    garage = {
        "building_no": f"{life.homes + 1}#",
        "name": "地下车库",
        "use": "GARAGE",
        "structure": "FRAME",
        "floors_above": 0,
        "floors_below": 1,
        "gfa_above": "0",
        "gfa_below": str(project.below_gfa),
        "gfa_total": str(project.below_gfa),
    }
    return put_kept(work, "engineering_planning_permit", values, life.owner, children={"buildings": [*lines, garage]})


def _estate(work: Work, life: Life) -> None:
    project = life.project
    values = {
        "name": project.name,
        "approved_place_name": project.name,
        "address": project.address,
        "property_area_code": f"{life.letter}物{life.number:04d}",
        "total_gfa": str(project.total_gfa),
        "residential_gfa": str(project.above_gfa),
        "sets_total": life.sets * life.homes,
        "buildings_total": life.homes + 1,
        "pm_office_area": str(max(project.total_gfa / 500, Decimal(100)).quantize(_CENT) + 1),
        "owners_committee_area": "40",
        "pm_company": "上海示例物业服务有限公司",
    }
    put_kept(work, "community", values, life.owner)


def _works(work: Work, life: Life, planning: Any) -> None:
    project, issued, start = life.project, life.on("permit"), life.on("start")
    values = {
        **life.builder,
        "permit_no": f"{project.district_code}{issued:%Y%m%d}{life.number:04d}",
        "project_name": f"{project.name}项目",
        "address": project.address,
        "scale_text": f"{life.homes}幢{life.floors}层住宅和1处地下车库",
        "works_area": str(project.total_gfa),
        "contract_amount": str((project.total_gfa * 3200).quantize(_CENT)),
        "contract_start": start.isoformat(),
        "contract_finish": life.on("finish").isoformat(),
        "contractor": "上海示例建设工程有限公司",
        "contractor_uscc": "91310115MAYHA0017M",
        "supervisor": "上海示例工程监理有限公司",
        "supervisor_uscc": "91310104MAYPA0022Q",
        "issuer": f"上海市{life.place}建设和交通委员会",
        "issued_on": issued.isoformat(),
        "actual_start_on": start.isoformat(),
    }
    stopped = life.day("stop")
    events = [{"event": "STOP", "on_day": stopped.isoformat(), "reason": "资金安排调整"}] if stopped else []
    lists: dict[str, Sequence[Mapping[str, Any]]] = {
        "plannings": [{"planning_permit_id": str(planning.id)}],
        "events": events,
    }
    permit = put_kept(work, "construction_permit", values, life.owner, children=lists)
    for place in range(life.homes + 1):
        _unit(work, life, permit, place)


def _unit(work: Work, life: Life, permit: Any, place: int) -> None:
    home = place < life.homes
    # Each house a few days after the one before; the garage under them first.
    late = timedelta(days=5 * place if home else 0)
    days = {"planned_start": life.on("start") + late, "planned_finish": life.on("finish")}
    days["actual_start"] = life.on("start") + late
    if home:
        days["planned_topout"] = life.on("topout") + late
        if (topped := life.day("topped")) is not None:
            days["actual_topout"] = topped + late
    values = {
        "construction_permit_id": str(permit.id),
        "unit_no": f"{place + 1}#",
        "name": f"{place + 1}#住宅楼" if home else "地下车库",
        "kind": "HOUSING" if home else "GARAGE",
        "structure_type": "SHEAR_WALL" if home else "FRAME",
        "floors_above": life.floors if home else 0,
        "floors_below": 0 if home else 1,
        "gfa": str(life.areas[place] if home else life.project.below_gfa),
        **{name: day.isoformat() for name, day in days.items()},
    }
    put_kept(work, "unit_engineering", values, life.owner)


def load_completion(work: Work) -> None:
    """Put planning acceptances and completion filings in force, where their days have come."""
    for life in lives_of(work):
        units = work.rows(UnitEngineering, UnitEngineering.project_id == life.project.id, by=UnitEngineering.unit_no)
        if (accepted := life.day("planning_accepted")) is not None:
            _planning_acceptance(work, life, accepted)
        if (filed := life.day("filed")) is not None:
            _filing(work, life, units, filed)


@action("demo.deliveries", "装载演示交付使用许可证", roles={Role.SYSTEM}, event="DATA.CREATE")
def load_deliveries(work: Work, order: None) -> int:
    """Put delivery permits in force, once, of buildings that are tied to the works by then."""
    if work.has(DeliveryPermit):
        return 0
    lives = [(life, on) for life in lives_of(work) if (on := life.day("delivered")) is not None]
    for life, on in lives:
        _delivery(work, life, on)
    return len(lives)


def _planning_acceptance(work: Work, life: Life, issued: date) -> None:
    permit = work.only(EngineeringPlanningPermit, EngineeringPlanningPermit.project_id == life.project.id)
    below = (life.project.below_gfa * Decimal("1.004")).quantize(_CENT)
    above = sum((life.measured(place) for place in range(life.homes)), Decimal(0))
    values = {
        **life.builder,
        "acceptance_no": f"沪{life.letter}规验({issued:%Y}){life.number:04d}号",
        "engineering_planning_permit_id": str(permit.id),
        "measured_gfa_total": str(above + below),
        "measured_gfa_above": str(above),
        "measured_gfa_below": str(below),
        "survey_report_no": f"{life.letter}测{life.number:04d}号",
        "issuer": f"上海市{life.place}规划和自然资源局",
        "issued_on": issued.isoformat(),
    }
    lines = [{"building_no": f"{place + 1}#", "measured_gfa": str(life.measured(place))} for place in range(life.homes)]
    lines.append({"building_no": f"{life.homes + 1}#", "measured_gfa": str(below)})
    put_kept(work, "planning_acceptance", values, life.owner, children={"buildings": lines})


def _filing(work: Work, life: Life, units: Sequence[UnitEngineering], filed: date) -> None:
    archived = life.day("archived")
    values = {
        **life.builder,
        "filing_no": f"{filed:%Y}{life.letter}竣备{life.number:04d}号",
        "filed_area": str(life.project.total_gfa),
        "structure": "剪力墙",
        "start_on": life.on("start").isoformat(),
        "accepted_on": life.on("accepted").isoformat(),
        "filed_on": filed.isoformat(),
        "filing_organ": f"上海市{life.place}建设和交通委员会",
        "archived_on": archived.isoformat() if archived else None,
        "household_acceptance_done": True,
    }
    lines = [{"unit_engineering_id": str(one.id)} for one in units]
    put_kept(work, "completion_filing", values, life.owner, children={"works": lines})


def _delivery(work: Work, life: Life, issued: date) -> None:
    links = work.rows(
        UnitNaturalLink, UnitNaturalLink.project_id == life.project.id, by=col(UnitNaturalLink.natural_building_no)
    )
    values = {
        **life.builder,
        "permit_no": f"沪{life.letter}交付({issued:%Y}){life.number:04d}号",
        "scope_text": "、".join(f"{place + 1}#" for place in range(len(links))) + "住宅楼",
        "sets": life.sets * len(links),
        "permitted_area": str(sum(life.areas[: len(links)], Decimal(0))),
        "phase_delivery": False,
        "issuer": f"上海市{life.place}房屋管理局",
        "issued_on": issued.isoformat(),
    }
    lists = {
        "buildings": [{"natural_building_no": one.natural_building_no} for one in links],
        "conditions": [
            {"item": item.value, "met": True, "paper_no": f"{life.letter}验({issued:%Y}){place}号"}
            for place, item in enumerate(DeliveryItem, 1)
        ],
    }
    put_kept(work, "delivery_permit", values, life.owner, children=lists)
