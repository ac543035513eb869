"""`main.py market load`: for good, once, and undone while nothing was built on it (issue 16)."""

from pathlib import Path

import pytest

from tests.commands import run_main
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
