"""Anybody scans a card: six answers, a face on a card in force only, and never an old answer (row 48, decision 33)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from models.enterprise import Enterprise, RecordState, ServiceState
from models.practitioner_codes import CardState
from services.engine.clock import system_now
from services.public_check.answers import card_of_address, photo_address
from services.public_check.reader import open_reader
from tests.services.practitioners.register import MOBILE, Register, citizen_number, code_of, face
from tests.ui.people import until
from tests.ui_public.citizens import citizen, found_in, headline, lines_of, photo_in
from tests.ui_public.scans import count_statements
from tests.ui_public.test_check import forged
from tests.ui_public.test_tampered import is_locked, write_past, write_unknown
from tests.world import World, sealer
from ui.public.router import HEADERS, PublicSettings


@pytest.fixture(scope="module")
def register(world: World) -> Register:
    world.stand_at(2027, 3, 1)
    return Register(world)


@pytest.fixture(scope="module")
def firm(register: Register) -> UUID:
    return register.firm("上海扫码租赁有限公司", short="扫码租赁")


@pytest.mark.row(48)
@pytest.mark.parametrize(
    ("state", "told", "named", "shown"),
    [
        (CardState.ACTIVE, "有效", True, True),
        (CardState.SUSPENDED, "暂停", True, False),
        (CardState.CANCELLED, "已注销", True, False),
        (CardState.PASSED, "未生效", False, False),
        (CardState.LAPSED, "未生效", False, False),
    ],
)
async def test_each_state_has_its_answer_and_a_face_only_one_in_force(
    register: Register, firm: UUID, state: CardState, told: str, named: bool, shown: bool
) -> None:
    card = register.card(firm, "宋扫码", state=state)
    async with citizen(register.world) as phone:
        answer = await phone.get(f"/c/{code_of(card)}")
    page = answer.text
    assert (answer.status_code, headline(page)) == (200, told)
    assert ("宋扫码" in page, bool(photo_in(page))) == (named, shown)
    assert ("扫码租赁" in page) == named
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.row(48)
async def test_a_card_in_force_shows_the_listed_fields_and_nothing_else(register: Register, firm: UUID) -> None:
    number = citizen_number(800)
    card = register.card(firm, "宋列示", id_no=number)
    async with citizen(register.world) as phone:
        page = (await phone.get(f"/c/{code_of(card)}")).text
    assert list(lines_of(page)) == [
        "姓名",
        "卡号",
        "状态",
        "从业类型",
        "所在企业",
        "企业简称",
        "企业备案",
    ]
    hidden = (
        number,
        number[-4:],
        MOBILE,
        str(card.id),
        str(card.enterprise_id),
        code_of(card),
        card.token_digest or "-",
    )
    assert not any(text in page for text in hidden)


@pytest.mark.row(48)
@pytest.mark.proves("H74")
async def test_a_forged_card_is_not_ours_and_costs_the_database_nothing(
    register: Register, firm: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = register.card(firm, "宋假冒")
    seen = count_statements(monkeypatch)
    async with citizen(register.world) as phone:
        before = len(seen)
        page = (await phone.get(f"/c/{forged(code_of(card))}")).text
        assert len(seen) == before
        unknown = (await phone.get(f"/c/{sealer().qr_token('pc')}")).text
    assert headline(page) == headline(unknown) == "非本系统签发"
    assert "未查询到这张信息卡，谨防假冒" in page
    assert "宋假冒" not in page


@pytest.mark.row(48)
@pytest.mark.parametrize("token", ["q1.pc.1.short", "q1.pc", "q1.pc.1." + "A" * 22 + "." + "A" * 500])
async def test_what_is_no_whole_code_cannot_be_read(register: Register, token: str) -> None:
    async with citizen(register.world) as phone:
        assert headline((await phone.get(f"/c/{token}")).text) == "无法识别"


@pytest.mark.row(48)
async def test_after_a_cancellation_no_old_page_face_or_list_is_left(register: Register, firm: UUID) -> None:
    card = register.card(firm, "宋注销")
    async with citizen(register.world) as phone:
        first = (await phone.get(f"/c/{code_of(card)}")).text
        photo = await phone.get(photo_in(first))
        register.step(card.id, CardState.CANCELLED)
        second = await phone.get(f"/c/{code_of(card)}")
        gone = await phone.get(photo_in(first))
        listed = (await phone.post("/c/people", data={"name": "宋注销"})).text
    assert (headline(first), photo.content) == ("有效", face())
    assert photo.headers["cache-control"] == "no-store"
    assert (headline(second.text), photo_in(second.text)) == ("已注销", "")
    assert "自2027年3月1日起" in second.text
    assert gone.status_code == 404
    assert "未查询到" in listed


@pytest.mark.row(48)
@pytest.mark.parametrize(
    ("name", "became", "told"),
    [
        ("宋瞬一", {"record_state": RecordState.CANCELLED}, "已注销"),
        ("宋瞬二", {"record_state": RecordState.NONE}, "暂停"),
        ("宋瞬三", {"service_state": ServiceState.SUSPENDED}, "暂停"),
    ],
)
async def test_what_the_firm_has_become_is_told_of_its_cards_before_any_job_has_run(
    register: Register, name: str, became: dict[str, Any], told: str
) -> None:
    firm = register.firm("上海转瞬租赁有限公司")
    card, waiting = register.card(firm, name), register.card(firm, "宋待激", state=CardState.PASSED)
    uscc = register.world.read(
        lambda work: work.session.exec(select(Enterprise).where(Enterprise.id == firm)).one().uscc
    )
    async with citizen(register.world) as phone:
        photo = photo_in((await phone.get(f"/c/{code_of(card)}")).text)
        register.world.rewrite(Enterprise, col(Enterprise.id) == firm, **became)
        scanned = (await phone.get(f"/c/{code_of(card)}")).text
        found = (await phone.get(f"/c/people/{card.card_no}")).text
        exact = (await phone.post("/c/people", data={"card": card.card_no})).text
        listed = (await phone.post("/c/people", data={"name": name})).text
        gone, not_yet = await phone.get(photo), (await phone.get(f"/c/{code_of(waiting)}")).text
        of_firm = (await phone.get(f"/c/firms/{uscc}")).text
        register.world.rewrite(
            Enterprise, col(Enterprise.id) == firm, record_state=RecordState.RECORDED, service_state=ServiceState.NORMAL
        )
        again = (await phone.get(f"/c/{code_of(card)}")).text
    assert (headline(scanned), photo_in(scanned), lines_of(scanned)["状态"]) == (told, "", told)
    assert (headline(found), photo_in(found), lines_of(found)["状态"]) == (told, "", told)
    assert "有效" not in scanned + found
    assert found_in(exact) == [card.card_no]
    assert told in exact
    assert found_in(listed) == []
    assert gone.status_code == 404
    assert headline(not_yet) == "未生效"
    assert register.of(card.id).state is CardState.ACTIVE
    assert headline(again) == "有效"
    assert "1 张" not in of_firm


@pytest.mark.proves("H65")
async def test_a_firm_put_back_on_record_by_sql_vouches_for_nobody(register: Register) -> None:
    firm = register.firm(record_state=RecordState.CANCELLED)
    card = register.card(firm, "宋复活")
    write_past(register.world, "enterprise", firm, record_state=RecordState.RECORDED)
    async with citizen(register.world) as phone:
        page = (await phone.get(f"/c/{code_of(card)}")).text
    assert headline(page) == "核查中"
    assert "宋复活" not in page


@pytest.mark.proves("H65")
@pytest.mark.parametrize(
    ("table", "column"), [("info_card", "state"), ("enterprise", "record_state"), ("enterprise", "service_state")]
)
async def test_a_state_that_is_none_of_ours_is_a_changed_row(register: Register, table: str, column: str) -> None:
    firm = register.firm()
    card = register.card(firm, "宋乱码")
    row_id = card.id if table == "info_card" else firm
    before = write_unknown(register.world, table, row_id, column)
    told: list[tuple[str, UUID]] = []
    reader = open_reader(register.world.door.database, lambda *row: told.append(row))
    await reader.start()
    found = await reader.find_card(card.token_digest or "")
    await reader.stop()
    async with citizen(register.world) as phone:
        answer = await phone.get(f"/c/{code_of(card)}")
    assert await until(lambda: is_locked(register.world, row_id))
    write_unknown(register.world, table, row_id, column, before)
    assert found is not None
    assert (found.sound, found.shows_photo, told) == (False, False, [(table, row_id)])
    assert (answer.status_code, headline(answer.text)) == (200, "核查中")
    assert "宋乱码" not in answer.text


@pytest.mark.row(48)
async def test_the_address_of_a_face_is_signed_short_lived_and_says_nothing_of_the_person(
    register: Register, firm: UUID
) -> None:
    card = register.card(firm, "宋照片")
    now = system_now()
    address = photo_address(sealer(), card.id, now)
    assert card_of_address(sealer(), address, now) == card.id
    assert card_of_address(sealer(), address, now + timedelta(seconds=119)) == card.id
    assert card_of_address(sealer(), address, now + timedelta(seconds=122)) is None
    late = address.replace(address.split(".")[1], str(int(address.split(".")[1]) + 3600))
    other = photo_address(sealer(), register.card(firm, "宋他人").id, now)
    crooked = (late, address[:-2] + "xx", f"{card.id.hex}{other[32:]}", card.id.hex, "", "..", "照.片.片")
    assert [card_of_address(sealer(), one, now) for one in crooked] == [None] * len(crooked)
    assert not any(text in address for text in (card.card_no, "宋", code_of(card)))
    async with citizen(register.world) as phone:
        answers = [await phone.get(f"/c/photo/{one}") for one in crooked if one.strip(".")]
        right = await phone.get(f"/c/photo/{address}")
    assert {answer.status_code for answer in answers} == {404}
    assert (right.status_code, right.headers["content-type"]) == (200, "image/jpeg")


@pytest.mark.row(48)
async def test_a_card_without_a_photo_says_so_by_having_none(register: Register, firm: UUID) -> None:
    card = register.card(firm, "宋无照", photo=b"")
    async with citizen(register.world) as phone:
        page = (await phone.get(f"/c/{code_of(card)}")).text
    assert (headline(page), photo_in(page)) == ("有效", "")


@pytest.mark.proves("H65")
async def test_a_cancelled_card_made_valid_by_sql_is_not_vouched_for(register: Register, firm: UUID) -> None:
    card = register.card(firm, "宋篡改", state=CardState.CANCELLED)
    write_past(register.world, "info_card", card.id, state=CardState.ACTIVE)
    async with citizen(register.world) as phone:
        page = (await phone.get(f"/c/{code_of(card)}")).text
        listed = (await phone.post("/c/people", data={"name": "宋篡改"})).text
    assert headline(page) == "核查中"
    assert "宋篡改" not in page
    assert "未查询到" in listed


@pytest.mark.row(48)
async def test_a_scanned_card_costs_one_statement_and_is_throttled_like_a_paper(
    register: Register, firm: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = register.card(firm, "宋一句")
    seen = count_statements(monkeypatch)
    async with citizen(register.world, PublicSettings(lookups_per_minute=3)) as phone:
        before = len(seen)
        await phone.get(f"/c/{code_of(card)}")
        assert len(seen) == before + 1
        codes = [(await phone.get(f"/c/{code_of(card)}")).status_code for _ in range(3)]
    assert codes == [200, 200, 429]


async def test_a_page_of_a_card_is_small_and_works_without_script_and_cookie(register: Register, firm: UUID) -> None:
    card = register.card(firm, "<b>宋</b>")
    async with citizen(register.world) as phone:
        answer = await phone.get(f"/c/{code_of(card)}")
    assert all(answer.headers[name] == value for name, value in HEADERS.items())
    assert "set-cookie" not in answer.headers
    assert "<script" not in answer.text
    assert "<b>宋</b>" not in answer.text
    assert len(answer.content) < 8_000


async def test_a_database_that_is_away_is_told_in_words(register: Register, firm: UUID) -> None:
    card = register.card(firm, "宋断线")
    reader = open_reader(register.world.door.database, register.world.door.lock_later)
    await reader.start()
    await reader.stop()
    with pytest.raises(Exception, match="暂时不可用"):
        await reader.find_card(card.token_digest or "")
