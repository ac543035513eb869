"""坐标转换参数: kept values that bring the older city system into SH2000, and the plane of an outline by them (rows 80, 82).

The parameters are not public. Without a record in force for the place and the day a red line of that system is kept as
it is, shown on no map and not submitted (SPA-04).
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from models.access import Role
from models.geometry import Geometry
from models.records import InForceState
from models.red_lines import PlaneSystem
from models.spatial_areas import OldEllipsoid, PlaneTransform, TransformMethod
from services.engine.cycle import kept
from services.engine.findings import Severity
from services.engine.kinds import MARKET_OFFICES, Facts, Kind, Level, Look, Makers, Owner, Proposal, Slot
from services.engine.refusals import NotAllowed
from services.engine.rule_declaration import Fault, rule, rules_in
from services.engine.value_checks import FORMAT, MISSING
from services.engine.work import Work
from services.space.geometry_field import polygons_of
from services.space.overlaps import in_plane
from services.space.planes import CGCS, OLD_CITY, SH2000, Ellipsoid, Plane, Shift, Similarity
from services.space.red_line_checks import plane_of

OPERATORS = frozenset({Role.SPATIAL_OPERATOR})
SPATIAL_LEVEL = Level("空间数据审核", frozenset({Role.SPATIAL_REVIEWER}))
_OTHERS = "others"
#: Metres that a point may move: the numbers of both systems are alike.
_FARTHEST = 10_000
#: What each way needs beside the factor, and the most that it may be; beyond that it is a slip of the pen.
_PLANAR = {"shift_e": _FARTHEST, "shift_n": _FARTHEST, "rotation": 7_200}
_SHIFTS, _TURNS = ("shift_x", "shift_y", "shift_z"), ("turn_x", "turn_y", "turn_z")
_SPATIAL = (
    {"ellipsoid": 0, "meridian": 440_100, "false_e": 1_000_000, "false_n": 10_000_000}
    | dict.fromkeys(_SHIFTS, 1_000)
    | dict.fromkeys(_TURNS, 60)
)
_BOTH = {"scale_ppm": 500, "residual": Decimal("0.2")}
_ELLIPSOIDS = {
    OldEllipsoid.KRASSOVSKY: Ellipsoid(6378245.0, 298.3),
    OldEllipsoid.IAG75: Ellipsoid(6378140.0, 298.257),
    OldEllipsoid.BESSEL: Ellipsoid(6377397.155, 299.1528128),
    OldEllipsoid.CGCS2000: CGCS,
}


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
        known = replace(OLD_CITY, shift=_shift_of(partial(getattr, row)))
        if polygons_of(row.outline).covers(in_plane(whole, known, SH2000)):
            return known
    return plane


def _shift_of(value: Callable[[str], Any]) -> Shift | Similarity:
    """The values of a record as they are computed with."""

    def number(name: str) -> float:
        return float(value(name))

    def turn(name: str) -> float:
        return math.radians(number(name) / 3600)

    scale = 1 + number("scale_ppm") / 1e6
    if value("method") == TransformMethod.PLANAR:
        return Shift(number("shift_e"), number("shift_n"), turn("rotation"), scale)
    plane = replace(
        OLD_CITY,
        meridian=number("meridian") / 3600,
        false_e=number("false_e"),
        false_n=number("false_n"),
        ellipsoid=_ELLIPSOIDS[value("ellipsoid")],
    )
    (dx, dy, dz), (rx, ry, rz) = map(number, _SHIFTS), map(turn, _TURNS)
    return Similarity(plane, (dx, dy, dz), (rx, ry, rz), scale)


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


@rule(MISSING, "参数与参数类型一致", Severity.REFUSE, "请按参数类型填写全部参数")
def values_are_those_of_the_method(transform: Proposal) -> Iterator[Fault]:
    if transform["method"] is None:
        return
    planar = transform["method"] == TransformMethod.PLANAR
    for names, own in ((_PLANAR, planar), (_SPATIAL, not planar)):
        for name in names:
            if own and transform[name] is None:
                yield Fault(name)
            elif not own and transform[name] is not None:
                yield Fault(name, "这种参数类型没有此项，请清空或更正参数类型")


@rule(FORMAT, "参数在合理范围内", Severity.REFUSE, "参数超出合理范围，请核对参数文件")
def values_are_plausible(transform: Proposal) -> Iterator[Fault]:
    own = _PLANAR if transform["method"] == TransformMethod.PLANAR else _SPATIAL
    names = {name: most for name, most in (own | _BOTH).items() if name != "ellipsoid"}
    if any(transform[name] is None for name in own | _BOTH):
        return
    wrong = [name for name, most in names.items() if abs(transform[name]) > most]
    yield from map(Fault, wrong)
    outline = transform["outline"]
    if wrong or own is _PLANAR or not isinstance(outline, Geometry):
        return
    # A sign or an order of the seven that was mistaken takes a point far away.
    centre = polygons_of(outline).centroid
    there = _shift_of(transform.__getitem__).back((centre.x, centre.y))
    if not math.dist(there, (centre.x, centre.y)) <= _FARTHEST:
        message = f"按这些参数，适用范围的中心换算后相差超过{_FARTHEST:,}米，请核对参数、符号和旋转方向"
        yield Fault("shift_x", message)


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
            grid=("document_no", "issuer", "document_on", "valid_from", "valid_to", "residual"),
            filters=("document_no", "valid_from"),
            sections={
                "document_no": "参数来源",
                "valid_from": "期限",
                "method": "参数",
                "shift_e": "平面四参数",
                "ellipsoid": "布尔莎七参数",
                "outline": "适用范围",
            },
            purpose="旧城市坐标系成果换算到上海2000坐标系，按参数文件填平面四参数，或布尔莎七参数和旧系统的椭球、中央子午线、加常数（坐标框架旋转，高程按零）",
        ),
        review=(SPATIAL_LEVEL,),
        slots=(Slot("document", "参数文件", least=1),),
        rules=rules_in(vars()),
        facts=Facts(look=look),
    )
)
