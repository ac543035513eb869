"""The scan at the end of a run finds what is planted, says where, and never says what (H76)."""

import base64
import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from models.dialect import normal_url
from models.sealed import index_of
from tests.databases import Databases
from tests.scan import (
    FOUND,
    MINE,
    PAGE,
    ROOT,
    Copied,
    Sought,
    is_a_persons,
    of_the_demo,
    own_words,
    pages_of,
    scan_database,
    scan_folder,
)
from tests.world import sealer

ID_NO, PHONE, NAME, TOKEN, KEY = "310101199003071097", "13987650001", "慕容青山", "t0k3n-" * 8, bytes(range(200, 232))


@pytest.fixture
def sought() -> Sought:
    found = Sought()
    found.person("id_no", ID_NO)
    found.person("phone", PHONE)
    found.person("name", NAME)
    found.secret("会话令牌", TOKEN)
    for form in (KEY, KEY.hex(), base64.b64encode(KEY)):
        found.secret("密钥", form)
    return found


@pytest.fixture
def plant(databases: Databases, database_engine: str) -> Iterator[Callable[[str], str]]:
    """Puts a text into a database of its own, which no scan but ours looks through."""
    url = databases.new(database_engine, migrated=False)

    def put(text: str) -> str:
        engine = sa.create_engine(normal_url(url))
        with engine.begin() as connection:
            connection.execute(sa.text("CREATE TABLE notes (id INTEGER, words TEXT)"))
            connection.execute(sa.text("INSERT INTO notes VALUES (1, :words)"), {"words": text})
        engine.dispose()
        return url

    yield put
    databases.drop(url, scanned=False)


PLANTED = {
    "number": (ID_NO, "证件号码或账号"),
    "number among others": (f"办件{ID_NO}A", "证件号码或账号"),
    "phone": (f"电话 {PHONE}。", "电话"),
    "name": (f"承租人{NAME}到场", "姓名"),
    "name in json": (json.dumps({"name": NAME}), "姓名"),
    "token": (f"sid={TOKEN}; Path=/", "会话令牌"),
    "key in hex": (KEY.hex(), "密钥"),
    "key in base64": (base64.b64encode(KEY).decode(), "密钥"),
    "private key": ("-----BEGIN {} KEY-----".format("PRIVATE"), "私钥"),
}


@pytest.mark.proves("H76")
@pytest.mark.parametrize("name", PLANTED)
def test_h76_what_lies_in_a_database_is_found_with_its_column(
    plant: Callable[[str], str], sought: Sought, name: str
) -> None:
    text, kind = PLANTED[name]
    found = scan_database(plant(text), sought)
    assert found == [f"{kind} 在 notes.words"]
    assert not any(secret in str(found) for secret in (ID_NO, PHONE, NAME, TOKEN))


@pytest.mark.proves("H76")
def test_h76_what_was_deleted_from_a_file_is_still_found(databases: Databases, sought: Sought) -> None:
    url = databases.new("sqlite", migrated=False)
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE notes (words TEXT)"))
        connection.execute(sa.text("INSERT INTO notes VALUES (:words)"), {"words": NAME})
    with engine.begin() as connection:
        # Some builds of SQLite wipe what they delete; ours need not be one.
        connection.execute(sa.text("PRAGMA secure_delete = OFF"))
        connection.execute(sa.text("DELETE FROM notes"))
    engine.dispose()
    assert scan_database(url, sought) == ["姓名 在 数据库文件的空闲页或日志"]
    databases.drop(url, scanned=False)


@pytest.mark.proves("H76")
def test_h76_what_is_masked_and_what_only_looks_alike_is_not(plant: Callable[[str], str], sought: Sought) -> None:
    text = f"310***********1097 139****0001 慕** {PHONE}0 a{PHONE} 慕容青 310101199003071098"
    assert scan_database(plant(text), sought) == []


@pytest.mark.proves("H76")
def test_h76_logs_and_files_are_looked_through_and_keys_lie_in_their_folder(tmp_path: Path, sought: Sought) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "root").write_bytes(KEY)
    (tmp_path / "server.log").write_text(f"INFO 办理 {ID_NO}\n", encoding="utf-8")
    (tmp_path / "storage.json").write_bytes(b"x" + KEY)
    assert scan_folder(tmp_path, sought) == ["证件号码或账号 在 server.log", "密钥 在 storage.json"]


@pytest.mark.proves("H76")
def test_h76_of_a_copied_folder_all_that_is_new_is_looked_through(tmp_path: Path, sought: Sought) -> None:
    log = tmp_path / "server.log"
    log.write_text(f"INFO 办理 {ID_NO}\n" + "-" * PAGE, encoding="utf-8")
    copied = Copied(frozenset(pages_of(log)))
    assert scan_folder(tmp_path, sought, copied) == []
    with log.open("a", encoding="utf-8") as more:
        more.write(f"INFO 办理 {PHONE}\n")
    assert scan_folder(tmp_path, sought, copied) == ["电话 在 server.log"]


@pytest.mark.proves("H76")
@pytest.mark.parametrize("before", [0, *range(5_000, 5_008), 100_000])
def test_h76_a_secret_is_found_wherever_it_lies_in_a_long_text(sought: Sought, before: int) -> None:
    text, filling = TOKEN.encode(), bytes(before)
    assert list(sought.in_bytes(filling + text + bytes(100_000 - before))) == [("会话令牌", text)]
    assert list(sought.in_bytes(filling + text[:-1] + bytes(100_000 - before))) == []


#: What a test leaves behind, by its name; the scan must tell of it with these words.
LEFT_BEHIND = {
    "database": (
        """
        with create_engine(normal_url(empty_database_url)).begin() as connection:
            connection.execute(text("CREATE TABLE notes (words TEXT)"))
            connection.execute(text("INSERT INTO notes VALUES (:words)"), {"words": person})
        """,
        "test_run.py：姓名 在 notes.words",
    ),
    "log": ("logging.getLogger('shenfang.test').warning('told of %s', person)", "captured：姓名"),
    "page": ("asyncio.run(keep_error_page(httpx.Response(500, text=person)))", "error-pages：姓名"),
    "trace": ("asyncio.run(keep_error_page(httpx.Response(500, text=TRACE)))", "error-pages：程序堆栈"),
    "nothing": ("assert person", ""),
}
RUN = """
import asyncio, logging, textwrap
import httpx
from sqlalchemy import create_engine, text
from models.dialect import normal_url
from tests.scan import keep_error_page, of_the_demo

TRACE = "Traceback (most recent call last)"
"""
TEST = """
def test_{name}({fixture}):
    person = max(of_the_demo().names)
    {left}
"""


@pytest.mark.proves("H76")
def test_h76_a_run_that_leaves_something_in_a_database_fails_though_its_tests_passed(
    database_engine: str, tmp_path: Path
) -> None:
    told = _run_that_leaves(["database"], database_engine, tmp_path)
    assert told == (FOUND, [LEFT_BEHIND["database"][1]])


@pytest.mark.proves("H76")
@pytest.mark.night
def test_h76_a_run_that_leaves_something_behind_fails_though_its_tests_passed(tmp_path: Path) -> None:
    """Each place is told of by itself, and any line of it fails the run."""
    left = ["log", "page", "trace"]
    assert _run_that_leaves(left, "sqlite", tmp_path) == (FOUND, [LEFT_BEHIND[name][1] for name in left])


@pytest.mark.proves("H76")
@pytest.mark.night
def test_h76_a_run_that_leaves_nothing_behind_passes(tmp_path: Path) -> None:
    assert _run_that_leaves(["nothing"], "sqlite", tmp_path) == (0, [])


def _run_that_leaves(names: list[str], database_engine: str, tmp_path: Path) -> tuple[int, list[str]]:
    """The exit code of a run of pytest whose tests leave these behind, and what its scan tells."""
    tests = RUN
    for name in names:
        left = textwrap.indent(textwrap.dedent(LEFT_BEHIND[name][0]), "    ").strip()
        tests += TEST.format(name=name, left=left, fixture="empty_database_url" if name == "database" else "")
    (tmp_path / "test_run.py").write_text(tests, encoding="utf-8")
    plugins = ("-p", "tests.scan", "-p", "tests.databases", "-p", "no:cacheprovider")
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("SHENFANG_TEST", "PYTEST"))}
    # The other plugins there are take longer to load than the run itself.
    outside["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    command = [sys.executable, "-m", "pytest", *plugins, "-c", os.devnull, "--rootdir", str(tmp_path)]
    command += ["--database", database_engine, str(tmp_path)]
    run = subprocess.run(
        command, cwd=ROOT, env={**outside, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert f"{len(names)} passed" in run.stdout, run.stdout + run.stderr
    assert max(of_the_demo().names) not in run.stdout.split("H76：")[-1]
    _, _, told = run.stdout.partition("H76：运行留下的内容中有明文")
    return run.returncode, [line for line in told.splitlines() if "：" in line]


def test_everybody_of_the_demo_is_sought() -> None:
    demo = of_the_demo()
    assert b"310101199901010018" in demo.numbers
    assert b"13800001001" in demo.phones
    assert "陈晓明" in demo.names
    assert len(demo.numbers) > 3000
    assert len(demo.names) > 1500


@pytest.mark.parametrize("name", ["李敏", "牡丹路", "沪寓公寓管理有限公司", "花木街道", "John Smith"])
def test_what_is_also_another_word_is_no_persons_name(name: str) -> None:
    assert not is_a_persons(name)


def test_no_person_of_the_demo_is_named_like_a_word_of_ours() -> None:
    assert [name for name in of_the_demo().names if name in own_words()] == []
    sought = Sought()
    sought.person("name", "从业人员")
    sought.person("name", "慕容青山")
    assert sought.names == {"慕容青山"}


def test_a_test_that_seals_somebody_has_him_sought() -> None:
    index_of(sealer(), "name", "上官晓")
    token = sealer().qr_token("lc")
    assert "上官晓" in MINE.names
    assert MINE.secrets[token.encode()] == "二维码令牌"


@pytest.mark.parametrize(
    ("account", "found"), [("0" * 18, False), ("0" * 15 + "3", False), ("001234567890123456", True)]
)
def test_a_made_number_of_zeros_is_not_sought_in_padded_digests(account: str, found: bool) -> None:
    sought = Sought()
    sought.person("acct", account)
    digest = f"{int(account) % 100:064}"
    assert [kind for kind, _ in sought.in_bytes(f"{digest}|{account}|".encode())] == ["证件号码或账号"] * found
