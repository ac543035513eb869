"""Building tables: natural buildings with storeys and units, and their ties to unit works (row 70, market 2.10)."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from models.base import Row, Stamped
from models.codes import Code
from models.columns import (
    area,
    code,
    computed,
    day,
    district,
    flag,
    held_key,
    integer,
    loose_ref,
    moment,
    money,
    ref,
    text,
)
from models.records import InForce, grid_index


class SaleRole(Code):
    """The role of a unit in a sale (market 2.10)."""

    FOR_SALE = "FOR_SALE", "可售"
    SELF_HELD = "SELF_HELD", "自持"
    AFFORDABLE = "AFFORDABLE", "保障房"
    PUBLIC_FACILITY = "PUBLIC_FACILITY", "公共设施"
    OWNERS_COMMON = "OWNERS_COMMON", "全体业主共有"
    RELOCATION = "RELOCATION", "征收安置"
    PARKING = "PARKING", "车位（不单售）"


class NaturalBuilding(Stamped, table=True):
    """自然幢 as the building table of the property register has it; its scope keys are filled by its first tie."""

    natural_building_no: str = text("自然幢号", max=60, index=True, unique=True)
    realty_unit_code: str | None = text("不动产单元号", None, max=28)
    cadastral_code: str | None = text("宗地代码", None, max=19, index=True)
    building_name: str = text("楼幢名称", max=100)
    address: str | None = text("坐落", None, max=255)
    floors_above: int = integer("地上层数", unit="层")
    floors_below: int = integer("地下层数", unit="层")
    planned_use: str = text("规划用途", max=60)
    structure: str | None = text("结构", None, max=30)
    sets_total: int | None = integer("总套数", None, unit="套")
    forecast_area: Decimal | None = area("预测建筑面积", None)
    surveyed_area: Decimal | None = area("实测建筑面积", None)
    surveyed_on: date | None = day("实测日期", None)
    survey_recorded_at: datetime | None = moment("实测成果到达时间", None)
    #: Units whose surveyed area differs too much from the forecast (CMP-09).
    units_off: int = integer("面积差异较大的户数", 0, unit="户")
    fetched_at: datetime | None = moment("取得时间", None)
    district_code: str = district("所属区", "", index=True)
    head_company_id: UUID | None = loose_ref("总公司", None)
    project_company_id: UUID | None = loose_ref("项目公司", None)
    project_id: UUID | None = loose_ref("项目", None)


class Storey(Row, table=True):
    """A storey of a natural building: its real number, without a 0, and the label people use, such as 3A."""

    natural_building_id: UUID = ref("natural_building", "自然幢", owner=True)
    actual_floor: int = integer("实际层")
    nominal_floor: str = text("名义层", max=10)
    gross_area: Decimal | None = area("建筑面积", None)


class HouseUnit(Row, table=True):
    """户: a cell of the building table. A duplex reaches from one storey to another."""

    natural_building_id: UUID = ref("natural_building", "自然幢", owner=True)
    house_code: str = text("房屋编码", max=40, index=True)
    logical_no: str = text("逻辑幢号", "", max=40)
    section_no: str = text("单元号", "", max=20)
    nominal_floor: str = text("名义层", max=10)
    actual_floor_from: int = integer("实际层起")
    actual_floor_to: int = integer("实际层止")
    room_no: str = text("室号部位", "", max=40)
    column_index: int = integer("列", 0)
    column_span: int = integer("占列数", 1)
    planned_use: str = text("规划用途", max=60)
    layout: str = text("户型", "", max=40)
    realty_unit_code: str = text("不动产单元号", "", max=28)
    location: str = text("坐落", "", max=255)
    forecast_gross: Decimal | None = area("预测建筑面积", None)
    forecast_inner: Decimal | None = area("预测套内面积", None)
    forecast_shared: Decimal | None = area("预测分摊面积", None)
    surveyed_gross: Decimal | None = area("实测建筑面积", None)
    surveyed_inner: Decimal | None = area("实测套内面积", None)
    surveyed_shared: Decimal | None = area("实测分摊面积", None)
    sale_role: SaleRole = code(SaleRole, "销售属性", SaleRole.FOR_SALE)
    filed_unit_price: Decimal | None = money("备案单价", None)
    opening_unit_id: UUID | None = loose_ref("开盘单元", None)
    #: No longer in the building table; kept, because events and papers name it.
    gone: bool = flag("已不在楼盘表", False)


class UnitSurvey(Row, table=True):
    """The areas a unit had before the building table changed them, kept for good."""

    house_unit_id: UUID = loose_ref("户")
    natural_building_id: UUID = loose_ref("自然幢")
    forecast_gross: Decimal | None = area("原预测建筑面积", None)
    forecast_inner: Decimal | None = area("原预测套内面积", None)
    surveyed_gross: Decimal | None = area("原实测建筑面积", None)
    surveyed_inner: Decimal | None = area("原实测套内面积", None)
    replaced_at: datetime = moment("更新时间", index=True)


class UnitNaturalLink(InForce, table=True):
    """单位工程与自然幢关联 in force: one unit work and one natural building; either may have several."""

    __table_args__ = (
        grid_index("unit_natural_link", "linked_on", "natural_building_no", "building_name", "unit_engineering_id"),
    )

    pair_key: str | None = held_key("单位工程与自然幢", "unit_engineering_id", "natural_building_no", max=110)
    unit_engineering_id: UUID = loose_ref("单位工程")
    natural_building_no: str = text("自然幢号", max=60, help="在候选自然幢中选择，或按楼盘表填写")
    linked_on: date = day("关联日期", past=True)
    note: str | None = text("说明", None, max=500, help="请勿填写个人信息")
    natural_building_id: UUID | None = computed(loose_ref("自然幢", None))
    building_name: str | None = computed(text("楼幢名称", None, max=100))
