"""The city in front of the association's ledger: a difference laid side by side, a message sent again (rows 45-47)."""

from collections.abc import Iterator
from typing import Any

import pytest
from nicegui import ui as web
from nicegui.testing import User
from sqlmodel import col

from models.access import Role, ScopeKind
from models.association import AssociationEvent, AssociationReason
from models.engine import Outgoing, OutgoingState
from models.partners import Partner, PartnerKind, PartnerState
from models.practitioners import InfoCard
from models.privacy import ExportRequest
from services.engine.callers import Caller, Scope
from services.engine.orders import OneRow
from services.partners.registry import ProposePartner, enrol
from services.practitioners.association_cards import receive_cancellation
from services.practitioners.association_messages import ReceiveCancellation
from services.practitioners.card_moves import activate
from tests.services.practitioners.desks.people import ANJU, Desks
from tests.ui.people import Crowd, until
from tests.ui.practitioners.conftest import CITY, INSPECTOR, hired_lately
from tests.ui.tenancy.hands import WAIT, key, pick, press, rows

APP = "ledger-assoc"


@pytest.fixture
def told(desks: Desks) -> Iterator[InfoCard]:
    """A card whose activation the association is told of; the association is gone again when the test is over."""
    order = ProposePartner(APP, "行业协会", PartnerKind.ASSOCIATION, scopes="practitioners.cancellations")
    if not desks.rows(Partner, Partner.app_id == APP):
        desks.world.act(lambda work: enrol(work, order, ()) and None)
    desks.world.rewrite(Partner, col(Partner.app_id) == APP, state=PartnerState.ACTIVE)
    card_id = desks.passed(hired_lately(desks))
    desks.act(activate, OneRow(card_id))
    yield desks.card(card_id)
    desks.world.rewrite(Partner, col(Partner.app_id) == APP, state=PartnerState.DISABLED)


def events_of(desks: Desks, card: InfoCard) -> list[AssociationEvent]:
    return list(desks.rows(AssociationEvent, AssociationEvent.card_id == card.id))


async def at(crowd: Crowd, more: str = "") -> User:
    user = await crowd.open(CITY, f"/?open=association_ledger{more}")
    await user.should_see("共 ", retries=WAIT)
    return user


async def test_a_difference_is_laid_side_by_side(crowd: Crowd, desks: Desks, told: InfoCard) -> None:
    sender = Caller(APP, (Scope(Role.PARTNER, ScopeKind.ORGANISATION, APP),))
    at_ = desks.world.door.clock.now().replace(microsecond=0)
    order = ReceiveCancellation("XH-UI-1", at_, ANJU, AssociationReason.LEFT, told.card_no)
    desks.world.door.perform(receive_cancellation, sender, order)
    event = next(one for one in events_of(desks, told) if one.event_no == "XH-UI-1")
    user = await at(crowd, "&view=DIFFERS")
    assert [row["card_no"] for row in rows(user, "grid") if row["id"] == str(event.id)] == [told.card_no]
    pick(user, "grid", event.id)
    await user.should_see("与我方登记比对（1项不一致）", retries=WAIT)
    compared: dict[str, Any] = {row["label"]: row for row in rows(user, "与我方登记比对")}
    assert ANJU in compared["企业"]["theirs"]
    assert compared["企业"]["same"] == "不一致"
    assert compared["证件号码"]["same"] == "一致"
    await user.should_see(marker="to-task")
    await user.should_not_see(told.name.plain)


async def test_a_message_that_died_is_sent_again(crowd: Crowd, desks: Desks, told: InfoCard) -> None:
    (event,) = events_of(desks, told)
    own = f"card-event:{APP}:{event.event_no}"
    desks.world.rewrite(Outgoing, col(Outgoing.business_key) == own, state=OutgoingState.DEAD, last_error="连接超时")
    user = await at(crowd, "&view=UNSENT")
    pick(user, "grid", event.id)
    await user.should_see("发送情况", retries=WAIT)
    assert [(row["state"], row["error"]) for row in rows(user, "发送情况")] == [("发送失败", "连接超时")]
    key(user, "f8")
    await user.should_see("重新发送？", retries=WAIT)
    press(user, "dialog-yes")

    def waits() -> bool:
        (row,) = desks.rows(Outgoing, Outgoing.business_key == own)
        return row.state is OutgoingState.WAITING

    assert await until(waits)


async def test_the_events_in_view_leave_as_a_file(crowd: Crowd, desks: Desks, told: InfoCard) -> None:
    user = await at(crowd, f"&card_no={told.card_no}")
    user.find(kind=web.button, content="导出").click()
    await user.should_see("当前查询结果，1 条", retries=WAIT)
    user.find(marker="dialog-text").type("季度对账")
    press(user, "dialog-yes")
    await user.should_see("共1条，正在生成", retries=WAIT)
    (request,) = desks.rows(ExportRequest, ExportRequest.listing == "association_ledger")
    assert request.criteria.json() == {"card_no": told.card_no}
    assert (request.rows, request.full) == (1, False)


async def test_a_district_has_no_such_page(crowd: Crowd) -> None:
    user = await crowd.open(INSPECTOR, "/?open=association_ledger")
    await user.should_not_see("协会往来")
