"""What clerks and districts do about sublets, for tests."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import col, select

from models.engine import Notice
from models.sublets import SubletAlert, SubletAlertDistrict, SubletPerson, SubletUnit
from services.sublets.alerts import alert_of
from services.sublets.filings import recount_all
from services.sublets.sublet_count import count_of, documents_of, person_by_number
from services.sublets.units import Registered, RegisterUnit, Sublessor, end_unit, register_unit
from tests.services.tenancy.counter import Counter, Flat, Person, somebody


@dataclass
class Office:
    """The counter, seen from the row of sublets."""

    counter: Counter

    @property
    def world(self) -> Any:
        return self.counter.world

    def register(self, person: Person, flat: Flat | None = None, **changes: Any) -> Registered:
        """Register a flat a person lets on, with a head lease of a year."""
        today = self.world.door.clock.today()
        given: dict[str, Any] = {"consent": "纸质件：1", "head_from": today, "head_to": today + timedelta(days=365)}
        more = {name: changes.pop(name) for name in ("id_type", "mobile", "district_code") if name in changes}
        order = RegisterUnit(
            Sublessor(person.name, person.id_no, **more),
            (flat or self.counter.free_flat()).code,
            **{**given, **changes},
        )
        return self.world.door.perform(register_unit, self.counter.clerk("huamu01"), order)  # type: ignore[no-any-return]

    def letting(self, units: int, main: str = "") -> Person:
        """Return a person with so many whole flats registered, anywhere, and with this main district."""
        person = somebody()
        for _ in range(units):
            self.register(person, district_code=main)
        return person

    def person(self, person: Person) -> SubletPerson:
        found = self.world.read(lambda work: person_by_number(work, person.id_no))
        assert isinstance(found, SubletPerson)
        return found

    def units(self, person: Person) -> int:
        """Return the count as it is computed now, and check that the stored one is the same."""
        row = self.person(person)
        counted = self.world.read(lambda work: count_of(work, row).units)
        stored = self.world.read(lambda work: documents_of(work, row)[0].units)
        assert counted == stored
        return int(counted)

    def alert(self, person: Person) -> SubletAlert | None:
        row = self.person(person)
        return self.world.read(lambda work: alert_of(work, documents_of(work, row)[0]))  # type: ignore[no-any-return]

    def registered(self, person: Person) -> list[SubletUnit]:
        owner = self.person(person).id
        rows = select(SubletUnit).where(SubletUnit.person_id == owner).order_by(col(SubletUnit.id))
        return list(self.world.read(lambda work: work.session.exec(rows).all()))

    def end(self, unit: SubletUnit) -> None:
        self.world.door.perform(end_unit, self.counter.clerk("huamu01"), unit.id)

    def districts(self, alert: SubletAlert) -> dict[str, int]:
        rows = select(SubletAlertDistrict).where(SubletAlertDistrict.alert_id == alert.id)
        return {one.district_code: one.units for one in self.world.read(lambda work: work.session.exec(rows).all())}

    def notices(self, alert: SubletAlert) -> int:
        rows = select(Notice.id).where(Notice.object_id == alert.id)
        return len(self.world.read(lambda work: work.session.exec(rows).all()))

    def night(self, day: date) -> None:
        """Let a night pass that ends on a day."""
        self.world.stand_at(day.year, day.month, day.day)
        recount_all(self.world.door)
