"""Models of buildings by storey and home: drawn or divided outlines tied to the building table (row 81, market 2.15)."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models.base import Row, Stamped
from models.codes import Code
from models.columns import building_no as building_number
from models.columns import (
    code,
    computed,
    held_key,
    integer,
    loose_ref,
    number,
    open_json,
    percent,
    ref,
    sealed_json,
    text,
)
from models.geometry import Geometry, geometry
from models.machines import Machine
from models.records import ChildRow, InForce, grid_index
from models.sealed import Sealed


class ModelPlane(Code):
    """Plane systems that a drawing may be in."""

    SH2000 = "SH2000", "上海2000坐标系"
    CGCS2000_GK3_40 = "CGCS2000_GK3_40", "CGCS2000 3度带第40带"


class DivisionMethod(Code):
    """The way in which the homes of a storey came to their outlines."""

    CAD_FLOOR_PLAN = "CAD_FLOOR_PLAN", "平面图", "good"
    MANUAL = "MANUAL", "手工切分", "good"
    AUTO_SPLIT = "AUTO_SPLIT", "示意", "warn"
    UNDIVIDED = "UNDIVIDED", "未分户", "muted"


class MatchedBy(Code):
    """The way in which a home of the model was tied to the building table."""

    KEY = "KEY", "按层和室号"
    ORDER = "ORDER", "按次序推断"
    MANUAL = "MANUAL", "人工"


class BuildingModel(InForce, table=True):
    """建筑物三维模型 in force: a building's outline with its storeys, their plans and the homes on them."""

    __table_args__ = (
        grid_index(
            "building_model",
            *("method", "floors_above", "floors_below", "homes_total", "homes_matched", "match_rate"),
            *("building_no", "natural_building_no", "planned_no"),
        ),
    )

    building_key: str | None = held_key("楼号", "project_id", "building_no", max=120)
    building_no: str = building_number("图纸楼号")
    planned_no: str | None = building_number("规划建筑物编号", None)
    natural_building_no: str | None = text("自然幢号", None, max=60, help="尚无楼盘表的可不填，只有外轮廓")
    logical_no: str | None = text("逻辑幢号", None, max=40, help="自然幢中只有一部分属于本轮廓的填写")
    plane: ModelPlane = code(ModelPlane, "坐标系")
    footprint: Geometry = geometry("基底轮廓")
    floors_above: int = integer("地上层数", unit="层")
    floors_below: int = integer("地下层数", unit="层")
    podium_floors: int = integer("裙房层数", 0, unit="层")
    height_m: Decimal | None = number("建筑高度", None, unit="m")
    base_z: Decimal = number("首层标高", Decimal(0), unit="m", negative=True)
    method: DivisionMethod = code(DivisionMethod, "分户方式", DivisionMethod.UNDIVIDED)
    core_share: Decimal | None = percent("示意分户的公共部位比例", None)
    drawing: str | None = text("来源图纸", None, max=200)
    homes_total: int = computed(integer("模型户数", 0, unit="户"))
    homes_matched: int = computed(integer("已匹配户数", 0, unit="户"))
    match_rate: Decimal | None = computed(percent("匹配率", None))
    natural_building_id: UUID | None = computed(loose_ref("自然幢", None))
    planned_building_id: UUID | None = computed(loose_ref("规划建筑物", None))


class ModelStorey(ChildRow, table=True):
    """A storey: its real number, without a 0, its label, its height and the plan its homes are drawn on."""

    storey_no: int = integer("实际层", negative=True)
    nominal_floor: str = text("名义层", max=10)
    base_z: Decimal = number("层底标高", unit="m", negative=True)
    height: Decimal = number("层高", unit="m", positive=True)
    plan_no: int = integer("平面编号", positive=True)
    method: DivisionMethod = code(DivisionMethod, "分户方式")


class ModelPart(ChildRow, table=True):
    """A part of a plan: a home's place on it, or what is common."""

    plan_no: int = integer("平面编号", positive=True)
    part_no: str = text("部位", max=40)
    outline: Geometry = geometry("轮廓")


class ModelUnit(ChildRow, table=True):
    """A home on a storey; a duplex has a line for each of its storeys."""

    storey_no: int = integer("实际层", negative=True)
    part_no: str = text("部位", max=40)
    room_no: str = text("室号", "", max=40)
    house_code: str | None = text("房屋编码", None, max=40)
    matched_by: MatchedBy | None = code(MatchedBy, "匹配方式", None)


class ModelShape(Row, table=True):
    """The model in force as one document for pages, with the centre of its outline, by which areas on the map find it."""

    __table_args__ = (sa.Index("ix_model_shape_centre", "plane", "centre_e", "centre_n"),)

    building_model_id: UUID = ref("building_model", "所属记录", owner=True)
    project_id: UUID = loose_ref("项目")
    natural_building_id: UUID | None = loose_ref("自然幢", None)
    plane: ModelPlane = code(ModelPlane, "坐标系")
    centre_e: int = integer("重心东坐标（毫米）")
    centre_n: int = integer("重心北坐标（毫米）")
    shape: Any = open_json("模型", reason="只有几何、楼层、室号和房屋标识，无个人信息")


class DrawingUse(Code):
    """Uses of a drawing, each read in its own way."""

    SITE_PLAN = "SITE_PLAN", "总平面图"
    FLOOR_PLAN = "FLOOR_PLAN", "楼层平面图"
    RED_LINE = "RED_LINE", "红线图"
    CITY_JSON = "CITY_JSON", "CityJSON文件"


class DrawingState(Code):
    """States of a drawing that the worker reads."""

    WAITING = "WAITING", "等待读取", "muted"
    READ = "READ", "已读取", "good"
    REFUSED = "REFUSED", "未能读取", "bad"


DRAWING = Machine(
    {
        "read": {DrawingState.WAITING: DrawingState.READ},
        "refuse": {DrawingState.WAITING: DrawingState.REFUSED},
        "again": {DrawingState.READ: DrawingState.WAITING, DrawingState.REFUSED: DrawingState.WAITING},
    }
)


class DrawingReading(Stamped, table=True):
    """A drawing handed in for a project or a version: the file is an attachment, what the worker read of it is the answer."""

    #: Empty in rows of the time when only site plans were read here.
    use: DrawingUse | None = code(DrawingUse, "用途", None)
    project_id: UUID | None = loose_ref("项目", None)
    revision_id: UUID | None = loose_ref("版本", None)
    attachment_id: UUID = loose_ref("图纸")
    account_id: UUID | None = loose_ref("上传人", None)
    layers: dict[str, object] = open_json("指定的图层", reason="只有图纸的图层名称")
    state: DrawingState = code(DrawingState, "状态", DrawingState.WAITING, index=True)
    step: str = text("正在进行", "", max=40)
    answer: Sealed | None = sealed_json("读取结果", None)
    refusal: str = text("未能读取原因", "", max=300)

    @property
    def read_as(self) -> DrawingUse:
        """The use by which the worker reads the drawing: as a site plan where none was chosen."""
        return self.use or DrawingUse.SITE_PLAN
