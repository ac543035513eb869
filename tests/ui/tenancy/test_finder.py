"""查找 (Ctrl+K): a function by its title or initials, a row of the user's own lists by its number, nothing of others."""

import re
from typing import Any

import pytest
from nicegui import ui as web
from nicegui.testing import User

from services.engine.listings import LISTINGS
from tests.services.tenancy.counter import Counter, Filed
from tests.ui.people import Crowd, page_of
from tests.ui.tenancy.hands import WAIT, key, rows, see_home
from ui.catalogue import modules_of
from ui.shell.dialogs import FINDER
from ui.shell.finder import askable, functions


@pytest.fixture(scope="session")
def lease(counter: Counter) -> Filed:
    return counter.filed()


async def finding(crowd: Crowd, login: str, text: str) -> User:
    """Press Ctrl+K and type."""
    user = await crowd.open(login, "/?open=home")
    await see_home(user)
    key(user, "ctrl+k")
    await user.should_see(marker="finder", retries=WAIT)
    user.find(marker="finder").type(text)
    return user


def enter(user: User, text: str) -> None:
    user.find(marker="finder").trigger("keydown.enter", text)


async def test_a_number_opens_its_row(crowd: Crowd, lease: Filed) -> None:
    user = await finding(crowd, "huamu01", lease.decision.filing_no)
    await user.should_see(lease.decision.filing_no, retries=WAIT)
    enter(user, lease.decision.filing_no)
    await user.should_see("共 1 条", retries=WAIT)
    (line,) = rows(user, "grid")
    assert line["filing_no"] == lease.decision.filing_no


async def test_another_office_finds_nothing_of_ours(crowd: Crowd, lease: Filed) -> None:
    user = await finding(crowd, "xuhui01", lease.decision.filing_no)
    await user.should_see("没有找到", retries=WAIT)
    enter(user, lease.decision.filing_no)
    await user.should_not_see(marker="grid")


async def test_asked_again_while_a_choice_is_followed_a_new_question_opens(crowd: Crowd, lease: Filed) -> None:
    user = await finding(crowd, "huamu01", lease.decision.filing_no)
    enter(user, lease.decision.filing_no)
    key(user, "ctrl+k")
    await user.should_see("共 1 条", retries=WAIT)
    # The dialog in which it was chosen fades away.
    assert sorted(isinstance(one, web.dialog) and one.value for one in user.find(marker=FINDER).elements) == [
        False,
        True,
    ]


@pytest.mark.parametrize("text", ["xzba", "新增备"])
async def test_a_function_is_opened_by_its_title_or_initials(crowd: Crowd, text: str) -> None:
    user = await finding(crowd, "huamu01", text)
    enter(user, text)
    await user.should_see("读卡", retries=WAIT)


async def test_a_text_asks_only_the_lists_that_may_hold_it(crowd: Crowd) -> None:
    user = await crowd.open("shi01", "/?open=home")
    await see_home(user)
    workspace: Any = page_of(user).request.scope["state"]["workspace"]

    def asked(text: str) -> set[str]:
        return {listing.name for _, listing, _ in askable(workspace, text)}

    assert asked("BA3101042612010000015") == {"filings", "refilings"}
    assert asked("310101199001010017") == asked("310101202511010017") == asked("张") == asked("") == set()
    assert asked("江海公寓") == {"central_projects", "records.unmanaged_report"}
    assert functions(workspace, "没有这样的功能") == []


def test_every_filter_that_is_asked_finds_a_row_by_itself() -> None:
    asked = [one for listing in LISTINGS.values() for one in listing.filters if one.finds]
    assert len(asked) > 20
    assert all(one.addressed for one in asked)


@pytest.mark.parametrize(
    ("number", "listing"),
    [
        ("WT202611209001", "direct_pay"),
        ("QZ2026060390014", "direct_pay"),
        ("WT202611209001", "firm_mandates"),
        ("WT202611209001-202611", "firm_bills"),
        ("ZZ3101152611300000016", "firm_terminations"),
        ("RK3101152611300000016", "room_applies"),
        ("RZ-20261220-0008", "check_ins"),
        ("TZ261120001", "move_outs"),
        ("PL3101152611300000016", "imports"),
        ("SQSL202611300001", "civil_cases"),
        ("SQ3101152611300000016", "card_applies"),
        ("沪租赁2024000104", "practitioners"),
        ("SL3101152611300000016", "cases"),
        ("DC3101152611300000014", "exports"),
        ("310112261100000013", "verification_codes"),
    ],
)
def test_a_number_of_each_kind_is_sought_where_it_is_listed(number: str, listing: str) -> None:
    assert any(one.finds and re.fullmatch(one.finds, number) for one in LISTINGS[listing].filters)
    assert any(module.listing == listing for module in modules_of("demo"))
