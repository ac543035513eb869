"""A world with its market, and the thirteenth kind beside those of the product."""

from collections.abc import Iterator

import pytest

from tests.conformance.apart import kinds_apart, make_tables
from tests.conformance.thirteenth import SALES_OFFICE
from tests.market import Market, market_world


@pytest.fixture(scope="module")
def standing(database_url: str) -> Iterator[Market]:
    """The market on a Monday in spring."""
    with market_world(database_url) as market, kinds_apart(SALES_OFFICE):
        make_tables(market.world, SALES_OFFICE)
        yield market
