"""Kept sums of supply: what changed by building and day, by project and month, and the months that are closed (row 83)."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa

from models.base import Row, Table
from models.codes import Code
from models.columns import code, day, district, flag, ident, integer, loose_ref, moment, text

_DERIVED = "worked out from records that carry their MACs, and by night worked out again and compared"


class SupplyCell(Table):
    """The subject of a sum: a project's place, its kind of property, a stage or flow, and the bands of homes in stock.

    Areas are whole numbers of mm², so that sums are exact in every database; `id` is made of all of it.
    """

    id: UUID = ident()
    #: None for land that no project uses.
    project_id: UUID | None = loose_ref("项目", None)
    district_code: str = district("区")
    plate: str = text("板块", "", max=40)
    ring: str = text("环线", "", max=20)
    property_type: str = text("物业类型", max=10)
    item: str = text("阶段或流量", max=10)
    level: str = text("面积来源", "", max=16)
    completed: bool = flag("已竣工", False)
    earnest: bool = flag("已付定金", False)
    size_band: int = integer("面积段", -1)
    price_band: int = integer("备案价段", -1)
    listed_month: int = integer("首次上市月份", -1)
    area: int = integer("面积", 0, unit="平方毫米")
    sets: int = integer("套数", 0)
    amount: int = integer("金额", 0, unit="分")


class SupplyDay(SupplyCell, table=True):
    """可供应量逐日变化: what changed on a business day by building, with everything known since."""

    __table_args__ = (
        sa.Index("ix_supply_day_day", "day"),
        sa.Index("ix_supply_day_building", "building_id", "day"),
        {"info": {"unprotected": _DERIVED}},
    )

    day: date = day("业务日期")
    building_id: UUID | None = loose_ref("自然幢、规划建筑物或地块", None, index=False)


class SupplyMonth(SupplyCell, table=True):
    """可供应量逐月变化: what changed in a month by project, as published and as known now."""

    __table_args__ = (
        sa.Index("ix_supply_month_month", "month", "item"),
        {"info": {"unprotected": _DERIVED}},
    )

    month: int = integer("月份序号")
    area_now: int = integer("修订面积", 0, unit="平方毫米")
    sets_now: int = integer("修订套数", 0)
    amount_now: int = integer("修订金额", 0, unit="分")


class SupplySum(SupplyCell, table=True):
    """可供应量粗汇总: months of districts and of plates, and years of projects, added up from the months of projects.

    Columns that a grain does not keep are empty; a year is kept under its December.
    """

    __table_args__ = (
        sa.Index("ix_supply_sum_grain", "grain", "month", "item"),
        # All that a home and the report of districts read: 62,400 rows of 2,000 projects are added up without one of them.
        sa.Index("ix_supply_sum_district", "grain", "item", "district_code", "month", "area", "sets", "amount"),
        {"info": {"unprotected": _DERIVED}},
    )

    grain: str = text("粒度", max=10)
    month: int = integer("月份序号")
    area_now: int = integer("修订面积", 0, unit="平方毫米")
    sets_now: int = integer("修订套数", 0)
    amount_now: int = integer("修订金额", 0, unit="分")


class SupplyProject(Table, table=True):
    """A project whose sums are kept; its row is locked while they change. Land without a project has the id 0."""

    __table_args__ = ({"info": {"unprotected": _DERIVED}},)

    id: UUID = ident()
    built_at: datetime | None = moment("最近重建时间", None)
    #: Its records changed in bulk, and its sums are to be built anew.
    stale: bool = flag("待重建", True)


class DoubtCode(Code):
    """The reasons for which figures of a record are doubtful (5.2, 8)."""

    NEGATIVE_REMAINDER = "NEGATIVE_REMAINDER", "规划可售面积超过合同"
    PLATE_MISSING = "PLATE_MISSING", "缺板块"
    PRESALE_DATE_MISSING = "PRESALE_DATE_MISSING", "缺计划预售日期"
    UNIT_NO_AREA = "UNIT_NO_AREA", "户无面积"
    UNIT_NOT_LINKED = "UNIT_NOT_LINKED", "单位工程未关联规划建筑物"
    TABLE_NOT_LINKED = "TABLE_NOT_LINKED", "楼盘表未关联单位工程"


class SupplyDoubt(Table, table=True):
    """A record whose figures are doubtful from the end of a month on, or were until another."""

    __table_args__ = ({"info": {"unprotected": _DERIVED}},)

    id: UUID = ident()
    project_id: UUID | None = loose_ref("项目", None)
    district_code: str = district("区", "")
    doubt: DoubtCode = code(DoubtCode, "问题", index=True)
    entity: str = text("对象类别", max=20)
    subject_id: UUID = loose_ref("对象", index=False)
    subject: str = text("对象", "", max=200)
    area: int | None = integer("面积差", None, unit="平方毫米")
    #: 0 where the doubt is as old as its record.
    from_month: int = integer("起始月份序号", 0)
    #: The first month without it; None while the record is doubtful.
    to_month: int | None = integer("终止月份序号", None, index=True)


class SupplyClosing(Row, table=True):
    """A closed month: its published sums, known again by their digest, are not changed any more."""

    month: int = integer("月份序号", unique=True)
    version_no: str = text("版本", max=20)
    closed_at: datetime = moment("关账时间")
    digest: str = text("公布数摘要", max=64)
    rows: int = integer("汇总行数", 0)
