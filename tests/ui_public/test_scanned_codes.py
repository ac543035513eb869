"""Anybody scans a verification code: its state today, the home in public words, never its owner (row 25, decision 33)."""

from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest

from models.sealed import Sealed
from models.tenancy_codes import Channel, LeaseMode
from models.verification import ListingVerification, VerificationCode
from models.verification_codes import CodeEnd, CodeState, RequesterKind, ShelfState
from tests.ui_public.citizens import citizen, headline, lines_of
from tests.ui_public.test_check import forged
from tests.ui_public.test_tampered import write_past
from tests.world import World

pytestmark = pytest.mark.row(25)
_SERIAL = count(1)
OWNER, OWNER_NO = "陈晓明", "310101199901010018"
TODAY = date(2027, 3, 1)
PUBLIC = {
    "address": "浦东新区花木路1号",
    "layout": "2室1厅1卫",
    "mode": "整租",
    "area": "72.50",
    "firm": "沪寓公寓",
    "card_no": "沪租赁2024000104",
}


@pytest.fixture(scope="module")
def standing(world: World) -> World:
    world.stand_at(2027, 3, 1)
    return world


def code_of(world: World, state: CodeState, **change: Any) -> VerificationCode:
    """A code in a state, of a home whose owner no page may name."""

    def make(work: Any) -> VerificationCode:
        token = work.sealer.qr_token("hv")
        row = ListingVerification(
            cert_no=Sealed.of("沪(2021)浦字不动产权第012345号"),
            mode=LeaseMode.WHOLE,
            plan=[],
            channel=Channel.ENT,
            requester_kind=RequesterKind.RENTAL_ENTERPRISE,
            requester_no=Sealed.of("91310115MA1K000016"),
            requester_name=Sealed.of("沪寓公寓管理有限公司"),
            owner_name=Sealed.of(OWNER),
            owner_id_no=Sealed.of(OWNER_NO),
            form=Sealed.of("{}"),
            submitted_at=work.now,
            submitted_on=work.today,
            district_code="310115",
        )
        work.add(row)
        work.session.flush()
        values = {
            "code_no": f"3101152703{next(_SERIAL):08d}",
            "valid_from": TODAY,
            "valid_to": TODAY + timedelta(days=60),
            "public": PUBLIC,
            **change,
        }
        made = VerificationCode(
            verification_id=row.id,
            holder_kind=RequesterKind.RENTAL_ENTERPRISE,
            holder_no=Sealed.of("91310115MA1K000016"),
            district_code="310115",
            state=state,
            token=Sealed.of(token),
            token_digest=work.sealer.token_digest(token),
            **values,
        )
        work.add(made)
        return made

    made: VerificationCode = world.act(make)
    return made


async def page_of(world: World, code: VerificationCode) -> str:
    assert code.token is not None
    async with citizen(world) as phone:
        answer = await phone.get(f"/c/{code.token.plain}")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    return answer.text


@pytest.mark.parametrize(
    ("state", "change", "told"),
    [
        (CodeState.VALID, {"shelf": ShelfState.ON}, "有效"),
        (CodeState.VALID, {"shelf": ShelfState.FORCED_ON}, "有效"),
        (CodeState.VALID, {}, "有效"),
        (CodeState.VALID, {"shelf": ShelfState.OFF}, "已下架"),
        (CodeState.VALID, {"shelf": ShelfState.FORCED_OFF}, "已下架"),
        (CodeState.VALID, {"valid_to": TODAY}, "有效"),
        (CodeState.VALID, {"valid_to": TODAY - timedelta(days=1)}, "已失效"),
        (CodeState.PENDING, {"valid_from": None, "valid_to": None}, "待生效"),
        (CodeState.VOID, {"valid_from": None, "valid_to": None}, "未生效"),
        (CodeState.INVALID, {"end_reason": CodeEnd.FILED, "ended_on": TODAY}, "已失效"),
        (CodeState.INVALID, {"end_reason": CodeEnd.RESTRICTED, "ended_on": TODAY}, "已失效"),
        (CodeState.INVALID, {"end_reason": CodeEnd.RENEWED, "ended_on": TODAY}, "已失效"),
        (CodeState.INVALID, {"end_reason": CodeEnd.EXPIRED, "ended_on": TODAY}, "已失效"),
        (CodeState.CANCELLED, {"end_reason": CodeEnd.WITHDRAWN, "ended_on": TODAY}, "已撤销"),
    ],
)
async def test_each_state_has_its_answer(standing: World, state: CodeState, change: dict[str, Any], told: str) -> None:
    assert headline(await page_of(standing, code_of(standing, state, **change))) == told


async def test_the_page_shows_the_home_in_public_words_and_never_whose_it_is(standing: World) -> None:
    code = code_of(standing, CodeState.VALID, shelf=ShelfState.ON)
    page = await page_of(standing, code)
    shown = lines_of(page)
    assert list(shown) == [
        "核验码",
        "有效期",
        "上架状态",
        "房屋坐落",
        "户型",
        "面积",
        "出租方式",
        "发布企业",
        "从业信息卡",
    ]
    assert (shown["房屋坐落"], shown["面积"].split()[1]) == ("浦东新区花木路1号", "平方米")
    unpublished = lines_of(await page_of(standing, code_of(standing, CodeState.VALID)))
    assert "房屋坐落" not in unpublished
    assert shown["核验码"] == " ".join(str(code.code_no)[at : at + 6] for at in (0, 6, 12))
    hidden = (OWNER, OWNER_NO, "012345", str(code.id), "91310115MA1K000016", code.token_digest or "-")
    assert not any(text in page for text in hidden)


async def test_a_code_that_never_was_in_force_shows_its_number_alone(standing: World) -> None:
    code = code_of(standing, CodeState.VOID, valid_from=None, valid_to=None)
    assert list(lines_of(await page_of(standing, code))) == ["核验码"]


async def test_the_reason_of_the_end_is_told_and_nothing_of_the_lease(standing: World) -> None:
    code = code_of(standing, CodeState.INVALID, end_reason=CodeEnd.FILED, ended_on=TODAY)
    page = await page_of(standing, code)
    assert lines_of(page)["失效原因"] == "房屋已备案"
    assert "已经出租并办理备案" in page


async def test_a_forged_and_an_unknown_code_are_not_ours(standing: World) -> None:
    code = code_of(standing, CodeState.VALID)
    assert code.token is not None
    unknown = standing.door.database.sealer.qr_token("hv")  # type: ignore[union-attr]
    async with citizen(standing) as phone:
        for token in (forged(code.token.plain), unknown):
            answer = await phone.get(f"/c/{token}")
            assert headline(answer.text) == "非本系统签发"
            assert lines_of(answer.text) == {}


async def test_a_code_changed_past_the_product_gives_no_answer(standing: World) -> None:
    code = code_of(standing, CodeState.INVALID, end_reason=CodeEnd.EXPIRED, ended_on=TODAY)
    write_past(standing, "verification_code", code.id, state=CodeState.VALID)
    page = await page_of(standing, code)
    assert headline(page) == "核查中"
    assert lines_of(page) == {}
