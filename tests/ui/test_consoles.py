"""The consoles of the three administrators: each shows its own duty, and one account passes through two of them."""

from pathlib import Path

import pytest
from sqlmodel import select

from models.access import Account, AccountRole, Role
from models.operations import DeviceManifest, Erasure, FlowReport
from services.access.acl import why_not
from services.access.delegation import POLICIES, end_policy
from services.engine.listings import ListRows
from services.engine.orders import Reasoned
from services.engine.work import Work
from services.ports.place import Place
from tests.ui.people import Crowd, titles, until
from tests.world import World
from ui.shell.menus import Menus
from ui.shell.sheet import Sheet
from ui.shell.tree import Tree


@pytest.mark.proves("D24", "D06")
@pytest.mark.parametrize(
    ("login", "own", "others"),
    [
        ("xitong01", ("机构管理", "账号管理"), ("授权管理", "权限矩阵", "密钥管理", "窗口受理", "参数管理")),
        ("anquan01", ("授权管理", "委托开户", "访问控制清单", "权限矩阵"), ("账号管理", "机构管理", "窗口受理")),
        ("shenji01", ("访问控制清单", "权限矩阵"), ("账号管理", "授权管理", "密钥管理", "窗口受理")),
    ],
)
async def test_each_console_shows_its_own_duty(
    crowd: Crowd, login: str, own: tuple[str, ...], others: tuple[str, ...]
) -> None:
    user = await crowd.open(login, "/?open=alarms")
    for drawn in (Menus, Tree):
        shown = titles(user, drawn)
        assert shown >= set(own)
        assert not shown & set(others)


async def test_an_account_is_made_on_one_console_and_granted_on_the_other(crowd: Crowd, world: World) -> None:
    maker = await crowd.open("xitong01", "/?open=accounts")
    maker.find("新建账号").click()
    await maker.should_see("建立后由安全管理员授权", retries=30)
    maker.find(marker="field-login").type("sunli01")
    maker.find(marker="field-name").type("孙莉")
    unit = world.read(lambda work: work.session.exec(select(Account.unit_id).where(Account.login == "huamu01")).one())
    maker.find(marker="field-unit_id").elements.pop().set_value(str(unit))  # type: ignore[attr-defined]
    maker.find(marker="create-account").click()
    await maker.should_see("首次口令链接，请交给账号使用人本人", retries=50)
    await maker.should_see("/first/")
    maker.find(marker="handed-out").click()
    await maker.should_see("账号已建立，待安全管理员授权", retries=50)
    account = world.read(lambda work: work.session.exec(select(Account).where(Account.login == "sunli01")).one())
    assert world.read(lambda work: why_not(work.session, account.id, work.at)) == "NO_GRANT"

    granter = await crowd.open("anquan01", "/?open=grants")
    # What is picked must have been loaded.
    await granter.should_see("第 1 / 1 页", retries=50)
    grid = granter.find(marker="grid").elements.pop()
    granter_event(grid, str(account.id))
    await granter.should_see("尚未授权，账号不能登录", retries=50)
    granter.find(marker="field-role").elements.pop().set_value("STREET_CLERK")  # type: ignore[attr-defined]
    granter.find(marker="field-area").elements.pop().set_value("310115016")  # type: ignore[attr-defined]
    granter.find(marker="field-reason").type("窗口人员授权")
    granter.find(marker="give-grant").click()
    await granter.should_see("岗位已授予", retries=50)
    roles = select(AccountRole.role).where(AccountRole.account_id == account.id)
    assert world.read(lambda work: work.session.exec(roles).all()) == [Role.STREET_CLERK]
    assert world.read(lambda work: why_not(work.session, account.id, work.at)) == ""


def granter_event(grid: object, row_id: str) -> None:
    """A row is picked in the table."""
    for listener in grid._event_listeners.values():  # type: ignore[attr-defined]
        if listener.type == "pick":
            grid._handle_event({"listener_id": listener.id, "args": row_id})  # type: ignore[attr-defined]


async def test_a_policy_is_made(crowd: Crowd, world: World) -> None:
    user = await crowd.open("anquan01", "/?open=delegation")
    user.find("新建策略").click()
    await user.should_see("委托内容", retries=30)
    user.find(marker="field-pair").elements.pop().set_value("HEAD_ADMIN PROJ_USER")  # type: ignore[attr-defined]
    user.find(marker="field-quota").type("20")
    user.find(marker="field-note").type("按开户管理办法")
    user.find(marker="make-policy").click()
    await user.should_see("策略已建立", retries=50)
    caller = world.caller("anquan01")
    lines = world.door.ask(POLICIES.query, caller, ListRows()).lines
    (line,) = [line for line in lines if line.ended_at is None and line.note == "按开户管理办法"]
    assert (line.grantee_role, line.quota) == (Role.PROJ_USER, 20)
    world.door.perform(end_policy, caller, Reasoned(line.id, "测试结束终止"))


@pytest.mark.parametrize(
    ("login", "module", "seen"),
    [
        ("xitong01", "standing", "每日备份"),
        ("xitong01", "units", "单位编码"),
        ("anquan01", "locked_rows", "没有被锁定的记录"),
        ("shenji01", "flows", "统计周"),
        ("anquan01", "keys", "轮换记录"),
        ("xitong01", "alarms", "最近时间"),
    ],
)
async def test_each_page_of_the_consoles_is_drawn(
    crowd: Crowd, world: World, tmp_path: Path, login: str, module: str, seen: str
) -> None:
    world.door.house.folders = Place(tmp_path, tmp_path / "backups")
    world.act(_stood_for_a_while)
    user = await crowd.open(login, f"/?open={module}")

    def texts() -> str:
        drawn = user.client.elements.values() if user.client is not None else ()
        return " ".join(str(one._props if isinstance(one, Sheet) else getattr(one, "text", "")) for one in drawn)

    assert await until(lambda: seen in texts())
    assert "系统出错" not in texts()


def _stood_for_a_while(work: Work) -> None:
    """A host with its list, a week's report, an erasure."""
    work.add(
        DeviceManifest(host="db01", made_at=work.at, file_name="1.json", body_sm3="0" * 64, kid="sig.1", signature="")
    )
    work.add(Erasure(at=work.at, erased_from="notice", purpose="到期通知", rule="1年", row_count=7))
    line = {"way": "推送", "by": "short_messages", "fields": "手机号", "times": 2, "records": 2, "failed": 0}
    work.add(FlowReport(week_start=work.today, made_at=work.at, lines=[line]))


async def test_the_list_is_checked_on_its_page(crowd: Crowd) -> None:
    user = await crowd.open("shenji01", "/?open=access_list")
    await user.should_see("核对结果", retries=50)
    await user.should_see("一致", retries=30)


async def test_the_matrix_is_shown(crowd: Crowd) -> None:
    user = await crowd.open("anquan01", "/?open=matrix&role=STREET_CLERK")
    await user.should_see("权限矩阵", retries=30)
