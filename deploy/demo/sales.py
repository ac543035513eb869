"""Sales plans of the demo in each state, and buildings sold for three years (rows 76, 82, 83)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col

from deploy.demo.kept import put_kept
from deploy.demo.lives import homes_on_a_storey
from deploy.demo.sold_homes import Sold, sell
from deploy.demo.stories import caller_named, left_out, picture
from models.access import Role
from models.building_tables import HouseUnit, NaturalBuilding, SaleRole, UnitNaturalLink
from models.construction import UnitEngineering
from models.projects import Project
from models.records import Revision
from models.sales_plans import SaleKind, SalesPlan, SoldBuilding
from services.construction.building_tables import store_building
from services.engine.callers import SYSTEM
from services.engine.cycle import acts
from services.engine.cycle_orders import Decide, OneRevision, Save, Submit
from services.engine.door import Door
from services.engine.kinds import Owner
from services.engine.registry import action
from services.engine.work import Work
from services.ports.building_table import ToldBuilding, ToldUnit
from services.records.attachments import AttachFile, attach_file
from services.sales.made_plan import DraftPlan, draft_plan
from services.sales.plan_rules import PAPERS
from services.sales.plan_sums import total_of

#: Projects that were topped out years ago: name, days since then, filed price, and how many buildings are in the table.
_OLD = (
    ("申浦海棠苑", 1140, 72_000, 2),
    ("江海临港澜庭", 1050, 46_000, 2),
    ("江海马陆星城", 830, 52_000, 1),
    ("江海汇景苑", 610, 118_000, 2),
)
_STORY = "申浦星河湾里"
_CENT = Decimal("0.01")
#: By how much every second home is larger than the mean, and the others smaller.
_LARGER = Decimal("6.35")
#: The drawn paper used for every scan of a plan.
PICTURE = "paper.png"
_TEXTS = {
    "sale_kind": "PRESALE",
    "decoration": "FITTED",
    "decoration_text": "全装修交付，装修标准详见附件",
    "float_range": "5",
    "area_note": "建筑面积为预测面积，由具备资质的测绘单位出具，交付时以实测面积为准",
    "common_parts": "楼梯间、电梯井、门厅、走道、屋面、外墙",
    "pm_company": "上海申浦物业服务有限公司",
    "quality_bearer": "建设单位对商品房质量承担首要责任",
    "energy_note": "居住建筑节能率75%，可再生能源利用符合规定",
    "escrow_bank": "上海示例银行浦东支行",
    "escrow_account": "310066661018800012345",
    "escrow_agreement_no": "JG-2026-0076",
}
_REASONS = {"SAL-08": "分期申请，其余楼幢按工程进度陆续申请", "SAL-11": "户型差异较大，价格经公司审定"}
_SAID = {
    "district": "材料齐全，楼幢和价格与楼盘表一致，同意",
    "return": "5号楼一层物业管理用房室号与图纸不符，请核对后重新提交",
}


def load_sales(door: Door) -> int:
    """Put plans and their sale in place, once; returns the number of sale events."""
    if not door.perform(load_ground, SYSTEM, None):
        return 0
    events = door.perform(load_sold, SYSTEM, None)
    _tell_states(door)
    return events


# Ground


@action("demo.sales_ground", "装载演示销售方案", roles={Role.SYSTEM}, event="DATA.CREATE")
def load_ground(work: Work, order: None) -> bool:
    """Store the buildings of projects on sale with their works, and the plans in force; False where it was done before."""
    if work.has(SalesPlan):
        return False
    story = work.first(Project, Project.name == _STORY)
    if story is not None:
        units = work.rows(UnitEngineering, UnitEngineering.project_id == story.id, by=UnitEngineering.unit_no)
        tied = work.rows(
            NaturalBuilding, NaturalBuilding.project_id == story.id, by=NaturalBuilding.natural_building_no
        )
        free = [f"{number}#" for number in range(1, 20) if f"{number}#" not in {one.building_name for one in tied}]
        for place, (unit, name) in enumerate(
            zip([one for one in units if one.floors_above][2:6], free, strict=False), 1
        ):
            _tie(work, Owner.of(unit), unit.id, _drawn(story, name, place, unit))
        for row, days in zip(tied, (480, 9), strict=False):
            _plan(work, Owner(**_keys(story)), [row], 98_000, days=days)
    for number, (name, days, price, buildings) in enumerate(_OLD, 1):
        project = work.first(Project, Project.name == name)
        if project is not None:
            _old_project(work, project, number, days, price, buildings)
    return True


def _keys(row: Any) -> dict[str, Any]:
    return {**Owner.of(row).keys, "project_id": row.id}


def _drawn(project: Project, name: str, number: int, work: UnitEngineering) -> ToldBuilding:
    """Return the building of a unit work, with its storeys and its area.

    Four homes lie beside each staircase; on the ground floor one room is the estate's and one the public's.
    """
    storeys = work.floors_above or 1
    across = homes_on_a_storey(work.gfa, storeys)
    serial = f"3101150760760GB{number:05d}F0001"
    mean = (work.gfa / (storeys * across)).quantize(_CENT)
    units = []
    for floor in range(1, storeys + 1):
        for column in range(across):
            use = {(1, 0): "物业管理用房", (1, 1): "居委会用房"}.get((floor, column), "住宅")
            units.append(
                ToldUnit(
                    house_code=f"{serial}{floor:03d}{column:02d}",
                    nominal_floor=str(floor),
                    actual_floor_from=floor,
                    actual_floor_to=floor,
                    planned_use=use,
                    section_no=str(column // 4 + 1),
                    room_no=f"{floor}{column + 1:02d}",
                    column_index=column,
                    layout=f"{column % 2 + 2}室2厅",
                    forecast_gross=mean + (_LARGER if column % 2 else -_LARGER),
                )
            )
    # What rounding left belongs to the first room, so that the rooms together are the building.
    rest = work.gfa - mean * len(units)
    units[0] = replace(units[0], forecast_gross=mean - _LARGER + rest)
    return ToldBuilding(
        natural_building_no=serial,
        building_name=name,
        planned_use="住宅",
        floors_above=storeys,
        floors_below=0,
        address=f"{project.address}{name}",
        structure="剪力墙",
        sets_total=len(units),
        forecast_area=work.gfa,
        units=tuple(units),
    )


def _tie(work: Work, owner: Owner, unit_id: UUID, told: ToldBuilding) -> NaturalBuilding:
    row = store_building(work, told)
    on = (work.today - timedelta(days=25)).isoformat()
    values = {"unit_engineering_id": str(unit_id), "natural_building_no": told.natural_building_no, "linked_on": on}
    put_kept(work, "unit_natural_link", values, owner)
    return row


def _old_project(work: Work, project: Project, number: int, days: int, price: int, buildings: int) -> None:
    """Buildings and plans of a project that was topped out so many days ago, tied to its first works."""
    owner = Owner(**_keys(project))
    units = work.rows(
        UnitEngineering, UnitEngineering.project_id == project.id, by=UnitEngineering.unit_no, most=buildings
    )
    rows = [
        _tie(work, owner, unit.id, _drawn(project, f"{place}#", number * 10 + place, unit))
        for place, unit in enumerate(units, 1)
    ]
    for place, row in enumerate(rows):
        _plan(work, owner, [row], price, days=days - 30 - 180 * place)


def _plan(work: Work, owner: Owner, buildings: Sequence[NaturalBuilding], price: int, *, days: int) -> None:
    """A plan in force since so many days, with a price for each home that rises by storey."""
    project = work.first(Project, Project.id == owner.project_id)
    assert project is not None
    on = work.today - timedelta(days=days)
    lines = []
    for row in buildings:
        for unit in work.rows(HouseUnit, HouseUnit.natural_building_id == row.id, by=HouseUnit.house_code):
            for_sale = unit.sale_role is SaleRole.FOR_SALE
            unit_price = Decimal(price + 300 * abs(unit.actual_floor_from)) if for_sale else None
            lines.append(
                {
                    "house_code": unit.house_code,
                    "building_name": row.building_name,
                    "section_no": unit.section_no,
                    "nominal_floor": unit.nominal_floor,
                    "room_no": unit.room_no or None,
                    "planned_use": unit.planned_use,
                    "layout": unit.layout,
                    "sale_role": unit.sale_role.value,
                    "gross_area": str(unit.forecast_gross or ""),
                    "unit_price": str(unit_price or ""),
                    "total_price": str(total_of(unit.forecast_gross, unit_price) or ""),
                }
            )
    values = {
        **_TEXTS,
        "position": project.address,
        "pm_rooms": "、".join(
            f"{one['building_name']}{one['room_no']}" for one in lines if "物业" in str(one["planned_use"])
        )
        or "另行配置",
        "finish_on": (on + timedelta(days=400)).isoformat(),
        "deliver_on": (on + timedelta(days=520)).isoformat(),
    }
    steps = [
        {
            "building_name": row.building_name,
            "step": "竣工验收",
            "planned_on": (on + timedelta(days=390)).isoformat(),
        }
        for row in buildings
    ]
    named = [{"natural_building_no": row.natural_building_no, "building_name": row.building_name} for row in buildings]
    put_kept(
        work,
        "sales_plan",
        values,
        owner,
        children={
            "buildings": named,
            "schedule": steps,
            "units": [{key: value for key, value in one.items() if value} for one in lines],
            "facilities": [
                {"facility": "社区卫生服务站", "kind": "FREE", "owned_by": "按规划移交区政府", "facility_area": "200"},
                {"facility": "商业配套用房", "kind": "TRADING", "owned_by": "开发企业自持", "facility_area": "860"},
            ],
        },
        at=datetime.combine(on, time(2), UTC),
    )


# Sale


@action("demo.sold", "装载演示销售事件", roles={Role.SYSTEM}, event="DATA.CREATE")
def load_sold(work: Work, order: None) -> int:
    """Sell the buildings of every plan that is old enough to have its permit; returns the number of events."""
    plans = work.rows(SalesPlan, by=(SalesPlan.effective_from, SalesPlan.plan_no))
    old = [one for one in plans if (work.today - one.effective_from.date()).days > 30]
    return sum(
        sell(work, Sold(plan, plan.effective_from.date() + timedelta(days=12), number))
        for number, plan in enumerate(old, 1)
    )


# States


def _tell_states(door: Door) -> None:
    """Plans of one project on their way: before the city, before the district, returned, and a draft."""
    drafter, submitter, district = (caller_named(door, login) for login in ("binjiang01", "binjiang_admin", "pdshen01"))
    project, numbers = door.look(SYSTEM, _story)
    for name, becomes in zip(sorted(numbers), ("CITY", "DISTRICT", "RETURNED", "DRAFT"), strict=False):
        if project is None:
            return
        with left_out(f"销售方案{name}"):
            begun = door.perform(draft_plan, drafter, DraftPlan(project, SaleKind.PRESALE, (numbers[name],)))
            files = {
                slot: (
                    door.perform(
                        attach_file, drafter, AttachFile(begun.revision_id, slot, "材料.png", picture(PICTURE))
                    ).id,
                )
                for slot in ("evidence", *PAPERS)
            }
            view = door.ask(acts("sales_plan").revision, drafter, begun.revision_id)
            units = [
                _priced(dict(line), priced=becomes != "DRAFT" or place % 3 > 0)
                for place, line in enumerate(view.children["units"])
            ]
            order = Save(
                begun.revision_id,
                view.version,
                {**_TEXTS, **view.values, **_own(view.values)},
                {**view.children, "units": units},
                files,
            )
            saved = door.perform(acts("sales_plan").save, drafter, order)
            if becomes == "DRAFT":
                continue
            door.perform(acts("sales_plan").submit, submitter, Submit(begun.revision_id, saved.version, _REASONS))
            _review(door, begun.revision_id, district, becomes)


def _own(values: Any) -> dict[str, str]:
    return {name: str(_TEXTS[name]) for name in _TEXTS if not values.get(name)}


def _priced(line: dict[str, Any], *, priced: bool) -> dict[str, Any]:
    if line.get("sale_role") == SaleRole.FOR_SALE.value and priced:
        price = Decimal(99_000 + 350 * int("".join(filter(str.isdigit, str(line.get("nominal_floor") or "1"))) or 1))
        total = total_of(Decimal(str(line["gross_area"])), price)
        line |= {"unit_price": str(price), "total_price": str(total)}
    return line


def _story(work: Work) -> tuple[UUID | None, dict[str, str]]:
    project = work.first(Project, Project.name == _STORY)
    if project is None:
        return None, {}
    taken = set(work.rows(SoldBuilding.natural_building_no))
    tied = work.rows(UnitNaturalLink.natural_building_no, UnitNaturalLink.project_id == project.id)
    rows = work.rows(NaturalBuilding, col(NaturalBuilding.natural_building_no).in_(tied))
    return project.id, {
        row.building_name: row.natural_building_no for row in rows if row.natural_building_no not in taken
    }


def _review(door: Door, revision_id: UUID, district: Any, becomes: str) -> None:
    if becomes == "DISTRICT":
        return
    version = door.look(SYSTEM, lambda work: work.get(Revision, revision_id).version)
    if becomes == "CITY":
        door.perform(acts("sales_plan").approve, district, Decide(revision_id, version, _SAID["district"]))
        return
    door.perform(acts("sales_plan").take, district, OneRevision(revision_id))
    version = door.look(SYSTEM, lambda work: work.get(Revision, revision_id).version)
    order = Decide(revision_id, version, _SAID["return"], ("pm_rooms",))
    door.perform(acts("sales_plan").send_back, district, order)
