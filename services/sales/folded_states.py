"""States of units kept in the transaction of each event, and folded again and compared every night (row 76)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, or_
from sqlmodel import col, select

from models.access import Role
from models.building_tables import HouseUnit, NaturalBuilding
from models.postgres import PREPARED
from models.sales import OpeningUnit, PresalePermit, SaleEvent, UnitSale
from services.engine.alarms import raise_alarm
from services.engine.door import Door
from services.engine.jobs import job, persist
from services.engine.registry import action
from services.engine.work import Work
from services.sales.unit_states import Folded, fold

#: So many units are folded again by one transaction.
AT_ONCE = 1000
WRONG = "SALES.STATE"
#: Whether the permit that an event names was voided, or that of the opening unit it names.
_VOIDED: Any = or_(
    select(PresalePermit.id)
    .where(PresalePermit.id == SaleEvent.ref_id, col(PresalePermit.voided_at).is_not(None))
    .exists(),
    select(OpeningUnit.id)
    .join(PresalePermit, col(PresalePermit.id) == col(OpeningUnit.presale_permit_id))
    .where(OpeningUnit.id == SaleEvent.ref_id, col(PresalePermit.voided_at).is_not(None))
    .exists(),
)
#: Made once and bound anew: each event asks it.
_EVENTS: Any = (
    select(SaleEvent, UnitSale, _VOIDED)
    .outerjoin(UnitSale, col(UnitSale.house_unit_id) == col(SaleEvent.house_unit_id))
    .where(col(SaleEvent.house_unit_id).in_(bindparam("units", expanding=True)))
    .execution_options(**PREPARED)
)


def refold(work: Work, unit_id: UUID, project_id: UUID) -> None:
    """Fold the events of a unit, of which there is one, into its row."""
    found = work.session.exec(_EVENTS, params={"units": [unit_id]}).all()
    row = found[0][1] or UnitSale(house_unit_id=unit_id, project_id=project_id, changed_at=work.now)
    folded = fold((event for event, _, _ in found), {event.ref_id for event, _, voided in found if voided})
    _put(work, row, folded, project_id)


def _put(work: Work, row: UnitSale, folded: Folded, project_id: UUID) -> bool:
    """Write what differs; returns whether anything did."""
    values = {**asdict(folded), "project_id": project_id}
    differs = [name for name, value in values.items() if getattr(row, name) != value]
    for name in differs:
        setattr(row, name, values[name])
    if differs:
        row.changed_at = work.now
    work.add(row)
    return bool(differs)


# Every night


@dataclass(frozen=True)
class Compared:
    """Units that were folded again: how many, how many had another state, and the last one's id."""

    units: int
    wrong: int
    last: UUID | None


@action("sales.fold_units", "核对房屋销售状态", roles={Role.SYSTEM}, event="")
def fold_units(work: Work, after: UUID | None) -> Compared:
    """Fold the next units again and compare; a state that differs is put right and alarmed, a missing one is made."""
    wanted = select(SaleEvent.house_unit_id).distinct().order_by(col(SaleEvent.house_unit_id)).limit(AT_ONCE)
    if after is not None:
        wanted = wanted.where(SaleEvent.house_unit_id > after)
    ids = list(work.session.exec(wanted).all())
    wrong = refold_all(work, ids)
    if wrong:
        raise_alarm(
            work,
            WRONG,
            f"夜间核对发现{len(wrong)}户的销售状态与事件不符，已更正",
            kind="unit_sale",
            key=str(work.today),
        )
    return Compared(len(ids), len(wrong), ids[-1] if ids else None)


def refold_all(work: Work, ids: Sequence[UUID]) -> list[UUID]:
    """Fold units again; returns those whose state was another. Events follow the building to the project it is tied to now.

    A unit of which a row is locked is left out, so that it stops no other.
    """
    locked = _with_locked_rows(work)
    ids = [one for one in ids if one not in locked]
    events: dict[UUID, list[SaleEvent]] = {one: [] for one in ids}
    known: dict[UUID, UnitSale | None] = {}
    voided, wrong = set(), []
    for event, row, ended in work.session.exec(_EVENTS, params={"units": list(ids)}):
        events[event.house_unit_id].append(event)
        known[event.house_unit_id] = row
        if ended:
            voided.add(event.ref_id)
    owners = dict(
        work.session.exec(
            select(HouseUnit.id, NaturalBuilding.project_id).where(
                HouseUnit.natural_building_id == NaturalBuilding.id, col(HouseUnit.id).in_(ids)
            )
        ).all()
    )
    for unit_id, rows in events.items():
        owner = owners.get(unit_id) or rows[0].project_id
        for event in rows:
            if event.project_id != owner:
                event.project_id = owner
                work.add(event)
        row = known.get(unit_id)
        folded = fold(rows, voided)
        if row is None:
            _put(work, UnitSale(house_unit_id=unit_id, project_id=owner, changed_at=work.now), folded, owner)
        else:
            before = row.state, row.suspended, row.contract_no, row.events
            if _put(work, row, folded, owner) and before != (row.state, row.suspended, row.contract_no, row.events):
                wrong.append(unit_id)
    return wrong


def _with_locked_rows(work: Work) -> set[UUID]:
    """Return the units whose state or events are locked; only ids are read of them."""
    states, events = work.locked("unit_sale"), work.locked("sale_event")
    units = (
        set(work.session.exec(select(UnitSale.house_unit_id).where(col(UnitSale.id).in_(states)))) if states else set()
    )
    if events:
        units |= set(work.session.exec(select(SaleEvent.house_unit_id).where(col(SaleEvent.id).in_(events))))
    return units


@job("sales.fold_units", "按销售事件核对房屋销售状态", at="03:10")
def fold_all(door: Door) -> int:
    """Fold every unit that has events again; returns how many were wrong."""
    after, wrong = None, 0
    while (done := persist(door, fold_units, after)).units:
        after, wrong = done.last, wrong + done.wrong
    return wrong
