"""What the desks ask beside the lists: a card's holder for his own firm only, counts by state, one case of a window."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from models.practitioner_codes import ApplyKind, TaskKind
from models.practitioners import InfoCard
from services.engine.refusals import Conflict, NotFound, Refusal
from services.practitioners.brands import BRANDS
from services.practitioners.cancellation import WINDOW_CANCELS, confirm_at_window, window_case
from services.practitioners.card_moves import lapse_days
from services.practitioners.listings import card_holder
from services.practitioners.orders import Told
from services.practitioners.tasks import TASKS, close_task, raise_task
from tests.services.practitioners.desks.people import Desks, somebody


def refusal(ask: Callable[[], Any]) -> Refusal:
    with pytest.raises(Refusal) as refused:
        ask()
    return refused.value


@pytest.mark.row(39)
@pytest.mark.proves("H17")
def test_a_holder_is_opened_to_his_own_firm_only(desks: Desks) -> None:
    person = somebody()
    card_id = desks.active(person)
    assert desks.ask(card_holder, card_id).person.id_no == person.id_no
    told = [
        refusal(lambda card=card: desks.ask(card_holder, card, desks.other_firm))  # type: ignore[misc]
        for card in (card_id, uuid4())
    ]
    assert all(isinstance(one, NotFound) for one in told)
    assert told[0].message == told[1].message


@pytest.mark.row(39)
def test_a_change_begun_already_is_gone_on_with(desks: Desks) -> None:
    person = somebody()
    card_id = desks.active(person)
    assert desks.ask(card_holder, card_id).open_apply is None
    draft = desks.applied(person, kind=ApplyKind.CHANGE, card_id=card_id, submit=False)
    assert desks.ask(card_holder, card_id).open_apply == draft.apply_id


def test_a_card_of_another_source_cannot_be_changed_here(desks: Desks) -> None:
    card_id = desks.active()
    desks.world.rewrite(InfoCard, InfoCard.id == card_id, practitioner_id=None)
    assert isinstance(refusal(lambda: desks.ask(card_holder, card_id)), Conflict)


@pytest.mark.row(43)
def test_a_windows_cancellation_is_opened_masked_and_counted(desks: Desks) -> None:
    person = somebody()
    card_id = desks.active(person)
    before = desks.page(WINDOW_CANCELS, desks.second).counts
    receipt = desks.at_window(person, card_id)
    assert desks.page(WINDOW_CANCELS, desks.second).counts[""] == before[""] + 1
    line = desks.ask(window_case, receipt.apply_id, desks.second)
    assert (line.apply_no, line.own) == (receipt.apply_no, False)
    assert desks.ask(window_case, receipt.apply_id, desks.clerk).own
    assert person.id_no not in str(line)
    desks.act(confirm_at_window, Told(receipt.apply_id), desks.second)
    assert desks.page(WINDOW_CANCELS, desks.second).counts["confirmed"] == before["confirmed"] + 1


def test_an_application_of_a_firm_is_no_case_of_a_window(desks: Desks) -> None:
    apply_id = desks.waiting()
    assert isinstance(refusal(lambda: desks.ask(window_case, apply_id, desks.inspector)), NotFound)


@pytest.mark.row(44)
def test_tasks_are_counted_by_state(desks: Desks) -> None:
    card_id = desks.active()
    before = desks.page(TASKS, desks.inspector).counts
    desks.world.act(lambda work: raise_task(work, TaskKind.REPORT, card=work.get(InfoCard, card_id)))
    assert desks.page(TASKS, desks.inspector).counts[""] == before[""] + 1
    desks.act(close_task, Told(desks.tasks_of(card_id)[0].id, "已与企业核对"), desks.inspector)
    assert desks.page(TASKS, desks.inspector).counts["done"] == before["done"] + 1
    assert desks.page(TASKS, desks.foreign).counts[""] == 0


@pytest.mark.row(38)
def test_brands_are_counted_without_drafts(desks: Desks) -> None:
    desks.brand("沪寓草稿", submit=False)
    desks.brand("沪寓待审")
    assert desks.page(BRANDS, desks.inspector).counts == {"": 1, "returned": 0, "approved": 0}


@pytest.mark.row(41)
def test_the_days_to_activation_are_told(desks: Desks) -> None:
    assert desks.ask(lapse_days) == 30
