"""Messages about one room or one stay that arrive in the same moment (row 14)."""

from functools import partial
from typing import Any

import pytest

from models.push_codes import MoveOutState, StayState
from models.tenancy import LeaseFiling
from models.tenancy_codes import FilingState
from services.engine.refusals import Refusal
from tests.services.check_ins.platform import Platform, codes
from tests.services.tenancy.counter import somebody
from tests.world import at_once

pytestmark = pytest.mark.row(14)


def _answers(results: list[Any]) -> list[Any]:
    """What was answered; anything but an answer or a refusal fails the test."""
    assert [one for one in results if isinstance(one, Exception) and not isinstance(one, Refusal)] == []
    return [one for one in results if not isinstance(one, Exception)]


def test_two_check_ins_into_one_room_at_once_are_one_filing(platform: Platform) -> None:
    for _ in range(3):
        room = platform.free_room()
        stays = [platform.stay(room, somebody()) for _ in range(3)]
        told = _answers(at_once([partial(platform.report, stay) for stay in stays]))
        filed = [one for one in told if one.state is StayState.FILED]
        assert len(filed) == 1
        assert {one.state for one in told} <= {StayState.FILED, StayState.ROOM_TAKEN, StayState.REFUSED}


def test_one_stay_is_changed_into_one_room_only(platform: Platform) -> None:
    for _ in range(3):
        me = somebody()
        old, first = platform.move_in("", me)
        stays = [platform.stay("", me, previous_checkin_no=old.checkin_no) for _ in range(2)]
        told = _answers(at_once([partial(platform.report, stay) for stay in stays]))
        assert [one.state for one in told].count(StayState.FILED) == 1
        assert all(one.state is StayState.FILED or codes(one) == {"J15"} for one in told)
        assert platform.filing(first.filing_no).state is FilingState.CANCELLED
        assert platform.kept(old).state is StayState.LEFT


def test_a_change_and_a_move_out_at_once_end_the_old_stay_once(platform: Platform) -> None:
    for _ in range(3):
        me = somebody()
        old, first = platform.move_in("", me)
        new = platform.stay("", me, previous_checkin_no=old.checkin_no)
        told = _answers(at_once([lambda: platform.report(new), lambda: platform.leave(old)]))  # noqa: B023
        assert told
        assert platform.filing(first.filing_no).state is FilingState.CANCELLED
        ended = [row for row in platform.move_outs(old) if row.state is MoveOutState.CANCELLED]
        assert len(ended) == 1
        rows = platform.rows(LeaseFiling, LeaseFiling.filing_no == first.filing_no)
        assert [row.cancel_reason for row in rows] == ["MOVE_OUT"]
