"""Two firms with users, an inspector and two clerks in the world of pages, and people who apply today."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest

from services.access.access_list_signature import sign_pending
from services.practitioners.orders import PersonData
from tests.services.practitioners.desks.people import Desks, somebody, sound_number
from tests.ui.firms import FIRM as FIRM
from tests.ui.firms import OTHER_FIRM as OTHER_FIRM
from tests.ui.firms import found_firms
from tests.world import World

INSPECTOR, FOREIGN, CLERK, SECOND, CITY = "pdju01", "xhju01", "pudong01", "pudong02", "shi01"
_SERIAL = count(1)


@pytest.fixture(scope="session")
def desks(world: World) -> Desks:
    """Everybody at work, whatever firms other tests have made in this world before."""
    world.act(found_firms)
    sign_pending(world.door)
    return Desks(world)


@pytest.fixture
def person(desks: Desks) -> PersonData:
    """Somebody hired last week who fits every rule."""
    return hired_lately(desks)


def hired_lately(desks: Desks, name: str = "顾晓晨", **changes: Any) -> PersonData:
    today = desks.today
    days = {
        "hired_on": today - timedelta(days=7),
        "contract_from": today - timedelta(days=7),
        "contract_to": today + timedelta(days=700),
    }
    # Nobody whom another test put on record resembles him.
    number = next(_SERIAL)
    own = {
        "mobile": f"1390000{number:04d}",
        "id_no": sound_number(f"{date(1970, 1, 1) + timedelta(days=37 * number):%Y%m%d}"),
    }
    return replace(somebody(name), **(days | own | changes))
