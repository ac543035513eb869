"""Decides once for a file how its numbers are read: system, zone, axes; says what speaks against it (SPA-04, SPA-05)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from services.space.boundary_file import BoundaryFile
from services.space.planes import (
    DEGREES,
    GEO,
    GK40,
    OLD_CITY,
    SH2000,
    SH_OLD,
    Pair,
    Plane,
    forward,
    gauss_zone,
    inverse,
    millimetres,
)
from services.space.space_findings import SpaceFinding

_MILLION = 1_000_000
#: Zones whose numbers are tried when those of zone 40 do not fit.
_OTHER_ZONES = (41, 39, 42, 38)
#: Numbers of six-degree zones with the same meridian.
_SIX_DEGREES = {20: 39, 21: 41}


@dataclass(frozen=True)
class Axes:
    """The way in which a listed pair becomes east and north of a plane."""

    plane: Plane
    swapped: bool = False
    degrees: bool = False
    findings: tuple[SpaceFinding, ...] = ()

    def place(self, listed: Pair) -> Pair:
        """East and north of a listed point, in millimetres."""
        pair = listed[::-1] if self.swapped else listed
        return millimetres(forward(pair, self.plane) if self.degrees else without_zone(pair))


def zone_of(east: float) -> int:
    """The zone number before an easting, 0 where there is none."""
    return int(east // _MILLION) if east >= 10 * _MILLION else 0


def without_zone(pair: Pair) -> Pair:
    return pair[0] - zone_of(pair[0]) * _MILLION, pair[1]


def decide_axes(file: BoundaryFile, system: str = "", zone: int | None = None) -> Axes:
    """Decide over all points. `system` is what the user says, `zone` what else is known of it."""
    pairs = [point.place for parcel in file.parcels for ring in parcel.rings for point in ring.points]
    chosen = system or file.system
    if file.system == GEO and chosen != SH_OLD and _small(pairs):
        chosen = GEO
    if chosen == SH_OLD:
        return replace(Axes(OLD_CITY), findings=(_NEEDS_TRANSFORM,))
    if chosen == GEO:
        axes = _degrees(pairs)
    elif chosen == SH2000.key:
        axes = _city_plane(pairs)
    else:
        axes = _zones(pairs, [one for one in (zone, file.zone) if one is not None])
    if file.foreign and not system:
        named = SpaceFinding("NOT_CGCS2000", f"文件写明的坐标系是“{file.foreign}”，请提供2000国家大地坐标系的成果")
        axes = replace(axes, findings=(named, *(one for one in axes.findings if one.code != named.code)))
    return axes


def _small(pairs: Sequence[Pair]) -> bool:
    return all(max(abs(one), abs(other)) <= 180 for one, other in pairs)


def _degrees(pairs: Sequence[Pair]) -> Axes:
    if DEGREES.has_all(pairs):
        return Axes(GK40, degrees=True)
    if DEGREES.has_all(pair[::-1] for pair in pairs):
        return Axes(GK40, swapped=True, degrees=True, findings=(_swapped("经度与纬度"),))
    if not _small(pairs):
        return replace(Axes(GK40), findings=(_outside("坐标不是经纬度"),))
    return Axes(GK40, degrees=True, findings=(_outside("经纬度不在上海范围内"),))


def _city_plane(pairs: Sequence[Pair]) -> Axes:
    """The city's plane, whose box is nearly square about its origin: exchanged axes do not show in the numbers."""
    if SH2000.box.has_all(pairs):
        return Axes(SH2000)
    return Axes(SH2000, findings=(_outside("按上海2000坐标系，坐标不在上海范围内"),))


def _zones(pairs: Sequence[Pair], declared: Sequence[int]) -> Axes:
    for swapped in (False, True):
        if GK40.box.has_all(_turned(pairs, swapped)):
            return _in_zone(pairs, GK40, declared, swapped=swapped)
    for swapped in (False, True):
        for zone in _OTHER_ZONES:
            plane = gauss_zone(zone)
            if DEGREES.has_all(inverse(pair, plane) for pair in _turned(pairs, swapped) if _plausible(pair)) and all(
                _plausible(pair) for pair in _turned(pairs, swapped)
            ):
                return _in_zone(pairs, plane, declared, swapped=swapped)
    if DEGREES.has_all(pairs) or DEGREES.has_all(pair[::-1] for pair in pairs):
        found = SpaceFinding("NOT_CGCS2000", "坐标是经纬度，不是所声明的平面坐标，请选择坐标系“CGCS2000经纬度”")
        return Axes(GK40, swapped=not DEGREES.has_all(pairs), degrees=True, findings=(found,))
    if SH2000.box.has_all(pairs):
        found = SpaceFinding("NOT_CGCS2000", "坐标不是2000国家大地坐标系，数值像上海2000或上海城市坐标，请选择坐标系")
        return Axes(SH2000, findings=(found,))
    inside = sum(1 for pair in _turned(pairs, False) if GK40.box.has(pair))
    some = "部分界址点不在上海范围内" if inside * 2 > len(pairs) else "坐标不在上海范围内"
    return Axes(GK40, findings=(_outside(some),))


def _turned(pairs: Sequence[Pair], swapped: bool) -> Iterator[Pair]:
    for pair in pairs:
        yield without_zone(pair[::-1] if swapped else pair)


def _plausible(pair: Pair) -> bool:
    return 0 < pair[0] < _MILLION and 0 < pair[1] < 10 * _MILLION


def _in_zone(pairs: Sequence[Pair], plane: Plane, declared: Sequence[int], *, swapped: bool) -> Axes:
    """Axes of a zone in which all points are in the city, with what contradicts the declared zones or the prefix."""
    findings = [_swapped("X与Y坐标")] if swapped else []
    prefixes = {zone_of(pair[1] if swapped else pair[0]) for pair in pairs}
    meant = [_SIX_DEGREES.get(one, one) for one in declared] or [GK40.zone]
    if plane.zone != GK40.zone or any(one != plane.zone for one in meant):
        named = next((one for one in meant if one != plane.zone), meant[0])
        findings.append(
            SpaceFinding("WRONG_ZONE", f"声明的带号是{named}，坐标在第{plane.zone}带下才落在上海，请核对带号")
        )
    read = {_SIX_DEGREES.get(prefix, prefix) for prefix in prefixes}
    if read != {0} and (len(read) > 1 or not read <= {plane.zone, *meant}):
        found = "、".join(str(prefix) for prefix in sorted(prefixes) if prefix)
        kind = "只有部分坐标带有带号" if 0 in read else "带号与坐标不符"
        findings.append(SpaceFinding("ZONE_PREFIX", f"Y坐标前的带号{found}：{kind}，请统一后上传"))
    return Axes(plane, swapped=swapped, findings=tuple(findings))


def _swapped(what: str) -> SpaceFinding:
    return SpaceFinding("XY_SWAPPED", f"{what}写反了：对调后落在上海范围内，请确认是否对调")


def _outside(why: str) -> SpaceFinding:
    return SpaceFinding("OUTSIDE_SHANGHAI", f"{why}，请核对坐标系和数值")


_NEEDS_TRANSFORM = SpaceFinding(
    "NEEDS_TRANSFORM", "上海城市坐标系的成果须先按登记的转换参数换算，目前没有有效的参数记录"
)
