"""Row 12: what a community service centre accepted in the civil affairs system is reviewed there and filed."""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col

from models.access import Role, ScopeKind
from models.engine import Outgoing
from models.forced_review import CivilCase, CivilState, ReviewState
from models.partners import PartnerKind
from models.streets import LinkDuty, LinkState, StreetLink
from models.tenancy_codes import FilingWay
from services.access.access_list_signature import sign_pending
from services.engine.callers import Caller, Scope
from services.engine.notices import my_notices
from services.engine.orders import OneRow, Reasoned
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from services.engine.work import Work
from services.forced_review.applications import Applied, apply_review, withdraw_review
from services.forced_review.civil_cases import (
    ReviewCivil,
    ask_civil,
    hand_over,
    refuse_civil,
    review_civil,
    start_civil,
    take_back,
)
from services.forced_review.civil_facts import civil_facts
from services.forced_review.civil_listings import CIVIL_CASES, view_civil
from services.forced_review.civil_orders import AskCivil, CivilAnswer, CivilMaterial, HandOver, TakeBack
from services.forced_review.decisions import escalate_review, step_back_review
from services.forced_review.views import view_review
from services.partners.registry import ProposePartner, enrol
from tests.services.forced_review.reviews import (
    BUREAU,
    GROUNDS,
    OTHER_STREET,
    STREET,
    STREET_TWO,
    Reviews,
    Stopped,
)
from tests.services.practitioners.association.parameters import parameter
from tests.services.tenancy.counter import CHEN, LI, Person, party, somebody

pytestmark = pytest.mark.row(12)

CENTRE, OTHER_CENTRE = "ST310115005", "ST310104016"
APP = "mz-shequ"
_PARTNER = Caller(APP, (Scope(Role.PARTNER, ScopeKind.ORGANISATION, APP),))
_SERIAL = count(1)
_AT = datetime(2027, 3, 1, 1, 0, tzinfo=UTC)


@dataclass
class Civil:
    """The civil affairs system before the centres."""

    reviews: Reviews

    def message(self, applicant: Person, **changes: Any) -> HandOver:
        values: dict[str, Any] = {
            "acceptance_no": f"SQ20270301{next(_SERIAL):06d}",
            "centre_code": CENTRE,
            "clerk_no": "sqgh017",
            "clerk_name": "邹受理",
            "applicant_name": applicant.name,
            "applicant_id_no": applicant.id_no,
            "accepted_at": _AT,
            "materials": (CivilMaterial("户籍证明", 1, True),),
            "matter": "备案被拦截，申请强制核验",
        }
        return HandOver(**values | changes)

    def send(self, order: Any, act: Any = hand_over) -> CivilAnswer:
        answer: CivilAnswer = self.reviews.world.door.perform(act, _PARTNER, order)
        return answer

    def ask(self, acceptance_no: str) -> CivilAnswer:
        answer: CivilAnswer = self.reviews.world.door.ask(ask_civil, _PARTNER, AskCivil(acceptance_no))
        return answer

    def row(self, acceptance_no: str) -> CivilCase:
        found: CivilCase = self.reviews.world.read(
            lambda work: work.only(CivilCase, CivilCase.acceptance_no == acceptance_no)
        )
        return found

    def handed(self, stopped: Stopped, **changes: Any) -> CivilCase:
        """A case that was intercepted, then accepted at a centre."""
        order = self.message(stopped.landlord, gov_case_no=stopped.decision.case_no, **changes)
        self.send(order)
        return self.row(order.acceptance_no)

    def applied(
        self, row: CivilCase, stopped: Stopped, login: str = STREET, codes: tuple[str, ...] = ("H02",)
    ) -> Applied:
        """A clerk of the centre begins and opens the review."""
        self.reviews.perform(start_civil, login, OneRow(row.id))
        order = ReviewCivil(row.id, self.reviews.order(stopped, codes, login))
        made: Applied = self.reviews.perform(review_civil, login, order)
        return made

    def told(self, acceptance_no: str) -> list[str]:
        """The states that were queued to the civil affairs system, in their order."""

        def read(work: Work) -> list[str]:
            rows = work.rows(Outgoing, Outgoing.system == "civil_affairs", by=Outgoing.business_key)
            bodies = [row.payload.json()["body"] for row in rows]
            return [one["state"] for one in bodies if one["acceptance_no"] == acceptance_no]

        found: list[str] = self.reviews.world.read(read)
        return found


@pytest.fixture
def civil(reviews: Reviews) -> Civil:
    def register(work: Work) -> None:
        enrol(work, ProposePartner(APP, "社区事务受理信息系统", PartnerKind.CIVIL, scopes="civil-cases"), ())

    reviews.world.act(register)
    sign_pending(reviews.world.door)
    return Civil(reviews)


# Handing over


def test_the_case_appears_at_its_centre_and_the_state_is_answered(civil: Civil) -> None:
    stopped = civil.reviews.stopped("xuhui01")
    order = civil.message(stopped.landlord, gov_case_no=stopped.decision.case_no)
    answer = civil.send(order)
    assert (answer.accepted, answer.state, answer.case_no) == (True, CivilState.RECEIVED, stopped.decision.case_no)
    lines = civil.reviews.world.listed(CIVIL_CASES, STREET, number=order.acceptance_no).lines
    assert [line.acceptance_no for line in lines] == [order.acceptance_no]
    assert any(order.acceptance_no in one.body for one in civil.reviews.ask(my_notices, STREET, 200))


def test_the_same_message_twice_is_one(civil: Civil) -> None:
    order = civil.message(somebody())
    assert civil.send(order) == civil.send(order)
    other = civil.send(HandOver(**{**vars(order), "matter": "另一事项"}))
    assert (other.accepted, other.reasons[0].code) == (False, "J02")
    assert civil.row(order.acceptance_no).matter.json() == "备案被拦截，申请强制核验"


@pytest.mark.parametrize("code", ["ST999999999", "", "DC310115"])
def test_an_unknown_centre_is_refused_with_its_reason(civil: Civil, code: str) -> None:
    answer = civil.send(civil.message(somebody(), centre_code=code))
    assert (answer.accepted, answer.reasons[0].code) == (False, "M01")
    assert not civil.ask(answer.acceptance_no).accepted


def test_a_centre_is_known_by_its_street_too(civil: Civil) -> None:
    order = civil.message(somebody(), centre_code="310104016")
    civil.send(order)
    with pytest.raises(NotFound):
        civil.reviews.ask(view_civil, STREET, civil.row(order.acceptance_no).id)
    assert civil.reviews.ask(view_civil, OTHER_STREET, civil.row(order.acceptance_no).id).state is CivilState.RECEIVED


def test_a_case_of_others_is_not_tied(civil: Civil) -> None:
    stopped = civil.reviews.stopped("xuhui01")
    answer = civil.send(civil.message(somebody(), gov_case_no=stopped.decision.case_no))
    assert (answer.accepted, answer.case_no, answer.reasons[0].code) == (True, "", "M02")


# At the centre


def test_the_centre_reviews_and_files_and_the_result_goes_back(civil: Civil) -> None:
    """Taken in by the civil affairs clerk; a clerk of the centre reviews it and starts the filing."""
    stopped = civil.reviews.stopped("xuhui01")
    row = civil.handed(stopped)
    made = civil.applied(row, stopped)
    done = civil.reviews.decide(made, STREET)
    assert done.state is ReviewState.DONE
    filing = civil.reviews.counter.filing(done.filing_id)  # type: ignore[arg-type]
    assert (filing.way, filing.waived_codes) == (FilingWay.FORCED, "H02")
    answer = civil.ask(row.acceptance_no)
    assert (answer.state, answer.filing_no, answer.apply_no) == (CivilState.FILED, done.filing_no, made.apply_no)
    assert civil.told(row.acceptance_no) == ["FILING", "REVIEWING", "FILED"]


def test_the_clerk_who_took_the_case_does_not_review_it(civil: Civil) -> None:
    """Known by the staff number, which is a login name, or by the name in that centre."""
    for who in ({"clerk_no": STREET}, {"clerk_name": "李敏"}):
        stopped = civil.reviews.stopped("xuhui01")
        row = civil.handed(stopped, **who)
        with pytest.raises(NotAllowed, match="由您在社区事务受理系统受理"):
            civil.reviews.perform(start_civil, STREET, OneRow(row.id))
        made = civil.applied(row, stopped, STREET_TWO)
        with pytest.raises(NotAllowed):
            civil.reviews.decide(made, STREET)
        assert civil.reviews.decide(made, STREET_TWO).state is ReviewState.DONE


def test_a_further_person_decides_where_the_parameter_says_so(civil: Civil) -> None:
    stopped = civil.reviews.stopped("xuhui01")
    made = civil.applied(civil.handed(stopped), stopped)
    with parameter(civil.reviews.world, "forced.second_person_street", "true"):
        assert civil.reviews.decide(made, STREET).state is ReviewState.SECOND
        with pytest.raises(NotAllowed, match="另一位"):
            civil.reviews.decide(made, STREET)
        assert civil.reviews.decide(made, STREET_TWO).state is ReviewState.DONE


def test_a_handler_of_the_street_accepts_and_does_not_review(civil: Civil) -> None:
    stopped = civil.reviews.stopped("xuhui01")
    made = civil.applied(civil.handed(stopped), stopped)
    world = civil.reviews.world
    account = world.caller(STREET_TWO).account_id
    for duty in (LinkDuty.HANDLE, LinkDuty.REVIEW):
        world.rewrite(StreetLink, col(StreetLink.account_id) == account, duty=duty)
        if duty is LinkDuty.HANDLE:
            with pytest.raises(NotAllowed, match="审核人员"):
                civil.reviews.decide(made, STREET_TWO)
    assert civil.reviews.decide(made, STREET_TWO).state is ReviewState.DONE


def test_a_clerk_without_a_link_has_no_such_menu(civil: Civil) -> None:
    row = civil.handed(civil.reviews.stopped("xuhui01"))
    world = civil.reviews.world
    account = world.caller(STREET_TWO).account_id
    world.rewrite(StreetLink, col(StreetLink.account_id) == account, state=LinkState.ENDED)
    assert Role.STREET_CLERK not in world.caller(STREET_TWO).roles
    with pytest.raises(NotAllowed):
        civil.reviews.perform(start_civil, STREET_TWO, OneRow(row.id))
    world.rewrite(StreetLink, col(StreetLink.account_id) == account, state=LinkState.ACTIVE)


def test_a_clerk_of_another_street_reads_nothing(civil: Civil) -> None:
    row = civil.handed(civil.reviews.stopped("xuhui01"))
    for act, order in ((start_civil, OneRow(row.id)), (refuse_civil, Reasoned(row.id, GROUNDS))):
        with pytest.raises(NotFound):
            civil.reviews.perform(act, OTHER_STREET, order)
    with pytest.raises(NotFound):
        civil.reviews.ask(view_civil, OTHER_STREET, row.id)


def test_the_home_lies_in_another_district_which_is_told(civil: Civil) -> None:
    """龙华 in 徐汇 accepted it; the home lies in 浦东."""
    stopped = civil.reviews.stopped("pudong01")
    row = civil.handed(stopped, centre_code=OTHER_CENTRE)
    made = civil.applied(row, stopped, OTHER_STREET)
    told = [one for one in civil.reviews.ask(my_notices, BUREAU, 200) if made.apply_no in one.body]
    assert told
    assert civil.reviews.ask(view_review, BUREAU, made.id).apply_no == made.apply_no
    assert civil.reviews.decide(made, OTHER_STREET).state is ReviewState.DONE


def test_an_applicant_without_an_intercepted_case_is_filed_at_the_centre(civil: Civil) -> None:
    """The lease is drawn up there; when it is filed the acceptance ends by itself."""
    landlord = somebody("程更名")
    order = civil.message(landlord)
    civil.send(order)
    row = civil.row(order.acceptance_no)
    civil.reviews.perform(start_civil, STREET, OneRow(row.id))
    flat = civil.reviews.counter.free_flat("310115")
    raw = civil.reviews.counter.form(flat, somebody(), lessors=[party(landlord)])
    caller = civil.reviews.world.caller(STREET)
    decision = civil.reviews.counter.file(raw, caller)
    stopped = Stopped(flat, landlord, landlord, UUID(int=0), decision)
    assert civil.ask(order.acceptance_no).case_no == decision.case_no
    made: Applied = civil.reviews.perform(
        review_civil, STREET, ReviewCivil(row.id, civil.reviews.order(stopped, login=STREET))
    )
    assert civil.reviews.decide(made, STREET_TWO).state is ReviewState.DONE
    assert civil.told(order.acceptance_no) == ["FILING", "REVIEWING", "FILED"]


def test_a_sound_lease_at_the_centre_ends_the_acceptance(civil: Civil) -> None:
    flat = civil.reviews.counter.free_flat("310115")
    order = civil.message(flat.owners[0])
    civil.send(order)
    civil.reviews.perform(start_civil, STREET, OneRow(civil.row(order.acceptance_no).id))
    filed = civil.reviews.counter.filed(flat, civil.reviews.world.caller(STREET))
    assert civil.ask(order.acceptance_no).filing_no == filed.decision.filing_no


def test_a_refusal_goes_back_with_its_reason(civil: Civil) -> None:
    stopped = civil.reviews.stopped("xuhui01")
    row = civil.handed(stopped)
    made = civil.applied(row, stopped)
    civil.reviews.decide(made, STREET_TWO, agree=False, opinion=GROUNDS)
    answer = civil.ask(row.acceptance_no)
    assert (answer.state, answer.reasons[0].message) == (CivilState.REFUSED, GROUNDS)
    other = civil.handed(civil.reviews.stopped("xuhui01"))
    with pytest.raises(Rejected, match="不少于10个字"):
        civil.reviews.perform(refuse_civil, STREET, Reasoned(other.id, "不办"))
    civil.reviews.perform(refuse_civil, STREET, Reasoned(other.id, "申请人不是该房屋租赁合同的当事人"))
    assert civil.told(other.acceptance_no) == ["REFUSED"]


def test_a_reason_gone_before_the_review_ends_the_acceptance(civil: Civil) -> None:
    stopped = civil.reviews.stopped("xuhui01")
    row = civil.handed(stopped)
    civil.reviews.release(stopped)
    made = civil.applied(row, stopped, codes=())
    assert made.state is ReviewState.DONE
    assert civil.ask(row.acceptance_no).filing_no == made.filing_no
    assert civil.told(row.acceptance_no) == ["FILING", "FILED"]


# Withdrawals


def test_a_withdrawal_there_ends_it_here(civil: Civil) -> None:
    stopped = civil.reviews.stopped("xuhui01")
    row = civil.handed(stopped)
    made = civil.applied(row, stopped)
    answer = civil.send(TakeBack(row.acceptance_no, "申请人不再办理", _AT), take_back)
    assert (answer.accepted, answer.state) == (True, CivilState.WITHDRAWN)
    assert civil.reviews.row(made).state is ReviewState.WITHDRAWN
    with pytest.raises(Conflict, match="已撤回"):
        civil.reviews.decide(made, STREET_TWO)
    assert civil.send(TakeBack(row.acceptance_no, "再次", _AT), take_back).state is CivilState.WITHDRAWN


def test_what_is_decided_is_not_taken_back(civil: Civil) -> None:
    stopped = civil.reviews.stopped("xuhui01")
    row = civil.handed(stopped)
    civil.reviews.decide(civil.applied(row, stopped), STREET)
    answer = civil.send(TakeBack(row.acceptance_no, "申请人不再办理", _AT), take_back)
    assert (answer.accepted, answer.state, answer.reasons[0].code) == (False, CivilState.FILED, "M04")
    assert civil.send(TakeBack("SQ0", "没有", _AT), take_back).reasons[0].code == "M03"


def test_a_review_taken_back_here_leaves_the_acceptance_open(civil: Civil) -> None:
    stopped = civil.reviews.stopped("xuhui01")
    row = civil.handed(stopped)
    made = civil.applied(row, stopped)
    civil.reviews.perform(withdraw_review, STREET, Reasoned(made.id, "材料重新整理后再申请"))
    assert civil.row(row.acceptance_no).state is CivilState.FILING
    assert civil.applied(civil.row(row.acceptance_no), stopped).state is ReviewState.ACCEPTED


# Questions for the district


def test_a_noted_illegal_building_goes_to_the_district(civil: Civil) -> None:
    """H05 is waived by nobody: the bureau finds the note out of date and has everything run again, or refuses."""
    flat = civil.reviews.counter.free_flat("310115")
    civil.reviews.register(flat, safety_status="违法建筑")
    stopped = civil.reviews.stopped(STREET, flat)
    assert "H05" in {one.code for one in stopped.decision.findings}
    row = civil.handed(stopped)
    made = civil.applied(row, stopped, codes=("H02", "H05"))
    assert (made.state, civil.row(row.acceptance_no).state) == (ReviewState.ESCALATED, CivilState.ESCALATED)
    with pytest.raises(NotAllowed):
        civil.reviews.decide(made, STREET_TWO)
    with pytest.raises(Rejected, match="不得豁免"):
        civil.reviews.decide(made, BUREAU, waive=("H02", "H05"))
    stands = civil.reviews.decide(made, BUREAU, waive=("H02",))
    assert (stands.state, [one.code for one in stands.findings]) == (ReviewState.ESCALATED, ["H05"])
    civil.reviews.register(flat, safety_status="正常")
    assert civil.reviews.decide(made, BUREAU, waive=("H02",)).waived == ("H02",)
    assert civil.told(row.acceptance_no) == ["FILING", "ESCALATED", "FILED"]


def test_the_centre_may_hand_any_review_to_the_district(civil: Civil) -> None:
    stopped = civil.reviews.stopped("pudong01")
    row = civil.handed(stopped)
    made = civil.applied(row, stopped)
    civil.reviews.perform(escalate_review, STREET_TWO, Reasoned(made.id, "权属情况复杂，请区局审核"))
    assert civil.row(row.acceptance_no).state is CivilState.ESCALATED
    civil.reviews.perform(step_back_review, BUREAU, Reasoned(made.id, "请先核对家庭关系证明"))
    assert civil.row(row.acceptance_no).state is CivilState.REVIEWING
    civil.reviews.perform(escalate_review, STREET_TWO, Reasoned(made.id, "已核对，仍请区局审核"))
    civil.reviews.decide(made, BUREAU, agree=False, opinion=GROUNDS)
    assert civil.ask(row.acceptance_no).reasons[0].message == GROUNDS


# What the civil affairs records answer


def test_the_reviewer_asks_marriage_and_household_of_the_parties(civil: Civil) -> None:
    stopped = civil.reviews.stopped("pudong01", lessors=[party(CHEN)], lessees=[party(LI)])
    order = civil.reviews.order(stopped, applicant_name=CHEN.name, applicant_id_no=CHEN.id_no)
    made = civil.reviews.perform(apply_review, "pudong01", order)
    facts = {(one.person, one.what): one.said for one in civil.reviews.ask(civil_facts, "pudong02", made.id)}
    assert facts["陈*明 310***********0018", "婚姻"].startswith("已婚（2023-05-20登记），配偶李*")
    assert "户内3人" in facts["陈*明 310***********0018", "户籍"]
    assert facts["李* 310***********0028", "户籍"] == "没有记载"


@pytest.mark.parametrize(
    ("fault", "said"), [("error", "没有应答"), ("mismatch", "与所问不符"), ("timeout", "没有应答")]
)
def test_silence_and_a_strange_answer_say_nothing_of_a_person(civil: Civil, fault: str, said: str) -> None:
    made = civil.reviews.applied()
    civil.reviews.world.fault("civil_records", fault)
    facts = civil.reviews.ask(civil_facts, "pudong02", made.id)
    assert {one.answered for one in facts} == {"对方未应答"}
    assert not any("婚" in one.said for one in facts)
