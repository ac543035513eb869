"""A coming stop stands on pages that are open and on those that are opened, and goes again."""

import pytest

from tests.ui.people import Crowd
from ui.shell.announcement import ANNOUNCED

SENTENCE = "系统将于12月1日（周二）22:00停机维护，约60分钟，请提前办完或保存草稿"


async def test_open_pages_are_told_and_told_when_it_is_over(crowd: Crowd, monkeypatch: pytest.MonkeyPatch) -> None:
    user = await crowd.open("huamu01")
    await user.should_not_see(SENTENCE)
    monkeypatch.setattr(ANNOUNCED, "read", lambda: SENTENCE)
    ANNOUNCED.look()
    await user.should_see(SENTENCE, retries=10)
    other = await crowd.open("pdju01")
    await other.should_see(SENTENCE, retries=10)
    monkeypatch.setattr(ANNOUNCED, "read", str)
    ANNOUNCED.look()
    await user.should_not_see(SENTENCE)
    await other.should_not_see(SENTENCE)
