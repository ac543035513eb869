"""Row 47: the association asks for a card and is told how it stands now, with its picture, and nothing of other cards."""

import base64
import io
from typing import Any

import pytest
from PIL import Image
from sqlmodel import select

from models.enterprise import RecordState, ServiceState
from models.practitioner_codes import CardEnd, CardPause, CardState
from models.practitioners import InfoCard
from models.privacy import PersonAccess
from models.sealed import indexes_of
from printing.card_pictures import front_picture
from printing.cards import Card
from services.engine.refusals import NotAllowed, NotFound, Rejected
from services.engine.work import Work
from services.practitioners import card_files
from services.practitioners.cards import cancel_card, suspend_card
from tests.services.practitioners.association.desk import ANJU, HUYU, Desk
from tests.services.tenancy.counter import somebody
from tests.world import sealer

pytestmark = pytest.mark.row(47)


def _picture(card: dict[str, Any]) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(card["picture"])))


def _card(work: Work, card_no: str) -> InfoCard:
    return work.session.exec(select(InfoCard).where(InfoCard.card_no == card_no)).one()


def test_a_card_in_force_is_told_with_its_firm_days_and_picture(desk: Desk) -> None:
    who = somebody("在册")
    card_no = desk.in_force(who)
    told = desk.ask(card_no=card_no)
    assert (told["valid"], told["state"], told["name"], told["uscc"]) == (True, "ACTIVE", who.name, ANJU)
    assert (told["active_from"], told["cancelled_on"], told["record_no"]) == (
        "2027-03-01",
        None,
        "沪房经备徐字第00202号",
    )
    assert (told["watermarked"], _picture(told).format) == (False, "PNG")
    assert who.id_no not in str({key: value for key, value in told.items() if key != "picture"})


def test_the_holder_leads_to_the_same_card_and_the_picture_may_be_left_out(desk: Desk) -> None:
    who = somebody("本人")
    card_no = desk.in_force(who)
    told = desk.ask(name=who.name, id_no=who.id_no.lower(), picture=False)
    assert told["card_no"] == card_no
    assert "picture" not in told


def test_a_suspended_card_is_told_as_suspended(desk: Desk) -> None:
    card_no = desk.in_force(somebody("被停"))
    desk.world.act(lambda work: suspend_card(work, _card(work, card_no), CardPause.INQUIRY))
    told = desk.ask(card_no=card_no)
    assert (told["valid"], told["state"], told["watermarked"]) == (False, "SUSPENDED", True)


def test_the_picture_of_a_cancelled_card_carries_a_watermark(desk: Desk) -> None:
    card_no = desk.in_force(somebody("被销"))
    before = _picture(desk.ask(card_no=card_no)).convert("RGB")
    desk.world.act(lambda work: cancel_card(work, _card(work, card_no), CardEnd.LEFT))
    told = desk.ask(card_no=card_no)
    assert (told["valid"], told["state"], told["cancel_reason"]) == (False, "CANCELLED", "LEFT")
    assert (told["cancelled_on"], told["watermarked"]) == ("2027-03-01", True)
    after = _picture(told).convert("RGB")
    assert before.size == after.size
    assert before.tobytes() != after.tobytes()


@pytest.mark.parametrize(
    ("became", "state", "across"),
    [
        ({"record_state": RecordState.CANCELLED}, "CANCELLED", "已注销"),
        ({"service_state": ServiceState.SUSPENDED}, "SUSPENDED", "暂停"),
    ],
)
def test_the_picture_of_a_card_whose_firm_ended_a_moment_ago_says_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, became: dict[str, Any], state: str, across: str
) -> None:
    card_no = desk.in_force(somebody("随企"))
    drawn: list[str] = []

    def seen(card: Card) -> bytes:
        drawn.append(card.across)
        return front_picture(card)

    monkeypatch.setattr(card_files, "front_picture", seen)
    with desk.firm_became(**became):
        told = desk.ask(card_no=card_no)
        assert desk.card(card_no).state is CardState.ACTIVE
    assert (told["valid"], told["state"], told["watermarked"]) == (False, state, True)
    assert drawn == [across]
    assert _picture(told).format == "PNG"


def test_of_two_cards_in_history_only_the_newest_is_told(desk: Desk) -> None:
    who = somebody("两张")
    old = desk.in_force(who, HUYU)
    desk.cancel(old, HUYU)
    desk.world.let_pass(minutes=1)
    new = desk.in_force(who, ANJU)
    told = desk.ask(name=who.name, id_no=who.id_no)
    assert (told["card_no"], told["uscc"]) == (new, ANJU)
    # By the old number it is that card, and a word of no other.
    by_number = desk.ask(card_no=old, picture=False)
    assert (by_number["state"], by_number["uscc"]) == ("CANCELLED", HUYU)
    assert new not in str(by_number)


def test_a_card_not_yet_in_force_is_not_valid(desk: Desk) -> None:
    card_no = desk.recorded(somebody("待激活"))["card_no"]
    told = desk.ask(card_no=card_no)
    assert (told["valid"], told["state"], told["watermarked"]) == (False, "PASSED", True)


def test_whatever_does_not_fit_is_answered_alike(desk: Desk) -> None:
    who = somebody("有卡")
    desk.in_force(who)
    for question in (
        {"card_no": "SH2699999992"},
        {"name": "另有其人", "id_no": who.id_no},
        {"name": who.name, "id_no": somebody("无卡").id_no},
    ):
        with pytest.raises(NotFound) as refused:
            desk.ask(**question)
        assert refused.value.message == NotFound().message


@pytest.mark.parametrize("question", [{}, {"name": "只有姓名"}, {"card_no": "SH1", "name": "甲", "id_no": "1"}])
def test_one_way_of_asking_at_a_time(desk: Desk, question: dict[str, str]) -> None:
    with pytest.raises(Rejected, match="两种方式之一"):
        desk.ask(**question)


def test_a_card_loaded_from_elsewhere_is_told_by_its_number(desk: Desk) -> None:
    told = desk.ask(card_no="沪经纪2024000101")
    assert (told["valid"], told["uscc"]) == (True, ANJU)


def test_the_holder_can_see_who_asked_and_why(desk: Desk) -> None:
    who = somebody("被查")
    card_no = desk.in_force(who)
    desk.ask(card_no=card_no, picture=False, purpose="会员资格复核")

    def looks(work: Work) -> list[PersonAccess]:
        hashed = indexes_of(sealer(), "id_no", who.id_no)
        return [row for row in work.session.exec(select(PersonAccess)).all() if row.id_no_index in hashed]

    (look,) = desk.world.read(looks)
    assert (look.partner, look.act, look.purpose.json()) == (
        "broker-assoc",
        "practitioners.assoc_card",
        "会员资格复核",
    )


def test_nobody_but_the_association_may_ask(desk: Desk) -> None:
    card_no = desk.in_force(somebody("旁问"))
    stranger = desk.caller.__class__("qy-huyu", desk.caller.scopes)
    with pytest.raises(NotAllowed):
        desk.call("/practitioners/cards/query", {"card_no": card_no, "purpose": "会员资格复核"}, stranger)
