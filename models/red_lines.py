"""Red lines of projects: the surveyed outline of their land with the report it was taken from (row 80, market 2.15)."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from models.codes import Code
from models.columns import area, code, computed, day, integer, number, ref, text
from models.geometry import Boxed, Geometry, geometry
from models.land_codes import Ring
from models.records import InForce, grid_index


class PlaneSystem(Code):
    """Plane coordinate systems in which a survey may be handed in (market 7.1); the keys are those of `services/space/planes.py`."""

    SH2000 = "SH2000", "上海2000坐标系"
    CGCS2000_GK3_40 = "CGCS2000_GK3_40", "CGCS2000 高斯-克吕格3度带第40带"
    SH_OLD = "SH_OLD", "上海城市坐标系（旧）"


class SurveyClass(Code):
    """Class of boundary points: the permitted error of a point is 5, 7.5 or 10 cm."""

    FIRST = "FIRST", "一级（±5厘米）"
    SECOND = "SECOND", "二级（±7.5厘米）"
    THIRD = "THIRD", "三级（±10厘米）"


class RedLine(Boxed, InForce, table=True):
    """项目空间范围 in force. `outline` is in the plane of the survey, which is the master; the box around it in zone 40."""

    __table_args__ = (
        grid_index(
            "red_line",
            *(
                "plane_system",
                "survey_on",
                "area_computed",
                "report_area",
                "point_count",
                "report_no",
                "survey_unit",
                "plate",
            ),
        ),
        sa.Index("ix_red_line_box", "e_min", "e_max", "n_min", "n_max"),
        sa.Index("ix_red_line_width", "width"),
    )

    report_no: str = text("测绘成果编号", max=60, help="勘测定界或宗地测量报告的编号")
    survey_unit: str = text("测绘单位", max=120)
    survey_on: date = day("测绘日期", past=True)
    survey_class: SurveyClass = code(SurveyClass, "界址点精度")
    parcel_id: UUID | None = ref("parcel", "对应地块", None)
    report_area: Decimal = area("成果报告面积", positive=True)
    certificate_area: Decimal | None = area(
        "证载土地面积", None, positive=True, help="不填时取本项目不动产权证的宗地面积"
    )
    plane_system: PlaneSystem = code(PlaneSystem, "坐标系")
    outline: Geometry = geometry("界址范围")
    area_computed: Decimal | None = computed(area("按坐标计算面积", None))
    edge_check: str | None = text("表列边长核对", None, max=300, help="载入带边长的坐标表时自动填写")
    plate: str | None = computed(text("所在板块", None, max=60))
    ring: Ring | None = computed(code(Ring, "所在环线", None))
    perimeter: Decimal | None = computed(number("周长", None, unit="米"))
    point_count: int | None = computed(integer("界址点数", None, unit="个"))
