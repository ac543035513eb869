"""Row 17: a mandate is checked, goes to its firm and to nobody else, and is acknowledged; no order of arrival matters."""

from datetime import date
from functools import partial

import pytest

from models.direct_pay import Entrustment, PilotScope
from models.direct_pay_codes import EntrustState
from models.enterprise import Enterprise, ServiceState
from models.partners import PartnerExchange
from services.direct_pay.answer_watch import watch_silence
from services.direct_pay.mandate_ends import close_mandates
from services.engine.callers import SYSTEM, Caller, Scope
from services.engine.refusals import Conflict, NotAllowed, NotFound
from services.engine.work import Work
from tests.services.direct_pay.rent_month import DirectPay, codes, number
from tests.services.tenancy.counter import party, somebody
from tests.world import at_once

pytestmark = pytest.mark.row(17)
PATH = "/direct-pay/entrustments"


def _send(pay: DirectPay, body: dict[str, object]) -> dict[str, object]:
    return pay.call(PATH, pay.fund, body)


def test_a_sound_mandate_is_taken_and_goes_to_its_firm_only(pay: DirectPay) -> None:
    body = pay.mandate(pay.lease())
    answer = _send(pay, body)
    assert (answer["accepted"], answer["reasons"]) == (True, [])
    assert str(answer["receipt_no"]).startswith("WT310000")
    assert pay.addressees("entrustment", body["entrust_no"]) == {pay.firm.app_id}
    (message,) = pay.messages("entrustment", body["entrust_no"])
    told = message.payload.json()["body"]
    assert (told["tenant_id_no"], told["monthly_rent"], told["draw_from"]) == (
        body["tenant_id_no"],
        "6500.00",
        "2027-03",
    )
    assert pay.kept_mandate(body["entrust_no"]).state is EntrustState.CHECKED
    assert len(pay.notices(pay.firm, body["entrust_no"])) == 1
    assert pay.notices(pay.firms[1], body["entrust_no"]) == []


def test_the_course_from_push_to_acknowledgement_to_the_first_bill(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    assert pay.arrive("entrustment", entrust_no) == 1
    assert pay.kept_mandate(entrust_no).state is EntrustState.PUSHED
    pay.acknowledge("ENTRUSTMENT", entrust_no)
    assert pay.kept_mandate(entrust_no).state is EntrustState.ACKED
    pay.billed(entrust_no)
    assert pay.kept_mandate(entrust_no).state is EntrustState.RUNNING


def test_the_log_of_what_went_out_names_nobody(pay: DirectPay) -> None:
    body = pay.mandate(pay.lease())
    _send(pay, body)
    pay.arrive("entrustment", body["entrust_no"])
    (sent,) = pay.world.read(
        lambda work: work.rows(
            PartnerExchange, PartnerExchange.direction == "OUT", PartnerExchange.business_key == body["entrust_no"]
        )
    )
    assert body["tenant"] not in sent.payload.plain
    assert body["tenant_id_no"] not in sent.payload.plain


def test_an_acknowledgement_that_overtakes_our_record_counts_once(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    pay.acknowledge("ENTRUSTMENT", entrust_no)
    first = pay.kept_mandate(entrust_no)
    assert (first.state, first.pushed_at is not None) == (EntrustState.ACKED, True)
    pay.arrive("entrustment", entrust_no)
    pay.acknowledge("ENTRUSTMENT", entrust_no)
    again = pay.kept_mandate(entrust_no)
    assert (again.state, again.ack_at) == (EntrustState.ACKED, first.ack_at)


def test_the_same_mandate_again_is_one_mandate_with_one_message(pay: DirectPay) -> None:
    body = pay.mandate(pay.lease())
    first, second = _send(pay, body), _send(pay, body)
    assert first == second
    assert len(pay.messages("entrustment", body["entrust_no"])) == 1


def test_a_mandate_number_with_other_content_is_refused(pay: DirectPay) -> None:
    body = pay.mandate(pay.lease())
    _send(pay, body)
    for changed in ({"monthly_rent": "6000.00"}, {"tenant": "别人"}, {"payee_account": "31000000000000000001"}):
        with pytest.raises(Conflict, match="已使用"):
            _send(pay, {**body, **changed})


def test_all_reasons_are_told_at_once_and_the_firm_hears_nothing(pay: DirectPay) -> None:
    body = pay.mandate(
        pay.lease(),
        tenant="另一人",
        payee_account="31000000000000000009",
        draw_to="2031-12",
        monthly_rent="6500.02",
    )
    answer = _send(pay, body)
    assert codes(answer) == ["G02", "G05", "G06", "G08"]
    assert pay.messages("entrustment", body["entrust_no"]) == []
    assert pay.notices(pay.firm, body["entrust_no"]) == []
    assert pay.kept_mandate(body["entrust_no"]).state is EntrustState.REFUSED
    seen = pay.world.door.look(
        pay.firm.person,
        lambda work: work.session.exec(
            work.visible(Entrustment).where(Entrustment.entrust_no == body["entrust_no"])
        ).all(),
    )
    assert seen == []


def test_a_refused_mandate_sent_again_gets_the_same_reasons(pay: DirectPay) -> None:
    body = pay.mandate(pay.lease(), tenant="另一人")
    first, second = _send(pay, body), _send(pay, body)
    assert (first["accepted"], first) == (False, second)


def test_a_filing_that_is_not_there_or_is_over_is_refused(pay: DirectPay) -> None:
    filed = pay.lease()
    body = pay.mandate(filed)
    assert codes(_send(pay, {**body, "filing_no": "BA000"})) == ["G01"]
    assert codes(_send(pay, {**body, "entrust_no": number("WT"), "contract_no": "HT000"})) == ["G01"]
    pay.counter.cancel(filed)
    assert "G01" in codes(_send(pay, {**body, "entrust_no": number("WT")}))


def test_a_filing_past_its_last_day_is_over_before_the_job_has_come(pay: DirectPay) -> None:
    body = pay.mandate(pay.lease())
    pay.world.stand_at(2028, 3, 2)
    assert "G01" in codes(_send(pay, body))


@pytest.mark.parametrize(
    ("months", "taken"),
    [
        (("2027-03", "2028-03"), True),
        (("2027-02", "2027-12"), False),
        (("2027-03", "2028-04"), False),
        (("2028-04", "2028-05"), False),
        (("2027-09", "2027-05"), False),
    ],
)
def test_months_lie_inside_the_filing(pay: DirectPay, months: tuple[str, str], taken: bool) -> None:
    answer = _send(pay, pay.mandate(pay.lease(), draw_from=months[0], draw_to=months[1]))
    assert (answer["accepted"], codes(answer)) == (taken, [] if taken else ["G05"])


def test_a_firm_outside_the_pilot_is_refused(pay: DirectPay) -> None:
    outside = pay.world.act(lambda work: pay.new_firm(work, pilot=False))
    assert codes(_send(pay, pay.mandate(pay.lease(outside), outside))) == ["G03"]


def test_a_suspended_firm_takes_no_mandate_until_it_serves_again(pay: DirectPay) -> None:
    firm = pay.world.act(lambda work: pay.new_firm(work))
    filed = pay.lease(firm)
    pay.world.rewrite(Enterprise, Enterprise.id == firm.id, service_state=ServiceState.SUSPENDED)
    assert codes(_send(pay, pay.mandate(filed, firm))) == ["G15"]
    pay.world.rewrite(Enterprise, Enterprise.id == firm.id, service_state=ServiceState.NORMAL)
    assert _send(pay, pay.mandate(filed, firm))["accepted"] is True


def test_a_pilot_may_be_one_project_and_for_a_time(pay: DirectPay) -> None:
    firm = pay.world.act(lambda work: pay.new_firm(work))
    pay.world.rewrite(PilotScope, PilotScope.enterprise_id == firm.id, project_id=firm.project_id)
    assert codes(_send(pay, pay.mandate(pay.lease(firm), firm))) == ["G03"]
    assert _send(pay, pay.mandate(pay.lease(firm, central=True), firm))["accepted"] is True
    pay.world.rewrite(PilotScope, PilotScope.enterprise_id == firm.id, valid_to=date(2027, 2, 28))
    assert codes(_send(pay, pay.mandate(pay.lease(firm, central=True), firm))) == ["G03"]


def test_the_firm_must_be_the_filings(pay: DirectPay) -> None:
    assert codes(_send(pay, pay.mandate(pay.lease(), pay.firms[1]))) == ["G03"]


def test_a_second_mandate_of_the_filing_is_refused(pay: DirectPay) -> None:
    filed = pay.lease()
    pay.entrust(filed)
    assert codes(_send(pay, pay.mandate(filed))) == ["G04"]


def test_husband_and_wife_have_one_mandate_between_them(pay: DirectPay) -> None:
    wife = somebody("林秀兰")
    first, second = pay.lease(), pay.lease()
    pay.entrust(first, spouse=wife.name, spouse_id_no=wife.id_no)
    of_wife = pay.mandate(second, tenant=wife.name, tenant_id_no=wife.id_no)
    answer = _send(
        pay, {**of_wife, "by_spouse": True, "spouse": second.tenant.name, "spouse_id_no": second.tenant.id_no}
    )
    assert codes(answer) == ["G04"]


def test_two_mandates_of_a_household_at_the_same_moment_come_to_one(pay: DirectPay) -> None:
    wife = somebody("林秀兰")
    first = pay.lease()
    second = pay.lease()
    husband = {"tenant": first.tenant.name, "tenant_id_no": first.tenant.id_no}
    one = {**pay.mandate(first), "spouse": wife.name, "spouse_id_no": wife.id_no}
    other = {
        **pay.mandate(second),
        "by_spouse": True,
        **husband,
        "spouse": second.tenant.name,
        "spouse_id_no": second.tenant.id_no,
    }
    results = at_once([lambda: _send(pay, one), lambda: _send(pay, other)])
    taken = [answer for answer in results if isinstance(answer, dict) and answer["accepted"]]
    assert len(taken) == 1
    refused = next(answer for answer in results if answer not in taken)
    if isinstance(refused, Conflict):
        late = other if one["entrust_no"] == taken[0]["entrust_no"] else one
        refused = _send(pay, late)
    assert codes(refused) == ["G04"]


def test_a_spouse_counts_only_as_the_fund_names_him(pay: DirectPay) -> None:
    wife = somebody("林秀兰")
    filed = pay.lease()
    plain = pay.mandate(filed, tenant=wife.name, tenant_id_no=wife.id_no)
    assert codes(_send(pay, plain)) == ["G02"]
    named = {**plain, "entrust_no": number("WT"), "by_spouse": True}
    assert codes(_send(pay, named)) == ["G02"]
    told = {**named, "entrust_no": number("WT"), "spouse": filed.tenant.name, "spouse_id_no": filed.tenant.id_no}
    assert _send(pay, told)["accepted"] is True


def test_a_number_with_a_small_x_and_full_width_digits_is_the_same_person(pay: DirectPay) -> None:
    tenant = next(one for one in (somebody("任晓") for _ in range(60)) if one.id_no.endswith("X"))
    filed = pay.lease(lessees=[party(tenant)])
    body = pay.mandate(filed, tenant=f" {tenant.name} ", tenant_id_no=tenant.id_no.lower())
    assert _send(pay, body)["accepted"] is True


def test_a_firm_without_an_account_takes_no_mandate(pay: DirectPay) -> None:
    firm = pay.world.act(lambda work: pay.new_firm(work))
    pay.world.rewrite(Enterprise, Enterprise.id == firm.id, supervised_account=None, supervised_account_index=None)
    assert codes(_send(pay, pay.mandate(pay.lease(firm), firm))) == ["G06"]


def test_a_firm_without_a_system_has_it_in_its_workspace(pay: DirectPay) -> None:
    firm = pay.world.act(lambda work: pay.new_firm(work))
    entrust_no = pay.entrust(pay.lease(firm), firm)
    assert pay.kept_mandate(entrust_no).state is EntrustState.PUSHED
    assert (pay.messages("entrustment", entrust_no), len(pay.notices(firm, entrust_no))) == ([], 1)


def test_a_push_that_fails_all_night_is_alarmed_and_sent_again_by_hand(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    pay.die("entrustment", entrust_no)
    assert pay.kept_mandate(entrust_no).state is EntrustState.PUSH_FAILED
    assert len(pay.alarms("DIRECTPAY.PUSH", entrust_no)) == 1
    (dead,) = pay.messages("entrustment", entrust_no)
    pay.act_as("outbox.resend", pay.world.caller("shi01"), dead.id)
    pay.arrive("entrustment", entrust_no)
    assert pay.kept_mandate(entrust_no).state is EntrustState.PUSHED
    (again,) = pay.messages("entrustment", entrust_no)
    assert (again.request_id, again.payload.json()["mid"]) == (dead.request_id, dead.payload.json()["mid"])


def test_a_dead_letter_behind_an_acknowledgement_takes_nothing_back(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    pay.acknowledge("ENTRUSTMENT", entrust_no)
    pay.die("entrustment", entrust_no)
    assert pay.kept_mandate(entrust_no).state is EntrustState.ACKED


def test_silence_is_alarmed_once_after_the_time(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    pay.arrive("entrustment", entrust_no)
    pay.world.let_pass(minutes=29)
    pay.world.door.perform(watch_silence, SYSTEM, 1000)
    assert pay.alarms("DIRECTPAY.ACK", entrust_no) == []
    pay.world.let_pass(minutes=2)
    for _ in range(2):
        pay.world.door.perform(watch_silence, SYSTEM, 1000)
    (alarm,) = pay.alarms("DIRECTPAY.ACK", entrust_no)
    assert alarm.times == 1


def test_a_mandate_of_another_firm_is_not_there(pay: DirectPay) -> None:
    entrust_no = pay.entrust()
    for foreign in (entrust_no, "WT-nobody"):
        with pytest.raises(NotFound):
            pay.acknowledge("ENTRUSTMENT", foreign, pay.firms[1])
    assert pay.kept_mandate(entrust_no).ack_at is None


def test_nobody_but_the_fund_brings_mandates(pay: DirectPay) -> None:
    body = pay.mandate(pay.lease())
    unknown = Caller("somebody", (Scope(*pay.fund.scopes[0].__dict__.values()),))
    for stranger in (pay.firm.system, unknown):
        with pytest.raises(NotAllowed):
            pay.call(PATH, stranger, body)


def test_a_lease_that_is_over_lets_the_household_sign_anew(pay: DirectPay) -> None:
    filed = pay.lease()
    entrust_no = pay.entrust(filed)
    pay.counter.cancel(filed)
    assert pay.kept_mandate(entrust_no).state is EntrustState.ENDING
    pay.world.let_pass(days=40)
    pay.world.door.perform(close_mandates, SYSTEM, 1000)
    assert pay.kept_mandate(entrust_no).state is EntrustState.ENDED
    again = pay.lease(lessees=[party(filed.tenant)])
    anew = pay.mandate(again, tenant=filed.tenant.name, tenant_id_no=filed.tenant.id_no)
    assert _send(pay, anew)["accepted"] is True


def test_personal_data_is_sealed_and_the_message_too(pay: DirectPay) -> None:
    body = pay.mandate(pay.lease())
    _send(pay, body)

    def raw(work: Work) -> list[str]:
        rows = work.session.connection().exec_driver_sql("SELECT tenant, tenant_id_no, payee_account FROM entrustment")
        sent = work.session.connection().exec_driver_sql("SELECT payload FROM outgoing")
        return [str(cell) for found in (rows, sent) for row in found for cell in row]

    text = "\n".join(pay.world.read(raw))
    assert body["tenant_id_no"] not in text
    assert body["payee_account"] not in text


def test_a_filing_cancelled_at_the_same_moment_stops_the_mandate_or_finds_it(pay: DirectPay) -> None:
    for _ in range(4):
        filed = pay.lease()
        body = pay.mandate(filed)
        clerk = pay.counter.clerk()
        answer, _cancelled = at_once([partial(_send, pay, body), partial(pay.counter.cancel, filed, clerk)])
        state = pay.kept_mandate(str(body["entrust_no"])).state
        assert state is (EntrustState.ENDING if answer["accepted"] else EntrustState.REFUSED)
