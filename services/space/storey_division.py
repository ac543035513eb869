"""Divides a storey's outline schematically among its homes, by area and facing (row 81, AUTO_SPLIT).

Areas are right, places are a guess: the homes facing south and north of the long axis, round a core or along a
corridor; without facings in slices, entrance by entrance.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.engine.late import shapely

_GRID, _TOLERANCE = 0.001, 0.002
#: A core may take so much of the width and depth of a storey; a facing counts from this on.
_WIDEST_CORE, _FACES = 0.7, 0.4
#: So many homes without facings lie on both sides of a corridor.
_BOTH_SIDES = 5
_COMPASS = {"东": (1.0, 0.0), "南": (0.0, -1.0), "西": (-1.0, 0.0), "北": (0.0, 1.0)}

CORE = "公共部位"


@dataclass(frozen=True)
class Share:
    """A home's claim on a storey: key, area in square metres, facing, entrance."""

    key: str
    area: float
    facing: str = ""
    entrance: str = ""


def divide_storey(outline: Any, shares: Sequence[Share], common: Sequence[float] = ()) -> dict[str, Any]:
    """The parts of an outline by the keys of the homes, with CORE for the common parts; together they fill it.

    Areas are scaled to the outline; homes get their part of it, common parts theirs.
    """
    if not shares:
        return {CORE: outline}
    asked = sum(share.area for share in shares) + sum(common)
    scale = outline.area / asked
    angle = long_axis(outline)
    centre = outline.centroid
    flat = shapely.set_precision(shapely.affinity.rotate(outline, -angle, origin=centre), _GRID)
    cut: dict[str, Any] = {}
    entrances = list(dict.fromkeys(share.entrance for share in shares))
    groups = [[share for share in shares if share.entrance == entrance] for entrance in entrances]
    weights = [sum(share.area for share in group) for group in groups]
    cores = _by_weight(common, weights)
    regions = slice_along(flat, [weight + sum(core) for weight, core in zip(weights, cores, strict=True)])
    for region, group, core in zip(regions, groups, cores, strict=True):
        for key, part in _divide(region, group, [one * scale for one in core], angle):
            cut[key] = part if key not in cut else shapely.union(cut[key], part, grid_size=_GRID)
    return tiled({key: shapely.affinity.rotate(part, angle, origin=centre) for key, part in cut.items()})


def long_axis(outline: Any) -> float:
    """The angle of the longer side of the narrowest rectangle around an outline, in (-90, 90] degrees.

    Its direction must not be left to chance, or homes come out mirrored in half of the buildings.
    """
    corners = list(shapely.oriented_envelope(outline).exterior.coords)
    start, end = max(((corners[place], corners[place + 1]) for place in range(2)), key=lambda side: math.dist(*side))
    angle = math.degrees(math.atan2(end[1] - start[1], end[0] - start[0]))
    turned = (angle + 90) % 180 - 90
    return 90.0 if turned == -90 else turned


def facing_of(words: str, angle: float) -> tuple[float, float]:
    """The direction of a facing on an outline turned by -angle; 南北 faces both ways and none."""
    across, up = 0.0, 0.0
    for sign in set(words) & set(_COMPASS):
        across, up = across + _COMPASS[sign][0], up + _COMPASS[sign][1]
    turn = math.radians(-angle)
    return across * math.cos(turn) - up * math.sin(turn), across * math.sin(turn) + up * math.cos(turn)


def slice_along(region: Any, weights: Sequence[float], *, upward: bool = False) -> list[Any]:
    """Slices of a region from left to right, or upward, whose areas are as the weights."""
    total = sum(weights)
    low, high = _span(region, upward)
    slices, reached, done = [], low - 1, 0.0
    for weight in weights[:-1]:
        done += region.area * weight / total
        end = _place_of_area(region, done, upward)
        slices.append(_between(region, reached, end, upward))
        reached = end
    slices.append(_between(region, reached, high + 1, upward))
    return slices


def tiled(parts: Mapping[str, Any]) -> dict[str, Any]:
    """The parts on a grid of millimetres, sharing their borders exactly: none lies on another, none leaves a gap."""
    kept = {key: part for key, part in parts.items() if part.area > 0}
    borders = shapely.union_all([part.boundary for part in kept.values()], grid_size=_GRID)
    keys = list(kept)
    tree = shapely.STRtree([kept[key] for key in keys])
    found: dict[str, list[Any]] = {key: [] for key in keys}
    whole = shapely.union_all([part.buffer(2 * _GRID) for part in kept.values()])
    for face in shapely.get_parts(shapely.polygonize([borders])):
        inside = face.representative_point()
        if whole.contains(inside):
            found[keys[int(tree.nearest(inside))]].append(face)
    return {key: shapely.union_all(faces, grid_size=_GRID) for key, faces in found.items() if faces}


def _by_weight(common: Sequence[float], weights: Sequence[float]) -> list[list[float]]:
    """The common parts of each entrance: as many each where that is even, else by weight."""
    count = len(weights)
    if common and len(common) % count == 0:
        each = len(common) // count
        return [list(common[place * each : (place + 1) * each]) for place in range(count)]
    total = sum(weights)
    return [[sum(common) * weight / total] if common else [] for weight in weights]


def _divide(region: Any, shares: Sequence[Share], core: Sequence[float], angle: float) -> Iterator[tuple[str, Any]]:
    facings = {share.key: facing_of(share.facing, angle) for share in shares}
    lower = [share for share in shares if facings[share.key][1] < -_FACES]
    upper = [share for share in shares if facings[share.key][1] > _FACES]
    if not any(share.facing for share in shares) and len(shares) >= _BOTH_SIDES:
        half = (len(shares) + 1) // 2
        lower, upper = list(shares[:half]), list(shares[half:])
    if not lower or not upper:
        yield from _slices(region, shares, core)
        return
    for share in shares:
        if share not in lower and share not in upper:
            # A home at the end of the storey joins the shorter row.
            min((lower, upper), key=lambda row: sum(one.area for one in row)).append(share)
    for row in (lower, upper):
        row.sort(key=lambda share: facings[share.key][0])
    corners = len(lower) > 1 and len(upper) > 1 and any(abs(facings[share.key][0]) > _FACES for share in shares)
    yield from _rows(region, lower, upper, sum(core), block=corners)


def _slices(region: Any, shares: Sequence[Share], core: Sequence[float]) -> Iterator[tuple[str, Any]]:
    """Slices across the storey, each core between the homes it serves."""
    count = max(1, min(len(core), len(shares)))
    size, rest = divmod(len(shares), count)
    groups, begin = [], 0
    for place in range(count):
        end = begin + size + (place < rest)
        groups.append(list(shares[begin:end]))
        begin = end
    cores = list(core) if len(core) == count else [sum(core) / count] * count
    weights = [sum(share.area for share in group) for group in groups]
    free = region.area - sum(cores)
    areas = [free * weight / sum(weights) + one for weight, one in zip(weights, cores, strict=True)]
    for part, group, one in zip(slice_along(region, areas), groups, cores, strict=True):
        rest_of_part = part
        if one > 0:
            block = _core_at_back(part, one, alone=len(group) == 1)
            yield CORE, block
            rest_of_part = shapely.difference(part, block, grid_size=_GRID)
        for share, home in zip(group, slice_along(rest_of_part, [share.area for share in group]), strict=True):
            yield share.key, home


def _core_at_back(part: Any, area: float, *, alone: bool) -> Any:
    """A core at the upper side of a slice, in its middle; where the outline has no room for it, a strip along that side."""
    left, low, right, high = part.bounds
    width = min(math.sqrt(area), _WIDEST_CORE * (right - left))
    middle = right - width / 2 if alone else (left + right) / 2
    block = part.intersection(shapely.box(middle - width / 2, high - area / width, middle + width / 2, high))
    if block.geom_type == "Polygon" and block.area > 0.999 * area and area / width < _WIDEST_CORE * (high - low):
        return block
    return slice_along(part, [part.area - area, area], upward=True)[1]


def _rows(
    region: Any, lower: Sequence[Share], upper: Sequence[Share], core: float, *, block: bool
) -> Iterator[tuple[str, Any]]:
    """Two rows of homes: round a block in the middle, or on both sides of a corridor."""
    below, above = (sum(share.area for share in row) for row in (lower, upper))
    middle = _middle_block(region, core) if block and core > 0 else None
    if middle is not None:
        yield CORE, middle
        under, over = slice_along(shapely.difference(region, middle, grid_size=_GRID), [below, above], upward=True)
    elif core > 0:
        free = (region.area - core) / (below + above)
        under, corridor, over = slice_along(region, [below * free, core, above * free], upward=True)
        yield CORE, corridor
    else:
        under, over = slice_along(region, [below, above], upward=True)
    for row, part in ((lower, under), (upper, over)):
        for share, home in zip(row, slice_along(part, [share.area for share in row]), strict=True):
            yield share.key, home


def _middle_block(region: Any, area: float) -> Any:
    """A block in the middle of a region, as wide to its depth as the region; None where there is no room for it."""
    left, low, right, high = region.bounds
    width = math.sqrt(area * (right - left) / (high - low))
    depth = area / width
    if width > _WIDEST_CORE * (right - left):
        return None
    e, n = (left + right) / 2, (low + high) / 2
    block = shapely.box(e - width / 2, n - depth / 2, e + width / 2, n + depth / 2)
    return shapely.set_precision(block, _GRID) if region.contains(block) else None


def _span(region: Any, upward: bool) -> tuple[float, float]:
    left, low, right, high = region.bounds
    return (low, high) if upward else (left, right)


def _between(region: Any, start: float, end: float, upward: bool) -> Any:
    """The part of a region between two lines across it."""
    left, low, right, high = region.bounds
    strip = shapely.box(left - 1, start, right + 1, end) if upward else shapely.box(start, low - 1, end, high + 1)
    return areas_of(shapely.intersection(region, strip, grid_size=_GRID))


def areas_of(geometry: Any) -> Any:
    """A geometry without the lines and points that a cut along a border leaves."""
    if geometry.geom_type in ("Polygon", "MultiPolygon"):
        return geometry
    return shapely.multipolygons([part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon"])


def _place_of_area(region: Any, area: float, upward: bool) -> float:
    """The line left of which, or under which, a region has this area, by bisection."""
    left, bottom, right, top = region.bounds
    low, high = _span(region, upward)
    middle = low
    for _ in range(60):
        middle = (low + high) / 2
        ends = (right, middle) if upward else (middle, top)
        found = shapely.clip_by_rect(region, left, bottom, *ends).area
        if abs(found - area) < _TOLERANCE:
            break
        low, high = (middle, high) if found < area else (low, middle)
    return round(middle, 3)
