"""`main.py db-probe`: passes on the databases we support, says what a lesser one lacks, leaves nothing behind."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from deploy import database_probe
from deploy.database_probe import Ground, Missed, probe_database
from models.dialect import Database
from tests.commands import run_main


def tables(url: str) -> tuple[set[str], set[str]]:
    database = Database(url)
    try:
        looking = sa.inspect(database.engine)
        return set(looking.get_table_names()), set(looking.get_schema_names())
    finally:
        database.dispose()


@pytest.mark.proves("X3")
def test_both_engines_pass_every_probe_and_are_left_as_they_were(database_url: str) -> None:
    before = tables(database_url)
    outcomes = list(probe_database(database_url))
    assert [one for one in outcomes if not one.passed] == []
    assert len(outcomes) == len(database_probe.PROBES) + 2
    assert tables(database_url) == before


def test_what_a_database_lacks_is_told_and_the_rest_is_still_tried(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lacking(ground: Ground) -> str:
        with ground.writing() as connection:
            connection.exec_driver_sql("SELECT no_such_function()")
        return ""

    def wrong(ground: Ground) -> str:
        raise Missed("取出的字与存入的不同")

    before = tables(database_url)
    monkeypatch.setattr(database_probe, "PROBES", [("甲", lacking), ("乙", wrong), *database_probe.PROBES[:1]])
    outcomes = {one.label: one for one in probe_database(database_url)}
    assert not outcomes["甲"].passed
    assert "no_such_function" in outcomes["甲"].detail
    assert (outcomes["乙"].passed, outcomes["乙"].detail) == (False, "取出的字与存入的不同")
    assert outcomes["版本与编码"].passed
    assert tables(database_url) == before


def test_the_command_prints_a_line_a_probe_and_its_exit_code(database_url: str, tmp_path: Path) -> None:
    told = run_main(tmp_path, "db-probe", "--url", database_url)
    assert told.code == 0, told.out + told.err
    assert told.out.count("通过  ") == len(database_probe.PROBES) + 2
    assert told.out.endswith("全部通过。\n")


def test_an_unreachable_database_is_told_without_its_password(tmp_path: Path) -> None:
    told = run_main(tmp_path, "db-probe", "--url", "postgresql://app:hidden-word@127.0.0.1:1/house?connect_timeout=2")
    assert told.code == 1
    assert "不通过  连接数据库" in told.out
    assert "hidden-word" not in told.out + told.err


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("dm://SYSDBA:hidden-word@10.0.0.9:5236", "达梦使用自有协议"),
        ("jdbc:dm://10.0.0.9:5236", "达梦使用自有协议"),
        ("mysql+pymysql://app:hidden-word@10.0.0.9/house", "OceanBase、TiDB"),
        ("oceanbase://app:hidden-word@10.0.0.9:2881/house", "OceanBase 使用 MySQL 协议"),
        ("tidb://app@10.0.0.9:4000/house", "TiDB 使用 MySQL 协议"),
        ("goldendb://app@10.0.0.9/house", "GoldenDB 使用 MySQL 协议"),
        ("gbase://app@10.0.0.9:9088/house", "GBase 8s、8a 使用自有协议"),
        ("oscar://app@10.0.0.9:2003/house", "神通使用自有协议"),
        ("oracle+oracledb://app@10.0.0.9/house", "Oracle 使用自有协议"),
        ("mssql://app@10.0.0.9/house", "SQL Server 使用自有协议"),
        ("kingbase8://app@10.0.0.9:54321/house", "KingbaseES 使用 PostgreSQL 协议，地址同样写作 postgresql://"),
        ("opengauss+psycopg2://app@10.0.0.9:5432/house", "openGauss 使用 PostgreSQL 协议"),
        ("hello", "应以 postgresql:// 开头"),
    ],
)
def test_a_database_that_cannot_be_used_is_explained_in_one_sentence(tmp_path: Path, url: str, words: str) -> None:
    asked = run_main(tmp_path, "db-probe", "--url", url)
    started = run_main(tmp_path, "prepare", DATABASE_URL=url)
    for told in (asked, started):
        assert (told.code, told.out, told.err.count("\n")) == (2, "", 1)
        assert words in told.err
        assert "hidden-word" not in told.err
    assert asked.err.count("。") == 0


def test_what_stands_in_the_way_of_spreading_by_district_is_told_by_table(database_url: str, tmp_path: Path) -> None:
    told = run_main(tmp_path, "db-probe", "--distributed", "--url", database_url)
    lines = {line.partition("（")[0]: line for line in told.out.splitlines()}
    assert told.code == 1, told.err
    assert "主键（id）不含 district_code" in lines["lease_filing"]
    assert "唯一键（filing_no）不含 district_code" in lines["lease_filing"]
    assert "外键（contract_id）指向 lease_contract，不含 district_code" in lines["lease_filing"]
    assert re.search(r"共 \d+ 张表：\d+ 张有 district_code，.*须改的唯一键 \d+ 个、外键 \d+ 个。$", told.out)


def test_a_table_whose_keys_hold_the_district_stands_in_no_way(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'spread.db'}"
    with closing(sqlite3.connect(tmp_path / "spread.db")) as made:
        made.executescript(
            "CREATE TABLE house (district_code TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (district_code, id));"
            "CREATE TABLE lease_filing (district_code TEXT NOT NULL, id TEXT NOT NULL, house_id TEXT,"
            " PRIMARY KEY (district_code, id), FOREIGN KEY (district_code, house_id) REFERENCES house (district_code, id));"
            "CREATE TABLE rule (code TEXT PRIMARY KEY);"
        )
    told = run_main(tmp_path, "db-probe", "--distributed", "--url", url)
    assert (told.code, told.out) == (
        0,
        "共 3 张表：2 张有 district_code，其中 2 张可以直接分布；1 张没有，作参照表或留在一台。须改的唯一键 0 个、外键 0 个。\n",
    )


def test_a_database_without_our_tables_says_so(tmp_path: Path) -> None:
    told = run_main(tmp_path, "db-probe", "--distributed", "--url", f"sqlite:///{tmp_path / 'empty.db'}")
    assert (told.code, told.err) == (2, "这个库中没有本系统的表，请先执行 prepare\n")
