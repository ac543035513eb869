"""A queue in front of reviewers: one takes, decides, and the next comes by itself; two never meet over one record."""

import asyncio
from typing import Any

import pytest
from nicegui.testing import User

from tests.ui.people import Crowd, page_of, until
from tests.ui.review.made_up import OPENING, SHEETS, SPOKEN, Sheet, lay_out
from tests.ui.tenancy.hands import WAIT, enter, home_lines, key, pick, press, rows, see_home
from ui.review import queue as queue_page
from ui.review.keys import QueueKeys
from ui.shell.workspace import Workspace

ONE, OTHER, CITY = "pdju01", "xhju01", "shi01"


@pytest.fixture
def sheets() -> list[Sheet]:
    return lay_out(4)


async def at_queue(crowd: Crowd, login: str = ONE, more: str = "") -> User:
    user = await crowd.open(login, f"/?open=made-up{more}")
    await user.should_see("第 1 / 1 页", retries=WAIT)
    return user


def letter(user: User, char: str) -> None:
    user.find(kind=QueueKeys).trigger("letter", char)


def names(user: User) -> list[str]:
    return [str(row["name"]) for row in rows(user, "grid")]


def params(user: User) -> dict[str, str]:
    workspace: Workspace = page_of(user).request.scope["state"]["workspace"]
    assert workspace.front is not None
    return workspace.front.params


async def take(user: User, sheet: Sheet) -> None:
    enter(user, "grid", sheet.id)
    await user.should_see(marker="decide-p", retries=WAIT)
    await user.should_see(f"这是{sheet.name}的内容", retries=WAIT)


async def test_looking_at_a_record_takes_nothing_and_its_evidence_is_drawn(crowd: Crowd, sheets: list[Sheet]) -> None:
    user = await at_queue(crowd)
    assert names(user) == ["材料1", "材料2", "材料3", "材料4"]
    pick(user, "grid", sheets[1].id)
    await user.should_see("这是材料2的内容", retries=WAIT)
    await user.should_see(marker="take", retries=WAIT)
    assert sheets[1].holder is None
    assert params(user)["id"] == str(sheets[1].id)


async def test_after_a_word_the_next_record_opens_by_itself_in_hand(crowd: Crowd, sheets: list[Sheet]) -> None:
    user = await at_queue(crowd)
    await take(user, sheets[1])
    letter(user, "p")
    await user.should_see("这是材料3的内容", retries=WAIT)
    await user.should_see("材料2：已通过", retries=WAIT)
    assert SPOKEN == [("p", "材料2")]
    assert await until(lambda: sheets[2].holder is not None)
    assert names(user) == ["材料1", "材料3", "材料4"]


async def test_after_the_last_record_the_first_one_left_comes(crowd: Crowd, sheets: list[Sheet]) -> None:
    user = await at_queue(crowd)
    await take(user, sheets[3])
    letter(user, "p")
    await user.should_see("这是材料1的内容", retries=WAIT)


async def test_a_letter_on_a_record_nobody_has_takes_it_and_decides_nothing(crowd: Crowd, sheets: list[Sheet]) -> None:
    user = await at_queue(crowd)
    pick(user, "grid", sheets[0].id)
    await user.should_see("这是材料1的内容", retries=WAIT)
    letter(user, "p")
    await user.should_see("已领取，请核对后再按一次", retries=WAIT)
    assert SPOKEN == []
    assert sheets[0].holder is not None
    letter(user, "p")
    await user.should_see("材料1：已通过", retries=WAIT)


async def test_no_word_is_spoken_of_a_record_that_is_not_yet_shown(crowd: Crowd, sheets: list[Sheet]) -> None:
    user = await at_queue(crowd)
    await take(user, sheets[0])
    OPENING.clear()
    try:
        pick(user, "grid", sheets[1].id)
        letter(user, "p")
        letter(user, "r")
        await user.should_see("看清后请再按一次", retries=WAIT)
    finally:
        OPENING.set()
    await user.should_see("这是材料2的内容", retries=WAIT)
    await user.should_not_see(marker="reason-words")
    assert SPOKEN == []


async def test_whoever_has_a_record_is_named_and_no_word_is_offered(crowd: Crowd, sheets: list[Sheet]) -> None:
    first = await at_queue(crowd, ONE)
    await take(first, sheets[0])
    second = await at_queue(crowd, OTHER)
    pick(second, "grid", sheets[0].id)
    await second.should_see("顾宏于 2027-03-01 10:30 领取，正在处理", retries=WAIT)
    await second.should_not_see(marker="decide-p")
    letter(second, "p")
    await second.should_see("顾宏正在处理这一件，请选择其他记录", retries=WAIT)
    assert SPOKEN == []


async def test_who_comes_second_is_told_and_sees_who_was_first(crowd: Crowd, sheets: list[Sheet]) -> None:
    second = await at_queue(crowd, OTHER)
    pick(second, "grid", sheets[0].id)
    await second.should_see(marker="take", retries=WAIT)
    first = await at_queue(crowd, ONE)
    await take(first, sheets[0])
    press(second, "take")
    await second.should_see("顾宏正在处理这份材料", retries=WAIT)
    assert await until(lambda: rows(second, "grid")[0]["holder_name"] == "顾宏")
    await second.should_not_see(marker="decide-p")


async def test_one_that_was_decided_elsewhere_is_told_and_its_words_stay_unsent(
    crowd: Crowd, sheets: list[Sheet]
) -> None:
    user = await at_queue(crowd)
    await take(user, sheets[0])
    sheets[0].state = "退回"
    letter(user, "p")
    await user.should_see("这份材料已由他人办理", retries=WAIT)
    assert await until(lambda: names(user) == ["材料2", "材料3", "材料4"])
    await user.should_not_see(marker="decide-p")


async def test_a_return_needs_a_reason_long_enough(crowd: Crowd, sheets: list[Sheet]) -> None:
    user = await at_queue(crowd)
    await take(user, sheets[0])
    letter(user, "r")
    await user.should_see(marker="reason-words", retries=WAIT)
    user.find(marker="reason-words").type("不行")
    press(user, "reason-send")
    await user.should_see("请填写退回原因（不少于5个字）", retries=WAIT)
    assert SPOKEN == []
    user.find(marker="reason-words").clear().type("照片是另外一个人")
    press(user, "reason-send")
    await user.should_see("材料1：已退回", retries=WAIT)
    assert sheets[0].words == "照片是另外一个人"


async def test_a_ready_phrase_is_put_into_the_reason(crowd: Crowd, sheets: list[Sheet]) -> None:
    user = await at_queue(crowd)
    await take(user, sheets[0])
    letter(user, "r")
    await user.should_see(marker="reason-phrase", retries=WAIT)
    phrase: Any = user.find(marker="reason-phrase").elements.pop()
    phrase.set_value("姓名与证件不一致")
    words: Any = user.find(marker="reason-words").elements.pop()
    assert await until(lambda: words.value == "姓名与证件不一致")
    user.find(marker="reason-words").trigger("keydown.enter", "姓名与证件不一致，姓名的第二个字不同")
    await user.should_see("材料1：已退回", retries=WAIT)
    assert sheets[0].words == "姓名与证件不一致，姓名的第二个字不同"


async def test_a_reason_half_written_is_there_when_the_page_comes_back(crowd: Crowd, sheets: list[Sheet]) -> None:
    user = await at_queue(crowd)
    await take(user, sheets[0])
    letter(user, "r")
    await user.should_see(marker="reason-words", retries=WAIT)
    user.find(marker="reason-words").type("证件照片与本人")
    await asyncio.sleep(0.3)
    again = await at_queue(crowd, ONE, f"&id={sheets[0].id}")
    await again.should_see(marker="reason-words", retries=WAIT)
    words: Any = again.find(marker="reason-words").elements.pop()
    assert words.value == "证件照片与本人"
    press(again, "reason-leave")
    assert await until(lambda: again.find(marker="decide-p").elements != set())
    third = await at_queue(crowd, ONE, f"&id={sheets[0].id}")
    await third.should_see(marker="decide-p", retries=WAIT)
    await third.should_not_see(marker="reason-words")


async def test_a_reason_that_was_sent_is_not_kept_by_a_pause_that_ends_later(crowd: Crowd, sheets: list[Sheet]) -> None:
    user = await at_queue(crowd)
    await take(user, sheets[0])
    letter(user, "r")
    await user.should_see(marker="reason-words", retries=WAIT)
    words: Any = user.find(marker="reason-words").elements.pop()
    OPENING.clear()
    try:
        user.find(marker="reason-words").trigger("keydown.enter", "照片是另外一个人")
        assert await until(lambda: sheets[0].words == "照片是另外一个人")
        words.set_value("照片是另外一个人")
        await asyncio.sleep(0.3)
    finally:
        OPENING.set()
    await user.should_see("材料1：已退回", retries=WAIT)
    sheets[0].state, sheets[1].holder = "等待", None
    for sheet in sheets[:2]:
        again = await at_queue(crowd, ONE, f"&id={sheet.id}")
        await again.should_see(f"这是{sheet.name}的内容", retries=WAIT)
        await take(again, sheet)
        await again.should_not_see(marker="reason-words")


async def test_a_reason_half_written_is_no_work_to_go_on_with_at_home(crowd: Crowd, sheets: list[Sheet]) -> None:
    user = await at_queue(crowd)
    await take(user, sheets[0])
    letter(user, "r")
    await user.should_see(marker="reason-words", retries=WAIT)
    user.find(marker="reason-words").type("证件照片与本人")
    await user.should_see("已暂存", retries=WAIT)
    home = await crowd.open(ONE, "/?open=home")
    await see_home(home)
    assert not home_lines(home, "接着办")


async def test_skipping_puts_a_record_back_and_goes_on(crowd: Crowd, sheets: list[Sheet]) -> None:
    user = await at_queue(crowd)
    await take(user, sheets[0])
    letter(user, "s")
    await user.should_see("这是材料2的内容", retries=WAIT)
    assert sheets[0].holder is None
    assert await until(lambda: sheets[1].holder is not None)
    assert SPOKEN == []


async def test_the_next_free_one_is_taken_past_those_in_other_hands(crowd: Crowd, sheets: list[Sheet]) -> None:
    first = await at_queue(crowd, ONE)
    await take(first, sheets[0])
    second = await at_queue(crowd, OTHER)
    key(second, "f2")
    await second.should_see("这是材料2的内容", retries=WAIT)
    assert sheets[1].holder_name == "方琳"


async def test_what_is_put_back_can_be_taken_by_others(crowd: Crowd, sheets: list[Sheet]) -> None:
    user = await at_queue(crowd)
    await take(user, sheets[0])
    letter(user, "u")
    await user.should_see("已放回待审", retries=WAIT)
    await user.should_see(marker="take", retries=WAIT)
    assert sheets[0].holder is None


async def test_a_batch_tells_of_each_record(crowd: Crowd, sheets: list[Sheet]) -> None:
    sheets[1].blocked = True
    user = await at_queue(crowd)
    user.find(marker="grid").trigger("ticks", [str(one.id) for one in sheets[:3]])
    key(user, "f8")
    await user.should_see("通过全部勾选的材料？", retries=WAIT)
    press(user, "dialog-yes")
    await user.should_see("批量通过：完成 2 件，未办理 1 件", retries=WAIT)
    told = {row["label"]: (row["done"], row["message"]) for row in rows(user, "批量通过结果")}
    assert told["材料2"] == ("未办理", "核验尚未返回，已跳过")
    assert told["材料1"][0] == told["材料3"][0] == "完成"
    press(user, "outcomes-close")
    assert await until(lambda: names(user) == ["材料2", "材料4"])


async def test_ticks_of_rows_not_in_view_count_for_nothing(crowd: Crowd, sheets: list[Sheet]) -> None:
    sheets[0].state = "通过"
    user = await at_queue(crowd)
    user.find(marker="grid").trigger("ticks", [str(sheets[0].id)])
    key(user, "f8")
    await asyncio.sleep(0.2)
    await user.should_not_see("通过全部勾选的材料？")


async def test_counts_and_list_follow_by_themselves(
    crowd: Crowd, sheets: list[Sheet], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_page, "EVERY_SECONDS", 0.1)
    user = await at_queue(crowd)
    await user.should_see("待办 4", retries=WAIT)
    more = Sheet("材料5")
    SHEETS[more.id] = more
    await user.should_see("待办 5", retries=WAIT)
    await user.should_see("新到1件", retries=WAIT)
    assert names(user)[-1] == "材料5"


async def test_looking_by_itself_is_no_activity(
    crowd: Crowd, sheets: list[Sheet], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_page, "EVERY_SECONDS", 0.1)
    user = await at_queue(crowd)
    asked: list[bool] = []
    book = crowd.book
    find = book.find

    def noticed(token: str, *, active: bool = True) -> Any:
        asked.append(active)
        return find(token, active=active)

    monkeypatch.setattr(book, "find", noticed)
    # The opening of the page may still be answered: that is his own doing.
    assert await until(lambda: asked[-3:] == [False] * 3)
    await user.should_see("待办 4")


async def test_view_and_search_stand_in_the_address(crowd: Crowd, sheets: list[Sheet]) -> None:
    sheets[0].state, sheets[1].state = "通过", "退回"
    user = await at_queue(crowd, ONE, "&view=done&name=材料2")
    assert names(user) == ["材料2"]
    press(user, "view-all")
    assert await until(lambda: "view" not in params(user))
    assert params(user)["name"] == "材料2"


async def test_whoever_only_looks_is_offered_no_word(crowd: Crowd, sheets: list[Sheet]) -> None:
    user = await at_queue(crowd, CITY)
    pick(user, "grid", sheets[0].id)
    await user.should_see("这是材料1的内容", retries=WAIT)
    await user.should_not_see(marker="take")
    await user.should_not_see(marker="decide-p")
    await user.should_not_see("批量通过")


async def test_why_somebody_may_not_decide_is_said(crowd: Crowd, sheets: list[Sheet]) -> None:
    sheets[0].words = "own"
    user = await at_queue(crowd)
    pick(user, "grid", sheets[0].id)
    await user.should_see("这份材料由您提交，请他人办理", retries=WAIT)
    await user.should_not_see(marker="take")
