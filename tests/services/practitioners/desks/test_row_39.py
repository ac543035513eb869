"""Row 39: a firm applies for its people's cards, changes them, and follows what becomes of it (K01-K07, K14)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image

from models.enterprise import RecordState, ServiceState
from models.practitioner_codes import ApplyChannel, ApplyKind, ApplyState, CheckAnswer
from models.practitioners import CardApply, InfoCard, Portrait, Practitioner
from models.sealed import index_of
from services.engine.findings import Severity
from services.engine.jobs import JOBS
from services.engine.orders import OneRow
from services.engine.refusals import Conflict, NotFound, Rejected
from services.practitioners.applications import (
    apply_for_card,
    apply_many,
    undo_batch_records,
    withdraw,
    would_pass,
)
from services.practitioners.card_moves import activate
from services.practitioners.inspection import pass_apply, return_apply, take
from services.practitioners.inspection_views import APPLIES
from services.practitioners.orders import FileRows, PersonData, Told
from services.practitioners.photos import see_portrait
from services.practitioners.records import opinions_of
from tests.services.practitioners.desks.people import ANJU, Desks, codes, portrait, somebody, sound_number
from tests.world import at_once, sealer

pytestmark = pytest.mark.row(39)


def test_a_person_applied_for_waits_for_the_inspector_of_the_records_district(desks: Desks) -> None:
    answer = desks.applied()
    kept = desks.kept(answer.apply_id)
    assert (answer.state, codes(answer)) == (ApplyState.INSPECTING, set())
    assert (kept.two_factor, kept.blacklist) == (CheckAnswer.GOOD, CheckAnswer.GOOD)
    assert (kept.district_code, kept.channel, kept.kind) == ("310115", ApplyChannel.FIRM, ApplyKind.NEW)
    assert answer.apply_no.startswith("SQ310115270301")
    assert kept.apply_no == answer.apply_no


def test_every_reason_is_told_at_once_and_nothing_is_kept(desks: Desks) -> None:
    wrong = somebody(id_no="310115199001011231", mobile="123", post="经理", hired_on=date(2027, 4, 1))
    refusal = desks.refused(apply_for_card, desks.order(wrong, portrait_id=None))
    told = {finding.field for finding in refusal.findings}
    assert isinstance(refusal, Rejected)
    assert {"id_no", "mobile", "post", "hired_on", "portrait"} <= told
    assert desks.rows(CardApply, CardApply.id_no_index == index_of(sealer(), "id_no", wrong.id_no)) == []


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "张三😀", "姓名含符号“😀”"),
        ("name", "=1+1", "姓名含符号“=”"),
        ("name", "张<b>三", "姓名含符号“<”"),
        ("name", "张3", "姓名含数字“3”"),
        ("name", "⼭本", "改为“山”"),
        ("name", "寮犱笁", "文字已损坏"),
        ("name", "\u202e三张", "看不见的字符"),
        ("store", "花木\x00店", "控制字符"),
        ("note", "\u202e备注", "看不见的字符"),
        ("qualification_no", "A\ue0001", "自造字"),
        ("name", "A" * 61, "最多可填写60个字"),
        ("name", "张" * 61, "姓名超过30个字"),
        ("store", "店" * 61, "最多可填写60个字"),
        ("qualification", "证" * 41, "最多可填写40个字"),
        ("note", "注" * 201, "最多可填写200个字"),
        ("note", "注" * 5000, "最多可填写200个字"),
    ],
)
def test_what_nobody_is_called_and_nobody_can_read_is_told(desks: Desks, field: str, value: str, words: str) -> None:
    refusal = desks.refused(apply_for_card, desks.order(somebody(**{field: value})))
    assert [finding.field for finding in refusal.findings] == [field]
    assert words in refusal.findings[0].message


def test_nobody_was_hired_before_he_was_born(desks: Desks) -> None:
    born = somebody(hired_on=date(1990, 3, 15))
    assert desks.applied(born).state is ApplyState.INSPECTING
    refusal = desks.refused(apply_for_card, desks.order(somebody(hired_on=date(1990, 3, 14))))
    assert [(one.field, one.message) for one in refusal.findings if one.code == "FORM"] == [
        ("hired_on", "入职日期早于出生日期，请核对")
    ]


@pytest.mark.parametrize("name", ["阿依古丽·买买提", "𠮷田𱁬", "JEAN-LUC O'NEIL", "Ünal Jr."])
def test_names_of_everybody_are_names(desks: Desks, name: str) -> None:
    assert desks.applied(somebody(name=name)).state is ApplyState.INSPECTING


def test_a_draft_may_be_incomplete_and_is_handed_in_later(desks: Desks) -> None:
    person = somebody(mobile="", post="")
    draft = desks.applied(person, portrait_id=None, submit=False)
    assert draft.state is ApplyState.DRAFT
    whole = replace(person, mobile="13800002346", post="店长")
    answer = desks.applied(whole, draft_id=draft.apply_id)
    assert (answer.apply_id, answer.state) == (draft.apply_id, ApplyState.INSPECTING)


def test_same_person_applied_for_twice_is_told_which_application_there_is(desks: Desks) -> None:
    person = somebody()
    first = desks.applied(person)
    refusal = desks.refused(apply_for_card, desks.order(person))
    assert codes(refusal) == {"K04"}
    assert first.apply_no in refusal.findings[0].message


def test_two_tabs_handing_in_the_same_person_leave_one_application(desks: Desks) -> None:
    person = somebody()
    order = desks.order(person)
    attempts = [lambda: desks.act(apply_for_card, order) for _ in range(6)]
    answers = at_once(attempts)
    assert sum(not isinstance(one, Exception) for one in answers) == 1
    assert len(desks.rows(CardApply, CardApply.id_no_index == index_of(sealer(), "id_no", person.id_no))) == 1


def test_two_tabs_going_on_with_one_draft_do_not_both_hand_it_in(desks: Desks) -> None:
    person = somebody()
    draft = desks.applied(person, submit=False)
    version = desks.kept(draft.apply_id).version
    order = desks.order(person, draft_id=draft.apply_id, version=version)
    assert desks.act(apply_for_card, order).state is ApplyState.INSPECTING
    assert isinstance(desks.refused(apply_for_card, order), Conflict)


def test_same_person_twice_in_a_batch_is_taken_once(desks: Desks) -> None:
    person = somebody()
    photo = desks.photo().portrait_id
    batch = uuid4()
    rows = tuple(desks.order(person, portrait_id=photo) for _ in range(2))
    first, second = desks.act(apply_many, FileRows(batch, rows))
    assert (first.state, first.accepted) == (ApplyState.SUBMITTED, True)
    assert (second.accepted, codes(second)) == (False, {"K04"})
    assert first.apply_no.startswith("SQ310115")


def test_good_rows_of_a_batch_go_on_while_bad_ones_are_told(desks: Desks) -> None:
    photo = desks.photo().portrait_id
    people = [somebody(hired_on=None) if place % 16 == 0 else somebody() for place in range(48)]
    batch = uuid4()
    answers = desks.act(apply_many, FileRows(batch, tuple(desks.order(one, portrait_id=photo) for one in people)))
    assert [one.accepted for one in answers] == [place % 16 != 0 for place in range(48)]
    kept = desks.rows(CardApply, CardApply.batch_id == batch)
    assert {one.channel for one in kept} == {ApplyChannel.BATCH}
    assert len({one.apply_no for one in kept}) == 45


def test_more_rows_than_two_hundred_are_refused(desks: Desks) -> None:
    one = desks.order(somebody(), portrait_id=None)
    assert "200" in desks.refused(apply_many, FileRows(uuid4(), (one,) * 201)).message


def test_person_with_a_live_card_elsewhere_is_refused_and_the_other_firm_is_not_named(desks: Desks) -> None:
    person = somebody()
    desks.active(person)
    refusal = desks.refused(apply_for_card, desks.order(person, desks.other_firm), desks.other_firm)
    assert [one.message for one in refusal.findings] == ["该人员在其他企业有有效信息卡，请先注销"]
    assert "沪寓" not in refusal.message


def test_person_with_a_card_of_the_same_firm_is_told_so(desks: Desks) -> None:
    person = somebody()
    desks.passed(person)
    refusal = desks.refused(apply_for_card, desks.order(person))
    assert "本企业已有信息卡（未生效）" in refusal.findings[0].message


def test_a_changed_document_number_is_another_person(desks: Desks) -> None:
    person = somebody()
    card_id = desks.active(person)
    other = replace(person, id_no=sound_number())
    refusal = desks.refused(apply_for_card, desks.order(other, kind=ApplyKind.CHANGE, card_id=card_id))
    assert "另一人" in refusal.findings[0].message
    assert desks.applied(other).state is ApplyState.INSPECTING


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"record_state": RecordState.CANCELLED}, "企业未备案"),
        ({"record_state": RecordState.NONE}, "企业未备案"),
        ({"service_state": ServiceState.SUSPENDED}, "企业服务已暂停"),
    ],
)
def test_firm_whose_record_has_lapsed_may_not_apply(desks: Desks, values: dict[str, Any], words: str) -> None:
    order = desks.order()
    desks.move_firm(**values)
    refusal = desks.refused(apply_for_card, order)
    assert codes(refusal) == {"K05"}
    assert words in refusal.findings[0].message


def test_a_record_under_change_stands(desks: Desks) -> None:
    desks.move_firm(record_state=RecordState.CHANGED)
    assert desks.applied().state is ApplyState.INSPECTING


def test_hired_long_ago_and_over_seventy_only_warn(desks: Desks) -> None:
    answer = desks.applied(somebody(id_no=sound_number("19500101"), hired_on=date(2026, 1, 5)))
    assert (answer.state, codes(answer)) == (ApplyState.INSPECTING, {"K06", "K14"})
    assert {one.severity for one in answer.findings} == {Severity.WARN}


def test_under_eighteen_is_refused(desks: Desks) -> None:
    refusal = desks.refused(apply_for_card, desks.order(somebody(id_no=sound_number("20100301"))))
    assert codes(refusal) == {"K14"}


def test_it_can_be_asked_beforehand_whether_it_would_pass(desks: Desks) -> None:
    person = somebody()
    desks.list_number(person.id_no)
    found = desks.ask(would_pass, desks.order(person))
    assert [one.code for one in found] == ["K02"]
    assert desks.rows(CardApply, CardApply.id_no_index == index_of(sealer(), "id_no", person.id_no)) == []


# Photos


def _dots(desks: Desks, portrait_id: Any) -> Image.Image:
    return Image.open(BytesIO(desks.ask(see_portrait, portrait_id)))


def test_photo_taken_upside_down_is_turned_and_that_is_told(desks: Desks) -> None:
    upright = portrait()
    plain = Image.open(BytesIO(upright)).rotate(180)
    out = BytesIO()
    exif = plain.getexif()
    exif[0x0112] = 3
    plain.save(out, "JPEG", exif=exif, quality=95)
    kept = desks.photo(out.getvalue())
    assert (kept.turned, [one.code for one in kept.findings]) == (True, ["K07"])
    top, bottom = (
        _dots(desks, kept.portrait_id).getpixel((147, 60)),
        _dots(desks, kept.portrait_id).getpixel((147, 400)),
    )
    expected = Image.open(BytesIO(upright))
    assert all(abs(a - b) < 25 for a, b in zip(top, expected.getpixel((147, 60)), strict=True))  # type: ignore[arg-type]
    assert all(abs(a - b) < 25 for a, b in zip(bottom, expected.getpixel((147, 400)), strict=True))  # type: ignore[arg-type]


def test_what_the_camera_wrote_is_not_in_the_kept_photo(desks: Desks) -> None:
    kept = desks.photo(portrait())
    stored = desks.ask(see_portrait, kept.portrait_id)
    assert b"Secret Camera" not in stored
    assert dict(Image.open(BytesIO(stored)).getexif()) == {}
    row = desks.rows(Portrait, Portrait.id == kept.portrait_id)[0]
    assert b"JFIF" not in row.content
    assert sealer().open_file(row.content, str(row.id)) == stored


def _noted(exif: bytes) -> bytes:
    """A photo with these notes of its camera, whatever they are."""
    out = BytesIO()
    Image.open(BytesIO(portrait())).save(out, "JPEG", exif=exif)
    return out.getvalue()


#: Notes with one entry each, little-endian: how the camera was held, and a width below zero that no library writes again.
_HELD = b"\x12\x01\x03\x00\x01\x00\x00\x00%c\x00\x00\x00"
_BELOW_ZERO = b"\x00\x01\x09\x00\x01\x00\x00\x00\xfb\xff\xff\xff"
_HEAD = b"Exif\0\0II*\0\x08\0\0\0"


@pytest.mark.parametrize(
    ("exif", "turned"),
    [
        (_HEAD + b"\x02\0" + _HELD % 6 + _BELOW_ZERO + b"\0\0\0\0", True),
        (_HEAD + b"\x01\0" + _HELD % 0 + b"\0\0\0\0", False),
        (_HEAD + b"\x01\0" + _HELD % 9 + b"\0\0\0\0", False),
        (b"Exif\0\0II*\0", False),
        (b"Exif\0\0no notes at all", False),
    ],
    ids=["cannot be written again", "unknown", "no such number", "half", "none"],
)
def test_strange_notes_of_a_camera_spoil_no_photo(desks: Desks, exif: bytes, turned: bool) -> None:
    kept = desks.photo(_noted(exif))
    assert (kept.portrait_id is not None, kept.turned) == (True, turned)


def test_broken_notes_in_a_png_spoil_no_photo(desks: Desks) -> None:
    plain = BytesIO()
    Image.open(BytesIO(portrait())).save(plain, "PNG", exif=b"garbage")
    assert b"eXIfgarbage" in plain.getvalue()
    assert desks.photo(plain.getvalue()).portrait_id is not None


def test_photo_that_is_transparent_all_over_is_blank(desks: Desks) -> None:
    clear, out = Image.open(BytesIO(portrait())), BytesIO()
    clear.putalpha(0)
    clear.save(out, "PNG")
    assert "空白" in desks.photo(out.getvalue()).findings[0].message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空文件"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"MZ\x90\x00" + b"\0" * 100, "程序文件"),
        (b"GIF89a" + b"\0" * 40, "格式不支持"),
        (b"hello", "不是图片"),
        (portrait()[:400], "照片"),
        (portrait(kind="PNG", width=1200, height=1600) + b"\0" * 600_000, "不得超过500 KB"),
        (portrait(blank=True), "空白"),
    ],
    ids=["empty", "svg", "exe", "gif", "text", "half", "large", "blank"],
)
def test_what_is_no_photo_is_told_and_not_kept(desks: Desks, content: bytes, words: str) -> None:
    kept = desks.photo(content)
    assert kept.portrait_id is None
    assert words in kept.findings[0].message


def test_photo_that_lies_on_its_side_is_to_be_changed(desks: Desks) -> None:
    lying = desks.photo(portrait(413, 295)).portrait_id
    refusal = desks.refused(apply_for_card, desks.order(portrait_id=lying))
    assert (codes(refusal), refusal.findings[0].field) == ({"K07"}, "portrait")


def test_another_firms_photo_is_no_photo(desks: Desks) -> None:
    foreign = desks.photo(caller=desks.other_firm).portrait_id
    assert codes(desks.refused(apply_for_card, desks.order(portrait_id=foreign))) == {"K07"}
    with pytest.raises(NotFound):
        desks.ask(see_portrait, foreign)


# Change


def test_old_data_stand_until_a_change_is_passed_and_then_all_of_it_at_once(desks: Desks) -> None:
    person = somebody("郑一平")
    card_id = desks.active(person)
    before = desks.card(card_id)
    renamed = replace(person, name="郑逸平", post="资料专员", mobile="13900001111")
    answer = desks.applied(renamed, kind=ApplyKind.CHANGE, card_id=card_id)
    still = desks.card(card_id)
    assert (still.name.plain, still.duty, still.portrait_id) == ("郑一平", "居间代理", before.portrait_id)
    desks.act(pass_apply, Told(answer.apply_id or card_id), desks.inspector)
    now = desks.card(card_id)
    holder = desks.rows(Practitioner, Practitioner.id == now.practitioner_id)[0]
    assert (now.name.plain, now.duty, now.card_no, now.state) == ("郑逸平", "签约备案", before.card_no, before.state)
    assert now.portrait_id != before.portrait_id
    assert (holder.name.plain, holder.mobile.plain) == ("郑逸平", "13900001111")
    kept = desks.kept(answer.apply_id)
    assert kept.before is not None
    assert kept.before.json()["name"] == "郑一平"
    assert len(desks.rows(InfoCard, InfoCard.practitioner_id == holder.id)) == 1


def test_only_a_card_in_force_of_the_own_firm_can_be_changed(desks: Desks) -> None:
    person = somebody()
    card_id = desks.passed(person)
    change: dict[str, Any] = {"kind": ApplyKind.CHANGE, "card_id": card_id}
    assert (
        "只有有效的信息卡可以变更" in desks.refused(apply_for_card, desks.order(person, **change)).findings[0].message
    )
    desks.act(activate, OneRow(card_id))
    foreign = desks.order(person, desks.other_firm, **change)
    assert "没有查到要变更的信息卡" in str(
        [one.message for one in desks.refused(apply_for_card, foreign, desks.other_firm).findings]
    )


def test_a_second_change_of_the_same_card_is_told_which_is_open(desks: Desks) -> None:
    person = somebody()
    change: dict[str, Any] = {"kind": ApplyKind.CHANGE, "card_id": desks.active(person)}
    first = desks.applied(replace(person, mobile="13900002222"), **change)
    assert first.apply_no in desks.refused(apply_for_card, desks.order(person, **change)).findings[0].message


# Following, taking back


def test_firm_takes_back_what_no_inspector_has(desks: Desks) -> None:
    apply_id = desks.waiting()
    desks.act(withdraw, OneRow(apply_id))
    assert desks.kept(apply_id).state is ApplyState.WITHDRAWN
    taken = desks.waiting()
    desks.act(take, OneRow(taken), desks.inspector)
    assert "正在验看" in desks.refused(withdraw, OneRow(taken)).message


@pytest.mark.proves("H17")
def test_another_firms_application_is_not_there(desks: Desks) -> None:
    apply_id = desks.waiting()
    assert isinstance(desks.refused(withdraw, OneRow(apply_id), desks.other_firm), NotFound)
    order = desks.order(caller=desks.other_firm, draft_id=apply_id)
    assert isinstance(desks.refused(apply_for_card, order, desks.other_firm), NotFound)


def test_returned_application_is_corrected_and_its_history_stays(desks: Desks) -> None:
    person = somebody()
    apply_id = desks.waiting(person)
    desks.act(return_apply, Told(apply_id, "照片模糊，请更换"), desks.inspector)
    line = desks.lines(APPLIES, state="RETURNED", word=person.id_no)[0]
    assert line.words == "照片模糊，请更换"
    answer = desks.applied(person, draft_id=apply_id)
    assert (answer.apply_id, answer.state) == (apply_id, ApplyState.INSPECTING)
    desks.act(pass_apply, Told(apply_id), desks.inspector)
    said = opinions_of(desks.kept(apply_id))
    assert [one.words for one in said] == ["照片模糊，请更换", ""]


def test_batch_is_undone_whole_until_an_inspector_has_one_of_it(desks: Desks) -> None:
    photo, batch, other = desks.photo().portrait_id, uuid4(), uuid4()

    def filed(number: Any) -> list[Any]:
        rows = tuple(desks.order(portrait_id=photo) for _ in range(3))
        return [one.apply_id for one in desks.act(apply_many, FileRows(number, rows))]

    filed(batch)
    assert desks.world.act(lambda work: undo_batch_records(work, batch)) == 3
    ids = filed(other)
    JOBS["practitioners.check"].run(desks.world.door)
    desks.act(take, OneRow(ids[0]), desks.inspector)
    with pytest.raises(Conflict, match="1份申请正在验看"):
        desks.world.act(lambda work: undo_batch_records(work, other))
    assert {one.state for one in desks.rows(CardApply, CardApply.batch_id == other)} == {ApplyState.INSPECTING}


def test_people_rejected_by_the_system_do_not_keep_their_batch_from_being_undone(desks: Desks) -> None:
    photo, batch = desks.photo().portrait_id, uuid4()
    listed = somebody()
    desks.list_number(listed.id_no)
    people = (listed, somebody())
    desks.act(apply_many, FileRows(batch, tuple(desks.order(one, portrait_id=photo) for one in people)))
    JOBS["practitioners.check"].run(desks.world.door)
    assert desks.world.act(lambda work: undo_batch_records(work, batch)) == 1
    states = sorted(one.state.value for one in desks.rows(CardApply, CardApply.batch_id == batch))
    assert states == ["AUTO_REJECTED", "WITHDRAWN"]


def test_a_batch_of_which_one_was_returned_is_not_undone_though_he_was_given_up_since(desks: Desks) -> None:
    photo, batch = desks.photo().portrait_id, uuid4()
    (answer,) = desks.act(apply_many, FileRows(batch, (desks.order(portrait_id=photo),)))
    JOBS["practitioners.check"].run(desks.world.door)
    desks.act(return_apply, Told(answer.apply_id, "照片模糊，请更换"), desks.inspector)
    desks.act(withdraw, OneRow(answer.apply_id))
    with pytest.raises(Conflict, match="已有验看结果"):
        desks.world.act(lambda work: undo_batch_records(work, batch))


def test_lists_show_a_person_masked_and_find_him_by_his_whole_number(desks: Desks) -> None:
    person = somebody("尉迟恭敬")
    desks.waiting(person)
    found = desks.lines(APPLIES, word=person.id_no)
    assert [line.name for line in found] == ["尉**敬"]
    assert person.id_no not in repr(found)
    assert not desks.lines(APPLIES, word=person.id_no[:10])


def _documents() -> list[Callable[[], PersonData]]:
    return [
        lambda: somebody("JOHN SMITH", id_type="31", id_no="AB1234567", mobile="13800007777"),
        lambda: somebody("陳大文", id_type="21", id_no="H12345678"),
        lambda: somebody("林小美", id_type="23", id_no="12345678"),
    ]


@pytest.mark.parametrize("person", _documents(), ids=["passport", "hong-kong", "taiwan"])
def test_people_with_other_documents_may_be_applied_for(desks: Desks, person: Callable[[], PersonData]) -> None:
    assert desks.applied(person()).state is ApplyState.INSPECTING


def test_the_other_firm_of_another_district_waits_for_its_own_inspector(desks: Desks) -> None:
    answer = desks.applied(caller=desks.other_firm)
    assert desks.kept(answer.apply_id).district_code == desks.firm_row(ANJU).district_code == "310104"
