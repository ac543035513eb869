"""Sums of a sales plan by role, its prices, and the prices that stand out; computed anew at every change (row 76)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from typing import Any

from models.building_tables import SaleRole
from services.engine.kinds import Values

_CENT = Decimal("0.01")


@dataclass(frozen=True)
class RoleSum:
    sets: int
    area: Decimal


@dataclass(frozen=True)
class PlanSums:
    """Sets and areas by role, and the prices of the units for sale."""

    roles: Mapping[SaleRole, RoleSum] = field(default_factory=dict)
    undecided: int = 0
    priced: int = 0
    average: Decimal | None = None
    lowest: Decimal | None = None
    highest: Decimal | None = None

    def area(self, *roles: SaleRole) -> Decimal:
        return sum((self.roles[one].area for one in roles if one in self.roles), Decimal(0))

    def sets(self, *roles: SaleRole) -> int:
        return sum(self.roles[one].sets for one in roles if one in self.roles)

    @property
    def total(self) -> Decimal:
        return self.area(*SaleRole)


def sums_of(units: Sequence[Values]) -> PlanSums:
    """Add up the units of a plan; the average price is weighted by area."""
    sets: dict[SaleRole, int] = defaultdict(int)
    areas: dict[SaleRole, Decimal] = defaultdict(Decimal)
    prices: list[Decimal] = []
    money, sold, undecided = Decimal(0), Decimal(0), 0
    for one in units:
        role, gross, price = one.get("sale_role"), one.get("gross_area") or Decimal(0), one.get("unit_price")
        if role is None:
            undecided += 1
            continue
        sets[role] += 1
        areas[role] += gross
        if role is SaleRole.FOR_SALE and price is not None:
            prices.append(price)
            money, sold = money + price * gross, sold + gross
    return PlanSums(
        {role: RoleSum(sets[role], areas[role]) for role in SaleRole if role in sets},
        undecided,
        len(prices),
        (money / sold).quantize(_CENT, ROUND_HALF_UP) if sold else None,
        min(prices, default=None),
        max(prices, default=None),
    )


def outliers(units: Sequence[Values], factor: Decimal) -> dict[int, Decimal]:
    """Return the places of units whose price is more than `factor` times above or below the plan's median, and the median."""
    prices: dict[int, Decimal] = {}
    for place, one in enumerate(units):
        price: Any = one.get("unit_price")
        if price is not None and one.get("sale_role") is SaleRole.FOR_SALE:
            prices[place] = price
    if not prices:
        return {}
    middle = median(prices.values())
    return {place: middle for place, price in prices.items() if price > middle * factor or price * factor < middle}


def total_of(gross: Decimal | None, price: Decimal | None) -> Decimal | None:
    """Return the total of a unit."""
    return (gross * price).quantize(_CENT, ROUND_HALF_UP) if gross is not None and price is not None else None
