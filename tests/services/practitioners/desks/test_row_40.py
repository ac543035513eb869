"""Row 40: the district of the firm's record inspects; two inspectors do not collide; a card is drawn up (K08)."""

import sys
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import col, select

from models.audit import AuditEvent
from models.columns import new_id
from models.engine import Notice, NumberCounter
from models.enterprise import Enterprise, EnterpriseKind, RecordState, ServiceState
from models.practitioner_codes import ApplyState, CardState, FaceSeen, FaceView
from models.practitioners import CardApply, InfoCard, Portrait, Practitioner
from models.sealed import Sealed, index_of
from services.engine.jobs import JOBS
from services.engine.listings import BulkRows
from services.engine.numbering import UNDRAWN, has_check_digit
from services.engine.orders import OneRow
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from services.engine.work import Work
from services.practitioners import faces
from services.practitioners.applications import apply_many
from services.practitioners.cancellation import leave
from services.practitioners.card_files import preview_card
from services.practitioners.inspection import pass_apply, release, return_apply, take
from services.practitioners.inspection_views import APPLIES, INSPECTIONS, inspection_sheet
from services.practitioners.orders import FileRows, LeaveFirm, Told
from services.privacy.field_reveal import RevealField, reveal_field
from tests.drawn_portraits import silhouette
from tests.services.practitioners.desks.people import HUYU, Desks, somebody
from tests.world import at_once, sealer

pytestmark = pytest.mark.row(40)


def test_on_pass_the_card_is_drawn_up_and_is_neither_in_force_nor_public(desks: Desks) -> None:
    person = somebody()
    card = desks.card(desks.passed(person))
    assert (card.state, card.live, card.active_from) == (CardState.PASSED, 1, None)
    assert (card.name.plain, card.duty, card.issued_on) == (person.name, "居间代理", desks.today)
    assert card.card_no.startswith("SH27")
    assert len(card.card_no) == 12
    assert has_check_digit(card.card_no)
    assert card.token is not None
    assert sealer().check_qr(card.token.plain) == "pc"
    assert card.token_digest == sealer().token_digest(card.token.plain)
    assert person.name not in str(desks.public(card.id))


def test_the_holder_is_on_record_with_the_firm(desks: Desks) -> None:
    person = somebody()
    card = desks.card(desks.passed(person))
    holder = desks.rows(Practitioner, Practitioner.id == card.practitioner_id)[0]
    assert (holder.id_no.plain, holder.post, holder.hired_on) == (person.id_no, person.post, person.hired_on)
    assert holder.gender.json() in {"男", "女"}
    assert holder.birthday.json() == "1990-03-15"
    assert (holder.enterprise_id, holder.district_code) == (desks.firm_row().id, "310115")


def test_only_the_own_district_sees_and_decides(desks: Desks) -> None:
    apply_id = desks.waiting()
    for action in (take, pass_apply, return_apply):
        order = OneRow(apply_id) if action is take else Told(apply_id, "不符合本区要求")
        assert isinstance(desks.refused(action, order, desks.foreign), NotFound)
    with pytest.raises(NotFound):
        desks.ask(inspection_sheet, apply_id, desks.foreign)
    assert apply_id not in {line.id for line in desks.lines(INSPECTIONS, desks.foreign)}


def test_application_goes_with_the_firm_when_its_record_moves(desks: Desks) -> None:
    person = somebody()
    apply_id = desks.waiting(person)
    desks.move_firm(district_code="310104")
    assert isinstance(desks.refused(pass_apply, Told(apply_id), desks.inspector), NotFound)
    assert [line.id for line in desks.lines(INSPECTIONS, desks.foreign, word=person.id_no)] == [apply_id]
    desks.act(pass_apply, Told(apply_id), desks.foreign)
    assert desks.kept(apply_id).district_code == "310104"


def test_what_lies_with_a_firm_follows_its_record(desks: Desks) -> None:
    person = somebody()
    card = desks.card(desks.passed(person))
    apply_id = desks.waiting()
    desks.move_firm(district_code="310104")
    JOBS["practitioners.follow_firms"].run(desks.world.door)
    holder = desks.rows(Practitioner, Practitioner.id == card.practitioner_id)[0]
    assert (holder.district_code, desks.kept(apply_id).district_code) == ("310104", "310104")


@pytest.mark.parametrize("reason", ["", "   ", "不行", "不 符 合", "补照片"])
def test_return_needs_a_reason_of_five_characters(desks: Desks, reason: str) -> None:
    apply_id = desks.waiting()
    refusal = desks.refused(return_apply, Told(apply_id, reason), desks.inspector)
    assert isinstance(refusal, Rejected)
    assert "退回原因" in refusal.message
    assert desks.kept(apply_id).state is ApplyState.INSPECTING


@pytest.mark.parametrize("words", ["好\x00的", "\u202e通过", "见\ue000附件", "长" * 501])
def test_an_opinion_nobody_can_read_is_refused(desks: Desks, words: str) -> None:
    apply_id = desks.waiting()
    assert desks.refused(pass_apply, Told(apply_id, words), desks.inspector).message.startswith("意见：")
    assert isinstance(desks.refused(return_apply, Told(apply_id, words), desks.inspector), Rejected)
    assert desks.kept(apply_id).state is ApplyState.INSPECTING


def test_firm_is_told_of_the_return_and_of_its_reason(desks: Desks) -> None:
    apply_id = desks.waiting()
    desks.act(return_apply, Told(apply_id, "照片不是近期照片"), desks.inspector)
    told = desks.rows(Notice, Notice.object_id == apply_id, Notice.to_enterprise == desks.firm_row().id)
    assert ["照片不是近期照片" in one.body.json() for one in told] == [True]
    assert "顾晓晨" not in told[0].body.json()


def test_firm_is_told_that_a_card_waits_for_activation_and_until_when(desks: Desks) -> None:
    apply_id = desks.waiting()
    desks.act(pass_apply, Told(apply_id), desks.inspector)
    (told,) = desks.rows(Notice, Notice.object_id == apply_id, Notice.to_enterprise == desks.firm_row().id)
    assert told.subject == "信息卡申请验看通过"
    assert "请在30日内激活" in told.body.json()
    assert "顾晓晨" not in told.body.json()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"record_state": RecordState.CANCELLED}, "企业未备案（已注销）"),
        ({"service_state": ServiceState.SUSPENDED}, "企业服务已暂停"),
    ],
)
def test_firm_that_ended_or_was_suspended_meanwhile_gets_no_card(
    desks: Desks, values: dict[str, Any], words: str
) -> None:
    person = somebody()
    apply_id = desks.waiting(person)
    desks.move_firm(**values)
    refusal = desks.refused(pass_apply, Told(apply_id), desks.inspector)
    assert {one.code for one in refusal.findings} == {"K05"}
    assert words in refusal.message
    assert desks.kept(apply_id).state is ApplyState.INSPECTING
    assert desks.rows(InfoCard, InfoCard.id_no_index == index_of(sealer(), "id_no", person.id_no)) == []


def test_batch_leaves_out_a_row_whose_check_is_unanswered_with_a_note(desks: Desks) -> None:
    photo = desks.photo().portrait_id
    waiting = desks.act(apply_many, FileRows(uuid4(), (desks.order(portrait_id=photo),)))[0].apply_id
    good = [desks.waiting() for _ in range(3)]
    results = desks.act(INSPECTIONS.each, BulkRows(pass_apply.name, (good[0], waiting, *good[1:])), desks.inspector)
    assert [one.done for one in results] == [True, False, True, True]
    assert "尚未得到应答" in results[1].message
    assert results[0].label == desks.kept(good[0]).apply_no
    assert desks.kept(waiting).state is ApplyState.SUBMITTED


def test_batch_tells_of_foreign_and_unknown_rows_alike(desks: Desks) -> None:
    other = desks.handed_in(caller=desks.other_firm)
    results = desks.act(INSPECTIONS.each, BulkRows(pass_apply.name, (other, uuid4(), desks.waiting())), desks.inspector)
    assert [one.done for one in results] == [False, False, True]
    assert results[0].message == results[1].message
    assert (results[0].label, results[1].label) == ("", "")


def test_batch_leaves_out_photos_without_one_upright_face(desks: Desks) -> None:
    nobody = desks.photo(silhouette(1))
    assert [one.code for one in nobody.findings] == ["K07"]
    faceless, good = desks.handed_in(portrait_id=nobody.portrait_id), desks.waiting()
    results = desks.act(INSPECTIONS.each, BulkRows(pass_apply.name, (faceless, good)), desks.inspector)
    assert [(one.done, one.label) for one in results] == [
        (False, desks.kept(faceless).apply_no),
        (True, desks.kept(good).apply_no),
    ]
    assert results[0].message == "照片中未检出人脸，请核对后单独办理"
    assert desks.kept(faceless).state is ApplyState.INSPECTING
    desks.act(pass_apply, Told(faceless), desks.inspector)
    assert desks.kept(faceless).state is ApplyState.PASSED


def test_batch_passes_photos_nobody_has_looked_at_and_names_them(desks: Desks) -> None:
    good, unseen = desks.waiting(), desks.waiting()
    desks.world.rewrite(Portrait, col(Portrait.id) == desks.kept(unseen).portrait_id, face=None)
    results = desks.act(INSPECTIONS.each, BulkRows(pass_apply.name, (good, unseen)), desks.inspector)
    assert [(one.done, one.message) for one in results] == [(True, "已通过"), (True, "已通过（照片未经人脸检测）")]


def test_what_the_detector_said_is_shown_and_found_by(desks: Desks) -> None:
    faceless = desks.handed_in(portrait_id=desks.photo(silhouette(2)).portrait_id)
    good, unseen = desks.waiting(), desks.waiting()
    desks.world.rewrite(Portrait, col(Portrait.id) == desks.kept(unseen).portrait_id, face=None)
    sheets = [desks.ask(inspection_sheet, one, desks.inspector) for one in (faceless, good, unseen)]
    assert [one.face for one in sheets] == [FaceSeen.NONE, FaceSeen.ONE, None]
    told = {one.code: one for one in sheets[0].checks}["K07"]
    assert (told.result, told.words) == ("WARN", "照片中未检出人脸，请核对")
    assert [{one.code: one for one in sheet.checks}["K07"].result for sheet in sheets] == ["WARN", "PASS", "OPEN"]
    for view, wanted in ((FaceView.IN_DOUBT, faceless), (FaceView.GOOD, good), (FaceView.UNSEEN, unseen)):
        lines = desks.lines(INSPECTIONS, desks.inspector, face=view.value)
        assert {one.id for one in lines} & {faceless, good, unseen} == {wanted}


def test_without_a_detector_the_inspector_is_shown_that_nothing_looked(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    faces._detector.cache_clear()
    with monkeypatch.context() as patch:
        # The packages of deploy/requirements-faces.lock are not installed.
        patch.setitem(sys.modules, "cv2", None)
        patch.setitem(sys.modules, "numpy", None)
        apply_id = desks.handed_in(portrait_id=desks.photo(silhouette(3)).portrait_id)
    faces._detector.cache_clear()
    check = {one.code: one for one in desks.ask(inspection_sheet, apply_id, desks.inspector).checks}["K07"]
    assert (check.result, check.words) == ("OPEN", "照片未作人脸检测，请人工核对")
    (result,) = desks.act(INSPECTIONS.each, BulkRows(pass_apply.name, (apply_id,)), desks.inspector)
    assert (result.done, result.message) == (True, "已通过（照片未经人脸检测）")


def test_two_inspectors_do_not_take_the_same_application(desks: Desks) -> None:
    apply_id = desks.waiting()
    answers = at_once(
        [lambda who=who: desks.act(take, OneRow(apply_id), who) for who in (desks.inspector, desks.colleague)]  # type: ignore[misc]
    )
    assert sorted(isinstance(one, Exception) for one in answers) == [False, True]
    loser = next(one for one in answers if isinstance(one, Exception))
    assert "领取" in str(loser)


def test_a_colleague_may_go_on_after_half_an_hour(desks: Desks) -> None:
    apply_id = desks.waiting()
    desks.act(take, OneRow(apply_id), desks.inspector)
    assert "领取" in desks.refused(pass_apply, Told(apply_id), desks.colleague).message
    desks.world.let_pass(minutes=31)
    desks.act(take, OneRow(apply_id), desks.colleague)
    assert isinstance(desks.refused(return_apply, Told(apply_id, "材料不清楚"), desks.inspector), Conflict)
    desks.act(pass_apply, Told(apply_id), desks.colleague)


def test_who_gives_back_must_have_it(desks: Desks) -> None:
    apply_id = desks.waiting()
    desks.act(take, OneRow(apply_id), desks.inspector)
    assert "不能由您放回" in desks.refused(release, OneRow(apply_id), desks.colleague).message
    desks.act(release, OneRow(apply_id), desks.inspector)
    desks.act(take, OneRow(apply_id), desks.colleague)


def test_page_that_is_behind_is_told_so(desks: Desks) -> None:
    apply_id = desks.waiting()
    version = desks.kept(apply_id).version
    desks.act(take, OneRow(apply_id), desks.inspector)
    assert "已被他人办理" in desks.refused(pass_apply, Told(apply_id, version=version), desks.inspector).message


def test_both_deciding_at_once_leaves_one_decision_and_one_card(desks: Desks) -> None:
    person = somebody()
    apply_id = desks.waiting(person)
    answers = at_once(
        [
            lambda: desks.act(pass_apply, Told(apply_id), desks.inspector),
            lambda: desks.act(return_apply, Told(apply_id, "照片模糊，请更换"), desks.colleague),
        ]
    )
    assert sum(isinstance(one, Exception) for one in answers) == 1
    cards = desks.rows(InfoCard, InfoCard.id_no_index == index_of(sealer(), "id_no", person.id_no))
    assert len(cards) == (desks.kept(apply_id).state is ApplyState.PASSED)


def test_nobody_inspects_what_he_handed_in_himself(desks: Desks) -> None:
    apply_id = desks.waiting()
    desks.world.rewrite(CardApply, col(CardApply.id) == apply_id, submitted_by=desks.inspector.account_id)
    for action in (take, pass_apply, return_apply):
        order = OneRow(apply_id) if action is take else Told(apply_id, "材料不清楚")
        assert isinstance(desks.refused(action, order, desks.inspector), NotAllowed)


def test_twenty_firms_people_passed_at_once_leave_one_live_card(desks: Desks) -> None:
    """One person applied for by twenty firms: the database holds one live card, whatever races."""
    person = somebody()
    first = desks.waiting(person)
    ids = [first, *(_applied_by_another_firm(desks, first) for _ in range(19))]
    answers = at_once([lambda one=one: desks.act(pass_apply, Told(one), desks.inspector) for one in ids])  # type: ignore[misc]
    assert sum(not isinstance(one, Exception) for one in answers) == 1
    assert {type(one) for one in answers if isinstance(one, Exception)} <= {Rejected, Conflict}
    cards = desks.rows(InfoCard, InfoCard.id_no_index == index_of(sealer(), "id_no", person.id_no))
    assert [card.live for card in cards] == [1]


def _applied_by_another_firm(desks: Desks, apply_id: UUID) -> UUID:
    """The same application as a firm without a user here would have made it."""
    made, firm_id = new_id(), new_id()

    def write(work: Work) -> None:
        row = work.session.exec(select(CardApply).where(CardApply.id == apply_id)).one()
        firm = Enterprise(
            id=firm_id,
            name=f"同区企业{firm_id.hex[-6:]}",
            kind=EnterpriseKind.RENTAL,
            uscc=f"91{firm_id.hex[-16:].upper()}",
            record_state=RecordState.RECORDED,
            district_code="310115",
        )
        work.add(firm)
        work.add(
            CardApply(
                id=made,
                apply_no=f"SQSAME{made.hex[-20:]}",
                kind=row.kind,
                channel=row.channel,
                enterprise_id=firm_id,
                id_no=Sealed.of(row.id_no.plain),
                name=Sealed.of(row.name.plain),
                after=Sealed.of_json(row.after.json() if row.after else {}),
                two_factor=row.two_factor,
                blacklist=row.blacklist,
                submitted_at=row.submitted_at,
                district_code="310115",
                state=ApplyState.INSPECTING,
            )
        )

    desks.world.act(write)
    return made


def test_card_taken_elsewhere_while_it_waited_stops_the_pass(desks: Desks) -> None:
    person = somebody()
    first = desks.waiting(person)
    second = desks.handed_in(person, desks.other_firm)
    desks.act(pass_apply, Told(second), desks.foreign)
    refusal = desks.refused(pass_apply, Told(first), desks.inspector)
    assert {one.code for one in refusal.findings} == {"K04"}


def test_sheet_shows_everything_and_the_look_is_audited(desks: Desks) -> None:
    person = somebody()
    desks.applied(person, desks.other_firm)
    apply_id = desks.waiting(person)
    sheet = desks.ask(inspection_sheet, apply_id, desks.inspector)
    assert (sheet.person.id_no, sheet.firm.uscc, sheet.firm.record_state.label) == (person.id_no, HUYU, "已备案")
    results = {line.code: line.result for line in sheet.checks}
    assert (results["K01"], results["K02"], results["K04"]) == ("PASS", "PASS", "PASS")
    assert [line.firm for line in sheet.of_person] == ["安居经纪有限公司"]
    told = desks.world.read(lambda work: work.session.exec(_last_look()).first())
    assert told is not None


def _last_look() -> Any:
    return select(AuditEvent.id).where(AuditEvent.event == "PII.READ", AuditEvent.act == "practitioners.sheet")


def test_counts_follow_what_waits_and_in_whose_hands(desks: Desks) -> None:
    before, theirs = (desks.page(INSPECTIONS, who).counts for who in (desks.inspector, desks.colleague))
    first, _ = desks.waiting(), desks.waiting()
    desks.act(take, OneRow(first), desks.inspector)
    after = desks.page(INSPECTIONS, desks.inspector).counts
    assert [after[view] - before[view] for view in ("", "free", "mine")] == [2, 1, 1]
    assert desks.page(INSPECTIONS, desks.colleague).counts["others"] - theirs["others"] == 1


def test_drafts_of_firms_are_not_in_the_districts_queue(desks: Desks) -> None:
    draft = desks.applied(submit=False).apply_id
    views = ("", "checking", "returned", "passed", "rejected")
    assert draft not in {line.id for view in views for line in desks.lines(INSPECTIONS, desks.inspector, view=view)}
    assert draft in {line.id for line in desks.lines(APPLIES)}


def test_somebody_re_hired_gets_a_new_card_and_keeps_his_row(desks: Desks) -> None:
    person = somebody()
    first = desks.card(desks.active(person))
    desks.act(leave, LeaveFirm(first.id))
    second = desks.card(desks.passed(replace(person, post="店长")))
    assert (second.practitioner_id, second.card_no != first.card_no) == (first.practitioner_id, True)


def test_a_firm_is_told_the_office_and_never_the_inspector(desks: Desks) -> None:
    returned, taken = desks.waiting(), desks.waiting()
    desks.act(return_apply, Told(returned, "照片不是近期照片"), desks.inspector)
    desks.act(take, OneRow(taken), desks.inspector)
    office = desks.inspector.unit_name
    seen = desks.ask(inspection_sheet, returned)
    assert [one.by for one in seen.decisions] == [office]
    assert desks.ask(inspection_sheet, taken).line.taken_by == office
    for asked in (seen, desks.lines(APPLIES)):
        assert "顾宏" not in str(asked)
    assert [one.by for one in desks.ask(inspection_sheet, returned, desks.inspector).decisions] == ["顾宏"]


@pytest.mark.proves("H24")
def test_masked_number_is_revealed_with_a_reason_to_the_own_district_only(desks: Desks) -> None:
    person = somebody()
    order = RevealField("card_apply", desks.waiting(person), "id_no", "与证件核对")
    assert desks.act(reveal_field, order, desks.inspector) == person.id_no
    assert isinstance(desks.refused(reveal_field, order, desks.foreign), NotFound)
    assert isinstance(desks.refused(reveal_field, replace(order, reason=""), desks.inspector), Rejected)


def test_the_card_is_seen_before_it_is_drawn_up_and_takes_no_number(desks: Desks) -> None:
    apply_id = desks.waiting()

    def numbers() -> list[tuple[str, int]]:
        found: list[Any] = desks.world.read(
            lambda work: [(one.series, one.version) for one in work.rows(NumberCounter)]
        )
        return sorted(found)

    before = numbers()
    picture = desks.ask(preview_card, Told(apply_id), desks.inspector)
    assert picture.startswith(b"\x89PNG")
    assert (desks.kept(apply_id).state, numbers()) == (ApplyState.INSPECTING, before)
    assert desks.world.read(lambda work: work.rows(InfoCard, InfoCard.card_no == UNDRAWN)) == []
    desks.act(return_apply, Told(apply_id, "照片不是近期照片"), desks.inspector)
    with pytest.raises(Conflict):
        desks.ask(preview_card, Told(apply_id), desks.inspector)
