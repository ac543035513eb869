"""Training rooms: they never touch what is real, and each has an address and data of its own."""

from pathlib import Path

import pytest

from deploy.commands.rehearsal import MOST_ROOMS
from tests.commands import run_main


@pytest.mark.parametrize(
    ("setting", "word"),
    [
        ({"MODE": "production"}, "不得在正式环境启动"),
        ({"DATABASE_URL": "postgresql://shenfang@db01/shenfang"}, "DATABASE_URL"),
        ({"SYSTEM_URLS": "{}"}, "SYSTEM_URLS"),
    ],
)
@pytest.mark.parametrize("part", ["serve", "reset all"])
def test_rooms_are_refused_beside_what_is_real(
    tmp_path: Path, setting: dict[str, str], word: str, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.launch.started", object())
    ended = run_main(tmp_path, "rehearsal", *part.split(), **setting)
    assert (ended.code, word in ended.err) == (2, True), ended.err
    assert not (tmp_path / "rehearsal").exists()


def test_each_room_has_a_port_of_its_own_before_nginx(tmp_path: Path) -> None:
    told = run_main(tmp_path, "rehearsal", "site", "--rooms", "30", "--host", "10.1.2.3").out
    for number in range(30):
        assert f"listen {9001 + number} ssl;" in told
        assert f"proxy_pass http://127.0.0.1:{19001 + number};" in told
    assert told.count("server {") == 30


@pytest.mark.parametrize("rooms", ["0", str(MOST_ROOMS + 1)])
def test_a_number_of_rooms_has_its_limits(tmp_path: Path, rooms: str) -> None:
    assert run_main(tmp_path, "rehearsal", "site", "--rooms", rooms).code == 2


@pytest.mark.parametrize("room", ["7", "all", "../x", "x"])
def test_a_room_that_is_not_there_is_not_reset(tmp_path: Path, room: str) -> None:
    ended = run_main(tmp_path, "rehearsal", "reset", room, "--dir", str(tmp_path))
    assert (ended.code, "没有这个房间" in ended.err) == (2, True)
