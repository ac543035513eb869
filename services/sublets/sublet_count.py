"""The count of a person's sublets: registered units and filings together, each flat once (U01, U02, Q3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col, select

from models.house import House
from models.sealed import indexes_of
from models.sublets import WHOLE, SubletPerson, SubletUnit, UnitState
from models.tenancy import ContractParty, LeaseContract, LeaseFiling
from models.tenancy_codes import DealKind, FilingState, Side
from services.engine.work import Work

_OF_NUMBERS = select(SubletPerson).where(col(SubletPerson.id_no_index).in_(bindparam("indexes", expanding=True)))
THRESHOLD, WATCH = "sublet.threshold_units", "sublet.watch_units"


@dataclass(frozen=True)
class Place:
    """A unit that counts: the part of a house, and where it lies."""

    house_id: UUID
    part: str
    district_code: str
    street_code: str


@dataclass(frozen=True)
class Count:
    """The units of a person on a day. A whole flat is one, a flat let by rooms as many as its rooms."""

    places: frozenset[Place]

    @property
    def units(self) -> int:
        rooms: dict[UUID, set[str]] = {}
        for place in self.places:
            rooms.setdefault(place.house_id, set()).add(place.part)
        return sum(len(parts - {WHOLE}) or 1 for parts in rooms.values())

    def by_district(self) -> dict[str, "Count"]:
        """Return the counts of the districts in which units lie."""
        districts = sorted({place.district_code for place in self.places})
        return {
            one: Count(frozenset(place for place in self.places if place.district_code == one)) for one in districts
        }

    def streets(self) -> list[str]:
        return sorted({place.street_code for place in self.places})


def documents_of(work: Work, person: SubletPerson) -> list[SubletPerson]:
    """Return the records of one person: the main one first, then those joined to it."""
    main = person if person.joined_to is None else work.session.get_one(SubletPerson, person.joined_to)
    joined = select(SubletPerson).where(SubletPerson.joined_to == main.id).order_by(col(SubletPerson.id))
    return [main, *work.session.exec(joined).all()]


def person_by_number(work: Work, id_no: str) -> SubletPerson | None:
    """Return the record of a document number."""
    return persons_by_numbers(work, [id_no]).get(id_no)


def persons_by_numbers(work: Work, numbers: Iterable[str]) -> dict[str, SubletPerson]:
    """Return the records of document numbers, by number; those without one are left out."""
    by_index = {index: number for number in numbers for index in indexes_of(work.sealer, "id_no", number)}
    found = work.session.exec(_OF_NUMBERS, params={"indexes": list(by_index)}).all()
    return {by_index[str(person.id_no_index)]: person for person in found}


def count_of(work: Work, person: SubletPerson) -> Count:
    """Count the units of a person today; a person who has registered a business has none."""
    documents = documents_of(work, person)
    if documents[0].firm_since is not None:
        return Count(frozenset())
    return Count(frozenset(_registered(work, documents)) | frozenset(_filed(work, documents)))


def _registered(work: Work, documents: Iterable[SubletPerson]) -> Iterable[Place]:
    units = select(SubletUnit.house_id, SubletUnit.part, SubletUnit.district_code, SubletUnit.street_code).where(
        col(SubletUnit.person_id).in_([one.id for one in documents]),
        SubletUnit.state == UnitState.ACTIVE,
        SubletUnit.head_from <= work.today,
        SubletUnit.head_to >= work.today,
    )
    return [Place(*found) for found in work.session.exec(units).all()]


def _filed(work: Work, documents: Iterable[SubletPerson]) -> list[Place]:
    """Filings as landlord that are sublets by their kind, or of a house the person rents by another filing."""
    indexes = [index for one in documents for index in indexes_of(work.sealer, "id_no", one.id_no.plain)]
    found = work.session.exec(_filings_of(work, indexes)).all()
    rented = {filing.house_id for filing, side in found if side is Side.LESSEE}
    let = [filing for filing, side in found if side is Side.LESSOR]
    return [
        Place(filing.house_id, part, filing.district_code, filing.street_code)
        for filing in let
        if filing.deal is DealKind.SUBLET or filing.house_id in rented
        for part in parts_of(filing.part_keys)
    ]


def _filings_of(work: Work, indexes: list[str]) -> Any:
    return (
        select(LeaseFiling, ContractParty.side)
        .join(LeaseContract, col(LeaseContract.id) == LeaseFiling.contract_id)
        .join(ContractParty, col(ContractParty.contract_id) == LeaseContract.id)
        .where(
            col(ContractParty.id_no_index).in_(indexes),
            col(ContractParty.side).in_((Side.LESSOR, Side.LESSEE)),
            LeaseFiling.state == FilingState.ACTIVE,
            LeaseFiling.valid_from <= work.today,
            LeaseFiling.valid_to >= work.today,
        )
    )


def parts_of(keys: str) -> list[str]:
    """Return the parts of a filing: `*` for the whole flat, or the numbers of its rooms."""
    return [part for part in keys.split(",") if part] or [WHOLE]


def others_on(work: Work, house: House, documents: Iterable[SubletPerson]) -> set[str]:
    """Return the parts of a house that other persons registered and lets on today (U04)."""
    units = select(SubletUnit.part).where(
        SubletUnit.house_id == house.id,
        SubletUnit.state == UnitState.ACTIVE,
        SubletUnit.head_to >= work.today,
        col(SubletUnit.person_id).not_in([one.id for one in documents]),
    )
    return set(work.session.exec(units).all())
