"""Accounts of companies: the first password by a link, whose account it is, and the number that holds for every way (rows 52, 53)."""

from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, func, select

from models.access import Account, AccountState, OrgUnit, Reveal, Role
from models.companies import AdmissionState, HeadCompany
from services.access.accounts import (
    ChangeAccount,
    CreateAccount,
    NewEnd,
    SetHolder,
    change_account,
    create_account,
    enable_account,
)
from services.access.accounts import SetHolder as SetAnyHolder
from services.access.accounts import disable_account as disable_any
from services.access.accounts import set_holder as set_any_holder
from services.access.delegation import OpenDelegated, open_delegated
from services.access.holders import Holder
from services.access.passwords import (
    DEAD_LINK,
    AskLink,
    FirstPasswordSet,
    LinkGiven,
    SetFirstPassword,
    link_standing,
    set_first_password,
)
from services.access.units import UNITS
from services.companies.accounts import (
    ACCOUNTS,
    OpenAccount,
    disable_account,
    open_account,
    reset_account,
    reveal_account,
    set_holder,
)
from services.companies.accounts import enable_account as enable_company_account
from services.companies.admission import company_unit, disable_accounts
from services.engine.callers import SYSTEM
from services.engine.listings import ListRows
from services.engine.orders import Reasoned
from services.engine.paging import Paging
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected, TooMany
from services.engine.work import Work
from services.privacy.field_reveal import RevealField
from tests.market import Market
from tests.people_made import id_number
from tests.services.access.hands import events
from tests.world import at_once

pytestmark = [pytest.mark.row(52), pytest.mark.row(53)]
WHY = "人员岗位有变动"
NUMBER, MOBILE = id_number(5210), "19300005210"
CHOSEN = "Jiang-feng-2049"


def opened(town: Market, company_id: UUID, login: str, *, by: str = "shichu01", **more: Any) -> LinkGiven:
    role = Role.HEAD_ADMIN if by == "shichu01" else Role.PROJ_USER
    order = OpenAccount(company_id, login, "郑好", role, None, more.get("id_no", NUMBER), more.get("mobile", MOBILE))
    return town.world.door.perform(open_account, town.caller(by), order)


def line(town: Market, company_id: UUID, account_id: UUID, *, by: str = "shichu01") -> Any:
    found = town.world.door.ask(ACCOUNTS.query, town.caller(by), ListRows({"company": str(company_id)})).lines
    return next(one for one in found if one.id == account_id)


def chosen(town: Market, given: LinkGiven, place: int = 1) -> FirstPasswordSet:
    order = SetFirstPassword(given.token, CHOSEN, f"10.21.0.{place}")
    return town.world.door.perform(set_first_password, SYSTEM, order)


def used(town: Market, company_id: UUID) -> int:
    counted = (
        select(func.count())
        .select_from(Account)
        .join(OrgUnit, col(OrgUnit.id) == col(Account.unit_id))
        .where(OrgUnit.enterprise_id == company_id, Account.state == AccountState.ACTIVE)
    )
    found: int = town.world.read(lambda work: work.session.exec(counted).one())
    return found


def unit_of(town: Market, company_id: UUID) -> UUID:
    def find(work: Work) -> UUID:
        company = work.session.exec(select(HeadCompany).where(HeadCompany.id == company_id)).one()
        return company_unit(work, company).id

    found: UUID = town.world.act(find)
    return found


def quota(town: Market, company_id: UUID, number: int) -> None:
    town.world.rewrite(HeadCompany, HeadCompany.id == company_id, account_quota=number)


# ------------------------------------------------------------------ the link


def test_the_city_gets_a_link_for_a_head_company_and_a_head_company_for_its_own(town: Market) -> None:
    for company, login, by in (
        (town.head_company(), "lianjie01", "shichu01"),
        (town.project_company("H-1"), "lianjie02", "shenpu_admin"),
    ):
        given = opened(town, company, login, by=by)
        waiting = line(town, company, given.account_id, by=by)
        assert (waiting.word.label, waiting.waiting, waiting.one_time_until) == ("待设口令", True, given.until)
        assert chosen(town, given).ok
        ready = line(town, company, given.account_id, by=by)
        assert (ready.word.label, ready.waiting) == ("正常", False)
        assert chosen(town, given) == FirstPasswordSet(False, DEAD_LINK)


def test_a_new_link_ends_the_one_before(town: Market) -> None:
    company = town.project_company("H-1")
    first = opened(town, company, "xinlian01", by="shenpu_admin")
    order = Reasoned(
        first.account_id, "原链接没有收到", line(town, company, first.account_id, by="shenpu_admin").version
    )
    second = town.world.door.perform(reset_account, town.caller("shenpu_admin"), order)
    assert not chosen(town, first).ok
    with pytest.raises(Conflict, match="刷新"):
        town.world.door.perform(reset_account, town.caller("shenpu_admin"), order)
    assert chosen(town, second).ok


def test_another_heads_administrator_makes_no_new_link(town: Market) -> None:
    given = opened(town, town.project_company("H-1"), "bieren01", by="shenpu_admin")
    with pytest.raises(NotFound):
        town.world.door.perform(reset_account, town.caller("jianghai_admin"), Reasoned(given.account_id, WHY))
    assert chosen(town, given).ok


def test_after_the_company_is_out_the_link_is_dead(town: Market) -> None:
    company = town.head_company()
    given = opened(town, company, "tuichang01")
    assert town.world.act(lambda work: disable_accounts(work, company, "企业已退出")) == 1
    assert town.world.door.ask(link_standing, SYSTEM, AskLink(given.token)) is None
    assert chosen(town, given) == FirstPasswordSet(False, DEAD_LINK)


# ------------------------------------------------------------------ whose it is


def test_number_and_telephone_are_kept_sealed_and_shown_masked(town: Market) -> None:
    company = town.head_company()
    given = opened(town, company, "yanma01", id_no=NUMBER.lower(), mobile="+86 193 0000 5210")
    shown = line(town, company, given.account_id)
    assert shown.id_no.startswith(NUMBER[:3])
    assert shown.id_no.endswith(NUMBER[-4:])
    assert NUMBER[3:-4] not in shown.id_no
    assert shown.mobile == "193****5210"
    row = town.row(Account, given.account_id)
    assert (row.id_no.plain, row.mobile.plain) == (NUMBER, MOBILE)
    assert row.id_no_index
    assert row.mobile_index
    assert NUMBER not in row.id_no.token + row.id_no_index


@pytest.mark.parametrize(
    ("id_no", "mobile", "why"),
    [
        ("", MOBILE, "证件号码"),
        (NUMBER, "", "请填写手机号码"),
        (NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1"), MOBILE, "校验不通过"),
        (NUMBER[:15], MOBILE, "15位旧号码"),
        ("310115209901011234", MOBILE, "晚于今天"),
        (NUMBER, "021-58888888", "固定电话"),
        (NUMBER, "1930000521", "11位"),
        ("' OR 1=1 --", "<script>", "证件号码"),
    ],
)
def test_a_number_or_telephone_that_is_none_is_refused(town: Market, id_no: str, mobile: str, why: str) -> None:
    company = town.head_company()
    with pytest.raises(Rejected, match=why):
        opened(town, company, "cuohao01", id_no=id_no, mobile=mobile)
    assert used(town, company) == 0


def test_everything_wrong_is_told_at_once(town: Market) -> None:
    with pytest.raises(Rejected) as refused:
        opened(town, town.head_company(), "quanbu01", id_no="1", mobile="2")
    assert "；" in refused.value.message
    assert "手机号码" in refused.value.message


def test_a_reveal_has_its_reason_and_leaves_its_trace(town: Market) -> None:
    company = town.head_company()
    account = opened(town, company, "chakan01").account_id
    city = town.caller("shichu01")
    for field, value in (("id_no", NUMBER), ("mobile", MOBILE), ("name", "郑好")):
        order = RevealField("account", account, field, "核对使用人身份")
        assert town.world.door.perform(reveal_account, city, order) == value
    with pytest.raises(Rejected, match="理由"):
        town.world.door.perform(reveal_account, city, RevealField("account", account, "id_no", " "))
    for field in ("password", "link_digest", "nothing"):
        with pytest.raises(NotFound):
            town.world.door.perform(reveal_account, city, RevealField("account", account, field, "核对使用人身份"))
    kept = town.world.read(lambda work: work.session.exec(select(Reveal).where(Reveal.object_id == account)).all())
    assert [(row.object_kind, row.field) for row in kept] == [
        ("account", "id_no"),
        ("account", "mobile"),
        ("account", "name"),
    ]


def test_nobody_reveals_whose_accounts_he_does_not_keep(town: Market) -> None:
    foreign = opened(town, town.project_company("H-2"), "waicha01", by="jianghai_admin").account_id
    order = RevealField("account", foreign, "id_no", "核对使用人身份")
    with pytest.raises(NotFound):
        town.world.door.perform(reveal_account, town.caller("shenpu_admin"), order)
    with pytest.raises(NotAllowed):
        town.world.door.perform(reveal_account, town.caller("shenpu01"), order)


def test_an_account_gets_a_missing_number_and_a_new_telephone_but_no_other_holder(town: Market) -> None:
    company, door = town.project_company("H-1"), town.world.door
    account = opened(town, company, "bulu01", by="shenpu_admin").account_id
    head = town.caller("shenpu_admin")
    door.perform(set_holder, head, SetHolder(account, "更换了手机号", mobile="19300005299"))
    assert town.row(Account, account).mobile.plain == "19300005299"
    assert told(town, account) == ("companies.set_holder", "更换了手机号", "mobile")
    with pytest.raises(Rejected, match="不能转给他人"):
        door.perform(set_holder, head, SetHolder(account, "换人办理业务", id_no=id_number(77)))
    with pytest.raises(Conflict):
        door.perform(set_holder, head, SetHolder(account, "没有任何变化", id_no=NUMBER, mobile="19300005299"))
    town.world.rewrite(Account, Account.id == account, id_no=None)
    door.perform(set_holder, head, SetHolder(account, "补录证件号码", id_no=NUMBER))
    assert town.row(Account, account).id_no.plain == NUMBER
    assert told(town, account) == ("companies.set_holder", "补录证件号码", "id_no")
    with pytest.raises(NotFound):
        door.perform(set_holder, town.caller("jianghai_admin"), SetHolder(account, "他人的账号", mobile=MOBILE))


def told(town: Market, account: UUID) -> tuple[str, str, str]:
    """By which act, why, and in what an account's holder was changed last."""
    event = events(town.world, "DATA.UPDATE", about=account)[-1]
    return event["act"], event["rsn"], event["det"]["fields"]


# ------------------------------------------------------------------ the system administrator


def by_hand(town: Market, unit: UUID, login: str, id_no: str = NUMBER, mobile: str = MOBILE) -> LinkGiven:
    """An account the system administrator makes."""
    order = CreateAccount(login, "郑好", unit, id_no=id_no, mobile=mobile)
    return town.world.door.perform(create_account, town.caller("xitong01"), order)


def city_unit(town: Market) -> UUID:
    found: UUID = town.world.read(
        lambda work: work.session.exec(select(OrgUnit.id).where(OrgUnit.unit_code == "CB310000")).one()
    )
    return found


@pytest.mark.parametrize(
    ("id_no", "mobile", "why"),
    [("", MOBILE, "证件号码"), (NUMBER, "", "请填写手机号码"), ("", "", "证件号码.*；.*手机号码")],
)
def test_nobody_makes_a_company_account_without_number_and_telephone(
    town: Market, id_no: str, mobile: str, why: str
) -> None:
    company = town.head_company()
    unit = unit_of(town, company)
    with pytest.raises(Rejected, match=why):
        by_hand(town, unit, "queshao01", id_no, mobile)
    assert used(town, company) == 0
    by_hand(town, unit, f"qiquan{len(id_no)}{len(mobile)}")
    assert used(town, company) == 1


def placed(town: Market, account: UUID) -> tuple[date | None, UUID, str]:
    """The last day, the unit and the window of an account."""
    row = town.row(Account, account)
    return row.valid_to, row.unit_id, row.window


@pytest.mark.parametrize("state", list(AccountState))
def test_nobody_moves_into_a_company_without_number_and_telephone(town: Market, state: AccountState) -> None:
    company, door, keeper = town.head_company(), town.world.door, town.caller("xitong01")
    unit = unit_of(town, company)
    account = by_hand(town, city_unit(town), f"diaoru{state.value.lower()}", "", "").account_id
    if state is AccountState.DISABLED:
        door.perform(disable_any, keeper, Reasoned(account, WHY))
    tomorrow = town.world.door.clock.today() + timedelta(days=1)
    move = ChangeAccount(account, WHY, NewEnd(tomorrow), unit, "5号窗口")
    for missing in (
        SetAnyHolder(account, "补录证件号码", id_no=NUMBER),
        SetAnyHolder(account, "补录手机号", "", MOBILE),
    ):
        with pytest.raises(Rejected, match="请先补录证件和手机"):
            door.perform(change_account, keeper, move)
        # All of it or nothing: what was asked beside the move stays as it was, too.
        assert placed(town, account) == (None, city_unit(town), "")
        door.perform(set_any_holder, keeper, missing)
        assert told(town, account)[:2] == ("accounts.set_holder", missing.reason)
    door.perform(change_account, keeper, move)
    assert placed(town, account) == (tomorrow, unit, "5号窗口")
    assert told(town, account) == ("accounts.change", WHY, "valid_to,unit_id,window")


def test_no_company_account_is_enabled_before_it_is_known_whose_it_is(town: Market) -> None:
    company, door = town.head_company(), town.world.door
    account = opened(town, company, "huanyuan01").account_id
    city, keeper = town.caller("shichu01"), town.caller("xitong01")
    ways: tuple[Any, ...] = (
        lambda: door.perform(enable_company_account, city, Reasoned(account, WHY)),
        lambda: door.perform(enable_account, keeper, Reasoned(account, WHY)),
    )
    for column, missing in (
        ("id_no", SetAnyHolder(account, "补录证件号码", id_no=NUMBER)),
        ("mobile", SetAnyHolder(account, "补录手机号码", mobile=MOBILE)),
    ):
        for enable in ways:
            door.perform(disable_any, keeper, Reasoned(account, WHY))
            # As accounts are that were made before number and telephone were asked.
            town.world.rewrite(Account, Account.id == account, **{column: None})
            with pytest.raises(Rejected, match="请先补录证件和手机，再启用"):
                enable()
            assert town.row(Account, account).state is AccountState.DISABLED
            door.perform(set_any_holder, keeper, missing)
            assert enable().token


def test_an_office_needs_neither_to_enable_an_account(town: Market) -> None:
    door, keeper = town.world.door, town.caller("xitong01")
    account = by_hand(town, city_unit(town), "jiguan01", "", "").account_id
    door.perform(disable_any, keeper, Reasoned(account, WHY))
    assert door.perform(enable_account, keeper, Reasoned(account, WHY)).token


def test_both_keepers_of_a_holder_say_why_at_the_same_length(town: Market) -> None:
    account, door = opened(town, town.head_company(), "yuanyin01").account_id, town.world.door
    city, keeper = town.caller("shichu01"), town.caller("xitong01")
    with pytest.raises(Rejected, match="不少于5个字"):
        door.perform(set_holder, city, SetHolder(account, "换手机号", mobile="19300005298"))
    with pytest.raises(Rejected, match="不少于5个字"):
        door.perform(set_any_holder, keeper, SetAnyHolder(account, "换手机号", mobile="19300005298"))
    door.perform(set_holder, city, SetHolder(account, "换了手机号", mobile="19300005298"))
    door.perform(set_any_holder, keeper, SetAnyHolder(account, "换了手机号", mobile="19300005299"))


def test_the_list_of_units_says_which_are_companies(town: Market) -> None:
    unit = unit_of(town, town.head_company())
    lines = town.world.door.ask(UNITS.query, town.caller("xitong01"), ListRows(paging=Paging(size=200))).lines
    companies = {line.id for line in lines if line.company}
    assert unit in companies
    assert city_unit(town) not in companies


# ------------------------------------------------------------------ the number of accounts


def delegated(town: Market, company: UUID, login: str) -> LinkGiven:
    order = OpenDelegated(login, Holder("郑好", NUMBER, MOBILE), Role.HEAD_ADMIN, unit_of(town, company))
    return town.world.door.perform(open_delegated, town.caller("shichu01"), order)


def test_delegation_does_not_pass_the_number_of_the_company(town: Market) -> None:
    company = town.head_company()
    quota(town, company, 2)
    delegated(town, company, "weituo01")
    second = opened(town, company, "weituo02")
    with pytest.raises(TooMany, match="名额2个已用完"):
        delegated(town, company, "weituo03")
    with pytest.raises(TooMany):
        opened(town, company, "weituo03")
    town.world.door.perform(disable_account, town.caller("shichu01"), Reasoned(second.account_id, WHY))
    delegated(town, company, "weituo03")
    assert used(town, company) == 2


def test_delegation_opens_nothing_in_a_company_that_is_out(town: Market) -> None:
    company = town.head_company()
    delegated(town, company, "chuju01")
    town.world.rewrite(HeadCompany, HeadCompany.id == company, admission_state=AdmissionState.EXITED)
    with pytest.raises(Conflict, match="不能开立"):
        delegated(town, company, "chuju02")


def test_the_number_holds_when_both_ways_are_taken_at_once(town: Market) -> None:
    company = town.head_company()
    quota(town, company, 3)
    delegated(town, company, "bingfa00")
    calls = [partial(delegated, town, company, f"bingfa1{turn}") for turn in range(4)]
    calls += [partial(opened, town, company, f"bingfa2{turn}") for turn in range(4)]
    results = at_once(calls)
    refused = [one for one in results if isinstance(one, Exception)]
    assert {type(one) for one in refused} == {TooMany}
    assert (len(refused), used(town, company)) == (6, 3)


def test_the_system_administrator_does_not_pass_it_either(town: Market) -> None:
    company, door, keeper = town.head_company(), town.world.door, town.caller("xitong01")
    unit = unit_of(town, company)
    quota(town, company, 1)
    first = by_hand(town, unit, "guanli01")
    with pytest.raises(TooMany):
        by_hand(town, unit, "guanli02")
    other = by_hand(town, city_unit(town), "guanli02")
    with pytest.raises(TooMany):
        door.perform(change_account, keeper, ChangeAccount(other.account_id, WHY, unit_id=unit))
    door.perform(disable_any, keeper, Reasoned(first.account_id, WHY))
    door.perform(change_account, keeper, ChangeAccount(other.account_id, WHY, unit_id=unit))
    with pytest.raises(TooMany):
        door.perform(enable_account, keeper, Reasoned(first.account_id, WHY))
    assert used(town, company) == 1
