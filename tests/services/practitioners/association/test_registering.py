"""Row 45: the association's recorded people become cards, each once, by the firm's own rules and in the order of events."""

import pytest

from models.association import EventState
from models.engine import Notice
from models.enterprise import RecordState
from models.masking import mask
from models.practitioner_codes import ApplyChannel, ApplyState, CardOrigin, CardState, CheckAnswer
from models.sealed import Sealed
from services.engine.listings import ListRows
from services.engine.refusals import NotAllowed
from services.practitioners.inspection_views import APPLIES, INSPECTIONS, inspection_sheet
from tests.drawn_portraits import drawn_portrait
from tests.services.practitioners.association.desk import ANJU, HUYU, SUSPENDED, Desk, codes, hints, number, photo
from tests.services.practitioners.association.parameters import parameter
from tests.services.tenancy.counter import somebody
from tests.world import at_once

pytestmark = pytest.mark.row(45)


def test_a_recorded_person_has_a_card_that_his_firm_activates(desk: Desk) -> None:
    who = somebody("季明")
    answer = desk.recorded(who)
    assert (answer["status"], answer["state"], answer["card_state"]) == (201, "DONE", "PASSED")
    (card,) = desk.cards_of(who)
    assert (card.card_no, card.origin, card.enterprise_id) == (answer["card_no"], CardOrigin.ASSOC, desk.firms[ANJU])
    (apply,) = desk.applies_of(who)
    assert (apply.channel, apply.state, apply.two_factor) == (
        ApplyChannel.ASSOC,
        ApplyState.PASSED,
        CheckAnswer.GOOD,
    )
    assert apply.apply_no == answer["apply_no"]
    told = desk.world.read(
        lambda work: [row.body.json() for row in work.rows(Notice, Notice.subject == "诚信平台新办信息卡")]
    )
    assert any(f"已登记{mask('name', who.name)}为贵企业" in words for words in told)
    desk.activate(answer["card_no"])
    assert desk.cards_of(who)[0].state is CardState.ACTIVE


def test_the_district_and_the_firm_see_among_the_applications_why_nobody_inspected_him(desk: Desk) -> None:
    who = somebody("免看")
    desk.recorded(who)
    (apply,) = desk.applies_of(who)
    for user, listing, by in (("xhju01", INSPECTIONS, {"view": "passed"}), ("anju01", APPLIES, {"state": "PASSED"})):
        caller = desk.world.caller(user)
        queue = desk.world.door.ask(listing.query, caller, ListRows({**by, "word": who.id_no}))
        sheet = desk.world.door.ask(inspection_sheet, caller, apply.id)
        assert [line.words for line in queue.lines] == ["诚信平台已登记，免予验看"]
        assert [(one.decision, one.words) for one in sheet.decisions] == [("已通过", "诚信平台已登记，免予验看")]


def test_everybody_of_a_batch_is_answered_by_himself(desk: Desk) -> None:
    good, last = desk.person(somebody("白一")), desk.person(somebody("白二"))
    broken = {**desk.person(), "event_at": "昨天", "unknown": 1}
    answers = desk.register(good, broken, "不是对象", 7, last)
    assert [(one["position"], one["status"]) for one in answers] == [(1, 201), (2, 422), (3, 422), (4, 422), (5, 201)]
    assert {reason["field"] for reason in answers[1]["reasons"]} == {"event_at", "unknown"}
    assert "昨天" not in str(answers)


def test_the_same_person_sent_again_is_the_same_answer_and_no_second_card(desk: Desk) -> None:
    who = somebody("再来")
    item = desk.person(who)
    first, second = desk.register(item)[0], desk.register(item)[0]
    assert first == second
    assert len(desk.cards_of(who)) == len(desk.applies_of(who)) == 1


def test_the_same_person_twenty_times_at_once_has_one_card(desk: Desk) -> None:
    who = somebody("并发")
    people = [desk.person(who, uscc=(ANJU, HUYU)[turn % 2]) for turn in range(20)]
    at_once([lambda item=item: desk.register(item) for item in people])  # type: ignore[misc]
    assert [card.live for card in desk.cards_of(who)] == [1]


def test_a_number_used_for_another_person_is_told(desk: Desk) -> None:
    item = desk.person(somebody("原人"))
    desk.register(item)
    other = somebody("他人")
    answer = desk.register({**item, "name": other.name, "id_no": other.id_no})[0]
    assert (answer["state"], codes(answer)) == ("REFUSED", {"J02"})
    assert desk.cards_of(other) == []


def test_a_firm_unknown_here_is_told(desk: Desk) -> None:
    who = somebody("无司")
    answer = desk.recorded(who, uscc="91310101MA00000001")
    assert (answer["state"], codes(answer)) == ("REFUSED", {"K05"})
    assert answer["reasons"][0]["field"] == "uscc"
    assert desk.cards_of(who) == []


def test_a_suspended_firm_is_given_no_card(desk: Desk) -> None:
    answer = desk.recorded(somebody("停业"), uscc=SUSPENDED)
    assert (answer["status"], codes(answer)) == (422, {"K05"})


def test_a_missing_photo_keeps_nobody_up(desk: Desk) -> None:
    without = desk.recorded(somebody("无照"))
    assert (without["state"], "K07" in hints(without)) == ("DONE", True)
    who = somebody("有照")
    with_photo = desk.recorded(who, photo=photo(drawn_portrait(2)), hired_on="2027-02-20")
    assert (with_photo["state"], with_photo["reasons"]) == ("DONE", [])
    assert desk.cards_of(who)[0].portrait_id is not None


@pytest.mark.parametrize("content", [b"GIF89a not a photo", b"<svg xmlns='http://www.w3.org/2000/svg'/>"])
def test_a_file_that_is_no_photo_is_left_out_and_told(desk: Desk, content: bytes) -> None:
    who = somebody("坏照")
    answer = desk.recorded(who, photo=photo(content))
    assert (answer["state"], "K07" in hints(answer)) == ("DONE", True)
    assert desk.cards_of(who)[0].portrait_id is None


def test_a_name_that_is_not_his_is_refused_at_once(desk: Desk) -> None:
    who = somebody("不符合")
    answer = desk.recorded(who)
    assert (answer["status"], codes(answer)) == (422, {"K01"})
    assert desk.cards_of(who) == []
    assert desk.applies_of(who)[0].state is ApplyState.AUTO_REJECTED


def test_a_listed_person_is_refused_with_the_category_only(desk: Desk) -> None:
    who = somebody("列名")
    desk.list_person(who, "虚假租赁")
    answer = desk.recorded(who)
    assert (answer["status"], codes(answer)) == (422, {"K02"})
    assert "虚假租赁" in answer["reasons"][-1]["message"]
    assert desk.cards_of(who) == []


def test_the_same_name_under_another_number_is_nobody_on_the_list(desk: Desk) -> None:
    listed, other = somebody("同名"), somebody("同名")
    desk.list_person(listed, "虚假租赁")
    assert desk.recorded(other)["state"] == "DONE"


def test_while_the_blacklist_is_silent_he_waits(desk: Desk) -> None:
    who = somebody("静单")
    desk.world.fault("blacklist", "error")
    answer = desk.recorded(who)
    assert (answer["state"], codes(answer)) == ("WAITING", {"K03"})
    desk.world.heal()
    desk.world.let_pass(minutes=2)
    desk.work_off()
    assert desk.cards_of(who)[0].state is CardState.PASSED


@pytest.mark.parametrize("id_no", ["310101199001010000", "11010119900101", "310101201801011234"])
def test_a_number_that_cannot_be_is_told_as_such(desk: Desk, id_no: str) -> None:
    answer = desk.recorded(id_no=id_no)
    assert (answer["state"], codes(answer)) == ("REFUSED", {"FORM"})
    assert id_no not in str(answer["reasons"])


def test_while_police_are_silent_he_waits_and_is_told_later(desk: Desk) -> None:
    who = somebody("静候")
    desk.world.fault("police", "error")
    item = desk.person(who)
    answer = desk.register(item)[0]
    assert (answer["status"], answer["state"], codes(answer)) == (202, "WAITING", {"K03"})
    desk.world.heal()
    desk.world.let_pass(minutes=2)
    desk.work_off()
    (told,) = desk.results_of(item["own_no"])
    assert (told["status"], told["state"], told["card_state"]) == (201, "DONE", "PASSED")
    assert desk.cards_of(who)[0].card_no == told["card_no"]
    assert desk.register(item)[0]["card_no"] == told["card_no"]


def test_who_waited_and_is_not_who_he_says_is_told_so(desk: Desk) -> None:
    who = somebody("不符静候")
    desk.world.fault("police", "error")
    item = desk.person(who)
    assert desk.register(item)[0]["state"] == "WAITING"
    desk.world.heal()
    desk.world.let_pass(minutes=2)
    desk.work_off()
    (told,) = desk.results_of(item["own_no"])
    assert (told["state"], codes(told)) == ("REFUSED", {"K01"})
    assert desk.cards_of(who) == []


def test_who_got_a_card_elsewhere_while_he_waited_has_no_second(desk: Desk) -> None:
    who = somebody("两处")
    desk.world.fault("police", "error")
    item = desk.person(who, ANJU)
    desk.register(item)
    desk.world.heal()
    assert desk.recorded(who, HUYU)["state"] == "DONE"
    desk.world.let_pass(minutes=2)
    desk.work_off()
    (told,) = desk.results_of(item["own_no"])
    assert (told["state"], codes(told)) == ("REFUSED", {"K04"})
    assert len(desk.cards_of(who)) == 1


def test_a_person_with_a_live_card_elsewhere_is_told_and_waited_for(desk: Desk) -> None:
    who = somebody("他处")
    desk.in_force(who, HUYU)
    item = desk.person(who, ANJU)
    answer = desk.register(item)[0]
    assert (answer["status"], answer["state"], codes(answer)) == (202, "HELD", {"K04"})
    assert "沪寓" not in str(answer)
    desk.world.let_pass(minutes=61)
    desk.work_off()
    (told,) = desk.results_of(item["own_no"])
    assert (told["state"], codes(told)) == ("REFUSED", {"K04"})
    assert len(desk.conflicts_of(desk.cards_of(who)[0])) == 1


def test_another_name_under_a_known_number_is_a_conflict(desk: Desk) -> None:
    who = somebody("旧名")
    card_no = desk.in_force(who)
    answer = desk.recorded(who, name="新名")
    assert (answer["status"], answer["state"], codes(answer)) == (409, "CONFLICT", {"K10"})
    assert "旧名" not in str(answer)
    (words,) = desk.conflicts_of(desk.card(card_no))
    assert "姓名" in words


def test_a_person_recorded_again_keeps_the_card_he_has(desk: Desk) -> None:
    who = somebody("已有")
    card_no = desk.in_force(who)
    answer = desk.recorded(who)
    assert (answer["status"], answer["state"], answer["card_no"]) == (200, "DONE", card_no)
    assert len(desk.cards_of(who)) == 1


def test_the_card_s_state_is_told_with_its_firm_as_it_is_now(desk: Desk) -> None:
    who = somebody("随企")
    item = desk.person(who)
    card_no = str(desk.register(item)[0]["card_no"])
    desk.activate(card_no)
    assert desk.register(item)[0]["card_state"] == "ACTIVE"
    with desk.firm_became(record_state=RecordState.CANCELLED):
        again, anew = desk.register(item)[0], desk.recorded(who)
        assert desk.card(card_no).state is CardState.ACTIVE
    assert (again["card_state"], anew["card_state"]) == ("CANCELLED", "CANCELLED")
    assert ["（已注销）" in reason["message"] for reason in anew["reasons"] if reason["code"] == "K04"] == [True]


def test_a_record_older_than_the_end_of_the_card_changes_nothing(desk: Desk) -> None:
    who = somebody("旧账")
    card_no = desk.in_force(who)
    old = desk.time()
    desk.world.let_pass(minutes=5)
    desk.cancel(card_no)
    answer = desk.recorded(who, event_at=old)
    assert (answer["status"], answer["state"], hints(answer)) == (200, "OLDER", {"K11"})
    assert [card.state for card in desk.cards_of(who)] == [CardState.CANCELLED]
    desk.world.let_pass(minutes=1)
    assert desk.recorded(who)["state"] == "DONE"


def test_an_event_of_a_time_to_come_is_not_taken(desk: Desk) -> None:
    answer = desk.recorded(event_at=desk.time(minutes=-30))
    assert (answer["state"], codes(answer)) == ("REFUSED", {"FORM"})


def test_what_we_told_ourselves_comes_back_without_an_effect(desk: Desk) -> None:
    who = somebody("回声")
    card_no = desk.in_force(who)
    (told,) = desk.told_of(card_no)
    echo = desk.recorded(who, origin="AUTHORITY", source_event_no=told["event_no"])
    assert (echo["status"], echo["state"], echo["card_no"]) == (200, "ECHO", card_no)
    assert len(desk.cards_of(who)) == len(desk.told_of(card_no)) == 1
    unknown = desk.recorded(who, origin="AUTHORITY", source_event_no="SF0")
    assert (unknown["state"], codes(unknown)) == ("REFUSED", {"K11"})


def test_inspection_and_activation_are_parameters(desk: Desk) -> None:
    who, at_once_active = somebody("须验看"), somebody("免激活")
    with parameter(desk.world, "practitioners.assoc_inspection", "true"):
        answer = desk.recorded(who)
        assert (answer["status"], answer["state"]) == (202, "INSPECTING")
        assert desk.applies_of(who)[0].state is ApplyState.INSPECTING
    with parameter(desk.world, "practitioners.assoc_activation", "false"):
        assert desk.recorded(at_once_active)["card_state"] == "ACTIVE"


def test_nobody_but_the_association_records_people(desk: Desk) -> None:
    stranger = desk.caller.__class__("gjj-center", desk.caller.scopes)
    with pytest.raises(NotAllowed):
        desk.call("/practitioners/registrations", {"batch_no": number("DJ"), "items": [desk.person()]}, stranger)


def test_the_ledger_keeps_no_name_or_number_in_clear(desk: Desk) -> None:
    item = desk.person(somebody("密封"))
    desk.register(item)
    event = desk.event(item["own_no"])
    assert event.state is EventState.DONE
    assert isinstance(event.id_no, Sealed)
    plain = [value for value in event.model_dump().values() if isinstance(value, str)]
    assert item["id_no"] not in plain
    assert item["name"] not in plain
