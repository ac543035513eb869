"""A wrong setting ends a start with one Chinese sentence and 2; what may pass by itself ends it with 1, to be tried again."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError

import main
from deploy.configuration import problems_of, system_urls
from deploy.instance import Instance, InstanceRefused, take_instance
from deploy.settings import Settings
from integrations.cloud_crypto.refusal import StartRefused
from integrations.cloud_crypto.simulator import SimulatedCloud
from integrations.systems import outside_systems, system_names
from models.dialect import Database
from services.engine.refusals import Conflict, Refusal, Unavailable
from tests.browser import ROOT
from tests.commands import run_main

OPTIONAL = {system.name for system in outside_systems() if system.optional}
ALL = "{" + ",".join(f'"{name}": "https://{name}.example"' for name in system_names() if name not in OPTIONAL) + "}"


def test_addresses_of_every_system_are_taken_without_the_optional_ones() -> None:
    assert set(system_urls(ALL)) == set(system_names()) - OPTIONAL


@pytest.mark.parametrize(
    ("text", "words"),
    [
        # What is left of the value when a shell reads it without quotes around the whole.
        ("{police:https://p}", "不是 JSON"),
        ('["https://p"]', "应为系统名到地址"),
        ('{"police": ""}', "应为系统名到地址"),
        (
            '{"police": "https://p"}',
            "缺少 building_table、filing_library、legal_entities、licence_library、one_map、property_register、public_housing",
        ),
        (ALL.replace("police", "polcie"), "缺少 police；没有名为 polcie 的系统"),
    ],
)
def test_addresses_that_are_not_whole_are_told_by_name(text: str, words: str) -> None:
    with pytest.raises(StartRefused, match="SYSTEM_URLS") as refused:
        system_urls(text)
    assert words in str(refused.value)


def start(folder: Path, **settings: str) -> tuple[int, str]:
    ended = run_main(folder, "prepare", **{"DATA_DIR": str(folder / "data"), "MODE": "test", **settings})
    return ended.code, ended.err


def start_process(folder: Path, *, command: str = "prepare", **settings: str) -> tuple[int, str]:
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder / "data"), "MODE": "test", **settings}
    line = [sys.executable, str(ROOT / "main.py"), *command.split()]
    done = subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    ("settings", "code", "words"),
    [
        (
            {"PORT": "eight", "MODE": "prod"},
            2,
            "设置的值不可用：MODE：应为 demo、test、production 之一；PORT：应为整数。",
        ),
        ({"SYSTEM_URLS": "{police:https://p}"}, 2, "SYSTEM_URLS"),
        ({"ENVIRONMENT_ID": "申房"}, 2, "ENVIRONMENT_ID"),
        ({"DATABASE_URL": "postgresql://x@127.0.0.1:1/x"}, 1, "数据库没有应答"),
        ({"ROOT_KEY_FILE": "/proc/root.key"}, 1, "/proc/root.key"),
    ],
)
def test_a_start_that_fails_says_why_in_one_sentence(
    tmp_path: Path, settings: dict[str, str], code: int, words: str
) -> None:
    assert_told(start(tmp_path, **settings), code, words)


@pytest.mark.parametrize(
    ("settings", "code", "words"),
    [
        # Refused before the product is loaded, and after.
        (
            {"PORT": "eight", "MODE": "prod"},
            2,
            "设置的值不可用：MODE：应为 demo、test、production 之一；PORT：应为整数。",
        ),
        pytest.param({"DATABASE_URL": "postgresql://x@127.0.0.1:1/x"}, 1, "数据库没有应答", marks=pytest.mark.night),
    ],
)
def test_a_process_that_fails_to_start_says_why_and_ends_with_its_code(
    tmp_path: Path, settings: dict[str, str], code: int, words: str
) -> None:
    assert_told(start_process(tmp_path, **settings), code, words)


def assert_told(ended: tuple[int, str], code: int, words: str) -> None:
    returned, told = ended
    assert (returned, "Traceback" in told) == (code, False)
    assert words in told


@pytest.mark.parametrize(("pooled", "told"), [("false", True), ("true", False)])
def test_a_pooler_that_nobody_names_is_told_by_its_port(
    monkeypatch: pytest.MonkeyPatch, pooled: str, *, told: bool
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://shenfang@127.0.0.1:6432/shenfang")
    monkeypatch.setenv("DATABASE_POOLED", pooled)
    assert any("DATABASE_POOLED" in problem for problem in problems_of(Settings())) is told


def test_another_fault_of_the_database_is_not_called_an_outage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> None:
        raise OperationalError("", {}, sqlite3.OperationalError("no such function: concat"))

    monkeypatch.setattr(main, "open_house", broken)
    assert_told(start(tmp_path), 1, "数据库不能执行语句：no such function: concat")


def test_a_program_older_than_its_database_says_so(tmp_path: Path, fresh_database_url: str) -> None:
    database = Database(fresh_database_url)
    with database.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    database.dispose()
    assert_told(start(tmp_path, DATABASE_URL=fresh_database_url), 2, "程序比数据库旧")


def crypto_settings(url: str, secret: Path) -> dict[str, str]:
    return {"CRYPTO_MODE": "http", "CRYPTO_URL": url, "CRYPTO_CLIENT_ID": "shenfang", "CRYPTO_SECRET_FILE": str(secret)}


def test_a_silent_crypto_service_is_waited_for_and_a_wrong_secret_is_not(tmp_path: Path) -> None:
    """Decision 65: the host is up before the crypto service is, and the units try a start that ends with 1 again."""
    secret = tmp_path / "secret"
    secret.write_text("x" * 32)
    secret.chmod(0o600)
    cloud = SimulatedCloud(tmp_path / "cloud", mode="test")
    try:
        refused = start(tmp_path, **crypto_settings(cloud.service.url, secret))
    finally:
        cloud.stop()
    silent = start(tmp_path, **crypto_settings(cloud.service.url, secret))
    assert (refused[0], "请检查客户端标识和密钥文件" in refused[1], "Traceback" in refused[1]) == (2, True, False)
    assert (silent[0], "密码服务没有应答" in silent[1], "Traceback" in silent[1]) == (1, True, False)
    secret.chmod(0o640)
    assert start(tmp_path, **crypto_settings(cloud.service.url, secret))[0] == 2


def raised_by(refusal: Refusal, cause: Exception | None) -> Refusal:
    refusal.__cause__ = cause
    return refusal


@pytest.mark.parametrize(
    ("refusal", "code"),
    [
        (raised_by(Unavailable("系统繁忙"), OperationalError("", {}, Exception("DiskFull"))), 1),
        (raised_by(Conflict("同一记录正被他人办理"), IntegrityError("", {}, Exception("duplicate"))), 1),
        # What was lost comes back by itself at no time.
        (Conflict("访问控制清单已丢失，不能重新建立；请从备份恢复"), 2),
        (Refusal("访问控制清单不可信，拒绝启动"), 2),
    ],
)
def test_a_refusal_at_a_start_ends_it_by_whether_time_can_mend_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, refusal: Refusal, code: int
) -> None:
    def refuse(_: object) -> None:
        raise refusal

    monkeypatch.setattr(main, "open_house", refuse)
    ended = run_main(tmp_path, "prepare")
    assert (ended.code, ended.err) == (code, f"{refusal}\n")


def held_by(folder: Path, *, alone: bool = True) -> Instance:
    """A data directory and a free port held by this process."""
    return take_instance(folder / "data", "127.0.0.1", 0, alone=alone)


def free(instance: Instance) -> None:
    instance.port.close()
    os.close(instance.lock)


def test_a_second_start_on_the_same_data_says_who_has_it_and_changes_nothing(tmp_path: Path) -> None:
    held = held_by(tmp_path)
    try:
        before = sorted(path.name for path in (tmp_path / "data").iterdir())
        code, told = start_process(tmp_path, command="")
    finally:
        free(held)
    assert (code, told.count("\n"), "Traceback" in told) == (2, 1, False)
    assert f"进程 {os.getpid()}，启动于" in told
    assert sorted(path.name for path in (tmp_path / "data").iterdir()) == before == ["instance.lock"]


def test_a_used_port_is_told_with_its_user_before_anything_is_opened(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as used:
        port = used.getsockname()[1]
        code, told = start_process(tmp_path, command="", PORT=str(port))
    assert (code, told.count("\n")) == (2, 1)
    assert f"端口 {port} 已被占用（进程 {os.getpid()}，" in told
    assert f"PORT={port + 1} make run" in told
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["instance.lock"]


def test_who_comes_while_the_product_starts_is_told_to_wait(tmp_path: Path) -> None:
    held = held_by(tmp_path)
    held.answer_meanwhile()
    address = f"http://127.0.0.1:{held.port.getsockname()[1]}/"
    answer = httpx.get(address)
    assert (answer.status_code, "申房正在启动" in answer.text) == (503, True)
    # Who neither speaks nor leaves holds nobody up for long.
    with socket.create_connection(held.port.getsockname()):
        assert httpx.get(address, timeout=30).status_code == 503
    port = held.give_port()
    with socket.create_connection(port.getsockname()):
        caller, _ = port.accept()
        caller.close()
    free(held)


def test_web_processes_and_worker_of_a_host_share_a_data_directory(tmp_path: Path) -> None:
    first, second = held_by(tmp_path, alone=False), held_by(tmp_path, alone=False)
    with pytest.raises(InstanceRefused, match="另一个申房"):
        held_by(tmp_path)
    free(first)
    free(second)
    free(held_by(tmp_path))


@pytest.mark.parametrize("url", ["mysql://a@b/c", "hello", "dm://SYSDBA@host:5236"])
def test_the_address_of_no_known_database_is_one_sentence(tmp_path: Path, url: str) -> None:
    for ended in (run_main(tmp_path, "prepare", DATABASE_URL=url), run_main(tmp_path, "db-probe", "--url", url)):
        assert (ended.code, ended.err.count("\n")) == (2, 1)
        assert "应以 postgresql:// 开头" in ended.err


def test_ctrl_c_while_loading_ends_with_one_line(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path / "data"), "MODE": "test", "PORT": "0"}
    command = [sys.executable, str(ROOT / "main.py")]
    process = subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True)
    while not (tmp_path / "data" / "instance.lock").exists():
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.01)
    process.send_signal(signal.SIGINT)
    told = process.communicate()[1]
    assert told.strip() == "已停止，未完成的启动步骤下次启动时继续"


def test_everything_wrong_with_the_settings_is_told_at_once(tmp_path: Path) -> None:
    """Complaints came one a start, and production without DATABASE_URL made a SQLite file (operations O-F4)."""
    file = tmp_path / "shenfang.env"
    file.write_text("# 正式环境\nMODE=production\nDATABSE_URL=postgresql://x\n", encoding="utf-8")
    ended = run_main(
        tmp_path, "config", "check", "--file", str(file), MODE="production", DATABSE_URL="x", ENVIRONMENT_ID="申房"
    )
    assert ended.code == 2
    for words in (
        "缺少 DATABASE_URL、BACKUP_DIR、AUDIT_STORE",
        "SYSTEM_URLS 未设置",
        "ALLOW_LOCAL_CRYPTO=true",
        "PUBLIC_URL 须为 https",
        "GATEWAY_ADDRESSES",
        "ENVIRONMENT_ID 设置有误",
        "没有名为 DATABSE_URL 的设置，是否应为 DATABASE_URL？",
        "DATABSE_URL 不是本系统的设置",
    ):
        assert words in ended.out
    assert not (tmp_path / ".data").exists()
    assert run_main(tmp_path, "config", "check", MODE="demo").code == 0


def test_the_sample_of_production_settings_names_settings_only(tmp_path: Path) -> None:
    ended = run_main(tmp_path, "config", "check", "--file", str(ROOT / "deploy" / "host" / "shenfang.env"), MODE="demo")
    assert (ended.code, ended.out) == (0, "设置没有问题\n")


@pytest.mark.night
def test_the_program_knows_every_service_and_loads_no_library_of_few_requests() -> None:
    """The tests load everything by themselves, so only a process of its own shows what the program does.

    What workbooks, drawings, portraits, papers of commands and clients of web sockets need is 50 MB, loaded where it is
    first used.
    """
    knows = (
        "import sys, main; from services.engine.registry import ACTIONS; from services.engine.jobs import JOBS; "
        "from services.engine.work import declared_visibility; known = lambda: print("
        "len(ACTIONS), len(JOBS), len(declared_visibility()), sum(m.startswith('services.') for m in sys.modules)); "
        "known(); import services.everything; known(); "
    )
    loaded = (
        "main.arguments_of(['worker']); import ui.app, ui.catalogue, services.practitioners.photos; print(sorted("
        "{'aiohttp', 'cv2', 'docx', 'ezdxf', 'lxml', 'numpy', 'openpyxl', 'requests', 'shapely'} & {*sys.modules})); "
        "from services.engine.late import openpyxl, shapely; print(shapely.Point(1, 2).x, openpyxl.utils.get_column_letter(28), "
        "shapely.ops.unary_union([shapely.Point(0, 0).buffer(1)]).is_valid)"
    )
    command = [sys.executable, "-c", knows + loaded]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    assert told[0] == told[1]
    assert told[2:] == ["[]", "1.0 AB True"]
