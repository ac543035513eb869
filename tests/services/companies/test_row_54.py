"""Row 54: a head company keeps the accounts of its own project companies, and of nobody else's."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from models.access import Account, AccountRole, AccountState, Role
from models.companies import AdmissionState, ProjectCompany
from services.companies.accounts import (
    ACCOUNTS,
    ChangeAccount,
    OpenAccount,
    SetQuota,
    change_account,
    disable_account,
    enable_account,
    open_account,
    reset_account,
    set_quota,
)
from services.companies.admission import sweep_accounts
from services.engine.callers import SYSTEM
from services.engine.listings import ListRows
from services.engine.orders import Reasoned
from services.engine.paging import Paging
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected, TooMany
from tests.market import Market
from tests.people_made import id_number

pytestmark = pytest.mark.row(54)
WHY = "人员岗位有变动"


def opened(town: Market, company_id: UUID, login: str, *, by: str = "shenpu_admin", **more: Any) -> UUID:
    who = (id_number(5401), "19300005401")
    order = OpenAccount(company_id, login, "郑好", more.pop("role", Role.PROJ_USER), more.pop("valid_to", None), *who)
    made: UUID = town.world.door.perform(open_account, town.caller(by), order).account_id
    return made


def line(town: Market, account_id: UUID) -> Any:
    found = town.world.door.ask(ACCOUNTS.query, town.caller("shenpu_admin"), ListRows(paging=Paging(size=200))).lines
    return next(one for one in found if one.id == account_id)


def test_an_account_of_its_own_project_company(town: Market) -> None:
    company = town.project_company("H-1")
    account = opened(town, company, "kaihu01")
    told = line(town, account)
    assert (told.company_id, told.role, told.word.label) == (company, Role.PROJ_USER, "待设口令")
    assert told.name == "郑*"
    caller = town.caller("kaihu01")
    assert caller.enterprise_id == company
    assert caller.roles == {Role.PROJ_USER}


def test_another_heads_company_is_not_found(town: Market) -> None:
    for foreign in (town.xincheng, uuid4()):
        with pytest.raises(NotFound) as refused:
            opened(town, foreign, "maojin01")
        assert refused.value.message == NotFound().message
    with pytest.raises(NotAllowed):
        opened(town, town.binjiang, "maojin01", by="shenpu01")
    order = ListRows({"company": str(town.xincheng)})
    assert town.world.door.ask(ACCOUNTS.query, town.caller("shenpu_admin"), order).total == 0


@pytest.mark.parametrize("act", [disable_account, enable_account, reset_account])
def test_another_heads_account_is_not_found(town: Market, act: Any) -> None:
    foreign = town.caller("xincheng01").account_id
    own_office = town.caller("shenpu01").account_id
    assert foreign
    assert own_office
    for account_id in (foreign, own_office, uuid4()):
        with pytest.raises(NotFound):
            town.world.door.perform(act, town.caller("shenpu_admin"), Reasoned(account_id, WHY))
        order = ChangeAccount(account_id, Role.PROJ_ADMIN, None, WHY)
        with pytest.raises(NotFound):
            town.world.door.perform(change_account, town.caller("shenpu_admin"), order)


def test_a_last_day_in_the_past_is_refused(town: Market) -> None:
    company, today = town.project_company("H-1"), town.world.door.clock.today()
    with pytest.raises(Rejected, match="有效期"):
        opened(town, company, "guoqi01", valid_to=today - timedelta(days=1))
    account = opened(town, company, "guoqi01", valid_to=today)
    order = ChangeAccount(account, Role.PROJ_USER, today - timedelta(days=1), WHY)
    with pytest.raises(Rejected, match="有效期"):
        town.world.door.perform(change_account, town.caller("shenpu_admin"), order)
    town.world.let_pass(days=1)
    assert line(town, account).word.label == "已到期"


@pytest.mark.parametrize("login", ["ab1", "1abcdef", "admin001", "有名字的账号", "a" * 31, "' OR 1=1"])
def test_login_names_that_are_none(town: Market, login: str) -> None:
    with pytest.raises(Rejected):
        opened(town, town.project_company("H-1"), login)


@pytest.mark.parametrize("role", [Role.HEAD_ADMIN, Role.CITY_HANDLER, Role.SYS_ADMIN])
def test_no_other_role_is_given(town: Market, role: Role) -> None:
    with pytest.raises(Rejected):
        opened(town, town.project_company("H-1"), "jueseyi01", role=role)


def test_disabled_enabled_reset(town: Market) -> None:
    door, caller = town.world.door, town.caller("shenpu_admin")
    account = opened(town, town.project_company("H-1"), "qiting01")
    with pytest.raises(Rejected):
        door.perform(disable_account, caller, Reasoned(account, "不用"))
    door.perform(disable_account, caller, Reasoned(account, WHY))
    assert line(town, account).word.label == "停用"
    with pytest.raises(Conflict):
        door.perform(disable_account, caller, Reasoned(account, WHY))
    with pytest.raises(Conflict):
        door.perform(reset_account, caller, Reasoned(account, WHY))
    assert door.perform(enable_account, caller, Reasoned(account, WHY)).token
    assert door.perform(reset_account, caller, Reasoned(account, WHY)).token
    assert line(town, account).word.label == "待设口令"


def test_the_role_is_changed_and_the_old_one_ends(town: Market) -> None:
    account = opened(town, town.project_company("H-1"), "zhuanren01")
    order = ChangeAccount(account, Role.PROJ_ADMIN, None, WHY)
    town.world.door.perform(change_account, town.caller("shenpu_admin"), order)
    assert line(town, account).role is Role.PROJ_ADMIN
    grants = town.world.read(
        lambda work: work.session.exec(select(AccountRole).where(AccountRole.account_id == account)).all()
    )
    assert sorted((grant.role.value, grant.ended_at is None) for grant in grants) == [
        ("PROJ_ADMIN", True),
        ("PROJ_USER", False),
    ]
    assert town.caller("zhuanren01").roles == {Role.PROJ_ADMIN}


def test_the_number_of_accounts_is_kept_to(town: Market) -> None:
    company = town.project_company("H-1")
    town.world.rewrite(ProjectCompany, ProjectCompany.id == company, account_quota=1)
    first = opened(town, company, "minge01")
    with pytest.raises(TooMany):
        opened(town, company, "minge02")
    town.world.door.perform(disable_account, town.caller("shenpu_admin"), Reasoned(first, WHY))
    opened(town, company, "minge02")
    with pytest.raises(TooMany):
        town.world.door.perform(enable_account, town.caller("shenpu_admin"), Reasoned(first, WHY))


def test_the_city_sets_the_number_of_a_head_company(town: Market) -> None:
    company = town.head_company()
    with pytest.raises(Rejected):
        town.world.door.perform(set_quota, town.caller("shichu01"), SetQuota(company, 0, "按规模核定名额"))
    town.world.door.perform(set_quota, town.caller("shichu01"), SetQuota(company, 3, "按规模核定名额"))
    with pytest.raises(NotFound):
        town.world.door.perform(set_quota, town.caller("shichu01"), SetQuota(town.binjiang, 3, "按规模核定名额"))


def test_a_stale_page_is_told(town: Market) -> None:
    account = opened(town, town.project_company("H-1"), "chenjiu01")
    version = line(town, account).version
    town.world.door.perform(disable_account, town.caller("shenpu_admin"), Reasoned(account, WHY, version))
    with pytest.raises(Conflict):
        town.world.door.perform(enable_account, town.caller("shenpu_admin"), Reasoned(account, WHY, version))


def test_an_account_that_outlived_its_company_is_found_at_night(town: Market) -> None:
    company = town.project_company("H-1")
    account = opened(town, company, "yilou01")
    town.world.rewrite(ProjectCompany, ProjectCompany.id == company, admission_state=AdmissionState.EXITED)
    assert town.world.door.perform(sweep_accounts, SYSTEM, None) == 1
    assert town.row(Account, account).state is AccountState.DISABLED
    assert town.world.door.perform(sweep_accounts, SYSTEM, None) == 0
    with pytest.raises(Conflict):
        town.world.door.perform(enable_account, town.caller("shenpu_admin"), Reasoned(account, WHY))
