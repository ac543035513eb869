"""What is public of a card: the listed fields, by its state, renewed with its firm, under a MAC (rows 38 and 48)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from models.enterprise import CreditEntry, Enterprise, RecordState
from models.practitioner_codes import CardState
from models.practitioners import InfoCard
from models.row_mac import public_fits
from models.sealed import Sealed
from services.engine.jobs import run_job
from services.engine.work import Work
from services.practitioners.public_entries import publish_firm
from tests.services.practitioners.register import MOBILE, Register, citizen_number, code_of
from tests.world import running_world, sealer


@pytest.fixture(scope="module")
def register(database_url: str) -> Iterator[Register]:
    with running_world(database_url, houses=False) as world:
        world.stand_at(2027, 3, 1)
        yield Register(world)


def said(card: InfoCard) -> dict[str, Any]:
    assert card.public is not None
    return dict(card.public.json())


@pytest.mark.row(48)
def test_a_card_in_force_says_the_listed_fields_and_nothing_else(register: Register) -> None:
    firm = register.firm("上海公示租赁有限公司", short="公示租赁")
    card = register.card(firm, "程公示", id_no=citizen_number(901), store="花木店")
    assert " ".join(said(card)) == (
        "name card_no firm firm_short record_no record_state duty state since issued_on active_from cancelled_on credit"
    )
    assert {key: text for key, text in said(card).items() if text} == {
        "name": "程公示",
        "card_no": card.card_no,
        "firm": "上海公示租赁有限公司",
        "firm_short": "公示租赁",
        "record_no": said(card)["record_no"],
        "record_state": "已备案",
        "duty": "居间代理",
        "state": "有效",
        "since": "2027-03-01",
        "issued_on": "2027-03-01",
        "active_from": "2027-03-01",
    }
    whole = str(said(card))
    assert not any(hidden in whole for hidden in (citizen_number(901), MOBILE, "花木店", str(card.id), code_of(card)))


@pytest.mark.row(48)
@pytest.mark.parametrize("state", [CardState.PASSED, CardState.LAPSED])
def test_before_activation_and_after_a_lapse_nobody_is_named(register: Register, state: CardState) -> None:
    card = register.card(register.firm(), "程未激", state=state)
    told = {key: text for key, text in said(card).items() if text}
    assert told == {"state": state.label, "since": "2027-03-01"}


@pytest.mark.row(48)
def test_each_step_is_public_in_the_transaction_that_takes_it(register: Register) -> None:
    world = register.world
    card = register.card(register.firm(), "程步骤")
    seen = []
    for days, state in ((3, CardState.SUSPENDED), (2, CardState.ACTIVE), (1, CardState.CANCELLED)):
        world.let_pass(days=days)
        register.step(card.id, state)
        told = said(register.of(card.id))
        seen.append((told["state"], told["since"], told["cancelled_on"]))
    world.stand_at(2027, 3, 1)
    assert seen == [("暂停", "2027-03-04", ""), ("有效", "2027-03-01", ""), ("已注销", "2027-03-07", "2027-03-07")]


@pytest.mark.row(38)
def test_a_firm_s_new_brand_and_record_are_on_its_cards_and_on_no_others(register: Register) -> None:
    firm, other = register.firm(), register.firm()
    mine, theirs = register.card(firm, "程换牌"), register.card(other, "程不换")
    register.brand(firm, "换牌租赁", b"no picture")
    assert register.world.act(lambda work: publish_firm(work, firm)) == 1
    assert said(register.of(mine.id))["firm_short"] == "换牌租赁"
    assert register.of(theirs.id).version == theirs.version
    assert register.world.act(lambda work: publish_firm(work, firm)) == 0


@pytest.mark.row(48)
def test_the_worker_finds_a_firm_whose_record_was_changed(register: Register) -> None:
    firm = register.firm()
    card = register.card(firm, "程备案")
    register.world.rewrite(Enterprise, Enterprise.id == firm, record_state=RecordState.CANCELLED)
    assert run_job(register.world.door, "cards.publish_recent")
    assert said(register.of(card.id))["record_state"] == "已注销"


@pytest.mark.row(48)
def test_credit_entries_in_force_are_told_by_number_not_by_name(register: Register) -> None:
    world, today = register.world, register.world.door.clock.today()
    listed, namesake = citizen_number(911), citizen_number(912)

    def enter(work: Work) -> None:
        for kind, until in (("虚假租赁", None), ("已到期的记录", today - timedelta(days=1))):
            since = today - timedelta(days=30)
            work.add(CreditEntry(id_no=Sealed.of(listed), kind=kind, since=since, until=until))

    world.act(enter)
    firm = register.firm()
    assert said(register.card(firm, "程信用", id_no=listed))["credit"] == "虚假租赁（2027-01-30起）"
    assert said(register.card(firm, "程信用", id_no=namesake))["credit"] == ""


@pytest.mark.row(48)
def test_what_is_public_stands_under_a_mac_of_its_own(register: Register) -> None:
    card = register.card(register.firm(), "程校验")
    table = InfoCard.__table__  # type: ignore[attr-defined]
    values = {column.name: getattr(card, column.name) for column in table.columns}
    assert public_fits(sealer(), table, values, card.public_mac)
    assert not public_fits(sealer(), table, values | {"state": CardState.CANCELLED}, card.public_mac)
    assert not public_fits(
        sealer(), table, values | {"public": register.card(card.enterprise_id, "程别人").public}, card.public_mac
    )


def test_loaded_cards_without_a_code_stay_as_they_are(register: Register) -> None:
    firm = register.firm()

    def load(work: Work) -> None:
        work.add(
            InfoCard(card_no="沪经纪2027000001", enterprise_id=firm, name=Sealed.of("程旧卡"), state=CardState.ACTIVE)
        )

    register.world.act(load)
    assert register.world.act(lambda work: publish_firm(work, firm)) == 0
    loaded = register.world.read(
        lambda work: work.session.exec(select(InfoCard).where(InfoCard.card_no == "沪经纪2027000001")).one()
    )
    assert (loaded.public, loaded.version) == (None, 1)
