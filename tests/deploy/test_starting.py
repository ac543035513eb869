"""A wrong setting ends a start with one Chinese sentence and 2; what may pass by itself ends it with 1, to be tried again."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError

import main
from deploy.addresses import system_urls
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
        ('{"police": "https://p"}', "缺少 legal_entities、licence_library、one_map、property_register、public_housing"),
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


def start_process(folder: Path, **settings: str) -> tuple[int, str]:
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder / "data"), "MODE": "test", **settings}
    command = [sys.executable, str(ROOT / "main.py"), "prepare"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    ("settings", "code", "words"),
    [
        ({"PORT": "eight", "MODE": "prod"}, 2, "设置的值不可用：MODE；PORT"),
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
        ({"PORT": "eight", "MODE": "prod"}, 2, "设置的值不可用：MODE；PORT"),
        ({"DATABASE_URL": "postgresql://x@127.0.0.1:1/x"}, 1, "数据库没有应答"),
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
