"""Row 30: the window puts a home passed by force on or off the display; the firm is told and the page follows."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, delete, select

from models.engine import Parameter, ParameterState
from models.verification import ShelfEvent, VerificationCode
from models.verification_codes import CodeState, ShelfState
from services.engine.notices import my_notices
from services.engine.refusals import Conflict, NotFound, Rejected
from services.verification.forced_shelf import COMPLAINT_ONLY, ForceShelf, force_off, force_on, lift_force_off
from services.verification.orders import PublishHome
from services.verification.shelf import publish_home
from tests.services.verification.firm import Firms
from tests.services.verification.forced import OTHER_WINDOW, WINDOW, Forced
from tests.ui_public.citizens import citizen, headline
from tests.world import at_once

pytestmark = pytest.mark.row(30)
WHY = "经核实房源真实"


@pytest.fixture
def forced(firms: Firms) -> Forced:
    return Forced(firms)


def passed(forced: Forced) -> VerificationCode:
    return forced.firms.code(forced.decide(forced.applied()).code_no)


def order(code: VerificationCode, shown: ShelfState | None = None, **more: Any) -> ForceShelf:
    return ForceShelf(code.id, WHY, shown or code.shelf, **more)


async def page_of(forced: Forced, code: VerificationCode) -> str:
    assert code.token is not None
    async with citizen(forced.firms.world) as phone:
        return headline((await phone.get(f"/c/{code.token.plain}")).text)


async def test_a_home_passed_by_force_is_put_on_and_off_and_the_page_follows(forced: Forced) -> None:
    code = passed(forced)
    forced.perform(force_on, WINDOW, order(code))
    assert forced.firms.code(str(code.code_no)).shelf is ShelfState.FORCED_ON
    assert await page_of(forced, code) == "有效"
    forced.perform(force_off, WINDOW, order(code, ShelfState.FORCED_ON))
    assert await page_of(forced, code) == "已下架"
    events = forced.firms.world.read(
        lambda work: [
            (one.before, one.after, one.reason)
            for one in work.session.exec(select(ShelfEvent).where(ShelfEvent.code_id == code.id)).all()
        ]
    )
    assert (ShelfState.NONE, ShelfState.FORCED_ON, WHY) in events
    assert (ShelfState.FORCED_ON, ShelfState.FORCED_OFF, WHY) in events


def test_the_firm_is_told(forced: Forced) -> None:
    code = passed(forced)
    forced.perform(force_on, WINDOW, order(code))
    told = forced.firms.world.door.ask(my_notices, forced.firms.caller(), 50)
    assert any(str(code.code_no) in one.body and "强制上架" in one.body for one in told)


def test_an_expired_code_is_not_put_on(forced: Forced) -> None:
    code = passed(forced)
    over = forced.firms.today - timedelta(days=1)
    forced.firms.world.rewrite(VerificationCode, col(VerificationCode.id) == code.id, valid_to=over)
    with pytest.raises(Rejected, match="已过有效期"):
        forced.perform(force_on, WINDOW, order(code))
    forced.firms.world.rewrite(VerificationCode, col(VerificationCode.id) == code.id, state=CodeState.INVALID)
    with pytest.raises(Rejected, match="已失效"):
        forced.perform(force_on, WINDOW, order(code))


def test_a_firm_cannot_publish_what_is_off_by_force_until_it_is_lifted(forced: Forced) -> None:
    code = passed(forced)
    forced.perform(force_off, WINDOW, order(code))
    publish = PublishHome(str(code.code_no), address_public="浦东新区花木路")
    door, firm = forced.firms.world.door, forced.firms.caller()
    assert "FORCED_OFF" in door.perform(publish_home, firm, publish).codes
    forced.perform(lift_force_off, WINDOW, order(code, ShelfState.FORCED_OFF))
    assert forced.firms.code(str(code.code_no)).shelf is ShelfState.OFF
    assert door.perform(publish_home, firm, publish).verdict == "pass"


def test_an_ordinary_listing_goes_off_by_a_complaint_and_never_on_by_force(forced: Forced) -> None:
    told = forced.firms.verify(forced.firms.home(forced.flat()))
    code = forced.firms.code(told.code_no)
    with pytest.raises(Rejected, match="投诉"):
        forced.perform(force_off, WINDOW, order(code))
    with pytest.raises(Rejected, match="强制核验"):
        forced.perform(force_on, WINDOW, order(code))
    forced.perform(force_off, WINDOW, order(code, reference="TS20270301001"))
    assert forced.firms.code(told.code_no).shelf is ShelfState.FORCED_OFF


def test_the_parameter_lets_an_ordinary_listing_go_off_without_a_complaint(forced: Forced) -> None:
    world = forced.firms.world
    code = forced.firms.code(forced.firms.verify(forced.firms.home(forced.flat())).code_no)
    off = Parameter(
        key=COMPLAINT_ONLY,
        value="false",
        valid_from=world.door.clock.today(),
        source="业务约定",
        reason="窗口核实后直接下架",
        state=ParameterState.CONFIRMED,
        confirmed_at=world.door.clock.now(),
    )
    world.act(lambda work: work.add(off))
    try:
        forced.perform(force_off, WINDOW, order(code))
    finally:
        world.act(lambda work: work.session.exec(delete(Parameter).where(col(Parameter.key) == COMPLAINT_ONLY)))
    assert forced.firms.code(str(code.code_no)).shelf is ShelfState.FORCED_OFF


def test_a_reason_is_asked_for(forced: Forced) -> None:
    code = passed(forced)
    with pytest.raises(Rejected):
        forced.perform(force_on, WINDOW, ForceShelf(code.id, "好", code.shelf))


def test_another_district_finds_nothing(forced: Forced) -> None:
    with pytest.raises(NotFound):
        forced.perform(force_on, OTHER_WINDOW, order(passed(forced)))


def test_both_at_once_are_one_after_the_other_and_the_second_looks_again(forced: Forced) -> None:
    code = passed(forced)

    def on() -> str:
        return tried(forced, force_on, code)

    def off() -> str:
        return tried(forced, force_off, code)

    done = sorted(at_once([on, off]))
    assert done[0] == "" or done[1] == ""
    assert "上架状态已变为" in "".join(done)


def tried(forced: Forced, act: Any, code: VerificationCode) -> str:
    try:
        forced.perform(act, WINDOW, order(code))
    except Conflict as refused:
        return refused.message
    return ""
