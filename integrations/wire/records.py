"""The records of all simulators, read once from CSV: flats, their persons, firms, and recorded mandates."""

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_type_hints

from integrations.wire.contract import Reply
from integrations.wire.numbers import document_kind
from models.house import RestrictionKind
from models.identity import check_id_number
from models.normal import normal_id_no
from services.ports.answers import Holder, RegisteredRoom, Restriction

Reader = Callable[[dict[str, str], "Records", dict[str, set[str]]], Iterator[tuple[str, str]]]

Said = TypeVar("Said", bound=Reply)

PUBLIC_HOUSING = "租用公有住房"
#: Words of the plan and of the register, and our kinds.
_ROOMS = {
    "卧室": "BEDROOM", "客厅": "HALL", "厨房": "KITCHEN", "卫生间": "BATH", "阳台": "BALCONY", "储藏室": "STORAGE"
}  # fmt: skip
_LIMITS = {kind.value: kind.value for kind in RestrictionKind} | {
    "查封": "SEIZURE", "异议登记": "DISPUTE", "征收冻结": "EXPROPRIATION", "违法建筑": "ILLEGAL", "D级危房": "DANGER",
    "危险房屋": "DANGER", "群租整治中": "GROUP_LETTING", "政策性住房禁止出租": "POLICY",
}  # fmt: skip
_NO_LIMIT = frozenset({"", "正常", "抵押", "NONE", "MORTGAGE"})
_KNOWN_FIRM_STATES = ("存续", "注销", "吊销", "迁出")


@dataclass(frozen=True, slots=True)
class Limit:
    """A restriction written in our fixtures by its kind, with the day it began."""

    kind: str
    since: date | None = None


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _whole(text: str) -> int | None:
    return int(text) if text else None


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text or "0")
    except InvalidOperation as problem:
        raise ValueError("no number") from problem
    if not number.is_finite():
        raise ValueError("no number")
    return number


def _maybe_number(text: str) -> Decimal | None:
    return _number(text) if text else None


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in re.split("[;；]", text) if part.strip())


def _rights(text: str) -> tuple[Holder, ...]:
    """`name/id/share/since/until;…`; everything after the number may be missing."""
    return tuple(_right(part.split("/")) for part in _list(text))


def _right(parts: list[str]) -> Holder:
    name, id_no, share, since, until, *_ = [*parts, "", "", "", ""]
    return right_of(name, normal_id_no(id_no), _number(share or "100"), _day(since), _day(until))


def _rooms(text: str) -> tuple[RegisteredRoom, ...]:
    """`label:kind:area;…`; a fourth part 改建 marks a room that was not designed so."""
    rooms = []
    for part in _list(text):
        label, kind, area, *note = part.split(":")
        rooms.append(RegisteredRoom(label, _ROOMS.get(kind, "OTHER"), _number(area), "改建" not in note))
    return tuple(rooms)


def _limits(text: str) -> tuple[Limit, ...]:
    """`KIND;KIND:2026-03-01`."""
    return tuple(Limit(kind, _day(since)) for kind, _, since in (part.partition(":") for part in _list(text)))


def _yes(text: str) -> bool:
    return text not in ("否", "0", "false", "False", "无效")


def _no(text: str) -> bool:
    return text in ("是", "1", "true", "True")


@dataclass(frozen=True, slots=True)
class Flat:
    """A row of the houses table in the names of a title, with the optional columns of the fixtures.

    A field names its column and how its text is read; a missing column is read as empty.
    """

    house_code: str
    district_code: str
    street_code: str
    layout: str
    committee: Annotated[str, "committee", str]
    road: Annotated[str, "road", str]
    lane: Annotated[str, "lane", str]
    building: Annotated[str, "building", str]
    room_no: Annotated[str, "room", str]
    address: Annotated[str, "address", str]
    house_kind: Annotated[str, "house_kind", str]
    proof: Annotated[str, "proof_type", str]
    cert_no: Annotated[str, "cert_no", str]
    earlier_certs: Annotated[tuple[str, ...], "earlier_certs", _list]
    unit_no: Annotated[str, "unit_no", str]
    registered_on: Annotated[date | None, "reg_date", _day]
    ended_on: Annotated[date | None, "ended_on", _day]
    design_use: Annotated[str, "use", str]
    structure: Annotated[str, "structure", str]
    floor_no: Annotated[int | None, "floor", _whole]
    floor_total: Annotated[int | None, "floors_total", _whole]
    build_area: Annotated[Decimal, "floor_area", _number]
    inner_area: Annotated[Decimal | None, "inner_area", _maybe_number]
    rooms: Annotated[tuple[RegisteredRoom, ...], "rooms", _rooms]
    owners: Annotated[tuple[Holder, ...], "owners", _rights]
    former_owners: Annotated[tuple[Holder, ...], "former_owners", _rights]
    residents: Annotated[tuple[Holder, ...], "residents", _rights]
    share_kind: Annotated[str, "share_kind", str]
    limit_status: Annotated[str, "limit_status", str]
    safety_status: Annotated[str, "safety_status", str]
    limits: Annotated[tuple[Limit, ...], "restriction", _limits]
    mandates: Annotated[tuple[str, ...], "mandates", _list]
    valid: Annotated[bool, "valid", _yes]
    sublet_allowed: Annotated[bool, "sublet_allowed", _yes]
    conversion_approved: Annotated[bool, "conversion_approved", _no]

    @property
    def public(self) -> bool:
        return self.house_kind in (PUBLIC_HOUSING, "公有住房")


#: Column of the houses table -> field of `Flat` and how its text is read.
_COLUMNS: dict[str, tuple[str, Callable[[str], object]]] = {
    kind.__metadata__[0]: (name, kind.__metadata__[1])
    for name, kind in get_type_hints(Flat, include_extras=True).items()
    if hasattr(kind, "__metadata__")
}


@dataclass(frozen=True, slots=True)
class Firm:
    """A body with a credit code."""

    uscc: str
    name: str
    status: str = "存续"
    legal_rep: str = ""
    scope: str = ""


@dataclass
class Records:
    """All records. `names` holds every name seen with a number; `fixtures` are the numbers of the named testers."""

    flats: dict[str, Flat] = field(default_factory=dict)
    names: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    firms: dict[str, Firm] = field(default_factory=dict)
    fixtures: set[str] = field(default_factory=set)

    def copied(self) -> "Records":
        """Return a copy with containers of its own; the records themselves never change."""
        names = defaultdict(set, {number: set(held) for number, held in self.names.items()})
        return Records(dict(self.flats), names, dict(self.firms), set(self.fixtures))

    def owners(self) -> frozenset[str]:
        """Return the numbers of all present title holders."""
        titles = (flat for flat in self.flats.values() if not flat.public and flat.ended_on is None)
        return frozenset(owner.id_no for flat in titles for owner in flat.owners if owner.id_no)


def right_of(
    name: str, id_no: str, share: Decimal = Decimal(100), since: date | None = None, until: date | None = None
) -> Holder:
    """A person's right in a flat; registers keep the kind of document, our tables do not."""
    return Holder(name, document_kind(id_no), id_no, share, since, until)


def written(reply: type[Said], flat: Flat, **more: Any) -> Said:
    """A reply about a flat: the values that bear its names, and more."""
    values = {one.name: getattr(flat, one.name) for one in fields(flat)}
    return reply.model_validate(values | more, from_attributes=True)


def limits_of(flat: Flat, keeper: str, sources: Mapping[str, str]) -> Iterator[Restriction]:
    """The restrictions of a flat; `sources` names by word or kind who imposed one, if not the keeper of the register."""
    for limit in (Limit(flat.limit_status), Limit(flat.safety_status), *flat.limits):
        if limit.kind not in _NO_LIMIT:
            kind = _LIMITS.get(limit.kind, "OTHER")
            yield Restriction(kind, sources.get(limit.kind) or sources.get(kind, keeper), limit.since)


def read_records(data_dir: Path, *more: Path) -> Records:
    """Read the records of a data folder: `houses*.csv`, `contracts*.csv`, and the tables in `fixtures/`.

    `more` names further tables; a table is recognised by its columns.
    """
    records = Records()
    mandates: dict[str, set[str]] = defaultdict(set)
    for path in (*sorted(data_dir.glob("houses*.csv")), *sorted(data_dir.glob("contracts*.csv"))):
        _read_table(path, records, mandates, fixture=False)
    for path in sorted((data_dir / "fixtures").glob("*.csv")):
        _read_table(path, records, mandates, fixture=True)
    if not records.flats:
        raise FileNotFoundError(f"no houses*.csv in {data_dir}")
    for path in more:
        _read_table(path, records, mandates, fixture=False)
    for house_id, given in mandates.items():
        if flat := records.flats.get(house_id):
            records.flats[house_id] = replace(flat, mandates=tuple(sorted({*flat.mandates, *given})))
    return records


def changed_flat(flat: Flat, columns: Mapping[str, str]) -> Flat:
    """Return the flat with some columns replaced; an unknown column or unreadable value raises."""
    changes: dict[str, object] = {}
    for column, text in columns.items():
        if column not in _COLUMNS:
            raise ValueError(f"unknown column {column}")
        name, read = _COLUMNS[column]
        changes[name] = read(text.strip())
    return replace(flat, **changes)  # type: ignore[arg-type]


def _read_table(path: Path, records: Records, mandates: dict[str, set[str]], *, fixture: bool) -> None:
    rows = rows_of(path)
    take = _reader(set(rows[0])) if rows else None
    if take is None:
        return
    for row in rows:
        for name, id_no in take(row, records, mandates):
            known = normal_id_no(id_no)
            # A number that cannot exist is in no population register, whatever a title says.
            if check_id_number(known).ok:
                records.names[known].add(name)
                if fixture:
                    records.fixtures.add(known)


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a table by its columns, without blanks at the ends of a value."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return [{key: (value or "").strip() for key, value in row.items() if key} for row in csv.DictReader(lines)]


def _reader(columns: set[str]) -> Reader | None:
    if {"house_id", "cert_no", "owners"} <= columns:
        return _take_flat
    if {"house_id", "lessor_id", "lessees"} <= columns:
        return _take_contract
    if {"uscc", "name"} <= columns:
        return _take_firm
    if "name" in columns and columns & {"id_no", "id_number"}:
        return _take_person
    return None


def _take_flat(row: dict[str, str], records: Records, _: dict[str, set[str]]) -> Iterator[tuple[str, str]]:
    flat = _flat(row)
    records.flats[flat.house_code] = flat
    for right in (*flat.owners, *flat.former_owners, *flat.residents):
        yield right.name, right.id_no


def _take_contract(row: dict[str, str], records: Records, mandates: dict[str, set[str]]) -> Iterator[tuple[str, str]]:
    ids = [normal_id_no(each) for each in row["lessor_id"].split("+")]
    names = row["lessor_name"].split("、")
    if row.get("lessor_role") == "住房租赁企业":
        records.firms.setdefault(ids[0], Firm(ids[0], row["lessor_name"], scope="住房租赁经营"))
    elif len(ids) == len(names):
        yield from zip(names, ids, strict=True)
    if row.get("authorised") == "是":
        mandates[row.get("house_id", "")].update(ids)
    for right in _rights(row["lessees"]):
        yield right.name, right.id_no


def _take_person(row: dict[str, str], _: Records, __: dict[str, set[str]]) -> Iterator[tuple[str, str]]:
    yield row["name"], row.get("id_no") or row.get("id_number") or ""


def _take_firm(row: dict[str, str], records: Records, _: dict[str, set[str]]) -> Iterator[tuple[str, str]]:
    uscc = normal_id_no(row["uscc"])
    # Other columns called status give a firm's state at the housing authority, not in the register of bodies.
    status = row.get("registry_status") or row.get("status", "")
    records.firms[uscc] = Firm(
        uscc,
        row["name"],
        status if status in _KNOWN_FIRM_STATES else "存续",
        row.get("legal_rep", ""),
        row.get("scope", "") or "住房租赁经营",
    )
    yield from ()


def _flat(row: dict[str, str]) -> Flat:
    values: dict[str, object] = {
        "house_code": row["house_id"],
        "district_code": row.get("district_code", ""),
        "street_code": row.get("street_code9") or row.get("street_code", ""),
        "layout": _layout(row),
    }
    for column, (name, read) in _COLUMNS.items():
        values[name] = read(row.get(column, ""))
    values["unit_no"] = values["unit_no"] or _unit_no(str(values["street_code"]), row["house_id"])
    return Flat(**values)  # type: ignore[arg-type]


def _layout(row: Mapping[str, str]) -> str:
    words = (("bedrooms", "室"), ("living_rooms", "厅"), ("kitchens", "厨"), ("bathrooms", "卫"))
    return "".join(f"{row[column]}{word}" for column, word in words if row.get(column))


def _unit_no(street_code: str, house_id: str) -> str:
    """Return a unit number of the usual form for a flat without one, always the same for a flat."""
    digits = "".join(character if character.isdigit() else f"{ord(character) % 10}" for character in house_id)
    tail = digits[-13:].rjust(13, "0")
    return f"{street_code:0<9}001GB{tail[:5]}F{tail[5:]}"
