"""`main.py market load`: for good, once, and undone while nothing was built on it (issue 16)."""

from contextlib import closing
from pathlib import Path

import pytest

import main
from deploy.settings import read_settings
from models.access import Role
from models.alarms import Alarm
from models.supply import SupplyClosing
from services.engine.callers import SYSTEM
from services.engine.registry import Action
from services.engine.work import Work
from tests.commands import as_a_process, run_main
from tests.deploy.test_market_alerts import BASE, milestone
from tests.market_export import write_export


@pytest.mark.row(75)
def test_an_export_is_loaded_once_and_undone(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    write_export(folder, **BASE, milestones=[milestone("UA", "M07", "2025-01-03", "2025-01-04")])
    settings = {"MODE": "test", "DATA_DIR": str(tmp_path / "data")}
    loaded = run_main(tmp_path, "market", "load", str(folder), **settings)
    assert (loaded.code, loaded.out[:3]) == (0, "已装载"), loaded.err
    again = run_main(tmp_path, "market", "load", str(folder), **settings)
    assert again.code == 2
    assert "已装载过" in again.err
    undone = run_main(tmp_path, "market", "load", str(folder), "--undo", **settings)
    assert undone.code == 0, undone.err
    assert undone.out.removeprefix("已撤销，删除") == loaded.out.removeprefix("已装载")
    assert run_main(tmp_path, "market", "load", str(folder), **settings).code == 0


@pytest.mark.row(83)
def test_a_load_looks_at_the_closed_months(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    write_export(folder, **BASE)
    settings = {"MODE": "test", "DATA_DIR": str(tmp_path / "data"), "DEMO_DATA": "false"}
    assert run_main(tmp_path, "prepare", **settings).code == 0

    def close_otherwise(work: Work, _: None) -> None:
        work.add(SupplyClosing(month=12 * 2025, version_no="20250105-1", closed_at=work.now, digest="0" * 64, rows=3))

    with as_a_process(tmp_path, **settings), closing(main.open_house(read_settings())) as house:
        house.door.perform(Action("test.act", "测试", frozenset({Role.SYSTEM}), close_otherwise), SYSTEM)
    assert run_main(tmp_path, "market", "load", str(folder), **settings).code == 0
    with as_a_process(tmp_path, **settings), closing(main.open_house(read_settings())) as house:
        alarms = house.door.look(SYSTEM, lambda work: work.rows(Alarm.alarm_code))
    assert "SUPPLY.CLOSED" in alarms
