"""An inspector's decision taken back within its minute, by its maker alone and never once a number was given (issue 19)."""

from dataclasses import replace

import pytest
from sqlmodel import col

from models.engine import Notice
from models.practitioner_codes import ApplyKind, ApplyState, BrandState
from models.practitioners import Brand
from services.engine.notices import my_notices
from services.engine.orders import OneRow
from services.engine.refusals import Conflict, NotAllowed
from services.practitioners.applications import apply_for_card
from services.practitioners.brands import return_brand, undo_brand
from services.practitioners.inspection import inspection_undo_left, pass_apply, return_apply, undo_inspection
from services.practitioners.orders import Told
from services.practitioners.records import opinions_of
from tests.services.practitioners.desks.people import Desks, somebody

pytestmark = pytest.mark.row(40)
RETURN = "照片不是近期照片"


def _told(desks: Desks, about: object) -> list[str]:
    return [one.subject for one in desks.ask(my_notices, 200) if one.object_id == about]


def test_a_return_is_taken_back_and_its_message_never_leaves(desks: Desks) -> None:
    apply_id = desks.waiting()
    desks.act(return_apply, Told(apply_id, RETURN), desks.inspector)
    assert _told(desks, apply_id) == []
    assert desks.ask(inspection_undo_left, apply_id, desks.inspector) > 30
    desks.act(undo_inspection, OneRow(apply_id), desks.inspector)
    kept = desks.kept(apply_id)
    assert (kept.state, kept.inspector_id, kept.decided_at) == (ApplyState.INSPECTING, None, None)
    assert [one.words for one in opinions_of(kept)] == ["撤销了刚才的决定"]
    desks.world.let_pass(seconds=61)
    assert _told(desks, apply_id) == []


def test_what_is_not_taken_back_is_told_after_the_minute(desks: Desks) -> None:
    apply_id = desks.waiting()
    desks.act(return_apply, Told(apply_id, RETURN), desks.inspector)
    desks.world.let_pass(seconds=61)
    assert _told(desks, apply_id) == ["信息卡申请已退回"]
    assert desks.ask(inspection_undo_left, apply_id, desks.inspector) == 0
    assert isinstance(desks.refused(undo_inspection, OneRow(apply_id), desks.inspector), Conflict)


def test_a_colleague_takes_nothing_back_nor_does_anybody_once_the_firm_went_on(desks: Desks) -> None:
    person = somebody()
    apply_id = desks.waiting(person)
    desks.act(return_apply, Told(apply_id, RETURN), desks.inspector)
    assert isinstance(desks.refused(undo_inspection, OneRow(apply_id), desks.colleague), NotAllowed)
    desks.act(apply_for_card, desks.order(person, draft_id=apply_id))
    assert isinstance(desks.refused(undo_inspection, OneRow(apply_id), desks.inspector), Conflict)
    assert desks.kept(apply_id).state is ApplyState.INSPECTING


def test_a_pass_that_gave_a_card_number_is_final_and_told_at_once(desks: Desks) -> None:
    apply_id = desks.waiting()
    desks.act(pass_apply, Told(apply_id), desks.inspector)
    assert desks.ask(inspection_undo_left, apply_id, desks.inspector) == 0
    assert isinstance(desks.refused(undo_inspection, OneRow(apply_id), desks.inspector), Conflict)
    assert _told(desks, apply_id) == ["信息卡申请验看通过"]


def test_a_passed_change_is_taken_back_with_what_it_wrote_on_the_card(desks: Desks) -> None:
    person = somebody()
    card_id = desks.active(person)
    moved = replace(person, store="张江店", mobile="13900009876")
    apply_id = desks.handed_in(moved, kind=ApplyKind.CHANGE, card_id=card_id)
    before = desks.public(card_id)
    desks.act(pass_apply, Told(apply_id), desks.inspector)
    desks.act(undo_inspection, OneRow(apply_id), desks.inspector)
    assert (desks.kept(apply_id).state, desks.public(card_id)) == (ApplyState.INSPECTING, before)
    desks.act(pass_apply, Told(apply_id), desks.inspector)
    assert desks.kept(apply_id).state is ApplyState.PASSED


def test_a_returned_short_name_is_taken_back_with_its_logo(desks: Desks) -> None:
    waiting = col(Brand.state) == BrandState.SUBMITTED
    desks.world.rewrite(Brand, waiting, state=BrandState.WITHDRAWN)
    brand_id = desks.brand("沪寓居").id
    desks.act(return_brand, Told(brand_id, "图标与其他企业相近"), desks.inspector)
    desks.act(undo_brand, OneRow(brand_id), desks.inspector)
    (kept,) = desks.rows(Brand, Brand.id == brand_id)
    assert kept.state is BrandState.SUBMITTED
    assert not desks.rows(Notice, Notice.object_id == brand_id)
