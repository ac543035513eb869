"""Plane coordinate systems of Shanghai and the own transverse Mercator between them and longitude and latitude (row 80).

The series is Krüger's to the sixth power of the third flattening (coefficients: Karney 2011, equations 35 and 36).
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

#: East and north in metres, or longitude and latitude in degrees.
Pair = tuple[float, float]
Triple = tuple[float, float, float]


class Ellipsoid:
    """An ellipsoid of revolution by its major axis in metres and its inverse flattening, with the series of its projection."""

    def __init__(self, major: float, inverse_flattening: float) -> None:
        flattening = 1 / inverse_flattening
        n = flattening / (2 - flattening)
        n2, n3, n4, n5, n6 = (n**power for power in range(2, 7))
        self.major = major
        self.eccentricity = math.sqrt(flattening * (2 - flattening))
        self.radius = major / (1 + n) * (1 + n2 / 4 + n4 / 64 + n6 / 256)
        self.alpha = (
            n / 2 - 2 * n2 / 3 + 5 * n3 / 16 + 41 * n4 / 180 - 127 * n5 / 288 + 7891 * n6 / 37800,
            13 * n2 / 48 - 3 * n3 / 5 + 557 * n4 / 1440 + 281 * n5 / 630 - 1983433 * n6 / 1935360,
            61 * n3 / 240 - 103 * n4 / 140 + 15061 * n5 / 26880 + 167603 * n6 / 181440,
            49561 * n4 / 161280 - 179 * n5 / 168 + 6601661 * n6 / 7257600,
            34729 * n5 / 80640 - 3418889 * n6 / 1995840,
            212378941 * n6 / 319334400,
        )
        self.beta = (
            n / 2 - 2 * n2 / 3 + 37 * n3 / 96 - n4 / 360 - 81 * n5 / 512 + 96199 * n6 / 604800,
            n2 / 48 + n3 / 15 - 437 * n4 / 1440 + 46 * n5 / 105 - 1118711 * n6 / 3870720,
            17 * n3 / 480 - 37 * n4 / 840 - 209 * n5 / 4480 + 5569 * n6 / 90720,
            4397 * n4 / 161280 - 11 * n5 / 504 - 830251 * n6 / 7257600,
            4583 * n5 / 161280 - 108847 * n6 / 3991680,
            20648693 * n6 / 638668800,
        )

    def placed(self, degrees: Pair) -> Triple:
        """The point of longitude and latitude on the ellipsoid, in metres from its centre."""
        longitude, latitude = map(math.radians, degrees)
        across = self.major / math.sqrt(1 - (self.eccentricity * math.sin(latitude)) ** 2)
        level = across * math.cos(latitude)
        up = across * (1 - self.eccentricity**2) * math.sin(latitude)
        return level * math.cos(longitude), level * math.sin(longitude), up

    def degrees(self, place: Triple) -> Pair:
        """Longitude and latitude of a point near the ellipsoid."""
        x, y, z = place
        level, rest = math.hypot(x, y), self.eccentricity**2
        latitude = math.atan2(z, level * (1 - rest))
        for _ in range(6):
            across = self.major / math.sqrt(1 - rest * math.sin(latitude) ** 2)
            latitude = math.atan2(z + rest * across * math.sin(latitude), level)
        return math.degrees(math.atan2(y, x)), math.degrees(latitude)


CGCS = Ellipsoid(6378137.0, 298.257222101)


@dataclass(frozen=True)
class Box:
    """An upright rectangle, borders included."""

    e_min: float
    n_min: float
    e_max: float
    n_max: float

    def has(self, pair: Pair) -> bool:
        return self.e_min <= pair[0] <= self.e_max and self.n_min <= pair[1] <= self.n_max

    def has_all(self, pairs: Iterable[Pair]) -> bool:
        return all(self.has(pair) for pair in pairs)


@dataclass(frozen=True)
class Shift:
    """Four values that bring a point of the older city system into SH2000: metres, radians, a factor."""

    east: float
    north: float
    rotation: float
    scale: float

    def there(self, pair: Pair) -> Pair:
        """The point in SH2000."""
        sine, cosine = self.scale * math.sin(self.rotation), self.scale * math.cos(self.rotation)
        return self.east + cosine * pair[0] - sine * pair[1], self.north + sine * pair[0] + cosine * pair[1]

    def back(self, pair: Pair) -> Pair:
        """The point of SH2000 in the older system."""
        e, n = pair[0] - self.east, pair[1] - self.north
        sine, cosine = math.sin(self.rotation) / self.scale, math.cos(self.rotation) / self.scale
        return cosine * e + sine * n, cosine * n - sine * e


@dataclass(frozen=True)
class Plane:
    """A plane system, that of no other ellipsoid on CGCS2000's. `zone` is the three-degree zone where there is one.

    `shift` is that of the older city system where its parameters are known.
    """

    key: str
    label: str
    meridian: float
    false_e: float
    false_n: float
    box: Box
    zone: int = 0
    shift: "Shift | Similarity | None" = None
    ellipsoid: Ellipsoid = CGCS

    @property
    def has_map(self) -> bool:
        """Return whether points of the plane can be drawn beside others: of the older city system only by parameters."""
        return self.shift is not None or not math.isnan(self.meridian)


def gauss_zone(zone: int) -> Plane:
    """A three-degree zone of CGCS2000, its box around Shanghai as zone 40 sees it."""
    label = f"CGCS2000 高斯-克吕格3度带第{zone}带"
    return Plane(f"CGCS2000_GK3_{zone}", label, 3.0 * zone, 500_000.0, 0.0, Box(580e3, 3390e3, 720e3, 3530e3), zone)


GK40 = gauss_zone(40)
SH2000 = Plane(
    "SH2000",
    "上海2000坐标系",
    121 + 27 / 60 + 52 / 3600,
    -238.1724,
    -3_457_059.9237,
    Box(-70e3, -70e3, 80e3, 80e3),
)
#: Longitude and latitude that enclose the city.
DEGREES = Box(120.85, 30.66, 122.25, 31.90)
PLANES = {plane.key: plane for plane in (SH2000, GK40)}
#: The older city system, whose parameters are not public, and longitude and latitude.
SH_OLD, GEO = "SH_OLD", "CGCS2000_GEO"
#: Numbers of the older city system as they are; no point of it is known in another plane.
OLD_CITY = Plane(SH_OLD, "上海城市坐标系", math.nan, math.nan, math.nan, SH2000.box)
SYSTEMS = (*PLANES, SH_OLD, GEO)


def forward(degrees: Pair, plane: Plane) -> Pair:
    """Longitude and latitude to east and north."""
    on = plane.ellipsoid
    sine = math.sin(math.radians(degrees[1]))
    tangent = math.sinh(math.atanh(sine) - on.eccentricity * math.atanh(on.eccentricity * sine))
    angle = math.radians(degrees[0] - plane.meridian)
    xi = math.atan2(tangent, math.cos(angle))
    eta = math.asinh(math.sin(angle) / math.hypot(tangent, math.cos(angle)))
    n = xi + sum(a * math.sin(2 * j * xi) * math.cosh(2 * j * eta) for j, a in enumerate(on.alpha, 1))
    e = eta + sum(a * math.cos(2 * j * xi) * math.sinh(2 * j * eta) for j, a in enumerate(on.alpha, 1))
    return plane.false_e + on.radius * e, plane.false_n + on.radius * n


def inverse(pair: Pair, plane: Plane) -> Pair:
    """East and north to longitude and latitude."""
    on = plane.ellipsoid
    xi, eta = (pair[1] - plane.false_n) / on.radius, (pair[0] - plane.false_e) / on.radius
    x = xi - sum(b * math.sin(2 * j * xi) * math.cosh(2 * j * eta) for j, b in enumerate(on.beta, 1))
    y = eta - sum(b * math.cos(2 * j * xi) * math.sinh(2 * j * eta) for j, b in enumerate(on.beta, 1))
    conformal = math.sin(x) / math.hypot(math.sinh(y), math.cos(x))
    longitude = plane.meridian + math.degrees(math.atan2(math.sinh(y), math.cos(x)))
    return longitude, math.degrees(math.atan(_tangent_of_latitude(conformal, on.eccentricity)))


def _tangent_of_latitude(conformal: float, eccentricity: float) -> float:
    """The tangent of the latitude whose conformal latitude has this tangent, by Newton's steps."""
    rest = 1 - eccentricity**2
    tangent = conformal
    for _ in range(6):
        sigma = math.sinh(eccentricity * math.atanh(eccentricity * tangent / math.hypot(1, tangent)))
        reached = tangent * math.hypot(1, sigma) - sigma * math.hypot(1, tangent)
        slope = (1 + rest * tangent**2) / (rest * math.hypot(1, tangent))
        step = (conformal - reached) / math.hypot(1, reached) * slope
        tangent += step
        if abs(step) < 1e-14:
            break
    return tangent


@dataclass(frozen=True)
class Similarity:
    """Seven values that bring the older city system into SH2000 by way of space (Bursa-Wolf, rotations of the frame).

    `plane` says how the older system lies on its own ellipsoid; metres, radians, a factor. Heights count as zero, which
    moves a point by a few millimetres where they are some tens of metres.
    """

    plane: Plane
    shift: Triple
    rotation: Triple
    scale: float

    def there(self, pair: Pair) -> Pair:
        """The point in SH2000."""
        x, y, z = self.plane.ellipsoid.placed(inverse(pair, self.plane))
        (dx, dy, dz), (rx, ry, rz) = self.shift, self.rotation
        place = (
            dx + self.scale * (x + rz * y - ry * z),
            dy + self.scale * (y - rz * x + rx * z),
            dz + self.scale * (z + ry * x - rx * y),
        )
        return forward(CGCS.degrees(place), SH2000)

    def back(self, pair: Pair) -> Pair:
        """The point of SH2000 in the older system, whose numbers are near: found by steps from them."""
        found = pair
        for _ in range(8):
            e, n = self.there(found)
            found = found[0] + pair[0] - e, found[1] + pair[1] - n
        return found


def between(pair: Pair, source: Plane, target: Plane) -> Pair:
    """A point of one plane in another, by way of longitude and latitude."""
    if source == target:
        return pair
    if source.shift is not None:
        return between(source.shift.there(pair), SH2000, target)
    if target.shift is not None:
        return target.shift.back(between(pair, source, SH2000))
    return forward(inverse(pair, source), target)


def convertible(source: Plane, target: Plane) -> bool:
    """Return whether points of one plane can be given in another."""
    return source == target or (source.has_map and target.has_map)


def millimetres(pair: Pair) -> Pair:
    """The point as it is kept: every number rounded to a millimetre."""
    return round(pair[0], 3), round(pair[1], 3)
