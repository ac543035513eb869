"""Every command that opens the house runs as a shell would run it, and ends with its code and one sentence."""

import importlib
import inspect
import pkgutil
from contextlib import closing
from pathlib import Path

import pytest

import deploy.commands
import main
from deploy.demo.houses import load_houses
from deploy.demo.offices import load_offices
from deploy.settings import read_settings
from services.access.access_list_signature import sign_pending
from services.engine.callers import SYSTEM
from tests.commands import Ended, as_a_process, run_main
from tests.world import DATA

#: Command lines over a fresh house, with the exit code and a word of what they print.
RUNS = {
    "acl export": (0, '"problems": []'),
    "acl verify": (0, "核对通过"),
    "audit checkpoint": (0, "已签署"),
    "audit export": (0, "已导出"),
    "audit keys": (0, "sig."),
    "audit verify": (0, "审计链完整"),
    "backup --out {folder}/a.bak": (0, "a.bak"),
    "catalog check": (0, "数据编目完整"),
    "catalog export --json --out {folder}/c.json": (0, ""),
    "db-probe": (0, "全部通过"),
    "device check": (0, "未发现改动"),
    "device collect": (0, "未发现改动"),
    "config check": (0, "设置没有问题"),
    "evidence export BA310115260101000001 --out {folder}/e.zip": (2, "没有这个备案编号"),
}
#: Commands with tests of their own: they open no house, or another one, or serve until they are stopped.
ELSEWHERE = {
    "certificate",
    "handover",
    "import",
    "market",
    "release",
    "replay",
    "restore",
    "sandbox",
    "sbom",
    "space",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an installation that was prepared and has not served yet, with offices and a few houses."""
    home = tmp_path_factory.mktemp("installation")
    assert run(home, "prepare").code == 0
    with as_a_process(home, **settings_of(home)), closing(main.open_house(read_settings())) as house:
        house.door.perform(load_offices, SYSTEM, None)
        house.door.perform(load_houses, SYSTEM, DATA / "fixtures" / "houses.csv")
        sign_pending(house.door)
    return home


def settings_of(folder: Path) -> dict[str, str]:
    """Without the demo, whose load takes longer than all commands together."""
    return {"DATA_DIR": str(folder / "data"), "MODE": "test", "DEMO_DATA": "false"}


def run(folder: Path, line: str) -> Ended:
    return run_main(folder, *line.format(folder=folder).split(), **settings_of(folder))


@pytest.mark.parametrize("line", RUNS)
def test_a_command_over_the_house_ends_as_it_should(folder: Path, line: str) -> None:
    code, word = RUNS[line]
    ended = run(folder, line)
    assert (ended.code, word in ended.out + ended.err) == (code, True), ended.out + ended.err


def test_a_backup_made_by_command_is_restored_by_command(folder: Path, tmp_path: Path) -> None:
    assert run(folder, "backup --out {folder}/b.bak").code == 0
    settings = settings_of(folder) | {"DATABASE_URL": f"sqlite:///{tmp_path / 'restored.db'}"}
    ended = run_main(folder, "restore", "--from", str(folder / "b.bak"), **settings)
    assert (ended.code, "恢复完成" in ended.out) == (0, True), ended.out + ended.err


def test_every_command_that_opens_the_house_is_run() -> None:
    names = {found.name.replace("_", "-") for found in pkgutil.iter_modules(deploy.commands.__path__)}
    assert names == {line.split()[0] for line in RUNS} | ELSEWHERE
    for name in names:
        module = importlib.import_module(f"deploy.commands.{name.replace('-', '_')}")
        assert list(inspect.signature(module.run).parameters)[2] in {"open_house", "_"}
