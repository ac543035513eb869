"""Loads the base library of houses: flats, rooms, owners and restrictions, in bulk (decision 3)."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from models.access import Role
from models.base import whole_row
from models.columns import new_id
from models.dialect import bulk_insert, cuts
from models.house import (
    AddressCut,
    House,
    HouseCategory,
    HouseOwner,
    HouseRestriction,
    HouseRoom,
    IntakeState,
    ProofKind,
    RestrictionKind,
    RoomKind,
)
from models.own_data import own_rows, read_rows
from models.sealed import Sealed
from models.sealed_rows import seal_rows
from models.tenancy import GovCase
from models.verification import ListingVerification
from services.engine.registry import action
from services.engine.work import Work
from services.tenancy.predicates import RESIDENTIAL

ROOM_KINDS = {
    "卧室": RoomKind.BEDROOM,
    "客厅": RoomKind.HALL,
    "厨房": RoomKind.KITCHEN,
    "卫生间": RoomKind.BATH,
    "阳台": RoomKind.BALCONY,
    "储藏室": RoomKind.STORAGE,
}
_LIMITS = {"查封": RestrictionKind.SEIZURE, "异议登记": RestrictionKind.DISPUTE, "预告登记": RestrictionKind.OTHER}
_SAFETY = {"违法建筑": RestrictionKind.ILLEGAL, "D级危房": RestrictionKind.DANGER}
_CATEGORIES = {"产权房": HouseCategory.OWNED, "租用公有住房": HouseCategory.PUBLIC, "宅基地房": HouseCategory.HOMESTEAD}


@action("demo.houses", "装载房屋基础库", roles={Role.SYSTEM}, event="DATA.CREATE")
def load_houses(work: Work, path: Path) -> int:
    """Load the houses that are not there yet; returns how many came."""
    known = set(work.rows(House.house_code))
    tables: dict[Any, list[dict[str, Any]]] = {House: [], HouseRoom: [], HouseOwner: [], HouseRestriction: []}
    grams: list[dict[str, Any]] = []
    for line in read_rows(path):
        if line["house_id"] in known:
            continue
        known.add(line["house_id"])
        _one_house(line, work.now, tables, grams)
    for table, rows in tables.items():
        bulk_insert(work.session, _table(table), seal_rows(work.sealer, _table(table), rows))
    bulk_insert(work.session, _table(AddressCut), grams)
    work.trail.tell("DATA.CREATE", "demo.houses", detail={"count": len(tables[House])})
    return len(tables[House])


def _table(model: Any) -> sa.Table:
    table: sa.Table = model.__table__
    return table


def _one_house(
    line: dict[str, str], now: datetime, tables: dict[Any, list[dict[str, Any]]], grams: list[dict[str, Any]]
) -> None:
    house_id = new_id()
    category = _CATEGORIES.get(line["house_kind"], HouseCategory.OTHER)
    address = line["district"] + line["address"]
    tables[House].append(
        whole_row(
            House,
            id=house_id,
            created_at=now,
            updated_at=now,
            district_code=line["district_code"],
            street_code=line["street_code9"],
            house_code=line["house_id"],
            category=category,
            proof_kind=line.get("proof_type") or (ProofKind.A4 if category is HouseCategory.PUBLIC else ProofKind.A1),
            cert_no=Sealed.of(line["cert_no"]),
            **{name: line[name] for name in ("committee", "road", "lane", "building", "room", "structure")},
            address=address,
            build_area=Decimal(line["floor_area"]),
            inner_area=Decimal(line["inner_area"]) if line["inner_area"] else None,
            design_use=line["use"],
            layout=f"{line['bedrooms']}室{line['living_rooms']}厅{line['kitchens']}厨{line['bathrooms']}卫",
            floor_no=int(line["floor"]) if line["floor"] else None,
            floor_total=int(line["floors_total"]) if line["floors_total"] else None,
            registered_on=_day(line["reg_date"]),
            intake=IntakeState.IN,
            registry_at=now,
        )
    )
    grams.extend({"gram": gram, "house_id": house_id} for gram in cuts(address))
    since = _day(line["reg_date"])
    for label, kind, area in _triples(line["rooms"], ":"):
        room = {"label": label, "kind": ROOM_KINDS.get(kind, RoomKind.OTHER), "usable_area": Decimal(area)}
        tables[HouseRoom].append(whole_row(HouseRoom, house_id=house_id, **room))
    for name, id_no, share in _triples(line["owners"], "/"):
        owner = {"name": Sealed.of(name), "id_type": "11", "id_no": Sealed.of(id_no), "share": Decimal(share)}
        tables[HouseOwner].append(whole_row(HouseOwner, house_id=house_id, since=since, **owner))
    for limit in _restrictions(line):
        row = whole_row(HouseRestriction, house_id=house_id, kind=limit, source="不动产登记", since=since)
        tables[HouseRestriction].append(row)


def _restrictions(line: dict[str, str]) -> Iterable[RestrictionKind]:
    if limit := _LIMITS.get(line["limit_status"]):
        yield limit
    if line["safety_status"] != "正常":
        yield _SAFETY.get(line["safety_status"], RestrictionKind.DANGER)
    if extra := line.get("restriction"):
        yield RestrictionKind.of(extra)


def _triples(text: str, mark: str) -> list[tuple[str, str, str]]:
    out = []
    for item in text.split(";"):
        if item.count(mark) == 2:
            first, second, third = item.split(mark)
            out.append((first, second, third))
    return out


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def free_homes(work: Work, *where: Any, by: Any) -> Sequence[House]:
    """Return flats that nothing of the demo uses: owned, without a filing, a firm or a project, and named by no fixture."""
    # The named fixtures stay free for trying the counter.
    named = {row["house_id"] for row in own_rows("fixtures/houses.csv")}
    return work.rows(
        House,
        House.last_ticket == 0,
        House.category == HouseCategory.OWNED,
        col(House.design_use).in_(sorted(RESIDENTIAL)),
        col(House.project_id).is_(None),
        col(House.enterprise_id).is_(None),
        col(House.house_code).not_in(named),
        *where,
        by=by,
    )


def restricted(*kinds: RestrictionKind) -> Any:
    """Return the condition that a flat has a restriction, of one of these kinds where any is named."""
    rows = select(HouseRestriction.house_id)
    return col(House.id).in_(rows.where(col(HouseRestriction.kind).in_(kinds)) if kinds else rows)


def unasked(work: Work) -> Any:
    """Return the condition that no case and no verification is about a flat, nor any restriction."""
    taken = {*work.rows(ListingVerification.house_id), *work.rows(GovCase.house_id)}
    return sa.and_(~restricted(), col(House.id).not_in(taken))


def typed_home(row: House) -> dict[str, Any]:
    """Return a flat as a clerk types it."""
    return {
        "house_code": row.house_code,
        "category": "OWNED",
        "proof_kind": "A1",
        "cert_no": row.cert_no.plain,
        "district_code": row.district_code,
        "street_code": row.street_code,
        "address": row.address,
        "room_no": row.room,
        "build_area": str(row.build_area),
    }
