"""A card made by inspection and activation stands on a lease, and one that has ended does not (row 41, K12, F05)."""

import pytest

from models.push_codes import StayState
from services.check_ins.orders import CheckInAnswer
from services.engine.orders import OneRow
from services.practitioners.cancellation import leave
from services.practitioners.card_moves import activate
from services.practitioners.orders import LeaveFirm
from tests.services.check_ins.platform import Platform, codes
from tests.services.practitioners.desks.people import Desks

pytestmark = pytest.mark.row(41)


def test_lease_carries_a_card_in_force_and_no_other(platform: Platform) -> None:
    desks = Desks(platform.world)
    card_id = desks.passed()
    number = desks.card(card_id).card_no
    assert "F05" in codes(_moved_in(platform, number))
    desks.act(activate, OneRow(card_id))
    assert _moved_in(platform, number).state is StayState.FILED
    platform.world.let_pass(days=1)
    desks.act(leave, LeaveFirm(card_id))
    platform.world.let_pass(days=1)
    assert "F05" in codes(_moved_in(platform, number))


def _moved_in(platform: Platform, card_no: str) -> CheckInAnswer:
    return platform.move_in(lease=platform.lease(card_no=card_no))[1]
