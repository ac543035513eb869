"""Repairs and checks of single rings: closing, repeated points, spikes, stated edges (SPA-01, SPA-02, SPA-08)."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.space.axes import Axes
from services.space.boundary_file import ListedRing
from services.space.planes import Pair
from services.space.space_findings import SpaceFinding

#: Gaps in metres: closed, closed by us, and beyond doubt not the way back to the first point.
CLOSED, CLOSED_BY_US, NO_EDGE = 0.001 + 1e-6, 0.10 + 1e-6, 1.0
#: Points nearer than this are one; a corner sharper than this is a spike.
NEAR, SHARPEST = 0.01, math.radians(1)
#: Point error of class 1 surveys and the share of it that grows with the edge.
_POINT_ERROR, _WITH_LENGTH, _SHORT_EDGE = 0.05, 0.02, 50.0


@dataclass(frozen=True)
class Ring:
    """A ring as it is drawn: its points without the repeated first, their numbers, and what was found.

    `number` is as listed. `clockwise` looks from above.
    """

    number: int
    points: tuple[Pair, ...]
    numbers: tuple[str, ...]
    findings: tuple[SpaceFinding, ...]

    @property
    def enough(self) -> bool:
        return len(self.points) >= 3

    @property
    def clockwise(self) -> bool:
        return signed_area(self.points) < 0


def signed_area(points: Sequence[Pair]) -> float:
    """The area by shoelace from the first point, positive counter-clockwise."""
    if not points:
        return 0.0
    e, n = points[0]
    moved = [(one - e, other - n) for one, other in points]
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(moved, (*moved[1:], moved[0]), strict=True)) / 2


def settle_ring(listed: ListedRing, axes: Axes, *, subject: str, strict: bool) -> Ring:
    """Close a ring and take repeated points and spikes from it. With `strict` a ring that stays open is never closed."""
    points = [axes.place(point.place) for point in listed.points]
    numbers = [point.number for point in listed.points]
    findings = list(close_ring(points, numbers, listed.closed, subject, strict=strict))
    findings += _edges(points, listed.edges, subject)
    if doubled := take_doubles(points, numbers):
        named = _named(doubled)
        findings.append(SpaceFinding("DUPLICATE_POINT", f"相邻界址点相距不足1厘米：{named}", subject, doubled[0][1]))
    if spikes := take_spikes(points, numbers):
        findings.append(SpaceFinding("SPIKE", f"界址线在{_named(spikes)}处往返形成尖刺", subject, spikes[0][1]))
    if len(points) < 3:
        where = points[0] if points else None
        findings.append(SpaceFinding("TOO_FEW_POINTS", "一圈至少应有3个不同的界址点", subject, where))
    return Ring(listed.number, tuple(points), tuple(numbers), tuple(findings))


def close_ring(
    points: list[Pair], numbers: list[str], closed: bool | None, subject: str, *, strict: bool
) -> Iterator[SpaceFinding]:
    """Drop the point that repeats the first, or say that it is missing or elsewhere."""
    if len(points) < 3:
        return
    first, last = points[0], points[-1]
    gap = math.dist(first, last)
    if gap <= CLOSED:
        points.pop()
        numbers.pop()
        return
    if closed:
        return
    repeated = bool(numbers[0]) and numbers[0] == numbers[-1]
    if gap <= CLOSED_BY_US:
        points.pop()
        numbers.pop()
        yield SpaceFinding("RING_AUTO_CLOSED", f"首尾相差{gap:.3f}米，已闭合到首点", subject, first, note=True)
    elif strict or repeated or gap <= NO_EDGE:
        if repeated or gap <= NO_EDGE:
            points.pop()
            numbers.pop()
        yield SpaceFinding("NOT_CLOSED", f"界址线未闭合，首尾相差{gap:.2f}米", subject, last)
    else:
        yield SpaceFinding("RING_AUTO_CLOSED", "末点没有重复首点，已自动闭合", subject, first, note=True)


def _edges(points: Sequence[Pair], stated: Sequence[float | None], subject: str) -> Iterator[SpaceFinding]:
    """Compare stated edge lengths with those of the coordinates, from each point to the next."""
    off: list[tuple[Pair, float, float]] = []
    for place, length in enumerate(stated[: len(points)]):
        if length is None or len(points) < 3:
            continue
        start = points[place]
        found = math.dist(start, points[(place + 1) % len(points)])
        allowed = _POINT_ERROR + _WITH_LENGTH * _POINT_ERROR * found if found <= _SHORT_EDGE else 2 * _POINT_ERROR
        if abs(found - length) > allowed:
            off.append((start, length, found))
    if off:
        start, length, found = off[0]
        more = f"等{len(off)}条边" if len(off) > 1 else ""
        message = f"边长表列{length:.2f}米，按坐标为{found:.2f}米{more}"
        yield SpaceFinding("EDGE_LENGTH", message, subject, start, note=True)


def take_doubles(points: list[Pair], numbers: list[str]) -> list[tuple[str, Pair]]:
    """Remove points that lie on the one before them; return them."""
    taken = []
    place = 0
    while len(points) > 1 and place < len(points):
        if math.dist(points[place], points[place - 1]) < NEAR:
            # The first point stays; what lies on it from behind goes.
            gone = place or len(points) - 1
            taken.append((numbers.pop(gone), points.pop(gone)))
        else:
            place += 1
    return taken


def take_spikes(points: list[Pair], numbers: list[str]) -> list[tuple[str, Pair]]:
    """Remove corners at which the line turns back on itself; return them."""
    taken = []
    place = 0
    while len(points) > 3 and place < len(points):
        if _corner(points[place - 1], points[place], points[(place + 1) % len(points)]) < SHARPEST:
            taken.append((numbers.pop(place), points.pop(place)))
            doubled = take_doubles(points, numbers)
            place = max(0, place - 1 - len(doubled))
        else:
            place += 1
    return taken


def _corner(before: Pair, corner: Pair, after: Pair) -> float:
    one = math.atan2(before[1] - corner[1], before[0] - corner[0])
    other = math.atan2(after[1] - corner[1], after[0] - corner[0])
    turn = abs(one - other) % (2 * math.pi)
    return min(turn, 2 * math.pi - turn)


def _named(found: Sequence[tuple[str, Pair]]) -> str:
    named = [number or f"({place[0]:.3f}, {place[1]:.3f})" for number, place in found[:5]]
    return "、".join(named) + (f"等{len(found)}处" if len(found) > 5 else "")
