"""窗口受理: a number typed or a card read, and everything of that person with the age of its source (row 6)."""

import pytest
from nicegui.testing import User

from services.demo.cards import DemoCard
from tests.services.tenancy.counter import Counter
from tests.ui.people import Crowd
from tests.ui.tenancy.hands import WAIT, rows
from ui.tenancy.card_reader import card_of

CLERK = "huamu01"
DEMO = [DemoCard("陈晓明", "11", "310101199901010018", "上海市", "13800001001", "产权人")]


async def type_number(user: User, line: str) -> None:
    await user.should_see(marker="intake-number", retries=WAIT)
    user.find(marker="intake-number").trigger("keydown.enter", line)


@pytest.mark.row(6)
async def test_a_number_shows_houses_leases_and_how_old_each_source_is(crowd: Crowd, counter: Counter) -> None:
    filed = counter.filed()
    user = await crowd.open(CLERK, "/?open=intake")
    await type_number(user, filed.landlord.id_no)
    await user.should_see(filed.landlord.name, retries=WAIT)
    await user.should_see("不动产登记：已取得")
    await user.should_see("本系统备案库：实时")
    assert [row["filing_no"] for row in rows(user, "合同与备案")] == [filed.decision.filing_no]
    assert filed.flat.cert_no in {row["cert_no"] for row in rows(user, "房屋")}


@pytest.mark.row(6)
async def test_a_house_opens_a_filing_with_this_landlord(crowd: Crowd, counter: Counter) -> None:
    flat = counter.free_flat()
    user = await crowd.open(CLERK, "/?open=intake")
    await type_number(user, flat.owners[0].id_no)
    # The name may be among the demo's cards already.
    await user.should_see(marker="房屋", retries=WAIT)
    row = next(row for row in rows(user, "房屋") if flat.cert_no in row["id"])
    user.find(marker="房屋").trigger("enter", row["id"])
    await user.should_see("1. 房屋与权属", retries=WAIT)
    await user.should_see(f"出租人{flat.owners[0].name}：与登记一致", retries=WAIT)


@pytest.mark.row(6)
async def test_a_silent_register_is_said_plainly(crowd: Crowd, counter: Counter) -> None:
    flat = counter.free_flat()
    counter.world.fault("property_register", "error")
    try:
        user = await crowd.open(CLERK, "/?open=intake")
        await type_number(user, flat.owners[0].id_no)
        await user.should_see("不动产登记：没有应答", retries=WAIT)
        await user.should_see("本系统保存的登记快照已列出")
    finally:
        counter.world.heal()
    assert any(row["id"].startswith(flat.code) for row in rows(user, "房屋"))


@pytest.mark.row(6)
@pytest.mark.parametrize(
    ("number", "told"), [("3101", "请输入完整的证件号码"), ("310101199901010019", "证件号码校验不通过")]
)
async def test_half_a_number_and_a_mistyped_one_are_nobody_s(crowd: Crowd, number: str, told: str) -> None:
    user = await crowd.open(CLERK, "/?open=intake")
    await type_number(user, number)
    await user.should_see(told, retries=WAIT)
    await user.should_not_see("没有登记在该人名下的房屋")


@pytest.mark.parametrize(
    ("line", "name", "number", "read"),
    [
        ("310101199901010018", "", "310101199901010018", False),
        ("３１０１０１１９９９０１０１００１８", "", "310101199901010018", False),
        ("陈晓明 310101199901010018", "陈晓明", "310101199901010018", True),
        ("陈晓明，31010119990101001x", "陈晓明", "31010119990101001X", True),
        ("1", "陈晓明", "310101199901010018", True),
    ],
)
def test_a_line_of_the_reader_is_a_card(line: str, name: str, number: str, read: bool) -> None:
    card = card_of(line, DEMO, reader=False)
    assert card is not None
    assert (card.name, card.id_no, card.read) == (name, number, read)


@pytest.mark.parametrize("line", ["", "9", "陈晓明", "abc"])
def test_other_lines_are_no_card(line: str) -> None:
    assert card_of(line, DEMO, reader=True) is None
