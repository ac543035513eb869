"""Port of the civil affairs records: marriage, guardianship and household of a person, for a reviewer's eyes (row 12)."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from services.ports.answers import Answer
from services.ports.port import Port


@dataclass(frozen=True)
class Marriage:
    """The present entry of the marriage register. `state` is SINGLE, MARRIED, WIDOWED or DIVORCED."""

    state: str
    spouse_name: str = ""
    spouse_id_no: str = ""
    since: date | None = None


@dataclass(frozen=True)
class Guardian:
    """A guardian of a minor or a person of limited capacity. `relation` is in their words."""

    name: str
    id_no: str
    relation: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Member:
    """A person of a household. `relation` is that to its head."""

    name: str
    id_no: str
    relation: str


@dataclass(frozen=True)
class Household:
    """A household with its members, the head first."""

    household_no: str
    address: str
    members: tuple[Member, ...]


class CivilRecords(Protocol):
    """民政信息查询."""

    def marriage_of(self, id_no: str) -> Answer[Marriage]:
        """The marriage register's present entry about a person; MISS when it has none."""
        ...

    def guardians_of(self, id_no: str) -> Answer[tuple[Guardian, ...]]:
        """The guardians of a person; MISS when none is entered."""
        ...

    def household_of(self, id_no: str) -> Answer[Household]:
        """The household a person belongs to."""
        ...


CIVIL_RECORDS: Port[CivilRecords] = Port("civil_records", "民政信息查询")
