"""Districts, streets and roads of the city, read once from `deploy/data/regions`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from models.own_data import own_rows


@dataclass(frozen=True, slots=True)
class District:
    """A district; `cert_sign` is its character in title numbers."""

    code: str
    name: str
    short_name: str
    cert_sign: str


@dataclass(frozen=True, slots=True)
class Street:
    """A street, town or township; not `official` are development zones and farms that addresses name."""

    code: str
    name: str
    kind: str
    official: bool
    district_code: str
    district_name: str


@lru_cache(maxsize=1)
def districts() -> tuple[District, ...]:
    return tuple(
        District(row["code"], row["name"], row["short_name"], row["cert_short"])
        for row in own_rows("regions/districts.csv")
    )


def districts_by_code() -> dict[str, str]:
    """The names of the city's districts by their codes."""
    return {one.code: one.name for one in districts()}


@lru_cache(maxsize=1)
def streets() -> tuple[Street, ...]:
    return tuple(
        Street(
            code=row["code9"],
            name=row["name"],
            kind=row["type"],
            official=row["official_unit"] == "1",
            district_code=row["district_code"],
            district_name=row["district_name"],
        )
        for row in own_rows("regions/streets.csv")
    )


@lru_cache(maxsize=1)
def _districts_by_code() -> Mapping[str, District]:
    return MappingProxyType({district.code: district for district in districts()})


@lru_cache(maxsize=1)
def _streets_by_code() -> Mapping[str, Street]:
    return MappingProxyType({street.code: street for street in streets()})


@lru_cache(maxsize=1)
def _road_districts() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in own_rows("regions/roads.csv"):
        found.setdefault(row["road"], set()).add(row["district_code"])
    return MappingProxyType({name: frozenset(codes) for name, codes in found.items()})


def district(code: str) -> District | None:
    """The district of a six-digit code."""
    return _districts_by_code().get(code)


def street(code: str) -> Street | None:
    """The street of a nine-digit code."""
    return _streets_by_code().get(code)


def streets_of(district_code: str) -> tuple[Street, ...]:
    """Return the street areas of a district, official ones first."""
    own = [one for one in streets() if one.district_code == district_code]
    return tuple(sorted(own, key=lambda one: not one.official))


def districts_of_road(name: str) -> frozenset[str]:
    """Codes of the districts a road is known to run through; empty for a road we do not know."""
    return _road_districts().get(name, frozenset())


@lru_cache(maxsize=1)
def cert_signs() -> frozenset[str]:
    """Return the characters of the districts in title numbers."""
    return frozenset(one.cert_sign for one in districts())
