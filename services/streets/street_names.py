"""Streets found by name and code on a day: full and short names, both codings, former streets, special areas (row 50)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from models.own_data import own_rows
from models.streets import StreetChangeKind
from services.imports.sheets import Level

_SUFFIXES = ("街道", "镇", "乡")


@dataclass(frozen=True)
class Place:
    """A street, a special area that a street serves, or a street that was there before."""

    code: str
    name: str
    district_code: str
    district_name: str
    #: The code of the street in the other of the two codings in use.
    other_code: str = ""
    #: The street that serves a special area.
    served_by: str = ""

    @property
    def short_name(self) -> str:
        return short(self.name)


def short(name: str) -> str:
    """Return the name of a street without what kind of street it is."""
    for suffix in _SUFFIXES:
        if name.endswith(suffix) and len(name) > len(suffix) + 1:
            return name.removesuffix(suffix)
    return name


@cache
def _served_by() -> Mapping[str, str]:
    return {row["code9"]: row["served_by_code9"] for row in own_rows("regions/special_areas.csv")}


def city_places(served: Mapping[str, str] | None = None) -> tuple[Place, ...]:
    """Return all streets and special areas; `served` says which street serves each area, else our own list does."""
    by_street = _served_by() if served is None else served
    return tuple(
        Place(
            row["code9"],
            row["name"],
            row["district_code"],
            row["district_name"],
            row["alt_code9"] if row["alt_code9"] != row["code9"] else "",
            by_street.get(row["code9"], "") if row["official_unit"] != "1" else "",
        )
        for row in own_rows("regions/streets.csv")
    )


@dataclass(frozen=True)
class Moved:
    """A dated change of a street."""

    old_code: str
    old_name: str
    district_code: str
    change: StreetChangeKind
    new_code: str
    new_name: str
    effective: date


@dataclass(frozen=True)
class Noted:
    """A finding about a named street; an error leaves the row without a street."""

    level: Level
    code: str
    message: str


@dataclass
class Resolved:
    """The street that is meant, if one is, and what was found on the way."""

    place: Place | None = None
    found: list[Noted] = field(default_factory=list)

    def fail(self, code: str, message: str) -> "Resolved":
        return Resolved(None, [Noted(Level.ERROR, code, message)])

    def warn(self, code: str, message: str) -> None:
        self.found.append(Noted(Level.WARNING, code, message))


class StreetNames:
    """Finds streets by names and codes, with the changes that are known."""

    def __init__(self, changes: Sequence[Moved], places: Sequence[Place] | None = None) -> None:
        known = list(places if places is not None else city_places())
        self._districts = {one.district_name: one.district_code for one in known}
        names = {one.district_code: one.district_name for one in known}
        codes = {one.code for one in known}
        for one in changes:
            for code, name in ((one.old_code, one.old_name), (one.new_code, one.new_name)):
                if code not in codes:
                    codes.add(code)
                    known.append(Place(code, name, one.district_code, names.get(one.district_code, "")))
        self.places = known
        self._by_code = {one.code: one for one in known}
        self._changes = sorted(changes, key=lambda one: one.effective)

    def street(self, code: str) -> Place | None:
        """Return the street of a code."""
        return self._by_code.get(code)

    def find(self, name: str, code: str, district_name: str, day: date | None) -> Resolved:
        """Return the street that a name, a code or both mean to a user who begins on a day; the name decides."""
        told = Resolved()
        if not name and not code:
            return told.fail("REQUIRED_MISSING", "请填写街镇名称或街镇代码")
        if district_name and district_name not in self._districts:
            return told.fail("DISTRICT_MISMATCH", f"没有“{district_name}”，请填写区的全称")
        found = self._by_name(told, name, code, district_name) if name else self._of_code(told, code)
        place = found.place
        if place is None:
            return found
        if district_name and self._districts[district_name] != place.district_code:
            return told.fail("DISTRICT_MISMATCH", f"{place.name}属于{place.district_name}，与填写的区不一致")
        return self._on_day(found, place, day)

    def _by_name(self, told: Resolved, name: str, code: str, district_name: str) -> Resolved:
        whole = [one for one in self.places if one.name == name]
        fitting = whole or [one for one in self.places if one.short_name == short(name) and not one.served_by]
        within = [one for one in fitting if one.district_name == district_name]
        # A street of another district is found too, so that the district can be named as what is wrong.
        fitting = within or fitting
        if not fitting:
            return told.fail("STREET_NOT_FOUND", f"没有名为“{name}”的街镇")
        if code:
            coded = [one for one in fitting if code in (one.code, one.other_code)]
            if not coded:
                strange = self._by_code.get(code)
                what = f"代码{code}是{strange.name}" if strange else f"没有代码为{code}的街镇"
                return told.fail("NAME_CODE_CONFLICT", f"{what}，与名称“{name}”不一致")
            fitting = coded
        if len(fitting) > 1:
            names = "、".join(f"{one.district_name}{one.name}" for one in fitting)
            return told.fail("STREET_AMBIGUOUS", f"“{name}”可能是{names}，请填写全称、代码或区")
        told.place = fitting[0]
        if not whole:
            told.found.append(Noted(Level.NOTE, "STREET_NAME", f"已按“{told.place.name}”读取"))
        if code == told.place.other_code and code:
            told.warn("ALT_CODE", f"代码{code}是另一套编码，已按名称换成{told.place.code}")
        return told

    def _of_code(self, told: Resolved, code: str) -> Resolved:
        told.place = self._by_code.get(code)
        if told.place is None:
            others = [one for one in self.places if one.other_code == code]
            if len(others) != 1:
                return told.fail("STREET_NOT_FOUND", f"没有代码为{code}的街镇")
            told.place = others[0]
            told.warn("ALT_CODE", f"代码{code}是另一套编码，已换成{told.place.code}")
        return told

    def _on_day(self, told: Resolved, place: Place, day: date | None) -> Resolved:
        """Lead on to what the street is on a day, and from a special area to the street that serves it."""
        if place.served_by:
            serving = self._by_code[place.served_by]
            told.warn("SPECIAL_AREA", f"{place.name}不是街镇，由{serving.name}服务，已关联到{serving.name}")
            place = serving
        for one in self._changes:
            if one.old_code == place.code and day is not None and one.effective <= day:
                told.warn(
                    f"STREET_{one.change}",
                    f"{one.old_name}已于{one.effective.isoformat()}{one.change.label}{one.new_name}，已关联到{one.new_name}",
                )
                place = self._by_code[one.new_code]
        told.place = place
        return told
