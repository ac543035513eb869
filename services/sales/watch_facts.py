"""Facts of the sale of a project's units on a day, as the watch judges them (row 75, rules SAL-21 to SAL-25)."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from models.building_tables import SaleRole
from models.sales import SaleAct
from services.engine.thresholds import Thresholds


@dataclass
class ContractFacts:
    """A contract as far as known: the day of each act, the area and the amount signed."""

    number: str
    acts: dict[SaleAct, date] = field(default_factory=dict)
    area: Decimal | None = None
    amount: Decimal | None = None

    @property
    def signed(self) -> bool:
        """Return whether the contract is signed or registered and not cancelled, whatever the order of arrival."""
        return bool({SaleAct.SIGN, SaleAct.REGISTER} & self.acts.keys()) and SaleAct.CANCEL not in self.acts

    @property
    def earnest(self) -> bool:
        return self.acts.keys() == {SaleAct.EARNEST}


@dataclass(frozen=True)
class UnitFacts:
    """A unit with its contracts; `presale` and `current` say what it is licensed by, `opened_on` when it was opened,
    `listed_on` when it was first made public.
    """

    id: UUID
    name: str
    role: SaleRole
    price: Decimal | None = None
    presale: frozenset[UUID] = frozenset()
    current: bool = False
    opened_on: date | None = None
    listed_on: date | None = None
    contracts: tuple[ContractFacts, ...] = ()

    @property
    def licensed(self) -> bool:
        return self.current or bool(self.presale)


@dataclass(frozen=True)
class PresaleFacts:
    """A presale permit that counts."""

    id: UUID
    name: str
    issued_on: date


@dataclass(frozen=True)
class SaleFacts:
    """The units and presale permits of a project on a day."""

    project_id: UUID
    today: date
    thresholds: Thresholds
    units: tuple[UnitFacts, ...] = ()
    permits: tuple[PresaleFacts, ...] = ()
