"""Filings that change a person's count, and the nightly recount (row 49)."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.access import Role
from models.direct_pay import FilingEnding
from models.sealed import Sealed, indexes_of
from models.sublets import SubletPerson, SubletUnit, UnitEnding, UnitState
from models.tenancy import ContractParty, LeaseFiling
from models.tenancy_codes import DealKind, PartyKind, Side
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.engine.events import on
from services.engine.jobs import job
from services.engine.registry import action
from services.engine.work import Work
from services.sublets.alerts import recount
from services.sublets.sublet_count import count_of, documents_of, persons_by_numbers
from services.sublets.units import end
from services.tenancy.endings import ENDED
from services.tenancy.filing import DECIDED, Decided

# Made once, for each filing asks them.
_PERSONS = (
    select(ContractParty)
    .where(
        ContractParty.contract_id == bindparam("id"),
        ContractParty.kind == PartyKind.PERSON,
        col(ContractParty.side).in_((Side.LESSOR, Side.LESSEE)),
    )
    .order_by(col(ContractParty.id))
)
_RENTED = (
    select(LeaseFiling.id)
    .join(ContractParty, col(ContractParty.contract_id) == LeaseFiling.contract_id)
    .where(
        LeaseFiling.house_id == bindparam("house"),
        LeaseFiling.id != bindparam("own"),
        ContractParty.side == Side.LESSEE,
        col(ContractParty.id_no_index).in_(bindparam("indexes", expanding=True)),
    )
    .limit(1)
)


@on(DECIDED)
def count_after_filing(work: Work, decided: Decided) -> None:
    """Count the parties of a new filing anew, once its numbers are drawn: nothing without one is stored (decision 1)."""
    if (filing := decided.filing) is not None:
        work.then(lambda: _count_stored(work, filing))


@on(ENDED)
def count_after_ending(work: Work, line: FilingEnding) -> None:
    """Count the parties of a filing that ended, or counts again."""
    work.then(lambda: _count_stored(work, work.session.get_one(LeaseFiling, line.filing_id)))


def _count_stored(work: Work, filing: LeaseFiling) -> None:
    work.session.flush()
    count_parties(work, filing)


def count_parties(work: Work, filing: LeaseFiling) -> None:
    """Count the landlords and tenants of a filing anew; a landlord of a sublet gets a record by it."""
    parties = _persons_of(work, filing)
    known = persons_by_numbers(work, [party.id_no.plain for party in parties])
    persons: dict[UUID, SubletPerson] = {}
    for party in parties:
        number = party.id_no.plain
        if (person := known.get(number) or _made(work, party, filing)) is not None:
            known[number] = person
            main = documents_of(work, person)[0]
            persons[main.id] = main
    for main_id in sorted(persons):
        recount(work, persons[main_id])


def _persons_of(work: Work, filing: LeaseFiling) -> Sequence[ContractParty]:
    return work.session.exec(_PERSONS, params={"id": filing.contract_id}).all()


def _made(work: Work, party: ContractParty, filing: LeaseFiling) -> SubletPerson | None:
    """A record for the landlord of a sublet."""
    if party.side is not Side.LESSOR:
        return None
    if filing.deal is not DealKind.SUBLET and not _rents(work, party, filing):
        return None
    person = SubletPerson(
        name=Sealed.of(party.name.plain),
        id_type=party.id_type,
        id_no=Sealed.of(party.id_no.plain),
        mobile=Sealed.of(party.mobile.plain) if party.mobile else None,
        district_code=filing.district_code,
        unit_id=filing.unit_id,
    )
    work.add(person)
    work.session.flush()
    return person


def _rents(work: Work, party: ContractParty, filing: LeaseFiling) -> bool:
    """Return whether a landlord is the tenant of another filing of the same house."""
    indexes = indexes_of(work.sealer, "id_no", party.id_no.plain)
    found = work.session.exec(_RENTED, params={"house": filing.house_id, "own": filing.id, "indexes": indexes})
    return found.first() is not None


@action("sublets.recount", "重新计数", roles={Role.SYSTEM}, event="")
def recount_person(work: Work, person_id: UUID) -> int:
    """End units whose head lease is over, and count their person anew."""
    person = work.session.get_one(SubletPerson, person_id)
    for unit in work.session.exec(_over(work).where(SubletUnit.person_id == person.id)).all():
        end(work, unit, UnitEnding.HEAD_LEASE)
    return recount(work, person).units


def _over(work: Work) -> SelectOfScalar[SubletUnit]:
    return select(SubletUnit).where(SubletUnit.state == UnitState.ACTIVE, SubletUnit.head_to < work.today)


def _to_count(work: Work) -> list[UUID]:
    """Return persons with a unit whose head lease is over, and main records whose count is another today."""
    over = {unit.person_id for unit in work.session.exec(_over(work)).all()}
    counted = select(SubletPerson).where(col(SubletPerson.joined_to).is_(None)).order_by(col(SubletPerson.id))
    changed = {person.id for person in work.session.exec(counted).all() if count_of(work, person).units != person.units}
    return sorted(over | changed)


@job("sublets.recount", "个人转租每日计数", at="00:40")
def recount_all(door: Door) -> int:
    """Count by night what changes with the day: head leases and filings that begin or end."""
    persons = door.look(SYSTEM, _to_count)
    for person_id in persons:
        door.perform(recount_person, SYSTEM, person_id)
    return len(persons)
