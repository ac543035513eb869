"""Sales plans: buildings for sale with the role and price of every unit (row 76, market 2.13)."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from models.base import Row
from models.building_codes import DeliveryStandard
from models.building_tables import SaleRole
from models.codes import Code
from models.columns import area, code, computed, day, follows, integer, loose_ref, money, percent, text
from models.records import ChildRow, InForce, grid_index


class SaleKind(Code):
    PRESALE = "PRESALE", "预售"
    CURRENT_SALE = "CURRENT_SALE", "现售"


class SalesPlan(InForce, table=True):
    """销售方案 in force: presale or current sale of whole natural buildings."""

    __table_args__ = (
        grid_index(
            "sales_plan",
            *("sale_kind", "finish_on", "deliver_on", "sets_for_sale", "area_for_sale", "price_avg"),
            *("plan_no", "project_name"),
        ),
    )

    sale_kind: SaleKind = code(SaleKind, "销售方式")
    changes_no: str | None = text("变更的原方案编号", None, max=40, help="变更方案填写；原方案在本方案生效时作废")
    position: str = text("位置", max=255)
    decoration: DeliveryStandard = code(DeliveryStandard, "装修标准")
    decoration_text: str = text("装修说明", max=500)
    finish_on: date | None = day("竣工日期", None)
    deliver_on: date | None = day("交付日期", None)
    area_note: str | None = text("面积预测及分摊说明", None, max=500)

    float_range: Decimal = percent("价格浮动幅度")
    common_parts: str = text("公共部位", max=1000)
    pm_rooms: str | None = text("物业管理用房室号", None, max=500, help="如 1#101；多个用顿号分开")
    pm_company: str | None = text("前期物业服务企业", None, max=200)
    quality_bearer: str = text("质量责任承担主体", max=200)
    agent_name: str | None = text("代理机构", None, max=200)
    energy_note: str | None = text("建筑节能", None, max=500)

    escrow_bank: str | None = text("监管银行", None, max=120, help="预售必填")
    escrow_account: str | None = text("监管账号", None, max=40, help="预售必填")
    escrow_agreement_no: str | None = text("监管协议编号", None, max=60, help="预售必填")
    mortgage_note: str | None = text("抵押情况", None, max=500, help="土地或房屋已抵押的必填")

    plan_no: str = computed(text("方案编号", "", max=40, index=True))
    project_name: str | None = follows("project.name", text("项目名称", None, max=200))
    sets_for_sale: int = computed(integer("可售套数", 0, unit="套"))
    area_total: Decimal | None = computed(area("建筑面积合计", None))
    area_for_sale: Decimal | None = computed(area("可售面积", None))
    area_self_held: Decimal | None = computed(area("自持面积", None))
    area_affordable: Decimal | None = computed(area("保障房面积", None))
    area_public: Decimal | None = computed(area("公共设施面积", None))
    area_common: Decimal | None = computed(area("业主共有面积", None))
    price_avg: Decimal | None = computed(money("备案均价", None))
    price_min: Decimal | None = computed(money("最低单价", None))
    price_max: Decimal | None = computed(money("最高单价", None))


class SoldBuilding(ChildRow, table=True):
    """A natural building that a plan sells as a whole."""

    natural_building_no: str = text("自然幢号", max=60)
    building_name: str | None = text("楼幢名称", None, max=100)
    natural_building_id: UUID | None = computed(loose_ref("自然幢", None))


class PlannedStep(ChildRow, table=True):
    """A step of the construction schedule of a building."""

    building_name: str = text("楼幢", max=100)
    step: str = text("节点", max=60)
    planned_on: date = day("计划日期")
    actual_on: date | None = day("实际日期", None)


class PlannedSale(ChildRow, table=True):
    """A unit of a building with its role in the sale and its filed price (一房一价)."""

    house_code: str = text("房屋编码", max=40)
    building_name: str = text("楼幢", max=100)
    section_no: str | None = text("单元", None, max=20)
    nominal_floor: str | None = text("名义层", None, max=10)
    room_no: str | None = text("室号部位", None, max=40)
    planned_use: str | None = text("用途", None, max=60)
    layout: str | None = text("户型", None, max=40)
    sale_role: SaleRole | None = code(SaleRole, "销售属性", None)
    gross_area: Decimal | None = area("建筑面积", None)
    inner_area: Decimal | None = area("套内面积", None)
    shared_area: Decimal | None = area("分摊面积", None)
    unit_price: Decimal | None = money("单价", None)
    total_price: Decimal | None = money("总价", None)
    house_unit_id: UUID | None = computed(loose_ref("户", None))


class FacilityKind(Code):
    TRADING = "TRADING", "经营性"
    FREE = "FREE", "非经营性"


class PlannedFacility(ChildRow, table=True):
    """A facility of the estate with its owner and the day it is handed over."""

    facility: str = text("配套设施", max=100)
    kind: FacilityKind = code(FacilityKind, "性质")
    owned_by: str = text("归属", max=120)
    facility_area: Decimal | None = area("建筑面积", None)
    deliver_on: date | None = day("交付日期", None)


class PlanNumber(Row, table=True):
    """The number of a sales plan, drawn when its buildings are chosen, because its price workbook names it."""

    record_id: UUID = loose_ref("销售方案", index=True)
    project_id: UUID = loose_ref("项目")
    plan_no: str = text("方案编号", max=40, index=True, unique=True)
