"""Every command that opens the house runs as a shell would run it, and ends with its code and one sentence."""

import importlib
import inspect
import json
import pkgutil
import zipfile
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
from tests.scan import all_sought, scan_folder
from tests.world import DATA

#: Command lines over a fresh house, with the exit code and a word of what they print.
RUNS = {
    "acl export": (0, '"problems": []'),
    "acl verify": (0, "核对通过"),
    "announce": (0, "没有预告"),
    "announce --from 2099-12-01T22:00": (2, "开始时间应如"),
    "announce --off": (0, "预告已取消"),
    "audit checkpoint": (0, "已签署"),
    "audit export": (0, "已导出"),
    "audit keys": (0, "sig."),
    "audit verify": (0, "审计链完整"),
    "backup --out {folder}/a.bak": (0, "a.bak"),
    "catalog check": (0, "数据编目完整"),
    "catalog export --json --out {folder}/c.json": (0, ""),
    "db-probe": (0, "全部通过"),
    "device check": (0, "未发现改动"),
    "diagnose --out {folder}/d.zip": (0, "诊断包"),
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
    "rehearsal",
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


@pytest.mark.proves("D23")
def test_a_diagnosis_holds_no_person_and_no_secret(folder: Path, tmp_path: Path) -> None:
    """The log it is given holds everybody of the demo's files, secrets and accounts; the archive holds none of them."""
    sought = all_sought()
    log = tmp_path / "shenfang.log"
    people = [*sorted(sought.names), *(number.decode() for number in sorted(sought.numbers | sought.phones))]
    log.write_text("\n".join(f"2026-11-29 10:00:01,000 INFO shenfang.door 核验 {one}，{one}的申请" for one in people))
    out = tmp_path / "d.zip"
    ended = run(folder, f"diagnose --out {out} --log {log} --lines 5000")
    assert (ended.code, out.stat().st_mode & 0o777) == (0, 0o600), ended.err
    with zipfile.ZipFile(out) as archive:
        archive.extractall(tmp_path / "opened")
        assert {"program.json", "settings.json", "numbers.json", "self_check.json", "readiness.json"} <= set(
            archive.namelist()
        )
        numbers = json.loads(archive.read("numbers.json"))
        settings = archive.read("settings.json").decode()
        assert archive.read("log-1.txt").decode().count("INFO shenfang.door 核验") == min(len(people), 5000)
    assert numbers["tables"]["house"] > 0
    assert numbers["revision"] == numbers["newest_revision"]
    assert str(folder) not in settings
    assert scan_folder(tmp_path / "opened", sought) == []
    assert run(folder, f"diagnose --out {out}").code == 2


def test_a_diagnosis_is_written_where_the_database_does_not_answer(tmp_path: Path) -> None:
    settings = {"DATA_DIR": str(tmp_path / "data"), "MODE": "test", "DATABASE_URL": "postgresql://who@127.0.0.1:9/none"}
    ended = run_main(tmp_path, "diagnose", "--out", str(tmp_path / "d.zip"), **settings)
    assert (ended.code, "没有打开" in ended.out) == (3, True), ended.out + ended.err
    with zipfile.ZipFile(tmp_path / "d.zip") as archive:
        assert "unread.json" in archive.namelist()
        assert "who" not in archive.read("settings.json").decode()


def test_every_command_that_opens_the_house_is_run() -> None:
    names = {found.name.replace("_", "-") for found in pkgutil.iter_modules(deploy.commands.__path__)}
    assert names == {line.split()[0] for line in RUNS} | ELSEWHERE
    for name in names:
        module = importlib.import_module(f"deploy.commands.{name.replace('-', '_')}")
        assert list(inspect.signature(module.run).parameters)[2] in {"open_house", "_"}
