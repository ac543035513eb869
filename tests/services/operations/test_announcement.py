"""A stop is announced to users beforehand and the sentence ends with it."""

from datetime import timedelta
from pathlib import Path

import pytest

from services.engine.clock import system_now
from services.operations.announcement import FILE, Announcement, announce, announced, coming_stop


def test_what_is_announced_is_read_again_and_ends_by_itself(tmp_path: Path) -> None:
    now = system_now()
    coming = Announcement(now + timedelta(hours=3), 60, "升级到新版本")
    announce(tmp_path, coming)
    assert announced(tmp_path) == coming
    assert "停机维护，约60分钟" in coming_stop(tmp_path)
    assert coming_stop(tmp_path).endswith("；升级到新版本")
    assert "起停机维护" in coming.sentence(coming.begins)
    assert coming.sentence(coming.ends) == ""
    announce(tmp_path, None)
    assert coming_stop(tmp_path) == ""


@pytest.mark.parametrize("text", ["", "[]", '{"begins": "x", "minutes": 1, "words": ""}', '{"minutes": 1}'])
def test_a_file_that_cannot_be_read_announces_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    assert coming_stop(tmp_path) == ""
