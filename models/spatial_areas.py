"""Areas that homes are analysed by, parameters of the older city system, and base maps approved for the public (rows 80, 82)."""

from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from models.codes import Code
from models.columns import area, code, computed, day, integer, letters_key, number, text
from models.companies import District
from models.geometry import Boxed, Geometry, geometry
from models.land_codes import Ring
from models.records import InForce, grid_index
from models.red_lines import PlaneSystem


class AreaUse(Code):
    """Uses of an area."""

    PLATE = "PLATE", "板块"
    RING = "RING", "环线"
    STATION = "STATION", "轨道交通站点"
    SCHOOL = "SCHOOL", "学校"
    OTHER = "OTHER", "其他"


class TransformMethod(Code):
    """Ways from the older city system into SH2000."""

    PLANAR = "PLANAR", "平面四参数"
    SPATIAL = "SPATIAL", "布尔莎七参数"


class OldEllipsoid(Code):
    """Ellipsoids on which a survey office may have the older city system."""

    KRASSOVSKY = "KRASSOVSKY", "克拉索夫斯基椭球（1954）"
    IAG75 = "IAG75", "IAG75椭球（1980）"
    BESSEL = "BESSEL", "贝塞尔椭球（1841）"
    CGCS2000 = "CGCS2000", "CGCS2000椭球"


class SpatialArea(Boxed, InForce, table=True):
    """空间分析范围 in force: a plate, a ring or what homes lie around; the box around it in zone 40."""

    __table_args__ = (
        grid_index("spatial_area", *("use", "district", "ring", "area_computed", "area_name", "decided_on")),
        sa.Index("ix_spatial_area_box", "e_min", "e_max", "n_min", "n_max"),
        sa.Index("ix_spatial_area_width", "width"),
    )

    area_name: str = text("范围名称", max=60, help="板块的名称与项目所填的板块一致")
    area_name_letters: str | None = letters_key("范围名称", "area_name", max=60)
    use: AreaUse = code(AreaUse, "范围类别")
    district: District = code(District, "所在区")
    ring: Ring | None = code(Ring, "环线", None)
    decided_on: date = day("划定日期", past=True)
    basis: str = text("划定依据", max=200)
    reach: int | None = integer("缓冲距离", None, unit="米", positive=True)
    plane_system: PlaneSystem = code(PlaneSystem, "坐标系")
    outline: Geometry = geometry("范围")
    area_computed: Decimal | None = computed(area("按坐标计算面积", None))


class PlaneTransform(InForce, table=True):
    """坐标转换参数 in force: four or seven values from 上海城市坐标系 to SH2000, where and how long they hold, by what document."""

    __table_args__ = (
        grid_index("plane_transform", *("document_no", "document_on", "valid_from", "valid_to", "residual", "issuer")),
    )

    document_no: str = text("参数文件编号", max=80)
    issuer: str = text("提供单位", max=120)
    document_on: date = day("参数文件日期", past=True)
    valid_from: date = day("启用日期")
    valid_to: date | None = day("停用日期", None, since=("valid_from",))
    method: TransformMethod = code(TransformMethod, "参数类型")
    #: A factor in both ways.
    scale_ppm: Decimal = number("尺度", unit="百万分之一", negative=True)
    residual: Decimal = number("内符合残差", unit="米")
    shift_e: Decimal | None = number("东平移", None, unit="米", negative=True)
    shift_n: Decimal | None = number("北平移", None, unit="米", negative=True)
    rotation: Decimal | None = number("旋转", None, unit="秒", negative=True)
    #: Seven values go by way of space, so that they need to know how the older system lies on its ellipsoid.
    ellipsoid: OldEllipsoid | None = code(OldEllipsoid, "旧系统参考椭球", None)
    meridian: Decimal | None = number("旧系统中央子午线", None, unit="秒")
    false_e: Decimal | None = number("旧系统东坐标加常数", None, unit="米", negative=True)
    false_n: Decimal | None = number("旧系统北坐标加常数", None, unit="米", negative=True)
    shift_x: Decimal | None = number("X平移", None, unit="米", negative=True)
    shift_y: Decimal | None = number("Y平移", None, unit="米", negative=True)
    shift_z: Decimal | None = number("Z平移", None, unit="米", negative=True)
    turn_x: Decimal | None = number("X旋转", None, unit="秒", negative=True)
    turn_y: Decimal | None = number("Y旋转", None, unit="秒", negative=True)
    turn_z: Decimal | None = number("Z旋转", None, unit="秒", negative=True)
    outline: Geometry = geometry("适用范围（上海2000坐标系）")


class BaseMap(InForce, table=True):
    """公开地图底图 in force: an approved picture of the city, its number, and where it lies in a plane system."""

    __table_args__ = (
        grid_index("base_map", *("approval_no", "map_title", "issuer", "approved_on", "valid_to", "plane_system")),
    )

    approval_no: str = text("审图号", max=40, help="按审核批准书填写，例如 沪S（2026）012号")
    map_title: str = text("图名", max=80)
    issuer: str = text("审核机关", max=120)
    approved_on: date = day("批准日期", past=True)
    valid_to: date | None = day("停用日期", None, since=("approved_on",))
    plane_system: PlaneSystem = code(PlaneSystem, "坐标系")
    west: Decimal = number("图幅西边东坐标", unit="米", negative=True)
    south: Decimal = number("图幅南边北坐标", unit="米", negative=True)
    east: Decimal = number("图幅东边东坐标", unit="米", negative=True)
    north: Decimal = number("图幅北边北坐标", unit="米", negative=True)
