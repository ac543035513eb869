"""坐标转换参数: kept values that bring the older city system into SH2000, and the plane of an outline by them (rows 80, 82).

The parameters are not public. Without a record in force for the place and the day a red line of that system is kept as
it is, shown on no map and not submitted (SPA-04).
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from models.access import Role
from models.geometry import Geometry
from models.records import InForceState
from models.red_lines import PlaneSystem
from models.spatial_areas import PlaneTransform
from services.engine.cycle import kept
from services.engine.findings import Severity
from services.engine.kinds import MARKET_OFFICES, Facts, Kind, Level, Look, Makers, Owner, Proposal, Slot
from services.engine.refusals import NotAllowed
from services.engine.rule_declaration import Fault, rule, rules_in
from services.engine.value_checks import FORMAT
from services.engine.work import Work
from services.space.geometry_field import polygons_of
from services.space.overlaps import in_plane
from services.space.planes import OLD_CITY, SH2000, Plane, Shift
from services.space.red_line_checks import plane_of

OPERATORS = frozenset({Role.SPATIAL_OPERATOR})
SPATIAL_LEVEL = Level("空间数据审核", frozenset({Role.SPATIAL_REVIEWER}))
_OTHERS = "others"
#: What a record may hold: metres, seconds, millionths; beyond these it is a slip of the pen.
_FARTHEST, _MOST_TURN, _MOST_SCALE, _MOST_RESIDUAL = 10_000, 7_200, 500, Decimal("0.2")


def plane_in(work: Work, system: PlaneSystem, outline: Geometry) -> Plane:
    """The plane of an outline; that of the older city system carries the parameters in force for its place today."""
    plane = plane_of(system)
    if plane != OLD_CITY:
        return plane
    whole = polygons_of(outline)
    rows = work.rows(
        PlaneTransform,
        PlaneTransform.in_force == InForceState.EFFECTIVE,
        PlaneTransform.valid_from <= work.today,
        sa.or_(col(PlaneTransform.valid_to).is_(None), col(PlaneTransform.valid_to) >= work.today),
        by=PlaneTransform.record_no,
    )
    for row in rows:
        known = replace(OLD_CITY, shift=shift_of(row))
        if polygons_of(row.outline).covers(in_plane(whole, known, SH2000)):
            return known
    return plane


def shift_of(row: PlaneTransform) -> Shift:
    """The values of a record as they are computed with."""
    turn = math.radians(float(row.rotation) / 3600)
    return Shift(float(row.shift_e), float(row.shift_n), turn, 1 + float(row.scale_ppm) / 1e6)


def district_of_operator(work: Work, about: UUID | None) -> Owner:
    """Records of no project belong to the district of the operator who drafts them."""
    scope = next((one for one in work.caller.scope_of(Role.SPATIAL_OPERATOR)), None)
    if scope is None:
        raise NotAllowed("只有空间数据作业员可以填报")
    return Owner(district_code=scope.code or "310000")


def readers(work: Work, table: Any) -> Any:
    """Companies and analysts read them in force beyond any scope; offices read those of their district or of the city."""
    return sa.true() if work.caller.has(*MARKET_OFFICES.companies, *MARKET_OFFICES.others) else sa.false()


def look(work: Work, transform: Proposal) -> Mapping[str, Any]:
    """The other records in force whose days and areas meet these."""
    outline = transform["outline"]
    if not isinstance(outline, Geometry) or transform["valid_from"] is None:
        return {}
    rows = work.rows(
        PlaneTransform,
        PlaneTransform.in_force == InForceState.EFFECTIVE,
        PlaneTransform.id != transform.record_id,
    )
    whole = polygons_of(outline)
    return {
        _OTHERS: [
            row.document_no
            for row in rows
            if whole.is_valid
            and polygons_of(row.outline).intersection(whole).area > 1
            and (row.valid_to or date.max) >= transform["valid_from"]
            and (transform["valid_to"] or date.max) >= row.valid_from
        ]
    }


@rule(FORMAT, "参数在合理范围内", Severity.REFUSE, "参数超出合理范围，请核对参数文件")
def values_are_plausible(transform: Proposal) -> Iterator[Fault]:
    for name, most in (
        ("shift_e", _FARTHEST),
        ("shift_n", _FARTHEST),
        ("rotation", _MOST_TURN),
        ("scale_ppm", _MOST_SCALE),
        ("residual", _MOST_RESIDUAL),
    ):
        value = transform[name]
        if value is not None and abs(value) > most:
            yield Fault(name)


@rule(FORMAT, "适用范围完整且不与其他参数重叠", Severity.REFUSE, "适用范围自相交，请重新绘制")
def area_is_its_own(transform: Proposal) -> Iterator[Fault]:
    outline = transform["outline"]
    if isinstance(outline, Geometry) and not polygons_of(outline).is_valid:
        yield Fault("outline")
    for other in transform.found.get(_OTHERS, ())[:1]:
        yield Fault("outline", f"与参数文件{other}的适用范围和期限重叠，请先停用原参数")


PLANE_TRANSFORM = kept(
    Kind(
        name="plane_transform",
        label="坐标转换参数",
        row=80,
        prefix="ZH",
        table=PlaneTransform,
        makers=Makers(draft=OPERATORS, submit=OPERATORS, owner=district_of_operator, also_seen=readers),
        look=Look(
            title="document_no",
            menu="",
            grid=("document_no", "issuer", "document_on", "valid_from", "valid_to", "residual"),
            filters=("document_no", "valid_from"),
            sections={"document_no": "参数来源", "valid_from": "期限", "shift_e": "参数", "outline": "适用范围"},
            purpose="旧城市坐标系成果换算到上海2000坐标系。只接受平面四参数：七参数须有旧系统的参考椭球，未公开，只有七参数的请测绘单位换算后提供上海2000坐标成果",
        ),
        review=(SPATIAL_LEVEL,),
        slots=(Slot("document", "参数文件", least=1),),
        rules=rules_in(vars()),
        facts=Facts(look=look),
    )
)
