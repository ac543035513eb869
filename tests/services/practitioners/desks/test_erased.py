"""Drafts nobody hands in and photos that stand on nothing go by themselves; what is on record stays (D22, D23)."""

import pytest

from models.practitioners import CardApply, Portrait
from services.catalogue.retention import REGISTER
from services.engine.callers import SYSTEM
from services.operations.erasure import erase
from tests.services.practitioners.desks.people import Desks


def _erase(desks: Desks, purpose: str) -> int:
    place = next(number for number, rule in enumerate(REGISTER) if rule.purpose == purpose)
    erased: int = desks.world.door.perform(erase, SYSTEM, place)
    return erased


@pytest.mark.proves("D23")
def test_draft_nobody_hands_in_goes_after_ninety_days_and_a_submitted_one_stays(desks: Desks) -> None:
    draft, waiting = desks.handed_in(submit=False), desks.waiting()
    desks.days_later(89)
    assert _erase(desks, "没有提交的信息卡申请") == 0
    desks.days_later(2)
    assert _erase(desks, "没有提交的信息卡申请") == 1
    kept = {row.id for row in desks.rows(CardApply)}
    assert (draft in kept, waiting in kept) == (False, True)


@pytest.mark.proves("D23")
def test_photo_that_stands_on_nothing_goes_after_thirty_days(desks: Desks) -> None:
    desks.days_later(200)
    _erase(desks, "没有用到的从业人员照片")
    unused, used = desks.photo().portrait_id, desks.card(desks.active()).portrait_id
    desks.days_later(29)
    assert _erase(desks, "没有用到的从业人员照片") == 0
    desks.days_later(2)
    assert _erase(desks, "没有用到的从业人员照片") == 1
    kept = {row.id for row in desks.rows(Portrait)}
    assert (unused in kept, used in kept) == (False, True)
