"""Row 26: a firm submits a home, gets a code at once and its answer once every source has spoken."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import col, select

from models.engine import Outgoing
from models.enterprise import Enterprise, ServiceState
from models.house import RestrictionKind
from models.partners import PartnerKind
from models.verification import ListingVerification
from models.verification_codes import CodeEnd, CodeState, ShelfState, VerificationState
from services.engine.callers import SYSTEM
from services.engine.numbering import has_luhn_digit
from services.engine.refusals import Conflict, NotFound, Rejected
from services.verification.orders import PublishHome
from services.verification.partner_orders import AskVerification, HomeLine, SubmitHomes, ask_verification, submit_homes
from services.verification.restrictions import EndRestriction, NoteRestriction, end_restriction, note_restriction
from services.verification.shelf import cancel_code, maintain_home, publish_home, take_off_home
from services.verification.submission import submit_verification
from tests.services.verification.firm import BROKER, OPERATOR, PHONE, RENTAL, Firms
from tests.world import at_once, in_order

APP = "qy-test"


@pytest.mark.row(26)
def test_a_code_is_pending_at_once_and_valid_for_sixty_days_after_the_check(firms: Firms) -> None:
    given = firms.submit(firms.home(firms.flat()))
    assert len(given.code_no) == 18
    assert has_luhn_digit(given.code_no)
    assert firms.code(given.code_no).state is CodeState.PENDING
    told = firms.check(given)
    assert told.state is VerificationState.PASSED
    code = firms.code(given.code_no)
    assert (code.state, code.valid_to) == (CodeState.VALID, firms.today + timedelta(days=60))
    with pytest.raises(Conflict):
        firms.check(given)


@pytest.mark.row(26)
def test_every_reason_is_told_at_once_and_the_code_is_void(firms: Firms) -> None:
    flat = firms.flat()
    told = firms.verify(firms.home(flat, owner_name="别人", owner_phone="", mandate_no=""))
    assert told.codes == ("H02", "V04", "V05")
    assert not told.forceable
    assert firms.code(told.code_no).state is CodeState.VOID


@pytest.mark.row(26)
def test_the_owners_phone_is_asked_of_rental_firms_only(firms: Firms) -> None:
    flat = firms.flat()
    assert firms.verify(firms.home(flat, owner_phone="")).codes == ("V05",)
    assert firms.verify(firms.home(flat, BROKER, owner_phone=""), BROKER).state is VerificationState.PASSED


@pytest.mark.row(26)
def test_an_owner_that_is_a_company_is_judged_by_its_credit_code(firms: Firms) -> None:
    flat = firms.flat()
    told = firms.verify(firms.home(flat, owner_name="沪寓公寓管理有限公司", owner_id=RENTAL))
    assert told.codes == ("H02",)


@pytest.mark.row(26)
def test_a_home_operated_by_one_enterprise_is_verified_by_no_other(firms: Firms) -> None:
    flat = firms.flat()
    assert firms.verify(firms.home(flat)).state is VerificationState.PASSED
    assert firms.verify(firms.home(flat, BROKER), BROKER).codes == ("V03",)
    assert firms.verify(firms.home(flat, OPERATOR), OPERATOR).codes == ("V03",)


@pytest.mark.row(26)
def test_brokers_and_the_owner_do_not_exclude_each_other(firms: Firms) -> None:
    flat = firms.flat()
    assert firms.verify(firms.home(flat, BROKER), BROKER).state is VerificationState.PASSED
    assert firms.verify(firms.home(flat)).state is VerificationState.PASSED


@pytest.mark.row(26)
def test_a_code_is_renewed_in_its_last_ten_days_and_not_before(firms: Firms) -> None:
    flat = firms.flat()
    home = firms.home(flat, BROKER)
    first = firms.verify(home, BROKER)
    firms.world.let_pass(days=49)
    assert firms.verify(home, BROKER).codes == ("EARLY",)
    firms.world.let_pass(days=1)
    second = firms.verify(home, BROKER)
    assert second.state is VerificationState.PASSED
    old = firms.code(first.code_no)
    assert (old.state, old.end_reason) == (CodeState.INVALID, CodeEnd.RENEWED)
    assert old.renewed_by == firms.code(second.code_no).id


@pytest.mark.row(26)
def test_a_silent_register_keeps_the_request_waiting_and_it_is_asked_again(firms: Firms) -> None:
    given = firms.submit(firms.home(firms.flat()))
    firms.world.fault("property_register", "down")
    told = firms.check(given)
    assert (told.state, told.codes) == (VerificationState.SUBMITTED, ())
    assert firms.code(given.code_no).state is CodeState.PENDING
    firms.world.heal()
    firms.world.let_pass(minutes=2)
    firms.run("verification.check")
    assert firms.request(given.id).state is VerificationState.PASSED


@pytest.mark.row(26)
def test_a_firm_suspended_between_submit_and_result_gets_no_code(firms: Firms) -> None:
    given = firms.submit(firms.home(firms.flat()))
    suspend = Enterprise.uscc == RENTAL
    firms.world.rewrite(Enterprise, suspend, service_state=ServiceState.SUSPENDED)
    try:
        assert firms.check(given).codes == ("F07",)
    finally:
        firms.world.rewrite(Enterprise, suspend, service_state=ServiceState.NORMAL)


@pytest.mark.row(26)
def test_two_enterprises_in_the_same_second_get_one_code(firms: Firms) -> None:
    flat = firms.flat()
    given = [(firms.submit(firms.home(flat, uscc), uscc), uscc) for uscc in (RENTAL, OPERATOR)]
    calls = [lambda one=one, uscc=uscc: firms.check(one, uscc) for one, uscc in given]
    told = at_once(calls)
    assert sorted(one.state for one in told) == sorted([VerificationState.PASSED, VerificationState.FAILED])
    assert sum(firms.code(one.code_no).state is CodeState.VALID for one, _ in given) == 1


@pytest.mark.row(26)
def test_a_home_twice_in_one_call_is_taken_in_once(firms: Firms) -> None:
    flat = firms.flat()
    line = _line(firms, flat.cert_no, flat.owners[0].name, flat.owners[0].id_no)
    answers = firms.world.door.perform(
        submit_homes, firms.system(APP, RENTAL), SubmitHomes((line, replace(line, request_no="R-TWICE-2")))
    )
    assert [one.accepted for one in answers] == [True, False]
    assert [one.code for one in answers[1].reasons] == ["DUPLICATE"]


def _line(firms: Firms, cert_no: str, name: str, id_no: str) -> HomeLine:
    number = f"R-{firms.world.door.clock.now():%f}-{cert_no[-8:]}"
    return HomeLine(
        request_no=number,
        cert_no=cert_no,
        owner_name=name,
        owner_id=id_no,
        owner_phone=PHONE,
        rent=Decimal(5000),
        mandate_no=number,
        mandate_from=firms.today,
        mandate_to=firms.today + timedelta(days=300),
    )


@pytest.mark.row(26)
def test_the_result_goes_back_through_the_outbox_and_a_repeated_number_gets_the_same_code(firms: Firms) -> None:
    firms.register(APP, PartnerKind.ENTERPRISE, RENTAL, "verifications")
    flat, system = firms.flat(), firms.system(APP, RENTAL)
    line = _line(firms, flat.cert_no, flat.owners[0].name, flat.owners[0].id_no)
    order = SubmitHomes((line,))
    first, again = (firms.world.door.perform(submit_homes, system, order)[0] for _ in range(2))
    assert first.code_no == again.code_no
    firms.run("verification.check")
    answer = firms.world.door.ask(ask_verification, system, AskVerification(line.request_no))
    assert (answer.code_state, answer.code_no) == (CodeState.VALID, first.code_no)
    assert "/c/q1.hv." in answer.qr_text
    told = firms.world.read(
        lambda work: work.session.exec(
            select(Outgoing).where(Outgoing.operation == "verification-results").order_by(in_order(Outgoing))
        ).all()
    )
    # Homes of other tests may be answered in the same round.
    (sent,) = [one for one in told if one.payload.json()["body"]["code_no"] == first.code_no]
    assert sent.system == "rental_company"


@pytest.mark.row(26)
def test_another_systems_request_is_not_found(firms: Firms) -> None:

    given = firms.submit(firms.home(firms.flat()))
    with pytest.raises(NotFound):
        firms.world.door.ask(
            ask_verification, firms.system("qy-other", OPERATOR), AskVerification(code_no=given.code_no)
        )


@pytest.mark.row(26)
def test_a_filing_ends_the_codes_of_its_part(firms: Firms) -> None:
    flat = firms.flat()
    told = firms.verify(firms.home(flat, BROKER), BROKER)
    firms.counter.filed(flat)
    code = firms.code(told.code_no)
    assert (code.state, code.end_reason) == (CodeState.INVALID, CodeEnd.FILED)
    assert firms.verify(firms.home(flat, BROKER), BROKER).codes == ("V02",)


@pytest.mark.row(26)
def test_a_restriction_ends_every_code_and_its_end_revives_none(firms: Firms) -> None:
    flat = firms.flat()
    told = firms.verify(firms.home(flat, BROKER), BROKER)
    perform = firms.world.door.perform
    kind = RestrictionKind.GROUP_LETTING
    assert perform(note_restriction, SYSTEM, NoteRestriction(flat.code, kind, firms.today)) == 1
    assert firms.code(told.code_no).end_reason is CodeEnd.RESTRICTED
    failed = firms.verify(firms.home(flat, BROKER), BROKER)
    assert (failed.codes, failed.forceable) == (("H17",), True)
    firms.world.let_pass(days=1)
    perform(end_restriction, SYSTEM, EndRestriction(flat.code, kind, firms.today - timedelta(days=1)))
    assert firms.code(told.code_no).state is CodeState.INVALID
    assert firms.verify(firms.home(flat, BROKER), BROKER).state is VerificationState.PASSED


@pytest.mark.row(26)
def test_codes_expire_on_the_day_after_their_last(firms: Firms) -> None:
    told = firms.verify(firms.home(firms.flat(), BROKER), BROKER)
    firms.world.let_pass(days=60)
    firms.run("verification.expire")
    assert firms.code(told.code_no).state is CodeState.VALID
    firms.world.let_pass(days=1)
    firms.run("verification.expire")
    code = firms.code(told.code_no)
    assert (code.state, code.end_reason, code.ended_on) == (CodeState.INVALID, CodeEnd.EXPIRED, firms.today)


@pytest.mark.row(26)
def test_a_listing_that_differs_is_warned_of_once_and_then_forced_off(firms: Firms) -> None:
    flat = firms.flat()
    told = firms.verify(firms.home(flat, BROKER), BROKER)
    home, who = firms.home(flat, BROKER, mandate_no=""), firms.caller(BROKER)

    def publish(**changes: object) -> tuple[str, tuple[str, ...], str]:
        order = PublishHome(told.code_no, home.rent, home.area, "浦东新区花木街道附近")
        answer = firms.world.door.perform(publish_home, who, replace(order, **changes))  # type: ignore[arg-type]
        return answer.verdict, answer.codes, answer.shelf

    room = flat.line["room"]
    assert publish(address_public=f"花木街道{room}") == ("fail", ("V14",), ShelfState.NONE.value)
    assert publish() == ("pass", (), "ON")
    for act, shelf in ((maintain_home, "ON"), (take_off_home, "OFF")):
        answer = firms.world.door.perform(act, who, firms.of(told.code_no))
        assert (answer.verdict, answer.shelf) == ("pass", shelf)
    assert publish() == ("pass", (), "ON")
    assert publish(rent=home.rent + 500 if home.rent else None) == ("pass", ("V09",), "ON")
    assert publish(rent=home.rent + 600 if home.rent else None) == ("fail", ("V09",), "FORCED_OFF")
    assert publish() == ("fail", ("FORCED_OFF",), "FORCED_OFF")


@pytest.mark.row(26)
def test_a_cancelled_code_publishes_nothing_and_cancelling_again_changes_nothing(firms: Firms) -> None:
    told = firms.verify(firms.home(firms.flat(), BROKER), BROKER)
    who = firms.caller(BROKER)
    for _ in range(2):
        assert firms.world.door.perform(cancel_code, who, firms.of(told.code_no)).verdict == "pass"
    assert firms.code(told.code_no).state is CodeState.CANCELLED
    assert firms.world.door.perform(publish_home, who, PublishHome(told.code_no)).codes == ("V08",)

    with pytest.raises(Rejected):
        firms.world.door.perform(maintain_home, who, firms.of(told.code_no))


@pytest.mark.row(26)
def test_the_sixth_request_of_a_day_for_a_home_is_answered_no_more(firms: Firms) -> None:
    flat = firms.flat()
    home = firms.home(flat, BROKER, owner_name="别人")
    for _ in range(5):
        assert firms.verify(home, BROKER).codes == ("H02",)
    assert firms.verify(home, BROKER).codes == ("V13",)
    firms.world.let_pass(days=1)
    assert firms.verify(home, BROKER).codes == ("H02",)


@pytest.mark.row(26)
def test_numbers_of_requests_and_codes_are_never_given_twice(firms: Firms) -> None:
    given = at_once(
        [lambda: firms.world.door.perform(submit_verification, firms.caller(), firms.home(firms.fixture("H-1")))] * 4
    )
    assert len({one.code_no for one in given}) == 4
    assert len({one.verify_no for one in given}) == 4
    rows = firms.world.read(
        lambda work: work.session.exec(
            select(ListingVerification).where(col(ListingVerification.id).in_([one.id for one in given]))
        ).all()
    )
    assert len(rows) == 4
