"""合同列表: a firm files leases that run out again, one with its rent, many at once with the reasons of the others (row 24)."""

from dataclasses import dataclass
from datetime import date

import pytest
from sqlmodel import col

from models.enterprise import Enterprise
from models.practitioner_codes import CardState
from models.practitioners import InfoCard
from models.rooms import ApplyKind, CentralRoom, CentralRoomState
from models.sealed import Sealed
from models.tenancy import LeaseFiling
from services.access.access_list_signature import sign_pending
from services.engine.orders import Reasoned
from services.rooms.openings import open_project
from services.rooms.orders import OpenProject
from services.tenancy.frozen_filings import freeze_filing
from tests.services.check_ins.platform import CARD, KEY, OPERATOR, Platform
from tests.services.rooms import desk as desks
from tests.services.rooms.desk import Desk
from tests.ui.firms import FIRM, found_firms
from tests.ui.people import Crowd, until
from tests.ui.tenancy.hands import WAIT, answer, command, key, pick, press, rows, waits_for
from tests.world import World

pytestmark = pytest.mark.row(24)


#: Rooms that the register has under the title of the desk's projects.
ROOMS = ("0301", "0302", "0303", "0304")


@dataclass
class Stays:
    """A project of the firm, taken in and opened, whose rooms are let by its district's platform."""

    platform: Platform
    project_no: str
    rooms: list[str]

    def running_out(self) -> LeaseFiling:
        return self.platform.running_out(10, room_no=self.rooms.pop(), project_no=self.project_no)


@pytest.fixture(scope="module")
def stays(world: World) -> Stays:
    world.act(found_firms)
    firm = world.read(lambda work: work.only(Enterprise.id, Enterprise.uscc == OPERATOR))
    desk, platform = Desk(world, firms={desks.OPERATOR: firm}), Platform(world)
    platform.register()
    card = InfoCard(
        card_no=CARD, enterprise_id=firm, name=Sealed.of("许文"), active_from=date(2020, 1, 1), state=CardState.ACTIVE
    )
    world.act(lambda work: work.add(card) and None)
    sign_pending(world.door)
    key_id = desk.key(desks.OPERATOR, KEY)
    project = desk.filled(operator_uscc=OPERATOR, address="浦东新区杨高路1000弄")
    (title,) = desk.titles(project.id)
    lines = [desk.add(number, title, build_area="30.60", usable_area="24.00") for number in ROOMS]
    desk.decide(desk.submitted(project.id, *lines, kind=ApplyKind.INTAKE))
    desk.do(open_project, OpenProject(project.id, key_id), desk.bureau())
    return Stays(platform, project.project_no, list(ROOMS))


def again(stays: Stays, filing: LeaseFiling) -> list[LeaseFiling]:
    return stays.platform.rows(LeaseFiling, LeaseFiling.previous_id == filing.id)


async def test_one_is_filed_again_and_another_rent_is_refused(crowd: Crowd, stays: Stays) -> None:
    old = stays.running_out()
    user = await crowd.open(FIRM, f"/?open=refilings&number={old.filing_no}")
    assert await until(lambda: [row["due"] for row in rows(user, "grid")] == ["将到期，还有10天"])
    for rent, told in (("9999", "请另签合同后备案"), (f"{old.month_rent:.2f}", "已重新备案：")):
        pick(user, "grid", old.id)
        await command(user, "单件办理")
        await answer(user, rent)
        await user.should_see(told, retries=WAIT)
    assert len(again(stays, old)) == 1


async def test_many_are_filed_again_and_the_reason_of_each_other_is_shown(crowd: Crowd, stays: Stays) -> None:
    good, out = stays.running_out(), stays.running_out()
    stays.platform.world.rewrite(CentralRoom, col(CentralRoom.house_id) == out.house_id, state=CentralRoomState.OUT)
    user = await crowd.open(FIRM, "/?open=refilings&due=soon")
    assert await until(lambda: good.filing_no in {row["filing_no"] for row in rows(user, "grid")})
    user.find(marker="grid").trigger("ticks", [str(good.id), str(out.id)])
    key(user, "f8")
    await user.should_see("勾选的 2 条", retries=WAIT)
    press(user, "dialog-yes")
    await user.should_see("完成 1 件，未办理 1 件", retries=WAIT)
    shown = {row["label"]: row["message"] for row in rows(user, "重新备案结果")}
    assert "房间" in shown[out.filing_no], shown
    assert await until(lambda: len(again(stays, good)) == 1)


async def test_a_frozen_filing_is_not_offered_for_another(crowd: Crowd, stays: Stays) -> None:
    frozen = stays.running_out()
    why = Reasoned(frozen.id, "浦东法院协助执行通知书，文号同上")
    world = stays.platform.world
    world.door.perform(freeze_filing, world.caller("pdju01"), why)
    user = await crowd.open(FIRM, f"/?open=refilings&number={frozen.filing_no}")
    assert await until(lambda: frozen.filing_no in {row["filing_no"] for row in rows(user, "grid")})
    pick(user, "grid", frozen.id)
    assert await until(lambda: waits_for(user, "单件办理") == "该备案已冻结，解除冻结后才能办理")
