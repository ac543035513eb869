"""The market in the world of all pages, and a project whose progress is reported."""

from uuid import UUID

import pytest

from tests.land import Land
from tests.market import Market, market
from tests.site import Site
from tests.world import World


@pytest.fixture(scope="session")
def companies(world: World) -> Market:
    return market(world)


@pytest.fixture(scope="session")
def land(companies: Market) -> Land:
    return Land(companies)


@pytest.fixture(scope="session")
def site(land: Land) -> Site:
    return Site.begun(land)


@pytest.fixture(scope="session")
def unit(site: Site) -> UUID:
    return site.unit(site.permit(site.planning()), "1#", floors_above=32)
