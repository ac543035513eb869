"""Polygons in a plane as a column: whole millimetres, stored as WKB, found by the box around them (rows 80, 81).

Neither engine needs an extension for it; what is computed with polygons is done in services (shapely).
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

#: East and north in whole millimetres.
Place = tuple[int, int]
#: Places of a ring, the first not repeated at the end.
Ring = tuple[Place, ...]
#: A shell and its holes.
Area = tuple[Ring, ...]

_POLYGON, _MULTIPOLYGON, _LITTLE_ENDIAN = 3, 6, 1
_THOUSAND = Decimal(1000)
_LARGEST_NUMBER = 10**12
_HEAD = struct.Struct("<BII")
_COUNT = struct.Struct("<I")
_PAIR = struct.Struct("<dd")
_NUMBER = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,3})?")


@dataclass(frozen=True)
class Geometry:
    """Polygons with holes, at least one."""

    polygons: tuple[Area, ...]

    @classmethod
    def of(cls, text: str) -> Self:
        """The polygons that `str` wrote; raises ValueError for another text."""
        body = text.strip()
        if not (body.startswith("MULTIPOLYGON (((") and body.endswith(")))")):
            raise ValueError("no polygons")
        areas = body[len("MULTIPOLYGON (((") : -len(")))")].split(")), ((")
        return cls(tuple(tuple(_ring_of(ring) for ring in area.split("), (")) for area in areas))

    @classmethod
    def from_wkb(cls, content: bytes) -> Self:
        """The polygons of little-endian WKB; raises ValueError for other bytes."""
        try:
            return cls(tuple(_read_wkb(content)))
        except (struct.error, OverflowError) as problem:
            raise ValueError("no WKB of polygons") from problem

    @cached_property
    def wkb(self) -> bytes:
        """The polygons as WKB in metres, without a reference system."""
        parts = [_HEAD.pack(_LITTLE_ENDIAN, _MULTIPOLYGON, len(self.polygons))]
        for area in self.polygons:
            parts.append(_HEAD.pack(_LITTLE_ENDIAN, _POLYGON, len(area)))
            for ring in area:
                parts.append(_COUNT.pack(len(ring) + 1))
                parts += [_PAIR.pack(e / 1000, n / 1000) for e, n in (*ring, ring[0])]
        return b"".join(parts)

    @cached_property
    def area(self) -> Decimal:
        """The area in square metres, exact: shells less their holes."""
        doubled = sum(
            sum(_doubled(ring) * (-1 if place else 1) for place, ring in enumerate(area)) for area in self.polygons
        )
        return Decimal(doubled) / 2 / _THOUSAND**2

    @property
    def rings(self) -> int:
        return sum(len(area) for area in self.polygons)

    @property
    def places(self) -> Iterator[Place]:
        """The places of all shells; holes lie inside them."""
        for area in self.polygons:
            yield from area[0]

    def __str__(self) -> str:
        """All of the value: a row's MAC is over this text."""
        areas = (
            ", ".join(f"({', '.join(_written(place) for place in (*ring, ring[0]))})" for ring in area)
            for area in self.polygons
        )
        return f"MULTIPOLYGON ({', '.join(f'({area})' for area in areas)})"


class GeometryType(TypeDecorator[Geometry]):
    """Polygons stored as WKB on every engine."""

    impl = sa.LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Geometry | None, dialect: Dialect) -> bytes | None:
        return None if value is None else value.wkb

    def process_result_value(self, value: Any, dialect: Dialect) -> Geometry | None:
        if value is None:
            return None
        try:
            return Geometry.from_wkb(bytes(value))
        except (ValueError, TypeError):
            # Not written by us: with this value the row fails its MAC.
            return value  # type: ignore[no-any-return]


def geometry(label: str, *, nullable: bool = False) -> Any:
    """A column of polygons."""
    more: dict[str, Any] = {"default": None, "nullable": True} if nullable else {}
    return Field(sa_type=GeometryType, sa_column_kwargs={"info": {"label": label}, "comment": label}, **more)


def _side(label: str) -> Any:
    info = {"label": label, "computed": True}
    return Field(default=0, sa_type=sa.BigInteger, sa_column_kwargs={"info": info, "comment": label})


class Boxed(SQLModel):
    """The box around a table's polygons in whole millimetres, by which rows are found."""

    e_min: int = _side("最西（毫米）")
    n_min: int = _side("最南（毫米）")
    e_max: int = _side("最东（毫米）")
    n_max: int = _side("最北（毫米）")
    #: The widest box of a table bounds a search on the west side; an index over this column gives it at once.
    width: int = _side("东西宽（毫米）")

    def take_box(self, outline: Geometry) -> None:
        """Set the box to that of these polygons."""
        easts, norths = zip(*outline.places, strict=True)
        self.e_min, self.n_min, self.e_max, self.n_max = min(easts), min(norths), max(easts), max(norths)
        self.width = self.e_max - self.e_min


def _ring_of(text: str) -> Ring:
    places = [_place_of(pair) for pair in text.split(", ")]
    if len(places) < 4 or places[0] != places[-1]:
        raise ValueError("no ring")
    return tuple(places[:-1])


def _place_of(pair: str) -> Place:
    first, _, second = pair.partition(" ")
    if not (_NUMBER.fullmatch(first) and _NUMBER.fullmatch(second)):
        raise ValueError("no place")
    return int(Decimal(first) * _THOUSAND), int(Decimal(second) * _THOUSAND)


def _written(place: Place) -> str:
    return " ".join(f"{Decimal(one) / _THOUSAND:.3f}" for one in place)


def _doubled(ring: Ring) -> int:
    """Twice the area of a ring, whichever way it runs."""
    pairs = zip(ring, (*ring[1:], ring[0]), strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs))


def _read_wkb(content: bytes) -> Iterator[Area]:
    order, kind, count = _HEAD.unpack_from(content)
    if (order, kind) != (_LITTLE_ENDIAN, _MULTIPOLYGON):
        raise ValueError("no WKB of polygons")
    at = _HEAD.size
    for _ in range(count):
        order, kind, rings = _HEAD.unpack_from(content, at)
        if (order, kind) != (_LITTLE_ENDIAN, _POLYGON):
            raise ValueError("no WKB of a polygon")
        at += _HEAD.size
        area = []
        for _ in range(rings):
            (places,) = _COUNT.unpack_from(content, at)
            end = at + _COUNT.size + places * _PAIR.size
            pairs = list(_PAIR.iter_unpack(content[at + _COUNT.size : end]))
            if end > len(content) or len(pairs) < 4 or pairs[0] != pairs[-1]:
                raise ValueError("no WKB of a ring")
            area.append(tuple((_millimetres(e), _millimetres(n)) for e, n in pairs[:-1]))
            at = end
        yield tuple(area)
    if at != len(content):
        raise ValueError("more than WKB of polygons")


def _millimetres(metres: float) -> int:
    whole = round(metres * 1000)
    if abs(whole) > _LARGEST_NUMBER:
        raise ValueError("no place in a plane")
    return whole
