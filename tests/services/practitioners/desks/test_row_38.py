"""Row 38: a firm's short name and logo, reviewed by its district; what is approved stands until the next is (E01, E02)."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from sqlmodel import col

from models.engine import Notice, Parameter, ParameterState
from models.enterprise import Enterprise, RecordState
from models.practitioner_codes import BrandState
from models.practitioners import Brand
from services.engine.jobs import JOBS
from services.engine.orders import OneRow
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from services.practitioners.brands import (
    BRANDS,
    approve_brand,
    put_brand,
    return_brand,
    see_logo,
    take_brand,
    withdraw_brand,
)
from services.practitioners.orders import BrandForm, Told
from tests.files_made import png
from tests.services.practitioners.desks.people import ANJU, HUYU, JIANGPAN, Desks, codes, logo, portrait
from tests.world import at_once, sealer

pytestmark = pytest.mark.row(38)


@pytest.fixture(autouse=True)
def _nothing_under_review(desks: Desks) -> None:
    """Each test begins without a brand of either firm on its way."""
    firms = [desks.firm_row().id, desks.firm_row(ANJU).id]
    waiting = col(Brand.enterprise_id).in_(firms) & (col(Brand.state) == BrandState.SUBMITTED)
    desks.world.rewrite(Brand, waiting, state=BrandState.WITHDRAWN)


def _approved(desks: Desks, name: str, **changes: Any) -> Any:
    brand_id = desks.brand(name, **changes).id
    desks.act(approve_brand, Told(brand_id), desks.inspector)
    return brand_id


def _refused(desks: Desks, name: str = "沪寓", **changes: Any) -> Any:
    return desks.refused(put_brand, BrandForm(name, changes.pop("content", logo()), **changes))


def test_short_name_and_logo_are_in_force_once_the_district_has_approved_them(desks: Desks) -> None:
    brand_id = desks.brand("沪寓").id
    assert desks.firm_row().short_name != "沪寓"
    desks.act(approve_brand, Told(brand_id), desks.inspector)
    firm = desks.firm_row()
    assert (firm.short_name, firm.brand_id) == ("沪寓", brand_id)
    assert Image.open(BytesIO(desks.ask(see_logo, brand_id))).size == (300, 300)


def test_what_is_approved_stands_while_the_next_is_under_review(desks: Desks) -> None:
    first = _approved(desks, "沪寓公寓")
    second = desks.brand("沪寓之家").id
    assert (desks.firm_row().short_name, desks.firm_row().brand_id) == ("沪寓公寓", first)
    line = next(one for one in desks.lines(BRANDS, desks.inspector) if one.id == second)
    assert (line.standing, line.standing_brand_id) == ("沪寓公寓", first)
    desks.act(approve_brand, Told(second), desks.inspector)
    assert desks.firm_row().short_name == "沪寓之家"
    kept = {one.id: (one.state, one.in_force) for one in desks.rows(Brand) if one.id in (first, second)}
    assert kept == {first: (BrandState.APPROVED, None), second: (BrandState.APPROVED, "310115:沪寓之家")}


def test_cards_show_the_new_short_name_at_once(desks: Desks) -> None:
    card_id = desks.active()
    _approved(desks, "沪寓新居")
    assert desks.public(card_id)["firm_short"] == "沪寓新居"


def test_only_the_logo_may_change_under_the_same_name(desks: Desks) -> None:
    first = _approved(desks, "沪寓安居")
    second = _approved(desks, "沪寓安居", logo=logo(400))
    assert (desks.firm_row().brand_id, first == second) == (second, False)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("沪", "2至12个汉字"),
        ("沪" * 13, "2至12个汉字"),
        ("", "2至12个汉字"),
        ("沪寓ABC", "只能用汉字"),
        ("沪寓😀", "表情"),
        ("沪寓★", "只能用汉字"),
        ("沪 寓 1", "只能用汉字"),
        ("国家租房", "国家"),
        ("上海市公寓", "上海市"),
        ("官方租赁", "官方"),
        ("中国好房", "中国"),
        ("沪寓\u200b居", "只能用汉字"),
        ("上\ufa45市公寓", "上海市"),
        ("國家租房", "國家"),
    ],
)
def test_short_name_that_is_none_is_told_why(desks: Desks, name: str, words: str) -> None:
    refusal = _refused(desks, name)
    assert isinstance(refusal, Rejected)
    assert codes(refusal) == {"E01"}
    assert words in " ".join(one.message for one in refusal.findings)


def test_rare_characters_are_characters(desks: Desks) -> None:
    assert desks.brand("𠮷屋寓居").state is BrandState.SUBMITTED


def test_words_that_mislead_are_a_dated_parameter(desks: Desks) -> None:
    row = Parameter(
        key="practitioners.misleading_words",
        value="沪寓、官方",
        valid_from=desks.today,
        source="测试",
        state=ParameterState.CONFIRMED,
        confirmed_at=desks.world.door.clock.now(),
    )
    desks.world.act(lambda work: work.add(row) and None)
    try:
        assert "沪寓" in _refused(desks, "沪寓").findings[0].message
        assert desks.brand("国家公寓").state is BrandState.SUBMITTED
    finally:
        desks.world.rewrite(Parameter, col(Parameter.id) == row.id, state=ParameterState.REJECTED)


def test_short_name_of_another_firm_of_the_district_is_taken(desks: Desks) -> None:
    neighbour = col(Enterprise.uscc) == JIANGPAN
    desks.world.rewrite(Enterprise, neighbour, district_code="310115", short_name="江畔")
    try:
        assert "本区其他企业" in _refused(desks, "江畔").findings[0].message
    finally:
        desks.world.rewrite(Enterprise, neighbour, district_code="310106", short_name="")


def test_a_name_that_only_looks_another_is_the_same(desks: Desks) -> None:
    neighbour = col(Enterprise.uscc) == JIANGPAN
    desks.world.rewrite(Enterprise, neighbour, district_code="310115", short_name="福海")
    try:
        assert "已被本区其他企业使用" in _refused(desks, "\ufa1b\ufa45").findings[0].message
    finally:
        desks.world.rewrite(Enterprise, neighbour, district_code="310106", short_name="江畔寓所")
    brand_id = desks.brand("\ufa1b\ufa45").id
    assert desks.rows(Brand, Brand.id == brand_id)[0].short_name == "福海"


def test_same_name_in_another_district_is_allowed(desks: Desks) -> None:
    brand_id = desks.brand("申城好寓", desks.other_firm).id
    desks.act(approve_brand, Told(brand_id), desks.foreign)
    assert desks.brand("申城好寓").state is BrandState.SUBMITTED
    assert desks.firm_row(ANJU).short_name == "申城好寓"


def test_two_firms_do_not_get_one_name_though_both_were_handed_in(desks: Desks) -> None:
    mine = desks.brand("同名寓所").id
    neighbour = col(Enterprise.uscc) == ANJU
    theirs = desks.brand("同名寓所", desks.other_firm).id
    desks.world.rewrite(Enterprise, neighbour, district_code="310115")
    try:
        answers = at_once(
            [
                lambda one=one, who=who: desks.act(approve_brand, Told(one), who)  # type: ignore[misc]
                for one, who in ((mine, desks.inspector), (theirs, desks.colleague))
            ]
        )
        assert sum(not isinstance(one, Exception) for one in answers) == 1
        assert len(desks.rows(Enterprise, Enterprise.short_name == "同名寓所")) == 1
        assert len(desks.rows(Brand, Brand.in_force == "310115:同名寓所")) == 1
    finally:
        desks.world.rewrite(Enterprise, neighbour, district_code="310104")


# Logos


def _with_text() -> bytes:
    out, told = BytesIO(), PngInfo()
    told.add_text("Author", "Secret Author")
    Image.open(BytesIO(logo())).save(out, "PNG", pnginfo=told)
    return out.getvalue()


def test_what_the_file_carried_beside_its_pixels_is_gone(desks: Desks) -> None:
    brand_id = desks.brand("沪寓图标", logo=_with_text()).id
    stored = desks.ask(see_logo, brand_id)
    assert b"Secret Author" not in stored
    row = desks.rows(Brand, Brand.id == brand_id)[0]
    assert sealer().open_file(row.logo, str(row.id)) == stored
    assert b"PNG" not in row.logo


def _renamed_exe() -> bytes:
    return b"MZ\x90\x00\x03" + b"\0" * 500


def _transparent() -> bytes:
    """A logo of which nothing shows."""
    clear, out = Image.open(BytesIO(logo())), BytesIO()
    clear.putalpha(0)
    clear.save(out, "PNG")
    return out.getvalue()


@pytest.mark.proves("H41", "H43")
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "请上传企业图标"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "SVG"),
        (_renamed_exe(), "程序文件"),
        (logo(1), "不得小于200×200"),
        (logo(199), "不得小于200×200"),
        (logo(300, height=280), "正方形"),
        ("😀".encode(), "不是图片"),
        (logo()[:-40], "图标"),
        (portrait(600, 600, kind="PNG") + b"\0" * 1_100_000, "不得超过1 MB"),
        (b"GIF89a" + b"\0" * 50, "格式不支持"),
        (png(50_000, 50_000, pixels=b""), "尺寸过大"),
        (_transparent(), "空白"),
    ],
    ids=["none", "svg", "exe", "one-pixel", "small", "oblong", "emoji", "half", "large", "gif", "bomb", "transparent"],
)
def test_logo_that_is_none_is_told_why(desks: Desks, content: bytes, words: str) -> None:
    refusal = _refused(desks, "沪寓", content=content)
    assert codes(refusal) == {"E02"}
    assert words in refusal.findings[0].message


def test_jpeg_is_as_good_as_png(desks: Desks) -> None:
    assert desks.brand("沪寓照片", logo=logo(256, kind="JPEG")).state is BrandState.SUBMITTED


# The way of it


def test_draft_is_kept_and_handed_in_later_with_the_same_picture(desks: Desks) -> None:
    draft = desks.brand("沪寓草稿", submit=False)
    assert draft.state is BrandState.DRAFT
    assert draft.id not in {one.id for one in desks.lines(BRANDS, desks.inspector)}
    answer = desks.brand("沪寓草稿", brand_id=draft.id, logo=b"")
    assert (answer.id, answer.state) == (draft.id, BrandState.SUBMITTED)


def test_one_is_under_review_at_a_time(desks: Desks) -> None:
    first = desks.brand("沪寓其一")
    assert "撤回" in _refused(desks, "沪寓其二").findings[0].message
    desks.act(withdraw_brand, OneRow(first.id))
    assert desks.brand("沪寓其二").state is BrandState.SUBMITTED


def test_return_needs_a_reason_and_the_firm_corrects(desks: Desks) -> None:
    brand_id = desks.brand("沪寓退回").id
    assert brand_id is not None
    assert isinstance(desks.refused(return_brand, Told(brand_id, "不行"), desks.inspector), Rejected)
    desks.act(return_brand, Told(brand_id, "图标与商标证不一致"), desks.inspector)
    told = desks.rows(Notice, Notice.object_id == brand_id)
    assert "图标与商标证不一致" in told[-1].body.json()
    answer = desks.brand("沪寓退回", brand_id=brand_id, logo=logo(320))
    assert (answer.id, answer.state) == (brand_id, BrandState.SUBMITTED)


def test_reviewers_do_not_collide_and_do_not_review_their_own(desks: Desks) -> None:
    brand_id = desks.brand("沪寓领取").id
    assert brand_id is not None
    desks.act(take_brand, OneRow(brand_id), desks.inspector)
    assert isinstance(desks.refused(approve_brand, Told(brand_id), desks.colleague), Conflict)
    desks.world.rewrite(Brand, col(Brand.id) == brand_id, submitted_by=desks.inspector.account_id)
    assert isinstance(desks.refused(approve_brand, Told(brand_id), desks.inspector), NotAllowed)


def test_another_district_and_another_firm_see_nothing_of_it(desks: Desks) -> None:
    brand_id = desks.brand("沪寓外区").id
    assert brand_id is not None
    assert isinstance(desks.refused(approve_brand, Told(brand_id), desks.foreign), NotFound)
    with pytest.raises(NotFound):
        desks.ask(see_logo, brand_id, desks.other_firm)


def test_firm_whose_record_has_ended_may_not_apply(desks: Desks) -> None:
    desks.move_firm(record_state=RecordState.CANCELLED)
    assert "K05" in codes(_refused(desks, "沪寓注销"))
    assert desks.firm_row(HUYU).record_state is RecordState.CANCELLED


def test_firm_whose_record_ended_while_it_waited_is_not_approved(desks: Desks) -> None:
    brand_id = desks.brand("沪寓到期").id
    desks.move_firm(record_state=RecordState.CANCELLED)
    refusal = desks.refused(approve_brand, Told(brand_id), desks.inspector)
    assert "K05" in codes(refusal)
    assert desks.firm_row().short_name != "沪寓到期"


def test_short_name_of_a_firm_that_moved_away_is_free_again(desks: Desks) -> None:
    _approved(desks, "迁走寓所")
    desks.move_firm(district_code="310106")
    JOBS["practitioners.follow_firms"].run(desks.world.door)
    neighbour = col(Enterprise.uscc) == ANJU
    desks.world.rewrite(Enterprise, neighbour, district_code="310115")
    try:
        theirs = desks.brand("迁走寓所", desks.other_firm).id
        desks.act(approve_brand, Told(theirs), desks.inspector)
        in_force = {one.in_force for one in desks.rows(Brand, Brand.short_name == "迁走寓所")}
        assert in_force == {"310106:迁走寓所", "310115:迁走寓所"}
        # Back where the name is another's by now, it keeps it; both are in force under keys of their own.
        desks.move_firm(district_code="310115")
        JOBS["practitioners.follow_firms"].run(desks.world.door)
        kept = desks.rows(Brand, Brand.short_name == "迁走寓所", col(Brand.in_force).is_not(None))
        assert (len({one.in_force for one in kept}), desks.firm_row().short_name) == (2, "迁走寓所")
    finally:
        desks.world.rewrite(Enterprise, neighbour, district_code="310104")
