"""Matches the spaces of a model to the rows of the building table, and reports what has no partner (row 81, SPA-14)."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace

_WORDS = re.compile(r"室|号房|房|户|号|#|\s")
_ENTRANCE = re.compile(r"(\d{1,2})(?:单元|-)(\d{3,5}[A-Z]?)")
_FLOOR_AND_PLACE = re.compile(r"(-?\d{1,3})-(\d{1,2}[A-Z]?)")


@dataclass(frozen=True)
class RoomKey:
    """A room as rooms are compared: entrance where it is named, storey, and the place on it."""

    storey: str
    place: str
    entrance: str = ""


@dataclass(frozen=True)
class Matchable:
    """A space or a row: who it is, its storey's label, the room written to it and its entrance, empty for none."""

    identity: Hashable
    storey: str
    room: str
    entrance: str = ""


@dataclass(frozen=True)
class Match:
    """A space with its row. `how` is KEY, ORDER (inferred from the order on the storey) or MANUAL."""

    space: Hashable
    row: Hashable
    how: str


@dataclass
class MatchReport:
    """The outcome for a building."""

    matches: list[Match] = field(default_factory=list)
    model_only: list[Hashable] = field(default_factory=list)
    table_only: list[Hashable] = field(default_factory=list)
    double: list[Hashable] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """The share of the table's rows that have a space."""
        total = len(self.matches) + len(self.table_only)
        return len(self.matches) / total if total else 1.0


def storey_key(label: str) -> str:
    """A storey's label as storeys are compared: B1 and 地下1层 are -1."""
    plain = unicodedata.normalize("NFKC", label).strip().upper().removesuffix("层").removesuffix("F")
    for prefix in ("地下", "B"):
        if plain.startswith(prefix) and plain[len(prefix) :].isdigit():
            return f"-{int(plain[len(prefix) :])}"
    return plain.removeprefix("地上").lstrip("0") or plain


def room_key(room: str, storey: str) -> RoomKey:
    """The key of a room on a storey: `1001室`, `1001` and `10-1` of storey 10 are one."""
    floor = storey_key(storey)
    plain = unicodedata.normalize("NFKC", room).strip().upper()
    entrance = ""
    if found := _ENTRANCE.fullmatch(_WORDS.sub("", plain)):
        entrance, plain = found[1].lstrip("0"), found[2]
    plain = _WORDS.sub("", plain).replace("B", "-", 1) if re.match(r"B\d", plain) else _WORDS.sub("", plain)
    if (found := _FLOOR_AND_PLACE.fullmatch(plain)) and found[1].lstrip("0") == floor:
        return RoomKey(floor, found[2].lstrip("0") or found[2], entrance)
    plain = plain.lstrip("0") or plain
    if plain.startswith(floor) and len(plain) > len(floor):
        plain = plain[len(floor) :].lstrip("-")
    return RoomKey(floor, plain.lstrip("0") or plain, entrance)


def bears_storey(room: str, storey: str) -> bool:
    """Return whether a room's number begins with its storey, as 501 on storey 5."""
    plain = _WORDS.sub("", unicodedata.normalize("NFKC", room)).lstrip("0")
    floor = storey_key(storey)
    return plain.startswith(floor) and len(plain) >= len(floor) + 2


def match_rooms(
    spaces: Sequence[Matchable], rows: Sequence[Matchable], kept: Mapping[Hashable, Hashable] | None = None
) -> MatchReport:
    """Match what was matched by hand before, then by room, then by order where a storey has as many of both left."""
    report = MatchReport()
    by_hand = kept or {}
    known_rows = {row.identity for row in rows}
    for space in spaces:
        row = by_hand.get(space.identity)
        if row is not None and row in known_rows:
            report.matches.append(Match(space.identity, row, "MANUAL"))
    for with_entrance in (True, False):
        _match_by_key(*_left(spaces, rows, report), report, with_entrance=with_entrance)
    open_spaces, open_rows = _left(spaces, rows, report)
    for storey in dict.fromkeys(row.storey for row in open_rows):
        here = [space for space in open_spaces if space.storey == storey]
        there = [row for row in open_rows if row.storey == storey]
        if len(here) == len(there):
            pairs = zip(here, there, strict=True)
            report.matches += [Match(space.identity, row.identity, "ORDER") for space, row in pairs]
    open_spaces, open_rows = _left(spaces, rows, report)
    report.model_only = [space.identity for space in open_spaces]
    report.table_only = [row.identity for row in rows if row in open_rows or row.identity in report.double]
    return report


def _match_by_key(
    spaces: Sequence[Matchable], rows: Sequence[Matchable], report: MatchReport, *, with_entrance: bool
) -> None:
    """Match one space to one row of the same key; where there are more, say that it is doubtful."""
    keyed = _by_key(rows, with_entrance)
    for key, same in _by_key(spaces, with_entrance).items():
        partners = keyed.get(key, [])
        if len(same) == len(partners) == 1:
            report.matches.append(Match(same[0].identity, partners[0].identity, "KEY"))
        elif partners:
            # Which of them is meant is for a person to say.
            report.double += [one.identity for one in (*same, *partners)]


def _left(
    spaces: Sequence[Matchable], rows: Sequence[Matchable], report: MatchReport
) -> tuple[list[Matchable], list[Matchable]]:
    """The spaces and rows that are neither matched nor doubtful."""
    done_spaces = {one.space for one in report.matches} | set(report.double)
    done_rows = {one.row for one in report.matches} | set(report.double)
    return (
        [space for space in spaces if space.identity not in done_spaces],
        [row for row in rows if row.identity not in done_rows],
    )


def _by_key(ones: Sequence[Matchable], with_entrance: bool) -> dict[RoomKey, list[Matchable]]:
    """The ones with a room by their key."""
    found: dict[RoomKey, list[Matchable]] = defaultdict(list)
    for one in ones:
        if one.room:
            key = room_key(one.room, one.storey)
            found[
                replace(key, entrance=key.entrance or one.entrance) if with_entrance else replace(key, entrance="")
            ].append(one)
    return found
