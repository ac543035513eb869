"""The data catalogue: whole, true to the models, and a personal column cannot slip by (D23, security.md 1.3 and 2.4)."""

import csv
import io
import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

import models.tables  # noqa: F401
from models.access import Role
from models.sealed import SealedType
from services.catalogue.entries import HEADINGS, Personal, as_json, catalogue, undescribed
from services.catalogue.personal import NOT_PERSONAL, outlived, sounds_personal, unreasoned, unregistered
from services.catalogue.queries import AREAS, CATALOGUE
from services.engine.listings import ListPage, ListRows
from services.engine.paging import Paging
from services.engine.refusals import NotAllowed
from tests.commands import run_apart, run_main
from tests.databases import Databases
from tests.world import running_world

METADATA = SQLModel.metadata


@pytest.mark.proves("D23")
def test_every_table_and_column_is_described() -> None:
    assert undescribed() == []
    found = {entry.id for entry in catalogue()}
    assert found == {f"{table.name}.{column.name}" for table in METADATA.tables.values() for column in table.columns}
    for entry in catalogue():
        assert entry.label, entry.id
        assert entry.owner, entry.id
        assert entry.source, entry.id
        assert entry.purpose, entry.id
        assert entry.retention, entry.id
        assert 1 <= entry.level <= 4


@pytest.mark.proves("D23")
def test_no_personal_column_is_kept_in_clear_without_a_reason() -> None:
    assert unregistered(METADATA) == []
    assert outlived(METADATA) == []
    assert unreasoned(METADATA) == []
    assert all(len(reason) >= 4 for reason in NOT_PERSONAL.values())


@pytest.mark.proves("D23")
@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("contact_phone", "电话"),
        ("x1", "承租人手机"),
        ("legal_person", "法人"),
        ("bank_account", "收款"),
        ("x2", "开户账号"),
        ("id_no", "号码"),
        ("x3", "居住地址"),
        ("x4", "备注"),
    ],
)
def test_a_plain_column_that_sounds_personal_is_found(name: str, label: str) -> None:
    column: sa.Column[object] = sa.Column(name, sa.String(60), info={"label": label})
    metadata = sa.MetaData()
    sa.Table("leaky", metadata, column)
    assert unregistered(metadata) == [f"leaky.{name}（{label}）"]


@pytest.mark.parametrize(
    ("name", "label"), [("valid_from", "生效日期"), ("signature_key", "签名密钥"), ("at", "时间"), ("road", "路")]
)
def test_an_ordinary_column_is_left_in_peace(name: str, label: str) -> None:
    assert not sounds_personal(name, label)


def test_a_sealed_column_and_its_index_need_no_reason() -> None:
    metadata = sa.MetaData()
    sealed: sa.Column[object] = sa.Column("name", SealedType("name", "name", "dek.pii"), info={"label": "姓名"})
    index: sa.Column[object] = sa.Column("name_index", sa.String(96), info={"label": "姓名索引", "index_of": "姓名"})
    sa.Table("kept", metadata, sealed, index)
    assert unregistered(metadata) == []


def test_plain_json_without_a_reason_is_found() -> None:
    metadata = sa.MetaData()
    sa.Table("open", metadata, sa.Column("facts", sa.JSON, info={"label": "事实"}))
    assert unreasoned(metadata) == ["open.facts"]


def test_levels_follow_the_classification() -> None:
    found = {entry.id: entry for entry in catalogue()}
    number, index = found["contract_party.id_no"], found["contract_party.id_no_index"]
    assert (number.level, number.personal, number.sealed, number.mask) == (4, Personal.SENSITIVE, "dek.pii", "id")
    assert (index.level, index.personal, index.index) == (4, Personal.SENSITIVE, "id_no")
    name = found["contract_party.name"]
    assert (name.level, name.personal, name.integrity) == (3, Personal.YES, "m1")
    assert (found["account.password"].level, found["account.password"].sealed) == (4, "dek.auth")
    assert found["enterprise.supervised_account"].personal is Personal.SENSITIVE
    assert (found["house.address"].level, found["house.address"].personal) == (2, Personal.NO)
    assert found["attachment.content"].sealed == "dek.doc"
    assert found["audit_event.body"].integrity == "链"
    assert found["lease_contract.month_rent"].unit == "元"
    assert found["house_owner.share"].unit == "%"


def test_every_area_of_a_table_can_be_chosen() -> None:
    assert {entry.area for entry in catalogue()} == set(AREAS)


def test_the_command_exports_both_forms(tmp_path: Path) -> None:
    told = run_main(tmp_path, "catalog", "export", "--out", str(tmp_path / "catalogue.csv"))
    assert told.code == 0, told.err
    rows = list(csv.reader(io.StringIO((tmp_path / "catalogue.csv").read_text(encoding="utf-8-sig"))))
    assert tuple(rows[0]) == HEADINGS
    assert len(rows) == len(catalogue()) + 1
    # A process of its own knows the tables of the product alone, and writes to a console as it is.
    printed = run_apart(tmp_path, "catalog", "export", "--json")
    assert json.loads(printed.out) == json.loads(as_json(catalogue()))
    assert run_main(tmp_path, "catalog", "check").out == "数据编目完整。\n"


def test_city_staff_and_the_security_administrator_search_it_and_a_clerk_does_not(databases: Databases) -> None:
    url = databases.new("sqlite")
    with running_world(url, houses=False) as world:

        def tables(who: str, filters: dict[str, str], paging: Paging | None = None) -> ListPage:
            return world.door.ask(CATALOGUE.query, world.caller(who), ListRows(filters, paging or Paging(size=200)))

        found = tables("shi01", {"word": "证件号码"})
        assert {"contract_party", "house_owner", "credit_entry"} <= {line.id for line in found.lines}
        assert all(line.personal is Personal.SENSITIVE for line in found.lines if line.id == "contract_party")
        second = tables("shi01", {}, Paging(page=2, size=10))
        assert (len(second.lines), second.total) == (10, len(METADATA.tables))
        narrow = tables("shi01", {"area": "系统运行", "level": "1", "personal": "NO"})
        assert {line.id for line in narrow.lines} >= {"clock_shift"}
        assert Role.SEC_ADMIN in CATALOGUE.roles
        with pytest.raises(NotAllowed):
            tables("huamu01", {})
    databases.drop(url)
