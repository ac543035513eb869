"""Citizens look up practitioners and firms: what is listed, what only exactly found, and what never (row 48)."""

import re
from io import BytesIO
from urllib.parse import unquote
from uuid import UUID

import pytest
from PIL import Image
from sqlmodel import col, select

from models.audit import AuditEvent
from models.enterprise import Enterprise, RecordState, ServiceState
from models.integrity import IntegrityFault
from models.practitioner_codes import BrandState, CardState
from models.practitioners import InfoCard
from models.sealed import Sealed
from services.engine.clock import system_now
from services.engine.work import Work
from services.public_check.answers import photo_address
from tests.services.practitioners.register import ACCOUNT, MOBILE, Register, citizen_number, code_of, face
from tests.ui_public.citizens import citizen, found_in, headline, lines_of, photo_in, told_wrong
from tests.ui_public.test_tampered import is_locked, write_past, write_strange
from tests.world import World, sealer
from ui.public.router import HEADERS, PublicSettings


@pytest.fixture(scope="module")
def register(world: World) -> Register:
    world.stand_at(2027, 3, 1)
    return Register(world)


async def search(register: Register, **typed: str) -> str:
    async with citizen(register.world) as phone:
        return (await phone.post("/c/people", data=typed)).text


@pytest.mark.row(48)
async def test_people_are_found_by_name_number_and_firm(register: Register) -> None:
    firm = register.firm("上海梧桐查询租赁有限公司", short="梧桐")
    card, other = register.card(firm, "卫查询"), register.card(firm, "卫旁人")
    assert found_in(await search(register, name=" 卫查询 ")) == [card.card_no]
    assert found_in(await search(register, card=f" {card.card_no.lower()} ")) == [card.card_no]
    assert found_in(await search(register, firm="梧桐查询")) == [card.card_no, other.card_no]
    assert found_in(await search(register, firm="梧桐", name="卫旁人")) == [other.card_no]
    assert found_in(await search(register, name="卫查询", card=other.card_no)) == []


@pytest.mark.row(48)
async def test_a_line_and_its_page_say_the_listed_fields_and_show_a_face_on_the_page_only(register: Register) -> None:
    firm = register.firm("上海列项租赁有限公司", short="列项")
    number = citizen_number(700)
    card = register.card(firm, "卫列项", id_no=number)
    listed = await search(register, name="卫列项")
    async with citizen(register.world) as phone:
        page = (await phone.get(f"/c/people/{card.card_no}")).text
        photo = await phone.get(photo_in(page))
    assert not photo_in(listed)
    assert photo.content == face()
    assert headline(page) == "有效"
    told = lines_of(page)
    assert (told["姓名"], told["所在企业"], told["从业类型"]) == ("卫列项", "上海列项租赁有限公司", "居间代理")
    for text in (number, MOBILE, str(card.id), code_of(card), card.token_digest or "-", "许文"):
        assert text not in listed + page


@pytest.mark.row(48)
@pytest.mark.parametrize("state", [CardState.SUSPENDED, CardState.CANCELLED])
async def test_a_card_not_in_force_is_found_exactly_only_and_without_a_face(
    register: Register, state: CardState
) -> None:
    firm = register.firm(f"上海失效{state}租赁有限公司", short="")
    card = register.card(firm, "卫失效", state=state)
    name = f"上海失效{state}租赁有限公司"
    assert found_in(await search(register, name="卫失效")) == []
    assert found_in(await search(register, firm=name)) == []
    assert found_in(await search(register, name="卫失效", firm=name[:-2])) == []
    by_both, by_number = await search(register, name="卫失效", firm=name), await search(register, card=card.card_no)
    assert found_in(by_both) == found_in(by_number) == [card.card_no]
    async with citizen(register.world) as phone:
        page = (await phone.get(f"/c/people/{card.card_no}")).text
    assert (headline(page), photo_in(page)) == (state.label, "")


@pytest.mark.row(48)
@pytest.mark.parametrize("state", [CardState.PASSED, CardState.LAPSED])
async def test_a_card_never_activated_is_not_public_by_any_way(register: Register, state: CardState) -> None:
    name = f"上海未激{state}租赁有限公司"
    card = register.card(register.firm(name), "卫未激", state=state)
    assert found_in(await search(register, card=card.card_no)) == []
    assert found_in(await search(register, name="卫未激", firm=name)) == []
    async with citizen(register.world) as phone:
        answer = await phone.get(f"/c/people/{card.card_no}")
        unknown = await phone.get("/c/people/SH2799999990")
    assert answer.status_code == unknown.status_code == 404
    assert "未查询到这张信息卡，谨防假冒" in answer.text
    assert "卫未激" not in answer.text


@pytest.mark.proves("H65")
async def test_a_firm_changed_past_the_product_ends_nobody_else_s_search(register: Register) -> None:
    sound, changed = register.firm("上海同搜租赁有限公司"), register.firm("上海同搜改动有限公司")
    card, hidden = register.card(sound, "卫同搜"), register.card(changed, "卫同搜")
    write_past(register.world, "enterprise", changed, record_no="沪租备假")
    async with citizen(register.world) as phone:
        answers = [await phone.post("/c/people", data={"name": "卫同搜"}) for _ in range(2)]
        exact = await phone.post("/c/people", data={"card": hidden.card_no})
    assert [(answer.status_code, found_in(answer.text)) for answer in answers] == [(200, [card.card_no])] * 2
    assert (exact.status_code, found_in(exact.text)) == (200, [])
    faults = select(IntegrityFault.id).where(IntegrityFault.row_id == changed)
    assert len(register.world.read(lambda work: work.session.exec(faults).all())) == 1


@pytest.mark.proves("H65")
@pytest.mark.parametrize(
    ("table", "column", "value", "elsewhere"),
    [
        ("enterprise", "record_no", "沪租备假", ""),
        ("enterprise", "recorded_on", "2027-02-30", "2026-02-28"),
        ("enterprise", "brand_id", "不是编号", "00000000-0000-7000-8000-000000000000"),
        ("info_card", "duty", "站长", ""),
        ("info_card", "changed_at", "坏", "2026-02-28"),
        ("info_card", "issued_on", "2027-2-3", "2026-02-28"),
    ],
)
async def test_a_card_that_was_changed_or_whose_firm_was_cannot_be_confirmed_at_the_moment(
    register: Register, table: str, column: str, value: str, elsewhere: str
) -> None:
    firm = register.firm("上海待查租赁有限公司")
    card, other = register.card(firm, "卫待查"), register.card(register.firm(), "卫旁人")
    row_id = firm if table == "enterprise" else card.id
    before = write_strange(register.world, table, row_id, column, value, elsewhere)
    async with citizen(register.world) as phone:
        answers = [await phone.get(f"/c/people/{card.card_no}") for _ in range(2)]
        sound = await phone.get(f"/c/people/{other.card_no}")
        searched = await phone.post("/c/people", data={"name": "卫待查"})
        firms = await phone.post("/c/firms", data={"word": "上海待查"})
    locked = is_locked(register.world, row_id)
    write_strange(register.world, table, row_id, column, before)
    assert locked
    assert [(answer.status_code, headline(answer.text)) for answer in answers] == [(200, "核查中")] * 2
    assert "暂不能给出核验结论" in answers[0].text
    assert "/c/firms/" not in answers[0].text.partition("<main")[2].partition("</main")[0]
    assert not {"卫待查", "站长", "沪租备假"} & {
        word for word in ("卫待查", "站长", "沪租备假") if word in answers[0].text
    }
    assert photo_in(answers[0].text) == ""
    assert headline(sound.text) == "有效"
    assert (searched.status_code, found_in(searched.text)) == (200, [])
    assert firms.status_code == 200


@pytest.mark.proves("H65")
async def test_a_face_is_not_shown_on_the_word_of_a_firm_changed_past_the_product(register: Register) -> None:
    firm = register.firm(record_state=RecordState.CANCELLED)
    card = register.card(firm, "卫换脸")
    write_past(register.world, "enterprise", firm, record_state=RecordState.RECORDED)
    async with citizen(register.world) as phone:
        photo = await phone.get(f"/c/photo/{photo_address(sealer(), card.id, system_now())}")
    assert (photo.status_code, photo.content) == (404, b"")
    faults = select(IntegrityFault.id).where(IntegrityFault.row_id == firm)
    assert len(register.world.read(lambda work: work.session.exec(faults).all())) == 1


@pytest.mark.row(48)
async def test_who_has_a_new_card_with_the_firm_is_not_told_by_the_old_one(register: Register) -> None:
    name, number = "上海换卡租赁有限公司", citizen_number(710)
    firm = register.firm(name)
    old = register.card(firm, "卫换卡", id_no=number, state=CardState.CANCELLED)
    register.world.let_pass(seconds=1)
    new = register.card(firm, "卫换卡", id_no=number)
    assert found_in(await search(register, name="卫换卡", firm=name)) == [new.card_no]
    assert found_in(await search(register, card=old.card_no)) == [old.card_no]


@pytest.mark.row(48)
async def test_a_common_name_with_forty_people_is_counted_and_turned_page_by_page(register: Register) -> None:
    firm = register.firm("上海同名租赁有限公司")
    cards = [register.card(firm, "卫同名", photo=b"").card_no for _ in range(40)]
    first = await search(register, name="卫同名")
    second = await search(register, name="卫同名", page="2")
    beyond = await search(register, name="卫同名", page="99")
    assert "查到 40 人" in first
    assert found_in(first) + found_in(second) == cards
    assert found_in(beyond) == found_in(second)
    assert "第 1 / 2 页" in first
    assert 'name="page" value="2"' in first
    assert 'name="page" value="1"' in second
    assert '<input type="hidden" name="name" value="卫同名">' in first


@pytest.mark.row(48)
@pytest.mark.parametrize(
    ("typed", "status", "told"),
    [
        ({"name": "卫"}, 422, "请输入完整姓名"),
        ({"name": ""}, 422, "请输入姓名、卡号或者企业名称"),
        ({}, 422, "请输入姓名、卡号或者企业名称"),
        ({"firm": "沪"}, 422, "至少输入2个字"),
        ({"name": "卫" * 200}, 422, "最多可填写60个字"),
        ({"name": "卫\u200b查"}, 422, "看不见的字符"),
        ({"name": "卫\x00查"}, 422, "控制字符"),
        ({"card": "S" * 50}, 422, "卡号最多40位"),
        ({"firm": "租" * 3000}, 413, "填写的内容过长"),
    ],
)
async def test_what_cannot_be_searched_is_told_beside_the_form(
    register: Register, typed: dict[str, str], status: int, told: str
) -> None:
    async with citizen(register.world) as phone:
        answer = await phone.post("/c/people", data=typed or {"page": "1"})
    assert answer.status_code == status
    assert told in told_wrong(answer.text)


@pytest.mark.row(48)
@pytest.mark.proves("H26", "H28")
async def test_wildcards_quotes_and_emoji_are_only_letters(register: Register) -> None:
    register.card(register.firm("上海百分之百租赁有限公司"), "卫通配")
    for word in ("%%", "__", "卫%", "%通配", "' OR 1=1 --", "卫通配\\", "🙂🙂", "卫通配🙂", "*?"):
        assert found_in(await search(register, name=word)) == []
        assert found_in(await search(register, firm=word)) == []
        assert found_in(await search(register, card=word)) == []
        async with citizen(register.world) as phone:
            assert found_in((await phone.post("/c/firms", data={"word": word})).text) == []
    strange = register.firm("上海%_租赁有限公司")
    assert len(found_in(await search(register, firm="%_"))) == 0
    card = register.card(strange, "卫怪名")
    assert found_in(await search(register, firm="%_")) == [card.card_no]


@pytest.mark.row(48)
@pytest.mark.proves("H27")
async def test_markup_typed_or_stored_is_shown_as_text(register: Register) -> None:
    hostile = "<script>alert(1)</script>{{7*7}}"
    firm = register.firm(f"上海{hostile}公司")
    card = register.card(firm, "卫标记")
    typed = await search(register, name=hostile, firm='"><img src=x>')
    stored = await search(register, firm="<script>")
    async with citizen(register.world) as phone:
        page = (await phone.get(f"/c/people/{card.card_no}")).text
    for text in (typed, stored, page):
        assert "<script" not in text
        assert "<img src=x" not in text
    assert "49" not in typed.split("<h2>")[0]
    assert "&lt;script&gt;" in stored


@pytest.mark.row(48)
@pytest.mark.proves("H75")
async def test_looking_up_is_put_off_for_an_address_that_asks_too_often(register: Register) -> None:
    async with citizen(register.world, PublicSettings(lookups_per_minute=4)) as phone:
        told = [
            (await phone.post("/c/people", data={"name": "卫无此"})).status_code,
            (await phone.get("/c/people/SH2700000010")).status_code,
            (await phone.post("/c/firms", data={"word": "没有这家"})).status_code,
            (await phone.get("/c/firms/91310115MA0000000K")).status_code,
        ]
        refused = [await phone.post("/c/people", data={"name": "卫无此"}), await phone.get("/c/people/SH2700000010")]
        forms = [(await phone.get(place)).status_code for place in ("/c/people", "/c/firms", "/c/report")]
    assert told == [200, 404, 200, 404]
    assert [answer.status_code for answer in refused] == [429, 429]
    assert "查询过于频繁" in refused[0].text
    assert refused[0].headers["retry-after"]
    assert forms == [200, 200, 200]


@pytest.mark.row(48)
@pytest.mark.row(38)
async def test_a_firm_on_record_is_shown_with_its_record_account_and_logo(register: Register) -> None:
    with BytesIO() as kept:
        Image.new("RGB", (200, 200), "teal").save(kept, "PNG")
        logo = kept.getvalue()
    firm = register.firm("上海桂花备案租赁有限公司")
    register.card(firm, "卫员工")
    register.card(firm, "卫离职", state=CardState.CANCELLED)
    brand = register.brand(firm, "桂花租赁", logo)
    waiting = register.brand(firm, "桂花新名", logo, state=BrandState.SUBMITTED)
    async with citizen(register.world) as phone:
        listed = (await phone.post("/c/firms", data={"word": "桂花"})).text
        (uscc,) = found_in(listed)
        page = (await phone.get(f"/c/firms/{uscc}")).text
        picture = await phone.get(f"/c/logo/{brand.hex}")
        not_yet = await phone.get(f"/c/logo/{waiting.hex}")
    told = lines_of(page)
    assert (told["备案所在区"], told["企业简称"], told["有效信息卡"]) == ("浦东新区", "桂花租赁", "1 张")
    assert (told["账号"], told["开户银行"]) == (ACCOUNT, "中国测试银行浦东支行")
    assert f"/c/logo/{brand.hex}" in page
    assert (picture.content, picture.headers["content-type"]) == (logo, "image/png")
    assert not_yet.status_code == 404
    assert "桂花新名" not in listed + page


@pytest.mark.row(48)
@pytest.mark.row(38)
@pytest.mark.parametrize("by", ["name", "record_no", "uscc"])
async def test_a_firm_is_found_by_name_record_and_credit_code(register: Register, by: str) -> None:
    firm = register.firm(f"上海丹桂{by}租赁有限公司", record_no=f"沪丹桂{by}")
    uscc = _uscc(register, firm)
    word = {"name": f"丹桂{by}", "record_no": f"沪丹桂{by}", "uscc": uscc.lower()}[by]
    async with citizen(register.world) as phone:
        assert found_in((await phone.post("/c/firms", data={"word": word})).text) == [uscc]


@pytest.mark.row(48)
@pytest.mark.row(38)
async def test_a_cancelled_firm_says_so_and_publishes_no_account_and_one_never_recorded_is_not_found(
    register: Register,
) -> None:
    ended = register.firm("上海银桂注销租赁有限公司", record_state=RecordState.CANCELLED)
    register.firm("上海银桂未备案租赁有限公司", record_state=RecordState.NONE)
    stopped = register.firm("上海银桂暂停租赁有限公司", service_state=ServiceState.SUSPENDED)
    async with citizen(register.world) as phone:
        listed = (await phone.post("/c/firms", data={"word": "银桂"})).text
        gone = (await phone.get(f"/c/firms/{_uscc(register, ended)}")).text
        paused = (await phone.get(f"/c/firms/{_uscc(register, stopped)}")).text
    assert found_in(listed) == [_uscc(register, stopped), _uscc(register, ended)]
    assert "<strong>已注销</strong>" in gone
    assert ACCOUNT not in gone
    assert "<strong>已备案</strong>（暂停网签）" in paused


def _uscc(register: Register, firm: UUID) -> str:
    found: str = register.world.read(
        lambda work: work.session.exec(select(Enterprise.uscc).where(Enterprise.id == firm)).one()
    )
    return found


@pytest.mark.row(48)
async def test_a_loaded_card_without_a_code_is_found_too(register: Register) -> None:
    firm = register.firm("上海旧卡租赁有限公司")

    def load(work: Work) -> None:
        work.add(
            InfoCard(card_no="沪经纪2027000009", enterprise_id=firm, name=Sealed.of("卫旧卡"), state=CardState.ACTIVE)
        )

    register.world.act(load)
    assert found_in(await search(register, name="卫旧卡")) == ["%E6%B2%AA%E7%BB%8F%E7%BA%AA2027000009"]
    async with citizen(register.world) as phone:
        page = (await phone.get("/c/people/沪经纪2027000009")).text
    assert lines_of(page)["姓名"] == "卫旧卡"


@pytest.mark.row(48)
async def test_names_stand_in_no_address_and_in_no_audit_event(register: Register) -> None:
    register.card(register.firm("上海不留痕租赁有限公司"), "卫留痕")
    page = await search(register, name="卫留痕")
    told = register.world.read(
        lambda work: work.session.exec(select(AuditEvent).where(col(AuditEvent.act).like("public.%"))).all()
    )
    assert not any("卫留痕" in place for place in _addresses(page))
    assert not any("卫留痕" in str(event.body) for event in told)


def _addresses(page: str) -> list[str]:
    return [unquote(place) for place in re.findall(r'(?:href|action|src)="([^"]*)"', page)]


@pytest.mark.parametrize("place", ["/c/people", "/c/firms", "/c/report"])
async def test_every_page_works_without_script_and_cookie_and_reads_well_aloud(register: Register, place: str) -> None:
    async with citizen(register.world) as phone:
        answer = await phone.get(place)
    page = answer.text
    assert all(answer.headers[name] == value for name, value in HEADERS.items())
    assert "set-cookie" not in answer.headers
    assert not re.search(r"<script|\son\w+=|style=|https?://", page)
    assert [page.count(f"<{mark}") for mark in ("main", "header", "footer", "h1", "title", "nav")] == [1] * 6
    fields = re.findall(r'<(?:input|select|textarea)[^>]* id="(\w+)"', page)
    assert fields == re.findall(r'<label for="(\w+)"', page)
    assert len(answer.content) < 8_000


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("multipart/form-data; boundary=x", b"--x--", 415),
        ("application/json", b"{}", 415),
        ("", b"name=1", 415),
        ("application/x-www-form-urlencoded", b"name=%FF%FE", 400),
        ("application/x-www-form-urlencoded", "name=卫".encode(), 400),
        ("application/x-www-form-urlencoded", b"name=a&name=b", 400),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % number for number in range(50)), 400),
    ],
)
async def test_a_form_no_page_of_ours_sends_is_refused_in_words(
    register: Register, kind: str, body: bytes, status: int
) -> None:
    async with citizen(register.world) as phone:
        answer = await phone.post("/c/people", content=body, headers={"content-type": kind})
    assert answer.status_code == status
    assert told_wrong(answer.text)
