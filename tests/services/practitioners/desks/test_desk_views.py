"""What the desks ask beside the lists: a card's holder for his own firm only, counts by state, one case of a window."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from models.practitioner_codes import ApplyKind, ApplyState, BrandState, TaskKind, TaskState
from models.practitioners import InfoCard
from services.engine.refusals import Conflict, NotFound, Refusal
from services.practitioners.cancellation import confirm_at_window
from services.practitioners.desk_views import (
    brand_counts,
    card_holder,
    lapse_days,
    task_counts,
    window_case,
    window_counts,
)
from services.practitioners.orders import Told
from services.practitioners.tasks import close_task, raise_task
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
    before = desks.ask(window_counts, None, desks.second)
    receipt = desks.at_window(person, card_id)
    waiting = desks.ask(window_counts, None, desks.second)
    assert waiting[ApplyState.INSPECTING.value] == before.get(ApplyState.INSPECTING.value, 0) + 1
    line = desks.ask(window_case, receipt.apply_id, desks.second)
    assert (line.apply_no, line.own) == (receipt.apply_no, False)
    assert desks.ask(window_case, receipt.apply_id, desks.clerk).own
    assert person.id_no not in str(line)
    desks.act(confirm_at_window, Told(receipt.apply_id), desks.second)
    after = desks.ask(window_counts, None, desks.second)
    assert after[ApplyState.PASSED.value] == before.get(ApplyState.PASSED.value, 0) + 1


def test_an_application_of_a_firm_is_no_case_of_a_window(desks: Desks) -> None:
    apply_id = desks.waiting()
    assert isinstance(refusal(lambda: desks.ask(window_case, apply_id, desks.inspector)), NotFound)


@pytest.mark.row(44)
def test_tasks_are_counted_by_state(desks: Desks) -> None:
    card_id = desks.active()
    before = desks.ask(task_counts, None, desks.inspector)
    desks.world.act(lambda work: raise_task(work, TaskKind.REPORT, card=work.get(InfoCard, card_id)))
    raised = desks.ask(task_counts, None, desks.inspector)
    assert raised[TaskState.OPEN.value] == before[TaskState.OPEN.value] + 1
    desks.act(close_task, Told(desks.tasks_of(card_id)[0].id, "已与企业核对"), desks.inspector)
    assert desks.ask(task_counts, None, desks.inspector)[TaskState.DONE.value] == before[TaskState.DONE.value] + 1
    assert desks.ask(task_counts, None, desks.foreign)[TaskState.OPEN.value] == 0


@pytest.mark.row(38)
def test_brands_are_counted_without_drafts(desks: Desks) -> None:
    desks.brand("沪寓草稿", submit=False)
    desks.brand("沪寓待审")
    counts = desks.ask(brand_counts, None, desks.inspector)
    assert counts[BrandState.SUBMITTED.value] == 1
    assert BrandState.DRAFT.value not in counts


@pytest.mark.row(41)
def test_the_days_to_activation_are_told(desks: Desks) -> None:
    assert desks.ask(lapse_days) == 30
