"""The window: the holder's document, his card, a receipt; a second person's word (row 43)."""

from dataclasses import replace
from typing import Any

import pytest
from nicegui.testing import User

from models.practitioner_codes import ApplyState, CardState
from models.practitioners import CardApply
from services.practitioners.orders import PersonData
from tests.services.practitioners.desks.people import Desks, sound_number
from tests.ui.people import Crowd, until, was_told
from tests.ui.practitioners.conftest import CLERK, SECOND, hired_lately
from tests.ui.tenancy.hands import WAIT, key, pick, press, rows
from ui.review.keys import QueueKeys

pytestmark = pytest.mark.row(43)


async def at_window(crowd: Crowd) -> User:
    user = await crowd.open(CLERK, "/?open=card_cancel")
    await user.should_see(marker="holder-number", retries=WAIT)
    return user


def put_card_on_reader(user: User, person: PersonData) -> None:
    """What the reader types: name and number, then Enter."""
    user.find(marker="holder-number").trigger("keydown.enter", f"{person.name} {person.id_no}")


async def test_the_holders_card_is_found_and_a_receipt_printed(crowd: Crowd, desks: Desks, person: PersonData) -> None:
    card_id = desks.active(person)
    user = await at_window(crowd)
    put_card_on_reader(user, person)
    await user.should_see(marker="submit-cancel", retries=WAIT)
    await user.should_see(desks.card(card_id).card_no)
    key(user, "f8")
    await user.should_see("持卡人本人已到场，受理注销申请？", retries=WAIT)
    press(user, "dialog-yes")
    await user.should_see("已受理", retries=WAIT)
    assert await was_told(user, "printPdf")
    (apply,) = desks.rows(CardApply, CardApply.card_id == card_id, CardApply.state == ApplyState.INSPECTING)
    assert apply.card_read_at is not None
    assert desks.card(card_id).state is CardState.ACTIVE


async def test_somebody_without_a_card_is_told(crowd: Crowd, desks: Desks, person: PersonData) -> None:
    user = await at_window(crowd)
    put_card_on_reader(user, person)
    await user.should_see("该人员没有在用的信息卡，无需注销", retries=WAIT)


async def test_a_typed_number_of_an_identity_card_is_refused(crowd: Crowd, desks: Desks, person: PersonData) -> None:
    desks.active(person)
    user = await at_window(crowd)
    user.find(marker="holder-number").trigger("keydown.enter", person.id_no)
    await user.should_see(marker="submit-cancel", retries=WAIT)
    user.find(marker="field-name").type(person.name)
    press(user, "submit-cancel")
    await user.should_see(marker="dialog-yes", retries=WAIT)
    press(user, "dialog-yes")
    await user.should_see("身份证须用读卡器读取，不能手工输入", retries=WAIT)


async def test_a_foreigners_passport_is_typed_with_its_name(crowd: Crowd, desks: Desks) -> None:
    foreigner = hired_lately(desks, "MARIA ROSSI", id_type="31", id_no=f"YA{sound_number()[6:13]}")
    card_id = desks.active(foreigner)
    user = await at_window(crowd)
    kind: Any = user.find(marker="holder-kind").elements.pop()
    kind.set_value("31")
    user.find(marker="holder-number").trigger("keydown.enter", foreigner.id_no)
    await user.should_see(marker="submit-cancel", retries=WAIT)
    await user.should_see(desks.card(card_id).card_no)
    user.find(marker="field-name").type(foreigner.name)
    press(user, "submit-cancel")
    await user.should_see(marker="dialog-yes", retries=WAIT)
    press(user, "dialog-yes")
    await user.should_see("待另一位同事复核", retries=WAIT)


async def test_another_persons_document_does_not_open_the_card(crowd: Crowd, desks: Desks, person: PersonData) -> None:
    desks.active(person)
    user = await at_window(crowd)
    put_card_on_reader(user, replace(person, id_no=sound_number()))
    await user.should_see("该人员没有在用的信息卡，无需注销", retries=WAIT)


async def test_the_second_person_confirms_and_the_first_may_not(crowd: Crowd, desks: Desks, person: PersonData) -> None:
    card_id = desks.active(person)
    receipt = desks.at_window(person, card_id)
    first = await crowd.open(CLERK, f"/?open=card_cancel_confirm&id={receipt.apply_id}")
    await first.should_see("这件申请由您受理，须由另一位同事复核", retries=WAIT)
    await first.should_not_see(marker="decide-p")
    first.find(kind=QueueKeys).trigger("letter", "p")
    # Beside the record, and now as the answer to the key.
    assert await until(lambda: len(first.find("这件申请由您受理").elements) == 2)
    await first.should_not_see("注销后立即公示，不能恢复")
    second = await crowd.open(SECOND, "/?open=card_cancel_confirm")
    await second.should_see("共 ", retries=WAIT)
    pick(second, "grid", receipt.apply_id)
    await second.should_see(marker="decide-p", retries=WAIT)
    assert person.id_no not in str(rows(second, "grid"))
    second.find(kind=QueueKeys).trigger("letter", "p")
    await second.should_see("确认注销这张信息卡？", retries=WAIT)
    press(second, "dialog-yes")
    assert await until(lambda: desks.card(card_id).state is CardState.CANCELLED)
