"""Row 43: the holder comes to the window with his document, and his card is cancelled by two people (K13)."""

from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import select

from models.documents import IssuedDocument
from models.engine import Notice
from models.practitioner_codes import ApplyKind, ApplyState, CardEnd, CardState, TaskKind
from models.practitioners import CardApply, Practitioner
from services.documents.stored_papers import open_paper
from services.engine.callers import Caller
from services.engine.listings import Line
from services.engine.orders import OneRow
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from services.engine.steps import starts
from services.practitioners.applications import withdraw
from services.practitioners.cancellation import (
    NO_CARD,
    WINDOW_CANCELS,
    ReadHolder,
    cancel_at_window,
    confirm_at_window,
    read_holder,
    return_at_window,
    window_case,
)
from services.practitioners.card_moves import activate
from services.practitioners.inspection import pass_apply
from services.practitioners.orders import CancelAtWindow, LeaveFirm, Told
from services.practitioners.photos import see_portrait
from services.practitioners.tasks import TASKS, dispute, open_task
from tests.services.practitioners.desks.people import Desks, somebody

pytestmark = pytest.mark.row(43)


def test_card_is_cancelled_by_a_clerk_and_a_second_person(desks: Desks) -> None:
    person = somebody()
    card_id = desks.active(person)
    receipt = desks.at_window(person, card_id)
    assert desks.card(card_id).state is CardState.ACTIVE
    desks.act(confirm_at_window, Told(receipt.apply_id), desks.second)
    card = desks.card(card_id)
    assert (card.state, card.cancel_reason) == (CardState.CANCELLED, CardEnd.IN_PERSON)
    assert (card.cancelled_on, card.live) == (desks.today, None)
    (holder,) = desks.rows(Practitioner, Practitioner.id == card.practitioner_id)
    assert holder.left_on == desks.today
    assert desks.public(card_id)["state"] == "已注销"


def test_receipt_is_printed_with_the_case_and_without_a_house(desks: Desks) -> None:
    person = somebody()
    receipt = desks.at_window(person, desks.active(person))
    content = open_paper(desks.world.door, desks.clerk, receipt.paper_id).content or b""
    row = desks.rows(IssuedDocument, IssuedDocument.id == receipt.paper_id)[0]
    assert content.startswith(b"%PDF")
    assert (row.number, row.title) == (receipt.apply_no, "受理回执")
    assert receipt.apply_no.startswith("SQ310115")
    assert "房屋坐落" not in _text_of(content)
    assert person.name in _text_of(content)


def _text_of(content: bytes) -> str:
    from tests.printing.reading import text_of

    return text_of(content)


def test_clerk_sees_the_holder_and_his_photo_until_tonight_only(desks: Desks) -> None:
    person = somebody()
    photo = desks.card(desks.active(person)).portrait_id
    with pytest.raises(NotFound):
        desks.ask(see_portrait, photo, desks.clerk)
    found = desks.read_card(person)
    assert (found.id_no, found.name, found.firm) == (person.id_no, person.name, "沪寓公寓管理有限公司")
    assert desks.ask(see_portrait, found.portrait_id, desks.clerk)
    desks.days_later(1)
    with pytest.raises(NotFound):
        desks.ask(see_portrait, photo, desks.clerk)


def test_another_persons_document_is_refused(desks: Desks) -> None:
    holder, other = somebody(), somebody("路人甲")
    card_id = desks.active(holder)
    desks.active(other)
    desks.read_card(holder)
    desks.read_card(other)
    order = CancelAtWindow(card_id, other.name, "11", other.id_no)
    refusal = desks.refused(cancel_at_window, order, desks.clerk)
    assert refusal.message == "请本人携身份证办理"
    assert {one.code for one in refusal.findings} == {"K13"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"reason": CardEnd.BLACKLIST}, "本人申请或离职"),
        ({"reason": CardEnd.FIRM_ENDED}, "本人申请或离职"),
        ({"id_type": "99"}, "证件种类"),
        ({"id_type": "51"}, "证件种类"),
        ({"note": "本人\x00申请"}, "控制字符"),
        ({"note": "说" * 301}, "最多可填写300个字"),
    ],
)
def test_what_a_window_cannot_take_in_is_refused_in_words(desks: Desks, change: dict[str, Any], words: str) -> None:
    holder = somebody()
    card_id = desks.active(holder)
    desks.read_card(holder)
    order = replace(CancelAtWindow(card_id, holder.name, "11", holder.id_no), **change)
    assert words in desks.refused(cancel_at_window, order, desks.clerk).message
    assert desks.rows(CardApply, CardApply.card_id == card_id, CardApply.kind == ApplyKind.CANCEL) == []


def test_a_card_that_was_not_opened_by_its_holder_is_not_there(desks: Desks) -> None:
    holder = somebody()
    card_id = desks.active(holder)
    order = CancelAtWindow(card_id, holder.name, "11", holder.id_no)
    assert isinstance(desks.refused(cancel_at_window, order, desks.clerk), NotFound)


def test_identity_card_must_be_read_and_not_typed(desks: Desks) -> None:
    holder = somebody()
    card_id = desks.active(holder)
    desks.read_card(holder, how="TYPED")
    refusal = desks.refused(cancel_at_window, CancelAtWindow(card_id, holder.name, "11", holder.id_no), desks.clerk)
    assert isinstance(refusal, Rejected)
    assert "读卡器" in refusal.findings[0].message


def test_a_typed_identity_card_is_none_of_another_kind(desks: Desks) -> None:
    holder = somebody()
    card_id = desks.active(holder)
    desks.read_card(holder, how="TYPED")
    refusal = desks.refused(cancel_at_window, CancelAtWindow(card_id, holder.name, "31", holder.id_no), desks.clerk)
    assert isinstance(refusal, Rejected)
    assert "读卡器" in refusal.findings[0].message


def test_typed_first_and_read_afterwards_is_read(desks: Desks) -> None:
    holder = somebody()
    card_id = desks.active(holder)
    desks.read_card(holder, how="TYPED")
    assert desks.at_window(holder, card_id).apply_no.startswith("SQ")


def test_what_the_colleague_read_does_not_count(desks: Desks) -> None:
    holder = somebody()
    card_id = desks.active(holder)
    desks.read_card(holder)
    order = CancelAtWindow(card_id, holder.name, "11", holder.id_no)
    assert isinstance(desks.refused(cancel_at_window, order, desks.second), NotFound)


def test_foreigners_document_may_be_typed(desks: Desks) -> None:
    holder = somebody("JOHN SMITH", id_type="31", id_no="AB7654321")
    card_id = desks.active(holder)
    desks.read_card(holder, how="TYPED")
    receipt = desks.act(cancel_at_window, CancelAtWindow(card_id, "John Smith", "31", holder.id_no), desks.clerk)
    desks.act(confirm_at_window, Told(receipt.apply_id), desks.second)
    assert desks.card(card_id).state is CardState.CANCELLED


def test_who_has_no_live_card_is_told_so(desks: Desks) -> None:
    stranger = somebody()
    refusal = desks.refused(read_holder, ReadHolder(stranger.id_no), desks.clerk)
    assert (type(refusal), refusal.message) == (NotFound, NO_CARD)


def test_who_took_it_in_does_not_confirm_it(desks: Desks) -> None:
    person = somebody()
    receipt = desks.at_window(person, desks.active(person))
    for action in (confirm_at_window, return_at_window):
        assert isinstance(desks.refused(action, Told(receipt.apply_id, "材料不符要求"), desks.clerk), NotAllowed)


def test_the_bureau_of_the_district_may_confirm_and_another_district_not(desks: Desks) -> None:
    person = somebody()
    receipt = desks.at_window(person, desks.active(person))
    foreign = desks.world.caller("xuhui01")
    for caller in (foreign, desks.foreign):
        assert isinstance(desks.refused(confirm_at_window, Told(receipt.apply_id), caller), NotFound)
    desks.act(confirm_at_window, Told(receipt.apply_id), desks.inspector)


def test_taken_in_twice_is_told_which_waits(desks: Desks) -> None:
    person = somebody()
    card_id = desks.active(person)
    receipt = desks.at_window(person, card_id)
    assert desks.read_card(person).waiting_no == receipt.apply_no
    refusal = desks.refused(cancel_at_window, CancelAtWindow(card_id, person.name, "11", person.id_no), desks.clerk)
    assert receipt.apply_no in refusal.message


def test_second_person_may_send_it_back_and_the_card_stays(desks: Desks) -> None:
    person = somebody()
    card_id = desks.active(person)
    receipt = desks.at_window(person, card_id)
    desks.act(return_at_window, Told(receipt.apply_id, "本人当场撤回申请"), desks.second)
    assert desks.kept(receipt.apply_id).state is ApplyState.RETURNED
    assert desks.card(card_id).state is CardState.ACTIVE
    assert desks.at_window(person, card_id).apply_id != receipt.apply_id


def test_firm_is_told_may_object_and_stops_nothing(desks: Desks) -> None:
    person = somebody()
    card_id = desks.active(person)
    receipt = desks.at_window(person, card_id)
    assert isinstance(desks.refused(withdraw, OneRow(receipt.apply_id)), Conflict)
    desks.act(confirm_at_window, Told(receipt.apply_id), desks.second)
    told = desks.rows(Notice, Notice.object_id == card_id, Notice.to_enterprise == desks.firm_row().id)
    assert any("本人" in one.subject for one in told)
    desks.act(dispute, Told(card_id, "该员工离职手续尚未办完"))
    lines = desks.lines(TASKS, desks.inspector, kind=TaskKind.DISPUTE.value)
    assert [line.words for line in lines if line.card_id == card_id] == ["该员工离职手续尚未办完"]
    assert desks.card(card_id).state is CardState.CANCELLED


def test_a_second_objection_stands_below_the_first(desks: Desks) -> None:
    person = somebody()
    card_id = desks.active(person)
    receipt = desks.at_window(person, card_id)
    desks.act(confirm_at_window, Told(receipt.apply_id), desks.second)
    for words in ("该员工离职手续尚未办完", "该员工尚有客户押金未交接", "该员工离职手续尚未办完"):
        desks.act(dispute, Told(card_id, words))
    (task,) = desks.tasks_of(card_id)
    line = desks.ask(open_task, task.id, desks.inspector)
    assert line.words.splitlines() == ["该员工离职手续尚未办完", "该员工尚有客户押金未交接"]


def test_firm_that_cancelled_meanwhile_leaves_nothing_to_confirm(desks: Desks) -> None:
    from services.practitioners.cancellation import leave

    person = somebody()
    card_id = desks.active(person)
    receipt = desks.at_window(person, card_id)
    desks.act(leave, LeaveFirm(card_id))
    assert "已注销" in desks.refused(confirm_at_window, Told(receipt.apply_id), desks.second).message
    assert not desks.lines(WINDOW_CANCELS, desks.second, number=receipt.apply_no)
    assert desks.ask(window_case, receipt.apply_id, desks.second).standing == "已撤回"


def test_a_card_not_yet_in_force_can_be_given_up_at_the_window(desks: Desks) -> None:
    person = somebody()
    card_id = desks.passed(person)
    receipt = desks.at_window(person, card_id)
    desks.act(confirm_at_window, Told(receipt.apply_id), desks.second)
    assert isinstance(desks.refused(activate, OneRow(card_id)), Conflict)


def test_inspectors_queue_does_not_decide_window_cancellations(desks: Desks) -> None:
    person = somebody()
    receipt = desks.at_window(person, desks.active(person))
    assert isinstance(desks.refused(pass_apply, Told(receipt.apply_id), desks.inspector), Conflict)


def test_list_shows_the_holder_masked_and_who_may_not_confirm(desks: Desks) -> None:
    person = somebody("司马长风")
    receipt = desks.at_window(person, desks.active(person))
    mine = _line(desks, receipt.apply_no, desks.clerk)
    theirs = _line(desks, receipt.apply_no, desks.second)
    assert (mine.own, theirs.own, mine.name) == (True, False, "司**风")
    assert (theirs.standing, starts(confirm_at_window, theirs)) == ("待复核", True)
    assert person.id_no not in repr(mine)
    desks.act(confirm_at_window, Told(receipt.apply_id), desks.second)
    (done,) = desks.lines(WINDOW_CANCELS, desks.second, view="confirmed", number=receipt.apply_no)
    assert (done.standing, starts(confirm_at_window, done)) == ("已注销", False)


def _line(desks: Desks, number: str, caller: Caller) -> Line:
    return desks.lines(WINDOW_CANCELS, caller, number=number)[0]


def test_name_on_the_document_is_compared_in_its_normal_form(desks: Desks) -> None:
    person = somebody("阿依古丽·买买提")
    card_id = desks.active(person)
    desks.read_card(person)
    other = replace(person, name="阿依古丽•买买提")
    order = CancelAtWindow(card_id, other.name, "11", person.id_no)
    assert desks.act(cancel_at_window, order, desks.clerk).apply_no
    kept = desks.world.read(lambda work: work.session.exec(select(CardApply).where(CardApply.card_id == card_id)).all())
    assert any(one.card_read_at is not None for one in kept)
