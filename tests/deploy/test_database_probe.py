"""`main.py db-probe`: passes on the databases we support, says what a lesser one lacks, leaves nothing behind."""

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from deploy import database_probe
from deploy.database_probe import Ground, Missed, probe_database
from deploy.supply.locks import ROOT
from models.dialect import Database


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
    told = probe(database_url)
    assert told.returncode == 0, told.stdout + told.stderr
    assert told.stdout.count("通过  ") == len(database_probe.PROBES) + 2
    assert told.stdout.endswith("全部通过。\n")


def test_an_unreachable_database_is_told_without_its_password() -> None:
    told = probe("postgresql://app:hidden-word@127.0.0.1:1/house?connect_timeout=2")
    assert told.returncode == 1
    assert "不通过  连接数据库" in told.stdout
    assert "hidden-word" not in told.stdout + told.stderr


def probe(url: str) -> subprocess.CompletedProcess[str]:
    order = [sys.executable, str(ROOT / "main.py"), "db-probe", "--url", url]
    return subprocess.run(order, cwd=ROOT, capture_output=True, text=True, check=False)
