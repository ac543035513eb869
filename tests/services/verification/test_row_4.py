"""Row 4: a citizen checks the home before filling anything in; green or every reason, a token for 24 hours, limits."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from time import monotonic
from typing import Any

import pytest
from sqlmodel import col, select

from models.access import Role, ScopeKind
from models.alarms import Alarm
from models.house import House, RestrictionKind
from models.sealed import Sealed
from models.verification_codes import PrecheckState
from services.engine.callers import SYSTEM, Caller, Scope
from services.engine.refusals import TooMany
from services.verification import precheck_limits
from services.verification.fact_sources import flats_of
from services.verification.portal_precheck import PrecheckHome, precheck_body, precheck_home
from services.verification.precheck import CheckBefore, Prechecked, check_before, use_token
from services.verification.restrictions import NoteRestriction, note_restriction
from tests.market_rules import parameter
from tests.services.tenancy.counter import CHEN, LI, MINOR, WANG, ZHOU, Flat, Person
from tests.services.verification.firm import Firms

ADDRESS = "203.0.113.9"


def home(flat: Flat, asker: Person = LI, **changes: Any) -> CheckBefore:
    owner = flat.owners[0]
    order = CheckBefore(flat.cert_no, owner.name, owner.id_no, asker.id_no, address=ADDRESS)
    return replace(order, **changes)


def ask(firms: Firms, order: CheckBefore, caller: Caller = SYSTEM) -> Prechecked:
    return firms.world.door.perform(check_before, caller, order)


@pytest.fixture(autouse=True)
def another_day(firms: Firms, days: Iterator[int] = iter(range(1, 400, 2))) -> None:
    """Each test has its own day, so that no other's checks count."""
    day = date(2027, 3, 1) + timedelta(days=next(days))
    firms.world.stand_at(day.year, day.month, day.day)


@pytest.mark.row(4)
def test_a_sound_home_is_green_with_a_token_for_a_day(firms: Firms) -> None:
    told = ask(firms, home(firms.flat()))
    assert (told.state, told.findings) == (PrecheckState.PASSED, ())
    now = firms.world.door.clock.now()
    assert told.expires_at is not None
    assert timedelta(hours=23) < told.expires_at - now <= timedelta(hours=24)


@pytest.mark.row(4)
@pytest.mark.parametrize("typed", ["（{}", "  {}  ", "{} "])
def test_a_number_typed_with_full_width_brackets_and_blanks_is_the_same(firms: Firms, typed: str) -> None:
    flat = firms.flat()
    written = flat.cert_no.replace("(", "（").replace(")", "）")
    number = written if typed.startswith("（") else typed.format(written)
    assert ask(firms, home(flat, cert_no=number)).state is PrecheckState.PASSED


@pytest.mark.row(4)
def test_a_right_certificate_with_another_persons_number_fails_and_names_nobody(firms: Firms) -> None:
    flat = firms.flat()
    told = ask(firms, home(flat, owner_name=WANG.name, owner_id=WANG.id_no))
    assert told.codes == ("H02",)
    body = str(precheck_body(told))
    for owner in flat.owners:
        assert owner.name not in body
        assert owner.id_no not in body
    assert told.token == ""


@pytest.mark.row(4)
def test_every_reason_is_told_with_what_to_do(firms: Firms) -> None:
    flat = firms.flat()
    firms.world.door.perform(
        note_restriction, SYSTEM, NoteRestriction(flat.code, RestrictionKind.GROUP_LETTING, firms.today)
    )
    told = ask(firms, home(flat, owner_name=WANG.name, owner_id=WANG.id_no))
    assert len(told.codes) > 1
    reasons = precheck_body(told)["reasons"]
    assert {one["code"] for one in reasons} == set(told.codes)
    assert all(one["message"] for one in reasons)
    assert any(one["where"] for one in reasons)


@pytest.mark.row(4)
def test_an_unknown_and_a_cancelled_certificate_fail(firms: Firms) -> None:
    assert "H01" in ask(firms, home(firms.flat(), cert_no="沪(2020)浦字不动产权第999999号")).codes
    ended = ask(firms, home(firms.flat(), cert_no="沪房地浦字（2006）第090005号"))
    assert "该权属证明已注销，请提供现行有效的权属证明" in {one.message for one in ended.findings}


@pytest.mark.row(4)
def test_a_certificate_of_several_flats_asks_for_the_room(firms: Firms) -> None:
    flat, other = firms.flat(), firms.flat()
    both = "沪(2020)浦字不动产权第660066号"
    for one in (flat, other):
        firms.world.rewrite(House, House.house_code == one.code, cert_no=Sealed.of(both))
    rows = firms.world.read(lambda work: {one.house_code: one.room for one in flats_of(work.session, both)})
    order = home(flat, cert_no=both)
    assert "ROOM_NEEDED" in ask(firms, order).codes
    named = ask(firms, replace(order, flat_room=rows[flat.code]))
    assert "ROOM_NEEDED" not in named.codes
    for one in (flat, other):
        firms.world.rewrite(House, House.house_code == one.code, cert_no=Sealed.of(one.cert_no))


@pytest.mark.row(4)
def test_a_home_that_is_filed_or_was_filed_lately_is_told_before_the_form(firms: Firms) -> None:
    flat = firms.flat()
    firms.counter.filed(flat)
    told = ask(firms, home(flat))
    assert {"F01", "F02"} <= set(told.codes)
    assert "备案" in precheck_body(told)["reasons"][0]["message"]


@pytest.mark.row(4)
def test_the_portals_front_end_gets_the_same_answer_within_the_same_limits(firms: Firms) -> None:
    flat = firms.flat()
    partner = Caller("ywtb-portal", (Scope(Role.PARTNER, ScopeKind.ORGANISATION, "ywtb-portal"),))
    order = PrecheckHome(
        requester_no=LI.id_no,
        address=ADDRESS,
        cert_no=flat.cert_no,
        owner_name=flat.owners[0].name,
        owner_id=flat.owners[0].id_no,
    )
    told = firms.world.door.perform(precheck_home, partner, order)
    body = precheck_body(told)
    assert (body["passed"], body["reasons"]) == (True, [])
    used = firms.world.door.perform(use_token, SYSTEM, home(flat, token=body["token"]))
    assert used.state is PrecheckState.PASSED
    for _ in range(4):
        firms.world.door.perform(precheck_home, partner, order)
    # The sixth of the day, wherever it is asked.
    assert ask(firms, home(flat)).codes == ("V13",)


@pytest.mark.row(4)
def test_a_silent_register_is_no_failure_and_gives_no_token(firms: Firms) -> None:
    flat = firms.flat()
    firms.world.fault("property_register", "timeout")
    started = monotonic()
    told = ask(firms, home(flat))
    assert monotonic() - started < 5
    assert (told.state, told.token) == (PrecheckState.PENDING, "")
    assert all(one["waiting"] for one in precheck_body(told)["reasons"])
    firms.world.heal()
    assert ask(firms, home(flat)).state is PrecheckState.PASSED


@pytest.mark.row(4)
def test_a_token_is_good_for_its_house_and_a_day_only(firms: Firms) -> None:
    flat, other = firms.flat(), firms.flat()
    token = ask(firms, home(flat)).token
    use = firms.world.door.perform
    assert use(use_token, SYSTEM, home(other, token=token)).codes == ("TOKEN_HOUSE",)
    assert use(use_token, SYSTEM, home(flat, token="q1.hc.1.AAAA.BBBB")).codes == ("TOKEN_NONE",)
    assert use(use_token, SYSTEM, home(flat, token=token)).state is PrecheckState.PASSED
    firms.world.let_pass(hours=24)
    assert use(use_token, SYSTEM, home(flat, token=token)).codes == ("TOKEN_EXPIRED",)


@pytest.mark.row(4)
def test_a_seizure_between_check_and_submit_is_found(firms: Firms) -> None:
    flat = firms.flat()
    token = ask(firms, home(flat)).token
    firms.world.door.perform(
        note_restriction, SYSTEM, NoteRestriction(flat.code, RestrictionKind.GROUP_LETTING, firms.today)
    )
    told = firms.world.door.perform(use_token, SYSTEM, home(flat, token=token))
    assert told.state is PrecheckState.FAILED
    assert told.codes


@pytest.mark.row(4)
def test_the_sixth_check_of_a_home_on_a_day_is_refused_and_nothing_else_is_told(firms: Firms) -> None:
    flat = firms.flat()
    for _ in range(5):
        assert ask(firms, home(flat, CHEN)).state is PrecheckState.PASSED
    assert ask(firms, home(flat, CHEN)).codes == ("V13",)
    firms.world.let_pass(days=1)
    assert ask(firms, home(flat, CHEN)).state is PrecheckState.PASSED


@pytest.mark.row(4)
def test_after_three_failures_a_simple_question_is_asked(firms: Firms) -> None:
    wrong = [home(firms.flat(), ZHOU, owner_name=WANG.name, owner_id=WANG.id_no) for _ in range(4)]
    assert [bool(ask(firms, one).question) for one in wrong[:3]] == [False, False, True]
    good = home(firms.flat(), ZHOU)
    refused = ask(firms, good)
    assert (refused.codes, refused.token) == (("QUESTION",), "")
    question = firms.world.read(lambda work: precheck_limits.question_for(work, good))
    assert question is not None
    assert question.text == refused.question
    assert ask(firms, replace(good, answer=str(question.answer + 1))).codes == ("QUESTION",)
    question = firms.world.read(lambda work: precheck_limits.question_for(work, good))
    assert ask(firms, replace(good, answer=f" {question.answer} ")).state is PrecheckState.PASSED
    # A pass ends the row of failures.
    assert ask(firms, home(firms.flat(), ZHOU)).state is PrecheckState.PASSED


@pytest.mark.parametrize(("typed", "right"), [("12", True), ("十二", True), ("１２", True), ("13", False), ("", False)])
def test_an_answer_counts_in_either_digits(typed: str, right: bool) -> None:
    assert precheck_limits.Question("五加七等于几？", 12).answered_by(typed) is right


@pytest.fixture
def few(firms: Firms) -> Iterator[None]:
    """Low limits, as though the person or the address had asked all day."""
    with parameter(firms.world, "precheck.person_a_day", "4"), parameter(firms.world, "precheck.address_an_hour", "8"):
        yield


def _alarms(firms: Firms) -> list[Alarm]:
    wanted = select(Alarm).where(Alarm.alarm_code == precheck_limits.ALARM).order_by(col(Alarm.raised_at).desc())
    return list(firms.world.read(lambda work: work.session.exec(wanted).all()))


def _tried(number: int) -> str:
    return f"沪(2020)浦字不动产权第{880000 + number}号"


@pytest.mark.row(4)
@pytest.mark.usefixtures("few")
def test_a_person_who_tries_many_numbers_is_stopped_and_reported(firms: Firms) -> None:
    flat = firms.flat()
    for number in range(4):
        ask(firms, home(flat, WANG, cert_no=_tried(number), address=f"198.51.100.{number}"))
    with pytest.raises(TooMany):
        ask(firms, home(flat, WANG, address="198.51.100.77"))
    alarm = _alarms(firms)[0]
    assert "一天内" in alarm.subject
    assert WANG.id_no not in f"{alarm.subject}{alarm.object_key}"
    firms.world.let_pass(days=1)
    assert ask(firms, home(flat, WANG)).state is PrecheckState.PASSED


@pytest.mark.row(4)
@pytest.mark.usefixtures("few")
def test_an_address_that_probes_is_stopped_for_the_hour_and_reported_once(firms: Firms) -> None:
    flat = firms.flat()
    people = [CHEN, LI, ZHOU, WANG]
    for number in range(8):
        ask(firms, home(flat, people[number % 4], cert_no=_tried(100 + number), address="192.0.2.5"))
    for _ in range(3):
        with pytest.raises(TooMany):
            ask(firms, home(flat, LI, address="192.0.2.5"))
    (alarm,) = [one for one in _alarms(firms) if "网络地址" in one.subject]
    assert alarm.times == 3
    assert "192.0.2.5" not in f"{alarm.subject}{alarm.object_key}"
    # Another household goes on, and the same one after the hour.
    assert ask(firms, home(flat, Person("孙浩", MINOR.id_no), address="192.0.2.6")).state is not PrecheckState.PENDING
    firms.world.let_pass(hours=1)
    assert ask(firms, home(flat, LI, address="192.0.2.5")).state is PrecheckState.PASSED


def test_a_household_of_the_newer_addresses_is_one_asker() -> None:
    first, other = (precheck_limits.network_of(f"2001:db8:1:2::{part}") for part in (1, 2))
    assert first == other != precheck_limits.network_of("2001:db8:1:3::1")
    assert precheck_limits.network_of("::ffff:192.0.2.5") == "192.0.2.5"


@pytest.mark.row(4)
def test_a_certificate_of_the_old_form_is_known_in_either_brackets(firms: Firms) -> None:
    flat = next(one for one in iter(firms.flat, None) if one.cert_no.startswith("沪房地"))
    for typed in (flat.cert_no, flat.cert_no.replace("（", "(").replace("）", ")")):
        assert ask(firms, home(flat, cert_no=typed)).state is PrecheckState.PASSED
