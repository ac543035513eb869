"""Every command that opens the house runs as a shell would run it, and ends with its code and one sentence."""

import importlib
import inspect
import pkgutil
from pathlib import Path

import pytest

import deploy.commands
from tests.commands import Ended, run_main

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
ELSEWHERE = {"certificate", "import", "market", "release", "replay", "restore", "sandbox", "sbom", "space"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an installation that was prepared and has not served yet."""
    home = tmp_path_factory.mktemp("installation")
    assert run(home, "prepare").code == 0
    return home


def run(folder: Path, line: str) -> Ended:
    return run_main(folder, *line.format(folder=folder).split(), DATA_DIR=str(folder / "data"), MODE="test")


@pytest.mark.parametrize("line", RUNS)
def test_a_command_over_the_house_ends_as_it_should(folder: Path, line: str) -> None:
    code, word = RUNS[line]
    ended = run(folder, line)
    assert (ended.code, word in ended.out + ended.err) == (code, True), ended.out + ended.err


def test_a_backup_made_by_command_is_restored_by_command(folder: Path, tmp_path: Path) -> None:
    assert run(folder, "backup --out {folder}/b.bak").code == 0
    settings = {"DATA_DIR": str(folder / "data"), "DATABASE_URL": f"sqlite:///{tmp_path / 'restored.db'}"}
    ended = run_main(folder, "restore", "--from", str(folder / "b.bak"), **settings, MODE="test")
    assert (ended.code, "恢复完成" in ended.out) == (0, True), ended.out + ended.err


def test_every_command_that_opens_the_house_is_run() -> None:
    names = {found.name.replace("_", "-") for found in pkgutil.iter_modules(deploy.commands.__path__)}
    assert names == {line.split()[0] for line in RUNS} | ELSEWHERE
    for name in names:
        module = importlib.import_module(f"deploy.commands.{name.replace('-', '_')}")
        assert list(inspect.signature(module.run).parameters)[2] in {"open_house", "_"}
