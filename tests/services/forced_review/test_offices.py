"""Row 11 by offices: community service centres, firms, a second person, and what each is shown."""

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlmodel import col

from models.access import Role, ScopeKind
from models.enterprise import Enterprise, EnterpriseKind, RecordState
from models.forced_review import Capacity, ReviewState
from models.tenancy import GovCase
from models.tenancy_codes import CaseState
from services.documents.attachments import KeepAttachment, keep_attachment, open_attachment
from services.documents.rehearsal import Rehearse, rehearse_papers, rehearsed_papers
from services.engine.callers import Caller, Scope
from services.engine.listings import ListRows
from services.engine.notices import my_notices
from services.engine.orders import OneRow, Reasoned
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from services.engine.work import Work
from services.forced_review.applications import (
    Applied,
    ApplyReview,
    Handed,
    Supplement,
    accept_review,
    apply_review,
    ask_for_more,
    supplement_review,
    wanted,
)
from services.forced_review.decisions import DecideReview, decide_review, escalate_review, step_back_review
from services.forced_review.listings import REVIEWS
from services.forced_review.statistics import review_counts
from services.forced_review.views import view_review
from tests.files_made import png
from tests.printing.reading import text_of
from tests.services.forced_review.reviews import (
    BUREAU,
    GROUNDS,
    OTHER,
    OTHER_STREET,
    REVIEWER,
    STREET,
    STREET_TWO,
    TAKER,
    WHY,
    Reviews,
)
from tests.services.practitioners.association.parameters import parameter

pytestmark = pytest.mark.row(11)


# A community service centre that took it in itself


def test_a_community_centre_decides_what_it_took_in_and_the_district_is_told(reviews: Reviews) -> None:
    """The house lies in 浦东; 龙华 in 徐汇 took it in."""
    stopped = reviews.stopped(OTHER_STREET)
    made = reviews.applied(stopped, OTHER_STREET)
    assert any(made.apply_no in one.body for one in reviews.ask(my_notices, BUREAU, 200))
    assert any(made.apply_no in one.body for one in reviews.ask(my_notices, TAKER, 200))
    with pytest.raises(NotAllowed):
        reviews.decide(made, REVIEWER)
    with pytest.raises(NotAllowed, match="本人受理"):
        reviews.decide(made, OTHER_STREET)


def test_a_community_centre_does_not_set_aside_what_an_authority_noted(reviews: Reviews) -> None:
    flat = reviews.counter.free_flat("310115")
    reviews.register(flat, limit_status="查封")
    stopped = reviews.stopped(STREET, flat)
    made = reviews.perform(apply_review, STREET, reviews.order(stopped, ("H02", "H07"), STREET))
    with pytest.raises(Rejected, match="提请区局"):
        reviews.decide(made, STREET_TWO, waive=("H02", "H07"))
    reviews.perform(escalate_review, STREET_TWO, Reasoned(made.id, "查封是否影响出租请区局定"))
    assert reviews.decide(made, BUREAU, waive=("H02", "H07")).waived == ("H02", "H07")


# A firm


def _firm(reviews: Reviews) -> Caller:
    """A rental firm with one user, made here."""

    def make(work: Work) -> UUID:
        firm = Enterprise(
            name="试寓公寓管理有限公司",
            kind=EnterpriseKind.RENTAL,
            uscc="91310115MA1K000016",
            record_state=RecordState.RECORDED,
            district_code="310115",
        )
        work.add(firm)
        return firm.id

    found = reviews.world.read(lambda work: work.first(Enterprise.id, Enterprise.uscc == "91310115MA1K000016"))
    firm_id = found or reviews.world.act(make)
    scope = Scope(Role.ENTERPRISE_USER, ScopeKind.ORGANISATION, "91310115MA1K000016")
    return Caller("许文", (scope,), account_id=uuid4(), enterprise_id=firm_id)


def test_a_firm_hands_it_in_the_centre_asks_once_and_decides(reviews: Reviews) -> None:
    firm, stopped = _firm(reviews), reviews.stopped()
    reviews.world.rewrite(GovCase, col(GovCase.id) == stopped.case_id, enterprise_id=firm.enterprise_id)
    door = reviews.world.door

    def scan(turn: int) -> UUID:
        order = KeepAttachment("强制核验材料", "材料.png", png(9, 9 + turn))
        kept: UUID = door.perform(keep_attachment, firm, order).id
        return kept

    handed = tuple(
        Handed(name, code, file_id=scan(place)) for place, (code, name) in enumerate(wanted(("H02",), Capacity.FIRM))
    )
    order = ApplyReview(stopped.case_id, Capacity.FIRM, WHY, handed)
    made: Applied = door.perform(apply_review, firm, order)
    assert (made.state, made.due_on) == (ReviewState.SUBMITTED, None)
    with pytest.raises(NotFound):
        reviews.perform(accept_review, OTHER, OneRow(made.id))
    reviews.perform(ask_for_more, TAKER, Reasoned(made.id, "请补充户籍变更证明的原件扫描件"))
    more = Supplement(made.id, (Handed("户籍证明", "H02", file_id=scan(9)),))
    with pytest.raises(NotFound):
        door.perform(supplement_review, replace(firm, enterprise_id=uuid4()), more)
    door.perform(supplement_review, firm, more)
    with pytest.raises(Conflict, match="已通知过一次补正"):
        reviews.perform(ask_for_more, TAKER, Reasoned(made.id, "请再补充户籍变更证明"))
    reviews.perform(accept_review, TAKER, OneRow(made.id))
    assert reviews.row(made).due_on == date(2027, 3, 4)
    with pytest.raises(NotAllowed, match="本人受理"):
        reviews.decide(made, TAKER)
    assert reviews.decide(made).state is ReviewState.DONE
    view = door.ask(view_review, firm, made.id)
    assert (view.state, view.waived) == (ReviewState.DONE, ("H02",))


# Two persons


def test_a_second_person_says_the_last_word_where_the_parameter_says_so(reviews: Reviews) -> None:
    third = reviews.colleague("pudong03", "DC310115")
    made = reviews.applied()
    with parameter(reviews.world, "forced.second_person", "true"):
        assert reviews.decide(made).state is ReviewState.SECOND
        with pytest.raises(NotAllowed, match="另一位"):
            reviews.decide(made)
        with pytest.raises(NotAllowed, match="本人受理"):
            reviews.decide(made, TAKER)
        assert reviews.decide(made, third).state is ReviewState.DONE
    row = reviews.row(made)
    assert {row.reviewer_id, row.second_reviewer_id} == {
        reviews.world.caller(REVIEWER).account_id,
        reviews.world.caller(third).account_id,
    }


# What the reviewer sees


def test_the_reviewer_sees_rule_law_value_and_material_side_by_side(reviews: Reviews) -> None:
    made = reviews.applied()
    view = reviews.ask(view_review, REVIEWER, made.id)
    line = view.lines[0]
    assert (line.code, line.label, line.stands) == ("H02", "出租人是登记的权利人", True)
    assert "房源核验业务规则" in line.basis
    assert line.applied.startswith("程*")
    assert line.registered not in ("", line.applied)
    assert [(one.name, one.original) for one in line.materials] == [("权利人与出租人关系证明", True)]
    assert (view.may_decide, view.bar) == (True, "")
    taken = reviews.ask(view_review, TAKER, made.id)
    assert (taken.may_decide, taken.bar) == (False, "您受理或初审过该申请，须由其他人员审核")


def test_the_material_opens_for_the_reviewer_alone(reviews: Reviews) -> None:
    made = reviews.applied()
    file_id = reviews.ask(view_review, REVIEWER, made.id).lines[0].materials[0].file_id
    assert reviews.ask(open_attachment, REVIEWER, file_id).media_type == "image/png"
    with pytest.raises(NotFound):
        reviews.ask(open_attachment, OTHER, file_id)


# Statistics


def test_reviews_are_counted_by_rule_and_by_reviewer(reviews: Reviews) -> None:
    reviews.world.stand_at(2028, 6, 5)
    reviews.decide(reviews.applied())
    reviews.decide(reviews.applied(), agree=False, opinion=GROUNDS)
    reviews.applied()
    found = reviews.ask(review_counts, TAKER, 7)
    rule = next(one for one in found.by_rule if one.key == "H02")
    assert (rule.total, rule.waiting, rule.passed, rule.refused, rule.waived) == (3, 1, 1, 1, 1)
    (person,) = found.by_reviewer
    assert (person.label, person.total, person.passed, person.refused) == ("陆伟", 2, 1, 1)
    assert reviews.ask(review_counts, OTHER, 7).by_rule == ()
    for by, count in (("rule", rule), ("reviewer", person)):
        # A row of the counts opens the reviews it has counted.
        opened = ListRows({by: count.key, "came": found.since.isoformat()})
        assert reviews.ask(REVIEWS.query, TAKER, opened).total == count.total


def test_the_opinion_sheet_is_seen_before_the_word_is_given(reviews: Reviews) -> None:
    stopped = reviews.stopped()
    made = reviews.applied(stopped)

    def seen(agree: bool, words: str = "") -> str:
        order = Rehearse(decide_review, DecideReview(made.id, agree, words, ("H02",) if agree else ()))
        preview_id = reviews.ask(rehearse_papers, REVIEWER, order)
        return text_of(rehearsed_papers(reviews.world.door, reviews.world.caller(REVIEWER), preview_id))

    refusal, consent = seen(False, GROUNDS), seen(True)
    assert (GROUNDS in refusal, made.apply_no in refusal, "签发时编号" in refusal) == (True, True, False)
    assert ("住房租赁合同备案通知书" in consent, "签发时编号" in consent) == (True, True)
    assert (reviews.row(made).state, reviews.case(stopped).state) == (ReviewState.ACCEPTED, CaseState.INTERCEPTED)
    assert reviews.decide(made).state is ReviewState.DONE


def test_the_bureau_gives_a_review_back_to_its_first_office_with_a_reason(reviews: Reviews) -> None:
    made = reviews.applied()
    assert isinstance(reviews.refused(step_back_review, REVIEWER, Reasoned(made.id, "请先补充材料")), str)
    reviews.perform(escalate_review, REVIEWER, Reasoned(made.id, "权属情况复杂，请区局审核"))
    with pytest.raises(NotAllowed):
        reviews.perform(step_back_review, REVIEWER, Reasoned(made.id, "请先核对更名证明原件"))
    reviews.perform(step_back_review, BUREAU, Reasoned(made.id, "请先核对更名证明原件"))
    row = reviews.row(made)
    assert (row.state, row.reviewer_id, row.opinion, row.due_on) == (ReviewState.ACCEPTED, None, None, made.due_on)
    assert any("请先核对更名证明原件" in one.body for one in reviews.ask(my_notices, REVIEWER, 200))
    assert reviews.decide(made).state is ReviewState.DONE
