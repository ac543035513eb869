"""Watch rules over the sale: SAL-20 to SAL-25 on facts alone (rows 75, 76)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from models.building_tables import SaleRole
from models.sales import SaleAct
from services.engine.thresholds import Thresholds
from services.sales.watch_facts import ContractFacts, PresaleFacts, SaleFacts, UnitFacts
from services.sales.watch_rules import WATCHES

DAY = date(2027, 3, 1)
PERMIT = PresaleFacts(uuid4(), "浦东房管(2027)预字9000001号", DAY - timedelta(days=8))
UNIT = UnitFacts(
    uuid4(),
    "1#101",
    SaleRole.FOR_SALE,
    Decimal(100000),
    frozenset({PERMIT.id}),
    False,
    DAY - timedelta(days=2),
    DAY - timedelta(days=8),
)


def contract(*acts: tuple[SaleAct, int], amount: str = "8950000") -> ContractFacts:
    days = {act: DAY - timedelta(days=ago) for act, ago in acts}
    return ContractFacts("HT1", days, Decimal("89.50"), Decimal(amount))


def issued(ago: int) -> PresaleFacts:
    return replace(PERMIT, issued_on=DAY - timedelta(days=ago))


def signs(unit: UnitFacts, permit: PresaleFacts = PERMIT) -> list[tuple[str, str]]:
    facts = SaleFacts(uuid4(), DAY, Thresholds(DAY), (unit,), (permit,))
    found = WATCHES.judge(facts)
    return [(code, one.sign.grade.value) for code, each in found.items() for one in each]


SIGNED = contract((SaleAct.SIGN, 31))


@pytest.mark.row(76)
@pytest.mark.parametrize(
    ("unit", "permit", "found"),
    [
        (UNIT, PERMIT, []),
        (replace(UNIT, listed_on=None), issued(10), []),
        (replace(UNIT, listed_on=None), issued(11), [("SAL-20", "YELLOW")]),
        (replace(UNIT, price=None), issued(11), [("SAL-20", "YELLOW")]),
        (replace(UNIT, contracts=(contract((SaleAct.SIGN, 30)),)), PERMIT, []),
        (replace(UNIT, contracts=(SIGNED,)), PERMIT, [("SAL-21", "BLUE")]),
        (replace(UNIT, contracts=(contract((SaleAct.SIGN, 40), (SaleAct.REGISTER, 1)),)), PERMIT, []),
        (replace(UNIT, contracts=(contract((SaleAct.SIGN, 40), (SaleAct.CANCEL, 1)),)), PERMIT, []),
        (replace(UNIT, presale=frozenset(), contracts=(contract((SaleAct.EARNEST, 1)),)), PERMIT, [("SAL-22", "RED")]),
        (replace(UNIT, role=SaleRole.OWNERS_COMMON, contracts=(SIGNED,)), PERMIT, [("SAL-23", "RED")]),
        (replace(UNIT, contracts=(contract((SaleAct.SIGN, 1), amount="8950001.01"),)), PERMIT, [("SAL-24", "YELLOW")]),
        (replace(UNIT, contracts=(contract((SaleAct.SIGN, 1), amount="8950001.00"),)), PERMIT, []),
        (replace(UNIT, opened_on=None), issued(11), [("SAL-25", "BLUE")]),
        (replace(UNIT, opened_on=None), issued(31), [("SAL-25", "YELLOW")]),
        (replace(UNIT, role=SaleRole.OWNERS_COMMON, opened_on=None), issued(31), []),
    ],
)
def test_the_sale_is_watched(unit: UnitFacts, permit: PresaleFacts, found: list[tuple[str, str]]) -> None:
    assert signs(unit, permit) == found
